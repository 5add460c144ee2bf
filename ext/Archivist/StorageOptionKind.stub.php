<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/** What the value of a storage's option is. */
enum StorageOptionKind: string
{
    /** Printable text; of a secret any bytes but NUL. */
    case Text = "text";
    /** A bool, or "0" or "1". */
    case Flag = "flag";
    /** An int, or its decimal digits. */
    case Number = "number";
    /** In lower case. */
    case Uuid = "uuid";
}
