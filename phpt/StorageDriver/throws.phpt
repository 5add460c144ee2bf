--TEST--
Archivist\StorageDriver: each exception of a driver reaches who waits, itself or as the previous
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};

class ThrowingDriver extends ArrayDriver
{
    public function __construct(private Throwable $thrown) {}

    public function store(Archivist\Artifact $data, string $key): void
    {
        throw $this->thrown;
    }
}

$names = ['Archivist', 'InvalidArgument', 'State', 'Unsupported', 'Source', 'Storage', 'Exists', 'NotFound',
    'Integrity', 'Canceled', 'Timeout', 'Limit', 'Callback', 'Internal'];
$all = array_map(fn($name) => "Archivist\\Exception\\{$name}Exception", $names);
foreach ([...$all, 'RuntimeException', 'TypeError', 'ErrorException'] as $class) {
    $thrown = new $class("thrown by $class");
    $driver = new ThrowingDriver($thrown);
    $runs = [
        'job' => fn() => test_archive(null, [$driver]),
        'task' => function () use ($driver) {
            $task = (new StorageApi(new Engine()))->processTask(new StorageTask($driver, Operation::Store, __FILE__));
            $task->wait();
        },
    ];
    foreach ($runs as $what => $run) {
        try {
            $run();
        } catch (Throwable $e) {
            echo $what, ' ', $e === $thrown ? 'itself' : get_class($e) . ($e->getPrevious() === $thrown ? ', previous' : ''),
                ' ', str_contains($e->getMessage(), "thrown by $class") ? 'ok' : $e->getMessage(), "\n";
        }
    }
}
?>
--EXPECT--
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job itself ok
task itself ok
job Archivist\Exception\CallbackException, previous ok
task Archivist\Exception\CallbackException, previous ok
job Archivist\Exception\CallbackException, previous ok
task Archivist\Exception\CallbackException, previous ok
job Archivist\Exception\CallbackException, previous ok
task Archivist\Exception\CallbackException, previous ok
