--TEST--
Archivist\StorageDriver: a driver may use another storage while it is asked
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;

class CachingDriver implements Archivist\StorageDriver
{
    public function __construct(private Filesystem $inner) {}
    public function store(Archivist\Artifact $data, string $key): void { $this->inner->store($data, $key); }
    public function retrieve(string $key, string $path): void { $this->inner->retrieve($key, $path); }
    public function delete(string $key): void { $this->inner->delete($key); }
}

$folder = test_folder();
$result = test_archive(null, [new CachingDriver(new Filesystem("$folder/store", true))]);
var_dump(hash_file('sha256', "$folder/store/" . $result->stored[0]->key) === $result->sha256);
?>
--EXPECT--
bool(true)
