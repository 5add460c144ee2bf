--TEST--
wait() and poll() refuse to run inside a callback of the same engine
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine(logger: function () use (&$engine) { static $n = 0; $n++ || test_thrown(fn() => $engine->poll()); });
$list = test_list();
$list->addCallback('read', function () use ($engine) { test_thrown(fn() => $engine->wait()); return ''; }, sizeBytes: 0);
$engine->start(test_spec("$dir/a.zip", $list, onState: function (Job $job, State $state) { $state->isFinal() && test_thrown(fn() => $job->wait(1)); }));
$engine->wait();
$other = new Engine();
$engine->start(test_spec("$dir/b.zip", onDone: function () use ($other, $dir) {
    echo 'another engine may run: ', $other->start(test_spec("$dir/c.zip"))->wait()->entries, "\n";
}))->wait();
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Exception\StateException: The engine is running already: wait() and poll() cannot be called from inside one of its callbacks; return from the callback first.
Archivist\Exception\StateException: The engine is running already: wait() and poll() cannot be called from inside one of its callbacks; return from the callback first.
Archivist\Exception\StateException: The engine is running already: wait() and poll() cannot be called from inside one of its callbacks; return from the callback first.
another engine may run: 1
