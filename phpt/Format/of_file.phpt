--TEST--
The format by the end of a file name
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
foreach (['a.zip', 'a.ZIP', 'a.tar.zst', 'a.tzst', 'a.tar.gz', 'a.tgz', 'a.tar', 'a.txt', 'zip', ''] as $name) {
    echo "'$name' ", Format::ofFile($name)?->name ?? 'none', "\n";
}
var_dump(Format::from('tar.zst'), Format::tryFrom('7z'));
--EXPECT--
'a.zip' Zip
'a.ZIP' Zip
'a.tar.zst' TarZst
'a.tzst' TarZst
'a.tar.gz' TarGz
'a.tgz' TarGz
'a.tar' Tar
'a.txt' none
'zip' none
'' none
enum(Archivist\Format::TarZst)
NULL
