--TEST--
A job is cancelled from outside, from its callbacks and before it begins
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine(jobs: 1);
$job = $engine->start(test_spec("$dir/a.zip", test_slow_list()));
$queued = $engine->start(test_spec("$dir/b.zip", test_slow_list()));
test_thrown(fn() => $job->wait(20));
$queued->cancel();
test_thrown(fn() => $queued->wait());
$job->cancel();
$job->cancel();
test_thrown(fn() => $job->wait());
$job->cancel();
var_dump($job->state(), $queued->state(), $job->result());
$list = new EntryList();
$list->addCallback('a', function (int $length) use (&$job) { $job->cancel(); return str_repeat('x', $length); });
$job = $engine->start(test_spec("$dir/c.zip", $list, onDone: fn(Job $job) => print($job->state()->name . ', ' . $job->error()::class . "\n")));
test_thrown(fn() => $job->wait());
$job = $engine->start(test_spec("$dir/d.zip", test_slow_list(), onState: fn(Job $job) => $job->cancel()));
test_thrown(fn() => $job->wait());
$job = $engine->start(test_spec("$dir/e.zip"));
$result = $job->wait();
$job->cancel();
var_dump($job->wait() === $result);
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\TimeoutException: The job did not end within 20 ms; it goes on: wait again, or cancel it.
Archivist\Exception\CanceledException: The job was cancelled.
Archivist\Exception\CanceledException: The job was cancelled.
enum(Archivist\State::Aborted)
enum(Archivist\State::Aborted)
NULL
Aborted, Archivist\Exception\CanceledException
Archivist\Exception\CanceledException: The job was cancelled.
Archivist\Exception\CanceledException: The job was cancelled.
bool(true)
e.zip
