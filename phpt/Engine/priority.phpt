--TEST--
The engine's threads are nice, PHP's own is not
--SKIPIF--
<?php
if (PHP_OS_FAMILY !== 'Linux') {
    die('skip threads have priorities of their own on Linux');
}
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);

/** Nice values of the threads, of PHP's own and of the engine's. */
function nice_values(): array
{
    $values = ['own' => [], 'engine' => []];
    foreach (glob('/proc/self/task/*/stat') as $file) {
        $name = rtrim(file_get_contents(dirname($file) . '/comm'));
        $fields = explode(' ', ltrim(strrchr(file_get_contents($file), ')'), ') '));
        if (basename(dirname($file)) === (string)getmypid()) {
            $values['own'][] = (int)$fields[16];
        } elseif ($name === 'work' || $name === 'io') {
            $values['engine'][] = (int)$fields[16];
        }
    }
    return array_map(array_unique(...), $values);
}

$before = nice_values()['own'][0];
$engine = new Engine(nice: 7, ioPriority: IoPriority::Low);
$engine->start(test_spec("$dir/a.zip"))->wait();
$values = nice_values();
var_dump($values['own'] === [$before], array_values($values['engine']) === [min(19, $before + 7)]);
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(true)
bool(true)
