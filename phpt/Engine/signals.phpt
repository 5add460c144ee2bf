--TEST--
Signals are handled inside of wait()
--EXTENSIONS--
pcntl
posix
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
/* The signal is handled where kill() returns, so inside of the job's callback, which it then fails. */
$list = new EntryList();
$list->addCallback('a', function (int $length): string {
    posix_kill(posix_getpid(), SIGALRM);
    return '';
});
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
