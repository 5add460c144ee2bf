--TEST--
Archivist\AsyncTask: wait() with a timeout leaves the task under way; cancel() ends it
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
$file = fopen("$folder/a", 'w');
ftruncate($file, 1 << 30);
fclose($file);
$engine = new Engine();
$storage = new Filesystem("$folder/store", true);
$async = (new StorageApi($engine))->processTask(new StorageTask($storage, Operation::Store, "$folder/a"));
test_throws(fn() => $async->wait(0));
var_dump($async->isDone());
test_throws(fn() => $async->wait(-1));
$async->cancel();
$async->cancel();
test_throws(fn() => $async->wait());
var_dump(test_files("$folder/store"), $async->isDone());
$async->cancel();
$driver = new ArrayDriver();
$async = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Stat, key: KEY));
$async->cancel();
test_throws(fn() => $async->wait());
var_dump($driver->calls);
?>
--EXPECTF--
Archivist\Exception\TimeoutException TIMEOUT: The storage task was not done within 0 ms; it goes on.
bool(false)
Archivist\Exception\InvalidArgumentException INVALID: The argument $timeoutMs is -1; it must be 0 or more milliseconds.
Archivist\Exception\CanceledException CANCELED: %s
array(0) {
}
bool(true)
Archivist\Exception\CanceledException CANCELED: %s
array(0) {
}
