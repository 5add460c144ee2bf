--TEST--
Archivist\StorageOptionKind: the kinds are those that the library names
--EXTENSIONS--
archivist
--FILE--
<?php
use Archivist\StorageOptionKind;
foreach (StorageOptionKind::cases() as $kind) {
    echo $kind->name, ' ', $kind->value, "\n";
}
?>
--EXPECT--
Text text
Flag flag
Number number
Uuid uuid
