--TEST--
The object of a job that nobody held is made anew for callbacks
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$engine->start(test_spec("$dir/a.zip", onDone: fn(Job $job) => print($job->state()->name . ' ' . $job->result()->entries . "\n")));
$engine->wait();
test_thrown(fn() => new Job());
test_thrown(fn() => clone $engine->start(test_spec("$dir/b.zip")));
test_thrown(fn() => serialize($engine->start(test_spec("$dir/c.zip"))));
$engine->wait();
class Keeper
{
    public static array $called = []; // in the order of time, which is not always the same

    private function state(Job $job, State $state) { static $n = 0; $n++ || self::$called[] = 'a private method'; }
    public function __call(string $name, array $arguments) { self::$called[] = "__call $name"; return ''; }
    public static function __callStatic(string $name, array $arguments) { static $n = 0; $n++ || self::$called[] = "__callStatic $name"; }
    public function spec(string $path): JobSpec
    {
        $list = test_list()->addCallback('b', [$this, 'read']);
        return new JobSpec($list, new PackageOptions('test'), $path, onState: [$this, 'state'], onProgress: [self::class, 'progress'], onDone: [$this, 'done']);
    }
}
$engine->start((new Keeper())->spec("$dir/d.zip"))->wait();
echo end(Keeper::$called), " is the last\n";
sort(Keeper::$called);
echo implode("\n", Keeper::$called), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Completed 1
Error: Call to private Archivist\Job::__construct() from global scope
Error: Trying to clone an uncloneable object of class Archivist\Job
Exception: Serialization of 'Archivist\Job' is not allowed
__call done is the last
__call done
__call read
__callStatic progress
a private method
