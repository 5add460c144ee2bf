--TEST--
Archivist\AsyncTask: every operation with a native and with a PHP driver
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
file_put_contents("$folder/a", 'hello');
$digest = hash('sha256', 'hello');
$engine = new Engine();
foreach ([new Filesystem("$folder/store", true), new ArrayDriver()] as $driver) {
    $run = function (Operation $operation, ...$arguments) use ($engine, $driver) {
        $task = (new StorageApi($engine))->processTask(new StorageTask($driver, $operation, ...$arguments));
        return $task->wait();
    };
    $stored = $run(Operation::Store, "$folder/a", sha256: $digest);
    $key = $stored->key;
    echo get_class($driver), ' ', preg_match('~^(..)/[0-9a-f-]{34}\1$~', $key), ' ', $stored->sizeBytes, ' ',
        $stored->sha256 === $digest ? 'digest' : '', "\n";
    echo $run(Operation::Stat, key: $key)->sizeBytes, "\n";
    $got = $run(Operation::Retrieve, "$folder/b", $key, $digest);
    echo file_get_contents("$folder/b"), ' ', $got->sha256 === $digest ? 'digest' : '', "\n";
    unlink("$folder/b");
    test_throws(fn() => $run(Operation::Retrieve, "$folder/b", $key, str_repeat('0', 64)));
    var_dump(file_exists("$folder/b"));
    $check = $run(Operation::Check);
    var_dump($check->ok, $run(Operation::Space)->totalBytes > 0, $run(Operation::Delete, key: $key));
    test_throws(fn() => $run(Operation::Stat, key: $key));
}
?>
--EXPECTF--
Archivist\Storage\Filesystem 1 5 digest
5
hello digest
Archivist\Exception\IntegrityException MISMATCH: The object '%s' has the digest %s
bool(false)
bool(true)
bool(true)
NULL
Archivist\Exception\NotFoundException NOTFOUND: There is no object '%s' in the storage '%s'.
ArrayDriver 1 5 digest
5
hello digest
Archivist\Exception\IntegrityException MISMATCH: The object '%s' has the digest %s
bool(false)
bool(true)
bool(false)
NULL
Archivist\Exception\NotFoundException %S: There is no object %s.
