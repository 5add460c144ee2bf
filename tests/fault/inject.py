#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line under strace, which fails system calls that libraries make by themselves, too.

    inject.py ARCHIVIST [--full] [--seed N] [--workers N] [WORD…]    only scenes with one of the words

A run without faults counts the calls of each thread. Then for each system call, each number of it and
each fault, the scene is run again: what matters is not what the program says of a call that fails inside
of a library, but what is on the disk afterwards: all of it and right, or nothing. strace counts per
thread, so a fault may hit several threads at once. futex, mmap and signals are left alone: to fail those
says nothing about a disk. The last line is "N passed, N failed, N skipped", one test per scene.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

UUID = "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d"
CALLS = ("openat openat2 close read pread64 write pwrite64 fsync fdatasync linkat link rename renameat renameat2 "
         "unlink unlinkat mkdir mkdirat ftruncate fallocate fcntl newfstatat fstat statx statfs fstatfs getdents64 "
         "readlinkat getrandom epoll_wait epoll_pwait epoll_create1 epoll_ctl eventfd2 pipe2 clone3 ioctl flock "
         "fadvise64 lseek").split()
FAULTS = [("error=EIO", "EIO"), ("error=ENOSPC", "ENOSPC"), ("error=EINTR", "EINTR"), ("error=EACCES", "EACCES"),
          ("signal=SIGKILL", "killed")]
SAMPLE = 40  # points of a scene
TIMEOUT_S = 600
TRIES = 7  # runs of a journalled job: its attempts and one that tells the end
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(f.read()).hexdigest()


def tree(folder):
    """Every file below a folder with its digest."""
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            if name == ".archivist-storage":  # a storage's mark, with a random number
                continue
            path = os.path.join(at, name)
            found[os.path.relpath(path, folder)] = sha256(path)
    return found


def payload(path):
    """The digests of what was archived, without the records about it."""
    with zipfile.ZipFile(path) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest()
                for name in archive.namelist() if name.split("/")[1] == "data"}


class Scene:
    """A command and what must hold after it. `place` is a folder of this run only."""
    name = None
    restarts = False  # whoever meets an error or a crash runs it again

    def __init__(self, archivist, source):
        self.archivist, self.source, self.reference = archivist, source, None

    def prepare(self, place):
        pass

    def command(self, place):
        raise NotImplementedError

    def done(self, place):
        """What the command has made: path -> digest."""
        raise NotImplementedError

    def may_stay(self, path):
        """What a killed process leaves."""
        return re.search(r"(^|/)\.(archivist-[0-9a-f-]+|[^/]*\.partial)", path) is not None

    def judge(self, place, code, crashed):
        """None, or why the outcome may not be."""
        made = self.done(place)
        if made == self.reference:
            return None
        if code == 0 and not crashed:
            return f"it says that all is well, but there is {sorted(made)}"
        left = {p: d for p, d in made.items() if not (crashed and self.may_stay(p))}
        whole = {p for p, d in left.items() if self.reference.get(p) == d}
        bad = sorted(set(left) - whole)
        if bad:
            return f"exit code {code}, and {bad} is there"
        return None


class PackFile(Scene):
    name = "pack-into-a-file"

    def prepare(self, place):
        os.mkdir(os.path.join(place, "out"))

    def command(self, place):
        return ["pack", self.source, "-q", "--threads", "1", "--uuid", UUID, "--name", "Exam",
                "-o", os.path.join(place, "out", "a.zip")]

    def done(self, place):
        return tree(os.path.join(place, "out"))


class PackTarZst(PackFile):
    name = "pack-into-a-tar.zst"

    def command(self, place):
        return super().command(place)[:-1] + [os.path.join(place, "out", "a.tar.zst")]


class PackStorage(PackFile):
    name = "pack-into-two-storages"

    def command(self, place):
        stores = []
        for name in ("one", "two"):
            stores += ["--store", f"file://{place}/out/{name}"]
        return ["pack", self.source, "-q", "--threads", "1", "--uuid", UUID, "--name", "Exam",
                "--option", "create=1", *stores]


class Extract(PackFile):
    """A folder appears complete or not at all."""
    name = "extract"

    def __init__(self, archivist, source):
        super().__init__(archivist, source)
        self.container = os.path.join(os.path.dirname(source), "extract.tar.gz")
        subprocess.run([archivist, "pack", source, "-q", "-o", self.container], check=True, env=ENVIRONMENT,
                       stdout=subprocess.DEVNULL)

    def command(self, place):
        return ["extract", self.container, os.path.join(place, "out", "tree"), "-q"]

    def judge(self, place, code, crashed):
        if code != 0 and not crashed and os.path.exists(os.path.join(place, "out", "tree")) and \
                self.done(place) != self.reference:
            return f"exit code {code}, and a part of the tree is there"
        return super().judge(place, code, crashed)


class VerifyDamaged(Scene):
    """Whatever fails, a damaged archive is never called good."""
    name = "verify-a-damaged-archive"

    def __init__(self, archivist, source):
        super().__init__(archivist, source)
        self.container = os.path.join(os.path.dirname(source), "damaged.zip")
        subprocess.run([archivist, "pack", source, "-q", "-o", self.container, "--level", "0"], check=True,
                       env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        with open(self.container, "r+b") as f:
            f.seek(400000)
            f.write(b"damage")

    def command(self, place):
        return ["verify", self.container]

    def done(self, place):
        return {}

    def judge(self, place, code, crashed):
        return "a damaged archive is called good" if code == 0 else None


class JobRun(PackFile):
    """A journalled job, run until it has ended: complete in both storages, or failed with nothing left."""
    name = "a-journalled-job"
    restarts = True

    def command(self, place):
        spec = {"folder": self.source, "uuid": UUID, "name": "Exam", "threads": 1, "retry_delay_s": 1,
                "stores": [{"url": f"file://{place}/out/{name}", "options": {"create": "1"}} for name in ("one", "two")]}
        with open(os.path.join(place, "spec.json"), "w", encoding="utf-8") as f:
            json.dump(spec, f)
        return ["job", "run", os.path.join(place, "spec.json"), "-q", "--staging", os.path.join(place, "staging")]

    def done(self, place):
        """Archive -> what is in it. Its bytes are those of no other run: it holds the time at which it was made."""
        found, folder = {}, os.path.join(place, "out")
        stored = tree(folder)
        if len(set(stored.values())) > 1:  # One job stores the same bytes everywhere.
            return stored
        for path, digest in stored.items():
            valid = subprocess.run([self.archivist, "verify", os.path.join(folder, path)], env=ENVIRONMENT,
                                   capture_output=True, timeout=TIMEOUT_S).returncode == 0
            found[path] = payload(os.path.join(folder, path)) if valid else digest
        return found

    def judge(self, place, code, crashed):
        staged = os.path.join(place, "staging", UUID)
        left = set(os.listdir(staged)) - {"lock", "journal", "head", "document", "log", "cancel"} if os.path.isdir(staged) else None
        if left or crashed:
            return f"{sorted(left or [])} is left in the staging folder, crashed: {crashed}"
        return super().judge(place, code, crashed)


SCENES = [JobRun, PackFile, PackTarZst, PackStorage, Extract, VerifyDamaged]


class Driver:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="archivist-inject-")
        self.source = os.path.join(self.folder, "source")
        os.mkdir(self.source)
        noise = random.Random(7)
        with open(os.path.join(self.source, "large.bin"), "wb") as f:
            f.write(noise.randbytes(1300000))
        for i in range(3):
            with open(os.path.join(self.source, f"answer-{i}.txt"), "w", encoding="utf-8") as f:
                f.write("an answer " * (i + 1))

    def run(self, scene, place, strace):
        """Exit code, whether it was killed or crashed, stderr."""
        command = [self.options.archivist, *scene.command(place)]
        if strace:
            command = ["strace", "-f", "-qq", *strace, "--", *command]
        environment = {**ENVIRONMENT, "TMPDIR": os.path.join(place, "tmp"), "SOURCE_DATE_EPOCH": "1700000000"}
        with subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                _, err = process.communicate(timeout=TIMEOUT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return None, True, "it hangs"
        code = process.returncode
        return code, code < 0 or code >= 128, err.decode("utf-8", "replace")

    def place(self, scene):
        place = tempfile.mkdtemp(prefix="run-", dir=self.folder)
        os.mkdir(os.path.join(place, "tmp"))
        scene.prepare(place)
        return place

    def count(self, scene):
        """System call -> the most that one thread makes, in a run without faults."""
        place = self.place(scene)
        log = os.path.join(self.folder, "counts")
        code, crashed, err = self.run(scene, place, ["-o", log, "-e", "trace=" + ",".join("?" + c for c in CALLS)])
        if crashed or (code != 0 and not isinstance(scene, VerifyDamaged)):
            raise AssertionError(f"without faults it ends with {code}: {err}")
        scene.reference = scene.done(place)
        counts, most = {}, {}
        with open(log, encoding="utf-8", errors="replace") as f:
            for line in f:
                match = re.match(r"(\d+)\s+([a-z_0-9]+)\(", line)
                if match:
                    counts[match.groups()] = counts.get(match.groups(), 0) + 1
        for (_, call), n in counts.items():
            most[call] = max(most.get(call, 0), n)
        shutil.rmtree(place)
        return most

    def attempt(self, scene, call, nth, fault):
        """Outcome and, when it is wrong, why."""
        place = self.place(scene)
        try:
            code, crashed, err = self.run(scene, place, ["-o", "/dev/null", "-e",
                                                         f"inject={call}:{fault}:when={nth}"])
            if code is None:
                return "wrong", err
            for _ in range(TRIES if scene.restarts and (code != 0 or crashed) else 0):
                code, crashed, err = self.run(scene, place, None)
                if code == 0:
                    break
            why = scene.judge(place, code, crashed)
            if why:
                return "wrong", f"{why}; stderr: {err.strip()[-300:]}"
            if call != "write" and err.startswith("archivist: ") and code != 0 and not crashed and \
                    not re.match(r"archivist: \S.*[.!]\)?$", err.split("\n")[0]):
                return "wrong", f"no sentence: {err}"
            return ("crashed" if crashed else "done" if code == 0 else "refused"), None
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def sweep(self, scene_class):
        scene = scene_class(self.options.archivist, self.source)
        counts = self.count(scene)
        points = [(call, nth, fault, text) for call in CALLS for nth in range(1, counts.get(call, 0) + 1)
                  for fault, text in FAULTS]
        if not self.options.full:
            points = random.Random(self.options.seed).sample(points, min(SAMPLE, len(points)))
        tally, shown = {}, 0
        with concurrent.futures.ThreadPoolExecutor(self.options.workers) as pool:
            tasks = {pool.submit(self.attempt, scene, call, nth, fault): (call, nth, text)
                     for call, nth, fault, text in points}
            for task in concurrent.futures.as_completed(tasks):
                call, nth, text = tasks[task]
                outcome, why = task.result()
                row = tally.setdefault(call, {})
                row[outcome] = row.get(outcome, 0) + 1
                if outcome == "wrong" and shown < 10:
                    shown += 1
                    print(f"# WRONG {scene.name}: call {nth} of {call}, {text}: {why}")
        self.table(scene, counts, tally)
        return sum(row.get("wrong", 0) for row in tally.values())

    def table(self, scene, counts, tally):
        columns = ("done", "refused", "crashed", "wrong")
        rows = [(call, counts[call], tally.get(call, {})) for call in CALLS if call in counts] \
            if self.options.full else []
        total = {c: sum(row.get(c, 0) for row in tally.values()) for c in columns}
        print(f"\n{scene.name}\n\n| system call     | calls | points |    done | refused | crashed | wrong |")
        print("|---|--:|--:|--:|--:|--:|--:|")
        for name, calls, row in [*rows, ("all", sum(counts.values()), total)]:
            cells = [row.get(c, 0) for c in columns]
            print(f"| {name:15} | {calls:5} | {sum(cells):6} | {cells[0]:7} | {cells[1]:7} | {cells[2]:7} | {cells[3]:5} |")
        sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archivist", type=os.path.abspath)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("ARCHIVIST_SEED", time.time_ns() % 1000000)))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("words", nargs="*")
    options = parser.parse_intermixed_args()
    if not shutil.which("strace"):
        print("skip inject: strace is not installed\n0 passed, 0 failed, 1 skipped")
        return 0
    print(f"# --seed {options.seed}")
    driver, passed, failed = Driver(options), 0, 0
    try:
        for scene in SCENES:
            if options.words and not any(word in scene.name for word in options.words):
                continue
            begun = time.monotonic()
            try:
                wrong = driver.sweep(scene)
            except AssertionError as error:
                print(f"# {error}")
                wrong = 1
            passed, failed = passed + (wrong == 0), failed + (wrong > 0)
            print(f"{'FAILED' if wrong else 'ok'} {scene.name} ({time.monotonic() - begun:.0f} s)")
    finally:
        shutil.rmtree(driver.folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
