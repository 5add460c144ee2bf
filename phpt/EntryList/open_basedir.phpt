--TEST--
Paths obey open_basedir
--INI--
open_basedir={PWD}/..
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$list = new EntryList();
test_thrown(fn() => $list->addFile('a', '/etc/passwd'));
test_thrown(fn() => $list->addFolder('', '/etc'));
test_thrown(fn() => $list->addList('/etc/passwd'));
test_thrown(fn() => test_spec('/tmp/outside.zip', $list));
$list->addFile('a', __FILE__);
echo (new Engine())->start(test_spec("$dir/a.zip", $list))->wait()->entries, "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\StorageException: The path '/etc/passwd' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException: The path '/etc' lies outside of the folders that open_basedir allows.
Archivist\Exception\UnsupportedException: addList() is refused while open_basedir is set, since the paths in the list are not compared with it; add the files with addFile().
Archivist\Exception\StorageException: The path '/tmp/outside.zip' lies outside of the folders that open_basedir allows.
1
