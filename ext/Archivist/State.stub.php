<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * States of a job. The numbers are those that tools of this field know; Partial and Aborted were
 * added to them. Sign is reserved: no job enters it yet.
 */
enum State: int
{
    case Uninitialized = 0;
    case Queued = 10;
    case PreProcessing = 20;
    case ActivityArchiving = 30;
    case PostProcessing = 50;
    case Store = 60;
    case Sign = 70;
    case Cleanup = 90;
    case Completed = 100;
    case Partial = 105;
    case Deleted = 110;
    case Error = 200;
    case RecoverableError = 210;
    case ErrorHandling = 220;
    case Failure = 240;
    case Aborted = 250;

    /** Nobody works on it and nothing is going to happen by itself. */
    public function isFinal(): bool {}

    /** Whether a job may go from this state to that one: the table that the engine itself keeps to. */
    public function mayBecome(State $next): bool {}

    /** "archiving", in English; translations are the application's. */
    public function label(): string {}
}
