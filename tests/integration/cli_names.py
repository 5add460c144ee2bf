# SPDX-License-Identifier: Apache-2.0
"""Hostile names: they unpack inside of one folder with every public tool, and come back."""
import json
import os
import shutil
import tarfile
import tempfile
import zipfile

import check_bag
import hostile_names
from cli_frame import case, holds, need, same

COUNT = 1_000_000 if os.environ.get("FULL") == "1" else 10_000
PEAK_KIB = 64 << 10  # whatever COUNT is
TRAPS = ("/tmp/archivist-hostile-absolute", "/tmp/x")


def guarded(t, tool, unpack, *more):
    """Unpacks in a fresh folder between sentinels; nothing outside of it may change."""
    t.write(f"{tool}/sentinel", b"kept")
    t.write(f"{tool}/up/sentinel", b"kept")
    os.makedirs(t.path(tool, "up/in"))
    traps = [os.path.exists(p) for p in TRAPS]
    unpack(t.path(tool, "up/in"), *more)
    same((t.names(tool), t.names(f"{tool}/up")), (["sentinel", "up"], ["in", "sentinel"]))
    same(t.names(f"{tool}/up/in"), ["hostile"])
    same([os.path.exists(p) for p in TRAPS], traps)
    for here, folders, names in os.walk(t.path(tool, "up/in")):
        for name in folders + names:
            holds("archivist-hostile-shell" != name, f"{here}/{name}")
            holds(not os.path.islink(os.path.join(here, name)), f"a link: {here}/{name}")
    same(check_bag.check(t.path(tool, "up/in"), "hostile"), [])
    shutil.rmtree(t.path(tool))


def in_memory(function):
    """Millions of small files and folders: in memory where there is room for them, since a disk takes
    minutes for what is not asked of it here."""
    def wrapped(t):
        room = os.statvfs("/dev/shm") if os.path.isdir("/dev/shm") else None
        if not room or room.f_bavail * room.f_frsize < COUNT * 12 * 1024 or room.f_favail < COUNT * 8:
            return function(t)
        with tempfile.TemporaryDirectory(prefix="archivist-cli-", dir="/dev/shm") as folder:
            return function(type(t)(t.binary, folder))
    wrapped.__name__ = function.__name__
    return wrapped


def make(t, form):
    hostile_names.write_list(COUNT, t.path("pool"), t.path("l"))
    archive = t.path(f"h.{form}")
    holds(t.peak_kib("pack", "--list", t.path("l"), "--name", "hostile", "-o", archive) < PEAK_KIB, "pack took too much memory")
    found = t.json("verify", archive)
    same((found["payload_files"], found["finding_total"]), (COUNT, 0))
    holds(t.peak_kib("verify", archive) < PEAK_KIB, "verify took too much memory")


def comes_back(t, archive):
    """list tells every original name with its content; extract writes each one that a file system
    can hold under its own name, the others under the container's."""
    import hashlib
    listed = {}
    for line in t.run("list", "--json", archive).out.split(b"\n")[:-1]:
        entry = json.loads(line)
        listed[entry["original"]] = entry
    same(len(listed), COUNT)
    found = t.json("extract", archive, "out")
    same(found["files"], COUNT)
    renamed = {r["original"]: r["written"] for r in found["renamed"]}
    everything = set(hostile_names.names(COUNT))
    folders = {name[:i] for name in everything for i, c in enumerate(name) if c == "/"}
    digests = [hashlib.sha256(hostile_names.content(i)).hexdigest() for i in range(hostile_names.POOL)]
    kept = 0
    for index, name in enumerate(hostile_names.names(COUNT)):
        same(listed[name]["sha256"], digests[index % hostile_names.POOL])
        written = renamed.get(name, name)
        with open(t.path("out", written), "rb") as f:
            holds(f.read() == hostile_names.content(index), f"{written!r} has another content than {name!r}")
        same(int(os.stat(t.path("out", written)).st_mtime), 1700000000 + index)
        parts = name.split("/")
        possible = all(p not in ("", ".", "..") and len(p.encode()) <= 255 for p in parts) and len(name.encode()) < 3900 and len(parts) <= 128
        if name not in renamed:
            holds(possible, f"{name!r} cannot have been written")
            kept += 1
        elif possible and name not in folders and not any("/".join(parts[:i]) in everything for i in range(1, len(parts))):
            raise AssertionError(f"{name!r} could have been written, but became {written!r}")
    holds(kept > COUNT // 4, f"only {kept} names came back")
    same(sum(len(names) for _, _, names in os.walk(t.path("out"))), COUNT)
    shutil.rmtree(t.path("out"))


@case
@in_memory
def hostile_names_in_zip(t):
    need("unzip", "7z", "bsdtar")
    make(t, "zip")
    archive = t.path("h.zip")
    t.public("unzip", "-tqq", archive)
    guarded(t, "unzip", lambda here: t.public("unzip", "-qq", archive, cwd=here))
    guarded(t, "7z", lambda here: t.public("7z", "x", "-bd", "-y", archive, cwd=here))
    guarded(t, "bsdtar", lambda here: t.public("bsdtar", "-xf", archive, cwd=here))
    with zipfile.ZipFile(archive) as z:
        names = z.namelist()
        guarded(t, "python", lambda here: z.extractall(here))
    collide_nowhere(names)
    comes_back(t, "h.zip")


@case
@in_memory
def hostile_names_in_tar(t):
    need("tar", "7z", "bsdtar", "zstd")
    make(t, "tar")
    archive = t.path("h.tar")
    guarded(t, "tar", lambda here: t.public("tar", "-xf", archive, cwd=here))
    guarded(t, "7z", lambda here: t.public("7z", "x", "-bd", "-y", archive, cwd=here))
    guarded(t, "bsdtar", lambda here: t.public("bsdtar", "-xf", archive, cwd=here))
    with tarfile.open(archive) as f:
        collide_nowhere(f.getnames())
        guarded(t, "python", lambda here: f.extractall(here))
    comes_back(t, "h.tar")


def collide_nowhere(names):
    """No two names are one for a file system that ignores case or normalisation, and none is one
    that some system refuses."""
    import re
    import unicodedata
    seen = {}
    for name in names:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold()).rstrip("/")
        holds(key not in seen, f"{name!r} and {seen.get(key)!r} collide")
        seen[key] = name
        for part in name.rstrip("/").split("/"):
            holds(part not in ("", ".", "..") and len(part.encode()) <= 255, f"{name!r}: {part!r}")
            holds(not re.search(r'[\x00-\x1f\x7f<>:"|?*\\]', part) and part[-1] not in " .", f"{name!r}: {part!r}")
            holds(not re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])( *\..*)?", part),
                  f"{name!r}: {part!r}")
