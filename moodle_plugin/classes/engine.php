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

use Archivist\Engine as native_engine;
use Archivist\IoPriority;
use Archivist\LogLevel;

/**
 * The engine behind the plugin: the PHP extension archivist.
 *
 * The only class that knows whether the extension is there. Everything else asks it first, so that a
 * Moodle without the extension stays usable and says what to do.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class engine {
    /** @var string The oldest version of the extension that this plugin works with. */
    public const REQUIRED = '0.1.0';

    /** @var string|null|false Version for tests instead of the real one; false: the real one. */
    private static $testversion = false;

    /**
     * The version of the extension.
     *
     * @return string|null null when it is not loaded
     */
    public static function version(): ?string {
        if (self::$testversion !== false) {
            return self::$testversion;
        }
        return phpversion('archivist') ?: null;
    }

    /**
     * Whether jobs can run here.
     *
     * @return bool
     */
    public static function is_ready(): bool {
        return self::problem() === null;
    }

    /**
     * Why no job can run here, and what to do.
     *
     * @return string|null a sentence for people, null when all is well
     */
    public static function problem(): ?string {
        $version = self::version();
        if ($version === null) {
            return get_string('engine_missing', 'local_archivist', self::REQUIRED);
        }
        if (version_compare($version, self::REQUIRED, '<')) {
            return get_string('engine_old', 'local_archivist', (object) ['found' => $version, 'required' => self::REQUIRED]);
        }
        return null;
    }

    /**
     * Throws when no job can run here.
     *
     * @throws \moodle_exception with the sentence of problem()
     */
    public static function require_ready(): void {
        $problem = self::problem();
        if ($problem !== null) {
            throw new \moodle_exception('engine_notready', 'local_archivist', '', $problem);
        }
    }

    /**
     * A new engine under the limits of the settings.
     *
     * @param callable|null $logger function (\Archivist\LogRecord $record): void
     * @return native_engine
     */
    public static function create(?callable $logger = null): native_engine {
        self::require_ready();
        return new native_engine(
            threads: (int) get_config('local_archivist', 'threads'),
            memoryBytes: 1024 * 1024 * (int) get_config('local_archivist', 'memorymib'),
            logger: $logger,
            logLevel: LogLevel::from(job::log_level()),
            nice: limits::nice(),
            ioPriority: constant(IoPriority::class . '::' . limits::io_priority()),
        );
    }

    /**
     * For tests: act as if this version was loaded.
     *
     * @param string|null|false $version null: none; false: the real one again
     */
    public static function set_version_for_test($version): void {
        self::$testversion = $version;
    }
}
