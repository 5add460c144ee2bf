--TEST--
Several jobs at once, and one that is begun by another's callback
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine(jobs: 2);
$jobs = [];
for ($i = 0; $i < 5; $i++) {
    $jobs[] = $engine->start(test_spec("$dir/$i.zip", test_list($i + 1)));
}
$jobs[0]->wait();
$engine->start(test_spec("$dir/first.zip", onDone: function () use ($engine, $dir) {
    $engine->start(test_spec("$dir/second.zip", onDone: fn() => print("the second is done\n")));
}));
var_dump($engine->wait());
foreach ($jobs as $job) {
    echo $job->state()->name, ' ', $job->result()->entries, "\n";
}
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
the second is done
bool(true)
Completed 1
Completed 2
Completed 3
Completed 4
Completed 5
0.zip 1.zip 2.zip 3.zip 4.zip first.zip second.zip
