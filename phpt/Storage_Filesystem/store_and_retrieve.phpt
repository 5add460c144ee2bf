--TEST--
Archivist\Storage\Filesystem: what is stored comes back, mode 0600, once
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
$storage = new Filesystem("$folder/store/", create: true);
var_dump($storage->url() === "file://$folder/store");
$storage->store(test_artifact("$folder/a", 'hello'), KEY);
printf("%o %o\n", fileperms("$folder/store/" . KEY) & 0777, fileperms("$folder/store/5d") & 0777);
$storage->retrieve(KEY, "$folder/b");
echo file_get_contents("$folder/b"), "\n";
$object = $storage->stat(KEY);
var_dump($object->key === KEY, $object->address === $storage->url() . '/' . KEY, $object->sizeBytes,
    $object->version, $object->sha256, abs(time() - $object->storedAt) < 60);
test_throws(fn() => $storage->store(test_artifact("$folder/c", 'other'), KEY));
echo file_get_contents("$folder/store/" . KEY), "\n";
$storage->delete(KEY);
test_throws(fn() => $storage->delete(KEY));
test_throws(fn() => $storage->stat(KEY));
test_throws(fn() => $storage->retrieve(KEY, "$folder/d"));
var_dump(test_files("$folder/store"), file_exists("$folder/d"));
?>
--EXPECTF--
bool(true)
600 700
hello
bool(true)
bool(true)
int(5)
NULL
NULL
bool(true)
Archivist\Exception\ExistsException EXISTS: %s
hello
Archivist\Exception\NotFoundException NOTFOUND: There is no object '%s' in the storage '%s'.
Archivist\Exception\NotFoundException NOTFOUND: There is no object '%s' in the storage '%s'.
Archivist\Exception\NotFoundException NOTFOUND: There is no object '%s' in the storage '%s'.
array(0) {
}
bool(false)
