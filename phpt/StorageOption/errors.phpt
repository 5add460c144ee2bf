--TEST--
Archivist\StorageOption: defaults and bounds of another kind, changes
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{StorageOption, StorageOptionKind};
$defaults = [
    [StorageOptionKind::Text, 1], [StorageOptionKind::Text, true], [StorageOptionKind::Text, "a\0b"], [StorageOptionKind::Text, []],
    [StorageOptionKind::Flag, 1], [StorageOptionKind::Flag, '1'],
    [StorageOptionKind::Number, '1'], [StorageOptionKind::Number, -1], [StorageOptionKind::Uuid, 1],
];
foreach ($defaults as [$kind, $default]) {
    test_throws(fn() => new StorageOption('x', $kind, 'A sentence.', default: $default));
}
test_throws(fn() => new StorageOption('x', StorageOptionKind::Text, 'A sentence.', minimum: -1));
test_throws(fn() => new StorageOption('x', StorageOptionKind::Flag, 'A sentence.', maximum: 1));
test_throws(fn() => new StorageOption('x', StorageOptionKind::Uuid, 'A sentence.', minimum: 0));
test_throws(fn() => new StorageOption("x\0", StorageOptionKind::Text, 'A sentence.'));
test_throws(fn() => new StorageOption('x', StorageOptionKind::Text, "A\0"));
$option = new StorageOption('x', StorageOptionKind::Text, 'A sentence.');
test_throws(fn() => $option->__construct('y', StorageOptionKind::Text, 'A sentence.'));
test_throws(fn() => $option->name = 'y');
test_throws(fn() => $option->other = 'y');
test_throws(fn() => serialize($option));
?>
--EXPECT--
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind text.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind text.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind text.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind text.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind flag.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind flag.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind number.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind number.
Archivist\Exception\InvalidArgumentException INVALID: The default of the option 'x' is no value of the kind uuid.
Archivist\Exception\InvalidArgumentException INVALID: The argument $minimum of the option 'x' must be null, or of a text or a number 0 or more.
Archivist\Exception\InvalidArgumentException INVALID: The argument $maximum of the option 'x' must be null, or of a text or a number 0 or more.
Archivist\Exception\InvalidArgumentException INVALID: The argument $minimum of the option 'x' must be null, or of a text or a number 0 or more.
ValueError: Archivist\StorageOption::__construct(): Argument #1 ($name) must not contain any null bytes
ValueError: Archivist\StorageOption::__construct(): Argument #3 ($description) must not contain any null bytes
Archivist\Exception\StateException STATE: The option was constructed already.
Error: Cannot modify readonly property Archivist\StorageOption::$name
Error: Cannot create dynamic property Archivist\StorageOption::$other
Exception: Serialization of 'Archivist\StorageOption' is not allowed
