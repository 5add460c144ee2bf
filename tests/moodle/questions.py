#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The questions of docs/questions.md, asked of archives in a lab's Moodle.

    questions.py ARCHIVIST LAB [WORD…]

Makes the two exams that the page is about, archives both, and opens each place that the page names. The last line is
"N passed, N failed, N skipped".
"""
import fnmatch
import json
import os
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lab_site import COMPLETED, Site  # pylint: disable=wrong-import-position
from cli_frame import case, holds, run_cases, same  # pylint: disable=wrong-import-position

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/questions.md")
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (exam|blind) \| `(.+?)` \| (?:not archived, because )?`(.+)` \|$")
# Who may be named nowhere in an archive of blind marking.
NAMES = ("Albrecht", "Berger", "Claus", "Dorn", "Ernst", "Gruen", "Heller", "Iser", "M101")

SITE = FOLDER = EXAMS = None
FILES = {}  # archive -> name of a file below data/ -> its bytes


def questions():
    with open(PAGE, encoding="utf-8") as page:
        lines = [line.rstrip("\n") for line in page if re.match(r"\| \d+ \|", line)]
    rows = [ROW.match(line) for line in lines]
    holds(all(rows), f"cannot be read: {[line for line, row in zip(lines, rows) if not row]}")
    return [row.groups() for row in rows]


def archive(trial, name):
    """Archives an exam once, and unpacks the archive."""
    if name in FILES:
        return FILES[name]
    jobid = SITE.ask("job", EXAMS[name])
    SITE.adhoc()
    SITE.ended(jobid, COMPLETED)
    path = SITE.archive_of(jobid, FOLDER)
    same(trial.run("verify", path).code, 0)
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        trial.run("extract", path, out)
        found = {}
        for root, _, names in os.walk(out):
            for one in names:
                full = os.path.join(root, one)
                with open(full, "rb") as content:
                    found[os.path.relpath(full, out)] = content.read()
    FILES[name] = found
    return found


@case
def the_page_has_its_questions(_trial):
    same([int(number) for number, *_ in questions()][:20], list(range(1, 21)))


@case
def every_place_answers(trial):
    wrong = []
    for number, question, name, place, says in questions():
        files = archive(trial, name)
        pattern = re.compile(fnmatch.translate(place.replace("[", "[[]")))
        there = [path for path in files if pattern.match(path)]
        if not there:
            wrong.append(f"{number}. {question}: {place} is not there")
        elif not any(says in files[path].decode("utf-8", "replace") for path in there):
            wrong.append(f"{number}. {question}: {there} does not say {says!r}")
    holds(not wrong, "\n".join(wrong))


@case
def blind_marking_names_nobody(trial):
    for path, content in archive(trial, "blind").items():
        for name in NAMES:
            holds(name not in path and name.encode() not in content, f"{path} names {name}")


@case
def nothing_is_left_unexplained(trial):
    """Whatever the database has about the exams is archived, or is left out for a reason that somebody gave."""
    for name in ("exam", "blind"):
        table = archive(trial, name)["about/inventory.csv"].decode()
        holds("not understood" not in table, table)


@case
def unreleased_notes_are_no_feedback(trial):
    for path, content in archive(trial, "exam").items():
        if not path.startswith("tables/unreleased_notes."):
            holds(b"Copied from the commentary?" not in content or path.startswith("docs/"), path)


@case
def nothing_complains(_trial):
    """No warning of PHP and no debugging notice in the logs."""
    same(SITE.complaints(), [])


def main():
    global SITE, FOLDER, EXAMS
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    SITE = Site(os.path.abspath(sys.argv[2]))
    SITE.complaints()
    short = f"zpo{int(time.time())}"
    done = SITE.run("php", f"{SITE.lab}/bin/exam.php", SITE.code, short)
    EXAMS = json.loads(done.stdout.split("\n")[-2])
    FOLDER = SITE.store(short)
    return run_cases(os.path.abspath(sys.argv[1]), sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
