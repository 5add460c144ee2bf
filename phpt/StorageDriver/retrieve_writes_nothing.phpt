--TEST--
Archivist\StorageDriver: a retrieve() that writes no file is an error that says so
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};

class SilentDriver extends ArrayDriver
{
    public function retrieve(string $key, string $path): void {}
}

$folder = test_folder();
$task = (new StorageApi(new Engine()))->processTask(new StorageTask(new SilentDriver(), Operation::Retrieve, "$folder/a", KEY));
test_throws(fn() => $task->wait());
var_dump(test_files($folder));
?>
--EXPECT--
Archivist\Exception\StorageException IO: The storage driver SilentDriver wrote no file for the object '5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip'; its retrieve() must write one or throw a NotFoundException.
array(0) {
}
