#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An assignment on its three ways into an archive, in a lab's Moodle.

    endtoend.py ARCHIVIST LAB [WORD…]

The course has 40 students with 512 KiB each; with FULL=1 it has 200 with 2 MiB. The last line is
"N passed, N failed, N skipped".
"""
import hashlib
import json
import os
import re
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lab_site import COMPLETED, QUEUED, Browser, Site, check_archive, files_below, job_json, member, sentences, until
from cli_frame import case, holds, run_cases, same

SITE = COURSE = FOLDER = None
JOBS = {}  # way -> id of its job


def jobs_of_course():
    rows = SITE.sql(f"SELECT id, origin FROM mdl_local_archivist_job WHERE cmid = {COURSE['cm']} ORDER BY id")
    return {int(jobid): origin for jobid, origin in rows}


def job_of(way):
    """A job that was made on that way and is done; it is made when it is first asked for."""
    if way not in JOBS:
        jobid = WAYS[way]()
        SITE.ended(jobid, COMPLETED)
        JOBS[way] = jobid
    return JOBS[way]


def new_job(before):
    added = set(jobs_of_course()) - set(before)
    same(len(added), 1)
    return added.pop()


def check_job(trial, jobid):
    """The job is done, its archive whole, and its numbers are those of the database."""
    SITE.ended(jobid, COMPLETED)
    path = SITE.archive_of(jobid, FOLDER)
    _, files = check_archive(trial, SITE, COURSE["cm"], path)
    same(files, COURSE["files"])
    expected, archived, sha256 = SITE.sql(
        "SELECT j.expected, j.archived, f.sha256 FROM mdl_local_archivist_job j JOIN mdl_local_archivist_file f "
        f"ON f.jobid = j.id WHERE j.id = {jobid}")[0]
    same(json.loads(archived), {kind: number for kind, number in json.loads(expected).items() if number})
    with open(path, "rb") as f:
        same(hashlib.file_digest(f, "sha256").hexdigest(), sha256)
    counts = member(job_json(path), "counts")
    submissions = int(SITE.one("SELECT count(*) FROM mdl_assign_submission s JOIN mdl_course_modules m ON "
                               f"m.instance = s.assignment WHERE m.id = {COURSE['cm']} AND s.userid > 0"))
    same(counts["submission"], {"expected": submissions, "archived": submissions})


def by_page():
    teacher = Browser(SITE, COURSE["teacher"])
    page = teacher.get(f"/local/archivist/index.php?courseid={COURSE['course']}")
    holds("Written exam" in page, "the course page does not show the assignment")
    before = jobs_of_course()
    teacher.post("/local/archivist/archive.php", courseid=COURSE["course"], now=COURSE["cm"], sesskey=teacher.sesskey)
    jobid = new_job(before)
    same(jobs_of_course()[jobid], "page")
    same(SITE.job(jobid)[0], QUEUED)
    SITE.cron()
    return jobid


def by_task():
    jobid = SITE.ask("job", COURSE["cm"])
    SITE.adhoc()
    return jobid


def by_command_line():
    before = jobs_of_course()
    done = SITE.run("m", "local/archivist/cli/archive.php", f"--cmid={COURSE['cm']}", "--wait", "--again")
    jobid = new_job(before)
    same(jobs_of_course()[jobid], "cli")
    holds(done.stdout.strip(), "the command line says nothing")
    return jobid


WAYS = {"page": by_page, "task": by_task, "cli": by_command_line}


@case
def page_then_cron(trial):
    check_job(trial, job_of("page"))


@case
def adhoc_task(trial):
    check_job(trial, job_of("task"))


@case
def command_line(trial):
    check_job(trial, job_of("cli"))


@case
def command_line_knows_what_is_archived(trial):
    del trial
    job_of("task")
    before = jobs_of_course()
    script = "local/archivist/cli/archive.php"
    done = SITE.run("m", script, f"--cmid={COURSE['cm']}", "--wait")
    holds("--again" in done.stderr + done.stdout, f"what has not changed is not told: {done}")
    same(jobs_of_course(), before)
    listed = json.loads(SITE.run("m", script, f"--courseid={COURSE['course']}", "--list", "--json").stdout)
    same([(row["cmid"], row["state"]) for row in listed if row["cmid"] == int(COURSE["cm"])], [(int(COURSE["cm"]), "archived")])
    done = SITE.run("m", script, f"--courseid={COURSE['course']}", "--changed")
    same(int(COURSE["cm"]) in [int(line.split()[0]) for line in done.stdout.splitlines()], False)


@case
def command_line_refuses(trial):
    before = jobs_of_course()
    holds("--cmid" in SITE.run("m", "local/archivist/cli/archive.php", "--help").stdout, "--help does not tell --cmid")
    for arguments in (["--cmid=99999999"], ["--cmid=x"], [], ["--nonsense"]):
        done = SITE.run("m", "local/archivist/cli/archive.php", *arguments, code=None)
        holds(done.returncode != 0, f"{arguments} gave 0")
        text = done.stderr + done.stdout
        holds(re.search(r"\w.*[.!]", text) and "Stack trace" not in text, f"{arguments}: no sentence: {text}")
    same(jobs_of_course(), before)


@case
def same_archive_on_every_way(trial):
    """Only UUID, time and person differ, so all ways must have packed the same files."""
    lists = []
    for way in WAYS:
        path = SITE.archive_of(job_of(way), FOLDER)
        listed = trial.run("list", path).text.split("\n")
        lists.append(sorted(line for line in listed if re.search(r"\(\d{7}\)/", line)))
    holds(lists[0], "no entry is of a student")
    same(lists[0] == lists[1] == lists[2], True)


@case
def events_in_the_log(trial):
    wanted = {
        "local_archivist: archive_job_created": 1, "local_archivist: archive_job_completed": 1,
        "archiver_assign: task_created": 1, "archiver_assign: task_completed": 1,
        "archivestore_filesystem: write_task_created": 1, "archivestore_filesystem: write_task_completed": 1,
    }
    for way in WAYS:
        found = SITE.events(job_of(way))
        same((way, {name: found.get(name, 0) for name in wanted}), (way, wanted))
        for name in ("local_archivist: archive_job_updated", "archiver_assign: task_updated",
                     "archivestore_filesystem: write_task_updated"):
            holds(found.get(name, 0) >= 1, f"{way}: no event {name}: {found}")
        same([name for name in found if re.search("failed|aborted|deleted", name)], [])


@case
def pages(trial):
    jobid = job_of("task")
    teacher, admin, student = (Browser(SITE, name) for name in (COURSE["teacher"], "admin", COURSE["student"]))
    job = f"/local/archivist/job.php?id={jobid}"
    course = f"/local/archivist/index.php?courseid={COURSE['course']}"
    sha256 = SITE.one(f"SELECT sha256 FROM mdl_local_archivist_file WHERE jobid = {jobid}")
    holds(sha256 in sentences(teacher.get(job)).replace(" ", ""), "the job page does not show the digest")
    for path in (course, course + "&tab=jobs", job):
        admin.get(path)
    for path in ("/local/archivist/jobs.php", "/local/archivist/stores.php", "/admin/settings.php?section=local_archivist_settings",
                 "/admin/category.php?category=local_archivist", "/report/status/index.php"):
        admin.get(path)
    for path in (course, job, "/local/archivist/jobs.php"):
        status, body = student.open(path)
        holds(status in (403, 404) or "ermission" in sentences(body.decode()), f"a student may see {path}: {status}")
    status, body = teacher.open("/local/archivist/jobs.php")
    holds(status in (403, 404) or "ermission" in sentences(body.decode()), "a teacher may see the jobs of all courses")


@case
def ids_answer_alike(trial):
    """Who is not logged in, and who may see nothing, gets the same answer for ids that exist and for those that do not."""
    jobid = job_of("task")
    fileid = SITE.one(f"SELECT id FROM mdl_local_archivist_file WHERE jobid = {jobid}")
    for page, known in (("job", jobid), ("download", fileid)):
        answers = []
        for person in (None, COURSE["student"]):
            for number in (str(known), str(int(known) + 100000)):
                status, body = Browser(SITE, person).open(f"/local/archivist/{page}.php?id={number}")
                text = sentences(body.decode("utf-8", "replace")).replace(f"the id {number} ", "the id ID ")
                answers.append((person, status, text))
        same(answers[0], answers[1])
        same(answers[2], answers[3])
    for item in ("1", "999999"):
        status, body = Browser(SITE, None).open(f"/pluginfile.php/1/archivestore_moodledata/archive/{item}/x.zip")
        holds(status in (403, 404), f"pluginfile.php answers {status}")


@case
def download(trial):
    jobid = job_of("task")
    fileid, sha256 = SITE.sql(f"SELECT id, sha256 FROM mdl_local_archivist_file WHERE jobid = {jobid}")[0]
    path = f"/local/archivist/download.php?id={fileid}"
    status, body = Browser(SITE, COURSE["teacher"]).open(path)
    same((status, hashlib.sha256(body).hexdigest()), (200, sha256))
    status, body = Browser(SITE, COURSE["student"]).open(path)
    holds(hashlib.sha256(body).hexdigest() != sha256 and not body.startswith(b"PK"), "a student may download it")
    # Whoever downloads has the last byte before the server has written that into its log.
    until(lambda: {f"archivestore_filesystem: read_task_{name}" for name in ("created", "completed")} <= set(SITE.events(jobid)))


@case
def no_change_without_key_and_right(trial):
    teacher, student = Browser(SITE, COURSE["teacher"]), Browser(SITE, COURSE["student"])
    job = f"/local/archivist/job.php?id={job_of('task')}"
    before, kept = jobs_of_course(), files_below(FOLDER)
    fields = {"courseid": COURSE["course"], "now": COURSE["cm"]}
    for person, more in ((teacher, {}), (teacher, {"sesskey": "wrong"}), (student, {"sesskey": student.sesskey})):
        person.open("/local/archivist/archive.php", "&".join(f"{k}={v}" for k, v in {**fields, **more}.items()).encode())
    teacher.open(f"/local/archivist/archive.php?courseid={COURSE['course']}&now={COURSE['cm']}&sesskey={teacher.sesskey}")
    # A teacher has no right to delete.
    teacher.open(job, f"action=delete&confirm=1&sesskey={teacher.sesskey}".encode())
    teacher.open(f"{job}&action=delete&confirm=1&sesskey={teacher.sesskey}")
    same((jobs_of_course(), files_below(FOLDER)), (before, kept))


@case
def delete_through_the_page(trial):
    jobid = by_task()
    path = SITE.archive_of(jobid, FOLDER)
    admin = Browser(SITE, "admin")
    page = admin.post(f"/local/archivist/job.php?id={jobid}", action="delete", sesskey=admin.sesskey)
    holds("confirm" in page and os.path.exists(path), "nothing asks whether it is really to be deleted")
    admin.post(f"/local/archivist/job.php?id={jobid}", action="delete", confirm=1, sesskey=admin.sesskey)
    holds(not os.path.exists(path) and jobid not in jobs_of_course(), "the job or its archive is still there")
    same(SITE.events(jobid).get("local_archivist: archive_job_deleted"), 1)


@case
def nothing_complains(trial):
    """No warning of PHP and no debugging notice in the logs of the web server, of cron and of the scripts."""
    same(SITE.complaints(), [])


def main():
    global SITE, COURSE, FOLDER
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    SITE = Site(os.path.abspath(sys.argv[2]))
    SITE.complaints()  # those of the installation are another's
    size = (200, 2048) if os.environ.get("FULL") == "1" else (40, 512)
    short = f"os{int(time.time())}"
    COURSE = SITE.seed(short, *size)
    COURSE["student"] = f"s{short}00000"
    FOLDER = SITE.store(short)
    return run_cases(os.path.abspath(sys.argv[1]), sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
