<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/** A container format. */
enum Format: string
{
    case Zip = "zip";
    case TarZst = "tar.zst";
    case TarGz = "tar.gz";
    case Tar = "tar";

    /** By the end of a file name, null when it tells none. */
    public static function ofFile(string $fileName): ?Format {}
}
