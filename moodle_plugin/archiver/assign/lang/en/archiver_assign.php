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
 * English strings of archiver_assign.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['attempt_number'] = 'attempt {$a}';
$string['grading_criterion'] = 'Criterion';
$string['grading_level'] = 'Level';
$string['grading_points'] = 'Points';
$string['grading_remark'] = 'Remark';
$string['group_deleted'] = 'Deleted group (id {$a})';
$string['kind_activity_file'] = 'Files of the assignment';
$string['kind_feedback_comment'] = 'Feedback comments';
$string['kind_feedback_file'] = 'Feedback files';
$string['kind_flags'] = 'Extensions, workflow states and markers';
$string['kind_grade'] = 'Grades';
$string['kind_grade_history'] = 'Steps of the grade history';
$string['kind_grade_in_the_gradebook'] = 'Grades in the gradebook';
$string['kind_grading'] = 'Filled rubrics and guides';
$string['kind_grading_form'] = 'Rubrics and marking guides';
$string['kind_log'] = 'Log entries';
$string['kind_online_text'] = 'Online texts';
$string['kind_override'] = 'Overrides';
$string['kind_pdf_annotation'] = 'Annotations in PDFs';
$string['kind_pdf_comment'] = 'Comments in annotated PDFs';
$string['kind_submission'] = 'Submissions';
$string['kind_submission_comment'] = 'Submission comments';
$string['kind_submission_file'] = 'Submitted files';
$string['person_deleted'] = 'Deleted user (id {$a})';
$string['person_hidden'] = 'Hidden person';
$string['person_other'] = 'Another person';
$string['pluginname'] = 'Assignment';
$string['privacy:metadata'] = 'The archiving driver for assignments keeps no personal data itself; archives and their jobs belong to Archivist.';
