--TEST--
Archivist\AsyncTask: no clone, no serialization; cycles are collected
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{AsyncTask, Engine, Operation, StorageTask};
$engine = new Engine();
$async = new AsyncTask($engine);
test_throws(fn() => clone $async);
test_throws(fn() => serialize($async));
test_throws(fn() => $async->__construct($engine));
unset($async);
gc_collect_cycles();
$held = new stdClass();
$held->async = new AsyncTask($engine, function () use ($held) {}, function () use ($held) {});
$held->async->processTask(new StorageTask(new ArrayDriver(), Operation::Check));
$held->async->wait();
unset($held);
var_dump(gc_collect_cycles() > 0);
for ($i = 0; $i < 300; $i++) {
    $task = new AsyncTask($engine);
    $task->processTask(new StorageTask(new ArrayDriver(), Operation::Check));
    $task->wait();
    if ($i === 100) {
        $before = memory_get_usage();
    }
}
var_dump(memory_get_usage() - $before < 1024);
?>
--EXPECT--
Error: Trying to clone an uncloneable object of class Archivist\AsyncTask
Exception: Serialization of 'Archivist\AsyncTask' is not allowed
Archivist\Exception\StateException STATE: The AsyncTask was constructed already.
bool(true)
bool(true)
