--TEST--
Progress of a journalled job: packing and storing, and it never goes back
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
$fractions = $stored = [];
$note = function (Job $job, Progress $progress) use (&$fractions, &$stored) {
    $fractions[] = $progress->fraction();
    $stored[] = $progress->bytesStored;
};
$stores = [new Storage\Filesystem("$dir/store", true), new Storage\Filesystem("$dir/store2", true)];
$list = (new EntryList())->addString('a', random_bytes(10 << 20));
$job = (new Engine())->start(test_staged($dir, $list, storages: $stores, onProgress: $note, progressIntervalMs: 1));
var_dump($job->progress()->staged, $job->progress()->fraction());
$result = $job->wait();
foreach (['fractions' => $fractions, 'stored' => $stored] as $name => $told) {
    $sorted = $told;
    sort($sorted);
    echo $name, $sorted === $told ? ' only grow' : ' go back: ' . implode(' ', $told), "\n";
}
$middle = array_filter($fractions, fn($fraction) => $fraction > 0 && $fraction < 0.5);
var_dump($middle !== [], end($fractions));
$progress = $job->progress();
var_dump($progress->bytesStored === 2 * $result->containerBytes, $progress->bytesToStore === $progress->bytesStored, $progress->fraction());
test_staging($dir)->delete(UUID);
$job = (new Engine())->start(test_staged($dir, test_list(), storages: [new Unsteady()], streams: true));
$job->wait();
var_dump($job->progress()->staged, $job->progress()->bytesToStore, $job->progress()->fraction());
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(true)
float(0)
fractions only grow
stored only grow
bool(true)
float(1)
bool(true)
bool(true)
float(1)
bool(false)
int(0)
float(1)
