--TEST--
Entries of every kind
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
mkdir("$dir/work/a", 0700, true);
file_put_contents("$dir/work/a/one.txt", 'one');
file_put_contents("$dir/work/two.log", 'two');
file_put_contents("$dir/list", '{"name":"from/list.txt","path":"' . "$dir/work/two.log" . '","owner":"Mia"}' . "\n");
$list = new EntryList(1 << 20);
$parts = ['call', 'back', ''];
var_dump($list->addFile('file.txt', "$dir/work/a/one.txt", 'Max', 3, 1700000000) === $list);
$list->addString('umlaut ä ö.txt', 'text', modifiedAt: 0)
    ->addCallback('callback.bin', function (int $length) use (&$parts) { return array_shift($parts); }, owner: 'Eva')
    ->addFolder('folder', "$dir/work", exclude: ['*.log'])
    ->addList("$dir/list");
var_dump(count($list), $list->totalBytes());
$engine = new Engine();
$result = $engine->start(test_spec("$dir/a.zip", $list))->wait();
var_dump($result->entries, $result->payloadBytes, count($list), $list->totalBytes());
$zip = file_get_contents("$dir/a.zip");
foreach (['data/callback.bin', 'data/file.txt', 'data/folder/a/one.txt', 'data/from/list.txt', 'two.log'] as $name) {
    echo $name, ': ', str_contains($zip, $name) ? 'there' : 'not there', "\n";
}
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
bool(true)
int(5)
int(13)
int(5)
int(21)
int(5)
int(13)
data/callback.bin: there
data/file.txt: there
data/folder/a/one.txt: there
data/from/list.txt: there
two.log: not there
