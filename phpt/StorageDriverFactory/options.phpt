--TEST--
Archivist\StorageDriverFactory: the options of the native driver, and those that an application declares
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{StorageDriverFactory, StorageOption, StorageOptionKind};
$factory = new StorageDriverFactory();
foreach ($factory->options('filesystem') as $option) {
    echo get_class($option), " $option->name {$option->kind->value} ",
        json_encode([$option->secret, $option->required, $option->default, $option->minimum]), ' ',
        str_ends_with($option->description, '.') ? 'a sentence' : $option->description, "\n";
}
$declared = [
    new StorageOption('host', StorageOptionKind::Text, 'Where the server stands.', required: true, maximum: 20),
    new StorageOption('token', StorageOptionKind::Text, 'What the server asks for.', secret: true, maximum: 16),
    new StorageOption('parts', StorageOptionKind::Number, 'How many at once.', default: 8, minimum: 5, maximum: 64),
    new StorageOption('verbose', StorageOptionKind::Flag, 'Tells more.', default: false),
    new StorageOption('id', StorageOptionKind::Uuid, 'Which of them.'),
];
$make = function (array $settings) {
    echo json_encode($settings), "\n";
    return new ArrayDriver();
};
$factory->register('shelf', $make, $declared);
$factory->register('closed', $make, []);
$factory->register('open', $make);
var_dump($factory->options('shelf') === $declared, $factory->options('closed'), $factory->options('open'));
unset($declared);

$factory->getStorageDriver('shelf', ['host' => 'h']);
$factory->getStorageDriver('shelf', ['verbose' => true, 'parts' => 64, 'host' => 'ä', 'token' => "s\n",
    'id' => '0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d']);
$factory->getStorageDriver('shelf', ['verbose' => '1', 'parts' => '5', 'host' => 'h']);
$factory->getStorageDriver('closed');
$factory->getStorageDriver('open', ['anything' => 1.5]);
?>
--EXPECT--
Archivist\StorageOption path text [false,true,null,1] a sentence
Archivist\StorageOption create flag [false,false,false,null] a sentence
Archivist\StorageOption owner text [false,false,null,1] a sentence
Archivist\StorageOption marked flag [false,false,false,null] a sentence
Archivist\StorageOption expect uuid [false,false,null,null] a sentence
Archivist\StorageOption adopt flag [false,false,false,null] a sentence
bool(true)
array(0) {
}
array(0) {
}
{"host":"h","parts":8,"verbose":false}
{"host":"\u00e4","token":"s\n","parts":64,"verbose":true,"id":"0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d"}
{"host":"h","parts":5,"verbose":true}
[]
{"anything":1.5}
