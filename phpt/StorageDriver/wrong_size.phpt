--TEST--
Archivist\StorageDriver: a file of the wrong size is refused before a byte of it is read
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};

/** Gives back a terabyte of holes, which would be hashed for an hour. */
class SwollenDriver extends ArrayDriver
{
    public function retrieve(string $key, string $path): void
    {
        parent::retrieve($key, $path);
        $file = fopen($path, 'r+');
        ftruncate($file, 1 << 40);
        fclose($file);
    }
}

$folder = test_folder();
putenv("TMPDIR=$folder");
file_put_contents("$folder/a", 'abcdefgh');
$driver = new SwollenDriver();
$task = (new StorageApi(new Engine()))->processTask(new StorageTask($driver, Operation::Store, "$folder/a", KEY));
test_throws(fn() => $task->wait());
echo implode(' ', $driver->calls), '; ', count($driver->objects), " left\n";
var_dump(test_files($folder));
?>
--EXPECT--
Archivist\Exception\IntegrityException READBACK: The object '5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip' was read back with 1099511627776 bytes, but 8 were written; it does not count as stored: check the medium and store it again.
store retrieve delete; 0 left
array(1) {
  [0]=>
  string(1) "a"
}
