--TEST--
Archivist\StorageDriverFactory: no setting is shown in the trace of an exception, whoever throws it
--EXTENSIONS--
archivist
--INI--
zend.exception_ignore_args=0
zend.exception_string_param_max_len=1000
--FILE--
<?php
require __DIR__ . '/../utils/storage.inc';
use Archivist\{Engine, StorageApi, StorageDriverFactory, StorageOption, StorageOptionKind};

const REVERSED = '2retnuh';
const SECRETS = [REVERSED, 'hunter2', 'deep-secret', 'user-name', '12345678', '0.98765'];

function connect(mixed $password, array $more) { throw new LogicException('cannot connect'); }

function wrapped(array $settings) {
    try {
        connect($settings['password'], $settings);
    } catch (LogicException $e) {
        throw new RuntimeException('no storage', 0, $e);
    }
}

$factory = new StorageDriverFactory();
$factory->register('throws', fn(array $s) => throw new LogicException('no'));
$factory->register('errs', fn(array $s) => throw new Error('no'));
$factory->register('type_error', fn(string $s) => null);
$factory->register('passes_on', fn(array $s) => connect($s['password'], $s));
$factory->register('wraps', fn(array $s) => wrapped($s));
$factory->register('composes', fn(array $s) => connect("s3://u:{$s['password']}@host", [['at' => $s['pin']]]));
$factory->register('converts', fn(array $s) => connect(strrev($s['password']), [(string) $s['pin']]));
$factory->register('numbers', fn(array $s) => connect($s['pin'], [$s['factor']]));
$factory->register('objects', fn(array $s) => connect((object) ['held' => $s['password']], [fn() => $s]));
$factory->register('nested', fn(array $s) => $factory->getStorageDriver('objects', ['password' => "-{$s['password']}", 'pin' => 1]));
$text = fn(string $name, bool $secret) => new StorageOption($name, StorageOptionKind::Text, 'A sentence.', secret: $secret);
$factory->register('declared', fn(array $s) => connect($s['password'], $s), [$text('password', true), $text('user', false)]);
$factory->register('nothing', fn(array $s) => null);
$api = new StorageApi(new Engine(), $factory);
$all = ['password' => 'hunter2', 'more' => ['key' => 'deep-secret'], 'user' => 'user-name', 'pin' => 12345678, 'factor' => 0.98765, 'create' => true];

foreach ([...$factory->types(), 'no_such'] as $type) {
    $settings = $type === 'declared' ? ['password' => 'hunter2', 'user' => 'user-name'] : $all;
    $numbers = $type === 'declared' ? [] : [12345678, 'PIN 12345678', 0.98765];
    foreach ([$factory, $api] as $from) {
        try {
            (function (array $mine, mixed ...$more) use ($from, $type) { $from->getStorageDriver($type, $mine); })(
                $settings, 'dsn=hunter2;', (object) $settings, [[(object) $settings]], ...$numbers);
            echo "$type: nothing is thrown\n";
        } catch (Throwable $e) {
            $shown = (string) $e . serialize_args($e) . print_r($e->getMessage(), true);
            $found = array_filter(SECRETS, fn($secret) => str_contains($shown, $secret));
            echo $type, ': ', get_class($e), ', ', $found ? 'SHOWS ' . implode(' ', $found) : 'shows nothing', "\n";
        }
    }
}

/** All arguments of all frames, of the previous exceptions too. */
function serialize_args(Throwable $e): string {
    $text = '';
    for (; $e; $e = $e->getPrevious()) {
        foreach ($e->getTrace() as $frame) {
            foreach ($frame['args'] ?? [] as $argument) {
                $text .= print_r($argument, true) . json_encode($argument);
            }
        }
    }
    return $text;
}

foreach ([StorageDriverFactory::class, StorageApi::class] as $class) {
    $attributes = (new ReflectionMethod($class, 'getStorageDriver'))->getParameters()[1]->getAttributes();
    var_dump(PHP_VERSION_ID < 80200 || $attributes[0]->getName() === 'SensitiveParameter');
}
ob_start();
var_dump($factory, $api);
print_r($factory);
print_r($api);
var_dump(array_filter(SECRETS, fn($secret) => str_contains(ob_get_contents(), $secret)) === []);
echo substr(ob_get_clean(), -11);
?>
--EXPECT--
composes: LogicException, shows nothing
composes: LogicException, shows nothing
converts: LogicException, shows nothing
converts: LogicException, shows nothing
declared: LogicException, shows nothing
declared: LogicException, shows nothing
errs: Error, shows nothing
errs: Error, shows nothing
filesystem: Archivist\Exception\InvalidArgumentException, shows nothing
filesystem: Archivist\Exception\InvalidArgumentException, shows nothing
nested: LogicException, shows nothing
nested: LogicException, shows nothing
nothing: Archivist\Exception\CallbackException, shows nothing
nothing: Archivist\Exception\CallbackException, shows nothing
numbers: LogicException, shows nothing
numbers: LogicException, shows nothing
objects: LogicException, shows nothing
objects: LogicException, shows nothing
passes_on: LogicException, shows nothing
passes_on: LogicException, shows nothing
throws: LogicException, shows nothing
throws: LogicException, shows nothing
type_error: TypeError, shows nothing
type_error: TypeError, shows nothing
wraps: RuntimeException, shows nothing
wraps: RuntimeException, shows nothing
no_such: Archivist\Exception\UnsupportedException, shows nothing
no_such: Archivist\Exception\UnsupportedException, shows nothing
bool(true)
bool(true)
bool(true)
