<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * The engine: threads and one event loop, on which jobs and tasks advance.
 *
 * Nothing of PHP runs behind the program's back: callbacks run inside wait() and poll() only, on
 * the calling thread. Between two calls the engine's own threads finish what they have begun.
 * An engine starts its threads with its first job. After a fork (pcntl_fork) between
 * two calls of wait() and poll(), the child's copy is rebuilt on first use; jobs that were running stay with
 * the parent and are CanceledException here. A child that is forked inside a callback must end in it, by
 * exit() or pcntl_exec(): when the callback returns there, a fatal error ends the script.
 *
 * A callback that throws cancels its job; the exception reaches the caller of wait() or poll(). The
 * logger belongs to no job: when it throws, none is cancelled.
 *
 * @strict-properties
 * @not-serializable
 */
final class Engine
{
    /**
     * @param int $threads that compute; 0: the INI setting archivist.threads, else one per core
     * @param int $readers that wait for disks, 1 to 64; 0: 16; never fewer than threads
     * @param int $jobs that run at once, others wait their turn; 0: the INI setting archivist.jobs. Jobs
     *   above 1 GiB or of unknown size never hold the last place, and small ones go past them
     * @param int $memoryBytes for units in flight of all jobs together; 0: archivist.memory_bytes
     * @param callable|null $logger function (LogRecord $record): void
     * @param int $nice added to that of the process for the engine's own threads, 0 to 19
     * @param IoPriority $ioPriority of the engine's own threads. What the system refuses is a warning
     *   in the log, and work goes on without
     * @throws Exception\InvalidArgumentException a number out of its range, named with the range
     */
    public function __construct(
        int $threads = 0,
        int $readers = 0,
        int $jobs = 0,
        int $memoryBytes = 0,
        ?callable $logger = null,
        LogLevel $logLevel = LogLevel::Notice,
        int $nice = 0,
        IoPriority $ioPriority = IoPriority::Normal
    ) {}

    /**
     * Begins a job; it advances inside wait() and poll().
     *
     * @throws Exception\InvalidArgumentException an option is not valid; nothing was begun
     * @throws Exception\StateException the entry list was used by another job
     */
    public function start(JobSpec $spec): Job {}

    /**
     * Runs the callbacks that are due and returns; waits up to $timeoutMs for the first one.
     *
     * @return bool true while something is under way
     * @throws \Throwable what a callback threw
     */
    public function poll(int $timeoutMs = 0): bool {}

    /**
     * Runs until nothing is under way. PHP's time limit and signals interrupt it within 100 ms.
     *
     * @param int|null $timeoutMs null: as long as it takes
     * @return bool false when the time was over first
     * @throws \Throwable what a callback threw
     */
    public function wait(?int $timeoutMs = null): bool {}
}
