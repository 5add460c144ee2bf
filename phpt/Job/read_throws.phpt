--TEST--
A read callback that throws
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$list = new EntryList();
$list->addCallback('a', function () { throw new \DomainException('from the source'); });
$job = $engine->start(test_spec("$dir/a.zip", $list, onDone: fn(Job $job) => print("done once\n")));
for ($i = 0; $i < 3; $i++) {
    $other = new EntryList();
    $other->addCallback('b', function () use ($i) { static $n = 0; return $n++ < $i ? 'data' : ''; });
    $jobs[] = $engine->start(test_spec("$dir/b$i.zip", $other));
}
test_thrown(fn() => $job->wait());
test_thrown(fn() => $job->wait());
var_dump($engine->wait(), $job->error()::class);
echo $job->state()->name, ' ', implode(' ', array_map(fn($job) => $job->state()->name, $jobs)), "\n";
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
DomainException: from the source
done once
DomainException: from the source
bool(true)
string(15) "DomainException"
Aborted Completed Completed Completed
b0.zip b1.zip b2.zip
