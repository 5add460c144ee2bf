# SPDX-License-Identifier: Apache-2.0
"""pack: several folders and files, stdin, the space that is free."""
import json
import os
import signal
import subprocess
import time
import zipfile

import check_bag
from cli_frame import ENVIRONMENT, case, holds, need, need_root, same
from cli_pack import documents, originals

FORMATS = ("zip", "tar.zst", "tar.gz", "tar")


def some(t):
    t.write("A/x/1.txt", b"one")
    t.write("A/2.txt", b"two")
    t.write("deep/B/1.txt", b"three")
    t.write("c.pdf", b"%PDF-")


@case
def several_folders_and_files_stand_under_their_last_names(t):
    some(t)
    for form in FORMATS:
        found = t.json("pack", "A/", "deep/B", "./c.pdf", "-o", f"all.{form}")
        same((found["entries"], found["payload_bytes"]), (4, 16))
        same(originals(t, f"all.{form}"), ["A/2.txt", "A/x/1.txt", "B/1.txt", "c.pdf"])
        same(check_bag.check(t.path(f"all.{form}")), [])
        t.run("verify", f"all.{form}")
    same(documents(t, "all.zip", None)[0]["name"], "all")
    t.run("pack", "c.pdf", "deep/B", "A", "-o", "again.zip", "--name", "all")
    with open(t.path("all.zip"), "rb") as one, open(t.path("again.zip"), "rb") as other:
        holds(one.read() == other.read(), "the order of the arguments changes the archive")


@case
def one_folder_alone_gives_its_content_and_one_file_its_name(t):
    some(t)
    t.run("pack", "A", "-o", "a.zip")
    same(originals(t, "a.zip"), ["2.txt", "x/1.txt"])
    t.run("pack", "deep/B/1.txt", "-o", "b.zip")
    same(originals(t, "b.zip"), ["1.txt"])
    same(documents(t, "b.zip", None)[0]["name"], "b")
    t.run("pack", ".", "../c.pdf", "-o", "../c.zip", cwd=t.path("A"))
    same(originals(t, "c.zip"), ["A/2.txt", "A/x/1.txt", "c.pdf"])
    os.symlink("../c.pdf", t.path("A/link.pdf"))
    os.remove(t.path("A/2.txt"))
    t.run("pack", "A/link.pdf", "deep", "-o", "d.zip")
    same(originals(t, "d.zip"), ["deep/B/1.txt", "link.pdf"])


@case
def exclude_looks_below_each_folder(t):
    some(t)
    t.run("pack", "A", "deep/B", "c.pdf", "-o", "a.zip", "--exclude", "1.txt", "--exclude", "A")
    same(originals(t, "a.zip"), ["A/2.txt", "A/x", "B", "c.pdf"])


@case
def two_of_one_last_name_are_refused_before_anything_is_written(t):
    some(t)
    t.write("deep/c.pdf", b"another")
    before = t.names()
    for pair in (("c.pdf", "deep/c.pdf"), ("A", "./A/"), ("c.pdf", "c.pdf")):
        said = t.fails(3, "DUPLICATE", "pack", "deep/B", *pair, "-o", "x.zip", says="last name")
        holds(all(f'"{name}"' in said for name in pair), said)
    t.fails(3, "DUPLICATE", "pack", "-", "c.pdf", "--entry-name", "c.pdf", "-o", "x.zip", stdin=b"x")
    t.fails(3, "VANISHED", "pack", "A", "missing", "-o", "x.zip", says='"missing" does not exist')
    t.fails(2, "INVALID", "pack", "A", "/", "-o", "x.zip", says="no name")
    same(t.names(), before)


@case
def stdin_is_an_entry(t):
    text = b"To be, or not to be.\n" * 500_000  # beyond what is kept in memory to learn its size
    t.write("c.pdf", b"%PDF-")
    for form in FORMATS:
        found = t.json("pack", "-", "--entry-name", "Mia/essay.txt", "-o", f"a.{form}", stdin=text)
        same((found["entries"], found["payload_bytes"]), (1, len(text)))
        same(originals(t, f"a.{form}"), ["Mia/essay.txt"])
        t.run("extract", f"a.{form}", f"out-{form}")
        with open(t.path(f"out-{form}/Mia/essay.txt"), "rb") as f:
            holds(f.read() == text, "other bytes")
    same(documents(t, "a.zip", None)[0]["name"], "a")
    t.run("pack", "c.pdf", "-", "--entry-name", "empty", "-o", "b.zip", stdin=b"")
    same(originals(t, "b.zip"), ["c.pdf", "empty"])


@case
def stdin_needs_a_name_and_is_there_once(t):
    t.write("d/a", b"a")
    for args in (("-",), ("-", "--entry-name", ""), ("-", "-", "--entry-name", "x"), ("d", "--entry-name", "x"),
                 ("--list", "-", "--entry-name", "x"), ("-", "--list", "-")):
        t.run("pack", *args, "-o", "x.zip", code=2)
    holds("--entry-name" in t.run("pack", "-", "-o", "x.zip", code=2).err, "no --entry-name")
    found = t.public("bash", "-c", '"$0" pack - --entry-name x -o x.zip < d', t.binary, code=3)
    holds("Stdin cannot be read" in found.err, str(found))
    same(t.names(), ["d"])


@case
def a_signal_ends_the_wait_for_stdin(t):
    process = subprocess.Popen([t.binary, "pack", "-", "--entry-name", "x", "-o", "x.zip"], cwd=t.dir, env=ENVIRONMENT,
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stdin.write(b"x" * 100_000)
    process.stdin.flush()
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    said = process.stderr.read()
    same(process.wait(timeout=60), -signal.SIGTERM)
    holds(b"cancelled" in said, said)
    process.stdin.close()
    same(t.names(), [])


@case
def what_cannot_fit_is_refused_and_what_may_not_is_told(t):
    need_root()
    need("mount", "umount")
    size = 64 << 20
    os.makedirs(t.path("small"))
    if t.public("mount", "-t", "tmpfs", "-o", "size=16m", "none", t.path("small"), code=None).code != 0:
        from cli_frame import Skip
        raise Skip("nothing can be mounted here")
    try:
        t.sparse("d/zeros", size)
        where = "file://" + t.path("small/s")
        os.makedirs(t.path("small/s"), mode=0o700)
        for target in (("-o", "small/a.tar"), ("-o", "small/a.zip", "--level", "0"), ("--store", where, "--format", "tar")):
            said = t.fails(4, "NOSPACE", "pack", "d", *target, says="--no-space-check")
            holds(str(size) in said and "small" in said, said)
            holds(t.names("small") == ["s"], t.names("small"))
        said = t.run("pack", "d", "-o", "small/a.tar", "--no-space-check", code=4).err
        holds("at least" not in said, said)
        said = t.run("pack", "d", "-o", "small/a.zip").err
        holds("warning" in said and str(size) in said and "small/a.zip" in said, said)
        same(t.run("pack", "d", "-o", "small/b.zip", "--quiet").err, "")
        same(t.run("pack", "d", "-o", "small/c.zip", "--no-space-check").err, "")
        said = t.run("pack", "d", "--store", where).err
        holds("warning" in said and where in said, said)
        t.sparse("e/zeros", 32 << 30)
        t.fails(4, "NOSPACE", "pack", "e", "-o", "small/d.zip", says="at least")  # not even deflated
    finally:
        t.public("umount", t.path("small"))
