--TEST--
A list belongs to one job
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$list = test_list(2);
test_thrown(fn() => $engine->start(new JobSpec($list, unserialize('O:24:"Archivist\PackageOptions":0:{}'), "$dir/a.zip")));
echo count($list->addString('c', 'still open')), "\n";
$job = $engine->start(test_spec("$dir/a.zip", $list));
test_thrown(fn() => $engine->start(test_spec("$dir/b.zip", $list)));
test_thrown(fn() => $list->addString('d', ''));
test_thrown(fn() => $list->addFile('d', __FILE__));
test_thrown(fn() => $list->addFolder('', __DIR__));
test_thrown(fn() => $list->addList(__FILE__));
test_thrown(fn() => $list->addCallback('d', fn() => ''));
echo $job->wait()->entries, ' ', count($list), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\StateException: The package options are incomplete: their constructor has not run.
3
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
3 3
