--TEST--
Forks inside of callbacks
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
foreach (['state', 'read'] as $where) {
    foreach (['leaves', 'goes on'] as $then) {
        $pid = $at = null;
        $left = 10;
        $fork = function () use (&$pid, &$at, &$left, $then) {
            $pid ??= pcntl_fork();
            $at ??= $left;
            if ($pid === 0 && $then === 'leaves') {
                exit(3);
            }
        };
        $engine = new Engine();
        $list = new EntryList();
        $list->addCallback('a', function (int $length) use ($fork, $where, &$left) {
            if ($where === 'read' && $left === 8) {
                $fork();
            }
            return $left-- > 0 ? random_bytes($length) : '';
        });
        $job = $engine->start(test_spec("$dir/" . str_replace(' ', '', "$where$then.zip"), $list,
            onState: function (Job $job, State $state) use ($fork, $where) {
                if ($where === 'state' && $state === State::ActivityArchiving) {
                    $fork();
                }
            }));
        try {
            $job->wait();
        } catch (Exception\CanceledException) {
            echo "cancelled in the child\n";
        }
        if ($pid === 0) {
            /* The sources are read by the parent alone. */
            exit($left === $at - ($where === 'read' ? 1 : 0) && $engine->start(test_spec("$dir/child$where.zip"))->wait()->entries === 1 ? 4 : 5);
        }
        pcntl_waitpid($pid, $status);
        echo "$where, the child $then: ", pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'killed', ', ', $job->state()->name, "\n";
    }
}
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
state, the child leaves: 3, Completed
cancelled in the child
state, the child goes on: 4, Completed
read, the child leaves: 3, Completed
cancelled in the child
read, the child goes on: 4, Completed
childread.zip childstate.zip readgoeson.zip readleaves.zip stategoeson.zip stateleaves.zip
