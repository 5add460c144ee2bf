--TEST--
Archivist\AsyncTask: no callback comes when everything is dropped, and nothing is left
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Operation, StorageApi, StorageTask};
use Archivist\Storage\Filesystem;
$folder = test_folder();
$file = fopen("$folder/a", 'w');
ftruncate($file, 256 << 20);
fclose($file);
$loud = fn() => print("called\n");
foreach ([new Filesystem("$folder/store", true), new ArrayDriver()] as $driver) {
    $engine = new Engine();
    $async = (new StorageApi($engine))->processTask(new StorageTask($driver, Operation::Store, "$folder/a"), $loud, $loud);
    unset($async, $engine);
}
var_dump(test_files("$folder/store"), $driver->calls);
$engine = new Engine();
$async = (new StorageApi($engine))->processTask(new StorageTask(new Filesystem("$folder/store"), Operation::Store, "$folder/a"), $loud, $loud);
unset($engine);
echo "The request ends with the program.\n";
?>
--EXPECT--
array(0) {
}
array(0) {
}
The request ends with the program.
