<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * What the tests do inside of a lab's Moodle, as JSON: $LAB/bin/php lab_site.php CODE OPERATION [ARGUMENT …]
 */

use local_archivist\engine;
use local_archivist\job;
use local_archivist\jobs;
use local_archivist\state;
use local_archivist\stores;

define('CLI_SCRIPT', true);
$code = $argv[1];
require("$code/config.php");
require_once("$CFG->dirroot/course/lib.php");
\core\session\manager::set_user(get_admin());

/** A storage in a folder, instead of all others. */
function site_store(string $path): int {
    global $DB;
    $DB->set_field('local_archivist_store', 'enabled', 0, []);
    return stores::save((object) [
        'plugin' => 'filesystem', 'name' => 'Archive server', 'settings' => json_encode(['path' => $path]), 'enabled' => 1,
    ]);
}

/** Whatever waits of other jobs is forgotten: what a test left that failed must not run in the middle of another one. */
function site_alone(): int {
    global $DB;
    $DB->delete_records('task_adhoc', ['component' => 'local_archivist']);
    $final = implode(', ', state::FINAL);
    $ids = $DB->get_fieldset_select('local_archivist_job', 'id', "status NOT IN ($final)");
    foreach ($ids as $id) {
        $DB->set_field('local_archivist_job', 'status', state::ABORTED, ['id' => $id]);
    }
    return count($ids);
}

/** Whether an activity is there. */
function site_known(int $cmid): bool {
    global $DB;
    return $DB->record_exists('course_modules', ['id' => $cmid]);
}

/** A job in the queue. */
function site_job(int $cmid): int {
    [, $cm] = get_course_and_cm_from_cmid($cmid);
    return jobs::create($cm)->id();
}

/** Many jobs in the queue, in this order; 0 bytes: as many as there are. */
function site_jobs(int $cmid, int $number, int $bytes = 0): array {
    [, $cm] = get_course_and_cm_from_cmid($cmid);
    $ids = [];
    for ($i = 0; $i < $number; $i++) {
        $job = jobs::create($cm, null, [], 'cron', false);
        if ($bytes) {
            $job->update(['sizeestimate' => $bytes]);
        }
        jobs::queue($job);
        $ids[] = $job->id();
    }
    return $ids;
}

/** What the lists cost: queries of the first page of all jobs, and of a course. */
function site_cost(int $courseid): array {
    global $DB;
    $cost = [];
    $measure = function (string $what, callable $work) use (&$cost, $DB): void {
        $queries = $DB->perf_get_queries();
        $begin = hrtime(true);
        $work();
        $cost[$what] = ['queries' => $DB->perf_get_queries() - $queries, 'ms' => intdiv(hrtime(true) - $begin, 1000000)];
    };
    $measure('jobs', function (): void {
        $list = new \local_archivist\job_list();
        $list->count();
        $list->page(0, 50);
    });
    $measure('course', fn() => (new \local_archivist\overview(get_course($courseid)))->activities());
    return $cost;
}

/** A setting of the plugin. */
function site_set(string $name, string $value, string $plugin = 'local_archivist'): bool {
    return set_config($name, $value, $plugin);
}

/** Starts a failed job again. */
function site_retry(int $id): bool {
    jobs::retry(job::get($id));
    return true;
}

/** Asks a running job to stop. */
function site_cancel(int $id): bool {
    jobs::cancel(job::get($id));
    return true;
}

/** What every page says when the extension is not there. */
function site_sentence(): string {
    return get_string('engine_missing', 'local_archivist', engine::REQUIRED);
}

/** All submitted files of an assignment, by a query of our own. */
function site_handins(int $cmid): array {
    global $DB;
    $rows = $DB->get_records_sql('SELECT f.id, f.filepath, f.filename, f.filesize, f.contenthash,
            u.id AS userid, u.idnumber, u.deleted
        FROM {files} f JOIN {assign_submission} s ON s.id = f.itemid JOIN {user} u ON u.id = s.userid
        WHERE f.contextid = :context AND f.component = :component AND f.filearea = :area AND f.filename <> :dot
        ORDER BY f.id', ['context' => context_module::instance($cmid)->id, 'component' => 'assignsubmission_file',
        'area' => 'submission_files', 'dot' => '.']);
    foreach ($rows as $row) {
        $row->person = $row->deleted ? "id $row->userid" : $row->idnumber;
    }
    return array_values($rows);
}

/** Deletes a course as the web interface does. */
function site_delete_course(int $id): bool {
    return delete_course($id, false);
}

/** Deletes a user. */
function site_delete_user(string $username): bool {
    global $DB;
    return delete_user($DB->get_record('user', ['username' => $username], '*', MUST_EXIST));
}

$result = ('site_' . str_replace('-', '_', $argv[2]))(...array_slice($argv, 3));
echo json_encode($result, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES), "\n";
