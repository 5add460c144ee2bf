--TEST--
Why jobs fail: the exception classes of sources and targets
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
file_put_contents("$dir/source", 'some bytes');
touch("$dir/there.zip");
$run = function (string $path, EntryList $list) use ($engine) {
    $job = $engine->start(test_spec($path, $list));
    test_thrown(fn() => $job->wait());
    echo '  ', $job->state()->name, ' ', $job->error()->getErrorName(), "\n";
};
chdir($dir);
$run('there.zip', test_list());
$run('missing/a.zip', test_list());
$run('a.zip', (new EntryList())->addFile('a', 'vanished', null, 5));
$run('a.zip', (new EntryList())->addFile('a', 'source', null, 5));
$run('a.zip', (new EntryList())->addString('a', 'x')->addString('a', 'y'));
mkdir('folder');
$run('a.zip', (new EntryList())->addFile('a', 'folder', null, 5));
symlink('source', 'link');
$run('a.zip', (new EntryList())->addFile('a', 'link', null, 10));
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Archivist\Exception\ExistsException: The file '%s/Job/failures.tmp/there.zip' exists already, and nothing is ever overwritten; choose another name.
  Failure EXISTS
Archivist\Exception\NotFoundException: The folder of the new archive '%s/Job/failures.tmp/missing/a.zip' cannot be opened: No such file or directory.
  Failure NOTFOUND
Archivist\Exception\SourceException: The file '%s/Job/failures.tmp/vanished' of entry 'a' has vanished; restore it, or leave the entry out, and start again.
  Failure VANISHED
Archivist\Exception\SourceException: The file '%s/Job/failures.tmp/source' of entry 'a' has 10 bytes, but 5 were announced; start again with its present size.
  Failure SIZE
Archivist\Exception\InvalidArgumentException: The entry 'a' was given twice; give each entry of an archive a name of its own.
  Failure DUPLICATE
Archivist\Exception\SourceException: The file '%s/Job/failures.tmp/folder' of entry 'a' is not a regular file but a folder; only regular files can be archived.
  Failure SPECIAL
Archivist\Exception\SourceException: The file '%s/Job/failures.tmp/link' of entry 'a' is a symbolic link, which is not followed; name the file that it leads to.
  Failure SPECIAL
folder link source there.zip
