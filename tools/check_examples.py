#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the examples of README.md and docs/ as they stand, each in a fresh temporary folder.

    check_examples.py EXTENSION.so ARCHIVIST PREFIX

- A fenced `php` or `c` block whose first line is `// example: NAME` is a whole program. One in C is compiled against
  the library that is installed below PREFIX, with what pkg-config tells about it.
- A fenced `console` block behind a line `<!-- run -->` is run by bash, ARCHIVIST first in PATH.
- A file docs/examples/*.php or *.c with a line `// check: ARGUMENTS` is run with these ($PWD is the folder); lines
  `// before: FILE ARGUMENTS` run other examples first, in the same folder.
- A fenced `php` block whose first line is `// driver: NAME` is a storage driver, and passes
  docs/examples/driver_conformance.php.
A `text` block right behind an example is its whole output. Each must end with status 0.
The last line is "N passed, N failed, N skipped".
"""
import glob
import os
import re
import shlex
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LIMIT_SECONDS = 1200


def blocks(text):
    """(language, line behind which it stands, content) of each fenced block, in order; between two
    blocks stands what is not blank: None tells that there was such text."""
    found, before = [], ""
    lines = iter(text.split("\n"))
    for line in lines:
        fence = re.match(r"^\s*```(\w*)\s*$", line)
        if not fence:
            if line.strip():
                before = line.strip()
                found.append(None)
            continue
        indent = len(line) - len(line.lstrip())
        content = []
        for inner in lines:
            if inner.strip() == "```":
                break
            content.append(inner[indent:] if inner[:indent].strip() == "" else inner)
        found.append((fence.group(1), before, "\n".join(content) + "\n"))
        before = ""
    return found


def examples_of(path):
    """(name, kind, program, expected output or None)"""
    with open(path, encoding="utf-8") as f:
        found = blocks(f.read())
    result = []
    for i, block in enumerate(found):
        if block is None:
            continue
        language, before, content = block
        after = found[i + 1] if i + 1 < len(found) else None
        expected = after[2] if after and after[0] == "text" else None
        where = os.path.relpath(path, TOP)
        program = re.match(r"// example: (\S+)\n", content) if language == "c" else None
        if program:
            result.append((f"{where}: {program.group(1)}", "c", content, expected))
        named = re.match(r"(?:<\?php\s*\n)?\s*// example: (\S+)", content)
        if language == "php" and named:
            program = content if content.lstrip().startswith("<?php") else "<?php\n" + content
            result.append((f"{where}: {named.group(1)}", "php", program, expected))
        driver = re.match(r"// driver: (\S+)\n", content) if language == "php" else None
        if driver:
            result.append((f"{where}: {driver.group(1)}", "driver", "<?php\n" + content, None))
        elif language == "console" and before == "<!-- run -->":
            first = content.strip().split("\n")[0]
            result.append((f"{where}: {first[:60]}", "console", content, expected))
    return result


def run(command, folder, environment):
    """None when it ended well, else what was wrong; and its output."""
    try:
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return f"took longer than {LIMIT_SECONDS} s", ""
    output = done.stdout.decode("utf-8", "replace")
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode != 0:
        return f"ended with status {done.returncode}:\n{output}{errors}", output
    return None, output


def judge(name, fault, output, expected):
    if fault is None and expected is not None and output.strip() != expected.strip():
        fault = f"printed\n{output}instead of\n{expected}"
    if fault is None:
        print(f"ok {name}")
        return True
    print(f"FAILED {name}: {fault}")
    return False


class Library:
    """The installed C library: builds programs with it, each once, and says how they find it."""

    def __init__(self, prefix, folder):
        found = glob.glob(os.path.join(prefix, "**", "archivist.pc"), recursive=True)
        self.folder, self.built = folder, {}
        self.libraries = os.path.dirname(os.path.dirname(found[0])) if found else prefix
        self.config = dict(os.environ, PKG_CONFIG_PATH=os.path.join(self.libraries, "pkgconfig"))
        self.environment = dict(os.environ, LD_LIBRARY_PATH=self.libraries)

    def build(self, text):
        """The program, and None or why there is none."""
        program = os.path.join(self.folder, str(len(self.built)))
        if text not in self.built:
            with open(program + ".c", "w", encoding="utf-8") as f:
                f.write(text)
            fault, flags = run(["pkg-config", "--cflags", "--libs", "archivist"], self.folder, self.config)
            if not fault:
                fault, _ = run(["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-pedantic", "-Werror", program + ".c", "-o",
                                program, *shlex.split(flags)], self.folder, os.environ)
            self.built[text] = program, fault
        return self.built[text]


def run_block(kind, program, php, archivist, library):
    with tempfile.TemporaryDirectory(prefix="archivist-example-") as folder:
        environment = dict(os.environ, TMPDIR=folder)
        work = os.path.join(folder, "work")
        os.mkdir(work)
        if kind in ("php", "driver"):
            path = os.path.join(folder, "example.php")
            with open(path, "w", encoding="utf-8") as f:
                f.write(program)
            suite = [os.path.join(TOP, "docs", "examples", "driver_conformance.php")] if kind == "driver" else []
            return run([*php, *suite, path], work, environment)
        if kind == "c":
            built, fault = library.build(program)
            return (fault, "") if fault else run([built], work, dict(environment, LD_LIBRARY_PATH=library.libraries))
        environment["PATH"] = os.path.dirname(archivist) + os.pathsep + environment["PATH"]
        return run(["bash", "-euo", "pipefail", "-c", program], work, environment)


def run_program(path, arguments, folder, php, library):
    """An example of docs/examples/."""
    arguments = [argument.replace("$PWD", folder) for argument in arguments]
    if path.endswith(".php"):
        return run([*php, path, *arguments], folder, os.environ)
    with open(path, encoding="utf-8") as f:
        built, fault = library.build(f.read())
    return (fault, "") if fault else run([built, *arguments], folder, library.environment)


def run_file(path, php, library):
    """(name, fault, output) for each `// check:` of a file."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    checks = re.findall(r"^\s*// check:(.*)$", text, re.M)
    before = re.findall(r"^\s*// before:(.*)$", text, re.M)
    for arguments in checks:
        with tempfile.TemporaryDirectory(prefix="archivist-example-") as folder:
            fault, output = None, ""
            for first in before:
                other, *rest = shlex.split(first)
                fault, output = run_program(os.path.join(os.path.dirname(path), other), rest, folder, php, library)
                if fault:
                    break
            if not fault:
                fault, output = run_program(path, shlex.split(arguments), folder, php, library)
        yield f"{os.path.relpath(path, TOP)}{arguments}", fault, output


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix="archivist-example-") as folder:
        extension, archivist, prefix = (os.path.abspath(argument) for argument in sys.argv[1:])
        return check(extension, archivist, Library(prefix, folder))


def check(extension, archivist, library):
    php = ["php", "-d", f"extension={extension}"]
    passed = failed = skipped = 0
    documents = [os.path.join(TOP, "README.md"), *sorted(glob.glob(os.path.join(TOP, "docs", "*.md")))]
    for path in documents:
        for name, kind, program, expected in examples_of(path):
            if kind == "console" and not os.access(archivist, os.X_OK):
                print(f"skip {name}: there is no {archivist}")
                skipped += 1
                continue
            fault, output = run_block(kind, program, php, archivist, library)
            good = judge(name, fault, output, expected)
            passed, failed = passed + good, failed + (not good)
    for path in sorted(glob.glob(os.path.join(TOP, "docs", "examples", "*.*"))):
        for name, fault, output in run_file(path, php, library):
            good = judge(name, fault, output, None)
            passed, failed = passed + good, failed + (not good)
    if passed + failed == 0:
        print("FAILED: there is no example")
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
