--TEST--
Archivist\Storage\Filesystem: check() does each step for real, space() tells bytes
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
$storage = new Filesystem("$folder/store", true);
$check = $storage->check();
var_dump($check->ok, $check->connect, $check->write, $check->read, $check->delete,
    $check->detail !== '', $check->error);
var_dump(test_files("$folder/store"));
$space = $storage->space();
var_dump($space->freeBytes > 0, $space->totalBytes >= $space->freeBytes);
$missing = (new Filesystem("$folder/missing"))->check();
var_dump($missing->ok, $missing->connect, $missing->write, $missing->error);
var_dump(file_exists("$folder/missing"));
?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
NULL
array(0) {
}
bool(true)
bool(true)
bool(false)
bool(false)
bool(false)
string(%d) "%smissing%s"
bool(false)
