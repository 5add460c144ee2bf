--TEST--
Archivist\Verifier: list() gives the payload in its order; a callback that throws ends it
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Verifier};
$folder = test_folder();
test_archive("$folder/a.zip");
foreach ([new Verifier(), new Verifier(new Engine())] as $verifier) {
    $items = [];
    var_dump($verifier->list("$folder/a.zip", function (array $item) use (&$items) { $items[] = $item; }));
    foreach ($items as $item) {
        echo implode(' ', array_keys($item)), "\n", $item['original'], ' ', $item['owner'] ?? '-', ' ', $item['size'], ' ',
            $item['modified'] ?? '-', ' ', substr($item['sha256'], 0, 8), ' ', var_export($item['folder'], true), "\n";
    }
    test_throws(fn() => $verifier->list("$folder/a.zip", fn() => throw new LogicException('enough')));
    test_throws(fn() => $verifier->list("$folder/a.zip", function () use ($verifier, $folder) {
        $verifier->verify("$folder/a.zip");
    }));
    var_dump($verifier->list("$folder/a.zip", fn() => null));
}
?>
--EXPECTF--
int(2)
name original owner persons size modified sha256 folder target
Exam/Beispiel, Ben.txt - 900 - %x false
name original owner persons size modified sha256 folder target
Exam/Muster, Mia.txt Muster, Mia 9 1700000000 %x false
LogicException: enough
Archivist\Exception\StateException STATE: %s
int(2)
int(2)
name original owner persons size modified sha256 folder target
Exam/Beispiel, Ben.txt - 900 - %x false
name original owner persons size modified sha256 folder target
Exam/Muster, Mia.txt Muster, Mia 9 1700000000 %x false
LogicException: enough
Archivist\Exception\StateException STATE: %s
int(2)
