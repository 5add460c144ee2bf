--TEST--
Archivist\Storage\Filesystem: any folder name becomes a URL and is found by it
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
foreach (['with blank', 'per%cent %41', 'Prüfung', 'a?b#c', "quote'\"", 'c:d@e'] as $name) {
    $storage = new Filesystem("$folder/$name", true);
    $storage->store(test_artifact("$folder/a", $name), KEY);
    echo substr($storage->url(), strlen("file://$folder/")), ' ',
        file_get_contents("$folder/$name/" . KEY) === $name ? 'found' : 'lost', "\n";
}
?>
--EXPECT--
with%20blank found
per%25cent%20%2541 found
Pr%C3%BCfung found
a%3Fb%23c found
quote%27%22 found
c%3Ad%40e found
