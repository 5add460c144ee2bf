--TEST--
Records of the log, and a logger that throws
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$records = [];
$engine = new Engine(logger: function (LogRecord $record) use (&$records) { $records[] = $record; }, logLevel: LogLevel::Info);
$engine->start(test_spec("$dir/a.zip"))->wait();
$result = $engine->start(test_spec("$dir/b.zip"))->wait();
$complete = array_values(array_filter($records, fn($r) => $r->level === LogLevel::Notice))[1];
echo $complete->source, ': ', $complete->message, "\n";
var_dump($complete->job === $result->uuid, abs($complete->at - microtime(true)) < 60, $complete->fields['entries']);
var_dump(count(array_filter($records, fn($r) => $r->level->value < LogLevel::Info->value)));
test_thrown(function () use ($complete) { $complete->message = ''; });
$engine = new Engine(logger: function (LogRecord $record) { throw new \LogicException('the logger throws'); });
$job = $engine->start(test_spec("$dir/c.zip"));
test_thrown(fn() => $job->wait());
echo $job->wait()->entries, ", no job is cancelled for it\n";
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
job: The archive is done.
bool(true)
bool(true)
int(1)
int(0)
Error: Cannot modify readonly property Archivist\LogRecord::$message
LogicException: the logger throws
1, no job is cancelled for it
