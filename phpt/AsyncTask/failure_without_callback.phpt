--TEST--
Archivist\AsyncTask: an error without a callback is thrown by wait(), and never lost
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
$engine = new Engine();
$async = (new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Stat, key: KEY));
$engine->wait();
foreach ([1, 2] as $_) {
    test_throws(fn() => $async->wait());
}
echo "Nobody holds this one:\n";
(new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Stat, key: OTHER_KEY));
test_throws(fn() => $engine->wait());
$engine->wait();
echo "Nor this, which succeeds:\n";
(new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Check),
    fn($task, $check) => var_dump($check->ok));
$engine->wait();
?>
--EXPECTF--
Archivist\Exception\NotFoundException %S: There is no object 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip.
Archivist\Exception\NotFoundException %S: There is no object 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip.
Nobody holds this one:
Archivist\Exception\NotFoundException %S: There is no object aa/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4baa.zip.
Nor this, which succeeds:
bool(true)
