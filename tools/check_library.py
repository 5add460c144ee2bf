#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The C library as others get it: check_library.py BUILD

Installs the CMake build BUILD into a new folder and looks at what lies there: the shared library shows exactly the
functions of the public headers, under one version and its SONAME; the headers are all of them, and each compiles
alone as C and as C++; archivist.pc names what a program needs, also for the static library, and still does when the
tree was moved. That programs run with it: docs/c.md and docs/examples/, by check_examples.py. First it proves that
its rules can fail. The last line is "N passed, N failed, N skipped".
"""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = os.path.join(TOP, "core", "include")
PROGRAM = """#include <arv/archivist.h>
int main(void)
{
    arv_engine *engine = NULL;
    arv_error err;
    int status = arv_engine_new(&engine, NULL, &err);
    arv_engine_free(engine);
    return status == 0 && arv_libraries()->name ? 0 : 1;
}
"""


def headers(folder):
    """Relative path -> text."""
    found = {}
    for path in glob.glob(os.path.join(folder, "arv", "**", "*.h"), recursive=True):
        with open(path, encoding="utf-8") as f:
            found[os.path.relpath(path, folder)] = f.read()
    return found


def declared(texts):
    """The functions that headers declare as ARV_API."""
    found = set()
    for text in texts:
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        code = re.sub(r"^[ \t]*#(.*\\\n)*.*$", "", code, flags=re.M)
        found.update(re.findall(r"\bARV_API\b[^;()]*?\b(arv_\w+)\s*\(", code))
    return found


def mapped(text):
    """The node of a version script and the names in it."""
    node, body = re.search(r"^(\w+) \{\nglobal:\n(.*?)local:\n    \*;\n\};", text, re.M | re.S).groups()
    return node, [line.strip().rstrip(";") for line in body.splitlines()]


def difference(what, found, wanted):
    return [f"{what} lacks {name}" for name in sorted(wanted - found)] + \
           [f"{what} has {name}, which no public header declares" for name in sorted(found - wanted)]


def map_faults(text, functions):
    node, names = mapped(text)
    faults = difference("core/archivist.map", set(names), functions)
    if names != sorted(set(names)):
        faults.append("core/archivist.map is not in order, or names something twice")
    return faults


def run(*argv, **more):
    return subprocess.run(argv, capture_output=True, text=True, check=False, **more)


def told(*argv, **more):
    """What a program prints; its complaint in an exception when it fails."""
    done = run(*argv, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def exported(library):
    """(name, version) of each function or object that a shared library shows."""
    found = set()
    for line in told("nm", "-D", "--defined-only", library).splitlines():
        _, kind, name = line.split()
        if kind != "A": # the version itself
            found.add(tuple(re.split("@+", name)) if "@" in name else (name, ""))
    return found


def library_faults(library, text, functions):
    node, _ = mapped(text)
    shown = exported(library)
    faults = difference(os.path.basename(library), {name for name, _ in shown}, functions)
    faults += [f"{name} has the version {version or 'none'}, not {node}" for name, version in sorted(shown) if version != node]
    soname = re.search(r"SONAME.*\[(.*)\]", told("readelf", "-d", library)).group(1)
    if soname != f"libarchivist.so.{node.rpartition('_')[2]}":
        faults.append(f"the SONAME is {soname}, and the version of its functions {node}")
    return faults


def header_faults(installed):
    """All public headers are there, and each is enough for itself, in C and in C++."""
    faults = []
    if headers(installed) != headers(INCLUDE):
        faults.append("the installed headers are not those of core/include")
    for header in sorted(headers(installed)):
        for language in (["-x", "c", "-std=c11"], ["-x", "c++", "-std=c++11"]):
            done = run("clang", *language, "-fsyntax-only", "-pedantic", "-Wall", "-Wextra", "-Werror", "-I", installed, "-",
                       input=f"#include <{header}>\nextern int nothing;\n")
            if done.returncode != 0:
                faults.append(f"{header} ({language[1]}): {done.stderr[-500:]}")
    return faults


def config(prefix, *arguments):
    folder = glob.glob(os.path.join(prefix, "**", "pkgconfig"), recursive=True)[0]
    return shlex.split(told("pkg-config", *arguments, env={**os.environ, "PKG_CONFIG_PATH": folder}))


def program_faults(prefix, static):
    """A program is built with what pkg-config tells, and runs. The static library is the only one then, and takes its
    own needs from Requires.private; those of libarchive's own static library need not be on this machine."""
    names = ["archivist"]
    libraries = os.path.dirname(glob.glob(os.path.join(prefix, "**", "libarchivist.a"), recursive=True)[0])
    flags = config(prefix, "--cflags", "--libs", *names)
    if static:
        names += [line for line in config(prefix, "--print-requires-private", "archivist") if re.match(r"[a-z]", line)]
        for shared in glob.glob(os.path.join(libraries, "libarchivist.so*")):
            os.unlink(shared)
        flags = config(prefix, "--cflags", "--libs", *names)
        missing = set(flags) - set(config(prefix, "--static", "--cflags", "--libs", "archivist"))
        if missing:
            return [f"pkg-config --static does not tell {' '.join(sorted(missing))}"]
    built = os.path.join(prefix, "program")
    done = run("cc", "-x", "c", "-", "-o", built, "-x", "none", *flags, input=PROGRAM)
    if done.returncode == 0:
        done = run(built, env={**os.environ, "LD_LIBRARY_PATH": libraries})
    return [] if done.returncode == 0 else [f"a program is not built or does not run: {done.stderr[-1000:]}"]


def version_faults(prefix):
    with open(os.path.join(INCLUDE, "arv", "version.h"), encoding="utf-8") as f:
        text = f.read()
    wanted = re.search(r'#define ARV_VERSION "(.*)"', text).group(1)
    parts = re.findall(r"#define ARV_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text)
    faults = [] if ".".join(parts) == wanted else ["arv/version.h contradicts itself"]
    found = config(prefix, "--modversion", "archivist")
    return faults if found == [wanted] else faults + [f"archivist.pc has the version {found}, not {wanted}"]


def self_test():
    header = "/* ARV_API int arv_no(void); */\nARV_API const char *\narv_a(int x);\nARV_API void arv_b(void (*f)(int));\nint arv_c(void);\n"
    script = "N_0 {\nglobal:\n    %s\nlocal:\n    *;\n};\n"
    cases = [
        ("what a header declares is found", declared([header]) == {"arv_a", "arv_b"}),
        ("a function that the list lacks is found out", map_faults(script % "arv_a;", {"arv_a", "arv_b"})),
        ("a function that the list has too much is found out", map_faults(script % "arv_a;\n    arv_x;", {"arv_a"})),
        ("a list without order is found out", map_faults(script % "arv_b;\n    arv_a;", {"arv_a", "arv_b"})),
        ("a list that is right passes", not map_faults(script % "arv_a;\n    arv_b;", {"arv_a", "arv_b"})),
        ("a private function that is shown is found out", difference("x", {"arv_a", "arv__b"}, {"arv_a"})),
    ]
    return [(name, [] if good else ["no rule objects"]) for name, good in cases]


def results(build, folder):
    prefix, moved = os.path.join(folder, "first"), os.path.join(folder, "second")
    with open(os.path.join(TOP, "core", "archivist.map"), encoding="utf-8") as f:
        text = f.read()
    functions = declared(headers(INCLUDE).values())
    yield "core/archivist.map names the functions of the public headers", map_faults(text, functions)
    told("cmake", "--install", build, "--prefix", prefix)
    library = os.path.realpath(glob.glob(os.path.join(prefix, "**", "libarchivist.so"), recursive=True)[0])
    yield "the shared library shows them, and nothing else", library_faults(library, text, functions)
    yield "all public headers are installed, for C and C++", header_faults(os.path.join(prefix, "include"))
    yield "archivist.pc has the version of the headers", version_faults(prefix)
    yield "a program is built by pkg-config, and runs", program_faults(prefix, False)
    os.rename(prefix, moved)
    yield "so it is when the tree was moved", program_faults(moved, False)
    yield "so it is with the static library", program_faults(moved, True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="archivist-library-") as folder:
        for name, faults in [*self_test(), *results(os.path.abspath(sys.argv[1]), folder)]:
            print("FAILED" if faults else "ok", name)
            for fault in faults:
                print("#", fault)
            passed, failed = passed + (not faults), failed + bool(faults)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
