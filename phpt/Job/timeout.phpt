--TEST--
wait() with a limit throws, the job goes on
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$job = $engine->start(test_spec("$dir/a.zip", test_slow_list(60)));
test_thrown(fn() => $job->wait(0));
test_thrown(fn() => $job->wait(1));
var_dump($engine->wait(1), $job->error(), $job->result());
echo $job->wait(60000)->entries, "\n";
test_thrown(fn() => $job->wait(-1));
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\TimeoutException: The job did not end within 0 ms; it goes on: wait again, or cancel it.
Archivist\Exception\TimeoutException: The job did not end within 1 ms; it goes on: wait again, or cancel it.
bool(false)
NULL
NULL
1
Archivist\Exception\InvalidArgumentException: The argument $timeoutMs is -1; it must be 0 or more milliseconds.
