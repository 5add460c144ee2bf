--TEST--
Keys of persons: in every way to add, listed again, refused when they are none
--EXTENSIONS--
archivist
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
mkdir("$dir/work/a", 0700, true);
file_put_contents("$dir/work/a/one.txt", 'one');
$key = '23';
$list = (new EntryList())
    ->addFile('file', "$dir/work/a/one.txt", persons: ['17', &$key])
    ->addString('string', 'x', persons: array_keys(['42' => true, 'Ä' => true]))
    ->addCallback('callback', (function () { static $parts = ['c']; return array_shift($parts) ?? ''; }), persons: [7])
    ->addFolder('folder', "$dir/work", persons: ['b', 'a'])
    ->addString('nobody', '');
(new Engine())->start(test_spec("$dir/a.zip", $list))->wait();
foreach ((new Verifier())->entries("$dir/a.zip") as $entry) {
    echo $entry->name, ' ', json_encode($entry->persons, JSON_UNESCAPED_UNICODE), "\n";
}
$list = new EntryList();
foreach ([[''], ["a\0b"], ["\n"], [str_repeat('x', 65)], [null], [[]], array_fill(0, 1001, 'x')] as $persons) {
    test_thrown(fn() => $list->addString('x', '', persons: $persons));
}
test_thrown(fn() => $list->addFile('x', "a\0b", persons: ['x']));
test_thrown(fn() => $list->addFolder("a\0b", $dir, persons: ['x']));
test_thrown(fn() => $list->addFolder('', "$dir/none", persons: ['x']));
test_thrown(fn() => $list->addCallback('', fn() => '', persons: ['x']));
var_dump(count($list));
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
data/callback ["7"]
data/file ["17","23"]
data/folder/a/one.txt ["b","a"]
data/nobody []
data/string ["42","Ä"]
Archivist\Exception\InvalidArgumentException: The key '' of a person cannot be recorded: give 1 to 64 bytes of UTF-8 without control characters.
Archivist\Exception\InvalidArgumentException: The argument $persons must hold strings without NUL bytes or whole numbers.
Archivist\Exception\InvalidArgumentException: The key '\x0a' of a person cannot be recorded: give 1 to 64 bytes of UTF-8 without control characters.
Archivist\Exception\InvalidArgumentException: The key 'xxx%s' of a person cannot be recorded: give 1 to 64 bytes of UTF-8 without control characters.
Archivist\Exception\InvalidArgumentException: The argument $persons must hold strings without NUL bytes or whole numbers.
Archivist\Exception\InvalidArgumentException: The argument $persons must hold strings without NUL bytes or whole numbers.
Archivist\Exception\LimitException: An entry was given the keys of 1001 persons; at most 1000 are recorded.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\InvalidArgumentException: The argument $name holds a NUL byte.
Archivist\Exception\SourceException: %s does not exist; give a folder that does.
Archivist\Exception\InvalidArgumentException: A name is empty; give every entry a name.
int(0)
