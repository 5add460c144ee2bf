--TEST--
Archivist\StorageDriver: the time limit ends a driver that hangs
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
class HangingDriver extends ArrayDriver
{
    public function store(Archivist\Artifact $data, string $key): void
    {
        set_time_limit(1);
        while (true);
    }
}

register_shutdown_function(fn() => print("shut down\n"));
test_archive(null, [new HangingDriver()]);
?>
--EXPECTF--
%AFatal error: Maximum execution time of 1 second exceeded in %s on line %d
%Ashut down
