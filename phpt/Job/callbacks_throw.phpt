--TEST--
A callback that throws cancels its job, others go on
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
foreach (['onState', 'onProgress', 'onDone'] as $which) {
    $engine = new Engine();
    $told = "the other is not done\n";
    $throw = function (Job $job) use ($which) { static $n = 0; $n++ || throw new \LogicException("from $which"); };
    $list = $which === 'onProgress' ? test_slow_list() : test_list();
    $job = $engine->start(test_spec("$dir/$which.zip", $list, ...["progressIntervalMs" => 1, $which => $throw]));
    $other = $engine->start(test_spec("$dir/other-$which.zip", onDone: function () use (&$told) { $told = "the other is done\n"; }));
    test_thrown(fn() => $engine->wait());
    var_dump($engine->wait());
    echo $told; /* before or after what was thrown */
    echo $which, ': ', $job->state()->name, ', the other: ', $other->state()->name, "\n";
    test_thrown(fn() => print($job->wait()->entries . ' entry, '));
    var_dump($job->error()?->getMessage());
}
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
LogicException: from onState
bool(true)
the other is done
onState: Aborted, the other: Completed
LogicException: from onState
string(12) "from onState"
LogicException: from onProgress
bool(true)
the other is done
onProgress: Aborted, the other: Completed
LogicException: from onProgress
string(15) "from onProgress"
LogicException: from onDone
bool(true)
the other is done
onDone: Completed, the other: Completed
1 entry, nothing was thrown
NULL
onDone.zip other-onDone.zip other-onProgress.zip other-onState.zip
