--TEST--
Archivist\AsyncTask: many at once, in one wait()
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
file_put_contents("$folder/a", 'hello');
$engine = new Engine();
$api = new StorageApi($engine);
$storages = [new Filesystem("$folder/store", true), new ArrayDriver()];
$keys = [];
for ($i = 0; $i < 200; $i++) {
    $api->processTask(new StorageTask($storages[$i % 2], Operation::Store, "$folder/a"),
        function ($task, $object) use (&$keys) { $keys[$object->key] = true; });
}
$engine->wait();
var_dump(count($keys), count($storages[1]->objects), count($storages[0]->list()));
?>
--EXPECT--
int(200)
int(100)
int(100)
