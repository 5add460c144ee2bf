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
 * German strings of archiver_assign.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['attempt_number'] = 'Versuch {$a}';
$string['grading_criterion'] = 'Kriterium';
$string['grading_level'] = 'Stufe';
$string['grading_points'] = 'Punkte';
$string['grading_remark'] = 'Bemerkung';
$string['group_deleted'] = 'Gelöschte Gruppe (ID {$a})';
$string['kind_activity_file'] = 'Dateien der Aufgabe';
$string['kind_feedback_comment'] = 'Feedback-Kommentare';
$string['kind_feedback_file'] = 'Feedback-Dateien';
$string['kind_flags'] = 'Verlängerungen, Workflow-Status und Bewertende';
$string['kind_grade'] = 'Bewertungen';
$string['kind_grade_history'] = 'Schritte der Bewertungshistorie';
$string['kind_grade_in_the_gradebook'] = 'Noten im Bewertungsbuch';
$string['kind_grading'] = 'Ausgefüllte Bewertungsraster';
$string['kind_grading_form'] = 'Bewertungsrichtlinien und -raster';
$string['kind_log'] = 'Log-Einträge';
$string['kind_online_text'] = 'Online-Texte';
$string['kind_override'] = 'Ausnahmen';
$string['kind_pdf_annotation'] = 'Anmerkungen in PDFs';
$string['kind_pdf_comment'] = 'Kommentare in annotierten PDFs';
$string['kind_submission'] = 'Abgaben';
$string['kind_submission_comment'] = 'Kommentare zu Abgaben';
$string['kind_submission_file'] = 'Abgegebene Dateien';
$string['person_deleted'] = 'Gelöschtes Nutzerkonto (ID {$a})';
$string['person_hidden'] = 'Verborgene Person';
$string['person_other'] = 'Andere Person';
$string['pluginname'] = 'Aufgabe';
$string['privacy:metadata'] = 'Der Archivierungstreiber für Aufgaben speichert selbst keine personenbezogenen Daten; Archive und ihre Aufträge gehören zu Archivist.';
