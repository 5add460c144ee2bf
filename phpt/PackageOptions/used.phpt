--TEST--
What the options do to the archive
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
$engine = new Engine();
$make = fn(string $file, PackageOptions $options) => $engine->start(new JobSpec(test_list(20), $options, "$dir/$file"))->wait();
$a = $make('a.tar', new PackageOptions('exam', Format::Tar, metadata: ['course' => 'Bäume/OS', 'list' => [1, 2]], createdBy: 'Mia'));
echo preg_match('/"metadata":\s*(\{[^{}]*\})/', file_get_contents("$dir/a.tar"), $found) ? json_encode(json_decode($found[1]), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) : 'no metadata', "\n";
$b = $make('b.tar', unserialize(serialize(new PackageOptions('exam', Format::Tar, metadata: ['course' => 'Bäume/OS', 'list' => [1, 2]], createdBy: 'Mia'))));
var_dump($a->sha256 === $b->sha256);
$c = $make('c.zip', new PackageOptions('exam', sha512: true, uuid: '01890a5d-ac96-774b-bcce-b302099a8057'));
var_dump($c->uuid, $c->sha512 === hash_file('sha512', "$dir/c.zip"));
foreach ([Format::Zip, Format::TarGz, Format::TarZst] as $format) {
    $name = 'x.' . $format->value;
    $make($name, new PackageOptions('x', $format, threads: 1));
    echo $name, ' ', bin2hex(substr(file_get_contents("$dir/$name"), 0, 2)), ' ', Format::ofFile("$dir/$name")->name, "\n";
}
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
{"course":"Bäume/OS","list":[1,2]}
bool(true)
string(36) "01890a5d-ac96-774b-bcce-b302099a8057"
bool(true)
x.zip 504b Zip
x.tar.gz 1f8b TarGz
x.tar.zst 28b5 TarZst
