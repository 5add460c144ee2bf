--TEST--
A thousand jobs need no more memory than a hundred
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
function resident(): int
{
    return preg_match('/VmRSS:\s+(\d+)/', (string)@file_get_contents('/proc/self/status'), $found) ? (int)$found[1] : 0;
}
$engine = new Engine();
$options = new PackageOptions('test');
for ($i = 1; $i <= 1000; $i++) {
    $list = new EntryList();
    $left = 1;
    $list->addString('a', 'x')->addCallback('b', function () use (&$left) { return $left-- > 0 ? 'data' : ''; });
    $job = $engine->start(new JobSpec($list, $options, "$dir/a.zip", onState: function () {}, onDone: function () {}));
    $job->wait();
    unlink("$dir/a.zip");
    if ($i === 200) {
        $before = [memory_get_usage(), resident()];
    }
}
$grown = [memory_get_usage() - $before[0], resident() - $before[1]];
var_dump($grown[0] < 16384 ?: $grown, $grown[1] < 4096 ?: $grown);
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(true)
bool(true)
