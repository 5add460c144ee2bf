<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/** How much the engine's threads step back behind others at the disk. */
enum IoPriority: int
{
    /** What the process has. */
    case Normal = 0;
    /** Best effort, the lowest level, as by `ionice -c2 -n7`. */
    case Low = 1;
    /** Only when nobody else wants the disk, as by `ionice -c3`: may wait for long. */
    case Idle = 2;
}
