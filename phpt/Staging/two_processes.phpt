--TEST--
Two processes at once: one runs the job, the other is told, and stops it
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$code = '
    namespace Archivist;
    require ' . var_export(__DIR__ . '/../utils/staging.inc', true) . ';
    $engine = new Engine();
    $job = $engine->start(test_staged(' . var_export($dir, true) . ', test_slow_list(), progressIntervalMs: 20, streams: true));
    while ($job->state() !== State::ActivityArchiving) {
        $engine->poll(1000);
    }
    echo "runs\n";
    test_thrown(fn() => $job->wait());
';
$php = [PHP_BINARY, '-n', '-d', 'extension_dir=' . ini_get('extension_dir'), '-d', 'extension=archivist'];
$other = proc_open([...$php, '-r', $code], [1 => ['pipe', 'w']], $pipes);
echo 'the other: ', fgets($pipes[1]);
echo test_status($dir), "\n";
test_thrown(fn() => (new Engine())->start(test_staged($dir, test_list()))->wait());
foreach (['requeue', 'delete'] as $method) {
    test_thrown(fn() => test_staging($dir)->$method(UUID));
}
test_staging($dir)->cancel(UUID);
echo 'the other: ', stream_get_contents($pipes[1]);
proc_close($other);
echo test_status($dir), "\n";
test_thrown(fn() => (new Engine())->start(test_staged($dir, test_list()))->wait());
test_staging($dir)->requeue(UUID);
echo (new Engine())->start(test_staged($dir, test_list()))->wait()->entries, " entry\n", test_status($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
the other: runs
Queued running, attempts: 1, objects: 0
Archivist\Exception\StateException: Another process, with the number %d if it is on this machine, works on the job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f; wait for it, or cancel the job.
Archivist\Exception\StateException: Another process, with the number %d if it is on this machine, works on the job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f; wait for it, or cancel the job.
Archivist\Exception\StateException: Another process, with the number %d if it is on this machine, works on the job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f; wait for it, or cancel the job.
the other: Archivist\Exception\CanceledException: The job was cancelled.
Aborted, attempts: 1, objects: 0
Archivist\Exception\CanceledException: The job was cancelled.
1 entry
Completed, attempts: 1, packaged, objects: 1
