--TEST--
Archivist\Storage\Filesystem: what is not valid is refused before anything is done
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Artifact, Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
chdir($folder);
$relative = new Filesystem('./below', create: true);
$artifact = test_artifact('a', 'hello');
$back = new StorageTask($relative, Operation::Retrieve, 'b', KEY);
chdir('/');
echo str_replace($folder, 'FOLDER', $relative->url() . " $artifact->path $back->path"), "\n";
$relative->store($artifact, KEY);
(new StorageApi(new Engine()))->processTask($back)->wait();
echo file_get_contents("$folder/b"), "\n";
test_remove("$folder/below");
unlink("$folder/b");
test_throws(fn() => new Filesystem(''));
test_throws(fn() => new Filesystem("/a\0b"));
$storage = new Filesystem($folder);
test_throws(fn() => $storage->__construct($folder));
test_throws(fn() => $storage->stat('../../etc/passwd'));
test_throws(fn() => $storage->delete('5d/no-uuid.zip'));
test_throws(fn() => $storage->store(new Artifact("$folder/missing", 1, str_repeat('0', 64)), KEY));
$artifact = test_artifact("$folder/a", 'hello');
test_throws(fn() => $storage->store(new Artifact("$folder/a", 4, $artifact->sha256), KEY));
test_throws(fn() => $storage->store(new Artifact("$folder/a", 5, str_repeat('0', 64)), KEY));
var_dump(test_files($folder));
?>
--EXPECTF--
file://FOLDER/below FOLDER/a FOLDER/b
hello
Archivist\Exception\InvalidArgumentException INVALID: A path must not be empty or hold a NUL byte.
ValueError: %s must not contain any null bytes
Archivist\Exception\StateException STATE: The storage was constructed already.
Archivist\Exception\InvalidArgumentException INVALID: %s
Archivist\Exception\InvalidArgumentException INVALID: %s
Archivist\Exception\SourceException VANISHED: %s
Archivist\Exception\SourceException SIZE: The file '%s' has 5 bytes, the artifact says 4; make the artifact again.
Archivist\Exception\IntegrityException MISMATCH: %s
array(1) {
  [0]=>
  string(1) "a"
}
