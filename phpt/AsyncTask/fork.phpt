--TEST--
Archivist\AsyncTask: a task stays with the parent of a fork
--EXTENSIONS--
archivist
pcntl
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
file_put_contents("$folder/a", 'hello');
$engine = new Engine();
$storage = new Filesystem("$folder/store", true);
$async = (new StorageApi($engine))->processTask(new StorageTask($storage, Operation::Store, "$folder/a"));
$child = pcntl_fork();
if ($child === 0) {
    test_throws(fn() => $async->wait());
    var_dump($async->isDone());
    var_dump((new StorageApi($engine))->processTask(new StorageTask($storage, Operation::Check))->wait()->ok);
    exit;
}
pcntl_waitpid($child, $status);
var_dump(pcntl_wexitstatus($status), $async->wait()->sizeBytes, count($storage->list()));
?>
--EXPECT--
Archivist\Exception\CanceledException CANCELED: The storage task belongs to the process that forked this one; it goes on there, and cannot be waited for here.
bool(true)
bool(true)
int(0)
int(5)
int(1)
