#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names that people, attackers and other systems really give to files; the same in every run.

    hostile_names.py COUNT FOLDER LIST

makes a few small files in FOLDER and writes COUNT lines for `archivist pack --list` to LIST, each
with a name of its own. All are valid UTF-8: what is not is refused, which is tested elsewhere.
"""
import json
import os
import random
import sys
import unicodedata

POOL = 251  # files that the names share

FIXED = [
    "..", ".", "../x", "../../../../etc/passwd", "/etc/passwd", "/tmp/archivist-hostile-absolute",
    "//server/share/x", "C:\\Windows\\System32\\x.dll", "c:x", "\\\\?\\C:\\x", "~/.ssh/authorized_keys",
    "a/../../../b", "a/./b", "a//b", "/", "//", "x/", "./", "-rf", "--help", "-o/tmp/x", "*", "?", "[a-z]",
    "$HOME", "$(touch archivist-hostile-shell)", "`touch archivist-hostile-shell`",
    "; touch archivist-hostile-shell", "a|b", "a>b", "a<b", "a:b", 'a"b', "a'b", "a\nb", "a\rb", "a\tb",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x7f", "\x01", "\x9b31m", " leading", "trailing ", "trailing.",
    "trailing. . .", "...", ". .", " ", "  ", "CON", "con", "PRN.txt", "aux.c", "NUL", "nul.tar.gz",
    "COM1", "com9.log", "LPT1", "COM\u00b9", "CONIN$", "conout$.txt", "con .txt", "file.txt:stream", "%2e%2e%2f",
    "%00", "%0A", "100%", "%25", "\u202egnp.exe", "\u2067rtl\u2069", "\u200e\u200f", "\u05e9\u05dc\u05d5\u05dd.pdf",
    "\u0645\u0631\u062d\u0628\u0627/\u0625\u062c\u0627\u0628\u0629.txt", "\U0001f468\u200d\U0001f469\u200d\U0001f467.jpg",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f", "\ufeffbom", "zero\u200bwidth", "\u00a0nbsp", "\u2028line", "\ufffd",
    "\uff0e\uff0e\uff0ffull", "\u2024\u2024\u2215x", "a\u0301\u0302\u0303" * 20, "\u1e9e", "\u00df", "ss", "SS",
    "\u0130", "i\u0307", "\u0131", "I", "i", "\u212a", "K", "k", "\ufb01le", "file", "FILE", "\u03c3", "\u03c2", "\u03a3",
    "data", "data/manifest-sha256.txt", "manifest-sha256.txt", "bagit.txt", "../bagit.txt", "META-INF/x", "mimetype",
    "index.html", "metadata/job.json", "collide", "collide/inside", "collide/inside/deeper", "Collide/other",
    "name~k3v7q2mzr5tw4abc", "name", "NAME", "name~", "name~1", "PROGRA~1", "progra~1",
    "x" * 4000, "y" * 255, "y" * 256, "z" * 180 + ".pdf", "\u00e4" * 127, "\u00e4" * 128, "\U0001f600" * 64,
    "/".join(["d" * 200] * 19), "/".join(["n"] * 500), "/".join(["\u4e2d" * 60] * 20) + "/\u6587.txt",
    "<script>alert(1)</script>.html", "&amp;&lt;", "'; DROP TABLE mdl_user; --", "=cmd|' /C calc'!A0", "{{7*7}}",
    ".htaccess", ".git/config", "desktop.ini", "Thumbs.db", "._resource", ".DS_Store", "Icon\r",
]
PARTS = [
    "essay", "Abgabe", "\u00dcbung", "r\u00e9sum\u00e9", "\u7b54\u3048", "\u043e\u0442\u0432\u0435\u0442", "..", ".", " ", "~",
    "$x", "a'b", 'q"q', "line\nfeed", "tab\t", "\x1b[2J", "\u202e", "\U0001f389", "CON", "nul", "dot.", "sp ", "%41", "*", "?",
    "<", ">", "|", ":", "\\", "e\u0301", "\u00e9", "\u00c5", "A\u030a", "\u212b", "~k3v7q2mzr5tw4abc", "-", "#", "&", ";", "\u00ad",
]


def random_name(chooser, number):
    """Parts in a row with the number in it, so that it is new; sometimes very long."""
    components = []
    for _ in range(chooser.choice((1, 1, 2, 2, 3, 5))):
        components.append("".join(chooser.choice(PARTS) for _ in range(chooser.choice((1, 1, 2, 3)))))
    components.insert(chooser.randrange(len(components) + 1), str(number))
    name = chooser.choice(("/", "/", "/", "//", "/./", "/../")).join(components)
    if number % 997 == 0:
        name += "-" + "l" * 255 * chooser.randrange(1, 16)
    return name


def names(count):
    """`count` names, no two the same."""
    chooser = random.Random(8493)
    seen = set()
    for name in FIXED[:count]:
        if name not in seen:
            seen.add(name)
            yield name
    number, made = 0, len(seen)
    while made < count:
        number += 1
        group = [random_name(chooser, number)]
        if number % 3 == 0:  # what some file system takes for the same
            group += [group[0].swapcase(), unicodedata.normalize("NFD", group[0]),
                      unicodedata.normalize("NFC", group[0]), group[0] + ".", group[0] + "/inside"]
        for name in dict.fromkeys(group):  # the numbers keep groups apart
            if made < count:
                made += 1
                yield name


def content(index):
    return b"content %d\n" % (index % POOL) * (1 + index % POOL)


def write_list(count, folder, listing):
    os.makedirs(folder, exist_ok=True)
    paths = []
    for index in range(POOL):
        paths.append(os.path.join(folder, f"{index}.txt"))
        with open(paths[-1], "wb") as f:
            f.write(content(index))
    with open(listing, "w", encoding="utf-8") as f:
        for index, name in enumerate(names(count)):
            line = {"name": name, "path": paths[index % POOL], "size": len(content(index)), "modified": 1700000000 + index}
            if index % 5 == 0:
                line["owner"] = f"Owner \u202e\n{index}"
            f.write(json.dumps(line, ensure_ascii=False) + "\n")


def main():
    if len(sys.argv) != 4:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    write_list(int(sys.argv[1]), sys.argv[2], sys.argv[3])
    return 0


if __name__ == "__main__":
    sys.exit(main())
