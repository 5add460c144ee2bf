--TEST--
A staging folder: what it holds and refuses
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$staging = new Staging("$dir/staging/");
var_dump($staging->folder === "$dir/staging", decoct(fileperms("$dir/staging") & 0777), $staging->uuids());
chdir($dir);
var_dump((new Staging('relative'))->folder === "$dir/relative");
test_thrown(fn() => $staging->__construct("$dir/other"));
test_thrown(fn() => new Staging(''));
test_thrown(fn() => new Staging("a\0b"));
test_thrown(fn() => new Staging("$dir/missing/staging"));
touch("$dir/file");
test_thrown(fn() => new Staging("$dir/file"));
test_thrown(fn() => new Staging("$dir/staging", -1));
test_thrown(fn() => new Staging("$dir/staging", 0, -1));
test_thrown(fn() => clone $staging);
test_thrown(fn() => serialize($staging));
test_thrown(function () use ($staging) { $staging->folder = 'other'; });
test_thrown(function () use ($staging) { $staging->other = 1; });
test_thrown(fn() => (new \ReflectionClass(Staging::class))->newInstanceWithoutConstructor()->uuids());
foreach (['create', 'document', 'status', 'log', 'cancel', 'requeue', 'delete'] as $method) {
    test_thrown(fn() => $staging->$method('../' . UUID));
    test_thrown(fn() => $staging->$method(UUID . "\0"));
}
foreach (['document', 'status', 'log', 'cancel', 'requeue', 'delete'] as $method) {
    test_thrown(fn() => $staging->$method(UUID));
}
test_thrown(fn() => new StagedStatus());
test_thrown(fn() => new StagedTarget());
test_thrown(fn() => new StagingSwept());
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
bool(true)
string(3) "700"
array(0) {
}
bool(true)
Archivist\Exception\StateException: The staging was constructed already.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\NotFoundException: The staging folder '%s/phpt/Staging/arguments.tmp/missing/staging' cannot be opened: No such file or directory.
Archivist\Exception\StorageException: The staging folder '%s/phpt/Staging/arguments.tmp/file' cannot be opened: Not a directory.
Archivist\Exception\InvalidArgumentException: The argument $limitBytes is -1; it must be 0 or more bytes.
Archivist\Exception\InvalidArgumentException: The argument $reserveBytes is -1; it must be 0 or more bytes.
Error: Trying to clone an uncloneable object of class Archivist\Staging
Exception: Serialization of 'Archivist\Staging' is not allowed
Error: Cannot modify readonly property Archivist\Staging::$folder
Error: Cannot create dynamic property Archivist\Staging::$other
ReflectionException: Class Archivist\Staging is an internal class marked as final that cannot be instantiated without invoking its constructor
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\InvalidArgumentException: '../0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f' is not a UUID in lower case such as "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d".
Archivist\Exception\InvalidArgumentException: The UUID of a job holds a NUL byte.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
Error: Call to private Archivist\StagedStatus::__construct() from global scope
Error: Call to private Archivist\StagedTarget::__construct() from global scope
Error: Call to private Archivist\StagingSwept::__construct() from global scope
