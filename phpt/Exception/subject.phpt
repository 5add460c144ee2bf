--TEST--
Archivist\Exception: what an error is about
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Exception\{ArchivistException, StorageException};
use Archivist\{EntryList, Staging};
use Archivist\Storage\Filesystem;
$folder = test_folder();
chdir($folder);
$runs = [
    'key' => fn() => (new Filesystem('store', create: true))->stat(KEY),
    'file' => function () {
        touch('a.zip');
        test_archive('a.zip');
    },
    'job' => fn() => (new Staging('staging'))->status('0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f'),
    'nothing' => fn() => (new EntryList())->addString('', ''),
    'own' => fn() => throw new StorageException('An application says so.'),
];
foreach ($runs as $what => $run) {
    try {
        $run();
    } catch (ArchivistException $e) {
        echo "$what: ", str_replace($folder, 'FOLDER', var_export($e->getSubject(), true)), "\n";
    }
}
?>
--EXPECT--
key: '5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.zip'
file: 'FOLDER/a.zip'
job: '0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f'
nothing: NULL
own: NULL
