# SPDX-License-Identifier: Apache-2.0
"""A small frame for tests of the command line from outside. A case is a function that takes a Trial."""
import array
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import traceback

SUPPORT = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(SUPPORT))
CASES = []
TIMEOUT_S = 3600 if os.environ.get("FULL") == "1" else 1800
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent",
               **{k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "LSAN_", "UBSAN_", "TSAN_"))}}


class Skip(Exception):
    """Only for what the machine cannot offer, with the reason."""


def case(function):
    CASES.append(function)
    return function


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"{program} is not installed")


def need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


class Result:
    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err.decode("utf-8", "replace")

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    def __str__(self):
        return f"{self.args} gave {self.code}\nstdout: {self.text[:2000]}\nstderr: {self.err[:2000]}"


class Trial:
    """One case: a folder of its own, and the program."""

    def __init__(self, binary, folder):
        self.binary, self.dir = binary, folder

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, data=b"", mode=None):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data.encode() if isinstance(data, str) else data)
        if mode is not None:
            os.chmod(path, mode)
        return path

    def sparse(self, name, size):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.truncate(size)
        return path

    def list_file(self, name, entries):
        return self.write(name, "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in entries))

    def public(self, *args, code=0, cwd=None, stdin=None, env=None):
        """Runs any program without a shell; its exit code must be as expected (None: any)."""
        done = subprocess.run([os.fspath(a) for a in args], cwd=cwd or self.dir, input=stdin, capture_output=True,
                              env={**ENVIRONMENT, **(env or {})}, timeout=TIMEOUT_S, check=False)
        result = Result(args, done.returncode, done.stdout, done.stderr)
        if code is not None and result.code != code:
            raise AssertionError(f"expected exit code {code}: {result}")
        return result

    def run(self, *args, code=0, **more):
        """Runs archivist. Errors must be sentences with the program's name in front."""
        result = self.public(self.binary, *args, code=code, **more)
        if result.code > 0:
            told = [line for line in result.err.split("\n") if not line.startswith("archivist: warning: ")]
            first = told[0]
            if not re.fullmatch(r"archivist: \S.*[.!]\)?", first):
                raise AssertionError(f"no sentence: {result}")
        return result

    def json(self, *args, **more):
        """Runs with --json; stdout must be one object in one line."""
        result = self.run(*args, "--json", **more)
        lines = result.text.split("\n")
        if len(lines) != 2 or lines[1]:
            raise AssertionError(f"not one line: {result}")
        return json.loads(lines[0])

    def fails(self, code, name, *args, says=None, **more):
        """The command ends with this exit code and error; returns the message."""
        found = self.json(*args, code=code, **more)["error"]
        if found["name"] != name or found["exit"] != code or found["code"] >= 0:
            raise AssertionError(f"expected {name}: {found}")
        if says and says not in found["message"]:
            raise AssertionError(f"the message does not say {says!r}: {found}")
        return found["message"]

    def at_terminal(self, *args, columns=80, until=None, then=None, env=None):
        """Runs with stderr (and stdout when then is None) at a terminal; once `until` matches what
        stderr showed, calls `then` with the process. Returns exit code and what was shown."""
        main, side = pty.openpty()
        subprocess.run(["stty", "-F", os.ttyname(side), "cols", str(columns), "-opost"], check=True)
        process = subprocess.Popen([self.binary, *args], cwd=self.dir, stderr=side, stdout=side if then is None else subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL, env={**ENVIRONMENT, **(env or {})})
        os.close(side)
        shown, deadline = b"", time.monotonic() + TIMEOUT_S
        try:
            while time.monotonic() < deadline:
                if not select.select([main], [], [], 1)[0]:
                    continue
                try:
                    piece = os.read(main, 65536)
                except OSError:  # the last holder closed it
                    break
                if not piece:
                    break
                shown += piece
                if then and until and re.search(until, shown):
                    then(process)
                    then = None
            return process.wait(timeout=TIMEOUT_S), shown
        finally:
            process.kill() if process.poll() is None else None
            process.wait()
            os.close(main)

    def peak_kib(self, *args):
        """Peak memory of archivist in KiB. A fresh small interpreter starts it, because a child's
        peak begins with that of who started it."""
        program = ("import os,sys\n"
                   "pid=os.posix_spawn(sys.argv[1],sys.argv[1:],os.environ,file_actions="
                   "[(os.POSIX_SPAWN_OPEN,1,'/dev/null',os.O_WRONLY,0)])\n"
                   "status,usage=os.wait4(pid,0)[1:]\n"
                   "print(os.waitstatus_to_exitcode(status),usage.ru_maxrss)\n")
        out = self.public(sys.executable, "-I", "-S", "-c", program, self.binary, *args)
        code, kib = out.text.split()
        if code != "0":
            raise AssertionError(f"{args} gave {code}: {out.err}")
        return int(kib)

    def names(self, folder="."):
        return sorted(os.listdir(self.path(folder)))


def same(found, expected):
    if found != expected:
        raise AssertionError(f"found {found!r}, expected {expected!r}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def pipe_fill(pipe, judge):
    """Waits, by either end of a pipe, until `judge` holds for the bytes in it and those that it can hold."""
    deadline, waiting = time.monotonic() + TIMEOUT_S, array.array("i", [0])
    while time.monotonic() < deadline:
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)
        if judge(waiting[0], fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)):
            return
        time.sleep(0.01)
    raise AssertionError(f"{waiting[0]} bytes stay in the pipe")


def as_nobody(trial, *args):
    """A command line that runs archivist, copied to where anybody may run it, as nobody."""
    need("setpriv")
    need_root()
    program = trial.path("archivist-for-nobody")
    shutil.copyfile(trial.binary, program)
    os.chmod(program, 0o755)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", program, *args]


def run_cases(binary, wanted):
    passed, failed, skipped = 0, 0, 0
    for function in CASES:
        name = function.__name__
        if wanted and not any(word in name for word in wanted):
            continue
        begun = time.monotonic()
        folder = tempfile.mkdtemp(prefix="archivist-cli-")
        os.chmod(folder, 0o755)
        try:
            function(Trial(binary, folder))
            passed += 1
            print(f"ok {name} ({time.monotonic() - begun:.1f} s)")
        except Skip as reason:
            skipped += 1
            print(f"skip {name}: {reason}")
        except Exception as error:  # a broken case must not hide the others
            failed += 1
            print(f"FAILED {name}: {error}")
            if not isinstance(error, AssertionError):
                traceback.print_exc(file=sys.stdout)
        finally:
            subprocess.run(["chmod", "-R", "u+rwX", folder], check=False, stderr=subprocess.DEVNULL)
            shutil.rmtree(folder, ignore_errors=True)
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Whoever starts the tests may ignore signals (a shell does for what runs in its background), and the
# command line leaves an ignored one ignored: the tests begin from the default.
for _number in SIGNALS:
    signal.signal(_number, signal.SIG_DFL)
