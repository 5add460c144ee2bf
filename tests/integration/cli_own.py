# SPDX-License-Identifier: Apache-2.0
"""What "valid" means: an archive of ours is what the packer writes and nothing else, so that every
reader of the field reads the same; the bags of other programs have a mode of their own."""
import hashlib
import shutil
import zipfile

from cli_frame import case, holds, same


def added(t, name, data, path="added.zip"):
    """The archive a.zip, to which a standard tool adds an entry."""
    shutil.copy(t.path("a.zip"), t.path(path))
    with zipfile.ZipFile(t.path(path), "a") as z:
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o40755 << 16 | 0x10 if name.endswith("/") else 0o100644 << 16
        info.create_system = 3
        z.writestr(info, data)
    return path


def kinds(report):
    return {f["kind"] for f in report["findings"]}


def finds(t, path, kind, says, *more):
    report = t.json("verify", *more, path, code=1)
    holds(any(f["kind"] == kind and says in f["message"] for f in report["findings"]),
          f"{path}: expected {kind} with '{says}', found {report['findings']}")


@case
def files_that_anybody_added_are_found(t):
    t.write("exam/g.txt", "grade 1.0")
    t.run("pack", "exam", "-o", "a.zip")
    for name in ("exam/CORRECTED-GRADES.html", "exam/fetch.txt", "exam/metadata/failures.jsonl",
                 "exam/metadata/job.json.new", "exam/tagmanifest-md5.txt", "exam/manifest-sha512.txt",
                 "exam/index-0002.html", "exam/INDEX.HTML", "exam/data/more.txt", "exam/more/", "exam/",
                 "META-INF/setup.exe", "META-INF/manifest.xml", "mimetype", "x/y"):
        finds(t, added(t, name, b"" if name.endswith("/") else b"x"), "EXTRA", "")


def packed_again(t, edit, path="again.zip"):
    """The archive a.zip with other documents; its manifests follow."""
    with zipfile.ZipFile(t.path("a.zip")) as z:
        files = {i.filename: z.read(i) for i in z.infolist()}
    base = next(iter(files)).split("/")[0] + "/"
    edit(files, base)
    tag = base + "tagmanifest-sha256.txt"
    if tag in files:
        files[tag] = "".join(f"{hashlib.sha256(d).hexdigest()}  {n[len(base):]}\n" for n, d in files.items()
                             if not n.startswith((base + "data/", tag))).encode()
    with zipfile.ZipFile(t.path(path), "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr, info.create_system, info.compress_type = 0o100644 << 16, 3, zipfile.ZIP_DEFLATED
            z.writestr(info, data)
    return path


def replacing(name, old, new):
    def edit(files, base):
        holds(old in files[base + name], files[base + name])
        files[base + name] = files[base + name].replace(old, new)
    return edit


@case
def an_archive_that_lacks_a_document_is_not_valid(t):
    t.write("exam/g.txt", "grade 1.0")
    t.run("pack", "exam", "-o", "a.zip")
    for name in ("tagmanifest-sha256.txt", "metadata/job.json", "metadata/entries.jsonl", "index.html", "bag-info.txt",
                 "bagit.txt"):
        report = t.json("verify", packed_again(t, lambda files, base, name=name: files.pop(base + name)), code=1)
        holds(kinds(report) & {"BAG", "NO_BAG"}, report)


@case
def documents_say_what_the_packer_writes(t):
    t.write("exam/g.txt", "grade 1.0")
    t.write("exam/h.txt", "grade 2.0")
    t.run("pack", "exam", "-o", "a.zip")
    uuid = t.json("verify", "a.zip")["uuid"].encode()
    for edit, kind, says in (
            (replacing("metadata/job.json", b"archivist-job-2", b"archivist-job-1"), "METADATA", "before the first release"),
            (replacing("metadata/job.json", b"archivist-job-2", b"archivist-job-3"), "METADATA", "newer"),
            (replacing("metadata/job.json", uuid, uuid.upper()), "METADATA", "UUID"),
            (replacing("metadata/job.json", uuid, uuid[:14] + b"0" + uuid[15:]), "METADATA", "UUID"),
            (replacing("metadata/job.json", uuid, b"a" + uuid[1:] if uuid[:1] != b"a" else b"b" + uuid[1:]), "METADATA", "gives"),
            (replacing("metadata/job.json", b'"container"', b'"more":1,"container"'), "METADATA", "members"),
            (replacing("metadata/job.json", b'"name":"exam"', b'"name":"other"'), "METADATA", "folder"),
            (replacing("metadata/job.json", b'["sha256"]', b'["sha256","sha512"]'), "METADATA", "digests"),
            (replacing("bagit.txt", b"1.0", b"0.97"), "BAG", "not what"),
            (replacing("bag-info.txt", uuid, b"0" * len(uuid)), "BAG", "lines"),
            (replacing("bag-info.txt", b"Bagging-Date", b"X-Added: y\nBagging-Date"), "BAG", "lines"),
            (replacing("manifest-sha256.txt", b"  data/g", b" *data/g"), "METADATA", "gives")):
        finds(t, packed_again(t, edit), kind, says)


@case
def a_fetch_list_is_read(t):
    """Bags of other programs: fetch.txt must not lead out of the bag (RFC 8493, 2.2.3)."""
    def bag(fetch, more=""):
        f = {"data/a.txt": b"answer", "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
             "fetch.txt": fetch.encode()}
        lines = [f"{hashlib.sha256(f[n]).hexdigest()}  {n}\n" for n in f]
        f["manifest-sha256.txt"] = (lines[0] + more).encode()
        with zipfile.ZipFile(t.path("b.zip"), "w") as z:
            for name, data in f.items():
                info = zipfile.ZipInfo("bag/" + name)
                info.external_attr = 0o100644 << 16
                z.writestr(info, data)
        return "b.zip"
    for line, says in (("http://localhost/x - ../../../out.txt", "unsafe path"), ("http://localhost/x - /tmp/out.txt", "unsafe"),
                       ("http://localhost/x - ~/out.txt", "leads out"), ("http://localhost/x - bagit.txt", "leads out"),
                       ("http://localhost/x - data/b.txt", "no manifest does"), ("nonsense", "URL LENGTH PATH"),
                       ("http://localhost/x 12x data/a.txt", "length")):
        finds(t, bag(line + "\n"), "BAG", says, "--foreign")
        holds("EXTRA" in kinds(t.json("verify", "b.zip", code=1)), "fetch.txt in an archive of ours")
    finds(t, bag("http://localhost/x 6 data/b.txt\n", "0" * 64 + "  data/b.txt\n"), "MISSING", "incomplete", "--foreign")
    same(t.json("verify", "--foreign", bag("http://localhost/x 6 data/a.txt\n"))["foreign"], True)


@case
def a_uuid_that_is_none_is_refused(t):
    t.write("exam/g.txt", "x")
    for uuid in ("123e4567-e89b-02d3-a456-426614174000", "123e4567-e89b-42d3-c456-426614174000",
                 "123e4567-e89b-82d3-a456-426614174000"):
        t.fails(2, "INVALID", "pack", "exam", "-o", "x.zip", "--uuid", uuid)
