--TEST--
Archivist\Verifier: a fork leaves the work to the parent
--EXTENSIONS--
archivist
pcntl
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, Verifier};
$folder = test_folder();
test_archive("$folder/a.zip");
$wait = function (int $child) {
    pcntl_waitpid($child, $status);
    echo 'child ', pcntl_wifexited($status) ? pcntl_wexitstatus($status) : 'died', "\n";
};
$verifier = new Verifier(new Engine());
$count = 0;
$child = null;
try {
    foreach ($verifier->entries("$folder/a.zip") as $_) {
        $child ??= pcntl_fork();
        $count++;
    }
    echo "parent $count\n";
} catch (Archivist\Exception\CanceledException $e) {
    exit(str_contains($e->getMessage(), 'forked') && iterator_count($verifier->entries("$folder/a.zip")) === 2
        && $verifier->verify("$folder/a.zip")->valid ? 7 : 8);
}
$wait($child);

/* Inside a driver of a verifier that has an engine of its own, and of one that shares one. */
class ForkingDriver extends ArrayDriver
{
    public ?int $child = null;

    public function retrieve(string $key, string $path): void
    {
        parent::retrieve($key, $path);
        $this->child ??= pcntl_fork();
        if ($this->child === 0) {
            exit(9);
        }
    }
}
foreach ([new Verifier(), new Verifier(new Engine())] as $verifier) {
    $driver = new ForkingDriver();
    $driver->objects[KEY] = file_get_contents("$folder/a.zip");
    echo 'parent ', $verifier->verifyStored($driver, KEY)->findings[0]->kind->name, "\n";
    $wait($driver->child);
}
?>
--EXPECT--
parent 2
child 7
parent Address
child 9
parent Address
child 9
