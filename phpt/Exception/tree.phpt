--TEST--
Archivist\Exception: the tree of classes and the constants
--EXTENSIONS--
archivist
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\Exception\ArchivistException;
$names = ['InvalidArgument', 'State', 'Unsupported', 'Source', 'Storage', 'Exists', 'NotFound', 'Integrity',
    'Canceled', 'Timeout', 'Limit', 'Callback', 'Internal'];
foreach ($names as $name) {
    $class = "Archivist\\Exception\\{$name}Exception";
    echo $name, ' < ', (new ReflectionClass($class))->getParentClass()->getShortName(), "\n";
    $made = new $class('text', 7);
    if (!$made instanceof ArchivistException || $made->getMessage() !== 'text' || $made->getCode() !== 7 ||
        $made->getErrorName() !== '' || $made->isRetryable() !== false) {
        echo "wrong\n";
    }
}
echo get_parent_class(ArchivistException::class), "\n";
$constants = array_filter(get_defined_constants(true)['archivist'],
    fn($name) => str_starts_with($name, 'Archivist\\E_'), ARRAY_FILTER_USE_KEY);
var_dump(count($constants) > 30, count($constants) === count(array_unique($constants)), max($constants) < 0);
var_dump(Archivist\E_INVALID, Archivist\E_EXISTS, Archivist\E_INTERNAL, Archivist\VERSION !== '');
?>
--EXPECT--
InvalidArgument < ArchivistException
State < ArchivistException
Unsupported < ArchivistException
Source < ArchivistException
Storage < ArchivistException
Exists < StorageException
NotFound < StorageException
Integrity < ArchivistException
Canceled < ArchivistException
Timeout < ArchivistException
Limit < ArchivistException
Callback < ArchivistException
Internal < ArchivistException
RuntimeException
bool(true)
bool(true)
bool(true)
int(-1)
int(-40)
int(-87)
bool(true)
