--TEST--
A read callback that returns something unusable
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
foreach ([fn() => 5, fn() => null, fn(int $length) => str_repeat('x', $length + 1)] as $read) {
    $list = new EntryList();
    $list->addCallback('a', $read);
    $job = $engine->start(test_spec("$dir/a.zip", $list));
    test_thrown(fn() => $job->wait());
    var_dump($job->error()->getCode() === E_CALLBACK, $job->error()->getErrorName(), $job->state());
}
$list = new EntryList();
$list->addCallback('a', function () { static $n = 0; return $n++ ? '' : 'four'; }, sizeBytes: 5);
test_thrown(fn() => $engine->start(test_spec("$dir/a.zip", $list))->wait());
$list = new EntryList();
$list->addCallback('a', fn(int $length) => str_repeat('x', $length), sizeBytes: 5);
test_thrown(fn() => $engine->start(test_spec("$dir/a.zip", $list))->wait());
echo test_names($dir), "\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\CallbackException: Entry 'a': A read callback returned a value of type int; it must return a string, "" at the end.
bool(true)
string(8) "CALLBACK"
enum(Archivist\State::Failure)
Archivist\Exception\CallbackException: Entry 'a': A read callback returned a value of type null; it must return a string, "" at the end.
bool(true)
string(8) "CALLBACK"
enum(Archivist\State::Failure)
Archivist\Exception\CallbackException: Entry 'a': A read callback returned 1048577 bytes when it was asked for at most 1048576.
bool(true)
string(8) "CALLBACK"
enum(Archivist\State::Failure)
Archivist\Exception\SourceException: The source of entry 'a' ended after 4 bytes of the 5 that it announced.
Archivist\Exception\SourceException: The source of entry 'a' delivered more than the 5 bytes that it announced.
nothing
