--TEST--
Jobs are made, looked at, cancelled, requeued, deleted and swept without an engine
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$staging = test_staging($dir);
$staging->create(UUID, "the application's\0own");
$staging->create(OTHER_UUID);
test_thrown(fn() => $staging->create(UUID));
test_thrown(fn() => $staging->create('0198f6a0-5c5e-7cc3-98c4-dc0c0c073900', str_repeat('x', (1 << 20) + 1)));
var_dump($staging->uuids() === [UUID, OTHER_UUID], $staging->document(UUID) === "the application's\0own");
test_thrown(fn() => $staging->document(OTHER_UUID));
$status = $staging->status(UUID);
var_dump(abs($status->requestedAt - time()) < 60, $status->uuid === UUID, $status->state, $status->running);
foreach (['begunAt', 'endedAt', 'retryAt', 'collectedAt', 'readAt', 'packedAt', 'storedAt', 'sha256', 'sha512', 'cause', 'causeCode'] as $property) {
    echo $property, $status->$property === null ? ' is null' : ' is something', "\n";
}
var_dump($status->targets, $staging->log(UUID));
test_thrown(function () use ($status) { $status->attempts = 1; });
test_thrown(fn() => $staging->requeue(UUID));
test_thrown(fn() => $staging->delete(UUID));
$staging->cancel(UUID);
$staging->cancel(UUID);
var_dump($staging->status(UUID)->cancelAsked);

echo "-- run\n";
$engine = new Engine();
test_thrown(fn() => $engine->start(test_staged($dir, null))->wait());
echo test_status($dir), "\n";
test_thrown(fn() => $staging->cancel(UUID));
$staging->requeue(UUID);
echo test_status($dir), "\n";
$result = $engine->start(test_staged($dir, test_list(3)))->wait();
$status = $staging->status(UUID);
var_dump($status->entries, $status->payloadBytes === $result->payloadBytes, $status->containerBytes === $result->containerBytes);
var_dump($status->sha256 === $result->sha256, $status->failures, $status->endedAt >= $status->begunAt, $status->retryable);
$times = [$status->requestedAt, $status->collectedAt, $status->readAt, $status->packedAt, $status->storedAt, $status->endedAt];
var_dump($times === array_values(array_filter($times, is_int(...))) && max($times) - min($times) < 60, $status->targets[0]->storedAt === $status->storedAt);
var_dump([$result->collectedAt, $result->readAt, $result->packedAt] === array_slice($times, 1, 3));
$report = (new Verifier())->verify(substr($status->targets[0]->address, strlen('file://')));
var_dump([$report->requestedAt, $report->collectedAt] === array_slice($times, 0, 2));
var_dump($status->targets[0]->address === $result->stored[0]->address, $status->targets[0]->stored);
test_thrown(fn() => $staging->requeue(UUID));
$staging->delete(UUID);
test_thrown(fn() => $staging->status(UUID));
echo test_objects($dir), " object stays\n";

echo "-- damaged\n";
$journal = "$dir/staging/" . OTHER_UUID . '/journal';
file_put_contents($journal, str_replace('created', 'creatad', file_get_contents($journal)));
test_thrown(fn() => $staging->status(OTHER_UUID));
test_thrown(fn() => $staging->delete(OTHER_UUID));
mkdir("$dir/staging/" . UUID, 0700);
touch("$dir/staging/" . UUID . '/lock');
var_dump($staging->sweep());
$staging->delete(OTHER_UUID, force: true);
var_dump($staging->uuids());
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Archivist\Exception\ExistsException: The job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f is there already.
Archivist\Exception\LimitException: The document of a job has 1048577 bytes; at most 1 MiB is kept.
bool(true)
bool(true)
Archivist\Exception\NotFoundException: The document of the job 0198f6a0-5c5e-7cc3-98c4-dc0c0c0739aa cannot be read: No such file or directory.
bool(true)
bool(true)
enum(Archivist\State::Queued)
bool(false)
begunAt is null
endedAt is null
retryAt is null
collectedAt is null
readAt is null
packedAt is null
storedAt is null
sha256 is null
sha512 is null
cause is null
causeCode is null
array(0) {
}
array(0) {
}
Error: Cannot modify readonly property Archivist\StagedStatus::$attempts
Archivist\Exception\StateException: The job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f is waiting; only one that failed, waits for a retry, was cancelled or is complete in part is begun anew.
Archivist\Exception\StateException: The job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f is waiting; cancel it and let it end before it is deleted. Where that cannot be, such as without its storage, delete it by force: what it has stored stays.
bool(true)
-- run
Archivist\Exception\CanceledException: The job was cancelled.
Aborted, attempts: 0, objects: 0
Archivist\Exception\StateException: The job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f has ended already: it is cancelled.
Queued, attempts: 0, objects: 0
int(3)
bool(true)
bool(true)
bool(true)
int(0)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
Archivist\Exception\StateException: The job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f is completed; only one that failed, waits for a retry, was cancelled or is complete in part is begun anew.
Archivist\Exception\NotFoundException: There is no job 0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f in this staging folder.
1 object stays
-- damaged
Archivist\Exception\IntegrityException: The journal '%s/phpt/Staging/methods.tmp/staging/0198f6a0-5c5e-7cc3-98c4-dc0c0c0739aa/journal' is damaged behind record 0, at byte 0: a checksum does not fit. Nothing was done and nothing removed; restore the file from a copy, or look at what the job has stored and delete the job by force.
Archivist\Exception\IntegrityException: The journal '%s/phpt/Staging/methods.tmp/staging/0198f6a0-5c5e-7cc3-98c4-dc0c0c0739aa/journal' is damaged behind record 0, at byte 0: a checksum does not fit. Nothing was done and nothing removed; restore the file from a copy, or look at what the job has stored and delete the job by force.
object(Archivist\StagingSwept)#%d (4) {
  ["jobs"]=>
  int(1)
  ["files"]=>
  int(0)
  ["bytes"]=>
  int(0)
  ["damaged"]=>
  int(1)
}
array(0) {
}
