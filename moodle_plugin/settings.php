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

/**
 * Settings of local_archivist.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\admin\setting_fold;
use local_archivist\admin\setting_integer;
use local_archivist\admin\setting_name_pattern;
use local_archivist\jobs;
use local_archivist\journal;
use local_archivist\limits;
use local_archivist\naming;
use local_archivist\persons;
use local_archivist\task\cleanup;

defined('MOODLE_INTERNAL') || die();

if (has_capability('local/archivist:configure', context_system::instance())) {
    if (!$ADMIN->locate('localplugins')) { // Moodle 4.5 makes it for site administrators only.
        $ADMIN->add('modules', new admin_category('localplugins', new lang_string('localplugins')));
    }
    $ADMIN->add('localplugins', new admin_category('local_archivist', new lang_string('pluginname', 'local_archivist')));
    $page = new admin_settingpage(
        'local_archivist_settings',
        new lang_string('settings', 'local_archivist'),
        'local/archivist:configure',
    );
    if ($ADMIN->fulltree) {
        $heading = fn(string $name): admin_setting_heading => new admin_setting_heading(
            "local_archivist/heading$name",
            new lang_string("heading_$name", 'local_archivist'),
            '',
        );
        $numbers = function (string ...$names) use ($page): void {
            $bounds = ['threads' => [0, 0, 256], 'memorymib' => [64, 16, 65536], 'logdays' => [cleanup::LOG_DAYS, 0, 36500]];
            foreach ($names as $name) {
                $page->add(new setting_integer(
                    "local_archivist/$name",
                    new lang_string("setting_$name", 'local_archivist'),
                    new lang_string("setting_{$name}_desc", 'local_archivist'),
                    ...($bounds + limits::SETTINGS)[$name],
                ));
            }
        };
        $choice = function (string $name, string|int $default, array $choices, ?string $a = null) use ($page): void {
            $page->add(new admin_setting_configselect(
                "local_archivist/$name",
                new lang_string("setting_$name", 'local_archivist'),
                new lang_string("setting_{$name}_desc", 'local_archivist', $a),
                $default,
                $choices,
            ));
        };
        $page->add(new admin_setting_check('local_archivist/engine', new local_archivist\check\engine(), true));

        $page->add($heading('archives'));
        $page->add(new setting_name_pattern(
            'local_archivist/namepattern',
            new lang_string('setting_namepattern', 'local_archivist'),
            new lang_string('setting_namepattern_desc', 'local_archivist', implode(', ', naming::VARIABLES)),
            naming::PATTERN,
        ));
        $choice('format', 'zip', array_combine(jobs::FORMATS, array_map(fn(string $format): string => ".$format", jobs::FORMATS)));
        foreach (['sha512', 'backup'] as $name) {
            $page->add(new admin_setting_configcheckbox(
                "local_archivist/$name",
                new lang_string("setting_$name", 'local_archivist'),
                new lang_string("setting_{$name}_desc", 'local_archivist'),
                0,
            ));
        }
        $choice('studentnumber', persons::IDNUMBER, persons::number_fields());
        $page->add(new admin_setting_configmultiselect(
            'local_archivist/profilefields',
            new lang_string('setting_profilefields', 'local_archivist'),
            new lang_string('setting_profilefields_desc', 'local_archivist'),
            [],
            persons::profile_fields(),
        ));

        $page->add($heading('jobs'));
        $numbers('jobsmax', 'attempts', 'timelimit');

        $page->add(setting_fold::begin(
            'local_archivist/expert',
            new lang_string('heading_expert', 'local_archivist'),
            new lang_string('heading_expert_desc', 'local_archivist'),
        ));
        $choice('staging', 'stream', array_combine(limits::STAGING, array_map(
            fn(string $name): lang_string => new lang_string("staging_$name", 'local_archivist'),
            limits::STAGING,
        )), journal::folder());
        $numbers('staginglimitgib', 'stalllimit', 'threads', 'memorymib', 'nice');
        $choice('iopriority', 'Low', array_combine(limits::IO_PRIORITIES, array_map(
            fn(string $name): lang_string => new lang_string('iopriority_' . strtolower($name), 'local_archivist'),
            limits::IO_PRIORITIES,
        )));
        $choice('loglevel', 1, array_map(
            fn(string $level): lang_string => new lang_string("loglevel_$level", 'local_archivist'),
            ['debug', 'info', 'notice', 'warning', 'error'],
        ));
        $numbers('logdays');
        $page->add(setting_fold::end('local_archivist/expertend'));
    }
    $ADMIN->add('local_archivist', $page);
    foreach (['stores', 'jobs', 'deletions'] as $name) {
        $ADMIN->add('local_archivist', new admin_externalpage(
            "local_archivist_$name",
            new lang_string("page_$name", 'local_archivist'),
            new moodle_url("/local/archivist/$name.php"),
            'local/archivist:configure',
        ));
    }
    $ADMIN->add('local_archivist', new admin_externalpage(
        'local_archivist_imports',
        new lang_string('page_imports', 'local_archivist'),
        new moodle_url('/local/archivist/imports.php'),
        'moodle/site:config',
    ));
}
