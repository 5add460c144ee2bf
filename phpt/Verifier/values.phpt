--TEST--
Archivist\Report, Finding, StoredObject, StorageCheck, StorageSpace: made by Archivist only, read only
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Entry, Finding, Report, StorageCheck, StorageSpace, StoredObject, Verifier};
foreach ([Report::class, Finding::class, Entry::class, StoredObject::class, StorageCheck::class, StorageSpace::class] as $class) {
    test_throws(fn() => new $class());
    $reflection = new ReflectionClass($class);
    var_dump($reflection->isFinal(), array_filter($reflection->getProperties(), fn($p) => !$p->isReadOnly()) === []);
}
$folder = test_folder();
test_archive("$folder/a.zip");
$report = (new Verifier())->verify("$folder/a.zip");
test_throws(function () use ($report) { $report->valid = false; });
test_throws(function () use ($report) { $report->other = false; });
?>
--EXPECTF--
Error: Call to private Archivist\Report::__construct() from %s
bool(true)
bool(true)
Error: Call to private Archivist\Finding::__construct() from %s
bool(true)
bool(true)
Error: Call to private Archivist\Entry::__construct() from %s
bool(true)
bool(true)
Error: Call to private Archivist\StoredObject::__construct() from %s
bool(true)
bool(true)
Error: Call to private Archivist\StorageCheck::__construct() from %s
bool(true)
bool(true)
Error: Call to private Archivist\StorageSpace::__construct() from %s
bool(true)
bool(true)
Error: Cannot modify readonly property Archivist\Report::$valid
Error: Cannot create dynamic property Archivist\Report::$other
