--TEST--
Archivist\Storage\Filesystem: no clone, no serialization, no properties, no leak
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
$storage = new Filesystem("$folder/store", true);
test_throws(fn() => clone $storage);
test_throws(fn() => serialize($storage));
test_throws(function () use ($storage) { $storage->x = 1; });
for ($i = 0; $i < 20; $i++) {
    $one = new Filesystem("$folder/store", true);
    $one->check();
    if ($i === 4) {
        $before = memory_get_usage();
    }
}
var_dump(memory_get_usage() - $before < 1024);
?>
--EXPECT--
Error: Trying to clone an uncloneable object of class Archivist\Storage\Filesystem
Exception: Serialization of 'Archivist\Storage\Filesystem' is not allowed
Error: Cannot create dynamic property Archivist\Storage\Filesystem::$x
bool(true)
