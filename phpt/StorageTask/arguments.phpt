--TEST--
Archivist\StorageTask: each operation gets what it needs and nothing that it would ignore
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Operation, StorageTask};
$driver = new ArrayDriver();
$digest = str_repeat('aB', 32);
$given = ['path' => '/tmp/a', 'key' => KEY, 'sha256' => $digest];
foreach (Operation::cases() as $operation) {
    echo $operation->value, ":\n";
    for ($set = 0; $set < 8; $set++) {
        $arguments = [];
        foreach (array_keys($given) as $i => $name) {
            if ($set & 1 << $i) {
                $arguments[$name] = $given[$name];
            }
        }
        try {
            $task = new StorageTask($driver, $operation, ...$arguments);
            echo '  (', implode(' ', array_keys($arguments)), ")\n";
            if ($task->driver !== $driver || $task->operation !== $operation ||
                array_filter(['path' => $task->path, 'key' => $task->key, 'sha256' => $task->sha256]) !== $arguments) {
                echo "wrong properties\n";
            }
        } catch (Archivist\Exception\InvalidArgumentException) {
        }
    }
}
test_throws(fn() => new StorageTask($driver, Operation::Store));
test_throws(fn() => new StorageTask($driver, Operation::Check, key: KEY));
test_throws(fn() => new StorageTask($driver, Operation::Store, '/tmp/a', sha256: 'abc'));
test_throws(fn() => new StorageTask($driver, Operation::Store, ''. "/tmp/\0a"));
$task = new StorageTask($driver, Operation::Check);
test_throws(fn() => $task->__construct($driver, Operation::Check));
test_throws(function () use ($task) { $task->key = 'x'; });
test_throws(fn() => serialize($task));
?>
--EXPECT--
store:
  (path)
  (path key)
  (path sha256)
  (path key sha256)
retrieve:
  (path key)
  (path key sha256)
delete:
  (key)
stat:
  (key)
check:
  ()
space:
  ()
Archivist\Exception\InvalidArgumentException INVALID: A storage task with Operation::Store needs the argument $path.
Archivist\Exception\InvalidArgumentException INVALID: A storage task with Operation::Check has no use for the argument $key; leave it out.
Archivist\Exception\InvalidArgumentException INVALID: The argument $sha256 is not a SHA-256 digest; it has 64 hexadecimal digits.
ValueError: Archivist\StorageTask::__construct(): Argument #3 ($path) must not contain any null bytes
Archivist\Exception\StateException STATE: The storage task was constructed already.
Error: Cannot modify readonly property Archivist\StorageTask::$key
Exception: Serialization of 'Archivist\StorageTask' is not allowed
