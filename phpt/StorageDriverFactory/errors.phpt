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
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'filesystem' needs the option 'path': The folder, absolute or below the working directory.
Archivist\Exception\InvalidArgumentException INVALID: The option 'path' of the storage driver 'filesystem' is of the type int; give a string.
Archivist\Exception\InvalidArgumentException INVALID: The option 'create' of the storage driver 'filesystem' is '0' or '1'.
Archivist\Exception\InvalidArgumentException INVALID: 'mode' is not an option of the storage driver 'filesystem'; it has: 'path', 'create', 'owner', 'marked', 'expect', 'adopt'.
Archivist\Exception\InvalidArgumentException INVALID: The option 'owner' of the storage driver 'filesystem' holds a NUL byte.
Archivist\Exception\InvalidArgumentException INVALID: The option 'path' of the storage driver 'filesystem' is 1 to 4095 bytes of printable text.
Error: Trying to clone an uncloneable object of class Archivist\StorageDriverFactory
Exception: Serialization of 'Archivist\StorageDriverFactory' is not allowed
