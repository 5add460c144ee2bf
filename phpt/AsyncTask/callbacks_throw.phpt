--TEST--
Archivist\AsyncTask: what a callback throws reaches the caller of wait() or poll()
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
$engine = new Engine();
$driver = new ArrayDriver();
$driver->objects[KEY] = 'abc';
$throw = fn($task, $value) => throw new LogicException('thrown for ' . get_debug_type($value));
$good = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Stat, key: KEY), $throw);
test_throws(fn() => $good->wait());
var_dump($good->isDone(), $good->wait()->sizeBytes);
$bad = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Stat, key: OTHER_KEY), null, $throw);
test_throws(function () use ($engine) { while ($engine->poll(100)); });
$inside = null;
$nested = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Stat, key: KEY), function () use (&$inside, $engine) {
    test_throws(fn() => $engine->wait());
    test_throws(fn() => $inside->wait());
});
$inside = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Check));
$nested->wait();
var_dump($inside->wait()->ok);
?>
--EXPECTF--
LogicException: thrown for Archivist\StoredObject
bool(true)
int(3)
LogicException: thrown for Archivist\Exception\NotFoundException
Archivist\Exception\StateException STATE: %s
Archivist\Exception\StateException STATE: %s
bool(true)
