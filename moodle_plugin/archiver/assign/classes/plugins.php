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

namespace archiver_assign;

use local_archivist\owner;
use local_archivist\package;

/**
 * Reads submission and feedback types that this driver does not know, through the interface that all of them have.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class plugins {
    /** @var string[] Types that the driver reads itself. */
    public const KNOWN = ['assignsubmission_file', 'assignsubmission_onlinetext', 'assignsubmission_comments',
        'assignfeedback_comments', 'assignfeedback_file', 'assignfeedback_editpdf', 'assignfeedback_offline'];

    /** @var \assign_plugin[] The others. */
    private array $others = [];

    /**
     * Types.
     *
     * @param \assign_plugin[] $plugins all that are installed
     * @param package $package
     */
    public function __construct(
        array $plugins,
        /** @var package where it goes */
        private readonly package $package,
    ) {
        foreach ($plugins as $plugin) {
            if ($plugin->is_enabled() && !in_array($plugin->get_subtype() . '_' . $plugin->get_type(), self::KNOWN, true)) {
                $this->others[] = $plugin;
            }
        }
    }

    /**
     * Puts in what the other types say about a submission or a grade.
     *
     * @param \stdClass $record row of assign_submission or assign_grades
     * @param string $folder with "/" at its end
     * @param owner $owner
     * @param array<int, true> $have ids of stored files that are in the package already
     * @return array[] texts by type, for records
     */
    public function add(\stdClass $record, string $folder, owner $owner, array $have): array {
        $said = [];
        foreach ($this->others as $plugin) {
            $type = $plugin->get_type();
            $texts = $this->package->attempt("$folder$type", [], fn() => $this->add_one($plugin, $record, $folder, $owner, $have));
            $said += $texts ? [$type => $texts] : [];
        }
        return $said;
    }

    /**
     * Puts in what one type says.
     *
     * @param \assign_plugin $plugin
     * @param \stdClass $record
     * @param string $folder
     * @param owner $owner
     * @param array<int, true> $have
     * @return array[] texts by field
     */
    private function add_one(\assign_plugin $plugin, \stdClass $record, string $folder, owner $owner, array $have): array {
        $said = [];
        $type = $plugin->get_type();
        foreach (array_keys($plugin->get_editor_fields()) as $field) {
            $text = (string) $plugin->get_editor_text($field, $record->id);
            if ($text === '') {
                continue;
            }
            $format = (int) $plugin->get_editor_format($field, $record->id);
            $said[$field] = ['text' => $text, 'format' => $format];
            $name = package::component("$type $field.html");
            $page = html::page("{$plugin->get_name()}: {$owner->name}", html::text($text, $format, $type));
            $this->package->add_text($folder . $name, $page, $owner, (int) $record->timemodified);
        }
        $user = \core_user::get_user((int) $record->userid) ?: \core_user::get_noreply_user();
        $record->exportfullpath = true;
        foreach ($plugin->get_files($record, $user) as $name => $file) {
            $path = implode('/', array_map([package::class, 'component'], explode('/', trim($name, '/'))));
            if (is_array($file)) {
                $this->package->add_text("$folder$type/$path", (string) reset($file), $owner, (int) $record->timemodified);
            } else if (!isset($have[(int) $file->get_id()])) {
                $this->package->add_file("$folder$type/$path", $file, $owner);
            }
        }
        return $said;
    }
}
