--TEST--
Archivist\StorageDriverFactory: unknown types, wrong settings, callables that return something else
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\StorageDriverFactory;
$factory = new StorageDriverFactory();
$factory->register('wrong', fn() => 'nothing');
$factory->register('throws', fn() => throw new LogicException('no'));
test_throws(fn() => $factory->register('wrong', fn() => null));
test_throws(fn() => $factory->register('filesystem', fn() => null));
test_throws(fn() => $factory->register('No Type', fn() => null));
test_throws(fn() => $factory->register('', fn() => null));
test_throws(fn() => $factory->register('x', 'no_such_function'));
test_throws(fn() => $factory->getStorageDriver('s4'));
test_throws(fn() => $factory->getStorageDriver('wrong'));
test_throws(fn() => $factory->getStorageDriver('throws'));
test_throws(fn() => $factory->getStorageDriver('filesystem'));
test_throws(fn() => $factory->getStorageDriver('filesystem', ['path' => 1]));
test_throws(fn() => $factory->getStorageDriver('filesystem', ['path' => '/tmp', 'create' => 'yes']));
test_throws(fn() => $factory->getStorageDriver('filesystem', ['path' => '/tmp', 'mode' => 0700]));
test_throws(fn() => $factory->getStorageDriver('filesystem', ['path' => '/tmp', 'owner' => "a\0b"]));
test_throws(fn() => $factory->getStorageDriver('filesystem', ['path' => '']));
test_throws(fn() => clone $factory);
test_throws(fn() => serialize($factory));
?>
--EXPECT--
Archivist\Exception\ExistsException EXISTS: The type 'wrong' of a storage driver is taken already.
Archivist\Exception\ExistsException EXISTS: The type 'filesystem' of a storage driver is taken already.
Archivist\Exception\InvalidArgumentException INVALID: The type of a storage driver has 1 to 64 of the characters a-z, 0-9 and '_'.
Archivist\Exception\InvalidArgumentException INVALID: The type of a storage driver has 1 to 64 of the characters a-z, 0-9 and '_'.
TypeError: Archivist\StorageDriverFactory::register(): Argument #2 ($make) must be a valid callback, function "no_such_function" not found or invalid function name
Archivist\Exception\UnsupportedException UNSUPPORTED: There is no storage driver of the type 's4'; known are: filesystem, throws, wrong. register() adds a type.
Archivist\Exception\CallbackException CALLBACK: The callable for the type 'wrong' returned string; it must return an object that implements Archivist\StorageDriver.
LogicException: no
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'filesystem' needs the setting path, that of a folder.
Archivist\Exception\InvalidArgumentException INVALID: The setting 'path' of the storage driver 'filesystem' is unknown or of a wrong type; there are path, owner and expect (string), create, marked and adopt (bool).
Archivist\Exception\InvalidArgumentException INVALID: The setting 'create' of the storage driver 'filesystem' is unknown or of a wrong type; there are path, owner and expect (string), create, marked and adopt (bool).
Archivist\Exception\InvalidArgumentException INVALID: The setting 'mode' of the storage driver 'filesystem' is unknown or of a wrong type; there are path, owner and expect (string), create, marked and adopt (bool).
Archivist\Exception\InvalidArgumentException INVALID: The setting 'owner' of the storage driver 'filesystem' is unknown or of a wrong type; there are path, owner and expect (string), create, marked and adopt (bool).
Archivist\Exception\InvalidArgumentException INVALID: A path must not be empty or hold a NUL byte.
Error: Trying to clone an uncloneable object of class Archivist\StorageDriverFactory
Exception: Serialization of 'Archivist\StorageDriverFactory' is not allowed
