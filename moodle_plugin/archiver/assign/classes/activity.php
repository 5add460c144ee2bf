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

use local_archivist\package;

/**
 * The assignment itself: what was asked, with its files and settings.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class activity {
    /** @var string[] Columns of assign that are points in time. */
    private const DATES = ['duedate', 'allowsubmissionsfromdate', 'cutoffdate', 'gradingduedate', 'timemodified'];

    /** @var string[] Columns of grade_items that are archived: settings, not states. */
    public const GRADE_ITEM = ['id', 'itemname', 'itemnumber', 'idnumber', 'gradetype', 'grademax', 'grademin', 'scaleid',
        'gradepass', 'multfactor', 'plusfactor', 'display', 'decimals', 'hidden', 'locked', 'locktime'];

    /** @var files Puts files in. */
    private files $files;

    /**
     * An assignment.
     *
     * @param subject $subject
     * @param package $package
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where it goes */
        private readonly package $package,
    ) {
        $this->files = new files($package, $subject->people, $subject->inventory);
    }

    /**
     * Puts it in.
     */
    public function collect(): void {
        $assign = $this->subject->assign;
        $files = $this->take('mod_assign');
        $said = $this->add_page('description', $assign->intro, $assign->introformat, $files['intro'] ?? []);
        $said = [
            ...$said,
            ...$this->add_page('instructions', $assign->activity, $assign->activityformat, $files['activityattachment'] ?? []),
            ...$this->files->add($files['introattachment'] ?? [], 'assignment/', 'additional_files', 'activity file', null),
        ];
        foreach ($this->take('grading%') as $area => $rows) {
            $said = [...$said, ...$this->files->add($rows, 'assignment/', "grading/$area", 'activity file', null)];
        }
        $this->package->add_json('assignment/assignment.json', $this->settings() + ['files' => $said]);
    }

    /**
     * Files of the activity by their areas.
     *
     * @param string $component a pattern of LIKE
     * @return array<string, \stdClass[]>
     */
    private function take(string $component): array {
        $areas = [];
        $cursor = files::cursor($this->subject->context->id, $component);
        foreach ($cursor->rest() as $row) {
            $areas[$row->filearea][] = $row;
        }
        $cursor->close();
        return $areas;
    }

    /**
     * Puts a text of the activity in, as a page with its files.
     *
     * @param string $name of the page, without its ending
     * @param string|null $text
     * @param int|string|null $format
     * @param \stdClass[] $rows files
     * @return array[] what is said about the files
     */
    private function add_page(string $name, ?string $text, $format, array $rows): array {
        [$said, $names] = $this->files->add_linked($rows, 'assignment/', "{$name}_files", 'activity file', null);
        if ((string) $text !== '') {
            $body = html::text($text, $format, "{$name}_files", $names);
            $this->package->add_text("assignment/$name.html", html::page($this->subject->cm->name, $body));
        }
        return $said;
    }

    /**
     * The statement that students confirm when they hand in, as it is now: Moodle does not keep what it was before.
     *
     * @param \stdClass $assign row of assign
     * @return array{bool, string} whether it must be confirmed, and its text
     */
    public static function statement(\stdClass $assign): array {
        $name = match (true) {
            !$assign->teamsubmission => 'submissionstatement',
            (bool) $assign->requireallteammemberssubmit => 'submissionstatementteamsubmissionallsubmit',
            default => 'submissionstatementteamsubmission',
        };
        return [(bool) $assign->requiresubmissionstatement, (string) get_config('assign', $name)];
    }

    /**
     * Names of the groups and groupings that the conditions of availability name by their ids.
     *
     * @param string $availability JSON
     * @return array<string, string[]> names by id
     */
    private function availability_names(string $availability): array {
        global $DB;
        $ids = ['group' => [], 'grouping' => []];
        $tree = json_decode($availability, true) ?: [];
        $walk = function (array $node) use (&$walk, &$ids): void {
            if (isset($ids[$node['type'] ?? ''], $node['id'])) {
                $ids[$node['type']][] = (int) $node['id'];
            }
            foreach ($node['c'] ?? [] as $child) {
                $walk($child);
            }
        };
        $walk($tree);
        $names = fn(string $type): array => array_map(
            fn(\stdClass $row): string => $row->name,
            $DB->get_records_list("{$type}s", 'id', $ids[$type], 'id', 'id, name'),
        );
        return ['groups' => $names('group'), 'groupings' => $names('grouping')];
    }

    /**
     * All settings.
     *
     * @return array
     */
    private function settings(): array {
        global $DB;
        $cm = $this->subject->cm;
        $assign = (array) $this->subject->assign;
        foreach (self::DATES as $column) {
            $assign[$column] = dates::iso($assign[$column]);
        }
        $plugins = [];
        foreach ($DB->get_records('assign_plugin_config', ['assignment' => $assign['id']], 'subtype, plugin, id') as $config) {
            $plugins["{$config->subtype}_{$config->plugin}"][$config->name] = $config->value;
        }
        $conditions = ['itemmodule' => 'assign', 'iteminstance' => $assign['id']];
        $items = $DB->get_records('grade_items', $conditions, 'itemnumber, id', implode(', ', self::GRADE_ITEM));
        return [
            'assignment' => $assign,
            'module' => [
                'cmid' => (int) $cm->id,
                'idnumber' => $cm->idnumber,
                'visible' => (bool) $cm->visible,
                'availability' => $cm->availability ? json_decode($cm->availability) : null,
                'availabilitynames' => $this->availability_names((string) $cm->availability),
                'tags' => array_values(\core_tag_tag::get_item_tags_array('core', 'course_modules', $cm->id)),
                'groupmode' => (int) $cm->groupmode,
                'groupingid' => (int) $cm->groupingid,
            ],
            'plugins' => $plugins,
            'submissionstatement' => array_combine(['required', 'text'], self::statement($this->subject->assign)),
            'gradeitems' => array_values($items),
            'scale' => $assign['grade'] < 0 ? $DB->get_record('scale', ['id' => -$assign['grade']], 'id, name, scale') : null,
        ];
    }
}
