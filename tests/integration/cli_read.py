# SPDX-License-Identifier: Apache-2.0
"""verify, list and extract: round trips, findings, hostile containers, what a terminal shows."""
import json
import os
import re
import shutil
import sys

import check_bag
from cli_frame import SUPPORT, case, holds, need, same
from cli_pack import FORMATS, sample

BAD = os.path.join(SUPPORT, "bad_containers.py")


def listed(t, archive):
    return [json.loads(line) for line in t.run("list", "--json", archive).text.splitlines()]


@case
def verify_tells_what_it_read(t):
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    found = t.json("verify", "a.zip")
    same((found["valid"], found["format"], found["base_folder"], found["findings"]), (True, "zip", "exam", []))
    same(found["container_bytes"], os.path.getsize(t.path("a.zip")))
    same(found["payload_files"], 8)
    text = t.run("verify", "a.zip").text
    holds(text.startswith("valid     a.zip\n") and found["uuid"] in text and found["sha256"] in text, text)


@case
def persons_go_through_every_format(t):
    """Keys in a list, in a specification's entries, escaped ones, as many as there may be."""
    need("python3")
    t.write("files/a", b"a")
    t.write("files/b", b"b")
    many = [f'{n}"\\' + "x" * (61 - len(str(n))) for n in range(1000)]
    lines = [{"name": "a", "path": "files/a", "persons": ["17", "23"]},
             {"name": "b", "path": "files/b", "persons": many, "owner": "Team"},
             {"name": "c", "path": "files/b", "persons": []},
             {"name": "gone", "path": "files/gone", "persons": ["Ä-9"]}]
    t.write("list", "".join(json.dumps(line) + "\n" for line in lines))
    for form in FORMATS:
        t.run("pack", "--list", "list", "--name", "exam", "-o", f"a.{form}", "--keep-going", code=3)
        same({i["name"]: i.get("persons") for i in listed(t, f"a.{form}")},
             {"data/a": ["17", "23"], "data/b": many, "data/c": None})
        bag = check_bag.read_bag(t.path(f"a.{form}"))[0]
        same(json.loads(bag.texts["metadata/failures.jsonl"])["persons"], ["Ä-9"])
        same(json.loads(bag.texts["metadata/entries.jsonl"].splitlines()[0])["persons"], ["17", "23"])
        t.run("verify", f"a.{form}")
        t.run("extract", f"a.{form}", f"out-{form}")
    for persons in (["x" * 65], [""], ["a\tb"], ["n"] * 1001, [1], "17"):
        t.write("list", json.dumps({"name": "a", "path": "files/a", "persons": persons}))
        found = t.run("pack", "--list", "list", "--name", "exam", "-o", "b.zip", code=None)
        holds(found.code in (1, 2, 3, 5) and "person" in found.err, str(found))
        same(os.path.exists(t.path("b.zip")), False)
    t.write("spec.json", json.dumps({"name": "s", "stores": ["file://" + t.path("store")],
                                     "entries": [{"name": "a", "path": "files/a", "persons": ["9", "8"]}]}))
    os.mkdir(t.path("store"))
    done = t.json("job", "run", "spec.json", "--staging", t.path("staging"))
    address = done["stored"][0]["address"]
    same(listed(t, address)[0]["persons"], ["9", "8"])


@case
def every_flipped_bit_is_found(t):
    """One bit at a time, spread over the container. The few bits that no reader looks at (padding of
    deflate, a version number) may pass if what is extracted is the original."""
    t.write("d/text.txt", "answer\n" * 200)
    t.write("d/b/more.txt", "x")
    for form in FORMATS:
        t.run("pack", "d", "-o", f"a.{form}")
        with open(t.path(f"a.{form}"), "rb") as f:
            good = bytearray(f.read())
        step, unseen, tried = max(1, len(good) // 150), [], 0
        for at in range(0, len(good), step):
            tried += 1
            bad = bytearray(good)
            bad[at] ^= 1 << (at % 8)
            t.write("bad", bad)
            found = t.public(t.binary, "verify", "bad", code=None)
            holds(found.code in (0, 1), f"{form}: the bit at {at} of {len(good)}: {found}")
            if found.code == 0:
                unseen.append(at)
                t.run("extract", "bad", "out")
                t.public("diff", "-r", "d", "out")
                shutil.rmtree(t.path("out"))
        print(f"# {form}: {len(unseen)} of {tried} bits are not looked at: {unseen}")
        holds(len(unseen) <= tried // 10, f"{form}: {len(unseen)} of {tried} bits pass")


@case
def every_truncation_is_found(t):
    t.write("d/text.txt", "answer\n" * 200)
    for form in FORMATS:
        t.run("pack", "d", "-o", f"a.{form}")
        with open(t.path(f"a.{form}"), "rb") as f:
            good = f.read()
        for length in [0, 1, 10, *range(100, len(good), len(good) // 40), len(good) - 1]:
            t.write("bad", good[:length])
            found = t.public(t.binary, "verify", "bad", code=None)
            holds(found.code == 1, f"{form}: cut at {length} of {len(good)}: {found}")
            t.public(t.binary, "extract", "bad", "out", code=1)
            holds(not os.path.exists(t.path("out")) or t.names("out") == [], f"{form}: something stays")


@case
def damaged_containers_are_refused(t):
    """All that tests/support/bad_containers.py can make; verify and extract agree, nothing stays."""
    os.mkdir(t.path("bad"))
    t.public(sys.executable, BAD, "--all", "bad")
    made = t.names("bad")
    for name in made:
        kind = name.partition(".")[0]
        report = t.public(t.binary, "verify", "--foreign", "--json", f"bad/{name}", code=None)
        holds(report.code in (0, 1), f"{name}: {report}")
        valid = report.code == 0
        result = t.public(t.binary, "extract", "--foreign", f"bad/{name}", "out", code=None)
        holds(result.code == (0 if valid else 1), f"{name}: verify {report.code}, extract {result}")
        holds(valid or not os.path.exists(t.path("out")) or t.names("out") == [], f"{name}: something stays")
        holds(not valid or kind.startswith(("good", "nested", "foreign")) or check_bag.check(t.path(f"bad/{name}")) == [],
              f"{name} is called valid")
        shutil.rmtree(t.path("out"), ignore_errors=True)
        same([n for n in t.names() if n not in ("bad", "out")], [])
    holds(len(made) > 400, f"only {len(made)} containers were made")


@case
def findings_are_shown_and_escaped(t):
    t.write("d/a.txt", b"a")
    t.run("pack", "d", "-o", "a.tar")
    with open(t.path("a.tar"), "rb") as f:
        data = f.read()
    at = data.index(b"a", data.index(b"d/data/a.txt") + 512)
    t.write("bad.tar", data[:at] + b"b" + data[at + 1:])
    found = t.json("verify", "bad.tar", code=1)
    same(found["valid"], False)
    same(found["error"]["name"], "MISMATCH")
    holds({"kind", "entry", "message"} == set(found["findings"][0]), found)
    holds(any(f["kind"] == "DIGEST" and "a.txt" in f["entry"] for f in found["findings"]), found)
    text = t.run("verify", "bad.tar", code=1).text
    holds(text.startswith("NOT VALID") and "\nDIGEST" in text, text)


@case
def bombs_are_refused(t):
    """A container that would unpack to far more than its size, made with public tools."""
    need("zip")
    t.sparse("z/zeros", 1 << 30)
    t.public("zip", "-q9", "-r", "b.zip", "z")
    t.public("bash", "-c", "tar -cf - z | zstd -19 -q -o b.tar.zst")
    for name in ("b.zip", "b.tar.zst"):
        same(t.json("verify", name, code=1)["valid"], False)
        t.run("extract", name, "out", code=1)
        holds(not os.path.exists(t.path("out")) or t.names("out") == [], "something stays")


@case
def foreign_files_are_no_archives(t):
    t.write("text.zip", "this is not a zip")
    t.write("empty.zip", b"")
    for name in ("text.zip", "empty.zip"):
        t.run("verify", name, code=1)
        t.run("list", name, code=1)
        t.run("extract", name, "out", code=1)
    t.fails(4, "NOTFOUND", "verify", "missing.zip")
    os.makedirs(t.path("folder"))
    holds(t.run("verify", "folder", code=None).code in (1, 4), "a folder")


@case
def list_shows_what_is_there(t):
    sample(t)
    for form in FORMATS:
        t.run("pack", "exam", "-o", f"a.{form}")
        found = listed(t, f"a.{form}")
        files = {f["original"]: f for f in found if f.get("type") != "folder"}
        for here, _, names in os.walk(t.path("exam")):
            for name in names:
                path = os.path.join(here, name)
                entry = files.pop(os.path.relpath(path, t.path("exam")))
                same(entry["size"], os.path.getsize(path))
                holds(re.fullmatch("[0-9a-f]{64}", entry["sha256"]), entry)
        same(files, {})
        same([f["original"] for f in found if f.get("type") == "folder"], ["empty folder"])
        text = t.run("list", f"a.{form}").text
        same(len(text.splitlines()), len(found))
        holds(re.search(r"^ +20 .*Z  \S", text, re.M) is None and "Mia Muster/essay.txt" in text, text)


@case
def names_cannot_steer_a_terminal(t):
    t.write("x", b"x")
    evil = "\x1b]0;owned\x07\x1b[2J\u202egpj.exe\x9b31m\n\\"
    t.list_file("l", [{"name": evil, "path": t.path("x"), "owner": evil}])
    t.run("pack", "--list", "l", "-o", "a.zip")
    for args in (["list", "a.zip"], ["list", "--null", "a.zip"], ["extract", "a.zip", "out"], ["verify", "a.zip"],
                 ["list", "--json", "a.zip"]):
        code, shown = t.at_terminal(*args)
        same(code, 0)
        for bad in (b"\x1b", b"\x07", "\u202e".encode(), "\x9b".encode()):
            holds(bad not in shown, f"{args}: {shown}")
    same(t.run("list", "--null", "a.zip").out, evil.encode() + b"\0")
    escaped = "\\x1b]0;owned\\x07\\x1b[2J\\u202egpj.exe\\u009b31m\\n\\\\"
    holds(escaped in t.run("list", "a.zip").text, t.run("list", "a.zip").text)
    same(listed(t, "a.zip")[0]["original"], evil)
    shown = t.run("verify", "missing\x1b[2J", code=4).err
    holds("\x1b" not in shown, shown)


@case
def extract_gives_back_a_real_tree(t):
    """The machine's own documentation, with names that differ only in case, times and all."""
    source = "/usr/share/doc"
    os.makedirs(t.path("tree"))
    for package in sorted(os.listdir(source))[:None if os.environ.get("FULL") == "1" else 400]:
        path = os.path.join(source, package)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.copytree(path, t.path("tree", package), symlinks=True, ignore=unusual)
    t.write("tree/case/README", b"1")
    t.write("tree/case/readme", b"2")
    t.write("tree/case/Readme.", b"3")
    t.write("tree/case/CON", b"4")
    t.write("tree/case/e\u0301", b"5")
    t.write("tree/case/\u00e9", b"6")
    t.write("tree/case/a:b*c?", b"7")
    os.makedirs(t.path("tree/case/empty"))
    count = sum(len(names) for _, _, names in os.walk(t.path("tree")))
    holds(count > 200, f"only {count} files")
    for form in FORMATS:
        t.run("pack", "tree", "-o", f"a.{form}", "--links", "skip")
        same(check_bag.check(t.path(f"a.{form}")), [])
        t.run("verify", f"a.{form}")
        found = t.json("extract", f"a.{form}", "out")
        same(found["renamed"], [])
        t.public("diff", "-r", "tree", "out")
        for here, _, names in os.walk(t.path("tree")):
            for name in names:
                path = os.path.join(here, name)
                copy = t.path("out", os.path.relpath(path, t.path("tree")))
                same(int(os.stat(copy).st_mtime), int(os.stat(path).st_mtime))
        t.run("extract", "--safe-names", f"a.{form}", "safe")
        same(len(os.listdir(t.path("safe"))), len(os.listdir(t.path("tree"))))
        holds(not os.path.exists(t.path("safe/case/a:b*c?")), t.names("safe/case"))
        lowered = [n.lower() for n in t.names("safe/case")]
        same(len(set(lowered)), 8)
        shutil.rmtree(t.path("out"))
        shutil.rmtree(t.path("safe"))


def unusual(folder, names):
    """Links, and names that are not UTF-8: both have cases of their own."""
    def is_usual(name):
        try:
            name.encode("utf-8")
        except UnicodeEncodeError:
            return False
        return not os.path.islink(os.path.join(folder, name))
    return [n for n in names if not is_usual(n)]


@case
def extract_writes_only_into_new_or_empty_folders(t):
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    t.write("full/kept", b"kept")
    t.fails(4, "EXISTS", "extract", "a.zip", "full")
    same(t.names("full"), ["kept"])
    t.write("file", b"kept")
    t.run("extract", "a.zip", "file", code=4)
    with open(t.path("file"), "rb") as f:
        same(f.read(), b"kept")
    os.makedirs(t.path("empty"))
    t.run("extract", "a.zip", "empty")
    t.public("diff", "-r", "exam", "empty")
    same([n for n in t.names() if n.endswith(".partial")], [])
    os.symlink("elsewhere", t.path("link"))
    t.run("extract", "a.zip", "link", code=4)
    holds(not os.path.exists(t.path("elsewhere")), "a link was followed")
    t.run("extract", "a.zip", "no/such/parent", code=4)


@case
def a_file_and_a_folder_of_one_name_come_back(t):
    names = ["c", "c/inside", "c/inside/deeper", "C/other", "a;1", "a;2", "a"]
    t.list_file("l", [{"name": n, "path": t.write(f"src/{i}", f"content {i}")} for i, n in enumerate(names)])
    for form in FORMATS:
        t.run("pack", "--list", "l", "-o", f"a.{form}")
        found = t.json("extract", f"a.{form}", "out")
        renamed = {r["original"]: r["written"] for r in found["renamed"]}
        holds(1 <= len(renamed) <= 3, renamed)
        for i, name in enumerate(names):
            with open(t.path("out", renamed.get(name, name)), encoding="ascii") as f:
                same(f.read(), f"content {i}")
        shutil.rmtree(t.path("out"))


@case
def an_address_is_not_a_file(t):
    """What looks like a file is one: "./" in front of a name with "://"."""
    t.write("d/a", b"a")
    t.run("pack", "d", "-o", "a.zip")
    os.makedirs(t.path("x:", ""))
    shutil.copy(t.path("a.zip"), t.path("x:/a.zip"))
    t.run("verify", "./x://a.zip")
    t.run("verify", "x://a.zip", code=2)


@case
def extract_takes_single_files(t):
    """Files, folders and patterns by their original names; the rest is verified and not written."""
    sample(t)
    t.write("exam/a[1].txt", "brackets")
    for form in FORMATS:
        t.run("pack", "exam", "-o", f"a.{form}")
        found = t.json("extract", f"a.{form}", "one", "Mia Muster/essay.txt")
        same((found["files"], found["empty_folders"]), (1, 0))
        t.public("cmp", "one/Mia Muster/essay.txt", "exam/Mia Muster/essay.txt")
        same((t.names("one"), t.names("one/Mia Muster")), (["Mia Muster"], ["essay.txt"]))
        t.run("extract", f"a.{form}", "many", "Jörg/", "*.TXT", "a[1].txt", "empty folder")
        same(t.names("many"), ["Jörg", "a[1].txt", "empty folder", "upper.TXT"])
        t.public("diff", "-r", "exam/Jörg", "many/Jörg")
        shutil.rmtree(t.path("one"))
        shutil.rmtree(t.path("many"))


@case
def extract_of_a_file_that_is_not_there_leaves_nothing(t):
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    t.fails(4, "NOTFOUND", "extract", "a.zip", "out", "UPPER.txt", "Mia Muster/essay.tx", says="essay.tx")
    t.fails(2, "INVALID", "extract", "a.zip", "out", "", says="list of entries")
    same(t.names(), ["a.zip", "exam"])
    with open(t.path("a.zip"), "r+b") as f:  # what is damaged elsewhere keeps a good file from being given out
        f.seek(200000)
        f.write(b"rot")
    t.fails(1, "MISMATCH", "extract", "a.zip", "out", "UPPER.txt")
    same(t.names(), ["a.zip", "exam"])


@case
def an_index_of_owners_that_needs_a_page_more_is_valid(t):
    source = t.write("one", "x")
    lines = [json.dumps({"name": f"f{i:04}", "path": source, "size": 1, "owner": f"Owner {i % 2}"}) for i in range(4999)]
    listing = t.write("list.jsonl", "\n".join(lines) + "\n")
    t.run("pack", "--list", listing, "-o", t.path("a.zip"), "-q")
    holds("valid" in t.run("verify", t.path("a.zip")).text, "two pages for 4,999 entries of two owners are refused")
