--TEST--
Archivist\Artifact: a value; digests are compared without regard to case
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Artifact;
$artifact = new Artifact('/srv/a.zip', 12, str_repeat('aB', 32));
var_dump($artifact->path, $artifact->sizeBytes, $artifact->sha256 === str_repeat('ab', 32));
foreach (['', 'abc', str_repeat('g', 64), str_repeat('a', 65)] as $digest) {
    test_throws(fn() => new Artifact('/srv/a.zip', 12, $digest));
}
test_throws(fn() => new Artifact('', 12, str_repeat('a', 64)));
test_throws(fn() => new Artifact('/a', -1, str_repeat('a', 64)));
test_throws(fn() => $artifact->__construct('/a', 1, str_repeat('a', 64)));
test_throws(function () use ($artifact) { $artifact->path = 'x'; });
var_dump(unserialize(serialize($artifact)) == $artifact);
foreach (['a:0:{}', 'a:1:{s:4:"path";s:2:"/a";}', 'a:2:{s:4:"path";s:2:"/a";s:9:"sizeBytes";i:1;}'] as $members) {
    $half = unserialize(str_replace('a:', 'O:18:"Archivist\\Artifact":', $members));
    test_throws(fn() => (new Archivist\Storage\Filesystem('/nowhere'))->store($half, KEY));
}
?>
--EXPECT--
string(10) "/srv/a.zip"
int(12)
bool(true)
Archivist\Exception\InvalidArgumentException INVALID: The argument $sha256 is not a SHA-256 digest; it has 64 hexadecimal digits.
Archivist\Exception\InvalidArgumentException INVALID: The argument $sha256 is not a SHA-256 digest; it has 64 hexadecimal digits.
Archivist\Exception\InvalidArgumentException INVALID: The argument $sha256 is not a SHA-256 digest; it has 64 hexadecimal digits.
Archivist\Exception\InvalidArgumentException INVALID: The argument $sha256 is not a SHA-256 digest; it has 64 hexadecimal digits.
Archivist\Exception\InvalidArgumentException INVALID: A path must not be empty or hold a NUL byte.
Archivist\Exception\InvalidArgumentException INVALID: The argument $sizeBytes is -1; it must be 0 or more.
Archivist\Exception\StateException STATE: The artifact was constructed already.
Error: Cannot modify readonly property Archivist\Artifact::$path
bool(true)
Archivist\Exception\StateException STATE: The artifact's constructor has not run.
Archivist\Exception\StateException STATE: The artifact's constructor has not run.
Archivist\Exception\StateException STATE: The artifact's constructor has not run.
