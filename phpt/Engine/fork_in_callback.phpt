--TEST--
A child that is forked inside a callback ends there; the parent's job goes on
--EXTENSIONS--
pcntl
--INI--
display_errors=0
log_errors=0
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';

class ForkingDriver implements StorageDriver
{
    private array $objects = [];

    public function __construct(private \Closure $fork) {}

    public function store(Artifact $data, string $key): void
    {
        $this->objects[$key] = file_get_contents($data->path);
        ($this->fork)();
    }

    public function retrieve(string $key, string $path): void { file_put_contents($path, $this->objects[$key]); }

    public function delete(string $key): void {}
}

$dir = test_folder(__FILE__);
$ways = [
    'leaves' => fn() => exit(3),
    'returns' => fn() => null,
    'throws' => fn() => throw new \LogicException('thrown in the child'),
];
register_shutdown_function(function () use (&$pid) {
    if ($pid === 0) {
        echo 'The child shuts down: ', strtok(error_get_last()['message'] ?? 'no error', '.'), ".\n";
    }
});
foreach (['state', 'progress', 'done', 'read', 'driver', 'logger'] as $where) {
    foreach ($ways as $then => $way) {
        $pid = null;
        $units = 10;
        $fork = function (string $here) use (&$pid, $where, $way) {
            if ($here === $where && $pid === null) {
                $pid = pcntl_fork();
                if ($pid === 0) {
                    return $way();
                }
                pcntl_waitpid($pid, $status); // The child does not need the parent to end.
                $pid = pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'killed';
            }
        };
        $engine = new Engine(logger: fn() => $fork('logger'), logLevel: LogLevel::Debug);
        $list = (new EntryList())->addCallback('a', function (int $length) use ($fork, &$units) {
            $fork('read');
            return $units-- > 0 ? str_repeat("x", $length) : "";
        });
        $job = $engine->start(test_spec("$dir/$where-$then.zip", $list, [new ForkingDriver(fn() => $fork('driver'))],
            onState: fn() => $fork('state'),
            onProgress: fn() => $fork('progress'),
            onDone: fn() => $fork('done'),
            progressIntervalMs: 1));
        $job->wait();
        echo "$where, the child $then: $pid, ", $job->state()->name, ' ',
            (new Verifier())->verify("$dir/$where-$then.zip")->valid ? 'valid' : 'damaged', "\n";
    }
}
echo count(glob("$dir/{,.}*.*", GLOB_BRACE)) - 1, " files\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
The child shuts down: no error.
state, the child leaves: 3, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
state, the child returns: 255, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
state, the child throws: 255, Completed valid
The child shuts down: no error.
progress, the child leaves: 3, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
progress, the child returns: 255, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
progress, the child throws: 255, Completed valid
The child shuts down: no error.
done, the child leaves: 3, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
done, the child returns: 255, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
done, the child throws: 255, Completed valid
The child shuts down: no error.
read, the child leaves: 3, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
read, the child returns: 255, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
read, the child throws: 255, Completed valid
The child shuts down: no error.
driver, the child leaves: 3, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
driver, the child returns: 255, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
driver, the child throws: 255, Completed valid
The child shuts down: no error.
logger, the child leaves: 3, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
logger, the child returns: 255, Completed valid
The child shuts down: A callback of Archivist forked, and the child returned from it.
logger, the child throws: 255, Completed valid
18 files
