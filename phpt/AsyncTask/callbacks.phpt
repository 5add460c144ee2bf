--TEST--
Archivist\AsyncTask: callbacks come once, inside wait() and poll() only
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
$engine = new Engine();
$driver = new ArrayDriver();
$success = fn($task, $result) => print("success $task->key " . get_debug_type($result) . "\n");
$failure = fn($task, $error) => print("failure $task->key " . $error->getMessage() . "\n");
$api = new StorageApi($engine);
$run = fn(Operation $operation) => $api->processTask(new StorageTask($driver, $operation, key: KEY), $success, $failure);
$async = $run(Operation::Stat);
var_dump($driver->calls, $async->isDone());
var_dump($async->wait(), $async->isDone(), $async->wait());
$engine->wait();
$driver->objects[KEY] = 'abc';
$async = $run(Operation::Stat);
var_dump($async->isDone());
while ($engine->poll(100));
var_dump($async->isDone(), $async->wait()->sizeBytes);
$run(Operation::Delete);
$engine->wait();
var_dump($driver->objects);
?>
--EXPECT--
array(0) {
}
bool(false)
failure 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip There is no object 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip.
NULL
bool(true)
NULL
bool(false)
success 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip Archivist\StoredObject
bool(true)
int(3)
success 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip null
array(0) {
}
