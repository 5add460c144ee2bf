--TEST--
I/O priorities
--FILE--
<?php
namespace Archivist;
foreach (IoPriority::cases() as $priority) {
    echo $priority->value, ' ', $priority->name, "\n";
}
--EXPECT--
0 Normal
1 Low
2 Idle
