--TEST--
Archivist\StorageDriverFactory: opens a storage by its URL, with the options that its driver declares
--EXTENSIONS--
archivist
--INI--
zend.exception_ignore_args=0
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\StorageDriverFactory;
$folder = test_folder();
$factory = new StorageDriverFactory();
foreach (["file://$folder/a%20b", "file://localhost$folder/c/"] as $url) {
    $storage = $factory->open($url, ['create' => '1', 'owner' => 'site']);
    var_dump($storage->check()->ok, str_replace($folder, '', $storage->url()));
}
var_dump(is_dir("$folder/a b"), is_dir("$folder/c"));
foreach (['', 'file://', 'file://host/srv', 'file://user:hunter2@host/srv', 'file:///srv?a', 'file:///srv#a', 'file:///s%0', 'file:///s%zz',
    'file:///s%00', "file:///s\0", 's4://bucket', '/srv'] as $url) {
    test_throws(fn() => $factory->open($url));
}
test_throws(fn() => $factory->open('file:///srv', ['path' => '/srv']));
test_throws(fn() => $factory->open('file:///srv', ['create' => 'yes']));
test_throws(fn() => $factory->open('file:///srv', ['expect' => 'x']));
try {
    $factory->open('file:///srv', ['owner' => str_repeat('hunter2', 20)]);
} catch (Archivist\Exception\InvalidArgumentException $e) {
    echo $e->getMessage(), str_contains($e . print_r($e->getTrace(), true), 'hunter2') ? ' SHOWS THE SECRET' : '', "\n";
}
test_throws(fn() => $factory->open('file:///srv/../etc')->stat(KEY));
$attributes = (new ReflectionMethod($factory, 'open'))->getParameters()[1]->getAttributes();
var_dump(PHP_VERSION_ID < 80200 || $attributes[0]->getName() === 'SensitiveParameter');
?>
--EXPECT--
bool(true)
string(13) "file:///a%20b"
bool(true)
string(9) "file:///c"
bool(true)
bool(true)
Archivist\Exception\UnsupportedException SCHEME: There is no storage driver for the scheme of the URL; there is one for "file:///srv/archive". getStorageDriver() takes a type.
Archivist\Exception\UnsupportedException SCHEME: There is no storage driver for the scheme of the URL; there is one for "file:///srv/archive". getStorageDriver() takes a type.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\InvalidArgumentException INVALID: The URL of a folder is like "file:///srv/archive": no other host, no user, no query, no fragment, and only whole %XX that are not %00.
Archivist\Exception\UnsupportedException SCHEME: There is no storage driver for the scheme of the URL; there is one for "file:///srv/archive". getStorageDriver() takes a type.
Archivist\Exception\UnsupportedException SCHEME: There is no storage driver for the scheme of the URL; there is one for "file:///srv/archive". getStorageDriver() takes a type.
Archivist\Exception\InvalidArgumentException INVALID: 'path' is not an option of the storage driver 'filesystem'; it has: 'create', 'owner', 'marked', 'expect', 'adopt'.
Archivist\Exception\InvalidArgumentException INVALID: The option 'create' of the storage driver 'filesystem' is '0' or '1'.
Archivist\Exception\InvalidArgumentException INVALID: The option 'expect' of the storage driver 'filesystem' is a UUID in lower case.
The option 'owner' of the storage driver 'filesystem' is 1 to 64 bytes of printable text.
Archivist\Exception\InvalidArgumentException INVALID: The path '/srv/../etc' of the storage's URL has a component '.' or '..'; write the path without it.
bool(true)
