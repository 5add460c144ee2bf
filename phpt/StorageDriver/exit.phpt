--TEST--
Archivist\StorageDriver: exit() inside a driver ends the program
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
class LeavingDriver extends ArrayDriver
{
    public function store(Archivist\Artifact $data, string $key): void
    {
        echo "leaving\n";
        exit;
    }
}

register_shutdown_function(fn() => print("shut down\n"));
try {
    test_archive(null, [new LeavingDriver()]);
} finally {
    echo "never reached\n";
}
?>
--EXPECT--
leaving
shut down
