--TEST--
Archivist\Verifier: damage is a finding; what is no archive is an exception
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{FindingKind, Format, Verifier};
$folder = test_folder();
test_archive("$folder/a.tar", [], Format::Tar);
$bytes = file_get_contents("$folder/a.tar");
$at = strpos($bytes, "Answer 1\n");
$verifier = new Verifier();
file_put_contents("$folder/changed.tar", substr_replace($bytes, 'Answer 3', $at, 8));
$report = $verifier->verify("$folder/changed.tar");
var_dump($report->valid, $report->findingTotal === count($report->findings));
$kinds = [];
foreach ($report->findings as $finding) {
    $kinds[] = $finding->kind->name;
    var_dump($finding->entry, str_contains($finding->message, hash('sha256', "Answer 3\n")));
}
sort($kinds);
echo implode(' ', $kinds), "\n";
file_put_contents("$folder/cut.tar", substr($bytes, 0, $at + 512));
$report = $verifier->verify("$folder/cut.tar");
var_dump($report->valid, in_array(FindingKind::Truncated, array_map(fn($finding) => $finding->kind, $report->findings)));
$report = (new Verifier(findingsMax: 1))->verify("$folder/changed.tar");
var_dump(count($report->findings), $report->findingTotal);
file_put_contents("$folder/text", str_repeat('This is no archive. ', 100));
test_throws(fn() => $verifier->verify("$folder/text"));
test_throws(fn() => $verifier->verify("$folder/missing"));
?>
--EXPECTF--
bool(false)
bool(true)
string(30) "Exam/data/Exam/Muster, Mia.txt"
bool(true)
string(30) "Exam/data/Exam/Muster, Mia.txt"
bool(true)
Digest Metadata
bool(false)
bool(true)
int(1)
int(2)
Archivist\Exception\IntegrityException FORMAT: %s
Archivist\Exception\NotFoundException NOTFOUND: %s
