--TEST--
Signals are handled inside of wait()
--EXTENSIONS--
pcntl
--FILE--
<?php
namespace Archivist;
require __DIR__ . '/../utils/archive.inc';
$dir = test_folder(__FILE__);
pcntl_async_signals(true);
$engine = new Engine();
$job = $engine->start(test_spec("$dir/a.zip", test_slow_list()));
pcntl_signal(SIGALRM, function () use ($job) { echo "signal\n"; $job->cancel(); });
pcntl_alarm(1);
test_thrown(fn() => $job->wait());
echo $job->state()->name, "\n";
pcntl_signal(SIGALRM, function () { throw new \LogicException('from the handler'); });
/* The callback does not return before the signal was handled in it, which then fails the job. */
$list = new EntryList();
$list->addCallback('a', function (int $length): string {
    for ($end = hrtime(true) + 30e9; hrtime(true) < $end;);
    return '';
});
pcntl_alarm(1);
$job = $engine->start(test_spec("$dir/b.zip", $list));
test_thrown(fn() => $job->wait());
$job->cancel();
test_thrown(fn() => $job->wait());
--CLEAN--
<?php
require __DIR__ . '/../utils/archive.inc';
\Archivist\test_clean(__FILE__);
--EXPECT--
signal
Archivist\Exception\CanceledException: The job was cancelled.
Aborted
LogicException: from the handler
LogicException: from the handler
