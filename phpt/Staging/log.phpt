--TEST--
The log of a job is read in parts
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
(new Engine())->start(test_staged($dir, test_list()))->wait();
$staging = test_staging($dir);
$all = $staging->log(UUID);
var_dump(count($all) > 5, $all[0]->job === UUID, $all[0]->level, $all[0]->source, $all[0]->fields['details'], abs($all[0]->at - microtime(true)) < 60);
echo end($all)->message, "\n";
$parts = [];
for ($offset = 0; $part = $staging->log(UUID, $offset, 2); $offset += count($part)) {
    $parts = [...$parts, ...$part];
}
var_dump($parts == $all, $staging->log(UUID, 1, 1) == [$all[1]], $staging->log(UUID, 1000));
foreach ([[-1, 1], [0, 0], [0, 1001]] as [$offset, $limit]) {
    test_thrown(fn() => $staging->log(UUID, $offset, $limit));
}
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(true)
bool(true)
enum(Archivist\LogLevel::Info)
string(3) "job"
string(20) "state=PRE_PROCESSING"
bool(true)
The archive is done.
bool(true)
bool(true)
array(0) {
}
Archivist\Exception\InvalidArgumentException: A log is asked for 1 records behind the first -1; 1 to 1000 behind 0 or more are allowed.
Archivist\Exception\InvalidArgumentException: A log is asked for 0 records behind the first 0; 1 to 1000 behind 0 or more are allowed.
Archivist\Exception\InvalidArgumentException: A log is asked for 1001 records behind the first 0; 1 to 1000 behind 0 or more are allowed.
