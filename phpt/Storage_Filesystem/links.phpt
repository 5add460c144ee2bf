--TEST--
Archivist\Storage\Filesystem: a link inside the storage is not followed
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Exception\StorageException;
use Archivist\Storage\Filesystem;
$folder = test_folder();
mkdir("$folder/store");
mkdir("$folder/outside");
symlink("$folder/outside", "$folder/store/5d");
$storage = new Filesystem("$folder/store");
try {
    $storage->store(test_artifact("$folder/a", 'hello'), KEY);
} catch (StorageException $e) {
    echo get_class($e), "\n";
}
var_dump(test_files("$folder/outside"));
?>
--EXPECT--
Archivist\Exception\StorageException
array(0) {
}
