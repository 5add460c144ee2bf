--TEST--
Archivist\StorageDriver: a PHP class as the storage of a job beside a native one
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
$driver = new ArrayDriver();
$result = test_archive(null, [$driver, new Filesystem("$folder/store", true)]);
[$first, $second] = $result->stored;
var_dump($driver->calls, $first->address, $first->key === $second->key,
    $second->address === "file://$folder/store/$second->key");
var_dump(hash('sha256', $driver->objects[$first->key]) === $result->sha256,
    hash_file('sha256', "$folder/store/$second->key") === $result->sha256);
?>
--EXPECT--
array(2) {
  [0]=>
  string(5) "store"
  [1]=>
  string(8) "retrieve"
}
NULL
bool(true)
bool(true)
bool(true)
bool(true)
