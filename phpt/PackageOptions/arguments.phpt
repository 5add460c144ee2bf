--TEST--
Options, their defaults and what they refuse
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$options = new PackageOptions('exam', Format::TarZst, 19, true, true, '01890a5d-ac96-774b-bcce-b302099a8057', 1700000000, 'Mia', 'An exam', ['course' => 'OS'], 2, 3, 1690000000, 'de', true);
var_dump((array)$options === ['name' => 'exam', 'format' => Format::TarZst, 'level' => 19, 'sha512' => true, 'reproducible' => true,
    'uuid' => '01890a5d-ac96-774b-bcce-b302099a8057', 'collectedAt' => 1700000000, 'createdBy' => 'Mia', 'title' => 'An exam', 'metadata' => ['course' => 'OS'], 'threads' => 2, 'failuresMax' => 3, 'requestedAt' => 1690000000, 'language' => 'de', 'allowEmpty' => true]);
var_dump((array)new PackageOptions('x') === ['name' => 'x', 'format' => Format::Zip, 'level' => null, 'sha512' => false, 'reproducible' => false,
    'uuid' => null, 'collectedAt' => null, 'createdBy' => null, 'title' => null, 'metadata' => [], 'threads' => 0, 'failuresMax' => 0, 'requestedAt' => null, 'language' => 'en', 'allowEmpty' => false]);
$same = fn($copy) => var_dump($copy == $options);
$same(clone $options);
$same(unserialize(serialize($options)));
test_thrown(function () use ($options) { $options->level = 1; });
test_thrown(fn() => $options->__construct('again'));
test_thrown(fn() => new PackageOptions(''));
test_thrown(fn() => new PackageOptions("a\0b"));
test_thrown(fn() => new PackageOptions('x', level: 10));
test_thrown(fn() => new PackageOptions('x', Format::TarZst, 20));
test_thrown(fn() => new PackageOptions('x', level: -1));
test_thrown(fn() => new PackageOptions('x', uuid: 'short'));
test_thrown(fn() => new PackageOptions('x', uuid: str_repeat('q', 36)));
test_thrown(fn() => new PackageOptions('x', threads: -1));
test_thrown(fn() => new PackageOptions('x', language: 'fr'));
test_thrown(fn() => new PackageOptions('x', metadata: ['a', 'list']));
test_thrown(fn() => new PackageOptions('x', metadata: ['text' => "\xff"]));
test_thrown(fn() => new PackageOptions('x', metadata: ['number' => NAN]));
test_thrown(fn() => new PackageOptions('x', metadata: ['mine' => new class implements \JsonSerializable {
    public function jsonSerialize(): mixed { throw new \LogicException('mine'); }
}]));
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
Error: Cannot modify readonly property Archivist\PackageOptions::$level
Archivist\Exception\StateException: The package options were constructed already.
Archivist\Exception\InvalidArgumentException: The option name is missing: an archive needs one.
Archivist\Exception\InvalidArgumentException: The option name holds a NUL byte.
Archivist\Exception\InvalidArgumentException: The option level is 10; zip takes 0 to 9, or -1 for the default.
Archivist\Exception\InvalidArgumentException: The option level is 20; 0 to 19 are allowed.
Archivist\Exception\InvalidArgumentException: The option level is -1; 0 to 19 are allowed.
Archivist\Exception\InvalidArgumentException: The option uuid has 5 characters; a UUID has 36: xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.
Archivist\Exception\InvalidArgumentException: The option uuid is 'qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'; a UUID in lower case is needed, such as 123e4567-e89b-42d3-a456-426614174000.
Archivist\Exception\InvalidArgumentException: The option threads is -1; 0 to 256 are allowed.
Archivist\Exception\InvalidArgumentException: The option language is 'fr'; index.html can be in en and de.
Archivist\Exception\InvalidArgumentException: The metadata are a list; give them names: ['course' => 'OS-2026', …].
Archivist\Exception\InvalidArgumentException: The metadata cannot be encoded as JSON: texts must be UTF-8, numbers finite, nesting at most 512 levels deep.
Archivist\Exception\InvalidArgumentException: The metadata cannot be encoded as JSON: texts must be UTF-8, numbers finite, nesting at most 512 levels deep.
Archivist\Exception\InvalidArgumentException: The metadata cannot be encoded as JSON: texts must be UTF-8, numbers finite, nesting at most 512 levels deep.
