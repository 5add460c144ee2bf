--TEST--
States, their numbers and labels
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
foreach (State::cases() as $state) {
    printf("%3d %-18s %-19s %s\n", $state->value, $state->name, $state->label(), $state->isFinal() ? 'final' : '');
}
--EXPECT--
0 Uninitialized      not started         
 10 Queued             waiting             
 20 PreProcessing      preparing           
 30 ActivityArchiving  archiving           
 50 PostProcessing     finishing           
 60 Store              storing             
 70 Sign               signing             
 90 Cleanup            cleaning up         
100 Completed          completed           final
105 Partial            completed in part   final
110 Deleted            deleted             final
200 Error              failing             
210 RecoverableError   waiting for a retry 
220 ErrorHandling      taking back         
240 Failure            failed              final
250 Aborted            cancelled           final
