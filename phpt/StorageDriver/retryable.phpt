--TEST--
A driver tells by its exception that a later run may do better, whatever the code
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/staging.inc';
$dir = test_folder(__FILE__);
final class Throttled extends Exception\StorageException
{
    protected bool $retryable = true;
}
$driver = new Unsteady();
foreach ([new Throttled('Slow down.', E_ACCESS), new Exception\StorageException('Forbidden.', E_ACCESS)] as $thrown) {
    $driver->thrown = $thrown;
    test_thrown(fn() => (new Engine())->start(test_staged($dir, test_list(), storages: [$driver], retry: new Retry(delayMs: 1)))->wait());
    echo test_status($dir), "\n";
    if (test_staging($dir)->status(UUID)->state->isFinal()) {
        break;
    }
    test_staging($dir)->delete(UUID, true);
}
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
Archivist\Throttled: Slow down.
RecoverableError, attempts: 1, packaged, objects: 0
Archivist\Exception\StorageException: Forbidden.
Failure, attempts: 1, objects: 0
