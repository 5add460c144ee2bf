#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the golden archives of a new version of the form; those that stand here are never made again.

    python3 make.py ARCHIVIST FOLDER

An archive that a released version wrote must verify, list and extract for ever: docs/contributing.md.
"""
import json
import os
import subprocess
import sys
import tempfile

FORMATS = ("zip", "tar", "tar.gz", "tar.zst")


def entries(folder):
    """Every feature of the list: persons, owners, times, folders, names of every kind, sizes."""
    contents = {
        "plain.txt": b"plain\n",
        "empty.txt": b"",
        "Mia M\u00fcller/essay.txt": "Gr\u00fc\u00dfe\n".encode() * 200,
        "question?.txt": b"a name that is made safe\n",
        "case.txt": b"lower\n",
        "CASE.txt": b"upper\n",
        "deep/" * 20 + "file.txt": b"deep\n",
        "\u5b66\u751f/" + "\u9577" * 60 + ".txt": b"a long name that is not ASCII\n",
        "large.txt": b"line after line after line\n" * 50000,
        "noise.bin": bytes((i * i * 7919 + (i >> 3)) % 251 for i in range(5000)),
    }
    lines = []
    for i, (name, data) in enumerate(contents.items()):
        path = os.path.join(folder, str(i))
        with open(path, "wb") as f:
            f.write(data)
        line = {"name": name, "path": path, "modified": 1750000000 + i}
        if "Mia" in name:
            line.update(owner="M\u00fcller, Mia", persons=["17"])
        if name == "large.txt":
            line.update(owner="Team 1", persons=["17", "23", "a\"b"])
        lines.append(line)
    lines.append({"name": "gone.txt", "path": os.path.join(folder, "gone"), "owner": "Muster, Max"})
    return lines


def links(folder):
    """What only a folder gives: links as data, and a FIFO that is named as missing."""
    os.makedirs(os.path.join(folder, "Mia"))
    with open(os.path.join(folder, "Mia", "essay.txt"), "wb") as f:
        f.write(b"essay\n")
    for name, target in (("inside", "Mia/essay.txt"), ("nowhere", "gone"), ("Mia/outside", "../../\u00fcber \"all\""), ("question?", ".")):
        os.symlink(target, os.path.join(folder, name))
        os.utime(os.path.join(folder, name), (1750000000, 1750000000), follow_symlinks=False)
    os.mkfifo(os.path.join(folder, "pipe"))
    os.utime(os.path.join(folder, "Mia", "essay.txt"), (1750000000, 1750000000))


def pack(archivist, path, form, *more):
    subprocess.run([archivist, "pack", "-o", path, "--format", form, "--sha512", "--keep-going", "--name", "golden", "--title",
                    "Golden", "--created-by", "The tests", "--reproducible", "--quiet", *more], check=False,
                   stdout=subprocess.DEVNULL)
    print(path, os.path.getsize(path))


def main():
    archivist, target = (os.path.abspath(a) for a in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        listing = os.path.join(folder, "list")
        with open(listing, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(line) + "\n" for line in entries(folder))
        with open(os.path.join(folder, "meta.json"), "w", encoding="ascii") as f:
            f.write('{"course": 7}')
        links(os.path.join(folder, "links"))
        for form in FORMATS:
            pack(archivist, os.path.join(target, "new." + form), form, "--list", listing, "--metadata", os.path.join(folder, "meta.json"))
            pack(archivist, os.path.join(target, "new-links." + form), form, os.path.join(folder, "links"), "--links", "record")


if __name__ == "__main__":
    main()
