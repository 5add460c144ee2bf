--TEST--
Archivist\FindingKind has every kind of finding, with the name that docs/errors.md tells
--EXTENSIONS--
archivist
--FILE--
<?php
use Archivist\FindingKind;
$told = file_get_contents(__DIR__ . '/../../docs/errors.md');
foreach (FindingKind::cases() as $kind) {
    $name = implode('', array_map('ucfirst', explode('_', strtolower($kind->value))));
    if ($name !== $kind->name || !str_contains($told, "| $kind->value |")) {
        echo "wrong: $kind->name $kind->value\n";
    }
}
var_dump(count(FindingKind::cases()));
--EXPECT--
int(20)
