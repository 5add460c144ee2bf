# SPDX-License-Identifier: Apache-2.0
"""import: archives found without a database."""
import gzip
import json
import os
import random
import shutil
import tarfile

from cli_frame import as_nobody, case, holds, need_root, same
from cli_pack import FORMATS, digest, sample
from cli_storage import tree, url

FACTS = {"course": {"id": 7, "fullname": "Operating systems", "shortname": "OS"},
         "activity": {"module": "assign", "cmid": 42, "name": "Exam 1"}}


def lines(t, *args, code=0):
    return [json.loads(line) for line in t.run("import", "--json", *args, code=code).text.splitlines()]


def shelf(t):
    """A folder with an archive of each format, in folders in one another."""
    sample(t)
    t.write("facts.json", json.dumps(FACTS))
    where = "shelf"
    for form in FORMATS:
        os.makedirs(t.path(where), exist_ok=True)
        t.run("pack", "exam", "-o", f"{where}/a.{form}", "--title", f"As {form}", "--metadata", "facts.json")
        where += "/deeper"


@case
def import_finds_archives_of_each_format_and_tells_what_they_say(t):
    shelf(t)
    *found, total = lines(t, "shelf")
    same({f["title"] for f in found}, {f"As {form}" for form in FORMATS})
    for f in found:
        holds(f["valid"] and f["problem"] is None, f)
        same((f["course"], f["activity"]), ("Operating systems", "Exam 1"))
        same(f["sha256"], digest(t.path(f["path"])))
        same(f["container_bytes"], os.path.getsize(t.path(f["path"])))
        same(f["uuid"], t.json("verify", f["path"])["uuid"])
    same(total, {"archives": len(FORMATS), "valid": len(FORMATS), "not_valid": 0, "other_containers": 0, "unread": 0})
    text = t.run("import", "shelf").text
    same(text.count("\nvalid "), len(FORMATS) - 1)
    holds("Operating systems" in text and f"archives    {len(FORMATS)}, valid {len(FORMATS)}, not valid 0" in text, text)


@case
def import_changes_nothing_and_follows_no_link(t):
    shelf(t)
    os.makedirs(t.path("elsewhere"))
    shutil.copy(t.path("shelf/a.zip"), t.path("elsewhere/b.zip"))
    os.symlink("a.zip", t.path("shelf/link.zip"))
    os.symlink("../elsewhere", t.path("shelf/link"))
    os.mkfifo(t.path("shelf/pipe"))
    t.write("shelf/.a.zip.k3v7q2mz.partial", b"PK\3\4")
    before = {name: os.lstat(t.path("shelf", name)).st_mtime_ns for name in tree(t, "shelf")}
    *found, total = lines(t, "shelf")
    same(total["archives"], len(FORMATS))
    holds(not any("link" in f["path"] for f in found), found)
    same({name: os.lstat(t.path("shelf", name)).st_mtime_ns for name in tree(t, "shelf")}, before)


@case
def import_tells_what_is_damaged_and_counts_what_is_not_ours(t):
    shelf(t)
    whole = open(t.path("shelf/a.zip"), "rb").read()
    uuid = t.json("verify", "shelf/a.zip")["uuid"]
    t.write("shelf/cut.zip", whole[:len(whole) // 2])
    t.write(f"shelf/{uuid}.zip", b"no container at all")
    t.run("pack", "exam", "-o", "shelf/changed.tar", "--title", "What it says")
    said = open(t.path("shelf/changed.tar"), "rb").read()
    t.write("shelf/changed.tar", said.replace(b"What it says", b"What it said"))
    t.public("python3", "-m", "zipfile", "-c", "shelf/office.docx", "facts.json")
    t.write("shelf/letter.txt", b"PK is what it begins with")
    *found, total, error = lines(t, "shelf", code=1)
    wrong = {os.path.basename(f["path"]): f for f in found if not f["valid"]}
    same(set(wrong), {"cut.zip", f"{uuid}.zip", "changed.tar"})
    holds(all(f["problem"] for f in wrong.values()), wrong)
    same((total["not_valid"], total["other_containers"], total["valid"]), (3, 1, len(FORMATS)))
    same(error["error"]["name"], "MISMATCH")


@case
def import_reads_a_storage_without_its_database(t):
    sample(t)
    addresses = [t.json("pack", "exam", "--store", url(t), "--option", "create=1", "--title", str(i))["stored"][0]["address"]
                 for i in range(3)]
    # What stands beside an archive is passed over, also in the folder that the storage is.
    t.write(addresses[0].removeprefix(url(t)).removesuffix(".zip").replace("/", "storage/", 1) + ".json", "{}")
    for place in (url(t), "storage"):
        *found, total = lines(t, place)
        same(len(found), 3)
        same({f["title"] for f in found}, {"0", "1", "2"})
    same(t.run("verify", url(t)).text.count("valid     file:"), 3)
    same(len(t.run("list", url(t)).text.splitlines()), 4)
    *found, total = lines(t, url(t))
    same(sorted(f["path"] for f in found), sorted(addresses))
    victim = addresses[1].removeprefix("file://")
    os.chmod(victim, 0o600)
    with open(victim, "r+b") as f:
        f.truncate(os.path.getsize(victim) - 1)
    *found, total, _ = lines(t, url(t), code=1)
    same([f["path"] for f in found if not f["valid"]], [addresses[1]])
    same(total["valid"], 2)


@case
def what_was_stored_and_is_no_archive_is_not_a_damaged_one(t):
    sample(t)
    t.run("check", url(t), "--option", "create=1")
    t.write("junk.txt", "no archive")
    t.public("python3", "-m", "zipfile", "-c", "other.zip", "junk.txt")
    stored = [t.run("store", name, url(t)).text.strip() for name in ("junk.txt", "other.zip")]
    holds(all("/ffffffff-" in address for address in stored), stored)
    said = t.run("verify", url(t), code=4)
    same(said.text.count("no archive file:"), 2)
    holds("holds no archive" in said.err and "others    2 files that are no archive" in said.text, said)
    archive = t.json("pack", "exam", "--store", url(t))["stored"][0]["address"]
    found = [json.loads(line) for line in t.run("verify", url(t), "--json").text.splitlines()]
    same(sorted(f["address"] for f in found if f.get("archive") is False), sorted(stored))
    total = found[-1]
    same((total["archives"], total["valid"], total["others"]), (1, 1, 2))
    same(total["container_bytes"], os.path.getsize(archive.removeprefix("file://")))
    *found, total = lines(t, url(t))
    same(([f["path"] for f in found], total["not_valid"], total["other_containers"]), ([archive], 0, 2))
    os.makedirs(t.path("storage/ff"), mode=0o700, exist_ok=True)
    rotted = "storage/ff/ffffffff-0000-8000-8000-0000000000ff.zip"  # an archive all the same
    flipped(t, archive.removeprefix("file://"), rotted, -1)
    same(t.run("verify", url(t), code=1).text.count("NOT VALID"), 1)


@case
def import_says_what_it_could_not_look_at(t):
    sample(t)
    deep = "/".join(["d"] * 18)
    os.makedirs(t.path("shelf", deep))
    t.run("pack", "exam", "-o", f"shelf/{deep}/a.zip")
    found = lines(t, "shelf", code=4)
    same(found[0]["path"].count("/d"), 16)
    holds("deeper" in found[0]["unread"], found)
    same(t.run("import", "nowhere", code=4).text, "")
    t.run("import", code=2)


@case
def import_of_nothing_is_no_success(t):
    sample(t)
    os.makedirs(t.path("empty"))
    total = {"archives": 0, "valid": 0, "not_valid": 0, "other_containers": 0, "unread": 0}
    for place in ("empty", "exam"):
        found, error = lines(t, place, code=4)
        same((found, error["error"]["name"]), (total, "NOTFOUND"))
        holds(f"in {place}," in error["error"]["message"], error)
    t.run("check", url(t), "--option", "create=1")
    same(lines(t, url(t), code=4)[1]["error"]["name"], "NOTFOUND")
    t.public("python3", "-m", "zipfile", "-c", "empty/other.zip", "exam")
    found, error = lines(t, "empty", code=4)
    same((found["other_containers"], error["error"]["name"]), (1, "NOTFOUND"))


def flipped(t, source, target, at):
    data = bytearray(open(t.path(source), "rb").read())
    data[at if at >= 0 else len(data) // 2] ^= 0x10
    t.write(target, bytes(data))


@case
def import_tells_an_archive_that_rotted(t):
    t.write("exam/noise", random.Random(1).randbytes(100_000))
    for form in FORMATS:
        t.run("pack", "exam", "-o", f"a.{form}", "--name", "exam")
        flipped(t, f"a.{form}", f"shelf/middle.{form}", -1)
        flipped(t, f"a.{form}", f"shelf/first.{form}", 0)
    whole = open(t.path("a.zip"), "rb").read()
    flipped(t, "a.zip", "shelf/job.zip", whole.index(b"exam/metadata/job.json") + 60)
    t.write("shelf/nothing.zip")
    *found, total, error = lines(t, "shelf", code=1)
    same([os.path.basename(f["path"]) for f in found], sorted(os.listdir(t.path("shelf"))))
    holds(not any(f["valid"] for f in found) and all(f["problem"] for f in found), found)
    same((total["not_valid"], total["other_containers"], error["error"]["name"]), (len(found), 0, "MISMATCH"))
    job = [f for f in found if f["path"].endswith("job.zip")][0]
    holds("exam/metadata/job.json: " in job["problem"], job)
    t.public(t.binary, "import", "shelf", code=1)


@case
def import_only_counts_what_others_made(t):
    sample(t)
    t.run("pack", "exam", "-o", "shelf.zip")
    os.makedirs(t.path("shelf"))
    os.rename(t.path("shelf.zip"), t.path("shelf/ours.zip"))
    for form in ("w", "w:gz"):
        with tarfile.open(t.path("shelf", "other.tar" + form[1:].replace(":", ".")), form) as tar:
            tar.add(t.path("exam"), "exam")
    t.public("python3", "-m", "zipfile", "-c", "shelf/other.zip", "exam")
    t.write("shelf/log.gz", gzip.compress(b"a line\n" * 1000))
    t.write("shelf/short.gz", gzip.compress(b"a line\n"))
    found, total = lines(t, "shelf")
    same((found["valid"], total["other_containers"]), (True, 5))
    text = t.run("import", "shelf").text
    holds("others      5 files that Archivist did not make" in text, text)


@case
def import_tells_in_the_order_of_names_however_many(t):
    names = [f"{n:05}" for n in random.Random(2).sample(range(100_000), 4500)]
    names[::100] = [f"{name}.zip" for name in names[::100]]
    os.makedirs(t.path("shelf"))
    for name in names:
        os.close(os.open(t.path("shelf", name), os.O_CREAT | os.O_WRONLY))
    names = names[::100]
    found = t.public(t.binary, "import", "--json", "shelf", code=1).text.splitlines()
    same([os.path.basename(json.loads(line)["path"]) for line in found[:-2]], sorted(names))


@case
def import_reads_the_file_that_it_looked_at(t):
    """By its descriptor: by its path the file could not even be opened, since that is too long."""
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    folder = os.open(t.dir, os.O_RDONLY)
    for name in ["shelf"] + ["d" * 255] * 15:
        os.mkdir(name, dir_fd=folder)
        deeper = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = deeper
    name = "a" * 251 + ".zip"
    os.link(t.path("a.zip"), name, dst_dir_fd=folder)
    os.close(folder)
    found, total = lines(t, "shelf")
    same((found["valid"], found["problem"], total["valid"]), (True, None, 1))
    holds(len(found["path"]) > 4096, found)


@case
def import_goes_on_behind_a_folder_it_must_not_enter(t):
    need_root()
    shelf(t)
    os.chmod(t.path("shelf/deeper"), 0)
    os.chmod(t.dir, 0o755)
    os.chmod(t.path("shelf"), 0o755)
    os.chmod(t.path("shelf/a.zip"), 0o644)
    result = t.public(*as_nobody(t, "import", "--json", "shelf"), code=4)
    found = [json.loads(line) for line in result.text.splitlines()]
    same([f["valid"] for f in found if "valid" in f and "path" in f], [True])
    holds(any("unread" in f and f["path"].endswith("shelf/deeper") for f in found if "path" in f), found)
