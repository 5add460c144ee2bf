# SPDX-License-Identifier: Apache-2.0
"""What sources say and are: sizes that lie, nothing at all, names and trees that cannot be archived, borders."""
import json
import os

import check_bag
from cli_frame import case, holds, need, same
from cli_pack import FORMATS, originals
from cli_storage import url


def nothing_made(t, *args, code=3, error=None, says=""):
    """The command fails with this code, says this, and makes no archive."""
    before = t.names()
    found = t.run(*args, code=code)
    holds(says in found.err, f"{says!r} is not said: {found.err}")
    if error:
        same(t.json(*args, code=code)["error"]["name"], error)
    same(t.names(), before)


@case
def a_file_that_is_longer_than_its_size_is_an_error(t):
    """procfs says 0, as mounts do that learn a size only by reading."""
    if os.stat("/proc/self/status").st_size != 0:
        need("a procfs whose files have no size")
    t.list_file("l", [{"name": "status", "path": "/proc/version"}])
    nothing_made(t, "pack", "--list", "l", "-o", "x.zip", error="SIZE", says="status")
    t.list_file("l", [{"name": "status", "path": "/proc/version", "size": 0}])
    nothing_made(t, "pack", "--list", "l", "-o", "x.zip", error="SIZE", says="0 bytes")
    t.write("good", b"good")
    t.list_file("l", [{"name": "status", "path": "/proc/version"}, {"name": "good", "path": "good"}])
    for form in FORMATS:
        found = t.json("pack", "--list", "l", "-o", f"x.{form}", "--keep-going", code=3)
        same([(f["name"], f["error"]) for f in found["failures"]], [("status", "SIZE")])
        same(originals(t, f"x.{form}"), ["good"])
    folder = "/proc/sys/kernel/random"
    if os.path.isfile(f"{folder}/poolsize"):
        found = t.json("pack", folder, "-o", "walk.zip", "--keep-going", "--exclude", "w*", code=3)
        same(found["error"]["name"], "SIZE")


@case
def a_promise_of_another_size_is_an_error(t):
    t.write("f", b"ten bytes!")
    for size in (0, 5, 9, 11, 15, 1 << 30):
        t.list_file("l", [{"name": "f", "path": "f", "size": size}])
        nothing_made(t, "pack", "--list", "l", "-o", "x.zip", error="SIZE", says="10 bytes")
    t.list_file("l", [{"name": "f", "path": "f", "size": (1 << 43) + 1}])
    nothing_made(t, "pack", "--list", "l", "-o", "x.zip", error="LIMIT", code=5, says="8 TiB")
    t.list_file("l", [{"name": "f", "path": "f", "size": 10}])
    t.run("pack", "--list", "l", "-o", "x.zip")


@case
def nothing_to_archive_is_an_error(t):
    """A disk that is not mounted is no archive of nothing."""
    os.makedirs(t.path("empty"))
    t.write("exam/a", b"a")
    t.write("l", b"")
    for source in (["empty"], ["exam", "--exclude", "*"], ["--list", "l", "--name", "n"]):
        nothing_made(t, "pack", *source, "-o", "x.zip", error="NOTFOUND", says="--allow-empty")
        t.run("pack", *source, "-o", "y.zip", "--allow-empty")
        same(t.json("verify", "y.zip")["payload_files"], 0)
        os.unlink(t.path("y.zip"))
    os.makedirs(t.path("exam/sub"))
    t.run("pack", "exam", "--exclude", "a", "-o", "folder.zip")  # an empty folder is something
    found = t.public("bash", "-c", f"mkdir gone && cd gone && rmdir ../gone && '{t.binary}' pack . -o ../x.zip", code=3)
    holds(found.err.startswith("archivist: "), found.err)
    os.makedirs(t.path("store"), mode=0o700)
    for members in ({"folder": "empty"}, {"folder": "exam", "exclude": ["*"]}, {"list": "l", "name": "n"}, {"entries": [], "name": "n"}):
        t.write("spec.json", json.dumps({**members, "stores": [url(t, "store")]}))
        found = t.run("job", "run", "spec.json", "--staging", "staging", code=3)
        holds("allow_empty" in found.err, found.err)
        t.write("spec.json", json.dumps({**members, "stores": [url(t, "store")], "allow_empty": True}))
        same(t.json("job", "run", "spec.json", "--staging", "staging")["state"], "COMPLETED")


@case
def what_cannot_be_named_or_reached_costs_only_itself(t):
    t.write("exam/good.txt", b"good")
    t.write("exam/bad\\xff.txt", b"is a name of its own")
    here = os.getcwd()
    try:
        os.chdir(t.path("exam"))
        for _ in range(2500):
            os.mkdir("d")
            os.chdir("d")
        os.chdir(t.path("exam"))
        with open(b"bad\xff.txt", "wb") as f:
            f.write(b"x")
        os.makedirs(b"folder\xfd/empty")
        with open(b"folder\xfd/in", "wb") as f:
            f.write(b"x")
        os.mkdir(b"hollow\xfe")
    finally:
        os.chdir(here)
    found = t.run("pack", "exam", "-o", "x.zip", "--exclude", "*\udcff*", "--exclude", "*\udcfd", "--exclude", "*\udcfe", code=5)
    holds("--exclude" in found.err and "exam/d/d/" in found.err and "…" in found.err, found.err)
    for form in FORMATS:
        found = t.json("pack", "exam", "-o", f"a.{form}", "--keep-going", code=3)
        names = [f["name"] for f in found["failures"]]
        same(sorted(n for n in names if not n.startswith("d/")),
             ["bad\\xff.txt", "folder\\xfd/empty", "folder\\xfd/in", "hollow\\xfe"])
        same(len([n for n in names if n.startswith("d/d/d")]), 1)
        same(sorted(originals(t, f"a.{form}")), ["bad\\xff.txt", "good.txt"])
        t.run("verify", f"a.{form}")
        same(check_bag.check(t.path(f"a.{form}")), [])
    t.run("pack", "exam", "-o", "b.zip", "--exclude", "d", "--keep-going", code=3)
    t.public("rm", "-rf", "exam/d")


@case
def a_byte_order_mark_is_passed_over(t):
    t.write("f", b"x")
    t.write("l", b"\xef\xbb\xbf" + json.dumps({"name": "f", "path": "f"}).encode() + b"\r\n")
    t.write("m", b"\xef\xbb\xbf" + b'{"course": 7}')
    t.run("pack", "--list", "l", "-o", "x.zip", "--metadata", "m")
    same(originals(t, "x.zip"), ["f"])
    os.makedirs(t.path("store"), mode=0o700)
    t.write("spec.json", b"\xef\xbb\xbf" + json.dumps({"list": "l", "name": "n", "stores": [url(t, "store")]}).encode())
    t.run("job", "run", "spec.json", "--staging", "staging")
    t.write("l", b"\xef\xbb\xbf")
    nothing_made(t, "pack", "--list", "l", "--name", "n", "-o", "y.zip", error="NOTFOUND")


@case
def numbers_that_stand_for_something_else_are_refused(t):
    t.write("f", b"x")
    for member, value in (("modified", -(1 << 63)), ("size", -1), ("size", -(1 << 63)), ("size", 1 << 63)):
        t.list_file("l", [{"name": "f", "path": "f", member: value}])
        nothing_made(t, "pack", "--list", "l", "-o", "x.zip", says=member if abs(value) < 1 << 63 or member == "modified" else "")
        t.write("spec.json", json.dumps({"name": "n", "stores": ["file:///none"], "entries": [{"name": "f", "path": "f", member: value}]}))
        found = t.run("job", "run", "spec.json", "--staging", "staging", code=None)
        holds(found.code in (2, 3) and member in found.err, str(found))
    t.list_file("l", [{"name": "f", "path": "f", "modified": -(1 << 63) + 1}])
    t.run("pack", "--list", "l", "-o", "x.zip")
    t.run("verify", "x.zip")


@case
def whatever_is_packed_is_valid_at_every_border(t):
    """Each option just within and just beyond: packed and then valid, or refused before anything is written."""
    t.write("exam/a", b"a")
    t.sparse("big/zeros", 40 << 20)

    def try_out(*args, must=None):
        path = t.path("border.zip")
        found = t.public(t.binary, "pack", *args, "-o", "border.zip", code=None)
        holds(found.code in (0, 2, 3, 5) and must in (None, found.code == 0), f"{str(args)[:200]}: {str(found)[:1000]}")
        if found.code == 0:
            t.run("verify", "border.zip")
            os.unlink(path)
        else:
            holds(found.err.startswith("archivist: "), found.err)
            same(os.path.exists(path), False)
        return found.code == 0

    packed = []
    for depth in (1, 61, 62, 63, 64, 65, 512):
        t.write("m.json", '{"m":' * depth + "1" + "}" * depth)
        packed.append(try_out("exam", "--metadata", "m.json"))
    same(packed, [True] * 4 + [False] * 3)
    for spare in (0, 200, 400, 600, 700, 800, 1000, 2000):
        t.write("m.json", json.dumps({"m": "x" * ((1 << 20) - spare)}))
        packed.append(try_out("exam", "--metadata", "m.json"))
    same((packed[-1], packed[7]), (True, False))
    for value in ("-1e400", "1e308", str(1 << 63), str(-(1 << 63)), '"\\u0000"', '"\\ud800"', '{"a":1,"a":2}', "1.0e-320"):
        t.write("m.json", '{"m":' + value + "}")
        try_out("exam", "--metadata", "m.json")
    for option in ("--title", "--name", "--created-by"):
        for text in ("x" * 4096, "\x01" * 4096, "ä" * 2048, '"' * 4096, "\\" * 4096, "<&>" * 1365, " ", ".", "..", "a\r\nb: c", "\x7f"):
            try_out("exam", option, text, must=True)
        try_out("exam", option, "x" * 4097, must=False)
    try_out("exam", "--title", "", "--created-by", "")
    try_out("exam", "--name", "", must=False)
    for epoch in ("0", "253402300799"):
        found = t.public(t.binary, "pack", "exam", "-o", "border.zip", env={"SOURCE_DATE_EPOCH": epoch}, code=0)
        t.run("verify", "border.zip")
        os.unlink(t.path("border.zip"))
    keys = ['"' * 64] * 1000
    for line in ({"owner": "x" * 1024}, {"owner": "\x01" * 1024}, {"owner": ""}, {"name": "n" * 4096}, {"name": "n" * 16384}, {"name": "\x01" * 16384},
                 {"name": "/".join("d" * 512)}, {"name": "/" * 600}, {"name": "/".join(["\x01" * 255] * 60)}, {"persons": keys},
                 {"name": "\x01" * 16384, "owner": "\x01" * 1024, "persons": keys}, {"modified": -62135596800}, {"modified": 253402300800}):
        t.list_file("l", [{"name": "f", "path": "exam/a", **line}, {"name": "g", "path": "none", **({"name": line["name"] + "x"} if len(line.get("name", "")) < 16384 and "name" in line else {}), **{k: v for k, v in line.items() if k != "name"}}])
        for form in FORMATS:
            found = t.run("pack", "--list", "l", "--name", "n", "-o", f"border.{form}", "--keep-going", code=3)
            if not os.path.exists(t.path(f"border.{form}")):
                holds("196608" in found.err and len(line) == 3, f"{line.keys()}: {found.err}")  # longer than a line may be
                continue
            t.run("verify", f"border.{form}")
            same(check_bag.check(t.path(f"border.{form}")), [])
            os.unlink(t.path(f"border.{form}"))
    for line in ({"owner": "x" * 1025}, {"name": "n" * 16385}, {"persons": keys + ["x"]}, {"name": ""}):
        t.list_file("l", [{"name": "f", "path": "exam/a", **line}])
        try_out("--list", "l", "--name", "n", must=False)
    for form in FORMATS:
        for level in (0,) if form == "tar" else (0, 1, 9):
            t.run("pack", "big", "-o", f"level.{form}", "--level", str(level), "--sha512")
            t.run("verify", f"level.{form}")
            os.unlink(t.path(f"level.{form}"))
