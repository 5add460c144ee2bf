--TEST--
Archivist\StorageOption: what an application declares, with bounds by kind
--EXTENSIONS--
archivist
--FILE--
<?php
use Archivist\{StorageOption, StorageOptionKind};
function show(StorageOption $o): void
{
    echo $o->name, ' ', $o->kind->value, ' ', json_encode([$o->secret, $o->required, $o->default, $o->minimum, $o->maximum]),
        " $o->description\n";
}
show(new StorageOption('a', StorageOptionKind::Text, 'A text.'));
show(new StorageOption('b', StorageOptionKind::Text, 'A secret.', secret: true));
show(new StorageOption('c', StorageOptionKind::Text, 'Needed.', required: true, maximum: 9));
show(new StorageOption('d', StorageOptionKind::Text, 'With a default.', default: 'x', minimum: 1, maximum: 2));
show(new StorageOption('e', StorageOptionKind::Number, 'A number.', default: 7, minimum: 5));
show(new StorageOption('f', StorageOptionKind::Flag, 'A flag.', default: true));
show(new StorageOption('g', StorageOptionKind::Flag, 'A flag.', default: false));
show(new StorageOption('h', StorageOptionKind::Uuid, 'A UUID.', default: '0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d'));
?>
--EXPECT--
a text [false,false,null,0,65536] A text.
b text [true,false,null,1,65536] A secret.
c text [false,true,null,1,9] Needed.
d text [false,false,"x",1,2] With a default.
e number [false,false,7,5,9223372036854775807] A number.
f flag [false,false,true,null,null] A flag.
g flag [false,false,false,null,null] A flag.
h uuid [false,false,"0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d",null,null] A UUID.
