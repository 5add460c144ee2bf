<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/** What can be wrong with an archive: docs/errors.md tells each. */
enum FindingKind: string
{
    /** The container ends too early. */
    case Truncated = "TRUNCATED";
    /** There are bytes behind the end of the container. */
    case Trailing = "TRAILING";
    /** The container's structure is damaged. */
    case Structure = "STRUCTURE";
    /** Two entries share bytes. */
    case Overlap = "OVERLAP";
    /** There are bytes between entries that belong to none. */
    case Gap = "GAP";
    /** An entry's own header differs from the directory. */
    case Header = "HEADER";
    /** An entry's bytes do not match the container's checksum. */
    case Checksum = "CHECKSUM";
    /** A name is unsafe. */
    case Name = "NAME";
    /** Two entries have the same name. */
    case Duplicate = "DUPLICATE";
    /** An entry is not a regular file or folder. */
    case Type = "TYPE";
    /** A limit for reading was exceeded. */
    case Bomb = "BOMB";
    /** There is no bag in the container. */
    case NoBag = "NO_BAG";
    /** A part of the bag is missing or malformed. */
    case Bag = "BAG";
    /** A file of the manifest is missing. */
    case Missing = "MISSING";
    /** A file stands in no manifest, or where none belongs. */
    case Extra = "EXTRA";
    /** A file's content differs from the manifest. */
    case Digest = "DIGEST";
    /** Number or size of the payload differ from bag-info.txt. */
    case Count = "COUNT";
    /** The archive's own records contradict its content. */
    case Metadata = "METADATA";
    /** The container has bytes that no manifest covers. */
    case Foreign = "FOREIGN";
    /** Another archive stands in the place of the one that is expected. */
    case Address = "ADDRESS";
}
