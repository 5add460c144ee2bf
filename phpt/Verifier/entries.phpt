--TEST--
Archivist\Verifier: entries() gives the payload in its order, as a loop asks for it
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, EntryList, JobSpec, PackageOptions, Verifier};
$folder = test_folder();
test_archive("$folder/a.zip");
$verifier = new Verifier(new Engine());
$entries = $verifier->entries("$folder/a.zip");
foreach ([1, 2] as $_) {
    foreach ($entries as $number => $entry) {
        echo $number, ' ', $entry->name, ' ', $entry->original, ' ', $entry->owner ?? '-', ' ', count($entry->persons), ' ', $entry->sizeBytes, ' ',
            $entry->modifiedAt ?? '-', ' ', substr($entry->sha256, 0, 8), ' ', var_export($entry->folder, true), ' ', $entry->target ?? '-', "\n";
    }
}
/* Other work goes on inside the loop, with the same verifier as well, and a loop may be left. */
foreach ($entries as $entry) {
    var_dump($verifier->verify("$folder/a.zip")->valid, iterator_count($verifier->entries("$folder/a.zip")));
    break;
}
test_throws(function () use ($entries) {
    foreach ($entries as $_) {
        throw new LogicException('enough');
    }
});
var_dump(iterator_count($entries), $entries->valid(), $entries->current());
$entries->next();
var_dump($entries->key());
var_dump((new Verifier())->entries("$folder/a.zip")->current()->original);
test_throws(fn() => clone $entries);
test_throws(fn() => serialize($entries));
test_throws(fn() => new Archivist\Entries());
test_throws(fn() => iterator_to_array($verifier->entries("$folder/missing.zip")));
file_put_contents("$folder/text", str_repeat('This is no archive. ', 100));
test_throws(fn() => iterator_to_array($verifier->entries("$folder/text")));

/* More than one batch. */
$list = new EntryList();
for ($i = 0; $i < 3000; $i++) {
    $list->addString(sprintf('%04d.txt', $i), "$i");
}
(new Engine())->start(new JobSpec($list, new PackageOptions('many'), "$folder/many.zip"))->wait();
$names = [];
foreach ($verifier->entries("$folder/many.zip") as $number => $entry) {
    $names[] = $entry->original;
    if ($entry->original !== sprintf('%04d.txt', $number)) {
        echo "wrong order\n";
    }
}
var_dump(count($names));
?>
--EXPECTF--
0 data/Exam/Beispiel, Ben.txt Exam/Beispiel, Ben.txt - 0 900 - %x false -
1 data/Exam/Muster, Mia.txt Exam/Muster, Mia.txt Muster, Mia 0 9 1700000000 %x false -
0 data/Exam/Beispiel, Ben.txt Exam/Beispiel, Ben.txt - 0 900 - %x false -
1 data/Exam/Muster, Mia.txt Exam/Muster, Mia.txt Muster, Mia 0 9 1700000000 %x false -
bool(true)
int(2)
LogicException: enough
int(2)
bool(false)
NULL
int(2)
string(22) "Exam/Beispiel, Ben.txt"
Error: Trying to clone an uncloneable object of class Archivist\Entries
Exception: Serialization of 'Archivist\Entries' is not allowed
Error: Call to private Archivist\Entries::__construct() from %s
Archivist\Exception\NotFoundException NOTFOUND: %s
Archivist\Exception\IntegrityException FORMAT: %s
int(3000)
