--TEST--
What a specification of a journalled job refuses
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$staging = test_staging($dir);
$options = new PackageOptions('x', uuid: UUID);
$storages = [new Storage\Filesystem("$dir/store", true)];
$spec = test_staged($dir, null, staging: $staging, streams: true);
var_dump($spec->entries, $spec->staging === $staging, $spec->streams, test_spec("$dir/a.zip")->staging, test_spec("$dir/a.zip")->streams);
test_thrown(fn() => new JobSpec(null, $options, "$dir/a.zip"));
test_thrown(fn() => new JobSpec(test_list(), $options, "$dir/a.zip", streams: true));
test_thrown(fn() => new JobSpec(test_list(), $options, "$dir/a.zip", $storages, staging: $staging));
test_thrown(fn() => new JobSpec(test_list(), $options, staging: $staging));
test_thrown(fn() => new JobSpec(test_list(), new PackageOptions('x'), storages: $storages, staging: $staging));
test_thrown(fn() => new JobSpec(test_list(), $options, "$dir/a.zip", retry: new Retry()));
$spec = test_staged($dir, null, limits: new Limits(5, 6), retry: new Retry(7, 8));
echo "{$spec->limits->timeMs} {$spec->limits->stallMs} {$spec->retry->attempts} {$spec->retry->delayMs}\n";
$spec = test_staged($dir, null);
var_dump($spec->limits, $spec->retry);
echo json_encode([new Limits(), new Retry()]), "\n";
foreach ([['timeMs' => -1], ['stallMs' => -1]] as $wrong) {
    test_thrown(fn() => new Limits(...$wrong));
}
foreach ([['attempts' => 1001], ['attempts' => -1], ['delayMs' => 3600001]] as $wrong) {
    test_thrown(fn() => new Retry(...$wrong));
}
test_thrown(fn() => (new Limits())->__construct());
test_thrown(fn() => (new Retry())->__construct());
test_thrown(fn() => (new Engine())->start(test_staged($dir, null))->wait());
echo test_status($dir), "\n";
echo (new Engine())->start(test_staged($dir, test_list()))->wait()->entries, " entry\n";
$elsewhere = [new Storage\Filesystem("$dir/elsewhere", true)];
$driver = new Unsteady();
$driver->thrown = new Exception\StorageException('It failed.', E_IO);
$staging->delete(UUID);
test_thrown(fn() => (new Engine())->start(test_staged($dir, test_list(), storages: [$driver], retry: new Retry(delayMs: 1)))->wait());
test_thrown(fn() => (new Engine())->start(test_staged($dir, test_list(), storages: $elsewhere))->wait());
echo test_status($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
NULL
bool(true)
bool(true)
NULL
bool(false)
Archivist\Exception\InvalidArgumentException: A job needs a list of entries; only a journalled one whose container is complete goes on without.
Archivist\Exception\InvalidArgumentException: The argument $streams is for journalled jobs: give a staging too. Any other job streams always.
Archivist\Exception\InvalidArgumentException: A journalled job goes to storages: give at least one, and no path.
Archivist\Exception\InvalidArgumentException: A journalled job goes to storages: give at least one, and no path.
Archivist\Exception\InvalidArgumentException: A journalled job is found again by its UUID: give one to the package options.
Archivist\Exception\InvalidArgumentException: The argument $retry is for journalled jobs: give a staging too. Any other job runs once.
5 6 7 8
NULL
NULL
[{"timeMs":0,"stallMs":0},{"attempts":5,"delayMs":60000}]
Archivist\Exception\InvalidArgumentException: The argument $timeMs is -1; 0 (the default) to 9223372036854775807 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $stallMs is -1; 0 (the default) to 9223372036854775807 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $attempts is 1001; 0 (the default) to 1000 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $attempts is -1; 0 (the default) to 1000 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $delayMs is 3600001; 0 (the default) to 3600000 are allowed.
Archivist\Exception\StateException: The limits were constructed already.
Archivist\Exception\StateException: The retry was constructed already.
Archivist\Exception\InvalidArgumentException: The job has no container yet: start it with its list of entries.
Queued, attempts: 0, objects: 0
1 entry
Archivist\Exception\StorageException: It failed.
Archivist\Exception\InvalidArgumentException: The job has begun to store into other storages, or in another format, than it is started with now; start it as before, or cancel it as before.
RecoverableError, attempts: 1, packaged, objects: 1
