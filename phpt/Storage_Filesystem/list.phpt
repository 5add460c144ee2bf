--TEST--
Archivist\Storage\Filesystem: pages of the list are sorted by key
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Storage\Filesystem;
$folder = test_folder();
$storage = new Filesystem("$folder/store", true);
var_dump($storage->list());
$keys = [];
for ($i = 0; $i < 7; $i++) {
    $keys[] = $key = sprintf('%1$02x/00000000-0000-4000-8000-0000000000%1$02x.zip', ($i * 37) % 256);
    $storage->store(test_artifact("$folder/a$i", "object $i"), $key);
}
sort($keys);
$found = [];
$after = null;
do {
    $page = $storage->list($after, 3);
    echo count($page), "\n";
    foreach ($page as $object) {
        $found[] = $after = $object->key;
    }
} while ($page);
var_dump($found === $keys);
test_throws(fn() => $storage->list(null, 0));
test_throws(fn() => $storage->list(null, 1001));
test_throws(fn() => $storage->list('no key'));
?>
--EXPECTF--
array(0) {
}
3
3
1
0
bool(true)
Archivist\Exception\InvalidArgumentException INVALID: The argument $limit is 0; 1 to 1000 are allowed.
Archivist\Exception\InvalidArgumentException INVALID: The argument $limit is 1001; 1 to 1000 are allowed.
Archivist\Exception\InvalidArgumentException INVALID: %s
