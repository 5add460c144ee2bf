#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What may go wrong between a click and an archive, in a lab's Moodle: each fault ends with a sentence and
without a half archive.

    faults.py ARCHIVIST LAB [WORD…]

The last line is "N passed, N failed, N skipped".
"""
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lab_site import (ABORTED, COMPLETED, FAILURE, PARTIAL, RECOVERABLE, Browser, Site, check_archive, files_below, finish,
                      job_json, member, sentences, stop_when_writing)
from cli_frame import case, holds, need_root, run_cases, same

SITE = None
ADHOC = ("admin/cli/adhoc_task.php", "--execute", r"--classname=\local_archivist\task\run_job", "--ignorelimits")
CRON = ("admin/cli/cron.php", "--keep-alive=0")
SERIAL = [0]


def scene(students=4, kib=64):
    """A course and an empty storage of its own."""
    SERIAL[0] += 1
    short = f"f{int(time.time())}x{SERIAL[0]}"
    course = SITE.seed(short, students, kib)
    course["student"] = f"s{short}00000"
    return course, SITE.store(short)


def while_it_writes(folder, act, *script):
    """Does something while a run of a job stands still in the moment in which it has begun to write."""
    process = SITE.start(*(script or ADHOC))
    try:
        stop_when_writing(process, folder)
        act(process)
    finally:
        finish(process)
    return process


def nothing_stored(jobid, folder):
    """No copy, nothing beside it, and nothing that happens later."""
    same((files_below(folder), files_below(SITE.staged(jobid)), SITE.tasks([jobid])), ([], [], []))


def whole(trial, course, jobid, folder):
    """The job is done after all, with exactly one archive."""
    SITE.ended(jobid, COMPLETED)
    path = SITE.archive_of(jobid, folder)
    same((files_below(folder), files_below(SITE.staged(jobid)), SITE.tasks([jobid])), ([os.path.relpath(path, folder)], [], []))
    check_archive(trial, SITE, course["cm"], path)


@case
def extension_missing(trial):
    course, folder = scene()
    done = SITE.ask("job", course["cm"])
    SITE.adhoc()
    waiting = SITE.ask("job", course["cm"])
    sentence = SITE.ask("sentence")
    SITE.web("plain")
    try:
        admin, teacher = Browser(SITE, "admin"), Browser(SITE, course["teacher"])
        pages = [f"/local/archivist/index.php?courseid={course['course']}", f"/local/archivist/job.php?id={done}",
                 "/local/archivist/jobs.php", "/local/archivist/stores.php", "/report/status/index.php"]
        for path in pages:
            holds(sentence in sentences(admin.get(path)), f"{path} does not say what to do")
        holds(sentence in sentences(teacher.get(pages[0])), "the teacher is not told")
        before = SITE.one("SELECT count(*) FROM mdl_local_archivist_job")
        answer = teacher.post("/local/archivist/archive.php", courseid=course["course"], now=course["cm"],
                              sesskey=teacher.sesskey)
        holds(sentence in sentences(answer), f"archiving does not say what to do: {sentences(answer)[:500]}")
        same(SITE.one("SELECT count(*) FROM mdl_local_archivist_job"), before)
        done = SITE.run("m", "local/archivist/cli/archive.php", f"--cmid={course['cm']}", "--wait", plain=True, code=None)
        holds(done.returncode != 0 and sentence in done.stderr + done.stdout, f"the command line says {done}")
        holds(sentence in SITE.run("m", "local/archivist/cli/check.php", plain=True, code=2).stdout, "the check says less")
        SITE.run("m", *ADHOC, plain=True, code=None)
        status, cause, _ = SITE.job(waiting)
        holds(status == FAILURE and sentence in cause, f"the job is in the state {status}: {cause}")
    finally:
        SITE.web("full")
    same(len(files_below(folder)), 1)


def mounted(size):
    """A small file system in place of a storage's folder."""
    need_root()
    course, folder = scene(4, 512)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "archivist", folder], check=True)
    return course, folder


@case
def storage_full(trial):
    course, folder = mounted("512k")
    try:
        jobid = SITE.ask("job", course["cm"])
        SITE.adhoc()
        SITE.ended(jobid, RECOVERABLE)  # A disk may be emptied.
        same((files_below(folder), SITE.tasks([jobid])), ([], [jobid]))
        found = SITE.events(jobid)
        same([found.get(name) for name in ("local_archivist: archive_job_failed", "archivestore_filesystem: write_task_failed")],
             [None, 1])
        # Once there is room, the same job succeeds.
        subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
        SITE.ask("retry", jobid)
        SITE.adhoc()
        whole(trial, course, jobid, folder)
    finally:
        subprocess.run(["umount", folder], check=True)


@case
def storage_unwritable(trial):
    course, folder = mounted("64m")
    try:
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        jobid = SITE.ask("job", course["cm"])
        SITE.adhoc()
        SITE.ended(jobid, FAILURE)
        nothing_stored(jobid, folder)
    finally:
        subprocess.run(["umount", folder], check=True)


@case
def course_deleted_before_the_job(trial):
    course, folder = scene()
    jobid = SITE.ask("job", course["cm"])
    SITE.ask("delete_course", course["course"])
    SITE.adhoc()
    holds("Written exam" in SITE.ended(jobid, FAILURE), "the cause does not name the activity")
    nothing_stored(jobid, folder)


@case
def course_deleted_while_the_job_runs(trial):
    course, folder = scene(24, 2048)
    jobid = SITE.ask("job", course["cm"])
    while_it_writes(folder, lambda process: SITE.ask("delete_course", course["course"]))
    # What was captured before may be whole, or most of it; else nothing is there.
    if SITE.job(jobid)[0] in (COMPLETED, PARTIAL):
        path = SITE.archive_of(jobid, folder)
        holds(trial.json("verify", path)["valid"], "the archive is not whole")
        same(files_below(folder), [os.path.relpath(path, folder)])
    else:
        SITE.ended(jobid, FAILURE)
        nothing_stored(jobid, folder)
    Browser(SITE, "admin").get(f"/local/archivist/job.php?id={jobid}")


@case
def student_deleted(trial):
    course, folder = scene()
    jobid = SITE.ask("job", course["cm"])
    SITE.ask("delete_user", course["student"])
    SITE.adhoc()
    whole(trial, course, jobid, folder)


@case
def file_missing_from_the_pool(trial):
    course, folder = scene()
    handin = SITE.ask("handins", course["cm"])[0]
    path = SITE.pool(handin["contenthash"])
    os.rename(path, path + ".away")
    try:
        jobid = SITE.ask("job", course["cm"])
        SITE.adhoc()
        cause = SITE.ended(jobid, PARTIAL)
        holds(handin["filename"] in cause, f"the cause does not name the file: {cause}")
        first = SITE.archive_of(jobid, folder)
        found = trial.json("verify", first)
        holds(found["valid"], f"the incomplete archive is damaged: {found}")
        counts = member(job_json(first), "counts")["submission file"]
        same(counts["expected"] - counts["archived"], 1)
        admin = Browser(SITE, "admin")
        holds(handin["filename"] in sentences(admin.get(f"/local/archivist/job.php?id={jobid}")), "the page does not name it")
        SITE.ask("retry", jobid)
        SITE.adhoc()
        SITE.ended(jobid, PARTIAL)
        holds(os.path.exists(first), "an archive that is as incomplete replaced the first one")
    finally:
        os.rename(path + ".away", path)
    SITE.ask("retry", jobid)
    SITE.adhoc()
    whole(trial, course, jobid, folder)
    same(SITE.events(jobid).get("local_archivist: archive_job_completed"), 1)


@case
def cron_killed_in_the_middle(trial):
    course, folder = scene(24, 2048)
    jobid = SITE.ask("job", course["cm"])
    while_it_writes(folder, lambda process: os.kill(process.pid, signal.SIGKILL), *CRON)
    holds(SITE.job(jobid)[0] < COMPLETED, "the job has ended before it was killed")
    # Moodle itself starts a killed task again after an hour only; the plugin's own task looks each minute.
    SITE.rescue()
    SITE.adhoc()
    whole(trial, course, jobid, folder)
    same(SITE.job(jobid)[2], 2)


@case
def cron_killed_while_it_stores_what_is_staged(trial):
    course, folder = scene(24, 2048)
    SITE.run("m", "admin/cli/cfg.php", "--component=local_archivist", "--name=staging", "--set=stage")
    try:
        jobid = SITE.ask("job", course["cm"])
        while_it_writes(folder, lambda process: os.kill(process.pid, signal.SIGKILL), *CRON)
        holds(SITE.job(jobid)[0] < COMPLETED, "the job has ended before it was killed")
        staged = SITE.staged(jobid)
        same(len([name for name in files_below(staged) if name == "container"]), 1)
        SITE.rescue()
        SITE.adhoc()
    finally:
        SITE.run("m", "admin/cli/cfg.php", "--component=local_archivist", "--name=staging", "--set=stream")
    whole(trial, course, jobid, folder)
    same(SITE.job(jobid)[2], 2)
    same(SITE.one(f"SELECT count(*) FROM mdl_local_archivist_task WHERE jobid = {jobid} AND kind = 'archive'"), "1")


@case
def two_crons_at_once(trial):
    course, folder = scene(24, 2048)
    jobid = SITE.ask("job", course["cm"])
    second = []

    def start_second(first):
        """It comes and goes while the first one has the job."""
        second.append(SITE.start(*CRON))
        finish(second[0])
        same(first.poll(), None)
        holds(SITE.job(jobid)[0] < COMPLETED, "the second cron ran the job that the first one has")

    first = while_it_writes(folder, start_second, *CRON)
    same([first.returncode, second[0].returncode], [0, 0])
    same(SITE.job(jobid)[2], 1)
    whole(trial, course, jobid, folder)
    same(SITE.events(jobid).get("local_archivist: archive_job_completed"), 1)


@case
def cancelled_while_it_runs(trial):
    course, folder = scene(24, 2048)
    jobid = SITE.ask("job", course["cm"])
    while_it_writes(folder, lambda process: SITE.ask("cancel", jobid))
    # The request may come when all is stored already.
    if SITE.job(jobid)[0] == COMPLETED:
        whole(trial, course, jobid, folder)
        return
    SITE.ended(jobid, ABORTED)
    nothing_stored(jobid, folder)
    same(SITE.events(jobid).get("local_archivist: archive_job_aborted"), 1)


@case
def nothing_complains(trial):
    """Faults of the world are sentences in the job, not warnings of PHP."""
    same(SITE.complaints(), [])


def main():
    global SITE
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    SITE = Site(os.path.abspath(sys.argv[2]))
    SITE.complaints()
    return run_cases(os.path.abspath(sys.argv[1]), sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
