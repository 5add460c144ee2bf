--TEST--
exit(), the end of the engine and what a fork leaves interrupt a journalled job; nothing is lost
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$child = function (callable $run) use ($dir): void {
    $pid = pcntl_fork();
    if ($pid === 0) {
        register_shutdown_function(fn() => print("shut down\n"));
        $run();
        exit("must not be reached\n");
    }
    pcntl_waitpid($pid, $status);
    echo pcntl_wexitstatus($status), ' ', test_status($dir), "\n";
};
echo "-- exit() in a source, in onState, in a driver\n";
$child(fn() => (new Engine())->start(test_staged($dir, (new EntryList())->addCallback('a', fn() => exit(0))))->wait());
$child(fn() => (new Engine())->start(test_staged($dir, test_list(), onState: fn(Job $job, State $state) => $state === State::Store && exit(0)))->wait());
test_remove("$dir/staging");
$driver = new class extends Unsteady {
    public function store(Artifact $data, string $key): void { exit(0); }
};
$child(fn() => (new Engine())->start(test_staged($dir, test_list(), storages: [$driver]))->wait());
test_remove("$dir/staging");
echo "-- the engine is freed, at any time\n";
for ($polls = 0; $polls < 6; $polls++) {
    $engine = new Engine();
    $engine->start(test_staged($dir, test_slow_list(), streams: true, onDone: fn() => print("must not be called\n")));
    for ($i = 0; $i < $polls; $i++) {
        $engine->poll(5);
    }
    unset($engine);
}
echo test_status($dir), "\n";
echo "-- fork\n";
$engine = new Engine();
$job = $engine->start(test_staged($dir, test_slow_list(20)));
while ($job->state() !== State::ActivityArchiving) {
    $engine->poll(1000);
}
$pid = pcntl_fork();
if ($pid === 0) {
    echo $job->state()->name, "\n";
    test_thrown(fn() => $job->wait());
    test_thrown(fn() => (new Engine())->start(test_staged($dir, test_list()))->wait());
    exit(3);
}
pcntl_waitpid($pid, $status);
echo $job->wait()->entries, " entry by the parent\n", test_status($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
-- exit() in a source, in onState, in a driver
shut down
0 Queued, attempts: 0, objects: 0
shut down
0 Queued, attempts: 0, packaged, objects: 0
shut down
0 Queued, attempts: 0, packaged, objects: 0
-- the engine is freed, at any time
Queued, attempts: 0, objects: 0
-- fork
Queued
Archivist\Exception\StateException: The job belongs to the process that forked this one; it goes on there, and cannot be waited for here.
Archivist\Exception\StateException: Another process, with the number %d if it is on this machine, works on the job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f; wait for it, or cancel the job.
1 entry by the parent
Completed, attempts: 1, packaged, objects: 1
