#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a BagIt 1.0 bag (RFC 8493) in a folder, a zip or a tar, independently of Archivist.

    check_bag.py PATH [BASE]      BASE: the bag's folder below PATH, when PATH is a folder

Written from the RFC with the standard library only: bagit.txt, bag-info.txt with Payload-Oxum, every
payload and tag manifest, in both directions. Exit code 0, or 1 with one fault a line.
"""
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import zipfile

BLOCK = 1 << 20


class Folder:
    def __init__(self, root):
        self.root = os.fsencode(root)

    def files(self):
        """Yields (path below the root, size, open file)."""
        for here, folders, names in os.walk(self.root):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(here, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    raise ValueError(f"not a regular file: {path!r}")
                with open(path, "rb") as f:
                    relative = os.path.relpath(path, self.root).decode("utf-8")
                    yield relative, os.path.getsize(path), f


class Zip:
    def __init__(self, path):
        self.path = path

    def files(self):
        with zipfile.ZipFile(self.path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    with archive.open(info) as f:
                        yield info.filename, info.file_size, f


class Tar:
    def __init__(self, path):
        self.path = path

    def files(self):
        with open(self.path, "rb") as f:
            zstd = f.read(4) == b"\x28\xb5\x2f\xfd"
        if zstd:
            with subprocess.Popen(["zstd", "-dcq", self.path], stdout=subprocess.PIPE) as process:
                yield from self.entries(tarfile.open(fileobj=process.stdout, mode="r|"))
                process.stdout.read()
            if process.returncode != 0:
                raise ValueError("zstd refuses the file")
        else:
            yield from self.entries(tarfile.open(self.path, "r:*"))

    @staticmethod
    def entries(archive):
        with archive:
            for info in archive:
                if info.isdir():
                    continue
                if not info.isreg():
                    raise ValueError(f"not a regular file: {info.name!r}")
                yield info.name, info.size, archive.extractfile(info)


def open_any(path):
    if os.path.isdir(path):
        return Folder(path)
    with open(path, "rb") as f:  # zipfile.is_zipfile() takes a tar with a zip in it for a zip
        return Zip(path) if f.read(4) == b"PK\x03\x04" else Tar(path)


class Bag:
    ALGORITHMS = ("sha256", "sha512")

    def __init__(self):
        self.sizes, self.digests, self.texts = {}, {}, {}

    def take(self, name, size, f):
        hashes = [hashlib.new(a) for a in self.ALGORITHMS]
        small = not name.startswith("data/")
        kept, length = io.BytesIO(), 0
        while block := f.read(BLOCK):
            length += len(block)
            for h in hashes:
                h.update(block)
            if small:
                kept.write(block)
        if length != size:
            raise ValueError(f"{name!r} has {length} bytes, its header says {size}")
        if name in self.sizes:
            raise ValueError(f"{name!r} stands twice")
        self.sizes[name] = length
        self.digests[name] = dict(zip(self.ALGORITHMS, (h.hexdigest() for h in hashes)))
        if small:
            self.texts[name] = kept.getvalue()

    def manifest(self, name):
        """path -> digest; lines are checked on the way."""
        result = {}
        text = self.texts[name].decode("utf-8")
        if text and not text.endswith("\n"):
            raise ValueError(f"{name} does not end with a line end")
        for line in text.split("\n")[:-1]:
            match = re.fullmatch(r"([0-9a-f]+)[ \t]+(.+)", line)
            if not match:
                raise ValueError(f"{name}: not a line of a manifest: {line!r}")
            path = re.sub("%(0[aA]|0[dD]|25)", lambda m: chr(int(m.group(1), 16)), match.group(2))
            if path in result:
                raise ValueError(f"{name} names {path!r} twice")
            result[path] = match.group(1)
        return result

    def compare(self, name, algorithm, wanted):
        faults = []
        manifest = self.manifest(name)
        for path in sorted(set(manifest) - wanted):
            faults.append(f"{name} names {path!r}, which is not there")
        for path in sorted(wanted - set(manifest)):
            faults.append(f"{path!r} is not in {name}")
        for path in sorted(wanted & set(manifest)):
            if manifest[path] != self.digests[path][algorithm]:
                faults.append(f"{path!r} has another {algorithm} than {name} says")
        return faults

    def info(self):
        """bag-info.txt: label -> values."""
        result = {}
        for line in self.texts["bag-info.txt"].decode("utf-8").split("\n"):
            if line[:1] in (" ", "\t"):
                continue
            if line:
                label, value = line.split(":", 1)
                result.setdefault(label, []).append(value.strip())
        return result

    def faults(self):
        faults = []
        for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
            if name not in self.texts:
                faults.append(f"{name} is missing")
        if faults:
            return faults
        if self.texts["bagit.txt"] != b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n":
            faults.append("bagit.txt is not that of BagIt 1.0")
        payload = {n for n in self.sizes if n.startswith("data/")}
        oxum = "%d.%d" % (sum(self.sizes[n] for n in payload), len(payload))
        if self.info().get("Payload-Oxum") != [oxum]:
            faults.append(f"Payload-Oxum is not {oxum}")
        tags = {n for n in self.sizes if not n.startswith(("data/", "tagmanifest-"))}
        for algorithm in self.ALGORITHMS:
            if f"manifest-{algorithm}.txt" in self.texts:
                faults += self.compare(f"manifest-{algorithm}.txt", algorithm, payload)
            if f"tagmanifest-{algorithm}.txt" in self.texts:
                faults += self.compare(f"tagmanifest-{algorithm}.txt", algorithm, tags)
        return faults


def read_bag(path, base=None):
    """The bag and the name of its base folder."""
    bag = Bag()
    for name, size, f in open_any(path).files():
        if base is None:
            base = name.split("/")[0]
        if not name.startswith(base + "/"):
            raise ValueError(f"{name!r} stands outside of the base folder {base!r}")
        bag.take(name[len(base) + 1:], size, f)
    return bag, base


def check(path, base=None):
    """The faults of a bag, a list of sentences."""
    try:
        return read_bag(path, base)[0].faults()
    except (ValueError, OSError, zipfile.BadZipFile, tarfile.TarError) as error:
        return [str(error)]


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    faults = check(*sys.argv[1:])
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
