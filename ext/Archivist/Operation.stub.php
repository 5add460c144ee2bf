<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/** What a storage task does. */
enum Operation: string
{
    case Store = "store";
    case Retrieve = "retrieve";
    case Delete = "delete";
    case Stat = "stat";
    case Check = "check";
    case Space = "space";
}
