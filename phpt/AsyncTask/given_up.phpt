--TEST--
Archivist\AsyncTask: what a fatal error gave up is done, and tells why it has no result
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
$engine = new Engine();
$api = new StorageApi($engine);
$driver = new ArrayDriver();
$driver->objects[KEY] = $driver->objects[OTHER_KEY] = 'abc';
$first = $api->processTask(new StorageTask($driver, Operation::Stat, key: KEY), function () {
    set_time_limit(1);
    while (true);
});
$second = $api->processTask(new StorageTask($driver, Operation::Stat, key: OTHER_KEY));
register_shutdown_function(function () use ($first, $second) {
    var_dump($first->wait()->sizeBytes);
    test_throws(fn() => $second->wait());
    var_dump($second->isDone());
});
$engine->wait();
?>
--EXPECTF--
%AFatal error: Maximum execution time of 1 second exceeded in %s on line %d
%Aint(3)
Archivist\Exception\CanceledException CANCELED: The storage task was given up because the program ended.
bool(true)
