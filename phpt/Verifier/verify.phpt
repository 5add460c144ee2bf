--TEST--
Archivist\Verifier: a valid archive of each format, from a file and from storages
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Format, Verifier};
use Archivist\Storage\Filesystem;
$folder = test_folder();
$verifier = new Verifier();
foreach (Format::cases() as $format) {
    $made = test_archive("$folder/$format->value", [], $format);
    $report = $verifier->verify("$folder/$format->value");
    echo $format->value, ' ', $report->valid ? 'valid' : 'NOT VALID', ' ', $report->format->name, ' ', $report->baseFolder,
        ' ', $report->payloadFiles, ' ', $report->payloadBytes, ' ', count($report->findings), ' ', $report->findingTotal, ' ',
        $report->sha256 === $made->sha256 && $report->uuid === $made->uuid &&
        $report->containerBytes === filesize("$folder/$format->value") && $report->entries > 2 &&
        json_decode($report->jobJson)->uuid === $made->uuid ? 'same' : 'DIFFERS', "\n";
}
$storages = [new Filesystem("$folder/store", true), new ArrayDriver()];
$made = test_archive(null, $storages);
foreach ([new Verifier(), new Verifier(new Engine())] as $one) {
    foreach ($storages as $storage) {
        $report = $one->verifyStored($storage, $made->stored[0]->key);
        var_dump($report->valid && $report->sha256 === $made->sha256);
        test_throws(fn() => $one->verifyStored($storage, KEY));
    }
}
?>
--EXPECTF--
zip valid Zip Exam 2 909 0 0 same
tar.zst valid TarZst Exam 2 909 0 0 same
tar.gz valid TarGz Exam 2 909 0 0 same
tar valid Tar Exam 2 909 0 0 same
bool(true)
Archivist\Exception\NotFoundException NOTFOUND: %s
bool(true)
Archivist\Exception\NotFoundException %S: There is no object 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip.
bool(true)
Archivist\Exception\NotFoundException NOTFOUND: %s
bool(true)
Archivist\Exception\NotFoundException %S: There is no object 5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip.
