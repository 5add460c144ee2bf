--TEST--
Archivist\Verifier: a fork inside a callback leaves the work to the parent
--EXTENSIONS--
archivist
pcntl
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask, Verifier};
$folder = test_folder();
test_archive("$folder/a.zip");
$wait = function (int $child) {
    pcntl_waitpid($child, $status);
    echo 'child ', pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'died', "\n";
};
foreach ([new Verifier(), new Verifier(new Engine())] as $verifier) {
    $child = null;
    try {
        $count = $verifier->list("$folder/a.zip", function () use (&$child) { $child ??= pcntl_fork(); });
        echo "parent $count\n";
    } catch (Archivist\Exception\CanceledException) {
        exit($verifier->verify("$folder/a.zip")->valid ? 7 : 8);
    }
    $wait($child);
}

class ForkingDriver extends ArrayDriver
{
    public ?int $child = null;

    public function store(Archivist\Artifact $data, string $key): void
    {
        parent::store($data, $key);
        $this->child ??= pcntl_fork();
    }
}

$driver = new ForkingDriver();
$engine = new Engine();
$task = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Store, __FILE__));
try {
    echo 'parent ', $task->wait()->sizeBytes === filesize(__FILE__) ? 'stored' : 'lost', "\n";
} catch (Archivist\Exception\CanceledException) {
    $check = (new StorageApi($engine))->processTask(new StorageTask(new ArrayDriver(), Operation::Check));
    exit($check->wait()->ok ? 7 : 8);
}
$wait($driver->child);
?>
--EXPECT--
parent 2
child 7
parent 2
child 7
parent stored
child 7
