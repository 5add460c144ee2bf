--TEST--
Archivist\Verifier: extract() verifies, then writes; nothing of an archive that is not valid
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Format, Verifier};
$folder = test_folder();
test_archive("$folder/a.tar", [], Format::Tar);
$verifier = new Verifier();
var_dump($verifier->extract("$folder/a.tar", "$folder/out"));
var_dump(test_files("$folder/out"), file_get_contents("$folder/out/Exam/Muster, Mia.txt"),
    filemtime("$folder/out/Exam/Muster, Mia.txt"));
test_throws(fn() => $verifier->extract("$folder/a.tar", "$folder/out"));
mkdir("$folder/empty");
var_dump($verifier->extract("$folder/a.tar", "$folder/empty", safeNames: true), count(test_files("$folder/empty")));
var_dump($verifier->extract("$folder/a.tar", "$folder/one", names: ['*Mia*']), test_files("$folder/one"));
test_throws(fn() => $verifier->extract("$folder/a.tar", "$folder/none", names: ['Exam', 'Exam/Nobody.txt']));
test_throws(fn() => $verifier->extract("$folder/a.tar", "$folder/none", names: [7]));
var_dump(test_files("$folder/none"));
$bytes = file_get_contents("$folder/a.tar");
file_put_contents("$folder/b.tar", substr_replace($bytes, 'X', strpos($bytes, "Answer 1\n"), 1));
test_throws(fn() => $verifier->extract("$folder/b.tar", "$folder/bad"));
var_dump(test_files("$folder/bad"));
?>
--EXPECTF--
int(2)
array(2) {
  [0]=>
  string(22) "Exam/Beispiel, Ben.txt"
  [1]=>
  string(20) "Exam/Muster, Mia.txt"
}
string(9) "Answer 1
"
int(1700000000)
Archivist\Exception\ExistsException EXISTS: %s
int(2)
int(2)
int(1)
array(1) {
  [0]=>
  string(20) "Exam/Muster, Mia.txt"
}
Archivist\Exception\NotFoundException NOTFOUND: Nothing was extracted: no entry has the name 'Exam/Nobody.txt', and none lies in a folder of that name, in '%s/a.tar'. The list of its entries shows the names.
Archivist\Exception\InvalidArgumentException INVALID: The argument $names must hold strings without NUL bytes.
array(0) {
}
Archivist\Exception\IntegrityException MISMATCH: %s
array(0) {
}
