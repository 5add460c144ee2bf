--TEST--
The time limit ends a callback that loops; nothing half-made is left
--INI--
max_execution_time=1
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$list = new EntryList();
$list->addCallback('slow.bin', function (int $length) {
    if ($length > 1) {
        for (;;);
    }
});
$job = $engine->start(test_spec("$dir/a.zip", $list, onDone: fn() => print("must not be called\n")));
register_shutdown_function(function () use ($job, $dir) {
    echo "\n", $job->state()->name, ', ', test_names($dir), "\n";
    test_thrown(fn() => $job->wait());
});
$job->wait();
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Fatal error: Maximum execution time of 1 second exceeded in %s on line %d

Aborted, nothing
Archivist\Exception\CanceledException: The job was cancelled because the program ended.
