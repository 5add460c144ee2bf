--TEST--
Archivist\StorageDriver: a driver lives while its job runs and is destroyed afterwards
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
class MortalDriver extends ArrayDriver
{
    public function __destruct()
    {
        echo "destroyed\n";
    }
}

$result = test_archive(null, [new MortalDriver()]);
echo "completed\n";
?>
--EXPECT--
destroyed
completed
