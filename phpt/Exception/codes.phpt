--TEST--
Archivist\Exception: what is thrown has the code of its constant, its name, and is retryable or not
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Artifact, Engine, EntryList, Operation, PackageOptions, StorageApi, StorageDriverFactory, StorageTask, Verifier};
use Archivist\Exception\ArchivistException;
use Archivist\Storage\Filesystem;
$folder = test_folder();
$storage = new Filesystem("$folder/store", true);
$artifact = test_artifact("$folder/a", 'hello');
$storage->store($artifact, KEY);
$lossy = new class extends ArrayDriver {
    public function store(Artifact $data, string $key): void { $this->objects[$key] = ''; }
};
$process = function ($task, $timeout = null, $cancel = false) {
    $async = (new StorageApi(new Engine()))->processTask($task);
    if ($cancel) {
        $async->cancel();
    }
    $async->wait($timeout);
};
$runs = [
    'InvalidArgument' => fn() => new Filesystem(''),
    'State' => fn() => (new Verifier())->__construct(),
    'Unsupported' => fn() => (new StorageDriverFactory())->getStorageDriver('s4'),
    'Source' => fn() => (new EntryList())->addFile('a', "$folder/missing"),
    'Storage' => fn() => (new Filesystem("$folder/a"))->list(),
    'Exists' => fn() => $storage->store($artifact, KEY),
    'NotFound' => fn() => $storage->stat(OTHER_KEY),
    'Integrity' => fn() => $process(new StorageTask($lossy, Operation::Store, "$folder/a")),
    'Canceled' => fn() => $process(new StorageTask($storage, Operation::Check), null, true),
    'Timeout' => fn() => $process(new StorageTask($storage, Operation::Check), 0),
    'Limit' => fn() => (new EntryList(1 << 20))->addString('a', str_repeat('x', 2 << 20)),
    'Callback' => function () {
        $factory = new StorageDriverFactory();
        $factory->register('x', fn() => 1);
        $factory->getStorageDriver('x');
    },
];
foreach ($runs as $name => $run) {
    try {
        $run();
        echo "$name: nothing\n";
    } catch (ArchivistException $e) {
        $right = get_class($e) === "Archivist\\Exception\\{$name}Exception" &&
            constant('Archivist\\E_' . $e->getErrorName()) === $e->getCode() &&
            strlen($e->getMessage()) > 20 && $e->isRetryable() === ($name === 'Timeout');
        echo $name, ' ', $e->getErrorName(), $right ? '' : ' WRONG ' . get_class($e) . ': ' . $e->getMessage(), "\n";
    }
}
?>
--EXPECTF--
InvalidArgument INVALID
State STATE
Unsupported UNSUPPORTED
Source VANISHED
Storage %s
Exists EXISTS
NotFound NOTFOUND
Integrity READBACK
Canceled CANCELED
Timeout TIMEOUT
Limit LIMIT
Callback CALLBACK
