--TEST--
A job whose process is killed goes on where it stood
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$killed = function (State $in) use ($dir): void {
    $pid = pcntl_fork();
    if ($pid === 0) {
        $die = fn(Job $job, State $state) => $state === $in && exec("kill -9 " . getmypid());
        (new Engine())->start(test_staged($dir, test_list(3), onState: $die))->wait();
        exit(1);
    }
    pcntl_waitpid($pid, $status);
    echo "killed in $in->name: ", pcntl_wifsignaled($status) ? 'yes' : 'no', "\n";
};
$staging = test_staging($dir);
$staging->create(UUID, 'made from');
$states = [];
$killed(State::PreProcessing);
echo test_status($dir), "\n";
$killed(State::Store);
echo test_status($dir), "\n";
$engine = new Engine();
$onState = function (Job $job, State $state) use (&$states) { $states[] = $state->name; };
echo $engine->start(test_staged($dir, null, onState: $onState))->wait()->entries, " entries\n";
echo implode(' ', $states), "\n", test_status($dir), "\n";
echo 'again: ', $engine->start(test_staged($dir, null))->wait()->entries, " entries, the document: ", $staging->document(UUID), "\n";
$staging->delete(UUID);
echo count($staging->uuids()), " jobs\n";
for ($i = 0; $i < 2; $i++) {
    $killed(State::PreProcessing);
}
test_thrown(fn() => $engine->start(test_staged($dir, test_list(), retry: new Retry(2)))->wait());
echo test_status($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
killed in PreProcessing: yes
Queued, attempts: 1, objects: 0
killed in Store: yes
Queued, attempts: 2, packaged, objects: 0
3 entries
Store Cleanup Completed
Completed, attempts: 3, packaged, objects: 1
again: 3 entries, the document: made from
0 jobs
killed in PreProcessing: yes
killed in PreProcessing: yes
Archivist\Exception\LimitException: After 2 attempts: The job was begun 2 times, and each time its process was killed or could not go on; look into the system's log for the reason, then begin it anew.
Failure, attempts: 2, objects: 1
