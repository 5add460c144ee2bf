#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Peak memory of journalled jobs that are large, or have many files.

    job_memory.py --archivist PATH [--extension SO] [--data DIR] [--gigabytes N] [--files N]

One sparse file of N GB (100), streamed and staged, and N files of 64 bytes (1,000,000), each as a job
of the command line and, with an extension, of PHP. Prints the peak of the process above that of one
that does nothing, and whether that is below 64 MiB. The data are removed. --files needs as many inodes
in DIR (default: TMPDIR).
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

BOUND_MIB = 64
PHP = """
$spec = json_decode(file_get_contents($argv[1]));
if ($spec === null) { exit(0); }
$entries = new Archivist\\EntryList();
if (isset($spec->list)) {
    foreach (new SplFileObject($spec->list) as $line) {
        if ($line !== '') { $e = json_decode($line); $entries->addFile($e->name, $e->path, sizeBytes: $e->size); }
    }
} else {
    $entries->addFolder('', $spec->folder);
}
$engine = new Archivist\\Engine();
$job = $engine->start(new Archivist\\JobSpec(
    entries: $entries,
    package: new Archivist\\PackageOptions(name: $spec->name, uuid: $spec->uuid),
    storages: [new Archivist\\Storage\\Filesystem($spec->store, create: true)],
    staging: new Archivist\\Staging($argv[2]),
    streams: !$spec->staged,
));
$job->wait();
"""


def peak(argv):
    """Seconds and MiB of a command; an error ends the program."""
    begun = time.monotonic()
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{argv[:3]} ended with {child.returncode}: {errors.decode(errors='replace')[-500:]}")
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def job(work, number, name, staged, **entries):
    path = os.path.join(work, f"spec-{number}.json")
    spec = {"name": name, "uuid": f"0198f6a0-5c5e-7cc3-98c4-{number:012x}", "staged": staged,
            "stores": [{"url": "file://" + os.path.join(work, "store"), "options": {"create": "1"}}],
            **entries}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(spec, file)
    return path


def run(args, work, name, staged, number, **entries):
    staging = os.path.join(work, "staging")
    spec = job(work, number, name, staged, **entries)
    rows = [("command line", [args.archivist, "job", "run", "--quiet", "--staging", staging, spec],
             peak([args.archivist, "version"])[1])]
    if args.extension:
        php = ["php", "-n", "-d", f"extension={args.extension}", "-d", "memory_limit=-1", "-r", PHP, "--"]
        empty = os.path.join(work, "empty.json")
        with open(empty, "w", encoding="utf-8") as file:
            file.write("null")
        other = job(work, number + 1, name, staged, store=os.path.join(work, "store"), **entries)
        rows.append(("PHP", php + [other, staging], peak(php + [empty, staging])[1]))
    worst = 0
    for what, argv, idle in rows:
        seconds, most = peak(argv)
        worst = max(worst, most - idle)
        print(f"| {name} | {'staged' if staged else 'streamed'} | {what} | {seconds:.0f} s |"
              f" {most - idle:.1f} MiB | {'yes' if most - idle < BOUND_MIB else 'NO'} |", flush=True)
        shutil.rmtree(os.path.join(work, "store"), ignore_errors=True)
        shutil.rmtree(staging, ignore_errors=True)
    return worst < BOUND_MIB


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--archivist", required=True)
    parser.add_argument("--extension")
    parser.add_argument("--data")
    parser.add_argument("--gigabytes", type=float, default=100)
    parser.add_argument("--files", type=int, default=1000000)
    args = parser.parse_args()
    work = tempfile.mkdtemp(prefix="archivist-memory-", dir=args.data)
    try:
        print("| job | way | by | wall | peak above idle | below 64 MiB |\n|---|---|---|--:|--:|---|")
        good = True
        if args.gigabytes:
            folder = os.path.join(work, "large")
            os.mkdir(folder)
            with open(os.path.join(folder, "video.bin"), "wb") as file:
                file.truncate(int(args.gigabytes * 1e9))
            good &= run(args, work, f"{args.gigabytes:g} GB", False, 1, folder=folder)
            shutil.rmtree(folder)
        if args.files:
            folder = os.path.join(work, "many")
            listing = os.path.join(work, "many.jsonl")
            with open(listing, "w", encoding="utf-8") as names:
                for i in range(args.files):
                    if i % 1000 == 0:
                        os.makedirs(os.path.join(folder, f"{i // 1000}"))
                    path = os.path.join(folder, f"{i // 1000}", f"{i}.txt")
                    with open(path, "w", encoding="ascii") as file:
                        file.write(f"{i:064d}")
                    names.write(json.dumps({"name": f"{i // 1000}/{i}.txt", "path": path, "size": 64}) + "\n")
            good &= run(args, work, f"{args.files:,} files", True, 3, list=listing)
        return 0 if good else 1
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
