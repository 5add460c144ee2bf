# SPDX-License-Identifier: Apache-2.0
"""pack --keep-going: what cannot be read is left out, told, named in the archive, and in the exit code."""
import json
import os
import socket

import check_bag
from cli_frame import as_nobody, case, holds, need_root, same
from cli_pack import FORMATS, digest


def failures_of(t, path):
    bag = check_bag.read_bag(t.path(path))[0]
    same(bag.faults(), [])
    return [json.loads(line) for line in bag.texts["metadata/failures.jsonl"].splitlines()], bag


def bad_folder(t):
    """Two good files, and one of each kind that cannot be archived."""
    t.write("exam/good.txt", b"good")
    t.write("exam/sub/good.txt", b"good too")
    os.symlink("nowhere", t.path("exam/dangling"))
    os.symlink("/etc", t.path("exam/leaves"))
    os.symlink("..", t.path("exam/sub/loop"))
    os.mkfifo(t.path("exam/fifo"))
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(t.path("exam/socket"))
    return {"dangling": "LINK", "fifo": "SPECIAL", "leaves": "LINK", "socket": "SPECIAL", "sub/loop": "LOOP"}


@case
def keep_going_names_what_is_missing(t):
    bad = bad_folder(t)
    t.run("pack", "exam", "-o", "x.zip", code=3)
    same(t.names(), ["exam"])
    for form in FORMATS:
        found = t.json("pack", "exam", "-o", f"a.{form}", "--keep-going", code=3)
        same(found["sha256"], digest(t.path(f"a.{form}")))
        same((found["entries"], found["failure_count"]), (2, 5))
        same({f["name"]: f["error"] for f in found["failures"]}, bad)
        same((found["error"]["exit"], found["error"]["name"]), (3, "LINK"))
        lines, bag = failures_of(t, f"a.{form}")
        same({f["name"]: f["error"] for f in lines}, bad)
        holds(all(f["code"] < 0 and f["name"] in f["message"] for f in lines), str(lines))
        job = json.loads(bag.texts["metadata/job.json"])
        same(job["partial"], {"expected": 7, "archived": 2, "failed": 5})
        holds(b"5 of 7 entries are missing" in bag.texts["index.html"], "the page says nothing")
        report = t.json("verify", f"a.{form}")
        same((report["valid"], report["failure_count"], report["payload_files"]), (True, 5, 2))
        t.run("extract", f"a.{form}", f"copy-{form}")
        same(t.names(f"copy-{form}"), ["good.txt", "sub"])


@case
def keep_going_warns_for_people_and_for_scripts(t):
    bad = bad_folder(t)
    found = t.public(t.binary, "pack", "exam", "-o", "a.zip", "--keep-going", code=3)
    lines = found.err.splitlines()
    same(len(lines), len(bad) + 1)
    for line, (name, error) in zip(lines, sorted(bad.items())):
        holds(line.startswith("archivist: warning: ") and name in line and line.endswith(f"error={error}"), line)
    same(lines[-1], "archivist: 5 of 7 entries could not be archived; the archive was made without them and names "
                    "them in metadata/failures.jsonl.")
    holds("missing   5\n" in found.text and "entries   2\n" in found.text, found.text)
    quiet = t.public(t.binary, "pack", "exam", "-o", "b.zip", "--keep-going", "-q", code=3)
    same(quiet.err.splitlines(), lines[-1:])
    same(digest(t.path("a.zip")), digest(t.path("b.zip")))
    holds("missing   5 entries" in t.run("verify", "a.zip").text, "verify does not tell the number")


@case
def keep_going_with_nothing_to_leave_out_changes_nothing(t):
    t.write("exam/good.txt", b"good")
    t.run("pack", "exam", "-o", "a.zip")
    found = t.json("pack", "exam", "-o", "b.zip", "--keep-going")
    same((found["failure_count"], found["failures"]), (0, []))
    same(digest(t.path("a.zip")), digest(t.path("b.zip")))
    holds("missing" not in t.run("verify", "b.zip").text, "verify tells of missing entries")


@case
def keep_going_has_a_bound(t):
    bad_folder(t)
    t.fails(3, "LINK", "pack", "exam", "-o", "a.zip", "--keep-going=4", says="than the 4 that may be missing")
    same(t.names(), ["exam"])
    same(t.json("pack", "exam", "-o", "a.zip", "--keep-going=5", code=3)["failure_count"], 5)
    for value in ("0", "-1", "x", "1000001", ""):
        t.fails(2, "INVALID", "pack", "exam", "-o", "b.zip", f"--keep-going={value}", says="--keep-going")


@case
def keep_going_with_nothing_left_makes_nothing(t):
    os.makedirs(t.path("exam"))
    os.symlink("nowhere", t.path("exam/dangling"))
    t.fails(3, "LINK", "pack", "exam", "-o", "a.zip", "--keep-going", says="None of the 1 entries")
    t.fails(3, "VANISHED", "pack", "missing", "-o", "a.zip", "--keep-going", says="missing")
    same(t.names(), ["exam"])


@case
def keep_going_with_a_list(t):
    t.write("here", b"x")
    entries = [{"name": "a", "path": t.path("here")}, {"name": "b", "path": t.path("gone"), "owner": "Mia"},
               {"name": "c", "path": t.path("gone"), "size": 5}, {"name": "d", "path": t.dir}]
    t.list_file("l", entries)
    found = t.json("pack", "--list", "l", "-o", "a.zip", "--keep-going", code=3)
    same([(f["name"], f["error"]) for f in found["failures"]], [("b", "VANISHED"), ("c", "VANISHED"), ("d", "SPECIAL")])
    same(failures_of(t, "a.zip")[0][0]["owner"], "Mia")
    t.list_file("l", [*entries, {"name": "a"}])
    t.fails(3, "FORMAT", "pack", "--list", "l", "-o", "b.zip", "--keep-going", says="Line 5")
    same(t.names(), ["a.zip", "here", "l"])


@case
def keep_going_past_what_may_not_be_read(t):
    need_root()
    t.write("d/open.txt", b"x")
    t.write("d/secret.txt", b"x", mode=0o600)
    t.write("d/closed/file.txt", b"x")
    os.chmod(t.path("d/closed"), 0o700)
    os.makedirs(t.path("out"))
    os.chmod(t.path("out"), 0o777)
    t.public(*as_nobody(t, "pack", "d", "-o", "out/a.zip", "--keep-going"), code=3)
    lines = failures_of(t, "out/a.zip")[0]
    same([(f["name"], f["error"]) for f in lines], [("closed", "UNREADABLE"), ("secret.txt", "UNREADABLE")])


@case
def more_than_a_hundred_are_told_by_their_number(t):
    t.write("here", b"x")
    t.list_file("l", [{"name": "a", "path": t.path("here")}] +
                [{"name": f"gone {i:03}", "path": t.path("gone"), "size": 1} for i in range(250)])
    found = t.public(t.binary, "pack", "--list", "l", "-o", "a.zip", "--keep-going", code=3)
    lines = found.err.splitlines()
    same(len(lines), 102)
    same(lines[100], "archivist: warning: 150 more could not be archived; metadata/failures.jsonl in the archive "
                     "names all of them")
    same(len(failures_of(t, "a.zip")[0]), 250)


@case
def keep_going_into_a_storage(t):
    bad_folder(t)
    found = t.json("pack", "exam", "--store", f"file://{t.path('s')}", "--option", "create=1", "--keep-going", code=3)
    address = found["stored"][0]["address"]
    same(t.json("verify", address)["failure_count"], 5)
