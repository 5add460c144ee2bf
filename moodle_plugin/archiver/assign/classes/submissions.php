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
 * What was handed in: a folder for each person or team, in it one for each attempt.
 *
 * Each table is read once, in the order of the submissions, so that there is neither a query for each student nor a
 * whole table in memory.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class submissions {
    /** @var string[] Columns of the table. */
    private const COLUMNS = ['id', ...people::COLUMNS, 'group', 'groupid', 'attempt', 'latest', 'status', 'created', 'modified',
        'started', 'files', 'bytes', 'folder'];

    /** @var cursor[] Tables beside assign_submission, by name. */
    private array $beside = [];

    /** @var files Puts files in. */
    private files $files;

    /** @var plugins Types that this driver does not know. */
    private plugins $plugins;

    /** @var string What the page of a person says about the submission that was put in last. */
    private string $piece = '';

    /**
     * The submissions of an assignment.
     *
     * @param subject $subject
     * @param package $package
     * @param dossiers|null $dossiers pages of the people
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where they go */
        private readonly package $package,
        /** @var dossiers|null pages of the people */
        private readonly ?dossiers $dossiers = null,
    ) {
        $this->files = new files($package, $subject->people, $subject->inventory);
        $this->plugins = new plugins($subject->manager->get_submission_plugins(), $package);
    }

    /**
     * Puts all of them in, and the table tables/submissions.
     */
    public function collect(): void {
        $this->beside = array_filter([
            'files' => files::cursor($this->subject->context->id, 'assignsubmission\_%'),
            'texts' => cursor::if_installed(
                'assignsubmission_onlinetext',
                'SELECT * FROM {assignsubmission_onlinetext} WHERE assignment = :assign ORDER BY submission, id',
                ['assign' => $this->subject->assign->id],
                'submission',
            ),
            'comments' => $this->comments(),
        ]);
        $this->package->add_table('tables/submissions', self::COLUMNS, $this->rows());
        foreach ($this->beside as $cursor) {
            $cursor->close();
        }
    }

    /**
     * Comments on submissions, by the submission.
     *
     * @return cursor
     */
    private function comments(): cursor {
        $where = "c.contextid = :context AND c.component = 'assignsubmission_comments'";
        $params = ['context' => $this->subject->context->id];
        $this->subject->people->load("SELECT DISTINCT c.userid FROM {comments} c WHERE $where", $params);
        return new cursor("SELECT c.* FROM {comments} c WHERE $where ORDER BY c.itemid, c.timecreated, c.id", $params, 'itemid');
    }

    /**
     * Puts submissions in, one after the other.
     *
     * @return \Generator rows of the table
     */
    private function rows(): \Generator {
        global $DB;
        [$where, $params] = $this->subject->of_submission('s');
        $rows = $DB->get_recordset_sql(
            "SELECT s.* FROM {assign_submission} s WHERE s.assignment = :assign AND $where ORDER BY s.id",
            $params + ['assign' => $this->subject->assign->id],
        );
        foreach ($rows as $row) {
            $id = (int) $row->id;
            $owner = $this->subject->owner($row);
            $folder = subject::folder('submissions', $owner, (int) $row->attemptnumber);
            $beside = ['files' => $this->take('files', $id), 'texts' => $this->take('texts', $id),
                'comments' => $this->take('comments', $id)];
            $records = ['submission' => [$id], 'submission file' => self::ids($beside['files']),
                'online text' => self::ids($beside['texts']), 'submission comment' => self::ids($beside['comments'])];
            $line = $this->package->attempt($folder, $records, fn() => $this->add($row, $owner, $folder, ...$beside));
            $status = ': ' . dossiers::status($row->status);
            $piece = $line ? $this->piece : dossiers::failed((int) $row->attemptnumber + 1, $status);
            foreach ($this->dossiers ? $this->subject->teamwork()->members($row) : [] as $userid) {
                $this->dossiers->add($userid, 'submission', $piece);
                if ($line && !(int) $row->userid) {
                    $this->lead_to_team($userid, $owner, $folder, (int) $row->groupid);
                }
            }
            if ($line) {
                yield $line;
            }
        }
        $rows->close();
    }

    /**
     * The ids of rows.
     *
     * @param \stdClass[] $rows
     * @return int[]
     */
    private static function ids(array $rows): array {
        return array_map('intval', array_column($rows, 'id'));
    }

    /**
     * Puts one submission in.
     *
     * @param \stdClass $row of assign_submission
     * @param owner $owner
     * @param string $folder
     * @param \stdClass[] $files beside it
     * @param \stdClass[] $texts
     * @param \stdClass[] $comments
     * @return array row of the table
     */
    private function add(
        \stdClass $row,
        owner $owner,
        string $folder,
        array $files,
        array $texts,
        array $comments,
    ): array {
        $id = (int) $row->id;
        $of = fn(string $component) => array_values(array_filter($files, fn($file) => $file->component === $component));
        $said = $this->files->add($of('assignsubmission_file'), $folder, 'files', 'submission file', $owner);
        $linked = $of('assignsubmission_onlinetext');
        [$pictures, $names] = $this->files->add_linked($linked, $folder, 'onlinetext_files', 'submission file', $owner);
        $rest = array_filter($files, fn($file) => !in_array(
            $file->component,
            ['assignsubmission_file', 'assignsubmission_onlinetext'],
            true,
        ));
        foreach ($rest as $file) {
            $area = substr($file->component, strlen('assignsubmission_')) . "/{$file->filearea}";
            $said = [...$said, ...$this->files->add([$file], $folder, $area, 'submission file', $owner)];
        }
        $record = $this->record($row, $owner) + ['files' => [...$said, ...$pictures]];
        $record['onlinetext'] = $this->add_texts($texts, $folder, $owner, $names, (int) $row->timemodified);
        [$record['comments'], $talk] = $this->add_comments($comments, $folder, $owner);
        $record['other'] = $this->plugins->add($row, $folder, $owner, array_fill_keys(array_column($files, 'id'), true));
        $this->package->add_json("{$folder}submission.json", $record, $owner);
        $this->package->count('submission', $id);
        $this->piece = $this->piece($record, $folder, $talk);
        return [
            ...[$id, ...$this->person($row, $owner)],
            ...(int) $row->userid ? [null, null] : [$owner->name, (int) $row->groupid],
            ...[$record['attempt'], $record['latest'], $row->status, $record['created'], $record['modified'], $record['started']],
            ...[count($files), array_sum(array_column($files, 'filesize')), $folder],
        ];
    }

    /**
     * The person in the table; of a team the keys of its members.
     *
     * @param \stdClass $row
     * @param owner $owner
     * @return array values of people::COLUMNS
     */
    private function person(\stdClass $row, owner $owner): array {
        $values = $this->subject->people->row((int) $row->userid);
        return (int) $row->userid ? $values : array_replace($values, [1 => implode(' ', $owner->persons) ?: null]);
    }

    /**
     * The rows beside a submission.
     *
     * @param string $name
     * @param int $id
     * @return \stdClass[]
     */
    private function take(string $name, int $id): array {
        return isset($this->beside[$name]) ? $this->beside[$name]->take($id) : [];
    }

    /**
     * What is said about a submission in its record.
     *
     * @param \stdClass $row
     * @param owner $owner
     * @return array
     */
    private function record(\stdClass $row, owner $owner): array {
        return [
            'id' => (int) $row->id,
            'person' => (int) $row->userid ? $this->subject->people->describe((int) $row->userid) : null,
            'group' => (int) $row->userid ? null : ['id' => (int) $row->groupid, 'name' => $owner->name],
            'persons' => $owner->persons,
            'attempt' => (int) $row->attemptnumber + 1,
            'latest' => (bool) $row->latest,
            'status' => $row->status,
            'created' => dates::iso($row->timecreated),
            'modified' => dates::iso($row->timemodified),
            'started' => dates::iso($row->timestarted),
        ];
    }

    /**
     * Puts the online text in, as a page.
     *
     * @param \stdClass[] $texts none or one
     * @param string $folder
     * @param owner $owner
     * @param array<string, string> $names of the files beside it
     * @param int $modified
     * @return array|null what the record says
     */
    private function add_texts(array $texts, string $folder, owner $owner, array $names, int $modified): ?array {
        $said = null;
        foreach ($texts as $text) {
            $body = html::text($text->onlinetext, $text->onlineformat, 'onlinetext_files', $names);
            $title = "{$this->subject->cm->name}: {$owner->name}";
            $this->package->add_text("{$folder}onlinetext.html", html::page($title, $body), $owner, $modified);
            $this->package->count('online text', (int) $text->id);
            $said = ['text' => $text->onlinetext, 'format' => (int) $text->onlineformat];
        }
        return $said;
    }

    /**
     * Puts comments in, as a page.
     *
     * @param \stdClass[] $comments
     * @param string $folder
     * @param owner $owner
     * @return array{array[], string} what the record says, and a table for people
     */
    private function add_comments(array $comments, string $folder, owner $owner): array {
        $said = $rows = [];
        $table = '';
        foreach ($comments as $comment) {
            $name = $this->subject->people->label((int) $comment->userid);
            $said[] = ['id' => (int) $comment->id, 'by' => $name,
                'bykey' => $this->subject->people->key((int) $comment->userid), 'created' => dates::iso($comment->timecreated),
                'text' => $comment->content, 'format' => (int) $comment->format];
            $rows[] = [s($name), dates::human($comment->timecreated), html::text($comment->content, FORMAT_PLAIN)];
            $this->package->count('submission comment', (int) $comment->id);
        }
        if ($rows) {
            $header = [get_string('user'), get_string('date'), get_string('comments')];
            $table = html::table($header, $rows);
            $page = html::page(get_string('comments') . ": {$owner->name}", $table);
            $this->package->add_text("{$folder}comments.html", $page, $owner);
        }
        return [$said, $table];
    }

    /**
     * Puts a page into the folder of a member that leads to what the team handed in.
     *
     * @param int $userid
     * @param owner $team
     * @param string $folder of the team
     * @param int $groupid who changes the team may have work in two
     */
    private function lead_to_team(int $userid, owner $team, string $folder, int $groupid): void {
        $member = $this->subject->people->owner($userid);
        $body = '<p>' . get_string('page_team_work', 'archiver_assign') . ' ' . html::link('../../', $folder, $folder) . '</p>';
        $page = html::page("{$member->name}: {$team->name}", $body);
        $this->package->add_text(
            'submissions/' . package::component($member->name) . '/team ' . $groupid . ', ' . basename($folder) . '.html',
            $page,
            $member,
        );
    }

    /**
     * What the page of a person says about a submission.
     *
     * @param array $record
     * @param string $folder
     * @param string $talk comments, HTML
     * @return string HTML
     */
    private function piece(array $record, string $folder, string $talk): string {
        if ($this->subject->assign->teamsubmission && $record['person'] && !$record['files'] && !$record['onlinetext']) {
            return ''; // Moodle writes down for each member, too, that the team handed in.
        }
        $say = fn(string $name): string => get_string("page_$name", 'archiver_assign');
        $date = fn(string $name): ?string => $record[$name] === null ? null : dates::human(strtotime($record[$name]));
        $out = '<h3>' . s(ucfirst(get_string('attempt_number', 'archiver_assign', $record['attempt']))) . ': '
            . dossiers::status($record['status']) . "</h3>\n";
        $out .= html::facts([$say('team') => $record['group']['name'] ?? null, $say('begun') => $date('created'),
            $say('changed') => $date('modified'), $say('started') => $date('started')]);
        if ($record['group']) {
            $out .= '<p>' . $say('team_work') . ' ' . html::link(dossiers::UP, $folder, $folder) . "</p>\n";
        }
        $out .= html::files(dossiers::UP, $folder, $record['files']);
        if ($record['onlinetext']) {
            $out .= '<p>' . html::link(dossiers::UP, "{$folder}onlinetext.html", $say('onlinetext')) . "</p>\n";
        }
        return $out . ($talk === '' ? '' : "<h4>{$say('comments')}</h4>\n$talk");
    }
}
