--TEST--
Archivist\StorageDriverFactory: makes drivers by type, lists types sorted
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\StorageDriverFactory;
$folder = test_folder();
$factory = new StorageDriverFactory();
$storage = $factory->getStorageDriver('filesystem', ['path' => "$folder/store", 'create' => true]);
var_dump($storage->check()->ok);
$factory->register('vault', function (array $settings) { var_dump($settings); return new ArrayDriver(); });
$factory->register('array', fn(array $settings) => new ArrayDriver());
var_dump($factory->types());
var_dump(get_class($factory->getStorageDriver('vault', ['a' => 1])));
var_dump(get_class($factory->getStorageDriver('array')));
?>
--EXPECT--
bool(true)
array(3) {
  [0]=>
  string(5) "array"
  [1]=>
  string(10) "filesystem"
  [2]=>
  string(5) "vault"
}
array(1) {
  ["a"]=>
  int(1)
}
string(11) "ArrayDriver"
string(11) "ArrayDriver"
