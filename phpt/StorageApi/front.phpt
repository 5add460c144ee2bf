--TEST--
Archivist\StorageApi: gives drivers by type, starts tasks, and each request is logged
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, LogLevel, Operation, StorageApi, StorageDriverFactory, StorageTask};
$folder = test_folder();
file_put_contents("$folder/a", 'hello');
$records = [];
$engine = new Engine(logger: function ($record) use (&$records) { $records[] = $record; }, logLevel: LogLevel::Info);
$factory = new StorageDriverFactory();
$factory->register('array', fn() => new ArrayDriver());
$api = new StorageApi($engine, $factory);
foreach (['filesystem' => ['path' => "$folder/store", 'create' => true], 'array' => []] as $type => $settings) {
    $driver = $api->getStorageDriver($type, $settings);
    $object = $api->processTask(new StorageTask($driver, Operation::Store, "$folder/a"))->wait();
    $api->processTask(new StorageTask($driver, Operation::Delete, key: $object->key))->wait();
    foreach ($records as $record) {
        echo $record->level->name, ' ', $record->source, ': ', $record->message, ' ', $record->fields['driver'] ?? '',
            ' ', ($record->fields['key'] ?? '') === $object->key ? 'key' : '', "\n";
    }
    $records = [];
}
test_throws(fn() => $api->getStorageDriver('s4'));
test_throws(fn() => (new StorageApi($engine))->getStorageDriver('array'));
test_throws(fn() => $api->processTask(new StorageTask($driver, Operation::Stat, key: 'no key')));
test_throws(fn() => clone $api);
test_throws(fn() => serialize($api));
test_throws(fn() => $api->__construct($engine));
?>
--EXPECTF--
Info storage: An object was stored. filesystem key
Info storage: An object was removed. filesystem key
Info storage: An object was stored. php key
Info storage: An object was removed. php key
Archivist\Exception\UnsupportedException UNSUPPORTED: There is no storage driver of the type 's4'; known are: array, filesystem. register() adds a type.
Archivist\Exception\UnsupportedException UNSUPPORTED: There is no storage driver of the type 'array'; known are: filesystem. register() adds a type.
Archivist\Exception\InvalidArgumentException INVALID: %s
Error: Trying to clone an uncloneable object of class Archivist\StorageApi
Exception: Serialization of 'Archivist\StorageApi' is not allowed
Archivist\Exception\StateException STATE: The StorageApi was constructed already.
