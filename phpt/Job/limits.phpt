--TEST--
Time limit and stall limit end any job
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$job = $engine->start(test_spec("$dir/a.zip", test_slow_list(), progressIntervalMs: 20, limits: new Limits(timeMs: 300)));
test_thrown(fn() => $job->wait());
echo $job->state()->name, ' ', test_names($dir), "\n";
$job = $engine->start(test_staged($dir, test_slow_list(), streams: true, progressIntervalMs: 20, limits: new Limits(timeMs: 300)));
test_thrown(fn() => $job->wait());
echo $job->state()->name, ' ', test_status($dir), "\n";
/* What moves is not stopped, however long it takes. */
$reads = 25;
$list = (new EntryList())->addCallback('a', function () use (&$reads) { usleep(100000); return $reads-- ? 'x' : ''; });
$job = $engine->start(test_spec("$dir/b.zip", $list, progressIntervalMs: 20, limits: new Limits(stallMs: 2000)));
echo $job->wait()->payloadBytes, ' ', $job->progress()->elapsedMs > 2000 ? 'late' : 'early', "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\TimeoutException: The job was not done within its time limit of 0.3 s; raise the limit, or archive less at once.
Failure nothing
Archivist\Exception\TimeoutException: The job was not done within its time limit of 0.3 s since its first work; raise the limit, or archive less at once.
Failure Failure, attempts: 1, objects: 0
25 late
