--TEST--
Archivist\StorageDriverFactory: a cycle through a callable is collected
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\StorageDriverFactory;
gc_collect_cycles();
$factory = new StorageDriverFactory();
$factory->register('self', function () use ($factory) { return null; });
unset($factory);
var_dump(gc_collect_cycles() > 0, gc_collect_cycles());
?>
--EXPECT--
bool(true)
int(0)
