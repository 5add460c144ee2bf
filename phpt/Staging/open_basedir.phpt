--TEST--
A staging folder obeys open_basedir, also when that becomes narrower
--INI--
open_basedir={PWD}/..
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
test_thrown(fn() => new Staging('/tmp/archivist-outside'));
var_dump(file_exists("$dir/staging"));
$spec = test_staged($dir, test_list());
mkdir("$dir/in");
ini_set('open_basedir', "$dir/in");
test_thrown(fn() => $spec->staging->uuids());
test_thrown(fn() => (new Engine())->start($spec));
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Archivist\Exception\StorageException: The path '/tmp/archivist-outside' lies outside of the folders that open_basedir allows.
bool(false)
Archivist\Exception\StorageException: The path '%s/phpt/Staging/open_basedir.tmp/staging' lies outside of the folders that open_basedir allows.
Archivist\Exception\StorageException: The path '%s/phpt/Staging/open_basedir.tmp/staging' lies outside of the folders that open_basedir allows.
