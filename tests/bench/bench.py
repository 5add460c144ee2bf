#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures archivist and its peers side by side and prints ratios.

    bench.py --archivist PATH [--quick] [--scale S] [--rounds N] [--data DIR] [--rows WORD,…]
             [--no-warm-up] [--against OLD]

Makes the data sets A to D (make_data.py), runs every peer and us in turn, round by round, and prints
the medians of wall and CPU seconds (the whole process tree), the peak memory of the largest process,
the output's size, and our ratios against the goals in docs/performance.md. Nothing here is a test:
the exit status says only whether everything could be run. --quick: scale 0.02, 3 rounds. The data
are always read once before a set begins; --no-warm-up leaves out the round that is not counted.

--against OLD: no peers; another archivist and ours in turn, pair by pair, the first one of a pair changing.
Prints the medians of the ratios of the pairs: what others do on the machine hits both of a pair, more or less.
"""
import argparse
import ctypes
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PR_SET_CHILD_SUBREAPER = 36
SETS = {"A": "20,000 files of 4 to 64 KiB", "B": "200 x 10 MB, half incompressible",
        "C": "one incompressible file of 4.3 GB", "D": "200,000 x 1 KiB"}


def measure(argv):
    """wall, cpu, peak MiB of a command with all that it starts; in a child of its own, so that the
    resource usage of one run never mixes with another's."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        try:
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            begun = time.monotonic()
            run = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE)
            while True:  # processes that outlived the command, such as the digest behind a tee
                try:
                    os.wait()
                except ChildProcessError:
                    break
            wall = time.monotonic() - begun
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            result = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
                      "peak": usage.ru_maxrss / 1024, "status": run.returncode,
                      "stderr": run.stderr.decode(errors="replace")[-400:]}
        except Exception as error:  # reported by the parent
            result = {"status": -1, "stderr": repr(error)}
        os.write(write_end, json.dumps(result).encode())
        os._exit(0)
    os.close(write_end)
    data = b""
    while True:
        part = os.read(read_end, 65536)
        if not part:
            break
        data += part
    os.close(read_end)
    os.waitpid(pid, 0)
    result = json.loads(data)
    if result["status"] != 0:
        raise SystemExit(f"failed ({result['status']}): {' '.join(argv)}\n{result['stderr']}")
    return result


def bash(script):
    return ["bash", "-c", "set -e -o pipefail; " + script]


def peers(name, folder, out):
    """name of a peer -> command; all write to `out` below the same file system."""
    digests = f"(cd {folder} && find . -type f -print0 | xargs -0 -n 256 -P2 openssl dgst -sha256 -r >{out}.sums)"
    pack = f"tar -b 2048 -C {os.path.dirname(folder)} -cf - {name}"
    tail = f"tee >(openssl dgst -sha256 >{out}.sum) | dd oflag=direct bs=4M iflag=fullblock of={out} status=none; sync -d {out}"
    listing = os.path.join(os.path.dirname(folder), f"{name}.jsonl")
    return {
        "Moodle way": ["php", os.path.join(HERE, "moodle_way.inc"), listing, out],
        "zip -r": bash(f"cd {folder} && zip -r -q {out}.zip . && openssl dgst -sha256 {out}.zip"),
        "7z -mx=1": bash(f"cd {folder} && 7z a -bd -tzip -mx=1 -mmt=2 {out}.zip . && openssl dgst -sha256 {out}.zip"),
        "EQ tar": bash(f"{pack} | {tail}; {digests}"),
        "EQ tar.zst": bash(f"{pack} | zstd -3 -T2 -q | {tail}; {digests}"),
        "tar | pigz": bash(f"{pack} | pigz -6 -p2 >{out} && openssl dgst -sha256 {out}"),
    }


def ours(args, name, folder, out, form, extra=()):
    listing = os.path.join(os.path.dirname(folder), f"{name}.jsonl")
    return [args.archivist, "pack", "--quiet", "--list", listing, "-o", f"{out}.{form}", *extra]


# set, our format, peer, cold cache, goals (wall, cpu), options of ours
ROWS = [
    ("A", "zip", "Moodle way", False, 12, 7, ()), ("A", "zip", "zip -r", False, 8, 5, ()),
    ("A", "zip", "7z -mx=1", False, 4, 4, ()),
    ("A", "tar.zst", "EQ tar.zst", False, 2, 1.7, ()), ("A", "tar", "EQ tar", False, 2.5, 2, ()),
    ("B", "zip", "Moodle way", False, 25, 15, ()), ("B", "tar.gz", "tar | pigz", False, 8, 8, ()),
    ("B", "tar.zst", "EQ tar.zst", False, 2.5, 1.6, ()), ("B", "tar", "EQ tar", False, 3, 2, ()),
    ("C", "tar", "EQ tar", False, 3, 2, ()), ("C", "zip", "Moodle way", False, 30, 20, ()),
    ("C", "zip", "zip -r", False, 20, 13, ()),
    ("D", "tar", "EQ tar", False, 4, 3, ()), ("D", "tar.zst", "EQ tar.zst", False, 2.5, 2.5, ()),
    ("D", "zip", "Moodle way", False, 8, 5, ()),
    ("A", "tar", "EQ tar", True, 2.5, None, ()), ("D", "tar", "EQ tar", True, 2.5, None, ()),
    ("A", "zip", None, False, None, None, ("--reproducible",)),
    ("A", "zip", None, False, None, None, ("--sha512",)),
]


# What --against measures: set, format, options.
PAIRS = [
    ("A", "zip", ()), ("A", "tar.gz", ()), ("A", "tar.zst", ()), ("A", "tar", ()),
    ("B", "zip", ()), ("B", "tar.gz", ()), ("B", "tar.zst", ()), ("B", "tar", ()),
    ("C", "zip", ()), ("D", "zip", ()), ("D", "tar", ()),
    ("A", "zip", ("--reproducible",)), ("A", "tar.gz", ("--reproducible",)),
    ("B", "zip", ("--reproducible",)), ("B", "tar.gz", ("--reproducible",)),
]


def cold():
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as f:
            f.write("3")
        return True
    except OSError:
        return False


def warm(folder):
    for base, _, names in os.walk(folder):
        for n in names:
            with open(os.path.join(base, n), "rb", buffering=0) as f:
                while f.read(1 << 20):
                    pass


def clean(work):
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)


def made_bytes(work): # the container alone
    names = [n for n in os.listdir(work) if not n.endswith((".sum", ".sums"))]
    return sum(os.path.getsize(os.path.join(work, n)) for n in names)


def run_rows(args, rows, data, work):
    # every distinct command of a set once per round, in turn
    jobs = {}
    for name, form, peer, is_cold, _, _, extra in rows:
        folder, out = os.path.join(data, name), os.path.join(work, "out")
        jobs[(name, "archivist " + " ".join((form, *extra)), is_cold)] = ours(args, name, folder, out, form, extra)
        if peer:
            jobs[(name, peer, is_cold)] = peers(name, folder, out)[peer]
    results = {}
    for name in dict.fromkeys(key[0] for key in jobs):
        warm(os.path.join(data, name))
        for number in range(args.no_warm_up, args.rounds + 1):  # 0 is the warm-up
            for key, argv in jobs.items():
                if key[0] != name or (number == 0 and key[2]):
                    continue
                clean(work)
                if key[2] and not cold():
                    continue
                result = measure(argv)
                result["bytes"] = made_bytes(work)
                if number:
                    results.setdefault(key, []).append(result)
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def median(results, key, figure):
    return statistics.median(r[figure] for r in results[key]) if results.get(key) else float("nan")


def shown(command):  # in a cell of a table
    return command.strip().replace("|", "\\|")


def report(args, rows, results):
    lines = ["| set | command | wall s | CPU s | peak MiB | MB |", "|---|---|---|---|---|---|"]
    for key in results:
        lines.append("| %s%s | %s | %.2f | %.2f | %.0f | %.1f |" % (
            key[0], " cold" if key[2] else "", shown(key[1]), median(results, key, "wall"),
            median(results, key, "cpu"), median(results, key, "peak"), median(results, key, "bytes") / 1e6))
    lines += ["", "| set | ours | against | wall ratio (goal) | CPU ratio (goal) | size ratio | reached |",
              "|---|---|---|---|---|---|---|"]
    for name, form, peer, is_cold, wall_goal, cpu_goal, extra in rows:
        mine, other = (name, "archivist " + " ".join((form, *extra)), is_cold), (name, peer, is_cold)
        if not peer or mine not in results or other not in results:
            continue
        wall = median(results, other, "wall") / median(results, mine, "wall")
        cpu = median(results, other, "cpu") / median(results, mine, "cpu")
        size = median(results, mine, "bytes") / median(results, other, "bytes")
        good = wall >= wall_goal and (cpu_goal is None or cpu >= cpu_goal)
        lines.append("| %s%s | %s | %s | %.2f (%s) | %.2f (%s) | %.3f | %s |" % (
            name, " cold" if is_cold else "", form, shown(peer), wall, wall_goal, cpu, cpu_goal or "-", size,
            "yes" if good else "no"))
    return "\n".join(lines)


def run_pairs(args, pairs, data, work):
    results = {}
    for name in dict.fromkeys(pair[0] for pair in pairs):
        warm(os.path.join(data, name))
        for number in range(args.no_warm_up, args.rounds + 1):  # 0 is the warm-up
            for pair in (p for p in pairs if p[0] == name):
                made = {}
                for binary in (args.against, args.archivist)[:: 1 if number % 2 else -1]:
                    clean(work)
                    argv = ours(args, name, os.path.join(data, name), os.path.join(work, "out"), pair[1], pair[2])
                    made[binary] = measure([binary, *argv[1:]])
                    made[binary]["bytes"] = made_bytes(work)
                if number:
                    results.setdefault(pair, []).append((made[args.against], made[args.archivist]))
                print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return results


def report_pairs(results):
    figures = ("cpu", "wall", "peak", "bytes")
    lines = ["| set | format | CPU s, old | CPU s, new | CPU | lowest CPU | wall | memory | size |",
             "|---|---|---|---|---|---|---|---|---|"]
    for (name, form, extra), pairs in results.items():
        ratios = [statistics.median(new[f] / old[f] for old, new in pairs) for f in figures]
        lowest = [min(pair[which]["cpu"] for pair in pairs) for which in (0, 1)]
        lines.append("| %s | %s | %.2f | %.2f | %.3f | %.3f | %.3f | %.3f | %.4f |" % (
            name, " ".join((form, *extra)), statistics.median(old["cpu"] for old, _ in pairs),
            statistics.median(new["cpu"] for _, new in pairs), ratios[0], lowest[1] / lowest[0], *ratios[1:]))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--archivist", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--scale", type=float)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--rows", help="only rows of which the set or format is named, such as A,tar.gz; with "
                        "--against those whose set and format are named, such as A,B,zip")
    parser.add_argument("--no-warm-up", action="store_true")
    parser.add_argument("--against", help="another archivist")
    parser.add_argument("--data", default=os.path.join(
        os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "archivist", "bench"))
    args = parser.parse_args()
    args.scale = args.scale or (0.02 if args.quick else 1.0)
    args.rounds = args.rounds or (3 if args.quick else 7)
    args.archivist = os.path.abspath(args.archivist)
    rows = ROWS
    if args.against:
        args.against = os.path.abspath(args.against)
        rows = PAIRS
    if args.rows:  # a set and a format: both must fit
        words = args.rows.split(",")
        sets, forms = [w for w in words if w in SETS], [w for w in words if w not in SETS]
        rows = [r for r in rows if (r[0] in sets or not sets) and (r[1] in forms or not forms)] if args.against else \
            [r for r in rows if r[0] in words or r[1] in words]
    data = os.path.join(args.data, f"data-{args.scale}")
    sets = ",".join(dict.fromkeys(r[0] for r in rows))
    subprocess.run([sys.executable, os.path.join(HERE, "make_data.py"), "--scale", str(args.scale),
                    "--sets", sets, data], check=True, stdout=subprocess.DEVNULL)
    work = os.path.join(args.data, "work")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        results = run_pairs(args, rows, data, work) if args.against else run_rows(args, rows, data, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"scale {args.scale}, {args.rounds} rounds, medians; {os.cpu_count()} cores")
    print(report_pairs(results) if args.against else report(args, rows, results))


if __name__ == "__main__":
    main()
