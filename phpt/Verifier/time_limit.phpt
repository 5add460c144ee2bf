--TEST--
Archivist\Verifier: the time limit ends a list whose callback hangs
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Verifier;
register_shutdown_function(fn() => print("shut down\n"));
$folder = test_folder();
test_archive("$folder/a.zip");
(new Verifier())->list("$folder/a.zip", function () {
    set_time_limit(1);
    while (true);
});
?>
--EXPECTF--
%AFatal error: Maximum execution time of 1 second exceeded in %s on line %d
%Ashut down
