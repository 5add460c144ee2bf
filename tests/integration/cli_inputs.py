# SPDX-License-Identifier: Apache-2.0
"""pack: several folders and files, stdin, stdout, the space that is free."""
import hashlib
import json
import os
import random
import signal
import subprocess

import check_bag
from cli_frame import ENVIRONMENT, case, holds, need, need_root, pipe_fill, same
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
def exclude_looks_at_files_that_are_given(t):
    some(t)
    os.symlink("c.pdf", t.path("link.pdf"))
    t.run("pack", "A", "deep/B", "c.pdf", "link.pdf", "A/2.txt", "-o", "a.zip", "--exclude", "*.pdf", "--exclude", "1.*")
    same(originals(t, "a.zip"), ["2.txt", "A/2.txt", "A/x", "B"])
    t.run("pack", "c.pdf", "deep/B/1.txt", "-o", "b.zip", "--exclude", "1.txt")
    same(originals(t, "b.zip"), ["c.pdf"])
    t.run("pack", "A", "c.pdf", "-o", "c.zip", "--exclude", "c.*")
    same(originals(t, "c.zip"), ["A/2.txt", "A/x/1.txt"])
    holds("--exclude" in t.fails(3, "NOTFOUND", "pack", "c.pdf", "-o", "x.zip", "--exclude", "*.pdf"), "no way out")


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
    holds("--keep-going" not in t.run("pack", "A", "missing", "-o", "x.zip", code=3).err, "it would not help")
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
    holds("Stdin cannot be read" in found.err and "--exclude" not in found.err, str(found))
    same(t.names(), ["d"])


@case
def a_signal_ends_the_wait_for_stdin(t):
    process = subprocess.Popen([t.binary, "pack", "-", "--entry-name", "x", "-o", "x.zip"], cwd=t.dir, env=ENVIRONMENT,
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stdin.write(b"x" * 100_000)
    process.stdin.flush()
    pipe_fill(process.stdin, lambda held, size: held == 0)  # it has read all, and waits for more
    process.send_signal(signal.SIGTERM)
    said = process.stderr.read()
    same(process.wait(timeout=60), -signal.SIGTERM)
    holds(b"cancelled" in said, said)
    process.stdin.close()
    same(t.names(), [])


@case
def root_may_use_what_is_reserved_for_root(t):
    need_root()
    need("mount", "umount", "mkfs.ext4")
    t.sparse("image", 32 << 20)
    t.public("mkfs.ext4", "-q", "-m", "40", "image")
    os.makedirs(t.path("small"))
    if t.public("mount", "-o", "loop", "image", t.path("small"), code=None).code != 0:
        from cli_frame import Skip
        raise Skip("nothing can be mounted here")
    try:
        room = os.statvfs(t.path("small"))
        t.write("d/noise", random.Random(8).randbytes((room.f_bavail + room.f_bfree) // 2 * room.f_frsize))
        os.makedirs(t.path("small/s"), mode=0o700)
        t.run("pack", "d", "-o", "small/a.tar")
        os.remove(t.path("small/a.tar"))
        t.run("pack", "d", "--store", "file://" + t.path("small/s"), "--format", "tar")
    finally:
        t.public("umount", t.path("small"))


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


@case
def stdout_gets_the_archive_and_nothing_else(t):
    some(t)
    t.write("large", random.Random(5).randbytes(3_000_000) + b"text " * 500_000)
    for form in FORMATS:
        t.run("pack", "A", "large", "-o", f"file.{form}", "--name", "archive")
        with open(t.path(f"file.{form}"), "rb") as f:
            expected = f.read()
        found = t.run("pack", "A", "large", "-o", "-", "--format", form)
        holds(found.out == expected, f"{form}: {len(found.out)} bytes in place of {len(expected)}")
        holds("uuid      " in found.err and "sha256    " in found.err, found.err)
        found = t.run("pack", "A", "large", "-o", "-", "--format", form, "--json")
        holds(found.out == expected, f"{form} with --json")
        told = json.loads(found.err)
        same((told["path"], told["format"], told["container_bytes"]), (None, form, len(expected)))
        same(told["sha256"], hashlib.sha256(expected).hexdigest())
    found = t.public("bash", "-c", '"$0" pack A -o - 2>told > a.zip && "$0" verify a.zip', t.binary)
    same(originals(t, "a.zip"), ["2.txt", "x/1.txt"])
    same(documents(t, "a.zip", None)[0]["name"], "A")
    t.public("bash", "-c", 'cat large | "$0" pack - --entry-name l -o - | cat > b.zip; "$0" verify b.zip', t.binary)
    same(documents(t, "b.zip", None)[0]["name"], "archive")


@case
def a_descriptor_that_is_closed_is_no_empty_file(t):
    t.write("d/1.txt", b"one")
    for text in ('"$0" pack - --entry-name s.txt -o s.zip <&-', '"$0" pack --list - -o s.zip <&-'):
        found = t.public("bash", "-c", text, t.binary, code=3)
        holds("is closed" in found.err and "output of a program" in found.err, found)
    found = t.public("bash", "-c", '"$0" pack d -o - >&-', t.binary, code=2)
    holds("Stdout is closed" in found.err and "-o FILE" in found.err, found)
    found = t.public("bash", "-c", '"$0" pack d -o - 1<d/1.txt', t.binary, code=2)
    holds("cannot be written to" in found.err, found)
    same(t.names(), ["d"])


@case
def the_file_behind_stdout_is_not_archived(t):
    t.write("d/1.txt", b"one")
    for text in ('"$0" pack . -o - > out.zip', '"$0" pack . -o - >> out.zip', '"$0" pack out.zip 1.txt -o - > out.zip'):
        found = t.public("bash", "-c", text, t.binary, cwd=t.path("d"), code=3)
        holds("out.zip" in found.err and "written to" in found.err and "--exclude" in found.err, found)
        os.remove(t.path("d/out.zip"))
    t.public("bash", "-c", '"$0" pack . -o - --exclude out.zip > out.zip', t.binary, cwd=t.path("d"))
    t.run("verify", "d/out.zip")
    same(originals(t, "d/out.zip"), ["1.txt"])


@case
def stdout_and_a_storage_get_the_same(t):
    some(t)
    found = t.run("pack", "A", "-o", "-", "--store", "file://" + t.path("s"), "--option", "create=1", "--json")
    address = json.loads(found.err)["stored"][0]["address"]
    t.run("fetch", address, "a.zip")
    with open(t.path("a.zip"), "rb") as f:
        holds(f.read() == found.out, "other bytes")


@case
def a_terminal_gets_no_archive(t):
    some(t)
    code, shown = t.at_terminal("pack", "A", "-o", "-")
    same(code, 2)
    holds(b"terminal" in shown and b"-o FILE" in shown and b"PK" not in shown, shown)
    same(t.run("pack", "A", "-o", "-", "--keep-going", code=2).out, b"")
    same(t.run("pack", "missing", "-o", "-", "--json", code=3).out, b"")
    os.symlink("nowhere", t.path("A/link"))
    holds("--keep-going" not in t.run("pack", "A", "-o", "-", code=3).err, "it cannot be given")
    same(t.run("pack", "A", "-o", "-", "--format", "rar", code=2).out, b"")


@case
def a_stream_that_breaks_is_an_error(t):
    t.write("d/large", random.Random(6).randbytes(3_000_000))
    store = ("--store", "file://" + t.path("s"), "--option", "create=1")
    for more in ((), store):
        found = t.public("bash", "-c", '"$0" "$@" 2>told | head -c 1000 >/dev/null; echo "${PIPESTATUS[0]}"; cat told',
                         t.binary, "pack", "d", "-o", "-", *more)
        holds(found.text.startswith("4\n") and "closed the pipe" in found.text and "discard" in found.text, found.text)
    holds(not any(name.endswith(".zip") for _, _, names in os.walk(t.path("s")) for name in names), "something is stored")
    found = t.public("bash", "-c", '"$0" pack d -o - > /dev/full', t.binary, code=4)
    holds("No space left" in found.err, found.err)


@case
def a_signal_ends_the_wait_for_the_reader(t):
    t.write("d/large", random.Random(7).randbytes(3_000_000))
    process = subprocess.Popen([t.binary, "pack", "d", "-o", "-"], cwd=t.dir, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    holds(process.stdout.read(1000)[:2] == b"PK", "no archive")
    pipe_fill(process.stdout, lambda held, size: held > size - 4096)  # no room for another piece: it waits
    process.send_signal(signal.SIGINT)
    said = process.stderr.read()
    same(process.wait(timeout=60), -signal.SIGINT)
    holds(b"cancelled" in said and b"discard" in said, said)
    process.stdout.close()


@case
def hard_links_and_sparse_files_are_told(t):
    some(t)
    os.link(t.path("A/2.txt"), t.path("deep/B/again.txt"))
    t.sparse("d/holes", 8 << 20)
    found = t.json("pack", "A", "deep/B", "d", "-o", "a.zip")
    same((found["hard_links"], found["hard_link_bytes"], found["hard_links_at_least"], found["sparse_files"]), (1, 3, False, 1))
    holds(7 << 20 <= found["sparse_bytes"] <= 8 << 20, found)
    said = t.run("pack", "A", "deep/B", "d", "-o", "b.zip").text
    holds("doubled   1 file, further names" in said and "sparse    1 file, archived in full" in said, said)
    said = t.run("pack", "A", "-o", "c.zip").text  # its other name was not met
    holds("doubled" not in said and "sparse" not in said, said)
