--TEST--
Archivist\Verifier: limits, open_basedir, no clone, no serialization
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Verifier};
$folder = test_folder('verifier-arguments');
mkdir("$folder/in");
test_archive("$folder/a.zip");
test_throws(fn() => new Verifier(null, -1));
test_throws(fn() => new Verifier(null, 0, -1));
test_throws(fn() => new Verifier(findingsMax: 1000001));
$report = (new Verifier(entriesMax: 1))->verify("$folder/a.zip");
var_dump($report->valid, $report->findings[0]->kind);
var_dump($report->foreign, (new Verifier(foreign: true))->verify("$folder/a.zip")->foreign);
$verifier = new Verifier(new Engine());
test_throws(fn() => $verifier->__construct(new Engine()));
test_throws(fn() => clone $verifier);
test_throws(fn() => serialize($verifier));
ini_set('open_basedir', "$folder/in");
test_throws(fn() => $verifier->verify("$folder/a.zip"));
test_throws(fn() => $verifier->entries("$folder/a.zip"));
test_throws(fn() => $verifier->extract("$folder/a.zip", "$folder/in/out"));
?>
--EXPECTF--
Archivist\Exception\InvalidArgumentException INVALID: A limit of the verifier is out of its range; limits are not negative, and $findingsMax is at most 1000000.
Archivist\Exception\InvalidArgumentException INVALID: A limit of the verifier is out of its range; limits are not negative, and $findingsMax is at most 1000000.
Archivist\Exception\InvalidArgumentException INVALID: A limit of the verifier is out of its range; limits are not negative, and $findingsMax is at most 1000000.
bool(false)
enum(Archivist\FindingKind::Bomb)
bool(false)
bool(true)
Archivist\Exception\StateException STATE: The verifier was constructed already.
Error: Trying to clone an uncloneable object of class Archivist\Verifier
Exception: Serialization of 'Archivist\Verifier' is not allowed
Archivist\Exception\StorageException ACCESS: The path '%s/a.zip' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException ACCESS: The path '%s/a.zip' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException ACCESS: The path '%s/a.zip' lies outside of the folders that open_basedir allows.
--CLEAN--
<?php
require __DIR__ . '/../utils/storage.inc';
test_remove(sys_get_temp_dir() . '/archivist-phpt-verifier-arguments');
?>
