# SPDX-License-Identifier: Apache-2.0
"""What "valid" means: an archive of ours is what the packer writes and nothing else, so that every
reader of the field reads the same; the bags of other programs have a mode of their own."""
import hashlib
import json
import os
import re
import shutil
import struct
import sys
import zipfile

from cli_frame import TOP, case, holds, need, same

sys.path.append(os.path.join(TOP, "tests", "fuzz"))
import differential


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
            (replacing("metadata/job.json", b'"container"', b'"more":1,"container"'), "METADATA", "the member more"),
            (replacing("metadata/job.json", b'"name":"exam"', b'"name":"other"'), "METADATA", "folder"),
            (replacing("metadata/job.json", b'["sha256"]', b'["sha256","sha512"]'), "METADATA", "digests"),
            (replacing("bagit.txt", b"1.0", b"0.97"), "BAG", "not what"),
            (replacing("bag-info.txt", uuid, b"0" * len(uuid)), "BAG", "lines"),
            (replacing("bag-info.txt", b"Bagging-Date", b"X-Added: y\nBagging-Date"), "BAG", "lines"),
            (replacing("manifest-sha256.txt", b"  data/g", b" *data/g"), "METADATA", "gives")):
        finds(t, packed_again(t, edit), kind, says)


@case
def every_byte_of_the_short_documents_is_compared(t):
    t.write("exam/g.txt", "grade 1.0")
    t.run("pack", "exam", "-o", "a.zip", "--uuid", "123e4567-e89b-42d3-a456-426614174000", "--title", "A title",
          "--created-by", "Mia", "--metadata", t.write("metadata.json", '{"course": 7}'))
    same(kinds(t.json("verify", packed_again(t, lambda files, base: None), code=1)), {"FOREIGN"})
    with zipfile.ZipFile(t.path("a.zip")) as z:
        job = z.read("exam/metadata/job.json")
    collected = json.loads(job)["collected_at"].encode()
    for old, new in ((b',"name"', b', "name"'), (b"}\n", b"}"), (b'"title":"A title"', b'"title":7'),
                     (b'"' + collected, b'"soon'), (b',"collected_at":"' + collected + b'"', b""),
                     (b',"collected_at"', b',"created_at":"' + collected + b'","collected_at"'),
                     (b',"container"', b',"language":"en","container"'), (b'"reproducible":false', b'"reproducible":"perhaps"'),
                     (b'"reproducible":false', b'"reproducible":0'), (b'["sha256"]', b'["sha256","sha256"]'),
                     (b'"entries":1', b'"entries":1,"more":2'), (b'"bytes":9', b'"bytes":9.0'), (b'"bytes":9', b'"bytes":9,"links":0'),
                     (b'"created_by":"Mia"', b'"created_by":"M\\u0069a"'), (b'"metadata":{', b'"metadata":[{'),
                     (b'"software":"archivist ', b'"software":"other ')):
        if b"[{" in new:
            edit = lambda files, base: files.update({base + "metadata/job.json": job[:job.index(b'"metadata"')] + b'"metadata":[1,2]}\n'})
        elif old == b"}\n":
            edit = lambda files, base, new=new: files.update({base + "metadata/job.json": job[:-2] + new})
        else:
            edit = replacing("metadata/job.json", old, new)
        finds(t, packed_again(t, edit), "METADATA", "")
    for old, new in ((b"Contact-Name: Mia\n", b""), (b"Mia", b"Max"), (b"A title", b"Another"), (b"External-Description: A title\n", b""),
                     (b"Bagging-Date: " + collected[:10], b"Bagging-Date: yesterday"), (b"Bagging-Date: 19", b"Bagging-Date: 20"),
                     (b"Bag-Software-Agent: archivist", b"Bag-Software-Agent: other"), (b"\nPayload", b"\n\nPayload")):
        finds(t, packed_again(t, replacing("bag-info.txt", old, new)), "BAG", "lines")


@case
def the_folder_of_an_archive_may_have_any_name(t):
    """META-INF is beside the folder in the bags of other programs, and the folder itself in this one."""
    t.write("exam/g.txt", "grade 1.0")
    for form in ("zip", "tar", "tar.gz", "tar.zst"):
        for name in ("META-INF", "mimetype", "data", "metadata"):
            path = f"{name}.{form}"
            t.run("pack", "exam", "-o", path, "--name", name)
            for more in ((), ("--foreign",)):
                report = t.json("verify", *more, path)
                same((report["valid"], report["base_folder"], report["payload_files"]), (True, name, 1))
                t.run("extract", *more, path, "out")
                with open(t.path("out/g.txt"), encoding="utf-8") as f:
                    same(f.read(), "grade 1.0")
                shutil.rmtree(t.path("out"))


@case
def a_uuid_that_storages_keep_for_other_files_is_refused(t):
    t.write("exam/g.txt", "x")
    free = "ffffffff-0000-4000-8000-000000000000"
    t.fails(2, "INVALID", "pack", "exam", "-o", "x.zip", "--uuid", free)
    t.run("pack", "exam", "-o", "a.zip", "--uuid", "123e4567-e89b-42d3-a456-426614174000")
    finds(t, packed_again(t, replacing("metadata/job.json", b"123e4567-e89b-42d3-a456-426614174000", free.encode())), "METADATA", "UUID")


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


def genuine(t, form):
    t.write("exam/essay.txt", "other.txt")
    t.write("exam/grade.txt", "1.0 (passed)")
    t.run("pack", "exam", "-o", f"a.{form}")
    with open(t.path(f"a.{form}"), "rb") as f:
        return f.read()


def refused(t, data, what):
    """Not valid as an archive of ours; kinds of the findings in the mode for other programs."""
    t.write("bad", data)
    report = t.json("verify", "bad", code=1)
    holds(report.get("findings") or report["error"]["name"] == "FORMAT", f"{what}: {report}")
    other = json.loads(t.run("verify", "--foreign", "--json", "bad", code=None).text)
    return kinds(other) if "findings" in other else {other["error"]["name"]}


@case
def attributes_of_a_zip_that_lie_are_found(t):
    """unzip, 7z, bsdtar and extract-zip make a folder, a link or a program of the essay."""
    good = genuine(t, "zip")
    at = good.index(b"PK\1\2")
    for made_by, attributes, foreign in ((20, 0x10, "TYPE"), (20, 0o120777 << 16, "TYPE"), (19 << 8 | 45, 0o120777 << 16, "TYPE"),
                                         (2 << 8 | 20, 0o120777 << 16, "TYPE"), (3 << 8 | 45, 0o106777 << 16, "TYPE"),
                                         (3 << 8 | 45, 0, None), (3 << 8 | 45, 0o100600 << 16, None), (20, 0, None)):
        bad = bytearray(good)
        struct.pack_into("<H", bad, at + 4, made_by)
        struct.pack_into("<I", bad, at + 38, attributes)
        found = refused(t, bad, f"made by {made_by}, attributes {attributes:o}")
        holds(foreign in found if foreign else not found, f"made by {made_by}, attributes {attributes:o}: {found}")


@case
def numbers_of_a_tar_that_programs_read_differently_are_found(t):
    good = bytearray(genuine(t, "tar"))
    for at, put in ((124, b"11 99999999\0"), (136, b"zzzzzzzzzzz\0"), (100, b"0004755\0"), (148, b"0000000\0")):
        bad = bytearray(good)
        bad[at:at + len(put)] = put
        header = bytearray(bad[:512])
        differential.tar_sum(header)
        bad[:512] = header
        if at == 148:
            bad[148:156] = put
        holds(refused(t, bad, f"{put} at {at}"), f"{put} at {at} of another program")
    for at, put in ((100, b"0000600\0"), (136, b"14000000000\0"), (108, b"0001750\0"), (265, b"mia\0")):
        bad = bytearray(good)
        bad[at:at + len(put)] = put
        header = bytearray(bad[:512])
        differential.tar_sum(header)
        bad[:512] = header
        same(refused(t, bad, f"{put} at {at}"), set())


@case
def a_tar_that_is_two_archives_is_found(t):
    """The size of a pax header that one library reads to its first odd character, and others as nothing."""
    good = bytearray(genuine(t, "tar"))
    for value in (b"9.0", b"9", b"0", b"x"):
        body = b"%d size=%s\n" % (len(value) + 9, value)
        body = b"%d size=%s\n" % (len(body), value)
        header = bytearray(good[:512])
        header[0:100] = b"././@PaxHeader".ljust(100, b"\0")
        header[124:136] = b"%011o\0" % len(body)
        header[156:157] = b"x"
        differential.tar_sum(header)
        found = refused(t, bytes(header) + body.ljust(512, b"\0") + good, value)
        holds(found or value == b"9", f"{value}: {found}")


@case
def a_file_of_two_formats_is_found(t):
    """A zip whose first 512 bytes are the header of a tar, by a checksum that stands in its content."""
    name = b"exam/data/0"
    body = bytearray(2048)
    for _ in range(3):
        head = bytearray(b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, differential.zlib.crc32(body), len(body),
                                                 len(body), len(name), 0) + name + body)[:512]
        room = 148 - 30 - len(name)
        body[room:room + 8] = b"        "
        head[148:156] = b"        "
        head = bytearray(b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, 0, len(body), len(body), len(name), 0) + name + body)[:512]
        head[148:156] = b"        "
        body[room:room + 8] = b"%06o\0 " % sum(head)
    with zipfile.ZipFile(t.path("a.zip"), "w") as z:
        info = zipfile.ZipInfo(name.decode(), (1980, 1, 1, 0, 0, 0))
        info.external_attr, info.create_system = 0o100644 << 16, 3
        z.writestr(info, bytes(body))
    with open(t.path("a.zip"), "rb") as f:
        data = bytearray(f.read())
    struct.pack_into("<I", data, 14, 0)  # the sum was made for this CRC; the finding does not wait for it
    t.write("bad", data)
    for more in ((), ("--foreign",)):
        finds(t, "bad", "STRUCTURE", "tar too", *more)


def tar_in_a_zip(name, size=2048):
    """The content of an entry that, stored as the first one of a zip, gives its first 512 bytes the checksum of a tar."""
    body = bytearray(hashlib.shake_128(name).digest(size))
    head = bytearray(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 0, 0, 0x21, 0, size, size, len(name), 0) + name + body)[:512]
    head[148:156] = b"        "
    room = 148 - 30 - len(name)
    body[room:room + 8] = b"%06o\0 " % (sum(head) + 510)
    for tail in range(100000):  # until the four bytes of the CRC-32 come to 510
        struct.pack_into("<I", body, size - 4, tail)
        if sum(struct.pack("<I", differential.zlib.crc32(body))) == 510:
            return bytes(body)
    raise AssertionError("no such content")


@case
def a_file_handed_in_makes_no_archive_of_two_formats(t):
    """Who knows name and place can make the beginning of a zip that of a tar: it is no file's of others."""
    t.write("exam/0", tar_in_a_zip(b"exam/data/0"))
    for form in ("zip", "tar", "tar.gz", "tar.zst"):
        t.run("pack", "exam", "-o", f"a.{form}", "--reproducible")
        same((t.json("verify", f"a.{form}")["valid"], t.json("verify", "--foreign", f"a.{form}")["valid"]), (True, True))


@case
def the_first_entry_is_the_text_of_the_form(t):
    t.write("exam/g.txt", "grade 1.0")
    text = None
    for form in ("zip", "tar", "tar.gz", "tar.zst"):
        t.run("pack", "exam", "-o", f"a.{form}", "--sha512")
        entries = t.public("bsdtar", "-tf", f"a.{form}").text.splitlines()
        same(entries[:2], ["exam/README.txt", "exam/data/g.txt"])
        found = t.public("bsdtar", "-xOf", f"a.{form}", "exam/README.txt").text
        same(text or found, found)
        text = found
        for digest in ("sha256", "sha512"):
            lines = t.public("bsdtar", "-xOf", f"a.{form}", f"exam/tagmanifest-{digest}.txt").text.splitlines()
            same(lines[0], f"{hashlib.new(digest, text.encode()).hexdigest()}  README.txt")
    holds(text.isascii() and len(text) >= 900 and "sha256sum -c" in text and "Get-FileHash" in text, text)
    t.run("pack", "exam", "-o", "again.zip")
    shutil.move(t.path("again.zip"), t.path("a.zip"))
    finds(t, packed_again(t, replacing("README.txt", b"sha256sum", b"sha257sum")), "BAG", "every archive of this form")
    finds(t, packed_again(t, lambda files, base: files.pop(base + "README.txt")), "BAG", "missing before the payload")

    def moved(files, base):
        files[base + "README.txt"] = files.pop(base + "README.txt")
    finds(t, packed_again(t, moved), "BAG", "missing before the payload")
    finds(t, packed_again(t, moved), "EXTRA", "added, or moved")
    finds(t, packed_again(t, lambda files, base: None), "FOREIGN", "which the first entry never has")


@case
def names_that_meet_are_found(t):
    """Bags of other programs: two names of which some systems keep one."""
    for one, other in (("M\u00fcller.txt", "Mu\u0308ller.txt"), ("a.txt", "A.TXT")):
        files = {"data/" + one: b"x", "data/" + other: b"y", "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"}
        files["manifest-sha256.txt"] = "".join(f"{hashlib.sha256(d).hexdigest()}  {n}\n" for n, d in files.items()
                                               if n.startswith("data/")).encode()
        with zipfile.ZipFile(t.path("b.zip"), "w") as z:
            for name, data in files.items():
                info = zipfile.ZipInfo("bag/" + name)
                info.external_attr = 0o100644 << 16
                z.writestr(info, data)
        finds(t, "b.zip", "DUPLICATE", "On some systems", "--foreign")


@case
def bags_of_other_programs_are_valid_as_such(t):
    need("zip", "7z", "bsdtar", "zstd")
    t.write("bag/data/a.txt", "hi")
    t.write("bag/data/\u00fc/b.bin", bytes(range(256)) * 9000)
    t.write("bag/bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    t.public("bash", "-c", "cd bag && find data -type f | sort | xargs sha256sum >manifest-sha256.txt && "
                           "sha256sum bagit.txt manifest-sha256.txt >tagmanifest-sha256.txt")
    t.public("bash", "-c", "zip -qr zip.zip bag; 7z a -bso0 -bsp0 7z.zip bag; 7z a -bso0 -bsp0 7z.tar bag; bsdtar -cf bsd.tar bag; "
                           "bsdtar -a -cf bsd.zip bag; tar -cf gnu.tar bag; tar -czf gnu.tar.gz bag; tar --format=pax -cf pax.tar bag; "
                           "tar --zstd -cf gnu.tar.zst bag")
    shutil.make_archive(t.path("py"), "zip", t.path("."), "bag")
    shutil.make_archive(t.path("py"), "gztar", t.path("."), "bag")
    made = [n for n in t.names() if n not in ("bag", "out")]
    same(len(made), 11)
    for name in made:
        if name == "zip.zip":  # Info-ZIP does not mark names as UTF-8: Python and others show what cp437 makes of them
            finds(t, name, "NAME", "not marked as UTF-8", "--foreign")
            same(kinds(t.json("verify", "--foreign", name, code=1)), {"NAME"})
            continue
        report = t.json("verify", "--foreign", name)
        same((report["valid"], report["foreign"], report["payload_files"]), (True, True, 2))
        holds("BAG" in kinds(t.json("verify", name, code=1)) or name.endswith(("tar", "gz", "zst")), name)
        t.run("extract", "--foreign", name, "out")
        t.public("diff", "-r", "bag/data", "out")
        shutil.rmtree(t.path("out"))
    with open(t.path("py.zip"), "rb") as f:
        other = bytearray(f.read())
    for found in re.finditer(b"PK\1\2", bytes(other)):  # made on FAT, as Windows says
        other[found.start() + 5] = 0
    t.write("windows.zip", bytes(other))
    finds(t, "windows.zip", "NAME", "not made on Unix", "--foreign")


@case
def lengths_that_deflate_does_not_have_are_found(t):
    """A fixed block with the symbol 286 in place of 285: some take it for the same, others refuse it."""
    def stream(symbol):
        bits = [1, 1, 0]  # last block, fixed codes
        bits += [int(b) for b in f"{0x30 + 120:08b}"]                # literal x
        bits += [int(b) for b in f"{0xc0 + symbol - 280:08b}"]       # length 258
        bits += [0] * 5 + [0] * 7                                    # distance 1, end
        bits += [0] * (-len(bits) % 8)
        return bytes(sum(bit << i for i, bit in enumerate(bits[at:at + 8])) for at in range(0, len(bits), 8))
    t.write("exam/x.txt", b"x" * 259)
    t.run("pack", "exam", "-o", "a.zip", "--reproducible")
    with open(t.path("a.zip"), "rb") as f:
        parts = differential.ZipParts(f.read())
    for symbol in (285, 286, 287):
        entry = parts.entries[1]
        entry["data"] = bytearray(stream(symbol))
        for which, at in (("local", 18), ("record", 20)):
            struct.pack_into("<H", entry[which], at - 10, 8)
            struct.pack_into("<I", entry[which], at, len(entry["data"]))
        t.write("bad.zip", parts.join())
        if symbol == 285:
            same(t.json("verify", "bad.zip")["valid"], True)
        else:
            finds(t, "bad.zip", "CHECKSUM", "damaged")
