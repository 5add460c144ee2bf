--TEST--
A forked child leaves the parent's jobs alone and gets an engine of its own
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$who = 'the parent';
$job = $engine->start(test_spec("$dir/a.zip", test_slow_list(20), onDone: function () use (&$who) { echo "done in $who\n"; }));
while ($job->state() !== State::ActivityArchiving) {
    $engine->poll(1000);
}
$pid = pcntl_fork();
if ($pid === 0) {
    $who = 'the child';
    echo $job->state()->name, "\n";
    test_thrown(fn() => $job->wait());
    echo $engine->start(test_spec("$dir/b.zip", test_list(2)))->wait()->entries, " entries by the child\n";
    exit(3);
}
pcntl_waitpid($pid, $status);
echo 'child: ', pcntl_wexitstatus($status), "\n";
echo $job->wait()->entries, " entry by the parent\n";
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Aborted
Archivist\Exception\CanceledException: The job belongs to the process that forked this one; it goes on there, and cannot be waited for here.
2 entries by the child
child: 3
done in the parent
1 entry by the parent
a.zip b.zip
