--TEST--
Archivist\StorageDriver: the memory limit ends the program, not the engine's order
--EXTENSIONS--
archivist
--INI--
memory_limit=32M
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
class GreedyDriver extends ArrayDriver
{
    public function store(Archivist\Artifact $data, string $key): void
    {
        str_repeat('x', 64 << 20);
    }
}

register_shutdown_function(fn() => print("shut down\n"));
test_archive(null, [new GreedyDriver()]);
?>
--EXPECTF--
%AFatal error: Allowed memory size of %d bytes exhausted %s
%Ashut down
