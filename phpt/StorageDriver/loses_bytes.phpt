--TEST--
Archivist\StorageDriver: an object that lost or changed bytes never counts as stored
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};

class LossyDriver extends ArrayDriver
{
    public function __construct(private Closure $damage) {}

    public function store(Archivist\Artifact $data, string $key): void
    {
        parent::store($data, $key);
        $this->objects[$key] = ($this->damage)($this->objects[$key]);
    }
}

$folder = test_folder();
file_put_contents("$folder/a", str_repeat('abcdefgh', 1000));
$damages = [
    'cut' => fn($bytes) => substr($bytes, 0, -1),
    'longer' => fn($bytes) => $bytes . 'x',
    'changed' => function ($bytes) { $bytes[100] = $bytes[100] ^ "\x01"; return $bytes; },
    'empty' => fn($bytes) => '',
];
foreach ($damages as $name => $damage) {
    echo "$name\n";
    foreach (['job', 'task'] as $what) {
        $driver = new LossyDriver($damage);
        try {
            if ($what === 'job') {
                test_archive(null, [$driver]);
            } else {
                $task = (new StorageApi(new Engine()))->processTask(new StorageTask($driver, Operation::Store, "$folder/a"));
                $task->wait();
            }
        } catch (Archivist\Exception\IntegrityException $e) {
            echo $e->getErrorName(), ' ', count($driver->objects), ' left, ', implode(' ', $driver->calls), "\n";
        }
    }
}
?>
--EXPECT--
cut
READBACK 0 left, store retrieve delete
READBACK 0 left, store retrieve delete
longer
READBACK 0 left, store retrieve delete
READBACK 0 left, store retrieve delete
changed
READBACK 0 left, store retrieve delete
READBACK 0 left, store retrieve delete
empty
READBACK 0 left, store retrieve delete
READBACK 0 left, store retrieve delete
