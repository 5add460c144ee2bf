--TEST--
exit() inside of a read callback
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$list = new EntryList();
$list->addCallback('a', function () { exit("bye\n"); });
$job = $engine->start(test_spec("$dir/a.zip", $list));
register_shutdown_function(fn() => print(test_names($dir) . "\n"));
try {
    $job->wait();
} finally {
    echo "must not be reached\n";
}
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bye
nothing
