<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist\Exception;

/**
 * Root of all exceptions of Archivist. getCode() is the ARV_E number of the core, getErrorName()
 * its name ("EXISTS"). Messages are sentences with the cause and the next step.
 */
class ArchivistException extends \RuntimeException
{
    /** @var string */
    protected string $errorName = "";
    protected bool $retryable = false;
    protected ?string $subject = null;

    final public function getErrorName(): string {}

    /** Whether the same request may succeed later. */
    final public function isRetryable(): bool {}

    /**
     * What the error is about, as it was given: the key of an object, the path of a file, the URL of a
     * storage, the UUID of a job; the first 127 bytes. Null where nothing is known.
     */
    final public function getSubject(): ?string {}
}

class InvalidArgumentException extends ArchivistException {}

/** The object is not in a state in which this can be done. */
class StateException extends ArchivistException {}

/** This build, file system or storage cannot do it. */
class UnsupportedException extends ArchivistException {}

/** A file that was to be archived is missing, changed, unreadable or special. */
class SourceException extends ArchivistException {}

/** A storage or target failed. */
class StorageException extends ArchivistException {}

/** The target is there already; nothing was overwritten. */
class ExistsException extends StorageException {}

class NotFoundException extends StorageException {}

/** Bytes are not what they should be. */
class IntegrityException extends ArchivistException {}

class CanceledException extends ArchivistException {}

class TimeoutException extends ArchivistException {}

/** A configured bound or memory was reached. */
class LimitException extends ArchivistException {}

/** A callback of the application returned something unusable. */
class CallbackException extends ArchivistException {}

/** A defect of Archivist: please report it. */
class InternalException extends ArchivistException {}
