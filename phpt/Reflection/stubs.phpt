--TEST--
Every class is what its stub says
--FILE--
<?php
namespace Archivist;

/*
 * The stubs are valid PHP. They are loaded below the namespace Stub, and reflection tells both: the
 * classes of the extension and those of the stubs.
 */
const STUBS = __DIR__ . '/../../ext';

function stub_load(string $file): void
{
    static $loaded = [];
    if (isset($loaded[$file])) {
        return;
    }
    $loaded[$file] = true;
    $code = preg_replace(['/\\\\Archivist\\\\/', '/^namespace Archivist/m'], ['\\Stub\\Archivist\\', 'namespace Stub\\Archivist'],
        file_get_contents($file));
    eval(substr($code, strlen('<?php')));
}

spl_autoload_register(function (string $class) {
    $file = STUBS . strtr(substr($class, strlen('Stub')), '\\', '/') . '.stub.php';
    stub_load(is_file($file) ? $file : STUBS . '/Archivist/Exception/Exception.stub.php');
});

function test_plain(string $text): string
{
    return str_replace('Stub\\', '', $text);
}

function test_parameter(\ReflectionParameter $parameter): string
{
    $text = ($parameter->getType() ?? 'untyped') . ' ' . ($parameter->isPassedByReference() ? '&' : '')
        . ($parameter->isVariadic() ? '...' : '') . '$' . $parameter->getName();
    if ($parameter->isDefaultValueAvailable()) {
        $value = $parameter->getDefaultValue();
        $text .= ' = ' . ($value instanceof \UnitEnum ? $value::class . '::' . $value->name : json_encode($value));
    }
    return $text;
}

function test_method(\ReflectionMethod $method): string
{
    return implode(' ', \Reflection::getModifierNames($method->getModifiers())) . ' ' . $method->getName() . '('
        . implode(', ', array_map(test_parameter(...), $method->getParameters())) . '): '
        . ($method->getReturnType() ?? $method->getTentativeReturnType() ?? 'untyped');
}

/** What a class declares itself, in lines. */
function test_describe(\ReflectionClass $class): array
{
    $own = fn(array $members) => array_filter($members, fn($member) => $member->class === $class->name
        && !($member instanceof \ReflectionMethod && $class->isEnum() && in_array($member->name, ['cases', 'from', 'tryFrom'])));
    $interfaces = $class->getInterfaceNames();
    sort($interfaces);
    /* An enum is final; PHP 8.2 says so only of those written in PHP. */
    $kind = $class->isEnum() ? 'enum' : implode(' ', \Reflection::getModifierNames($class->getModifiers()));
    $lines = ["$kind $class->name"
        . ' extends ' . ($class->getParentClass() ? $class->getParentClass()->name : 'nothing')
        . ' implements ' . implode(', ', $interfaces)];
    foreach ($own($class->getReflectionConstants()) as $constant) {
        $value = $constant->getValue();
        $lines[] = "const $constant->name = " . json_encode($value instanceof \UnitEnum ? $value->value ?? $value->name : $value);
    }
    foreach ($own($class->getProperties()) as $property) {
        $lines[] = implode(' ', \Reflection::getModifierNames($property->getModifiers()))
            . ' ' . ($property->getType() ?? 'untyped') . " \$$property->name";
    }
    foreach ($own($class->getMethods()) as $method) {
        $lines[] = test_method($method);
    }
    return array_map(test_plain(...), $lines);
}

foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator(STUBS, \FilesystemIterator::SKIP_DOTS)) as $file) {
    if (str_ends_with($file, '.stub.php')) {
        $class = 'Stub' . strtr(substr($file, strlen(STUBS), -strlen('.stub.php')), '/', '\\');
        class_exists($class) || interface_exists($class);
    }
}
$stubs = array_filter([...get_declared_classes(), ...get_declared_interfaces()], fn($name) => str_starts_with($name, 'Stub\\'));
$names = array_map(test_plain(...), $stubs);
$real = (new \ReflectionExtension('archivist'))->getClassNames();
foreach (['without a stub' => array_diff($real, $names), 'without a class' => array_diff($names, $real)] as $what => $alone) {
    echo $what, ': ', implode(' ', $alone) ?: 'none', "\n";
}
$methods = 0;
foreach (array_intersect($names, $real) as $name) {
    $told = test_describe(new \ReflectionClass("Stub\\$name"));
    $is = test_describe(new \ReflectionClass($name));
    $methods += count(preg_grep('/\(.*\): /', $is));
    foreach (array_diff($told, $is) as $line) {
        echo "$name, only in the stub: $line\n";
    }
    foreach (array_diff($is, $told) as $line) {
        echo "$name, only in the class: $line\n";
    }
}
echo $methods > 60 ? 'all compared' : "only $methods methods were compared", "\n";
--EXPECT--
without a stub: none
without a class: none
all compared
