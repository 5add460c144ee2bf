--TEST--
The time limit, inside of a callback too, interrupts a journalled job
--INI--
max_execution_time=1
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$list = (new EntryList())->addCallback('slow.bin', function (int $length) {
    if ($length > 1) {
        for (;;);
    }
});
$job = $engine->start(test_staged($dir, $list, onDone: fn() => print("must not be called\n")));
register_shutdown_function(function () use ($job, $dir) {
    echo "\n", $job->state()->name, "\n", test_status($dir), "\n";
    test_thrown(fn() => $job->wait());
    set_time_limit(0);
    echo (new Engine())->start(test_staged($dir, test_list(2)))->wait()->entries, " entries\n", test_status($dir), "\n";
});
$job->wait();
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Fatal error: Maximum execution time of 1 second exceeded in %s/phpt/Staging/time_limit.php on line %d

Queued
Queued, attempts: 0, objects: 0
Archivist\Exception\StateException: The job was interrupted because the program ended; it goes on when it is started again.
2 entries
Completed, attempts: 1, packaged, objects: 1
