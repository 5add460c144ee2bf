# SPDX-License-Identifier: Apache-2.0
"""Archives of every released form, frozen: they verify, list and extract to the same for ever."""
import glob
import hashlib
import json
import os

from cli_frame import TOP, case, holds, same

GOLDEN = os.path.join(TOP, "tests", "golden")


def content(t, folder):
    """What an extraction gave: a line a file."""
    lines = []
    for here, _, names in os.walk(t.path(folder)):
        for name in names:
            path = os.path.join(here, name)
            with open(path, "rb") as f:
                lines.append(f"{hashlib.sha256(f.read()).hexdigest()}  {os.path.relpath(path, t.path(folder))}\n")
    return "".join(sorted(lines))


@case
def golden_archives_are_read_for_ever(t):
    forms = sorted(glob.glob(os.path.join(GOLDEN, "archivist-job-*.list")))
    holds(forms, "no golden archive is there")
    for listing in forms:
        stem = listing[:-len(".list")]
        with open(listing, encoding="utf-8") as f:
            listed = f.read()
        with open(stem + ".sha256", encoding="utf-8") as f:
            files = f.read()
        for form in ("zip", "tar", "tar.gz", "tar.zst"):
            archive = f"{stem}.{form}"
            report = t.json("verify", archive)
            same((report["valid"], report["foreign"], report["failure_count"]), (True, False, 1))
            same([json.loads(line) for line in t.run("list", "--json", archive).text.splitlines()],
                 [json.loads(line) for line in listed.splitlines()])
            out = os.path.basename(archive) + ".out"
            t.run("extract", archive, out)
            same(content(t, out), files)
