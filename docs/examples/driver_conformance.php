<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * What every StorageDriver in PHP must do, seen through the front that uses it:
 *
 *     php driver_conformance.php DRIVER.php
 *
 * DRIVER.php returns a function that makes the driver: given an empty folder, which it need not use, always the same
 * storage. It runs in the current folder; the last line is "N passed, N failed".
 */

use Archivist\{AsyncTask, Engine, EntryList, JobSpec, Operation, PackageOptions, StorageApi, StorageDriver, StorageTask};
use Archivist\Exception\{CanceledException, ExistsException, IntegrityException, NotFoundException};

const KEY = '5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip';
const OTHER_KEY = 'aa/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4baa.zip';

/** What the application's own driver does, and lets a test break. */
class Between implements StorageDriver
{
    public function __construct(private StorageDriver $driver, private Closure $beforeRetrieve) {}

    public function store(Archivist\Artifact $data, string $key): void
    {
        $this->driver->store($data, $key);
    }

    public function retrieve(string $key, string $path): void
    {
        $this->driver->retrieve($key, $path);
        ($this->beforeRetrieve)($path);
    }

    public function delete(string $key): void
    {
        $this->driver->delete($key);
    }
}

class Conformance
{
    private Engine $engine;
    private StorageApi $api;

    public function __construct(private StorageDriver $driver)
    {
        $this->engine = new Engine();
        $this->api = new StorageApi($this->engine);
        file_put_contents('source', random_bytes(300000));
    }

    private function start(Operation $operation, ?string $path = null, ?string $key = null, ?StorageDriver $driver = null): AsyncTask
    {
        return $this->api->processTask(new StorageTask($driver ?? $this->driver, $operation, $path, $key));
    }

    private function exists(string $key): bool
    {
        try {
            $this->start(Operation::Stat, key: $key)->wait();
            return true;
        } catch (NotFoundException) {
            return false;
        }
    }

    private static function holds(bool $condition, string $what): void
    {
        if (!$condition) {
            throw new LogicException($what);
        }
    }

    private static function throws(string $class, callable $run): void
    {
        try {
            $run();
        } catch (Throwable $e) {
            self::holds($e instanceof $class, "It threw " . get_class($e) . ", not $class: " . $e->getMessage());
            return;
        }
        self::holds(false, "It threw nothing, not $class.");
    }

    private function put(string $content, string $key = KEY): void
    {
        file_put_contents('put', $content);
        $this->start(Operation::Store, 'put', $key)->wait();
    }

    private function get(string $key = KEY): string
    {
        $this->start(Operation::Retrieve, 'got', $key)->wait();
        $content = file_get_contents('got');
        unlink('got');
        return $content;
    }

    public function storesAndGivesBack(): void
    {
        $content = file_get_contents('source');
        $object = $this->start(Operation::Store, 'source', KEY)->wait();
        self::holds($object->key === KEY && $object->sizeBytes === strlen($content), 'The object is another one.');
        self::holds($this->get() === $content, 'Other bytes came back.');
        self::holds($this->start(Operation::Stat, key: KEY)->wait()->sizeBytes === strlen($content), 'The size differs.');
    }

    public function storesAnEmptyObject(): void
    {
        $this->put('');
        self::holds($this->get() === '', 'It is not empty.');
    }

    public function keepsTheOldBytesWhenAKeyIsTaken(): void
    {
        $this->put('first');
        self::throws(ExistsException::class, fn() => $this->put('second'));
        self::holds($this->get() === 'first', 'The old bytes are gone.');
    }

    public function tellsKeysApart(): void
    {
        $this->put('first');
        $this->put('second', OTHER_KEY);
        $this->start(Operation::Delete, key: KEY)->wait();
        self::holds(!$this->exists(KEY) && $this->get(OTHER_KEY) === 'second', 'The wrong object was removed.');
    }

    public function namesAMissingObject(): void
    {
        self::holds(!$this->exists(KEY), 'There is an object that nobody stored.');
        self::throws(NotFoundException::class, fn() => $this->get());
        self::throws(NotFoundException::class, fn() => $this->start(Operation::Delete, key: KEY)->wait());
        self::holds(!file_exists('got'), 'A file was made.');
    }

    public function removesForGood(): void
    {
        $this->put('first');
        $this->start(Operation::Delete, key: KEY)->wait();
        self::holds(!$this->exists(KEY), 'It is still there.');
        $this->put('second');
        self::holds($this->get() === 'second', 'The removed bytes came back.');
    }

    public function leavesNothingOfWrongBytes(): void
    {
        $flip = fn(string $path) => file_put_contents($path, 'x', FILE_APPEND);
        $task = $this->start(Operation::Store, 'source', KEY, new Between($this->driver, $flip));
        self::throws(IntegrityException::class, fn() => $task->wait());
        self::holds(!$this->exists(KEY), 'A damaged object stayed.');
    }

    public function leavesNothingWhenCancelledAtAnyMoment(): void
    {
        for ($moment = 0, $stored = false; !$stored; $moment++) {
            self::holds($moment < 10000, 'A put never ends.');
            $task = $this->start(Operation::Store, 'source', KEY);
            for ($i = 0; $i < $moment && !$task->isDone(); $i++) {
                $this->engine->poll();
            }
            $stored = $task->isDone();
            $task->cancel();
            try {
                $task->wait();
                $this->start(Operation::Delete, key: KEY)->wait();
            } catch (CanceledException) {
                self::holds(!$this->exists(KEY), "Cancelled after $moment turns, it stayed.");
            }
        }
    }

    public function passesTheCheckOfTheFront(): void
    {
        $check = $this->start(Operation::Check)->wait();
        self::holds($check->ok, (string)$check->error);
    }

    public function keepsWhatAJobMakes(): void
    {
        $entries = (new EntryList())->addString('a.txt', 'answer');
        $spec = new JobSpec($entries, new PackageOptions('Exam'), storages: [$this->driver]);
        $result = $this->engine->start($spec)->wait();
        self::holds(hash('sha256', $this->get($result->stored[0]->key)) === $result->sha256, 'The archive differs.');
    }
}

$make = require realpath($argv[1]);
$passed = $failed = 0;
foreach (get_class_methods(Conformance::class) as $test) {
    if ($test === '__construct') {
        continue;
    }
    $folder = getcwd() . "/store-$test";
    mkdir($folder);
    try {
        (new Conformance($make($folder)))->$test();
        $passed++;
        echo "ok $test\n";
    } catch (Throwable $e) {
        $failed++;
        echo "FAILED $test: ", get_class($e), ': ', $e->getMessage(), "\n";
    }
}
echo "$passed passed, $failed failed\n";
exit($failed > 0 || $passed === 0 ? 1 : 0);
