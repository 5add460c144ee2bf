#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Differential fuzzing: what `archivist verify` calls valid must be unpacked the same by every reader.

    python3 differential.py ARCHIVIST [--seconds N] [--seed N] [--keep FOLDER]

Archives of every format are taken apart into their fields, a field is changed (or an entry added,
removed, moved, another format put before or behind), checksums are mended where that makes it more
interesting, and the result is verified. Nearly all are refused. What is accepted and is not the
archive itself is unpacked by unzip, 7z, bsdtar, GNU tar and Python: each must give the original's
bytes. Every other trial is judged as the bag of another program (--foreign), where headers may say
more and manifests stand for the rest: there the readers must agree with each other. The seed of each
trial is told with what it found.
"""
import argparse
import hashlib
import os
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib

FORMATS = ("zip", "tar", "tar.gz", "tar.zst")
INTERESTING = (0, 1, 2, 7, 8, 10, 16, 19, 20, 31, 32, 45, 0x10, 0x21, 0x7f, 0x80, 0xff, 0x800, 0x7fff, 0x8000, 0xffff)


# ---- zip: taken apart and put together -----------------------------------------------------------

class ZipParts:
    """Local headers with data and descriptors, records of the directory, the end."""

    def __init__(self, data):
        end = data.rindex(b"PK\5\6")
        count, size, at = struct.unpack_from("<HII", data, end + 10)
        self.end = bytearray(data[end:])
        self.entries = []
        where = at
        records = []
        for _ in range(count):
            n, m, k = struct.unpack_from("<HHH", data, where + 28)
            records.append(bytearray(data[where:where + 46 + n + m + k]))
            where += 46 + n + m + k
        offsets = [struct.unpack_from("<I", r, 42)[0] for r in records] + [at]
        for i, record in enumerate(records):
            start = offsets[i]
            n, m = struct.unpack_from("<HH", data, start + 26)
            packed = struct.unpack_from("<I", record, 20)[0]
            body = start + 30 + n + m
            self.entries.append({"local": bytearray(data[start:body]), "data": bytearray(data[body:body + packed]),
                                 "behind": bytearray(data[body + packed:offsets[i + 1]]), "record": record})
        self.before, self.gap = b"", b""

    def join(self, mend=True):
        out = bytearray(self.before)
        for e in self.entries:
            if mend:
                struct.pack_into("<I", e["record"], 42, len(out) & 0xffffffff)
            out += e["local"] + e["data"] + e["behind"]
        at = len(out)
        for e in self.entries:
            out += e["record"]
        size = len(out) - at
        out += self.gap
        if mend and len(self.end) >= 22:
            struct.pack_into("<HHII", self.end, 8, len(self.entries) & 0xffff, len(self.entries) & 0xffff, size, at)
        return bytes(out + self.end)


def zip_mutate(rng, data, other):
    z = ZipParts(data)
    e = rng.choice(z.entries)
    kind = rng.randrange(14)
    mend = True
    if kind <= 2:  # a field of the local header, the record or both
        for which, limit in rng.choice([(("local", 30),), (("record", 46),), (("local", 30), ("record", 46))]):
            at = rng.randrange(4, limit - 1)
            struct.pack_into("<H", e[which], at, rng.choice(INTERESTING) if rng.random() < 0.7 else rng.randrange(65536))
            mend = rng.random() < 0.9
    elif kind == 3:  # made by and attributes: what kind of thing it is
        struct.pack_into("<H", e["record"], 4, rng.choice((0, 20, 3 << 8 | 45, 19 << 8 | 45, 10 << 8 | 20, 2 << 8)))
        struct.pack_into("<I", e["record"], 38, rng.choice((0, 0x10, 0o120777 << 16, 0o40755 << 16, 0o104755 << 16, 0o100644 << 16 | 0x10)))
    elif kind == 4:  # a name, in one place or both, of the same length or not
        name_length = struct.unpack_from("<H", e["record"], 28)[0]
        for which, head in rng.choice([(("local", 30),), (("record", 46),), (("local", 30), ("record", 46))]):
            at = head + rng.randrange(max(1, name_length))
            e[which][at:at + 1] = rng.choice((b"\0", b"/", b"\\", b"A", b"a", b".", b"..", b" ", b"\xcc\x88", b":"))
            struct.pack_into("<H", e[which], 26 if which == "local" else 28,
                             name_length + len(e[which]) - head - name_length - struct.unpack_from("<H", e[which], 28 if which == "local" else 30)[0])
    elif kind == 5:  # an extra field
        extra = struct.pack("<HH", rng.choice((1, 0x5455, 0x7075, 0x7875, 0x9901, 0xa)), 9) + rng.randbytes(9)
        which, at = rng.choice((("local", 28), ("record", 30)))
        e[which] += extra
        struct.pack_into("<H", e[which], at, struct.unpack_from("<H", e[which], at)[0] + len(extra))
    elif kind == 6:  # the descriptor
        e["behind"] = rng.choice((b"", b"PK\7\10" + bytes(12), bytearray(rng.randbytes(16)), e["behind"] * 2, e["behind"][4:]))
    elif kind == 7:  # the end
        at = rng.randrange(4, 21)
        struct.pack_into("<H", z.end, at, rng.choice(INTERESTING))
        mend = rng.random() < 0.5
    elif kind == 8:  # other bytes around
        where = rng.choice(("before", "gap", "end"))
        junk = rng.choice((b"\0" * 512, b"junk", other[:2048], b"PK\5\6" + bytes(18), rng.randbytes(100)))
        if where == "end":
            z.end += junk
            if rng.random() < 0.5:
                struct.pack_into("<H", z.end, 20, len(junk))
        else:
            setattr(z, where, junk)
    elif kind == 9:  # entries swapped, doubled, dropped
        i, j = rng.randrange(len(z.entries)), rng.randrange(len(z.entries))
        how = rng.randrange(3)
        if how == 0:
            z.entries[i], z.entries[j] = z.entries[j], z.entries[i]
        elif how == 1:
            z.entries.insert(i, {k: bytearray(v) for k, v in z.entries[j].items()})
        else:
            del z.entries[i]
    elif kind == 10:  # an entry more
        name = rng.choice((b"mimetype", b"META-INF/x", b"exam/fetch.txt", b"exam/data/zz", b"exam/x/", b"../x", b"exam/index-0002.html"))
        body = rng.randbytes(20)
        head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(body), 20, 20, len(name), 0)
        z.entries.insert(rng.randrange(len(z.entries) + 1), {
            "local": bytearray(b"PK\3\4" + head + name), "data": bytearray(body), "behind": bytearray(),
            "record": bytearray(b"PK\1\2" + struct.pack("<H", 3 << 8 | 45) + head + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, 0) + name)})
    elif kind == 11:  # another content with everything mended
        if e["data"]:
            e["data"][rng.randrange(len(e["data"]))] ^= 1 << rng.randrange(8)
            crc = zlib.crc32(e["data"])
            struct.pack_into("<I", e["local"], 14, crc)
            struct.pack_into("<I", e["record"], 16, crc)
    elif kind == 12:  # stored as deflate in stored blocks, or the other way
        method = struct.unpack_from("<H", e["record"], 10)[0]
        raw = bytes(e["data"]) if method == 0 else zlib.decompress(bytes(e["data"]), -15)
        if len(raw) < 65536 and not e["behind"]:
            packed = raw if method else b"\1" + struct.pack("<HH", len(raw), len(raw) ^ 0xffff) + raw
            e["data"] = bytearray(packed)
            for which, at in (("local", 8), ("record", 10)):
                struct.pack_into("<H", e[which], at, 0 if method else 8)
                struct.pack_into("<I", e[which], at + 10, len(packed))
    else:  # the compressed bytes
        if e["data"]:
            e["data"][rng.randrange(len(e["data"]))] ^= 1 << rng.randrange(8)
    return z.join(mend)


# ---- tar -----------------------------------------------------------------------------------------

def tar_sum(header):
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)


def tar_blocks(data):
    """Places of headers."""
    at, places = 0, []
    while at + 512 <= len(data) and data[at]:
        size = int(bytes(data[at + 124:at + 135]) or b"0", 8)
        places.append((at, size))
        at += 512 + (size + 511) // 512 * 512
    return places, at


TAR_FIELDS = ((0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (148, 8), (156, 1), (157, 100), (257, 8),
              (265, 32), (297, 32), (329, 16), (345, 155), (500, 12))


def tar_mutate(rng, data, other):
    data = bytearray(data)
    places, end = tar_blocks(data)
    at, size = rng.choice(places)
    kind = rng.randrange(10)
    if kind <= 3:
        field, length = rng.choice(TAR_FIELDS)
        where = at + field + rng.randrange(length)
        data[where] = rng.choice((0, 0x20, 0x30, 0x31, 0x37, 0x35, 0x78, 0x67, 0x4c, 0x2f, 0x80, 0xff, rng.randrange(256)))
        header = data[at:at + 512]
        if rng.random() < 0.95:
            tar_sum(header)
        data[at:at + 512] = header
    elif kind == 4:  # a number written in another way
        field, length = rng.choice(((100, 8), (108, 8), (116, 8), (124, 12), (136, 12)))
        value = bytes(data[at + field:at + field + length - 1])
        form = rng.choice((b"%*d", b"blank", b"binary", b"tail"))
        new = (value.lstrip(b"0").rjust(length - 1) + b"\0" if form == b"blank" else
               b"\x80" + int(value or b"0", 8).to_bytes(length - 1, "big") if form == b"binary" else
               value.lstrip(b"0") + b" 9" if form == b"tail" else value + b" ")
        data[at + field:at + field + length] = new[:length].ljust(length, b"\0")
        header = data[at:at + 512]
        tar_sum(header)
        data[at:at + 512] = header
    elif kind == 5:  # a pax header before it
        key, value = rng.choice(((b"size", b"%d.0" % size), (b"size", b"%d" % size), (b"path", b"exam/data/other"), (b"mtime", b"1"),
                                 (b"GNU.sparse.major", b"1"), (b"linkpath", b"x"), (b"comment", b"x"), (b"hdrcharset", b"BINARY")))
        body = b" " + key + b"=" + value + b"\n"
        length = len(body)
        while len(str(length)) + len(body) != length:
            length = len(str(length)) + len(body)
        body = b"%d" % length + body
        header = bytearray(data[at:at + 512])
        header[0:100] = b"././@PaxHeader".ljust(100, b"\0")
        header[124:136] = b"%011o\0" % len(body)
        header[156:157] = rng.choice((b"x", b"g", b"X"))
        tar_sum(header)
        data[at:at] = header + body.ljust((len(body) + 511) // 512 * 512, b"\0")
    elif kind == 6:  # behind the end, or the end itself
        how = rng.randrange(4)
        if how == 0:
            data += rng.choice((b"\0" * 512, b"junk", other[:4096], rng.randbytes(512)))
        elif how == 1:
            del data[-512:]
        elif how == 2:
            data[end:end] = b"\0" * 512
        else:
            data[end + rng.randrange(1024)] = 1
    elif kind == 7:  # padding
        if size % 512:
            where = at + 512 + size + rng.randrange(-size % 512)
            data[where] = rng.randrange(1, 256)
    elif kind == 8:  # entries swapped, doubled, dropped
        i, j = rng.randrange(len(places)), rng.randrange(len(places))
        cuts = [p for p, _ in places] + [end]
        pieces = [bytes(data[cuts[k]:cuts[k + 1]]) for k in range(len(places))]
        how = rng.randrange(3)
        if how == 0:
            pieces[i], pieces[j] = pieces[j], pieces[i]
        elif how == 1:
            pieces.insert(i, pieces[j])
        else:
            del pieces[i]
        data = bytearray(b"".join(pieces) + data[end:])
    else:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def gz_pack(tar, level=6):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + c.compress(tar) + c.flush() + struct.pack("<II", zlib.crc32(tar), len(tar) & 0xffffffff)


def gz_mutate(rng, data, other):
    tar = zlib.decompress(data, 31)
    kind = rng.randrange(6)
    if kind == 0:
        out = bytearray(data)
        out[rng.randrange(2, 10)] = rng.choice((0, 1, 2, 3, 4, 8, 16, 255))
        return bytes(out)
    if kind == 1:
        half = rng.randrange(1, len(tar))
        return gz_pack(tar[:half]) + gz_pack(tar[half:])
    if kind == 2:
        return data + rng.choice((b"\0", b"\0" * 512, data, gz_pack(b""), other[:100]))
    if kind == 3:
        out = bytearray(data)
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        return bytes(out)
    return gz_pack(tar_mutate(rng, tar, other))


def zst_pack(tar):
    return subprocess.run(["zstd", "-q", "-c", "-3", "--check", f"--stream-size={len(tar)}"], input=tar, stdout=subprocess.PIPE, check=True).stdout


def zst_mutate(rng, data, other):
    kind = rng.randrange(5)
    if kind == 0:
        return data + rng.choice((b"\0", b"\x50\x2a\x4d\x18\4\0\0\0abcd", zst_pack(b""), data, other[:100]))
    if kind == 1:
        return b"\x5a\x2a\x4d\x18\4\0\0\0abcd" + data
    if kind == 2:
        out = bytearray(data)
        out[rng.randrange(min(len(out), 18)) if rng.random() < 0.5 else rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        return bytes(out)
    tar = subprocess.run(["zstd", "-q", "-d", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return zst_pack(tar_mutate(rng, tar, other))


MUTATE = {"zip": zip_mutate, "tar": tar_mutate, "tar.gz": gz_mutate, "tar.zst": zst_mutate}


# ---- readers -------------------------------------------------------------------------------------

def tree(folder):
    """What stands below a folder: names with digests; anything but files and folders by its kind."""
    found = {}
    for here, folders, names in os.walk(folder):
        for name in names + [f for f in folders if os.path.islink(os.path.join(here, f))]:
            path = os.path.join(here, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[key] = "link to " + os.readlink(path)
            elif not os.path.isfile(path):
                found[key] = "special"
            else:
                with open(path, "rb") as f:
                    found[key] = hashlib.sha256(f.read()).hexdigest() + f" {os.stat(path).st_mode & 0o7777:o}"
    return found


def python_zip(path, into):
    zipfile.ZipFile(path).extractall(into)
    for here, _, names in os.walk(into):
        for name in names:
            os.chmod(os.path.join(here, name), 0o644)


def readers(form):
    """name -> function(path, folder)"""
    def run(*command):
        return lambda path, into: subprocess.run([c.format(path=path, into=into) for c in command], check=True,
                                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
    if form == "zip":
        return {"unzip": run("unzip", "-q", "-o", "{path}", "-d", "{into}"), "7z": run("7z", "x", "-y", "-o{into}", "{path}"),
                "bsdtar": run("bsdtar", "-xf", "{path}", "-C", "{into}"), "python": python_zip}
    found = {"tar": run("tar", "-xf", "{path}", "-C", "{into}"), "bsdtar": run("bsdtar", "-xf", "{path}", "-C", "{into}")}
    if form == "tar":
        found["7z"] = run("7z", "x", "-y", "-o{into}", "{path}")
    if form != "tar.zst":
        found["python"] = lambda path, into: tarfile.open(path).extractall(into)
        found["python, a stream"] = lambda path, into: tarfile.open(path, "r|*").extractall(into)
    return found


# ---- the run -------------------------------------------------------------------------------------

def make(archivist, work):
    """One archive of each format, small, with an entry of each form."""
    source = os.path.join(work, "exam")
    os.makedirs(os.path.join(source, "Mia M\u00fcller"))
    files = {"Mia M\u00fcller/essay.txt": b"To be, or not to be.\n" * 40, "empty.txt": b"", "noise.bin": random.Random(7).randbytes(3000),
             "large.txt": b"line after line\n" * 70000, "x" * 120 + ".txt": b"long name\n", "a/b/c.txt": b"deep\n"}
    for name, data in files.items():
        path = os.path.join(source, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)
    made = {}
    for form in FORMATS:
        path = os.path.join(work, "a." + form)
        subprocess.run([archivist, "pack", source, "-o", path, "--quiet"], check=True, stdout=subprocess.DEVNULL)
        with open(path, "rb") as f:
            made[form] = f.read()
    return made


def plain(found):
    """A tree without the rights that another program may have given: only those that run as somebody else."""
    if not isinstance(found, dict):
        return found
    return {name: text if text.startswith("link") or " " not in text
            else f"{text.split()[0]} {int(text.split()[1], 8) & 0o7000:o}" for name, text in found.items()}


def unpack_all(form, path, work):
    """reader -> tree, or what went wrong"""
    results = {}
    for name, read in readers(form).items():
        into = tempfile.mkdtemp(dir=work)
        try:
            read(path, into)
            results[name] = tree(into)
        except Exception as error:  # a reader that refuses is a difference too
            results[name] = f"refused: {type(error).__name__}: {str(error)[:200]}"
        shutil.rmtree(into, ignore_errors=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archivist")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=os.environ.get("ARCHIVIST_SEED"))
    parser.add_argument("--keep", help="a folder for what was accepted and read differently")
    options = parser.parse_args()
    archivist = os.path.abspath(options.archivist)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"# seed {seed}")
    work = tempfile.mkdtemp(prefix="archivist-differential-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    os.umask(0o022)
    tried = accepted = failed = same = accepted_foreign = 0
    try:
        good = make(archivist, work)
        wanted = {}
        for form in FORMATS:
            results = unpack_all(form, os.path.join(work, "a." + form), work)
            wanted[form] = next(r for r in results.values() if isinstance(r, dict))
            for reader, result in results.items():
                if result != wanted[form]:
                    failed += 1
                    print(f"FAILED {form}: {reader} reads the archive itself differently: {result if isinstance(result, str) else ''}")
        until = time.monotonic() + options.seconds
        told = time.monotonic()
        while time.monotonic() < until:
            trial = seed + tried
            rng = random.Random(trial)
            form = rng.choice(("zip", "zip", "tar", "tar", "tar.gz", "tar.zst"))
            try:
                bad = MUTATE[form](rng, good[form], good[rng.choice(FORMATS)])
            except (ValueError, struct.error, IndexError):
                bad = good[form]
            tried += 1
            if bad == good[form]:
                same += 1
                continue
            path = os.path.join(work, "m." + form)
            with open(path, "wb") as f:
                f.write(bad)
            foreign = ["--foreign"] if trial % 2 else []
            code = subprocess.run([archivist, "verify", "--json", *foreign, path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=120, check=False).returncode
            if code not in (0, 1):
                failed += 1
                print(f"FAILED {form}, seed {trial}: verify ended with {code}")
            if code == 0:
                accepted += 1
                results = unpack_all(form, path, work)
                expected = wanted[form]
                if foreign:
                    accepted_foreign += 1
                    results = {reader: plain(result) for reader, result in results.items()}
                    expected = next((r for r in results.values() if isinstance(r, dict)), None)
                differ = [f"{reader}: {result if isinstance(result, str) else 'other files'}"
                          for reader, result in results.items() if result != expected]
                if differ:
                    failed += 1
                    print(f"FAILED {form}, seed {trial}: valid, and read differently by {'; '.join(differ)}")
                    if options.keep:
                        os.makedirs(options.keep, exist_ok=True)
                        shutil.copy(path, os.path.join(options.keep, f"{trial}.{form}"))
            if time.monotonic() - told > 30:
                told = time.monotonic()
                print(f"# {tried} tried, {accepted} accepted, {failed} failed", flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"# {tried} containers ({same} unchanged), {accepted} other ones accepted ({accepted_foreign} as bags of other "
          f"programs) and read alike by all")
    if tried < 10:
        failed += 1
        print("FAILED hardly anything was tried")
    print(f"{1 if not failed else 0} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
