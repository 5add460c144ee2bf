#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole archive job in a lab's Moodle against that Moodle's own ways: moodle.py ARCHIVIST LAB [STUDENTS [KIB]]

Wall, CPU (user and system of the whole process tree; the database is a process of its own and not in it), peak memory,
and what the way has on disk at its peak beside its result. The download is the page's own class, called by a
script. Three rounds, medians.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "moodle")]

from bench import measure  # noqa: E402
from lab_site import COMPLETED, Site  # noqa: E402

ROUNDS = 3
GOALS = {"cpu": 4.0, "disk": 1.0}


def used(folder):
    """Bytes on disk below a folder."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_blocks * 512
            except OSError:
                continue
    return total


class Watch:
    """The highest growth of a folder's file system, looked at ten times a second: files without a name count as
    well. So does what others write meanwhile, hence the medians, and the wish for a quiet machine."""

    def __init__(self, folder):
        self.folder, self.ended, self.peak, self.begun = folder, threading.Event(), 0, self.taken(folder)
        self.thread = threading.Thread(target=self.look)

    @staticmethod
    def taken(folder):
        system = os.statvfs(folder)
        return (system.f_blocks - system.f_bfree) * system.f_frsize

    def look(self):
        while not self.ended.wait(0.1):
            self.peak = max(self.peak, self.taken(self.folder) - self.begun)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def ways(site, course, folder, out):
    """name of a way -> what is done before, its command, what it leaves as result"""
    bin_m = os.path.join(site.lab, "bin/m")
    script = os.path.join(site.lab, "bin/download_all.php")
    return {
        "archive job": (lambda: site.ask("job", course["cm"]),
                        [bin_m, "admin/cli/adhoc_task.php", "--execute", r"--classname=\local_archivist\task\run_job"], folder),
        "download all": (lambda: None, ["sh", "-c", f"'{site.lab}/bin/php' '{script}' '{site.code}' {course['cm']} >'{out}/all.zip'"], out),
        "course backup": (lambda: None, [bin_m, "admin/cli/backup.php", f"--courseid={course['course']}", f"--destination={out}"], out),
    }


def one_round(site, before, command, result, is_storage):
    """A storage keeps what it has, and its mark: an archive more is the result. Other ways begin with nothing."""
    if not is_storage:
        for name in os.listdir(result):
            path = os.path.join(result, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    had = used(result)
    jobid = before()
    with Watch(site.lab) as watch:
        found = measure(command)
    if jobid:
        site.ended(jobid, COMPLETED)
    found["size"] = used(result) - had
    # The result itself is no temporary disk.
    found["disk"] = max(0, watch.peak - found["size"])
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    site = Site(os.path.abspath(sys.argv[2]))
    students, kib = (int(word) for word in (sys.argv[3:] + ["200", "2048"][len(sys.argv) - 3:])[:2])
    short = f"b{int(time.time())}"
    course = site.seed(short, students, kib)
    folder, out = site.store(short), os.path.join(site.lab, "storage", short + "-out")
    site.run("php", "-r", f"mkdir('{out}', 0700);")
    bytes_in = course["bytes"]
    print(f"{students} hand-ins, {course['files']} files, {bytes_in / 2**20:.0f} MiB; medians of {ROUNDS} rounds\n")
    print("| way | wall s | CPU s | peak MiB | result MiB | temporary disk, x input |\n|---|---|---|---|---|---|")
    rounds = {}
    for number in range(ROUNDS):
        for way, (before, command, result) in ways(site, course, folder, out).items():
            print(f"round {number + 1} of {ROUNDS}: {way} …", file=sys.stderr, flush=True)
            rounds.setdefault(way, []).append(one_round(site, before, command, result, result == folder))
    middle = {way: {key: statistics.median(r[key] for r in found) for key in ("wall", "cpu", "peak", "size", "disk")}
              for way, found in rounds.items()}
    for way, m in middle.items():
        print(f"| {way} | {m['wall']:.2f} | {m['cpu']:.2f} | {m['peak']:.0f} | {m['size'] / 2**20:.0f} | "
              f"{m['disk'] / bytes_in:.2f} |")
    ours = middle["archive job"]
    for way in ("download all", "course backup"):
        print(f"\n{way}: {middle[way]['wall'] / ours['wall']:.1f} x our wall, {middle[way]['cpu'] / ours['cpu']:.1f} x our CPU")
    print(f"goals: CPU {ours['cpu']:.2f} of {GOALS['cpu']} s, temporary disk {ours['disk'] / bytes_in:.2f} of {GOALS['disk']} x")
    print(json.dumps(middle))
    return 0


if __name__ == "__main__":
    sys.exit(main())
