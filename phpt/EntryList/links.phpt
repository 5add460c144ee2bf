--TEST--
Symbolic links in a folder: followed, skipped, or recorded as data and never made
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
chdir($dir);
mkdir('in');
file_put_contents('in/file', 'x');
symlink('file', 'in/link');
symlink('/etc/passwd', 'in/out');
test_thrown(fn() => (new EntryList())->addFolder('', 'in', links: 'follow'));
test_thrown(fn() => (new EntryList())->addFolder('', 'in', links: "skip\0"));
var_dump(count((new EntryList())->addFolder('', 'in', links: 'skip')));
$list = (new EntryList())->addFolder('p', 'in', 'Mia', [17], 'record');
$job = (new Engine())->start(test_spec("$dir/a.zip", $list));
$job->wait();
$verifier = new Verifier();
$report = $verifier->verify("$dir/a.zip");
var_dump($report->valid, $report->links, $report->payloadFiles);
foreach ($verifier->entries("$dir/a.zip") as $entry) {
    echo $entry->original, ' ', json_encode([$entry->target, $entry->owner, $entry->persons, $entry->folder], JSON_UNESCAPED_SLASHES), ' ',
        var_export($entry->sha256 === null, true), "\n";
}
var_dump($verifier->extract("$dir/a.zip", "$dir/out"));
var_dump(scandir("$dir/out/p"));
var_dump($verifier->extract("$dir/a.zip", "$dir/one", names: ['p/link']));
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECTF--
Archivist\Exception\SourceException: '%s/in/out' is a symbolic link that leaves the folder; copy what it names into the folder, or leave links out.
Archivist\Exception\InvalidArgumentException: The argument $links is none of "follow", "skip" and "record".
int(1)
bool(true)
int(2)
int(1)
p/file [null,"Mia",["17"],false] false
p/link ["file","Mia",["17"],false] true
p/out ["/etc/passwd","Mia",["17"],false] true
int(1)
array(3) {
  [0]=>
  string(1) "."
  [1]=>
  string(2) ".."
  [2]=>
  string(4) "file"
}
int(0)
