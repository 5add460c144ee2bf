--TEST--
Many large sources that fail in the middle: the job begins again each time, and its end is told
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$states = [];
$list = test_list();
$list->addCallback('large', function (int $length): string {
    static $units = 100; // more than an engine holds: some are written before it fails
    if (!$units--) {
        throw new Exception\SourceException('torn in the middle');
    }
    return str_repeat('x', $length);
});
$job = $engine->start(new JobSpec($list, new PackageOptions('x', failuresMax: 1), "$dir/a.zip",
    onState: function (Job $job, State $state) use (&$states) { $states[] = $state->name; }));
$result = $job->wait();
echo implode(' ', $states), "\n";
echo $result->failures[0]->message, "\n";
var_dump($job->state(), (new Verifier())->verify("$dir/a.zip")->valid);
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
PreProcessing ActivityArchiving PreProcessing ActivityArchiving PostProcessing Store Cleanup Partial
Entry 'large': torn in the middle
enum(Archivist\State::Partial)
bool(true)
