<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace local_archivist;

/**
 * Hands out a stored copy, and proves it on the way.
 *
 * An address belongs to one archive. So before the first byte goes out the whole object is read and compared with what was
 * recorded: who may have one archive must get nothing of another one that somebody put in its place. That it is the same
 * object is known the next time by what the file system says of it, as long as that does not change. While the bytes pass they
 * are hashed again. The last ones are withheld until the hash is right, so nobody gets a complete file that is not what was
 * archived.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class download {
    /** @var int Bytes that are read at once. */
    private const CHUNK = 262144;

    /** @var int Bytes that are withheld until the hash is known. */
    public const WITHHELD = 65536;

    /** @var int Seconds in which a file may be changed twice without that its time of change tells. */
    private const TIME_GRAIN = 2;

    /** @var array<string, string> Media types by format. */
    private const TYPES = [
        'zip' => 'application/zip',
        'tar.zst' => 'application/zstd',
        'tar.gz' => 'application/gzip',
        'tar' => 'application/x-tar',
    ];

    /**
     * A download.
     *
     * @param job|null $job null: no job of this site made it
     * @param \stdClass $file row of local_archivist_file, or what stands for it
     */
    private function __construct(
        /** @var job|null the job */
        public readonly ?job $job,
        /** @var \stdClass row of local_archivist_file, or what stands for it */
        private readonly \stdClass $file,
    ) {
    }

    /**
     * Looks for a copy.
     *
     * @param int $fileid
     * @return self|null null: there is none
     */
    public static function find(int $fileid): ?self {
        global $DB;
        $file = $DB->get_record('local_archivist_file', ['id' => $fileid]);
        $job = $file ? job::find((int) $file->jobid) : null;
        return $job ? new self($job, $file) : null;
    }

    /**
     * The download of an archive that was found without the database. It is compared with what was found.
     *
     * @param \stdClass $row row of local_archivist_import
     * @return self
     * @throws \moodle_exception the user may not have it, or there is nothing to have
     */
    public static function of_import(\stdClass $row): self {
        if (!imports::may_download($row)) {
            throw new \moodle_exception('error_importgone', 'local_archivist', '', $row->id);
        }
        if ($row->sha256 === null || $row->status === imports::MISSING) {
            throw new \moodle_exception('error_importunread', 'local_archivist');
        }
        return new self(null, (object) [
            'import' => $row,
            'storeid' => $row->storeid, 'storekey' => $row->storekey, 'format' => $row->format,
            'sizebytes' => $row->sizebytes, 'sha256' => $row->sha256, 'filename' => basename($row->storekey),
        ]);
    }

    /**
     * Stops who may not have it, and everybody when there is nothing to have any more.
     */
    public function require_allowed(): void {
        require_capability('local/archivist:download', $this->job->context());
        if (!access::may_download($this->job)) {
            $key = match (true) {
                !access::sees_activity_of($this->job) => 'error_notseen',
                !access::may_have_scope_of($this->job) => 'error_blindcopy',
                default => 'error_backupcopy',
            };
            throw new \moodle_exception($key, 'local_archivist');
        }
        if ($this->file->status !== 'stored') {
            throw new \moodle_exception("error_copy{$this->file->status}", 'local_archivist');
        }
    }

    /**
     * The headers of the answer.
     *
     * @return array<string, string>
     */
    public function headers(): array {
        $name = $this->file->filename;
        $ascii = preg_replace('/[^A-Za-z0-9._ -]+/', '_', \core_text::specialtoascii($name));
        return [
            'Content-Type' => self::TYPES[$this->file->format] ?? 'application/octet-stream',
            'Content-Length' => (string) (int) $this->file->sizebytes,
            'Content-Disposition' => "attachment; filename=\"$ascii\"; filename*=UTF-8''" . rawurlencode($name),
            'X-Content-Type-Options' => 'nosniff',
            'Cache-Control' => 'private, no-store, no-transform',
            'Accept-Ranges' => 'none',
        ];
    }

    /**
     * Answers the request with the copy. Nothing may have been printed; the script ends when the copy turns out to be wrong
     * after it was begun: the length was announced and is not reached, so the browser reports a broken download.
     */
    public function answer(): void {
        \core\session\manager::write_close();
        \core_php_time_limit::raise();
        ignore_user_abort(true); // Also the end of a download that the browser breaks off is entered.
        $begun = false;
        try {
            $this->send(
                function (array $headers) use (&$begun): void {
                    ini_set('zlib.output_compression', 'Off'); // A compressed answer would hide that bytes are missing.
                    while (ob_get_level() && ob_end_clean()) {
                        continue;
                    }
                    foreach ($headers as $name => $value) {
                        header("$name: $value");
                    }
                    $begun = true;
                },
                function (string $bytes): bool {
                    echo $bytes;
                    flush();
                    return !connection_aborted();
                },
            );
        } catch (\Throwable $e) {
            if (!$begun) {
                throw $e;
            }
            exit(1);
        }
    }

    /**
     * Sends the copy.
     *
     * @param callable $begin function (array $headers): void, before the first bytes; never for a copy that is found to be
     *     wrong before
     * @param callable $write function (string $bytes): bool, false when nobody listens any more
     * @throws \moodle_exception the copy cannot be read or is not what was stored; its last bytes were not sent
     */
    public function send(callable $begin, callable $write): void {
        $store = stores::get((int) $this->file->storeid);
        if (!$this->job) {
            event\import_downloaded::from_row($this->file->import)->trigger();
            try {
                $this->pass($store, $begin, $write);
            } catch (cancelled $e) { // Nobody listens any more.
                unset($e);
            }
            return;
        }
        $task = task_record::create(
            $this->job,
            $store::component(),
            'read',
            $store->name() . ': ' . $this->file->storekey,
            'download',
        );
        $task->start();
        try {
            $this->pass($store, $begin, $write);
            $task->end('completed');
        } catch (cancelled $e) {
            $task->end('aborted', get_string('cause_downloadended', 'local_archivist'));
        } catch (\Throwable $e) {
            $known = $e instanceof \moodle_exception || $e instanceof \Archivist\Exception\ArchivistException;
            $cause = $known ? runner::sentence($e) : get_string('cause_readfailed', 'local_archivist', $e->getMessage());
            $this->job->log(4, $store::component(), $cause);
            $task->end('failed', $cause);
            throw $e;
        }
    }

    /**
     * Passes the bytes on.
     *
     * @param store $store
     * @param callable $begin
     * @param callable $write
     */
    private function pass(store $store, callable $begin, callable $write): void {
        $write = self::lazy($begin, $write, $this->headers());
        $source = $store->open($this->file->storekey);
        try {
            $known = $this->state_of($source);
            if ($known === null || self::proven()->get($known) !== $this->file->sha256) {
                $this->compare($store, $source, fn() => true);
                if ($known !== null && $this->state_of($source) === $known) {
                    self::proven()->set($known, $this->file->sha256);
                }
                if (!@rewind($source)) { // It comes over a network.
                    fclose($source);
                    $source = $store->open($this->file->storekey);
                }
            }
            $held = '';
            $this->compare($store, $source, function (string $bytes) use (&$held, $write): void {
                $held .= $bytes;
                if (strlen($held) > self::WITHHELD) {
                    $write(substr($held, 0, -self::WITHHELD));
                    $held = substr($held, -self::WITHHELD);
                }
            });
        } finally {
            if (is_resource($source)) { // To open it again may have failed.
                fclose($source);
            }
        }
        $write($held);
    }

    /**
     * Reads an object to its end and compares it with what was recorded.
     *
     * @param store $store
     * @param resource $source
     * @param callable $take function (string $bytes): void, gets what is read
     * @throws \moodle_exception it cannot be read, or is something else
     */
    private function compare(store $store, $source, callable $take): void {
        $hash = hash_init('sha256');
        $total = 0;
        $error = null;
        while (($bytes = self::read($source, $error)) !== '') {
            $total += strlen($bytes);
            if ($total > (int) $this->file->sizebytes) {
                break;
            }
            hash_update($hash, $bytes);
            $take($bytes);
        }
        if ($error !== null && $total < (int) $this->file->sizebytes) { // Nobody knows what the rest of it is.
            throw new \moodle_exception('cause_readfailed', 'local_archivist', '', "$error.");
        }
        if ($total !== (int) $this->file->sizebytes || !hash_equals((string) $this->file->sha256, hash_final($hash))) {
            throw new \moodle_exception('cause_notwhatstored', 'local_archivist', '', (object) [
                'store' => $store->name(), 'key' => $this->file->storekey,
            ]);
        }
    }

    /**
     * What the file system says of an object: as long as it says the same, nobody has written to it or replaced it.
     *
     * @param resource $source
     * @return string|null a key of proven(); null: it is no file of this machine, or was changed a moment ago
     */
    private function state_of($source): ?string {
        $stat = (stream_get_meta_data($source)['wrapper_type'] ?? '') === 'plainfile' ? fstat($source) : false;
        if (!$stat || !$stat['ino'] || $stat['ctime'] > job::now() - self::TIME_GRAIN) {
            return null;
        }
        $says = [$this->file->storekey, $stat['dev'], $stat['ino'], $stat['size'], $stat['mtime'], $stat['ctime']];
        return hash('sha256', implode("\n", $says));
    }

    /**
     * The checksums of objects that were compared, by what the file system said of them. Forgetting it costs one reading.
     *
     * @return \core_cache\cache
     */
    private static function proven(): \core_cache\cache {
        $options = ['simplekeys' => true, 'simpledata' => true];
        return \core_cache\cache::make_from_params(\core_cache\store::MODE_APPLICATION, 'local_archivist', 'proven', [], $options);
    }

    /**
     * The next bytes. An error of the disk gives none of them, as the end of the copy does.
     *
     * @param resource $source
     * @param string|null $error what PHP said, if it said anything
     * @return string
     */
    private static function read($source, ?string &$error): string {
        set_error_handler(function (int $level, string $message) use (&$error): bool {
            $error = rtrim($message, '.');
            return true;
        });
        try {
            return (string) stream_get_contents($source, self::CHUNK);
        } finally {
            restore_error_handler();
        }
    }

    /**
     * A writer that begins the answer with its first bytes, and stops when nobody listens.
     *
     * @param callable $begin
     * @param callable $write
     * @param array<string, string> $headers
     * @return callable function (string $bytes): void
     */
    private static function lazy(callable $begin, callable $write, array $headers): callable {
        $begun = false;
        return function (string $bytes) use (&$begun, $begin, $write, $headers): void {
            if (!$begun) {
                $begun = true;
                $begin($headers);
            }
            if (!$write($bytes)) {
                throw new cancelled();
            }
        };
    }
}
