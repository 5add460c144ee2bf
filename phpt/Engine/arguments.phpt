--TEST--
Arguments of the engine and what it refuses
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
test_thrown(fn() => new Engine(threads: 257));
test_thrown(fn() => new Engine(threads: -1));
test_thrown(fn() => new Engine(readers: 65));
test_thrown(fn() => new Engine(jobs: 65));
test_thrown(fn() => new Engine(memoryBytes: 4096));
test_thrown(fn() => new Engine(nice: 20));
test_thrown(fn() => new Engine(nice: -1));
test_thrown(fn() => new Engine(ioPriority: 1));
test_thrown(fn() => new Engine(logger: 'no_such_function'));
test_thrown(fn() => (new Engine())->poll(-1));
test_thrown(fn() => (new Engine())->wait(-1));
test_thrown(fn() => (new Engine())->__construct());
test_thrown(fn() => new Engine(1, 1, 1, 8 << 20, null, LogLevel::Error, 19, IoPriority::Idle));
test_thrown(fn() => (new Engine())->start(new \stdClass()));
--EXPECT--
Archivist\Exception\InvalidArgumentException: The argument $threads of the engine is 257; 0 (the default) and 1 to 256 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $threads of the engine is -1; 0 (the default) and 1 to 256 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $readers of the engine is 65; 0 (the default) and 1 to 64 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $jobs of the engine is 65; 0 (the default) and 1 to 64 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $memoryBytes of the engine is 4096; 0 (the default) and 4194304 to 9223372036854775807 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $nice of the engine is 20; 0 (the default) and 1 to 19 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $nice of the engine is -1; 0 (the default) and 1 to 19 are allowed.
TypeError: Archivist\Engine::__construct(): Argument #8 ($ioPriority) must be of type Archivist\IoPriority, int given
TypeError: Archivist\Engine::__construct(): Argument #5 ($logger) must be a valid callback or null, function "no_such_function" not found or invalid function name
Archivist\Exception\InvalidArgumentException: The argument $timeoutMs is -1; it must be 0 or more milliseconds.
Archivist\Exception\InvalidArgumentException: The argument $timeoutMs is -1; it must be 0 or more milliseconds.
Archivist\Exception\StateException: The engine was constructed already.
nothing was thrown
TypeError: Archivist\Engine::start(): Argument #1 ($spec) must be of type Archivist\JobSpec, stdClass given
