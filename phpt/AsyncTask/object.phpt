--TEST--
Archivist\AsyncTask: no clone, no serialization; cycles are collected
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{AsyncTask, Engine, Operation, StorageApi, StorageTask};
$engine = new Engine();
$async = (new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Check));
test_throws(fn() => new AsyncTask());
test_throws(fn() => clone $async);
test_throws(fn() => serialize($async));
$async->wait();
unset($async);
gc_collect_cycles();
$held = new stdClass();
$held->async = (new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Check), function () use ($held) {}, function () use ($held) {});
$held->async->wait();
unset($held);
var_dump(gc_collect_cycles() > 0);
for ($i = 0; $i < 300; $i++) {
    $task = (new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Check));
    $task->wait();
    if ($i === 100) {
        $before = memory_get_usage();
    }
}
var_dump(memory_get_usage() - $before < 1024);
?>
--EXPECTF--
Error: Call to private Archivist\AsyncTask::__construct() from %s
Error: Trying to clone an uncloneable object of class Archivist\AsyncTask
Exception: Serialization of 'Archivist\AsyncTask' is not allowed
bool(true)
bool(true)
