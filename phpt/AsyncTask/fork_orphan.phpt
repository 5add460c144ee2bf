--TEST--
Archivist\AsyncTask: the child of a fork drops what the parent's tasks and drivers hold
--EXTENSIONS--
archivist
pcntl
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};

class Told
{
    public function __construct(private string $name, private int $process) {}

    public function __destruct()
    {
        echo $this->name, getmypid() === $this->process ? ' in the parent' : ' in the child', "\n";
    }
}

class ForkingDriver extends ArrayDriver
{
    /** In the child, everything that holds the driver is given up while its method runs. */
    public function store(Archivist\Artifact $data, string $key): void
    {
        parent::store($data, $key);
        $child = pcntl_fork();
        if ($child === 0) {
            unset($GLOBALS['async'], $GLOBALS['driver'], $GLOBALS['engine']);
            new Archivist\EntryList();
            echo 'the driver is still ', $this->told ? "there\n" : "gone\n";
            exit(4);
        }
        pcntl_waitpid($child, $status);
        echo 'child ', pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'died', "\n";
    }

    public function __construct(private Told $told) {}
}

/* Nobody holds the AsyncTask any more when the process forks. */
$engine = new Engine();
$told = new Told('callback dropped', getmypid());
$async = (new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Store, __FILE__), function () use ($told) { echo "stored\n"; });
unset($async, $told);
$child = pcntl_fork();
if ($child === 0) {
    $engine->poll();
    unset($engine);
    exit(3);
}
pcntl_waitpid($child, $status);
echo 'child ', pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'died', "\n";
$engine->wait();

$driver = new ForkingDriver(new Told('driver dropped', getmypid()));
$async = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Store, __FILE__));
unset($async, $driver);
$engine->wait();
unset($engine);
echo "end\n";
?>
--EXPECT--
callback dropped in the child
child 3
stored
callback dropped in the parent
the driver is still there
driver dropped in the child
child 4
driver dropped in the parent
end
