--TEST--
A job that waits for a retry throws what is retryable, whatever its class
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$driver = new Unsteady();
$go = function (?EntryList $list = null, int $delay = 1) use ($engine, $dir, &$driver): Job {
    return $engine->start(test_staged($dir, $list, storages: [$driver], retry: new Retry(delayMs: $delay)));
};
foreach ([new Exception\StorageException('The disk is full.', E_NOSPACE), new Exception\StorageException('It failed.'),
    new Exception\IntegrityException('It was not what was written.', E_READBACK)] as $i => $thrown) {
    $driver->thrown = $thrown;
    $job = $go($i ? null : test_list());
    test_thrown(fn() => $job->wait());
    var_dump($job->error() === $thrown, $job->error()->isRetryable());
    $status = test_staging($dir)->status(UUID);
    echo $job->state()->name, ' ', $status->state->name, ', attempts: ', $status->attempts, "\n";
    var_dump($status->retryAt > 0, $status->retryable, $status->cause, $status->causeCode);
}
$driver->thrown = null;
echo $go()->wait()->entries, ' entry, attempts: ', test_staging($dir)->status(UUID)->attempts, "\n";
test_staging($dir)->delete(UUID);

echo "-- no retry mends this\n";
$driver = new Unsteady();
$driver->thrown = new Exception\StorageException('Permission was denied.', E_ACCESS);
$job = $go(test_list());
test_thrown(fn() => $job->wait());
var_dump($job->state(), $job->error()->isRetryable());
test_staging($dir)->delete(UUID);

echo "-- it waits, and is cancelled meanwhile\n";
$driver->thrown = new Exception\StorageException('It failed.', E_IO);
test_thrown(fn() => $go(test_list(), 3600000)->wait());
$job = $go(test_list());
test_thrown(fn() => $job->wait(50));
echo $job->state()->name, "\n";
$job->cancel();
test_thrown(fn() => $job->wait());
echo test_staging($dir)->status(UUID)->state->name, "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\StorageException: The disk is full.
bool(true)
bool(true)
RecoverableError RecoverableError, attempts: 1
bool(true)
bool(true)
string(17) "The disk is full."
int(-43)
Archivist\Exception\StorageException: It failed.
bool(true)
bool(true)
RecoverableError RecoverableError, attempts: 2
bool(true)
bool(true)
string(10) "It failed."
int(-44)
Archivist\Exception\IntegrityException: It was not what was written.
bool(true)
bool(true)
RecoverableError RecoverableError, attempts: 3
bool(true)
bool(true)
string(28) "It was not what was written."
int(-45)
1 entry, attempts: 4
-- no retry mends this
Archivist\Exception\StorageException: Permission was denied.
enum(Archivist\State::Failure)
bool(false)
-- it waits, and is cancelled meanwhile
Archivist\Exception\StorageException: It failed.
Archivist\Exception\TimeoutException: The job did not end within 50 ms; it goes on: wait again, or cancel it.
RecoverableError
Archivist\Exception\CanceledException: The job was cancelled.
Aborted
