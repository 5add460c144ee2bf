#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at built files for what protects them: check_hardening.py FILE …

A program must be position independent; the rest holds for libraries as well: relocations read-only once the
program runs, all symbols bound at start, no executable stack, no search path of its own, stack protector, checked
calls of the C library. Of each of our sources GCC's debug information names the flags that leave no other trace, such
as control-flow protection: the linker drops its mark, because the start files of Debian 12 do not have it. First, it proves on a file that is built without all of that that it finds
each. The last line is "N passed, N failed, N skipped".
"""
import os
import platform
import re
import subprocess
import sys
import tempfile

SOURCE_FLAGS = ["-fstack-protector-strong", "-fstack-clash-protection"]
if platform.machine() == "x86_64":
    SOURCE_FLAGS.append("-fcf-protection")
UNSAFE = """
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) { char a[64]; strcpy(a, argv[argc - 1]); return printf("%s", a) < 0; }
"""


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], capture_output=True, text=True, check=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def faults(path):
    """What is missing in a file, one sentence each."""
    head, segments, dynamic = readelf("-h", path), readelf("-l", path), readelf("-d", path)
    symbols = readelf("--dyn-syms", path)
    producers = re.findall(r"DW_AT_producer.*", readelf("--debug-dump=info", "--dwarf-depth=1", path))
    found = []
    if not re.search(r"Type:\s+DYN", head):
        found.append("it is not position independent")
    if "GNU_RELRO" not in segments:
        found.append("its relocations stay writable (no GNU_RELRO)")
    if not re.search(r"BIND_NOW|FLAGS_1.*\bNOW\b", dynamic):
        found.append("its symbols are bound late (no BIND_NOW)")
    if not re.search(r"GNU_STACK.*\bRW \s", segments):
        found.append("its stack is executable")
    if re.search(r"\((RPATH|RUNPATH|TEXTREL)\)", dynamic):
        found.append("it has a search path or relocated code (RPATH, RUNPATH, TEXTREL)")
    if "__stack_chk_fail" not in symbols:
        found.append("it has no stack protector")
    if not re.search(r"\b__\w+_chk\b(?!.*stack_chk)", symbols):
        found.append("no call of the C library is checked (_FORTIFY_SOURCE)")
    if not producers:
        found.append("it has no debug information, which names the flags")
    for flag in SOURCE_FLAGS:
        lacking = [p for p in producers if "GNU C" in p and not re.search(re.escape(flag) + r"(=full)?(\s|$)", p)]
        if lacking:
            found.append(f"{len(lacking)} of {len(producers)} sources were compiled without {flag}")
    return found


def prove(folder):
    """Each rule finds its fault in a file that has them all."""
    source, unsafe = os.path.join(folder, "unsafe.c"), os.path.join(folder, "unsafe")
    with open(source, "w", encoding="ascii") as f:
        f.write(UNSAFE)
    subprocess.run(["gcc", "-g", "-O1", "-w", "-no-pie", "-fno-stack-protector", "-fno-stack-clash-protection",
                    "-U_FORTIFY_SOURCE", *(["-fcf-protection=none"] if platform.machine() == "x86_64" else []),
                    "-Wl,-z,norelro,-z,lazy,-z,execstack,-rpath,/nowhere", "-o", unsafe, source], check=True)
    found = faults(unsafe)
    wanted = 7 + len(SOURCE_FLAGS)
    return [] if len(found) == wanted else [f"of {wanted} faults {len(found)} were found: {found}"]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        results = [("a file without any protection is found out", prove(folder))]
    results += [(path, faults(path)) for path in sys.argv[1:]]
    for name, found in results:
        failed += bool(found)
        print("FAILED" if found else "ok", name)
        for fault in found:
            print("#", fault)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
