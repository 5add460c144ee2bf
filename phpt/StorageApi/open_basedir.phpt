--TEST--
Archivist\StorageApi: open_basedir holds for the files of a task
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder('storageapi-open_basedir');
mkdir("$folder/in");
$storage = new Filesystem("$folder/in");
file_put_contents("$folder/a", 'hello');
$api = new StorageApi(new Engine());
ini_set('open_basedir', "$folder/in");
test_throws(fn() => $api->processTask(new StorageTask($storage, Operation::Store, "$folder/a")));
test_throws(fn() => $api->processTask(new StorageTask($storage, Operation::Retrieve, "$folder/b", KEY)));
?>
--EXPECTF--
Archivist\Exception\StorageException ACCESS: The path '%s/a' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException ACCESS: The path '%s/b' lies outside of the folders that open_basedir allows.
--CLEAN--
<?php
require __DIR__ . '/../utils/storage.inc';
test_remove(sys_get_temp_dir() . '/archivist-phpt-storageapi-open_basedir');
?>
