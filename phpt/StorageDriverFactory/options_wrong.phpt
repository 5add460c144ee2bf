--TEST--
Archivist\StorageDriverFactory: settings that break what was declared, declarations that make no sense
--EXTENSIONS--
archivist
--INI--
zend.exception_ignore_args=0
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{StorageDriverFactory, StorageOption, StorageOptionKind};
$factory = new StorageDriverFactory();
$make = function () { echo "made\n"; };
$factory->register('shelf', $make, [
    new StorageOption('host', StorageOptionKind::Text, 'Where the server stands.', required: true, maximum: 20),
    new StorageOption('token', StorageOptionKind::Text, 'What the server asks for.', secret: true, maximum: 16),
    new StorageOption('parts', StorageOptionKind::Number, 'How many at once.', default: 8, minimum: 5, maximum: 64),
    new StorageOption('verbose', StorageOptionKind::Flag, 'Tells more.'),
    new StorageOption('id', StorageOptionKind::Uuid, 'Which of them.'),
]);
$factory->register('closed', $make, []);
$wrong = [
    [], ['host' => ''], ['host' => "h\0"], ['host' => 1], ['host' => null], ['host' => "a\nb"],
    ['host' => 'h', 'parts' => 4], ['host' => 'h', 'parts' => -5], ['host' => 'h', 'parts' => 5.5], ['host' => 'h', 'parts' => true],
    ['host' => 'h', 'verbose' => 'yes'], ['host' => 'h', 'verbose' => 1], ['host' => 'h', 'id' => 'x'],
    ['host' => 'h', 'token' => 'hunter2-hunter2-hunter2'], ['host' => 'h', 'token' => ['hunter2']],
    ['host' => 'h', 'pasword' => 'hunter2'], ['hunter2'], ["host\0x" => 'h'],
];
foreach ($wrong as $settings) {
    try {
        $factory->getStorageDriver('shelf', $settings);
        echo "nothing is thrown\n";
    } catch (Archivist\Exception\InvalidArgumentException $e) {
        echo $e->getMessage(), str_contains($e . print_r($e->getTrace(), true), 'hunter2') ? ' SHOWS THE SECRET' : '', "\n";
    }
}
test_throws(fn() => $factory->getStorageDriver('closed', ['a' => 1]));
test_throws(fn() => $factory->options('s4'));

$bad = fn(...$options) => test_throws(fn() => $factory->register('bad', $make, $options));
$text = StorageOptionKind::Text;
$bad('x');
$bad((new ReflectionClass(StorageOption::class))->newInstanceWithoutConstructor());
$bad(new StorageOption('Host', $text, 'A sentence.'));
$bad(new StorageOption('x', $text, ''));
$bad(new StorageOption('x', $text, 'A sentence.', minimum: 6, maximum: 5));
$bad(new StorageOption('x', $text, 'A sentence.', default: 'abc', maximum: 2));
$bad(new StorageOption('x', $text, 'A sentence.', required: true, default: 'abc'));
$bad(new StorageOption('x', $text, 'A sentence.', secret: true, default: 'hunter2'));
$bad(new StorageOption('x', StorageOptionKind::Flag, 'A sentence.', secret: true));
$bad(new StorageOption('x', $text, 'A sentence.'), new StorageOption('x', $text, 'A sentence.'));
$bad(...array_map(fn($n) => new StorageOption("o$n", $text, 'A sentence.'), range(1, 40)));
var_dump($factory->types());
?>
--EXPECT--
The storage driver 'shelf' needs the option 'host': Where the server stands.
The option 'host' of the storage driver 'shelf' is 1 to 20 bytes of printable text.
The option 'host' of the storage driver 'shelf' holds a NUL byte.
The option 'host' of the storage driver 'shelf' is of the type int; give a string.
The option 'host' of the storage driver 'shelf' is of the type null; give a string.
The option 'host' of the storage driver 'shelf' is 1 to 20 bytes of printable text.
The option 'parts' of the storage driver 'shelf' is a number from 5 to 64.
The option 'parts' of the storage driver 'shelf' is a number from 5 to 64.
The option 'parts' of the storage driver 'shelf' is of the type float; give a string or an int.
The option 'parts' of the storage driver 'shelf' is of the type bool; give a string or an int.
The option 'verbose' of the storage driver 'shelf' is '0' or '1'.
The option 'verbose' of the storage driver 'shelf' is of the type int; give a string or a bool.
The option 'id' of the storage driver 'shelf' is a UUID in lower case.
The option 'token' of the storage driver 'shelf' is 1 to 16 bytes of printable text.
The option 'token' of the storage driver 'shelf' is of the type array; give a string.
'pasword' is not an option of the storage driver 'shelf'; it has: 'host', 'token', 'parts', 'verbose', 'id'.
'(a number)' is not an option of the storage driver 'shelf'; it has: 'host', 'token', 'parts', 'verbose', 'id'.
'(a NUL byte)' is not an option of the storage driver 'shelf'; it has: 'host', 'token', 'parts', 'verbose', 'id'.
Archivist\Exception\InvalidArgumentException INVALID: 'a' is not an option of the storage driver 'closed'; it has none.
Archivist\Exception\UnsupportedException UNSUPPORTED: There is no storage driver of the type 's4'; known are: closed, filesystem, shelf. register() adds a type.
Archivist\Exception\InvalidArgumentException INVALID: The argument $options holds what is no constructed StorageOption.
Archivist\Exception\InvalidArgumentException INVALID: The argument $options holds what is no constructed StorageOption.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'Host' with a name that is not made of lower-case letters, digits and '_'.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with no sentence that explains it.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with no bounds, or such that nothing fits.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with a default that breaks its own bounds.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with a default although it is required.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with a secret that is no text of 1 to 65536 bytes without a default.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with a secret that is no text of 1 to 65536 bytes without a default.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares the option 'x' with a name that another one has.
Archivist\Exception\InvalidArgumentException INVALID: The storage driver 'bad' declares 33 options; 32 are the most.
array(3) {
  [0]=>
  string(6) "closed"
  [1]=>
  string(10) "filesystem"
  [2]=>
  string(5) "shelf"
}
