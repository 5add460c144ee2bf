--TEST--
Archivist\Storage\Filesystem: works in the parent and in the child of a fork
--EXTENSIONS--
archivist
pcntl
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
$storage = new Filesystem("$folder/store", true);
$storage->store(test_artifact("$folder/a", 'parent'), KEY);
$child = pcntl_fork();
if ($child === 0) {
    $storage->store(test_artifact("$folder/b", 'child'), OTHER_KEY);
    exit($storage->stat(KEY)->sizeBytes);
}
pcntl_waitpid($child, $status);
var_dump(pcntl_wexitstatus($status));
var_dump(array_map(fn($object) => $object->key, $storage->list()));
?>
--EXPECT--
int(6)
array(2) {
  [0]=>
  string(43) "5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip"
  [1]=>
  string(43) "aa/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4baa.zip"
}
