--TEST--
What a job may become: the engine's own table
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
foreach (State::cases() as $from) {
    $to = array_filter(State::cases(), fn (State $next) => $from->mayBecome($next));
    printf("%s: %s\n", $from->name, implode(' ', array_map(fn (State $next) => $next->value, $to)) ?: 'the end');
}
try {
    State::Queued->mayBecome(10);
} catch (\TypeError $e) {
    echo $e->getMessage(), "\n";
}
--EXPECT--
Uninitialized: 10
Queued: 20 60 70 90 200 220
PreProcessing: 10 30 200 220
ActivityArchiving: 10 20 50 200 220
PostProcessing: 10 60 200 220
Store: 10 70 90 200 220
Sign: 10 90 200 220
Cleanup: 10 100 105 200 220
Completed: 110
Partial: 10 110
Deleted: the end
Error: 210 220
RecoverableError: 10 220
ErrorHandling: 105 240 250
Failure: 10 110
Aborted: 10 110
Archivist\State::mayBecome(): Argument #1 ($next) must be of type Archivist\State, int given
