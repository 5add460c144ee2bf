# SPDX-License-Identifier: Apache-2.0
"""pack: every option, every format, judged by public tools; the same bytes; memory."""
import hashlib
import json
import os
import random
import tarfile
import zipfile

import check_bag
from cli_frame import TOP, case, holds, need, same

FORMATS = ("zip", "tar.zst", "tar.gz", "tar")


def sample(t, name="exam"):
    """A small exam with what formats must carry."""
    noise = random.Random(1)
    t.write(f"{name}/Mia Muster/essay.txt", "To be, or not to be.\n" * 500)
    t.write(f"{name}/Mia Muster/Übung (1) 100%.txt", "ü" * 1000)
    t.write(f"{name}/Jörg/photo.jpg", noise.randbytes(300000))
    t.write(f"{name}/Jörg/large.bin", noise.randbytes(2_500_000) + b"text " * 700_000)
    t.write(f"{name}/empty.txt", b"")
    t.write(f"{name}/日本語/答え.txt", "はい")
    t.write(f"{name}/UPPER.txt", "A")
    t.write(f"{name}/upper.TXT", "a")
    os.makedirs(t.path(name, "empty folder"))
    return name


def documents(t, path, base):
    """job.json of a container, read by check_bag's own readers."""
    bag = check_bag.read_bag(t.path(path))[0]
    return json.loads(bag.texts["metadata/job.json"]), bag


def digest(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


@case
def every_format_is_a_bag(t):
    sample(t)
    for form in FORMATS:
        found = t.json("pack", "exam", "-o", f"a.{form}", "--sha512")
        same(found["format"], form)
        same(found["sha256"], digest(t.path(f"a.{form}")))
        same(found["container_bytes"], os.path.getsize(t.path(f"a.{form}")))
        same(len(found["sha512"]), 128)
        same(check_bag.check(t.path(f"a.{form}")), [])
        bag, base = check_bag.read_bag(t.path(f"a.{form}"))
        same(base, "exam")
        same(found["entries"], 9)
        same(found["payload_bytes"], sum(s for n, s in bag.sizes.items() if n.startswith("data/")))
        holds("manifest-sha512.txt" in bag.texts and "tagmanifest-sha512.txt" in bag.texts, "no SHA-512")
        t.run("verify", f"a.{form}")


@case
def public_tools_open_zip(t):
    need("unzip", "7z", "bsdtar", "sha256sum", "sha512sum")
    sample(t)
    t.run("pack", "exam", "-o", "a.zip", "--sha512")
    t.public("unzip", "-tqq", "a.zip")
    t.public("7z", "t", "a.zip")
    t.public("bsdtar", "-tf", "a.zip")
    with zipfile.ZipFile(t.path("a.zip")) as archive:
        same(archive.testzip(), None)
    for tool, command in (("unzip", ["unzip", "-qq", "../a.zip"]), ("7z", ["7z", "x", "-bd", "../a.zip"]),
                          ("bsdtar", ["bsdtar", "-xf", "../a.zip"])):
        os.makedirs(t.path(tool))
        t.public(*command, cwd=t.path(tool))
        judge_folder(t, tool)


@case
def public_tools_open_tars(t):
    need("tar", "gzip", "zstd", "bsdtar", "7z", "sha256sum")
    sample(t)
    for form in FORMATS[1:]:
        t.run("pack", "exam", "-o", f"a.{form}", "--sha512")
        for tool in ("tar", "bsdtar"):
            os.makedirs(t.path(form, tool))
            t.public(tool, "-xf", f"../../a.{form}", cwd=t.path(form, tool))
            judge_folder(t, os.path.join(form, tool))
    t.public("7z", "t", "a.tar")
    t.public("gzip", "-t", "a.tar.gz")
    t.public("zstd", "-qt", "a.tar.zst")
    with tarfile.open(t.path("a.tar.gz")) as archive:
        archive.extractall(t.path("python"), filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(t.path("python"))
    judge_folder(t, "python")


def judge_folder(t, folder):
    bag = t.path(folder, "exam")
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        t.public("sha256sum", "-c", "--quiet", "--strict", name, cwd=bag)
    for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        t.public("sha512sum", "-c", "--quiet", "--strict", name, cwd=bag)
    same(check_bag.check(t.path(folder), "exam"), [])
    holds(os.path.isdir(os.path.join(bag, "data", "empty folder")), "the empty folder is missing")


@case
def same_bytes_for_any_number_of_threads(t):
    sample(t)
    for form in FORMATS:
        for extra in ([], ["--reproducible"], ["--level", "0" if form == "tar" else "9"]):
            digests = {t.json("pack", "exam", "-o", f"{i}.{form}", "--name", "x", *extra, *threads)["sha256"]
                       for i, threads in enumerate((["--threads", "1"], ["--threads", "2"], ["--threads", "8"], [], []))}
            same(len(digests), 1)
            for i in range(5):
                os.unlink(t.path(f"{i}.{form}"))


@case
def options_say_what_the_archive_is(t):
    sample(t)
    t.write("meta.json", '{"course": "Öko 1", "n": [1, 2.5, null]}')
    uuid = "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"
    found = t.json("pack", "exam", "-o", "a.tar", "--name", "Prüfung: 1/2", "--title", "A <title>", "--uuid", uuid,
                   "--created-by", "Doe, J.\r\nX: y", "--metadata", "meta.json", env={"SOURCE_DATE_EPOCH": "1752568200"})
    same(found["uuid"], uuid)
    job, bag = documents(t, "a.tar", None)
    same(job["uuid"], uuid)
    same(job["name"], "Prüfung_ 1_2")
    same(job["title"], "A <title>")
    same(job["created_by"], "Doe, J.\r\nX: y")
    same(job["collected_at"], "2025-07-15T08:30:00Z")
    same(job["metadata"], {"course": "Öko 1", "n": [1, 2.5, None]})
    same(job["container"], "tar")
    info = bag.info()
    same(info["Bagging-Date"], ["2025-07-15"])
    same(info["External-Identifier"], [f"urn:uuid:{uuid}"])
    holds(b"A &lt;title&gt;" in bag.texts["index.html"], "the title is not in index.html")
    t.run("verify", "a.tar")


@case
def without_options_names_and_dates_are_sensible(t):
    sample(t)
    t.run("pack", "exam/", "-o", "a.zip")
    job = documents(t, "a.zip", None)[0]
    same((job["name"], job["collected_at"]), ("exam", "1980-01-01T00:00:00Z"))
    t.run("pack", ".", "-o", "../b.zip", cwd=t.path("exam"))
    same(documents(t, "b.zip", None)[0]["name"], "exam")
    t.list_file("l", [{"name": "x", "path": t.path("exam/UPPER.txt")}])
    t.run("pack", "--list", "l", "-o", "From a list.tar.zst")
    same(documents(t, "From a list.tar.zst", None)[0]["name"], "From a list")


@case
def format_can_be_given(t):
    sample(t)
    for form in FORMATS:
        t.run("pack", "exam", "-o", f"noend-{form}", "--format", form)
        same(t.json("verify", f"noend-{form}")["format"], form)
    for end, form in ((".tzst", "tar.zst"), (".tgz", "tar.gz"), (".ZIP", "zip")):
        same(t.json("pack", "exam", "-o", f"a{end}")["format"], form)


@case
def level_changes_the_size(t):
    chooser = random.Random(3)
    words = ["".join(chooser.choices("abcdefghijklmnop", k=chooser.randrange(2, 12))) for _ in range(5000)]
    weights = [1 / (i + 1) for i in range(5000)]  # as in a language
    t.write("d/text", " ".join(chooser.choices(words, weights, k=300000)))
    for form, levels in (("zip", (0, 1, 9)), ("tar.gz", (0, 1, 9)), ("tar.zst", (1, 19))):
        sizes = [t.json("pack", "d", "-o", f"{form}-{n}.{form}", "--level", str(n))["container_bytes"] for n in levels]
        holds(sizes == sorted(sizes, reverse=True) and len(set(sizes)) == len(sizes), f"{form}: {sizes}")
        for n in levels:
            t.run("verify", f"{form}-{n}.{form}")


@case
def reproducible_is_recorded(t):
    sample(t)
    t.run("pack", "exam", "-o", "a.zip", "--reproducible")
    job = documents(t, "a.zip", None)[0]
    same(job["reproducible"], True)
    holds(job["deflater"] in ("libdeflate", "zlib", "libdeflate+zlib") or "isal" not in job["deflater"], job)


@case
def exclude_leaves_out(t):
    for name in ("a.txt", "b.tmp", "sub/c.tmp", "sub/d.txt", ".git/config", "sub/.git/x", "keep/e"):
        t.write("d/" + name, b"x")
    t.run("pack", "d", "-o", "a.zip", "--exclude", "*.tmp", "--exclude", ".git")
    same(originals(t, "a.zip"), ["a.txt", "keep/e", "sub/d.txt"])
    t.run("pack", "d", "-o", "b.zip", "--exclude", "sub", "--exclude", ".git")
    same(originals(t, "b.zip"), ["a.txt", "b.tmp", "keep/e"])


def originals(t, archive):
    out = t.run("list", "--null", archive).out
    return sorted(n.decode() for n in out.split(b"\0")[:-1])


@case
def links_are_resolved_or_left_out(t):
    t.write("d/a/real.txt", b"real")
    os.symlink("a/real.txt", t.path("d/link.txt"))
    os.symlink("a", t.path("d/folder-link"))
    t.run("pack", "d", "-o", "a.zip")
    same(originals(t, "a.zip"), ["a/real.txt", "folder-link/real.txt", "link.txt"])
    t.run("pack", "d", "-o", "b.zip", "--links", "skip")
    same(originals(t, "b.zip"), ["a/real.txt"])


@case
def links_are_recorded_as_data_and_never_made(t):
    t.write("d/a/real.txt", b"real")
    links = {"a/up": "..", "link.txt": "a/real.txt", "nowhere": "missing", "out": "/etc/passwd", "que?stion": "é\n"}
    for name, target in links.items():
        os.symlink(target, t.path("d", name))
    for form in FORMATS:
        name = f"a.{form}"
        t.run("pack", "d", "-o", name, "--links", "record")
        same((t.json("verify", name)["valid"], t.json("verify", name)["links"]), (True, 5))
        holds("links     5 recorded" in t.run("verify", name).out.decode(), "verify tells no links")
        found = [json.loads(line) for line in t.run("list", "--json", name).text.splitlines()]
        same({f["original"]: f["target"] for f in found if f.get("type") == "link"}, links)
        holds("nowhere -> missing\n" in t.run("list", name).out.decode(), "list shows no target")
        job, bag = documents(t, name, "d")
        same(job["payload"], {"entries": 6, "bytes": 4, "links": 5})
        holds(b"/etc/passwd" in bag.texts["index.html"], "index.html shows no target")
        result = t.json("extract", name, f"{form}.out")
        same((result["files"], result["links"]), (1, 5))
        same(sorted(n for _, folders, files in os.walk(t.path(f"{form}.out")) for n in folders + files), ["a", "real.txt"])
    holds("links     5 recorded, not made" in t.run("extract", "a.zip", "text").out.decode(), "extract tells no links")
    same(t.json("extract", "a.zip", "one", "nowhere")["links"], 1)
    same(t.names("one"), [])
    t.run("extract", "a.zip", "none", "missing", code=4)


@case
def more_links_than_fit_a_batch_are_recorded(t):
    os.makedirs(t.path("d/many"))
    for i in range(1200):
        os.symlink("x" * 200, t.path("d/many", f"{i:05d}"))
    t.run("pack", "d", "-o", "only.zip", "--links", "record")
    same(t.json("verify", "only.zip")["links"], 1200)
    same(t.json("extract", "only.zip", "only")["links"], 1200)
    t.write("d/many/00700.txt", b"x")
    t.write("d/many/x", b"x")
    t.run("pack", "d", "-o", "a.tar", "--links", "record")
    result = t.json("extract", "a.tar", "out")
    same((result["links"], result["files"], t.names("out/many")), (1200, 2, ["00700.txt", "x"]))


@case
def root_follows_no_link_for_somebody_who_could_not_read(t):
    if os.geteuid() != 0:
        return
    t.write("d/ben/secret", b"secret")
    os.chown(t.path("d/ben/secret"), 61002, 61002)
    os.chmod(t.path("d/ben/secret"), 0o600)
    os.makedirs(t.path("d/mia"))
    os.symlink("../ben/secret", t.path("d/mia/mine"))
    os.lchown(t.path("d/mia/mine"), 61001, 61001)
    said = t.run("pack", "d", "-o", "a.zip", code=3).err
    holds("whose owner may not read" in said and "--links record" in said, said)
    t.run("pack", "d", "-o", "a.zip", "--keep-going", code=3)
    same(originals(t, "a.zip"), ["ben/secret"])
    os.chmod(t.path("d/ben/secret"), 0o644)
    t.run("pack", "d", "-o", "b.zip")
    same(originals(t, "b.zip"), ["ben/secret", "mia/mine"])


@case
def a_list_gives_names_owners_and_times(t):
    t.write("src/1", b"one")
    t.write("src/2", b"two!")
    lines = [{"name": "Zoë/essay.pdf", "path": t.path("src/1"), "size": 3, "owner": "Muster, Mia (s0100)", "modified": 1767312000},
             {"name": "a\nb", "path": t.path("src/2")}]
    t.list_file("l", lines)
    t.run("pack", "--list", "l", "-o", "a.zip")
    with open(t.path("l"), "rb") as f:
        t.run("pack", "--list", "-", "-o", "b.zip", "--name", "a", stdin=b"\n" + f.read() + b"\n")
    same(digest(t.path("a.zip")), digest(t.path("b.zip")))
    found = [json.loads(line) for line in t.run("list", "--json", "a.zip").text.splitlines()]
    mia = next(f for f in found if f["original"] == "Zoë/essay.pdf")
    same((mia["owner"], mia["modified"], mia["size"]), ("Muster, Mia (s0100)", "2026-01-02T00:00:00Z", 3))
    holds(any(f["original"] == "a\nb" for f in found), found)


@case
def an_empty_folder_is_an_archive_where_that_is_wanted(t):
    os.makedirs(t.path("d"))
    for form in FORMATS:
        t.run("pack", "d", "-o", f"a.{form}", "--allow-empty")
        same(check_bag.check(t.path(f"a.{form}")), [])
        t.run("verify", f"a.{form}")
        t.run("extract", f"a.{form}", f"out-{form}")
        same(t.names(f"out-{form}"), [])


@case
def peak_memory_is_bounded(t):
    """Many records, large chunks: pack and verify stay below 48 MiB."""
    t.write("one", b"x" * 1000)
    count = 1_000_000 if os.environ.get("FULL") == "1" else 100_000
    with open(t.path("l"), "w", encoding="ascii") as f:
        for i in range(count):
            f.write('{"name":"student %d/some/folder/essay number %d.txt","path":"%s","size":1000}\n' % (i % 5000, i, t.path("one")))
    noise = random.Random(2).randbytes(1 << 20)
    with open(t.path("large"), "wb") as f:
        for _ in range(256):
            f.write(noise)
    t.list_file("large.list", [{"name": "large", "path": t.path("large")}])
    for listing in ("l", "large.list"):
        for form in FORMATS:
            name = f"{listing}.{form}"
            packed = t.peak_kib("pack", "--list", t.path(listing), "-o", t.path(name))
            verified = t.peak_kib("verify", t.path(name))
            os.unlink(t.path(name))
            print(f"# {name}: pack {packed} KiB, verify {verified} KiB")
            holds(packed <= 48 * 1024, f"pack of {name} took {packed} KiB")
            holds(verified <= 48 * 1024, f"verify of {name} took {verified} KiB")
