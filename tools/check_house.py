#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that no compiler knows, and a proof that each of them can fail.

Layers (docs/architecture.md): a module of core/src includes only modules below it, each foreign
library stands in its folder, the command line sees public headers only, the core knows no PHP.
Calls: files, allocations, programs and signals each have one place that may touch them.
Circles: source files do not need each other in a circle, but for those of a table, with their reasons.
Lists: the two sources.list files name every source, config.m4, config.w32 and CMake read them.
Layout: C is laid out as .clang-format says.
Licences: an SPDX line on top of every source. Options: each public struct of them can grow. Ends with "N passed, N failed, N skipped".
"""
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# What a module may include besides itself.
MAY = {
    "util": set(),
    "loop": {"util"},
    "crypto": {"util", "loop"},
    "engine": {"util", "loop", "crypto"},
    "net": {"util", "loop", "crypto", "engine"},
    "package": {"util", "loop", "crypto", "engine"},
    "storage": {"util", "loop", "crypto", "engine", "net", "package"},
    "verify": {"util", "loop", "crypto", "engine", "net", "package"},
    "render": {"util", "loop", "crypto", "engine", "net", "package"},
    "job": {"util", "loop", "crypto", "engine", "net", "package", "storage", "verify", "render"},
}
# Foreign headers and where they may stand: a folder, or a file.
FOREIGN = [
    (re.compile(r"^uv(\.h|/)|^sys/(epoll|prctl|wait)\.h|^spawn\.h"), ("core/src/loop/",)),
    (re.compile(r"^curl/"), ("core/src/net/",)),
    (re.compile(r"^openssl/"), ("core/src/crypto/",)),
    (re.compile(r"^(archive(_entry)?|zlib|zstd|libdeflate|isa-l|igzip_lib|crc)\.h|^isa-l"),
     ("core/src/package/",)),
    (re.compile(r"^jansson\.h"), ("core/src/util/json.c",)),
    (re.compile(r"^utf8proc\.h"), ("core/src/util/names.c",)),
    (re.compile(r"^(php|zend|Zend/|main/|ext/|SAPI\.h|TSRM)"), ("ext/",)),
]
# What the classes of the extension share, and so must not know them.
GLUE = re.compile(r"ext/(?!classes\.[ch]$)\w+\.[ch]")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^">]+)[">]', re.M)
FORBIDDEN_CALLS = re.compile(r"(?<![\w>.])(system|popen|sleep|usleep|nanosleep|tmpnam|mktemp|gets|strcpy|strcat|sprintf)\s*\(")
RAW_ALLOC = re.compile(r"(?<![\w>.])(malloc|calloc|realloc|strdup|free)\s*\(")
RAW_FILE = re.compile(r"(?<![\w>.])(open|openat|fopen|close|read|pread|write|pwrite|fsync|fdatasync|"
                      r"linkat|link|rename|renameat|renameat2|unlink|unlinkat|mkdir|mkdirat|ftruncate|fallocate|flock)\s*\(")
# Whoever else started programs would have to share the laws of process.h, above all that the host's
# signals stay as they are; the command line is a host itself.
RAW_PROCESS = re.compile(r"(?<![\w>.])(fork|vfork|clone|posix_spawnp?|execv[pe]*|execl[pe]*|fexecve|wait|waitpid|"
                         r"waitid|wait[34]|signal|sigaction|sigprocmask|pthread_sigmask)\s*\(")
# Circles of source files that stand: folder, files of one circle, why. Whoever takes a file out of one
# takes it out of this table as well.
CIRCLES = [
    ("core/src/loop/", "loop op pool process watch",
     "one loop, cut by what it waits for: each part posts to its inbox, and its end is theirs"),
    ("core/src/package/", "packer packer_callback packer_chain packer_cut packer_documents packer_failures packer_file packer_fill",
     "one packer, cut by the steps of a unit: each step makes the others go on"),
]
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX)\b|not (yet )?implemented", re.I)


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def layer_faults(path, text):
    """Faults of one C file of core/, ext/ or tests/."""
    faults = []
    for target in INCLUDE.findall(text):
        for pattern, places in FOREIGN:
            if pattern.match(target) and path.startswith("core/") and not path.startswith(places):
                faults.append(f"{path}: includes {target}, which belongs to {' and '.join(places)}")
        first = target.split("/")[0]
        if path.startswith("core/src/"):
            module = path.split("/")[2]
            if first in MAY and first != module and first not in MAY[module]:
                faults.append(f"{path}: {module} may not include {target}")
        elif path.startswith(("core/include/", "core/cli/", "core/worker/", "ext/")) and first in MAY:
            faults.append(f"{path}: sees public headers only, but includes {target}")
        if GLUE.fullmatch(path) and target == "classes.h":
            faults.append(f"{path}: stands below the classes of the extension, but includes {target}")
    return faults


def code_faults(path, text):
    faults = []
    code = strip_comments(text)
    for number, line in enumerate(code.split("\n"), 1):
        for match in FORBIDDEN_CALLS.finditer(line):
            faults.append(f"{path}:{number}: {match.group(1)}() is not used here")
        if path.startswith("core/src/") and path != "core/src/util/alloc.c":
            for match in RAW_ALLOC.finditer(line):
                if not re.match(r"\s*(void|int|ssize_t|char)\b.*\(\*", line):
                    faults.append(f"{path}:{number}: {match.group(1)}() passes by the allocation table")
        if path.startswith("core/src/") and path != "core/src/loop/fileops.c":
            for match in RAW_FILE.finditer(line):
                if not re.match(r"\s*(static\s+)?(const\s+)?(void|int|ssize_t|int64_t|bool|DIR)\b[^=]*$", line):
                    faults.append(f"{path}:{number}: {match.group(1)}() passes by the table of file operations")
        if path.startswith("core/src/") and not path.startswith("core/src/loop/"):
            for match in RAW_PROCESS.finditer(line):
                faults.append(f"{path}:{number}: {match.group(1)}() passes by the loop's processes")
    for number, line in enumerate(text.split("\n"), 1):
        if LEFT_OPEN.search(line):
            faults.append(f"{path}:{number}: left open: {line.strip()[:80]}")
    return faults


def licence_fault(path, text):
    head = "\n".join(text.split("\n")[:6])
    wanted = "GPL-3.0-or-later" if path.startswith("moodle_plugin/") else "Apache-2.0"
    if f"SPDX-License-Identifier: {wanted}" not in head:
        return [f"{path}: has no line SPDX-License-Identifier: {wanted} at its top"]
    return []


def size_faults(path, text):
    lines = text.count("\n")
    return [f"{path}: {lines} lines; a file stops at 1000"] if lines > 1000 else []


FORMATTER = "clang-format-14"  # another version lays out otherwise


def format_faults(paths, text=None):
    """Sources that are not laid out as .clang-format says; `text` stands for the one that is named."""
    if not shutil.which(FORMATTER):
        return [f"{FORMATTER} is missing: install the package clang-format-14"]

    def faults(some):
        named = ["--assume-filename", os.path.join(TOP, some[0])] if text is not None else some
        done = subprocess.run([FORMATTER, "--dry-run", "--Werror", *named], input=text, capture_output=True, text=True,
                              check=False, cwd=TOP)
        found = sorted(set(re.findall(r"^(?:<stdin>|(\S+?)):\d+:\d+: error:", done.stderr, re.M)))
        return [f"{path or some[0]}: is not laid out as .clang-format says; run {FORMATTER} -i {path or some[0]}" for path in found]

    count = os.cpu_count() or 1
    with ThreadPoolExecutor(count) as pool:
        return [fault for some in pool.map(faults, filter(None, (paths[i::count] for i in range(count)))) for fault in some]


def list_faults(name, listed, present):
    faults = []
    for path in sorted(set(present) - set(listed)):
        faults.append(f"{path} is missing in {name}")
    for path in sorted(set(listed) - set(present)):
        faults.append(f"{name} names {path}, which is not there")
    if len(set(listed)) != len(listed):
        faults.append(f"{name} names a file twice")
    for path in listed:
        if os.path.basename(path).count(".") != 1:
            faults.append(f"{name}: {path}: a dot inside a source name collides silently in libtool")
    return faults


GROWING = re.compile(r"arv_(?:\w+_)?(?:options|limits|spec)")


def option_faults(headers, test):
    """Structs of options of the public headers (path -> text): each can grow, and a test says so."""
    faults = []
    for path, text in sorted(headers.items()):
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\n\} \1;", code, re.S):
            if GROWING.fullmatch(name):
                if not re.match(r"\s*size_t struct_bytes;", body):
                    faults.append(f"{path}: {name} does not begin with size_t struct_bytes")
                if name not in test:
                    faults.append(f"tests/integration/options.c does not grow {name}")
            for inner in re.findall(r"^\s*(\w+) \w+[;\[]", body, re.M):
                if GROWING.fullmatch(inner):
                    faults.append(f"{path}: {name} holds a {inner}, which could not grow: point at it")
    return faults


# What PHP's build system for Windows offers a config.w32, as far as ours calls it; ERROR ends it.
W32 = """
var fs = require("fs"), configure_module_dirname = process.argv[1], PHP_ARCHIVIST = process.argv[2];
function ARG_ENABLE(name) { if (name != "archivist") throw "ARG_ENABLE " + name; }
function file_get_contents(path) { return fs.readFileSync(path.replace(/\\\\/g, "/"), "utf8"); }
function ERROR(text) { console.log(text); process.exit(0); }
"""


def w32_faults(text):
    """config.w32 builds nothing, and says so in a sentence with the number of sources."""
    count = sum(line != "" for name in ("core", "ext") for line in read(f"{name}/sources.list").split("\n"))
    said = {}
    for asked in ("yes", "no"):
        try:
            done = subprocess.run(["node", "-e", W32 + text, TOP, asked], check=False, capture_output=True, text=True)
        except FileNotFoundError:
            return ["config.w32 was not run: node is not installed"]
        if done.returncode != 0:
            return [f"config.w32 ends with {done.stderr.strip().splitlines()[-3:]}"]
        said[asked] = done.stdout
    if f" its {count} sources " not in said["yes"] or not re.fullmatch(r"[^.]+\.\n", said["yes"]):
        return [f"config.w32 does not say in one sentence that its {count} sources are not built: {said['yes']}"]
    return ["config.w32 complains although nobody asked for archivist"] if said["no"] else []


# What other files can name: functions with a body, and variables.
DEFINED = re.compile(r"^(?!static\b|extern\b|typedef\b|struct \w+;)[A-Za-z_][\w \t*]*[ *](\w+)"
                     r"(?:\([^;{}]*\)\s*\{|(?:\[[^]]*\])*\s*[=;])", re.M)
PRIVATE = re.compile(r"^static [^;{}=()]*\b(\w+)\(", re.M)
# What a header puts into whoever names it: inline functions and macros.
INLINE = re.compile(r"^static inline [^;{}]*?\b(\w+)\([^;{}]*\)\s*\{(.*?)^\}", re.M | re.S)
MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)((?:\\\n|.)*)", re.M)
NAMED = re.compile(r"(?<![\w.])(?<!->)(?<!struct )[A-Za-z_]\w*")


def uses_of(files):
    """C files (path -> text) -> path -> the paths whose functions or variables it names, and which.

    Names are words: a local variable that bears the name of another file's function counts as a use of it.
    """
    code = {path: strip_comments(text) for path, text in files.items()}
    hidden, home = {}, {}
    for path, text in code.items():
        if path.endswith(".h"):
            for name, body in INLINE.findall(text) + MACRO.findall(text):
                hidden.setdefault(name, set()).update(NAMED.findall(body))
        else:
            for name in DEFINED.findall(text):
                home.setdefault(name, set()).add(path)
    uses = {}
    for path in (path for path in code if path.endswith(".c")):
        uses[path], seen, open_names = {}, set(), set(NAMED.findall(code[path]))
        open_names -= set(PRIVATE.findall(code[path]))
        while open_names:
            name = open_names.pop()
            seen.add(name)
            open_names |= hidden.get(name, set()) - seen
            if path not in home.get(name, {path}):
                for other in home[name]:
                    uses[path].setdefault(other, set()).add(name)
    return uses


def circles_of(uses):
    reach = {}
    for path in uses:
        reach[path], ahead = set(), [path]
        while ahead:
            fresh = set(uses[ahead.pop()]) - reach[path]
            reach[path] |= fresh
            ahead += fresh
    return {frozenset(other for other in reach[path] if path in reach[other]) for path in uses if path in reach[path]}


def way_round(uses, start):
    """The shortest way from a file to itself, as a text."""
    ways, seen = [[start]], {start}
    for way in ways:  # grows meanwhile
        for path in sorted(uses[way[-1]]):
            if path == start:
                way.append(start)
                return ", ".join(f"{a} uses {min(uses[a][b])} of {b}" for a, b in zip(way, way[1:]))
            if path not in seen:
                seen.add(path)
                ways.append(way + [path])
    return ""


def circle_faults(files, table):
    """Every circle of files is one of the table, and every one of the table is there."""
    faults = []
    uses = uses_of(files)
    known = [(frozenset(f"{folder}{name}.c" for name in names.split()), why) for folder, names, why in table]
    found = sorted(circles_of(uses), key=sorted)
    for circle in found:
        meant = [entry for entry in known if entry[0] & circle]
        for path in sorted(circle - frozenset().union(*(files_of for files_of, _ in meant))):
            faults.append(f"{path}: in a circle: {way_round(uses, path)}")
        if len(meant) > 1:
            faults.append(f"circles of the table became one: {'; '.join(why for _, why in meant)}")
    for files_of, why in known:
        there = [circle & files_of for circle in found if circle & files_of]
        for path in sorted(files_of - frozenset().union(*there)):
            faults.append(f"{path}: in no circle any more: take it out of the table ({why})")
        if len(there) > 1:
            faults.append(f"a circle of the table fell apart: enter its parts ({why})")
    return faults


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def git_files(*patterns):
    out = subprocess.run(["git", "-C", TOP, "ls-files", "--cached", "--others", "--exclude-standard",
                          "--", *patterns], check=True, capture_output=True, text=True).stdout
    return [p for p in out.split("\n") if p and os.path.exists(os.path.join(TOP, p))]


def tree_faults():
    """name of the rule -> faults in the tree"""
    result = {"layers": [], "calls": [], "circles": [], "licences": [], "sizes": [], "lists": [], "builds": [], "options": [], "layout": []}
    sources = git_files("core/*.c", "core/*.h", "ext/*.c", "ext/*.h")
    for path in sources:
        text = read(path)
        result["layers"] += layer_faults(path, text)
        if not path.endswith("_arginfo.h"):
            result["licences"] += licence_fault(path, text)
            result["sizes"] += size_faults(path, text)
            result["calls"] += code_faults(path, text)
    result["layout"] += format_faults([path for path in sources + git_files("tests/*.c", "tests/*.h", "docs/examples/*.c")
                                       if not path.endswith("_arginfo.h")])
    result["circles"] += circle_faults({path: read(path) for path in sources}, CIRCLES)
    for path in git_files("tests/*.c", "tests/*.h", "tests/*.py", "tests/*.php", "tests/*.sh", "tests/*.mjs", "tools/*", "dev", ".ci/run",
                          "core/CMakeLists.txt", "tests/CMakeLists.txt", "ext/*.stub.php", "docs/examples/*.php", "docs/examples/*.c", "core/archivist.map", "core/archivist.pc.in"):
        result["licences"] += licence_fault(path, read(path))
    result["options"] += option_faults({path: read(path) for path in git_files("core/include/*.h")},
                                       read("tests/integration/options.c"))
    for name, patterns in (("core/sources.list", ["core/src/*.c"]), ("ext/sources.list", ["ext/*.c"])):
        listed = [line for line in read(name).split("\n") if line]
        result["lists"] += list_faults(name, listed, git_files(*patterns))
    for build in ("config.m4", "config.w32", "core/CMakeLists.txt"):
        text = read(build).replace("\\\\", "/")
        if "core/sources.list" not in text:
            result["builds"].append(f"{build} does not read core/sources.list")
        if build != "core/CMakeLists.txt" and "ext/sources.list" not in text:
            result["builds"].append(f"{build} does not read ext/sources.list")
    result["builds"] += w32_faults(read("config.w32"))
    for path in git_files(":(glob)tests/*.php"):
        result["builds"].append(f"{path}: phpize --clean deletes it; it belongs to phpt/ or docs/examples/")
    return result


CIRCLE = {"x/a.c": "int a(void)\n{\n    return b();\n}\n", "x/b.c": "int b(void)\n{\n    return a();\n}\n"}


def self_test():
    """Each rule must object to what it is there for."""
    cases = [
        ("util may not include loop", lambda: layer_faults("core/src/util/buf.c", '#include "loop/loop.h"\n')),
        ("an engine knows no job", lambda: layer_faults("core/src/engine/queue.c", '#include "job/internal.h"\n')),
        ("storage and verify do not know each other", lambda: layer_faults("core/src/verify/verify.c", '#include "storage/storage.h"\n')),
        ("the core knows no PHP", lambda: layer_faults("core/src/job/job.c", "#include <php.h>\n")),
        ("libuv stays in loop", lambda: layer_faults("core/src/storage/storage.c", "#include <uv.h>\n")),
        ("libuv is not for net either", lambda: layer_faults("core/src/net/net.c", "#include <uv.h>\n")),
        ("descriptors are watched by the loop", lambda: layer_faults("core/src/net/net.c", "#include <sys/epoll.h>\n")),
        ("programs are started by the loop", lambda: code_faults("core/src/job/job.c", "    pid = fork();\n")),
        ("the host's signals are not touched", lambda: code_faults("core/src/job/job.c", "    sigaction(SIGCHLD, &a, 0);\n")),
        ("OpenSSL stays in crypto", lambda: layer_faults("core/src/package/packer.c", "# include <openssl/evp.h>\n")),
        ("the command line sees public headers only", lambda: layer_faults("core/cli/main.c", '#include "util/buf.h"\n')),
        ("the extension sees public headers only", lambda: layer_faults("ext/archivist.c", '#include "package/packer.h"\n')),
        ("the extension's glue does not know its classes", lambda: layer_faults("ext/pump.c", '#include "classes.h"\n')),
        ("no shell", lambda: code_faults("core/src/util/buf.c", "int x(void)\n{\n    return system(command);\n}\n")),
        ("no sleep", lambda: code_faults("core/src/util/buf.c", "    usleep(10);\n")),
        ("allocation goes through the table", lambda: code_faults("core/src/util/buf.c", "    p = malloc(10);\n")),
        ("files go through the table", lambda: code_faults("core/src/job/job.c", "    fd = openat(dir, name, 0);\n")),
        ("layout", lambda: format_faults(["core/src/util/buf.c"], "int a;\nint  b;\n")),
        ("nothing is left open", lambda: code_faults("core/src/job/job.c", "/* TO" "DO: later */\n")),
        ("two files that call each other", lambda: circle_faults(CIRCLE, [])),
        ("a circle over a third file", lambda: circle_faults(
            dict(CIRCLE, **{"x/b.c": "int b(void)\n{\n    return c();\n}\n", "x/c.c": "int c(void)\n{\n    return a();\n}\n"}), [])),
        ("a circle over an inline function", lambda: circle_faults(
            dict(CIRCLE, **{"x/a.c": "int a(void)\n{\n    return low();\n}\n",
                            "x/b.h": "static inline int low(void)\n{\n    return b();\n}\n"}), [])),
        ("a circle over a macro", lambda: circle_faults(
            dict(CIRCLE, **{"x/a.c": "int a(void)\n{\n    return LOW;\n}\n", "x/b.h": "#define LOW \\\n    b()\n"}), [])),
        ("a circle over a table", lambda: circle_faults(
            dict(CIRCLE, **{"x/b.c": "const ops b = {.run = b_run, .name = a};\n"}), [])),
        ("a file that joins a circle", lambda: circle_faults(
            dict(CIRCLE, **{"x/c.c": "int c(void)\n{\n    return a();\n}\n", "x/b.c": "int b(void)\n{\n    return a() + c();\n}\n"}),
            [("x/", "a b", "")])),
        ("a file that has left a circle", lambda: circle_faults(dict(CIRCLE, **{"x/c.c": "int c;\n"}), [("x/", "a b c", "")])),
        ("a circle that is gone", lambda: circle_faults({"x/a.c": CIRCLE["x/a.c"], "x/b.c": "int b;\n"}, [("x/", "a b", "")])),
        ("a circle of files that are gone", lambda: circle_faults({}, [("x/", "a b", "")])),
        ("circles that became one", lambda: circle_faults(
            dict(CIRCLE, **{"x/c.c": "int c(void)\n{\n    return d() + a();\n}\n", "x/d.c": "int d(void)\n{\n    return c();\n}\n",
                            "x/b.c": "int b(void)\n{\n    return a() + c();\n}\n"}), [("x/", "a b", ""), ("x/", "c d", "")])),
        ("a circle that fell apart", lambda: circle_faults(
            dict(CIRCLE, **{"x/c.c": "int c(void)\n{\n    return d();\n}\n", "x/d.c": "int d(void)\n{\n    return c();\n}\n"}),
            [("x/", "a b c d", "")])),
        ("a source without licence", lambda: licence_fault("core/src/util/buf.c", "int x;\n")),
        ("a source that no list names", lambda: list_faults("x.list", ["a.c"], ["a.c", "b.c"])),
        ("a list that names what is not there", lambda: list_faults("x.list", ["a.c", "b.c"], ["a.c"])),
        ("a dot inside a source name", lambda: list_faults("x.list", ["a.b.c"], ["a.b.c"])),
        ("options that cannot grow", lambda: option_faults(
            {"x.h": "typedef struct arv_x_options {\n    int a;\n} arv_x_options;\n"}, "arv_x_options")),
        ("options that no test grows", lambda: option_faults(
            {"x.h": "typedef struct arv_x_options {\n    size_t struct_bytes;\n} arv_x_options;\n"}, "")),
        ("options within other ones", lambda: option_faults(
            {"x.h": "typedef struct arv_x {\n    arv_limits limits; /* of it */\n} arv_x;\n"}, "")),
        ("a config.w32 that says nothing", lambda: w32_faults("ARG_ENABLE('archivist');\n")),
        ("a config.w32 that is none", lambda: w32_faults("if (")),
        ("a config.w32 that refuses unasked", lambda: w32_faults(read("config.w32").replace("PHP_ARCHIVIST", "'yes'"))),
        ("a file without end", lambda: size_faults("core/src/x.c", "\n" * 1001)),
    ]
    return [name for name, run in cases if not run()], len(cases)


def main():
    blind, count = self_test()
    for name in blind:
        print(f"FAILED self-test: no rule objects to: {name}")
    failed, passed = len(blind), count - len(blind)
    for rule, faults in tree_faults().items():
        for fault in faults:
            print(f"FAILED {rule}: {fault}")
        if faults:
            failed += 1
        else:
            passed += 1
            print(f"ok {rule}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
