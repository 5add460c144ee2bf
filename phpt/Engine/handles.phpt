--TEST--
Handles are neither cloned nor serialized nor made without their constructor
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$handles = [new Engine(), test_list(), test_spec('/nowhere.zip')];
foreach ($handles as $handle) {
    test_thrown(fn() => clone $handle);
    test_thrown(fn() => serialize($handle));
    test_thrown(fn() => unserialize('O:' . strlen($handle::class) . ':"' . $handle::class . '":0:{}'));
    test_thrown(fn() => (new \ReflectionClass($handle))->newInstanceWithoutConstructor());
    test_thrown(function () use ($handle) { $handle->new = 1; });
    var_dump((new \ReflectionClass($handle))->isFinal());
}
foreach ([Job::class, JobResult::class, Progress::class, LogRecord::class] as $class) {
    test_thrown(fn() => new $class());
}
--EXPECT--
Error: Trying to clone an uncloneable object of class Archivist\Engine
Exception: Serialization of 'Archivist\Engine' is not allowed
Exception: Unserialization of 'Archivist\Engine' is not allowed
ReflectionException: Class Archivist\Engine is an internal class marked as final that cannot be instantiated without invoking its constructor
Error: Cannot create dynamic property Archivist\Engine::$new
bool(true)
Error: Trying to clone an uncloneable object of class Archivist\EntryList
Exception: Serialization of 'Archivist\EntryList' is not allowed
Exception: Unserialization of 'Archivist\EntryList' is not allowed
ReflectionException: Class Archivist\EntryList is an internal class marked as final that cannot be instantiated without invoking its constructor
Error: Cannot create dynamic property Archivist\EntryList::$new
bool(true)
Error: Trying to clone an uncloneable object of class Archivist\JobSpec
Exception: Serialization of 'Archivist\JobSpec' is not allowed
Exception: Unserialization of 'Archivist\JobSpec' is not allowed
ReflectionException: Class Archivist\JobSpec is an internal class marked as final that cannot be instantiated without invoking its constructor
Error: Cannot create dynamic property Archivist\JobSpec::$new
bool(true)
Error: Call to private Archivist\Job::__construct() from global scope
Error: Call to private Archivist\JobResult::__construct() from global scope
Error: Call to private Archivist\Progress::__construct() from global scope
Error: Call to private Archivist\LogRecord::__construct() from global scope
