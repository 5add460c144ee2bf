--TEST--
poll() runs what is due and tells when nothing is left
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
var_dump($engine->poll(), $engine->wait());
$called = 0;
$job = $engine->start(test_spec("$dir/a.zip", onState: function () use (&$called) { $called++; }));
$turns = 0;
while ($engine->poll(1000)) {
    $turns++;
}
var_dump($turns > 1, $called, $job->state(), $job->result()->entries);
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(false)
bool(true)
bool(true)
int(6)
enum(Archivist\State::Completed)
int(1)
