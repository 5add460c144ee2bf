--TEST--
Archivist\Uuid makes identities
--EXTENSIONS--
archivist
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$form = '/^[0-9a-f]{8}-[0-9a-f]{4}-([0-9])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/';
$made = array_map(fn() => Uuid::random(), range(1, 100));
var_dump(count(array_unique($made)), count(preg_grep($form, $made)));
preg_match($form, $made[0], $found);
echo "version $found[1]\n";
var_dump(Uuid::derive('exam 7') === Uuid::derive('exam 7'), Uuid::derive('exam 7') === Uuid::derive("exam 7\0"));
preg_match($form, Uuid::derive(''), $found);
echo "version $found[1]\n";
echo (new PackageOptions('x', uuid: Uuid::random()))->name, "\n";
test_thrown(fn() => new Uuid());
--EXPECTF--
int(100)
int(100)
version 4
bool(true)
bool(false)
version 5
x
Error: Call to private Archivist\Uuid::__construct() from %s
