--TEST--
Archivist\Storage\Filesystem: open_basedir holds for the folder and for every file
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Artifact;
use Archivist\Storage\Filesystem;
$folder = test_folder('storage_filesystem-open_basedir');
mkdir("$folder/in");
mkdir("$folder/out");
$inside = test_artifact("$folder/in/a", 'hello');
$outside = test_artifact("$folder/out/a", 'hello');
$before = new Filesystem("$folder/out");
$storage = new Filesystem("$folder/in/store", true);
$storage->store($inside, KEY);
ini_set('open_basedir', "$folder/in");
test_throws(fn() => new Filesystem("$folder/out"));
test_throws(fn() => $before->list());
test_throws(fn() => $storage->store($outside, OTHER_KEY));
test_throws(fn() => $storage->retrieve(KEY, "$folder/out/b"));
$storage->retrieve(KEY, "$folder/in/b");
echo file_get_contents("$folder/in/b"), "\n";
?>
--EXPECTF--
Archivist\Exception\StorageException ACCESS: The path '%s/out' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException ACCESS: The path '%s/out' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException ACCESS: The path '%s/out/a' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException ACCESS: The path '%s/out/b' lies outside of the folders that open_basedir allows.
hello
--CLEAN--
<?php
require __DIR__ . '/../utils/storage.inc';
test_remove(sys_get_temp_dir() . '/archivist-phpt-storage_filesystem-open_basedir');
?>
