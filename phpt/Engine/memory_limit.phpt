--TEST--
A fatal error inside of a read callback
--INI--
memory_limit=8M
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$list = new EntryList();
$list->addCallback('big.bin', fn(int $length) => str_repeat('x', 1 << 26));
$job = $engine->start(test_spec("$dir/a.zip", $list));
register_shutdown_function(function () use ($job, $dir) {
    echo "\n", test_names($dir), "\n";
});
$job->wait();
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Fatal error: Allowed memory size of 8388608 bytes exhausted%S (tried to allocate %d bytes) in %s on line %d

nothing
