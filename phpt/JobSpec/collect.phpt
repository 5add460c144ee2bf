--TEST--
A job collects its entries within its run, and what goes wrong there is the run's
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$staging = test_staging($dir);
final class Later extends Exception\ArchivistException
{
    protected bool $retryable = true;
}
$go = function (callable $collect, int $attempts = 5) use ($dir): Job {
    return (new Engine())->start(test_staged($dir, null, collect: $collect, retry: new Retry($attempts, 1)));
};
$tell = function (Job $job) use ($dir): void {
    test_thrown(fn() => $job->wait());
    echo '  ', $job->state()->name, ' ', test_status($dir), "\n";
};

echo "-- it fails, and may do better\n";
$later = new Later('The database does not answer.');
$job = $go(fn() => throw $later);
$tell($job);
var_dump($job->error() === $later);
echo "-- it is interrupted\n";
$tell($go(fn() => throw new Exception\StateException('Cron ends.', E_CLOSED)));
echo "-- it gives what is no list\n";
$tell($go(fn() => [new EntryList(), 5]));
$staging->delete(UUID);
echo "-- it fails for good\n";
$tell($go(fn() => throw new \RuntimeException('The exam is gone.')));
$staging->delete(UUID);
echo "-- it cancels\n";
$tell($go(fn() => throw new Exception\CanceledException('Nobody wants it.', E_CANCELED)));
$staging->delete(UUID);
echo "-- it is cancelled meanwhile\n";
$tell($go(function (Job $job) use ($staging): EntryList {
    $job->check();
    $staging->cancel(UUID);
    $job->check();
    return new EntryList();
}));
$staging->delete(UUID);
echo "-- it gives a list that another job has had\n";
$list = test_list();
(new Engine())->start(test_staged($dir, $list))->wait();
$staging->delete(UUID);
test_thrown(fn() => $go(fn() => $list, 1)->wait());
$staging->delete(UUID);

echo "-- it gives a list\n";
$read = function (): \Closure {
    $bytes = ['read ', 'later', ''];
    return function () use (&$bytes): string {
        return array_shift($bytes);
    };
};
$asked = 0;
$tar = fn(callable $collect): Job => (new Engine())->start(new JobSpec(
    null,
    new PackageOptions('x', Format::Tar, uuid: UUID),
    storages: [new Storage\Filesystem("$dir/store", true)],
    staging: $staging,
    collect: $collect,
));
echo $tar(function () use ($read, &$asked): array {
    $asked++;
    $list = (new EntryList())->addCallback('late.txt', $read());
    return [$list, new PackageOptions('x', Format::Tar, uuid: UUID, title: 'Collected', metadata: ['of' => 'job'])];
})->wait()->entries, ' entry, asked ', $asked, "\n";
$bytes = file_get_contents(glob("$dir/store/*/*.tar")[0]);
foreach (['read later', '"title":"Collected"', '"metadata":{"of":"job"}'] as $part) {
    var_dump(str_contains($bytes, $part));
}
echo $tar(fn() => throw new \LogicException('It has ended.'))->wait()->entries, " entry\n";
test_thrown(fn() => test_staged($dir, test_list(), collect: fn() => null));
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
-- it fails, and may do better
Archivist\Later: The database does not answer.
  RecoverableError RecoverableError, attempts: 1, objects: 0
bool(true)
-- it is interrupted
Archivist\Exception\StateException: Cron ends.
  Queued Queued, attempts: 1, objects: 0
-- it gives what is no list
Archivist\Exception\CallbackException: The callback $collect must return an EntryList, or an array of an EntryList and PackageOptions.
  Failure Failure, attempts: 2, objects: 0
-- it fails for good
RuntimeException: The exam is gone.
  Failure Failure, attempts: 1, objects: 0
-- it cancels
Archivist\Exception\CanceledException: Nobody wants it.
  Aborted Aborted, attempts: 1, objects: 0
-- it is cancelled meanwhile
Archivist\Exception\CanceledException: The job was cancelled.
  Aborted Aborted, attempts: 1, objects: 0
-- it gives a list that another job has had
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
-- it gives a list
1 entry, asked 1
bool(true)
bool(true)
bool(true)
1 entry
Archivist\Exception\InvalidArgumentException: The argument $collect stands in place of a list of entries: give one of both.
