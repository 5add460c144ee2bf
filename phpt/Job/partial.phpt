--TEST--
Entries whose sources fail: left out, named, and the job is Partial
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
use Archivist\Exception\{SourceException, StorageException};
$dir = test_folder(__FILE__);
mkdir("$dir/in");
file_put_contents("$dir/in/gone", 'x');
file_put_contents("$dir/in/kept", 'y');
$list = (new EntryList())
    ->addFile('a gone.txt', "$dir/in/gone")
    ->addFile('b kept.txt', "$dir/in/kept")
    ->addCallback('c torn.txt', function () { throw new SourceException('the tape has torn'); })
    ->addCallback('d no right.txt', function () { throw new SourceException('no right', E_UNREADABLE); }, sizeBytes: 5)
    ->addCallback('e odd.txt', function () { throw new SourceException('odd', E_IO); });
unlink("$dir/in/gone");
$engine = new Engine();
$states = [];
$job = $engine->start(new JobSpec($list, new PackageOptions('exam', failuresMax: 10), "$dir/a.zip",
    onState: function (Job $job, State $state) use (&$states) { $states[] = $state->name; },
    onDone: fn(Job $job) => print("done {$job->state()->name}\n")));
$result = $job->wait();
echo implode(' ', $states), "\n";
var_dump($job->state() === State::Partial, $job->error(), $job->result() === $result, $job->progress()->fraction());
echo "$result->entries archived, $result->failureCount failed\n";
foreach ($result->failures as $failure) {
    echo $failure::class, " $failure->name $failure->code ", str_replace($dir, 'DIR', $failure->message), "\n";
}
$report = (new Verifier())->verify("$dir/a.zip");
var_dump($report->valid, $report->failureCount);

echo "-- none\n";
$result = $engine->start(new JobSpec(test_list(), new PackageOptions('x', failuresMax: 10), "$dir/b.zip"))->wait();
var_dump($result->failureCount, $result->failures, (new Verifier())->verify("$dir/b.zip")->failureCount);

echo "-- too many, all, and what is none of a source\n";
$throws = fn(\Throwable $what) => fn() => throw $what;
$run = function (int $max, callable ...$sources) use ($engine, $dir) {
    $list = test_list();
    foreach ($sources as $i => $read) {
        $list->addCallback("s$i", $read);
    }
    return $engine->start(new JobSpec($list, new PackageOptions('x', failuresMax: $max), "$dir/c.zip"));
};
$torn = $throws(new SourceException('torn'));
$job = $run(1, $torn, $torn);
test_thrown(fn() => $job->wait());
echo $job->state()->name, ' ', $job->error()->getCode() === E_SOURCE ? 'E_SOURCE' : 'other', "\n";
test_thrown(fn() => $run(0, $torn)->wait());
test_thrown(fn() => $run(5, $throws(new \DomainException('mine')))->wait());
test_thrown(fn() => $run(5, $throws(new StorageException('no tape')))->wait());
test_thrown(fn() => $run(5, fn() => 42)->wait());
$only = (new EntryList())->addCallback('only', $torn);
test_thrown(fn() => $engine->start(new JobSpec($only, new PackageOptions('x', failuresMax: 5), "$dir/c.zip"))->wait());

echo "-- a source whose exception has a destructor that throws\n";
class Bad extends SourceException { public function __destruct() { throw new \LogicException('from the destructor'); } }
test_thrown(fn() => $run(5, fn() => throw new Bad('torn'))->wait());
echo test_names($dir), "\n";

echo "-- values\n";
test_thrown(fn() => new PackageOptions('x', failuresMax: -1));
test_thrown(fn() => new Failure());
test_thrown(function () use ($failure) { $failure->name = 'x'; });
test_thrown(function () use ($failure) { $failure->other = 'x'; });
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
done Partial
PreProcessing ActivityArchiving PostProcessing Store Cleanup Partial
bool(true)
NULL
bool(true)
float(1)
1 archived, 4 failed
Archivist\Failure a gone.txt -20 The file 'DIR/in/gone' of entry 'a gone.txt' has vanished; restore it, or leave the entry out, and start again.
Archivist\Failure c torn.txt -27 Entry 'c torn.txt': the tape has torn
Archivist\Failure d no right.txt -22 Entry 'd no right.txt': no right
Archivist\Failure e odd.txt -27 Entry 'e odd.txt': odd
bool(true)
int(4)
-- none
int(0)
array(0) {
}
int(0)
-- too many, all, and what is none of a source
Archivist\Exception\SourceException: More entries cannot be archived than the 1 that may be missing. The first one: Entry 's0': torn
Failure E_SOURCE
Archivist\Exception\SourceException: torn
DomainException: mine
Archivist\Exception\StorageException: no tape
Archivist\Exception\CallbackException: Entry 's0': A read callback returned a value of type int; it must return a string, "" at the end.
Archivist\Exception\SourceException: None of the 1 entries can be archived. The first one: Entry 'only': torn
-- a source whose exception has a destructor that throws
LogicException: from the destructor
a.zip b.zip in
-- values
Archivist\Exception\InvalidArgumentException: The option failuresMax is -1; 0 to 9223372036854775807 are allowed.
Error: Call to private Archivist\Failure::__construct() from global scope
Error: Cannot modify readonly property Archivist\Failure::$name
Error: Cannot create dynamic property Archivist\Failure::$other
