--TEST--
Archivist\Verifier: the time limit ends a verification whose storage hangs
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Verifier;
register_shutdown_function(fn() => print("shut down\n"));
$folder = test_folder();
$driver = new class extends ArrayDriver {
    public function retrieve(string $key, string $path): void
    {
        set_time_limit(1);
        while (true);
    }
};
(new Verifier())->verifyStored($driver, KEY);
?>
--EXPECTF--
%AFatal error: Maximum execution time of 1 second exceeded in %s on line %d
%Ashut down
