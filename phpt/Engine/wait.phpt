--TEST--
A job runs inside wait(), its callbacks come in order
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$spec = test_spec("$dir/a.zip", test_list(3),
    onState: function (Job $job, State $state) { echo $state->value, ' ', $state->name, ': ', $state->label(), $state->isFinal() ? ', final' : '', "\n"; },
    onProgress: function (Job $job, Progress $progress) { global $last; $last = $progress; },
    onDone: function (Job $job) use (&$held) { echo 'done, the same job: '; var_dump($job === $held); });
$held = $engine->start($spec);
echo $held->state()->name, ', nothing ran yet: ', test_names($dir), "\n";
var_dump($held->result(), $held->error());
$result = $held->wait();
var_dump($result === $held->result(), $result === $held->wait());
echo $result->entries, ' entries, ', $result->payloadBytes, " bytes\n";
var_dump($result->path === "$dir/a.zip", $result->containerBytes === filesize("$dir/a.zip"));
var_dump($result->sha256 === hash_file('sha256', "$dir/a.zip"), $result->sha512, $result->stored);
echo $last->entriesDone, ' of ', $last->entriesTotal, ', ', $last->bytesDone, ' of ', $last->bytesTotal, ', ', $last->fraction(), "\n";
echo $held->progress()->state->name, ' ', $held->progress()->fraction(), "\n";
var_dump($engine->wait(), $engine->poll());
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Queued, nothing ran yet: nothing
NULL
NULL
20 PreProcessing: preparing
30 ActivityArchiving: archiving
50 PostProcessing: finishing
60 Store: storing
90 Cleanup: cleaning up
100 Completed: completed, final
done, the same job: bool(true)
bool(true)
bool(true)
3 entries, 27 bytes
bool(true)
bool(true)
bool(true)
NULL
array(0) {
}
3 of 3, 27 of 27, 1
Completed 1
bool(true)
bool(false)
