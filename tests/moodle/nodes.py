#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Several cron nodes with one database and one moodledata, in a lab's Moodle: every job is done once, in order.

    nodes.py ARCHIVIST LAB [WORD…]

FULL=1 puts 1,000 jobs into the queue. The last line is "N passed, N failed, N skipped".
"""
import os
import signal
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lab_site import COMPLETED, FINAL, QUEUED, Browser, Site, check_archive, files_below, finish, stop_when_writing, until
from cli_frame import case, holds, run_cases, same

SITE = None
LARGE = 2 << 30
SERIAL = [0]


def scene(students, kib):
    """A course and an empty storage of its own."""
    SERIAL[0] += 1
    short = f"n{int(time.time())}x{SERIAL[0]}"
    return SITE.seed(short, students, kib), SITE.store(short)


def states(ids):
    """state -> ids, in their order"""
    found = {}
    rows = SITE.sql(f"SELECT id, status FROM mdl_local_archivist_job WHERE id IN ({','.join(map(str, ids))}) ORDER BY id")
    for jobid, status in rows:
        found.setdefault(int(status), []).append(int(jobid))
    return found


def done(ids):
    return len(states(ids).get(COMPLETED, []))


def only_these_wait(ids, held):
    """All are completed but these; of another one its state, its attempts and its cause are told."""
    others = {jobid: SITE.job(jobid) for jobid in ids if jobid not in held}
    same({jobid: job for jobid, job in others.items() if job[0] != COMPLETED}, {})
    same([jobid for jobid in held if SITE.job(jobid)[0] in FINAL], [])


def running(ids):
    return [jobid for status, of in states(ids).items() if status not in (QUEUED, *FINAL) for jobid in of]


def ends(ids):
    """The jobs in the order in which they completed."""
    rows = SITE.sql("SELECT objectid FROM mdl_logstore_standard_log WHERE eventname LIKE '%archive_job_completed' "
                    f"AND objectid IN ({','.join(map(str, ids))}) ORDER BY id")
    return [int(row[0]) for row in rows]


def all_done_once(ids, folder):
    same(states(ids), {COMPLETED: ids})
    same(sorted(ends(ids)), ids)
    keys = [row[0] for row in SITE.sql("SELECT storekey FROM mdl_local_archivist_file WHERE status = 'stored' "
                                       f"AND jobid IN ({','.join(map(str, ids))})")]
    same((len(keys), sorted(keys)), (len(ids), files_below(folder)))
    same(SITE.tasks(ids), [])


def hosts(since):
    """host name -> how many tasks it ran since a row of Moodle's log of tasks"""
    return {name: int(number) for name, number in SITE.sql(
        f"SELECT hostname, count(*) FROM mdl_task_log WHERE id > {since} AND classname LIKE '%archivist%job' GROUP BY hostname")}


@case
def one_node_of_two_is_killed(trial):
    course, folder = scene(6, 256)
    since = SITE.one("SELECT COALESCE(MAX(id), 0) FROM mdl_task_log")
    ids = SITE.ask("jobs", course["cm"], 40)
    first, second = SITE.node("node1"), None
    try:
        until(lambda: done(ids) >= 2, first)
        stop_when_writing(first, folder)
        held, before = running(ids), done(ids)
        same(len(held), 1)
        second = SITE.node("node2")
        until(lambda: done(ids) >= before + 3, second)
        same((first.poll(), running(held)), (None, held))  # The first one has its job all the time.
        os.killpg(first.pid, signal.SIGKILL)
        finish(second)
        only_these_wait(ids, held)
    finally:
        for process in filter(None, (first, second)):
            finish(process)
    SITE.rescue()
    finish(SITE.node("node2"))
    all_done_once(ids, folder)
    same(SITE.sql(f"SELECT id, attempts FROM mdl_local_archivist_job WHERE id IN ({','.join(map(str, ids))}) AND attempts <> 1"),
         [[str(held[0]), "2"]])
    check_archive(trial, SITE, course["cm"], SITE.archive_of(held[0], folder))
    if os.geteuid() == 0:
        ran = hosts(since)
        holds(set(ran) == {"node1", "node2"} and ran["node1"] >= 2 and ran["node2"] >= 4, f"not both nodes worked: {ran}")


@case
def a_small_job_does_not_wait_behind_large_ones(trial):
    del trial
    course, folder = scene(12, 1024)
    large = SITE.ask("jobs", course["cm"], 3, LARGE)
    small = SITE.ask("jobs", course["cm"], 2)
    first, second = SITE.node("node1"), None
    try:
        stop_when_writing(first, folder)
        held = running([*large, *small])
        same(held, large[:1])  # The oldest job comes first.
        second = SITE.node("node2")
        finish(second)
        # One place is left to small jobs, the other large ones stay in the queue, untouched.
        same(states([*large, *small]), {QUEUED: large[1:], SITE.job(held[0])[0]: held, COMPLETED: small})
        same(second.returncode, 0)
        same(SITE.sql(f"SELECT count(*) FROM mdl_local_archivist_job WHERE id IN ({large[1]}, {large[2]}) AND attempts > 0"), [["0"]])
    finally:
        for process in filter(None, (first, second)):
            finish(process)
    finish(SITE.node("node1"))
    all_done_once([*large, *small], folder)
    same([jobid for jobid in ends([*large, *small]) if jobid in large], large)


@case
def database_and_web_server_restart_in_the_middle(trial):
    course, folder = scene(12, 2048)
    jobid = SITE.ask("job", course["cm"])
    with SITE.may_complain():  # PHP may say that its database is gone.
        process = SITE.node("node1")
        try:
            stop_when_writing(process, folder)
            SITE.lab_sh("database")
            SITE.web("full")
        finally:
            finish(process)
    holds(SITE.job(jobid)[0] not in FINAL, "the job ended without its database")
    SITE.rescue()
    finish(SITE.node("node1"))
    all_done_once([jobid], folder)
    same(SITE.job(jobid)[2], 1)  # an interruption costs no attempt
    check_archive(trial, SITE, course["cm"], SITE.archive_of(jobid, folder))


def case_when_full(function):
    """It takes some minutes: only FULL=1 runs it."""
    return case(function) if os.environ.get("FULL") == "1" else function


class Slowed:
    """A node that gets a few milliseconds at a time, so that a job of a second lasts long: a turn stands for a minute."""

    RUNS, RESTS = 0.008, 0.5

    def __init__(self, process):
        self.process, self.turns, self.over = process, 0, threading.Event()
        self.thread = threading.Thread(target=self.drive, daemon=True)

    def drive(self):
        while self.process.poll() is None and not self.over.is_set():
            self.process.send_signal(signal.SIGCONT)
            self.over.wait(self.RUNS)
            self.process.send_signal(signal.SIGSTOP)
            self.turns += 1
            self.over.wait(self.RESTS)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.over.set()
        self.thread.join()

    def minutes(self, number):
        goal = self.turns + number
        until(lambda: self.turns >= goal, self.process)


def slowed_node(jobid, folder, then):
    """Runs the job slowly, once it writes; what happens then is `then(slowed)`. How many minutes it took. PHP may say that its
    database is gone."""
    with SITE.may_complain():
        return slowed_turns(jobid, folder, then)


def slowed_turns(jobid, folder, then):
    process = SITE.node("node1")
    try:
        stop_when_writing(process, folder)
        with Slowed(process) as slowed:
            then(slowed)
        return slowed.turns
    finally:
        finish(process)
        if SITE.job(jobid)[0] not in FINAL:
            SITE.rescue()


def survives_restarts(trial, staging):
    course, folder = scene(24, 8192)
    jobid, admin = SITE.ask("job", course["cm"]), Browser(SITE, "admin")
    written = folder if staging == "stream" else os.path.join(SITE.data, "archivist/staging")

    def php_fpm_then_cron(slowed):
        slowed.minutes(10)
        SITE.web("full")
        admin.get(f"/local/archivist/job.php?id={jobid}")
        slowed.minutes(10)
        os.killpg(slowed.process.pid, signal.SIGKILL)

    def database(slowed):
        slowed.minutes(10)
        SITE.lab_sh("database")

    def all_at_once(slowed):
        slowed.minutes(10)
        os.killpg(slowed.process.pid, signal.SIGKILL)
        SITE.lab_sh("database")
        SITE.web("full")

    begin = time.monotonic()
    minutes = [slowed_node(jobid, written, then) for then in (php_fpm_then_cron, database, all_at_once)]
    holds(SITE.job(jobid)[0] not in FINAL, "the job ended before its restarts")
    minutes.append(slowed_node(jobid, written, lambda slowed: until(lambda: slowed.process.poll() is not None)))
    print(f"  {staging}: {minutes} minutes of the job's in {time.monotonic() - begin:.0f} s")
    all_done_once([jobid], folder)
    same(SITE.job(jobid)[2], 3)  # A run that a database interrupts does not count.
    check_archive(trial, SITE, course["cm"], SITE.archive_of(jobid, folder))


@case_when_full
def a_job_of_an_hour_survives_restarts_of_everything(trial):
    try:
        for staging in ("stream", "stage"):
            SITE.ask("set", "staging", staging)
            survives_restarts(trial, staging)
    finally:
        SITE.ask("set", "staging", "stream")


@case_when_full
def a_thousand_jobs(trial):
    del trial
    course, folder = scene(2, 4)
    since = SITE.one("SELECT COALESCE(MAX(id), 0) FROM mdl_task_log")
    admin = Browser(SITE, "admin")
    # Large ones first, so that order and fairness show.
    large = SITE.ask("jobs", course["cm"], 20, LARGE)
    small = SITE.ask("jobs", course["cm"], 980)
    ids = [*large, *small]
    begin = time.monotonic()
    nodes = [SITE.node(f"node{i}") for i in (1, 2)]
    try:
        until(lambda: done(ids) >= 100, nodes[0])
        print_cost("1,000 jobs, two nodes at work", admin, course["course"])
    finally:
        for process in nodes:
            finish(process)
    print(f"  {time.monotonic() - begin:.0f} s for {len(ids)} jobs")
    all_done_once(ids, folder)
    order = ends(ids)
    for of in (large, small):
        places = {jobid: place for place, jobid in enumerate(jobid for jobid in order if jobid in set(of))}
        worst = max(abs(places[jobid] - place) for place, jobid in enumerate(of))
        holds(worst <= 4, f"a job ended {worst} places from its own")
    holds(order.index(small[0]) < order.index(large[-1]), "the first small job waited for all large ones")
    ran = hosts(since)
    print(f"  tasks by node: {ran}")
    holds(os.geteuid() != 0 or set(ran) == {"node1", "node2"}, f"not both nodes worked: {ran}")
    print_cost("1,000 jobs done", admin, course["course"])


def print_cost(when, admin, course):
    """Time and queries of the pages; what the lists ask the database does not grow with the jobs."""
    times = {}
    for name, path in (("jobs.php", "/local/archivist/jobs.php"), ("index.php", f"/local/archivist/index.php?courseid={course}"),
                       ("index.php, jobs", f"/local/archivist/index.php?courseid={course}&tab=jobs")):
        begin = time.monotonic()
        admin.get(path)
        times[name] = round(1000 * (time.monotonic() - begin))
    cost = SITE.ask("cost", course)
    print(f"  {when}: pages {times} ms, lists {cost}")
    holds(cost["jobs"]["queries"] <= 4 and cost["course"]["queries"] <= 40, f"the lists ask too much: {cost}")


@case
def nothing_complains(trial):
    """Two nodes and one that dies are no warnings of PHP."""
    del trial
    same(SITE.complaints(), [])


def main():
    global SITE
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    SITE = Site(os.path.abspath(sys.argv[2]))
    SITE.ask("set", "buffersize", 0, "logstore_standard")  # Else Moodle's log lacks what a process had seen that is killed.
    SITE.complaints()
    return run_cases(os.path.abspath(sys.argv[1]), sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
