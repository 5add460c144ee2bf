--TEST--
What a specification holds and refuses
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$list = test_list();
$options = new PackageOptions('x');
$spec = new JobSpec($list, $options, "$dir/a.zip", progressIntervalMs: 50);
var_dump($spec->entries === $list, $spec->package === $options, $spec->path === "$dir/a.zip", $spec->storages);
chdir($dir);
$relative = new JobSpec(test_list(), $options, 'r.zip');
chdir('/');
echo $relative->path === "$dir/r.zip" ? "absolute\n" : "$relative->path\n";
var_dump((new Engine())->start($relative)->wait()->path === "$dir/r.zip");
test_thrown(function () use ($spec) { $spec->path = 'other'; });
test_thrown(fn() => $spec->__construct(test_list(), $options, 'other'));
test_thrown(fn() => new JobSpec($list, $options));
test_thrown(fn() => new JobSpec($list, $options, ''));
test_thrown(fn() => new JobSpec($list, $options, "a\0b"));
test_thrown(fn() => new JobSpec($list, $options, storages: ['file:///srv']));
test_thrown(fn() => new JobSpec($list, $options, storages: [new \stdClass()]));
test_thrown(fn() => new JobSpec($list, $options, storages: range(1, 9)));
test_thrown(fn() => new JobSpec($list, $options, 'a', progressIntervalMs: -1));
test_thrown(fn() => new JobSpec($list, $options, 'a', onDone: 'nothing'));
$engine = new Engine();
$engine->start($spec)->wait();
test_thrown(fn() => $engine->start($spec));
test_thrown(fn() => $engine->start(new JobSpec($list, $options, "$dir/b.zip")));
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(true)
bool(true)
bool(true)
array(0) {
}
absolute
bool(true)
Error: Cannot modify readonly property Archivist\JobSpec::$path
Archivist\Exception\StateException: The job's specification was constructed already.
Archivist\Exception\InvalidArgumentException: A job needs a target: give a path, or at least one storage.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\InvalidArgumentException: A path must not be empty or hold a NUL byte.
Archivist\Exception\InvalidArgumentException: Element 1 of the storages is of type string; a StorageDriver is needed.
Archivist\Exception\InvalidArgumentException: Element 1 of the storages is of type stdClass; a StorageDriver is needed.
Archivist\Exception\InvalidArgumentException: A job was given 9 storages; 8 are allowed.
Archivist\Exception\InvalidArgumentException: The argument $progressIntervalMs is -1; 0 (the default) to 3600000 are allowed.
TypeError: Archivist\JobSpec::__construct(): Argument #12 ($onDone) must be a valid callback or null, function "nothing" not found or invalid function name
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
Archivist\Exception\StateException: The list of entries was given to a job already; make a new list for the next one.
a.zip r.zip
