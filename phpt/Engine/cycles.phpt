--TEST--
Cycles through callbacks are collected, of jobs that run and of those that ended
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
class Witness { public array $held; function __destruct() { echo "destroyed\n"; } }
$dir = test_folder(__FILE__);
$make = function (bool $wait) use ($dir) {
    $engine = new Engine();
    $list = new EntryList();
    $witness = new Witness();
    $list->addCallback('a', function () use ($engine, $list, $witness, &$job) { return ''; });
    $spec = test_spec("$dir/a.zip", $list, onDone: function () use ($engine, $witness, &$job, &$spec) {});
    $job = $engine->start($spec);
    $witness->held = [$engine, $job, $spec];
    if ($wait) {
        $job->wait();
        unlink("$dir/a.zip");
    }
};
foreach ([true, false] as $wait) {
    $make($wait);
    var_dump(gc_collect_cycles() > 0);
}
$make = function () {
    $list = new EntryList();
    $witness = new Witness();
    $list->addCallback('a', function () use ($list, $witness) {});
    $logger = function () use (&$engine, $witness) {};
    $engine = new Engine(logger: $logger);
};
$make();
var_dump(gc_collect_cycles() > 0);
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
destroyed
bool(true)
destroyed
bool(true)
destroyed
bool(true)
