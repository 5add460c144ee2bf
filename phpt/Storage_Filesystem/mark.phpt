--TEST--
Archivist\Storage\Filesystem: a storage knows its owner, and is told from an empty mount point
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Exception\StorageException;
use Archivist\{Engine, Operation, StorageApi, StorageDriverFactory, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
$path = "$folder/store";
$artifact = test_artifact("$folder/a", 'hello');
$production = new Filesystem($path, create: true, owner: 'production');
test_throws(fn() => (new Filesystem($path, create: true, marked: true))->stat(KEY));
var_dump(is_dir($path));
$production->store($artifact, KEY);
preg_match('/its mark is ([0-9a-f-]{36}) of \'production\'/', $production->check()->detail, $found);
var_dump(json_decode(file_get_contents("$path/.archivist-storage"), true)['id'] === $found[1]);

$clone = new Filesystem($path, owner: 'staging');
test_throws(fn() => $clone->store($artifact, OTHER_KEY));
test_throws(fn() => $clone->delete(KEY));
var_dump($clone->stat(KEY)->sizeBytes, $clone->check()->write);

rename($path, "$path.away");
mkdir($path, 0700);
$marked = new Filesystem($path, owner: 'production', marked: true);
test_throws(fn() => $marked->delete(KEY));
try {
    $marked->store($artifact, OTHER_KEY);
} catch (StorageException $e) {
    var_dump($e->getErrorName(), $e->isRetryable());
}
rmdir($path);
rename("$path.away", $path);
$marked->delete(KEY);
test_throws(fn() => (new Filesystem($path, expect: '0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d'))->stat(KEY));
test_throws(fn() => (new Filesystem($path, expect: $found[1]))->stat(KEY));

$factory = new StorageDriverFactory();
$adopting = $factory->getStorageDriver('filesystem', ['path' => $path, 'owner' => 'staging', 'adopt' => true]);
$api = new StorageApi(new Engine(), $factory);
var_dump($api->processTask(new StorageTask($adopting, Operation::Check))->wait()->ok);
$clone->store($artifact, KEY);
test_throws(fn() => $production->delete(KEY));

test_throws(fn() => (new Filesystem($path, owner: ''))->stat(KEY));
test_throws(fn() => (new Filesystem($path, expect: 'x'))->stat(KEY));
test_throws(fn() => (new Filesystem($path, adopt: true))->stat(KEY));
test_throws(fn() => new Filesystem($path, owner: "a\0b"));
?>
--EXPECTF--
Archivist\Exception\StorageException OFFLINE: %s does not exist%s
bool(false)
bool(true)
Archivist\Exception\StorageException ACCESS: The storage '%s' belongs to 'production', so 'staging' neither writes nor removes anything there. %s
Archivist\Exception\StorageException ACCESS: The storage '%s' belongs to 'production', so 'staging' neither writes nor removes anything there. %s
int(5)
bool(false)
Archivist\Exception\StorageException OFFLINE: The storage '%s' is not there: its folder lacks the file .archivist-storage. Is the disk mounted? Nothing is read, written or removed until then.
string(7) "OFFLINE"
bool(true)
Archivist\Exception\StorageException OFFLINE: The storage '%s' is not there: in its folder stands another one, with the id %s instead of 0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d. Is the right disk mounted? %s
Archivist\Exception\NotFoundException NOTFOUND: %s
bool(true)
Archivist\Exception\StorageException ACCESS: The storage '%s' belongs to 'staging', so 'production' neither writes nor removes anything there. %s
Archivist\Exception\InvalidArgumentException INVALID: The option 'owner' of the storage driver 'filesystem' is 1 to 64 bytes of printable text.
Archivist\Exception\InvalidArgumentException INVALID: The option 'expect' of the storage driver 'filesystem' is a UUID in lower case.
Archivist\Exception\InvalidArgumentException INVALID: The option 'adopt' of the storage driver 'filesystem' needs the option 'owner', which tells whose the storage becomes.
ValueError: %s must not contain any null bytes
