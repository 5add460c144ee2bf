<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * States of a job. The numbers are those that tools of this field know. SIGN is reserved: no job
 * enters it yet.
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
    case Failure = 240;
    case Aborted = 250;

    public function isFinal(): bool {}

    /** "archiving", in English; translations are the application's. */
    public function label(): string {}
}
