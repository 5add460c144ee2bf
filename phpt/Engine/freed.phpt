--TEST--
An engine that is freed cancels its jobs and calls nothing
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$spec = test_spec("$dir/a.zip", test_slow_list(), onDone: fn() => print("must not be called\n"),
    onState: fn(Job $job, State $state) => print("$state->name\n"));
$engine->start($spec);
for ($i = 0; $i < 5; $i++) {
    $engine->poll(10);
}
unset($engine);
echo test_names($dir), "\n";
$engine = new Engine();
$job = $engine->start(test_spec("$dir/b.zip"));
unset($engine);
echo 'a job keeps its engine: ', $job->wait()->entries, "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
PreProcessing
ActivityArchiving
nothing
a job keeps its engine: 1
