--TEST--
The time limit while wait() runs and callbacks come and go
--INI--
max_execution_time=1
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$job = $engine->start(test_spec("$dir/a.zip", test_slow_list()));
register_shutdown_function(function () use ($job, $dir) {
    echo "\n", $job->state()->name, ', ', test_names($dir), "\n";
});
$engine->wait();
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Fatal error: Maximum execution time of 1 second exceeded in %s on line %d

Aborted, nothing
