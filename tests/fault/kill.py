#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments: every job ends in one archive, none damaged, none double.

    kill.py ARCHIVIST [--jobs N] [--seed N] [--parallel N] [--largest MIB] [--latest SECONDS]

Each job is run by `archivist job run`. Its first four starts are killed 50 ms to 5 s after they began,
unless they were faster; the fifth is left alone. At the end each archive is judged by `archivist verify`,
by unzip or tar, and by an independent check of its bag, whose digests must be those of the sources. Then
a job is killed in each of its five attempts, which must end in a failure with a sentence. Prints where the
kills hit, by the last record of the job's journal.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))

import check_bag

KILLS, EARLIEST_S, LATEST_S, LIMIT_S = 4, 0.05, 5.0, 600
SMALLEST, LARGEST = 4 << 10, 192 << 20
FORMATS = ("zip", "zip", "tar.zst", "tar.gz", "tar")
# What a journal tells that ends with this record.
PLACES = {None: "before its journal", "created": "before its first attempt", "attempt": "packing",
          "announced": "storing", "packaged": "packed, not announced", "stored": "stored, not cleaned up",
          "retry": "waiting for a retry", "torn": "cutting off a torn record", "ended": "ended"}


def content(noise, size):
    """Something between text and noise, so that compressing takes time and storing, too."""
    words = [noise.randbytes(noise.randint(3, 12)).hex().encode() for _ in range(4096)]
    text = b" ".join(noise.choices(words, k=20000))
    random_part = noise.randbytes(min(size, 1 << 20))
    pieces, length = [], 0
    while length < size:
        piece = text if noise.random() < 0.7 else random_part
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)[:size]


class Job:
    def __init__(self, folder, number, noise, largest, latest_s):
        self.folder, self.name = folder, f"job{number:03}"
        self.noise = random.Random(noise.randrange(1 << 32))
        self.size = int(SMALLEST * (largest / SMALLEST) ** noise.random() ** 0.35)
        self.format = noise.choice(FORMATS)
        self.stores = [os.path.join(folder, "store" + n) for n in (["a", "b"] if noise.random() < 0.25 else ["a"])]
        self.staged = noise.random() < 0.75
        self.kills_s = [noise.uniform(EARLIEST_S, latest_s) for _ in range(KILLS)]
        self.source = os.path.join(folder, self.name)
        self.digests = []
        self.spec = os.path.join(folder, self.name + ".json")

    def make(self):
        os.makedirs(os.path.join(self.source, "more"))
        for i, part in enumerate([self.size // 2, self.size // 3, self.size - self.size // 2 - self.size // 3]):
            data = content(self.noise, part)
            self.digests.append(hashlib.sha256(data).hexdigest())
            with open(os.path.join(self.source, "more" if i else "", f"part {i}.bin"), "wb") as f:
                f.write(data)
        with open(self.spec, "w", encoding="utf-8") as f:
            json.dump({"folder": self.name, "format": self.format, "level": 9 if self.format != "tar" else 0,
                       "reproducible": True, "threads": 1, "staged": self.staged, "retry_delay_s": 1,
                       "stores": ["file://" + s for s in self.stores]}, f)


class Lab:
    def __init__(self, binary, folder, seed):
        self.binary, self.folder, self.noise = binary, folder, random.Random(seed)
        self.staging = os.path.join(folder, "staging")
        self.places, self.faults, self.lock = collections.Counter(), [], threading.Lock()
        self.starts = collections.Counter()
        for name in ("storea", "storeb"):
            os.makedirs(os.path.join(folder, name), mode=0o700)

    def archivist(self, *args):
        return subprocess.run([self.binary, *args], capture_output=True, timeout=LIMIT_S, check=False,
                              cwd=self.folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})

    def start(self, what):
        return subprocess.Popen([self.binary, "job", "run", what, "--staging", self.staging, "--json"],
                                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})

    def journal(self, uuid):
        """Kinds of all whole records."""
        try:
            with open(os.path.join(self.staging, uuid, "journal"), "rb") as f:
                lines = f.read().split(b"\n")[:-1]
        except FileNotFoundError:
            return []
        return [json.loads(line[65:])["kind"] for line in lines if line[64:66] == b" {"]

    def place(self, job, uuid):
        kinds = self.journal(uuid)
        last = kinds[-1] if kinds else None
        if not job.staged and last == "announced":
            return "streaming"
        if not job.staged and last == "packaged":
            return "streamed, names are given"
        return PLACES.get(last, last)

    def uuid_of(self, job):
        """As docs/command-line.md says: of what the staging keeps of a specification."""
        with open(job.spec, "rb") as f:
            digest = bytearray(hashlib.sha256(b"archivist-spec-1 " + os.path.realpath(job.spec).encode() + b"\n" + f.read()).digest()[:16])
        digest[6], digest[8] = 0x50 | digest[6] & 0x0F, 0x80 | digest[8] & 0x3F
        text = digest.hex()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def run_one(self, job):
        """None, or what is wrong."""
        job.make()
        try:
            return self.run_until_it_ends(job)
        finally:
            shutil.rmtree(job.source)  # its digests and its archives stay

    def run_until_it_ends(self, job):
        uuid = self.uuid_of(job)
        for kill_s in [*job.kills_s, None]:
            with self.lock:
                self.starts[job.name] += 1
            process = self.start(job.spec)
            try:
                out, err = process.communicate(timeout=kill_s or LIMIT_S)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                out, err = process.communicate()
                if process.returncode == -signal.SIGKILL:
                    with self.lock:
                        self.places[self.place(job, uuid)] += 1
                    continue
            if process.returncode != 0:
                return f"{job.name}: exit code {process.returncode}: {err.decode()}"
            found = json.loads(out)
            return self.judge(job, found, uuid)
        return f"{job.name}: it never ended"

    def judge(self, job, found, uuid):
        if found["uuid"] != uuid or found["state"] != "COMPLETED" or len(found["stored"]) != len(job.stores):
            return f"{job.name}: {found}"
        for target in found["stored"]:
            path = target["address"].removeprefix("file://")
            fault = self.judge_archive(job, target["address"], path, found["sha256"])
            if fault:
                return f"{job.name}: {path}: {fault}"
        return None

    def judge_archive(self, job, address, path, sha256):
        with open(path, "rb") as f:
            if hashlib.file_digest(f, "sha256").hexdigest() != sha256:
                return "it is not what the journal says"
        verified = self.archivist("verify", address)
        if verified.returncode != 0:
            return verified.stdout.decode() + verified.stderr.decode()
        tool = ["unzip", "-tqq", path] if job.format == "zip" else ["tar", "-tf", path]
        tested = subprocess.run(tool, capture_output=True, check=False, timeout=LIMIT_S)
        if tested.returncode != 0:
            return f"{tool[0]}: {tested.stderr.decode()}"
        faults = check_bag.check(path)
        if faults:
            return str(faults)
        manifest = check_bag.read_bag(path)[0].texts["manifest-sha256.txt"].decode()
        if sorted(line.split()[0] for line in manifest.splitlines()) != sorted(job.digests):
            return "its content is not that of the sources"
        return None

    def leftovers(self, jobs):
        """What must not be there in the end."""
        faults = []
        for store in ("storea", "storeb"):
            top = os.path.join(self.folder, store)
            wanted = sum(top in job.stores for job in jobs)
            found = [n for _, _, names in os.walk(top) for n in names if not n.startswith(".archivist-")]
            if len(found) != wanted or len({n.split(".")[0] for n in found}) != wanted:
                faults.append(f"{store} has {len(found)} archives instead of {wanted}")
        for here, _, names in os.walk(self.staging):
            faults += [os.path.join(here, n) for n in names if n not in ("lock", "journal", "head", "log", "document")]
        return faults

    def killed_each_time(self, job):
        """Five attempts that die; the sixth start ends the job, and a retry by hand completes it."""
        job.make()
        uuid = self.uuid_of(job)
        for attempt in range(1, 6):
            process = self.start(job.spec)
            deadline = time.monotonic() + LIMIT_S
            while self.journal(uuid).count("attempt") < attempt and process.poll() is None:
                if time.monotonic() > deadline:
                    break
            process.kill()
            process.communicate()
            kinds = self.journal(uuid)
            if kinds.count("attempt") != attempt or kinds[-1] == "ended":
                return f"the kill of attempt {attempt} came too late: {kinds}"
        ended = self.archivist("job", "run", job.spec, "--staging", self.staging, "--json")
        found = json.loads(ended.stdout)
        if ended.returncode != 5 or found["state"] != "FAILURE" or "was begun 5 times" not in found["error"]["message"]:
            return f"the sixth start: {ended}"
        print(f"# five kills, then: {found['error']['message']}")
        if any(uuid in n for store in job.stores for _, _, names in os.walk(store) for n in names):
            return "a failed job left an object"
        if self.archivist("job", "retry", uuid, "--staging", self.staging).returncode != 0:
            return "it could not be begun anew"
        again = self.archivist("job", "run", uuid, "--staging", self.staging, "--json")
        if again.returncode != 0:
            return f"the run after the retry: {again}"
        return self.judge(job, json.loads(again.stdout), uuid)


def run(binary, seed, count, parallel, largest=LARGEST, latest_s=LATEST_S):
    """Faults, an empty list when all is well."""
    folder = tempfile.mkdtemp(prefix="archivist-kill-")
    begun = time.monotonic()
    try:
        lab = Lab(binary, folder, seed)
        jobs = [Job(folder, i, lab.noise, largest, latest_s) for i in range(count)]
        with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
            for job, fault in zip(jobs, pool.map(lab.run_one, jobs)):
                if fault:
                    lab.faults.append(fault)
        large = Job(folder, count, lab.noise, largest, latest_s)
        large.size, large.format = 64 << 20, "zip"  # slower than the look at its journal
        fault = lab.killed_each_time(large)
        if fault:
            lab.faults.append(f"killed each time: {fault}")
        lab.faults += lab.leftovers([*jobs, large])
        kills = sum(lab.places.values())
        print(f"# seed {seed}: {count} jobs, {sum(j.size for j in jobs) >> 20} MiB, {sum(lab.starts.values())} starts, "
              f"{kills} kills, {time.monotonic() - begun:.0f} s")
        by_starts = collections.Counter(lab.starts.values())
        print("# jobs by number of starts: " + ", ".join(f"{n}: {by_starts[n]}" for n in sorted(by_starts)))
        for place, number in lab.places.most_common():
            print(f"# {number:6} kills  {place}")
        return lab.faults
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archivist")
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--parallel", type=int, default=os.cpu_count())
    parser.add_argument("--largest", type=int, default=LARGEST >> 20)
    parser.add_argument("--latest", type=float, default=LATEST_S)
    options = parser.parse_args()
    print(f"# seed {options.seed}")
    sys.stdout.flush()
    faults = run(os.path.abspath(options.archivist), options.seed, options.jobs, options.parallel,
                 options.largest << 20, options.latest)
    for fault in faults:
        print(f"FAILED {fault}")
    print(f"{0 if faults else 1} passed, {len(faults)} failed, 0 skipped")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
