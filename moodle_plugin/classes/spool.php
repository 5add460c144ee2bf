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
 * Text that waits for the engine in an unnamed temporary file, since memory is for other things.
 *
 * The file has no name while it is used: it is gone with the process, even with one that is killed.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class spool {
    /** @var resource The file. */
    private $handle;

    /** @var int Bytes that are gathered before they are written. */
    private const BUFFER_BYTES = 131072;

    /** @var string What is not written yet. */
    private string $buffer = '';

    /** @var int Bytes in it, with those that are not written yet. */
    private int $length = 0;

    /**
     * An empty spool.
     */
    public function __construct() {
        $path = make_request_directory() . '/spool';
        $this->handle = fopen($path, 'x+b');
        if (!$this->handle) {
            throw new \moodle_exception('error_spool', 'local_archivist');
        }
        unlink($path);
    }

    /**
     * Appends a text.
     *
     * @param string $text
     * @return int where it begins
     */
    public function add(string $text): int {
        $at = $this->length;
        $this->length += strlen($text);
        $this->buffer .= $text;
        if (strlen($this->buffer) >= self::BUFFER_BYTES) {
            $this->flush();
        }
        return $at;
    }

    /**
     * Writes what was gathered.
     */
    private function flush(): void {
        $text = $this->buffer;
        $this->buffer = '';
        fseek($this->handle, 0, SEEK_END);
        while ($text !== '') {
            $written = fwrite($this->handle, $text);
            if (!$written) {
                throw new \moodle_exception('error_spool', 'local_archivist');
            }
            $text = substr($text, $written);
        }
    }

    /**
     * Bytes in it.
     *
     * @return int
     */
    public function length(): int {
        return $this->length;
    }

    /**
     * A source for the engine: a part of the spool.
     *
     * @param int $at where it begins
     * @param int $length
     * @return \Closure function (int $length): string
     */
    public function reader(int $at, int $length): \Closure {
        $end = $at + $length;
        return function (int $wanted) use (&$at, $end): string {
            if ($at >= $end) {
                return '';
            }
            if ($this->buffer !== '') {
                $this->flush();
            }
            fseek($this->handle, $at);
            $bytes = (string) fread($this->handle, min($wanted, $end - $at));
            $at += strlen($bytes);
            return $bytes;
        };
    }
}
