--TEST--
What a list refuses
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
chdir($dir);
file_put_contents('file', 'x');
symlink('file', 'link');
mkdir('folder');
symlink('/', 'folder/out');
/* Absolute: a relative path in a list is looked for in the folder of the process. */
file_put_contents('list', json_encode(['name' => 'a', 'path' => "$dir/file"], JSON_UNESCAPED_SLASHES) . "\n{\"name\":\"b\"}\n");
$list = new EntryList(1 << 20);
test_thrown(fn() => new EntryList(1));
test_thrown(fn() => new EntryList(-1));
test_thrown(fn() => $list->__construct());
test_thrown(fn() => $list->addFile('', 'file'));
test_thrown(fn() => $list->addFile("\xff", 'file'));
test_thrown(fn() => $list->addFile('a', 'missing'));
test_thrown(fn() => $list->addFile('a', ''));
test_thrown(fn() => $list->addFile('a', "fi\0le"));
test_thrown(fn() => $list->addFile('a', 'folder'));
test_thrown(fn() => $list->addFile('a', 'file', sizeBytes: -1));
test_thrown(fn() => $list->addFile('a', 'file', "own\0er"));
test_thrown(fn() => $list->addString('a', str_repeat('x', 1 << 20)));
test_thrown(fn() => $list->addCallback('a', 'no_such_function'));
test_thrown(fn() => $list->addFolder('', 'missing'));
test_thrown(fn() => $list->addFolder('', 'file'));
test_thrown(fn() => $list->addFolder("a\0b", '.'));
test_thrown(fn() => $list->addFolder('', '.', exclude: [1]));
test_thrown(fn() => $list->addList('missing'));
var_dump(count($list));
test_thrown(fn() => (new EntryList())->addFolder('', 'folder'));
var_dump(count((new EntryList())->addFolder('', 'folder', links: 'skip')));
var_dump(count((new EntryList())->addFolder('', 'folder', links: 'record')));
test_thrown(fn() => (new EntryList())->addFolder('', 'folder', links: 'resolve'));
test_thrown(fn() => (new EntryList())->addList('list'));
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Archivist\Exception\InvalidArgumentException: The argument $memoryBytes is 1; 0 (the default) and 1048576 or more are allowed.
Archivist\Exception\InvalidArgumentException: The argument $memoryBytes is -1; 0 (the default) and 1048576 or more are allowed.
Archivist\Exception\StateException: The list of entries was constructed already.
Archivist\Exception\InvalidArgumentException: A name is empty; give every entry a name.
Archivist\Exception\InvalidArgumentException: The name '\xff' is not valid UTF-8 at byte 0 (0xff); rename the file or convert its name to UTF-8.
Archivist\Exception\SourceException: '%s/EntryList/refused.tmp/missing' is not there any more; see who removed it and begin again: No such file or directory.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\SourceException: '%s/EntryList/refused.tmp/folder' is a folder and has no content that could be archived; leave it out.
Archivist\Exception\InvalidArgumentException: The argument $sizeBytes is -1; it must be 0 or more, or null.
Archivist\Exception\InvalidArgumentException: The argument $owner holds a NUL byte.
Archivist\Exception\LimitException: Entries whose content is given in memory, and callbacks, would take more than 524288 bytes; give larger ones as files, or raise the memory limit of the list.
TypeError: Archivist\EntryList::addCallback(): Argument #2 ($read) must be a valid callback, function "no_such_function" not found or invalid function name
Archivist\Exception\SourceException: '%s/EntryList/refused.tmp/missing' does not exist; give a folder that does.
Archivist\Exception\SourceException: '%s/EntryList/refused.tmp/file' is not a folder; give a folder, or add it as a file.
Archivist\Exception\InvalidArgumentException: The argument $name holds a NUL byte.
Archivist\Exception\InvalidArgumentException: The argument $exclude must hold strings without NUL bytes.
Archivist\Exception\NotFoundException: The list of entries '%s/EntryList/refused.tmp/missing' cannot be opened: No such file or directory.
int(0)
Archivist\Exception\SourceException: '%s/EntryList/refused.tmp/folder/out' is a symbolic link that leaves the folder; copy what it names into the folder, or leave links out.
int(0)
int(1)
Archivist\Exception\InvalidArgumentException: The argument $links is none of "follow", "skip" and "record".
Archivist\Exception\IntegrityException: Line 2 of the list '%s/EntryList/refused.tmp/list': The member "path" is missing.
