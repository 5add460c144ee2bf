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
use local_archivist\spool;

/**
 * A page for each person who takes part, with what they handed in, what was said about it, and how they were graded; and
 * the index of all people.
 *
 * The parts collect pieces of pages as they go through their tables, which are not ordered by people. So the pieces wait
 * in a file, and in memory is only where each begins.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class dossiers {
    /** @var string From a page of a person to the top of the archive. */
    public const UP = '../../';

    /** @var spool|null The pieces. */
    private ?spool $spool = null;

    /** @var array<int, array<string, array{int, int}[]>> Where pieces begin and how long they are, by person and part. */
    private array $pieces = [];

    /** @var array<int, string> Folders of people. */
    private array $folders = [];

    /**
     * The pages of an assignment.
     *
     * @param subject $subject
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
    ) {
        $taken = [];
        foreach ($subject->roster()->participants() as $id) {
            $name = trim(preg_replace('/[^\p{L}\p{N}_\-,;() .]/u', '_', $subject->people->label($id)) ?? '', ' .');
            $key = \core_text::strtolower($name);
            if (!files::is_safe($name) || isset($taken[$key])) {
                $name = 'person ' . ($subject->people->key($id) ?? count($taken));
            }
            $taken[$key] = true;
            $this->folders[$id] = "people/$name/";
        }
    }

    /**
     * Where somebody's page is.
     *
     * @param int $userid
     * @return string|null null: they have none
     */
    public function page(int $userid): ?string {
        return isset($this->folders[$userid]) ? $this->folders[$userid] . 'index.html' : null;
    }

    /**
     * Adds a piece to the page of somebody who takes part.
     *
     * @param int $userid
     * @param string $part submission, feedback, history
     * @param string $html
     */
    public function add(int $userid, string $part, string $html): void {
        if (isset($this->folders[$userid]) && $html !== '') {
            $this->spool ??= new spool();
            $this->pieces[$userid][$part][] = [$this->spool->add($html), strlen($html)];
        }
    }

    /**
     * The piece about an attempt that could not be put in.
     *
     * @param int $attempt from 1
     * @param string $more of its title, HTML
     * @return string HTML
     */
    public static function failed(int $attempt, string $more = ''): string {
        return '<h3>' . s(ucfirst(get_string('attempt_number', 'archiver_assign', $attempt))) . "$more</h3>\n"
            . html::note(get_string('page_failed', 'archiver_assign'));
    }

    /**
     * The pieces of a part of somebody's page.
     *
     * @param int $userid
     * @param string $part
     * @return string
     */
    private function pieces(int $userid, string $part): string {
        $out = '';
        foreach ($this->pieces[$userid][$part] ?? [] as [$at, $length]) {
            $read = $this->spool->reader($at, $length);
            while (($bytes = $read($length)) !== '') {
                $out .= $bytes;
            }
        }
        return $out;
    }

    /**
     * Puts the pages in.
     *
     * @param package $package
     */
    public function collect(package $package): void {
        $rows = [];
        foreach (array_keys($this->folders) as $id) {
            $facts = $this->subject->roster()->facts($id);
            $package->add_text($this->page($id), $this->person($id, $facts), $this->subject->people->owner($id));
            $rows[$this->subject->people->label($id)] = $this->line($id, $facts);
        }
        \core_collator::ksort($rows);
        $columns = ['person', 'submission', 'submitted', 'late', 'grade', 'status'];
        $header = array_map(fn(string $name): string => get_string("page_$name", 'archiver_assign'), $columns);
        $body = $rows ? html::table($header, $rows) : '<p>' . get_string('page_nobody', 'archiver_assign') . '</p>';
        $title = get_string('page_people', 'archiver_assign') . ": {$this->subject->cm->name}";
        $package->add_text('people/index.html', html::page($title, $body, self::links('../', 'people')));
    }

    /**
     * The links at the head of pages.
     *
     * @param string $up
     * @param string $here the page that needs no link
     * @return array<string, string>
     */
    public static function links(string $up, string $here = ''): array {
        $pages = ['about' => 'about/index.html', 'people' => 'people/index.html', 'inventory' => 'about/inventory.html',
            'codebook' => 'about/codebook.html'];
        unset($pages[$here]);
        $links = [];
        foreach ($pages as $name => $path) {
            $links[$up . $path] = get_string("page_$name", 'archiver_assign');
        }
        return $links;
    }

    /**
     * Somebody's line in the index.
     *
     * @param int $id
     * @param array $facts as from roster::facts()
     * @return string[] HTML
     */
    private function line(int $id, array $facts): array {
        $path = implode('/', array_map('rawurlencode', explode('/', substr($this->page($id), strlen('people/')))));
        return [
            '<a href="' . s($path) . '">' . s($this->subject->people->label($id)) . '</a>',
            self::status($facts['submission']),
            $facts['submitted'] ? s(dates::human($facts['submitted'])) : '',
            s(self::late($facts)),
            s((string) $facts['gradetext']),
            $facts['status'] === 'active' ? '' : s($this->standing($id, $facts)),
        ];
    }

    /**
     * The state of a submission, for people.
     *
     * @param string|null $status
     * @return string
     */
    public static function status(?string $status): string {
        $known = ['none', 'new', 'draft', 'submitted', 'reopened'];
        return in_array($status, $known, true) ? get_string("page_status_$status", 'archiver_assign') : s((string) $status);
    }

    /**
     * How long something took.
     *
     * @param int $seconds
     * @return string such as 1 d 02:03:04
     */
    private static function duration(int $seconds): string {
        $days = intdiv($seconds, DAYSECS);
        return ($days ? get_string('page_days', 'archiver_assign', $days) . ' ' : '') . gmdate('H:i:s', $seconds % DAYSECS);
    }

    /**
     * How late something was handed in, as Moodle tells it: after the due date, else after the time limit.
     *
     * @param array $facts
     * @return string empty: in time
     */
    private static function late(array $facts): string {
        if ($facts['late'] || !$facts['overtime']) {
            return $facts['late'] ? self::duration($facts['late']) : '';
        }
        return get_string('page_over', 'archiver_assign', self::duration($facts['overtime']));
    }

    /**
     * In which state somebody is in the course, for people.
     *
     * @param int $id
     * @param array $facts
     * @return string
     */
    private function standing(int $id, array $facts): string {
        $account = $this->subject->people->account($id);
        $parts = array_map(fn(string $text): string => get_string_manager()->string_exists("state_$text", 'archiver_assign')
            ? get_string("state_$text", 'archiver_assign') : $text, [
                str_replace(' ', '_', $facts['status']), ...($account === 'active' ? [] : ["account_$account"]),
            ]);
        return implode(', ', $parts);
    }

    /**
     * Somebody's page.
     *
     * @param int $id
     * @param array $facts
     * @return string
     */
    private function person(int $id, array $facts): string {
        $say = fn(string $name): string => get_string("page_$name", 'archiver_assign');
        $date = fn(string $name): ?string => $facts[$name] ? dates::human($facts[$name]) : null;
        $shown = [
            'key' => $this->subject->people->key($id),
            'status' => $this->standing($id, $facts),
            'roles' => implode(', ', $facts['roles']),
            'groups' => implode(', ', $facts['groups']),
            'team' => $facts['teamthen'] ?? $facts['team'],
            'submission' => self::status($facts['submission']),
            'submitted' => $date('submitted'),
            'due' => $date('due'),
            'extension' => $date('extension'),
            'override' => $facts['override'] === 'person' ? $say('override_person') : $facts['override'],
            'late' => $facts['late'] ? self::duration($facts['late']) : null,
            'overtime' => $facts['overtime'] ? self::duration($facts['overtime']) : null,
            'grade' => $facts['gradetext'],
            'workflow' => $facts['workflow'] === null ? null : self::workflow($facts['workflow']),
        ];
        $body = html::facts(array_combine(array_map($say, array_keys($shown)), $shown));
        if ($facts['released'] === false) {
            $body .= html::note($say("unreleased_{$facts['unreleased']}"));
        }
        $body .= "<h2>{$say('handedin')}</h2>\n" . ($this->pieces($id, 'submission') ?: "<p>{$say('nothing')}</p>\n");
        $body .= "<h2>{$say('feedback')}</h2>\n" . ($this->pieces($id, 'feedback') ?: "<p>{$say('nofeedback')}</p>\n");
        $history = $this->pieces($id, 'history');
        if ($history !== '') {
            $header = array_map($say, ['time', 'action', 'grade', 'by', 'source']);
            $labels = implode('', array_map(fn(string $cell): string => '<th scope="col">' . s($cell) . '</th>', $header));
            $body .= "<h2>{$say('history')}</h2>\n<div class=\"wide\"><table>\n<tr>$labels</tr>\n$history</table></div>\n";
        }
        return html::page($this->subject->people->label($id), $body, self::links(self::UP));
    }

    /**
     * A state of marking, for people.
     *
     * @param string $state
     * @return string
     */
    private static function workflow(string $state): string {
        $known = get_string_manager()->string_exists("markingworkflowstate$state", 'assign');
        return $known ? get_string("markingworkflowstate$state", 'assign') : $state;
    }
}
