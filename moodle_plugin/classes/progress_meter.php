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
 * Turns what the engine says into what people are shown: progress that never goes backwards, the speed, the time left.
 *
 * Speed and time left are those of a window of the last half minute, so that they neither jump with each file nor speak
 * of a past that is over. What is not known yet, or not any more, is 0.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class progress_meter {
    /** @var array<string, int> Columns of a job whose run begins. */
    public const NOTHING = [
        'bytesdone' => 0, 'bytestotal' => 0, 'entriesdone' => 0, 'entriestotal' => 0, 'byterate' => 0, 'secondsleft' => 0,
    ];

    /** @var int What an entry costs besides its bytes, in bytes. */
    public const ENTRY_COST = 4096;

    /** @var float Seconds that are looked back on. */
    private const WINDOW = 30.0;

    /** @var float Seconds that must have been seen before anything is said about speed. */
    private const WINDOW_MIN = 3.0;

    /** @var int The longest time left that is said, a year; beyond it nothing is known. */
    private const LEFT_MAX = 31536000;

    /** @var array<string, int> The columns. */
    private array $columns = self::NOTHING;

    /** @var array<int, array{float, int, int}> Time, bytes and cost that were done, of the window. */
    private array $seen = [];

    /** @var float The greatest part that was ever done. */
    private float $fraction = 0.0;

    /**
     * Takes in how far the run is.
     *
     * @param int $bytesdone
     * @param int $bytestotal
     * @param int $entriesdone
     * @param int $entriestotal
     * @param float|null $now seconds of a clock that nobody sets; null: the system's
     * @return array<string, int> columns of the job
     */
    public function take(int $bytesdone, int $bytestotal, int $entriesdone, int $entriestotal, ?float $now = null): array {
        $now ??= hrtime(true) / 1e9;
        $bytesdone = max(0, $bytesdone, $this->columns['bytesdone']);
        $entriesdone = max(0, $entriesdone, $this->columns['entriesdone']);
        $bytestotal = max($bytestotal, $bytesdone, $this->columns['bytestotal']);
        $entriestotal = max($entriestotal, $entriesdone, $this->columns['entriestotal']);
        $done = $bytesdone + self::ENTRY_COST * $entriesdone;
        $total = $bytestotal + self::ENTRY_COST * $entriestotal;
        $this->fraction = max($this->fraction, $total > 0 ? min(0.99, $done / $total) : 0.0);
        [$byterate, $costrate] = $this->rates($now, $bytesdone, $done);
        $left = $costrate > 0 ? ceil(($total - $done) / $costrate) : 0;
        return $this->columns = [
            'bytesdone' => $bytesdone, 'bytestotal' => $bytestotal,
            'entriesdone' => $entriesdone, 'entriestotal' => $entriestotal,
            'byterate' => $done < $total ? (int) $byterate : 0,
            'secondsleft' => $left <= self::LEFT_MAX ? (int) $left : 0,
        ];
    }

    /**
     * How far the run is. All of it is only done when the job has ended.
     *
     * @return float 0.0 to 0.99
     */
    public function fraction(): float {
        return $this->fraction;
    }

    /**
     * The speed of the last half minute.
     *
     * @param float $now
     * @param int $bytes that are done
     * @param int $cost that is done
     * @return array{float, float} bytes and cost in a second; 0: unknown, or nothing moves
     */
    private function rates(float $now, int $bytes, int $cost): array {
        $isin = fn(array $at): bool => $at[0] >= $now - self::WINDOW && $at[0] < $now;
        $this->seen = [...array_filter($this->seen, $isin), [$now, $bytes, $cost]];
        $seconds = $now - $this->seen[0][0];
        if ($seconds < self::WINDOW_MIN) {
            return [0.0, 0.0];
        }
        return [($bytes - $this->seen[0][1]) / $seconds, ($cost - $this->seen[0][2]) / $seconds];
    }
}
