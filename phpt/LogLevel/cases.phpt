--TEST--
Levels of the log
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
foreach (LogLevel::cases() as $level) {
    echo $level->value, ' ', $level->name, "\n";
}
--EXPECT--
0 Debug
1 Info
2 Notice
3 Warning
4 Error
