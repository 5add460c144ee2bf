--TEST--
In a child that was forked inside a callback, what belongs to the parent's engine is refused; an engine of its own works
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$storage = new Storage\Filesystem("$dir/store", create: true);
$engine = new Engine();
$task = (new StorageApi($engine))->processTask(new StorageTask($storage, Operation::Check));
$pid = null;
$list = (new EntryList())->addCallback('a', function () use (&$pid, &$job, $engine, $task, $storage, $dir) {
    static $reads = 0;
    if ($reads++ > 0) {
        return '';
    }
    $pid = pcntl_fork();
    if ($pid > 0) {
        pcntl_waitpid($pid, $status);
        $pid = pcntl_wexitstatus($status);
        return 'read by the parent';
    }
    echo $job->state()->name, ' ', $job->progress()->entriesTotal, "\n";
    $job->cancel();
    $task->cancel();
    test_thrown(fn() => $job->wait());
    test_thrown(fn() => $engine->poll());
    test_thrown(fn() => $engine->start(test_spec("$dir/b.zip")));
    test_thrown(fn() => (new StorageApi($engine))->processTask(new StorageTask($storage, Operation::Check)));
    test_thrown(fn() => (new Verifier($engine))->verify("$dir/a.zip"));
    test_thrown(fn() => $task->wait());
    echo implode(' ', test_staging($dir)->uuids()) === '' ? "no job\n" : "a job\n";
    echo (new Engine())->start(test_spec("$dir/child.zip"))->wait()->entries, " entry\n";
    var_dump($storage->check()->ok, (new Verifier())->verify("$dir/child.zip")->valid);
    $GLOBALS['engine'] = $GLOBALS['task'] = null;
    exit(5);
});
$job = $engine->start(test_spec("$dir/a.zip", $list));
echo $job->wait()->payloadBytes, " bytes, the child: $pid\n";
var_dump($task->wait()->ok);
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
%s %d
Archivist\Exception\StateException: The engine is running already: %s
Archivist\Exception\StateException: The engine is running already: %s
Archivist\Exception\StateException: The engine belongs to the process that forked this one inside a callback; make a new Engine here.
Archivist\Exception\StateException: The engine belongs to the process that forked this one inside a callback; make a new Engine here.
Archivist\Exception\StateException: The engine belongs to the process that forked this one inside a callback; make a new Engine here.
Archivist\Exception\CanceledException: The storage task belongs to the process that forked this one; it goes on there, and cannot be waited for here.
no job
1 entry
bool(true)
bool(true)
18 bytes, the child: 5
bool(true)
a.zip child.zip staging store
