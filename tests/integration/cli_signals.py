# SPDX-License-Identifier: Apache-2.0
"""Cancellation by signals, and the progress line."""
import os
import re
import signal

from cli_frame import SIGNALS, TIMEOUT_S, case, holds, same
from cli_pack import FORMATS

READ = rb"[1-9][0-9.]* [MG]B of "
BIG = 6 << 30  # sparse: reading it takes seconds


def cancelled(t, number, *args):
    """Sends a signal once the progress line shows work; the program must die of it."""
    before = t.names()
    code, shown = t.at_terminal(*args, until=READ, then=lambda process: process.send_signal(number))
    same(code, -number)
    holds(b"archivist: " in shown and b"cancel" in shown.lower(), shown[-300:])
    same(t.names(), before)


@case
def a_signal_leaves_nothing_of_pack(t):
    t.sparse("d/big", BIG)
    for number, form in zip((*SIGNALS, signal.SIGINT), FORMATS):
        cancelled(t, number, "pack", "d", "-o", f"new.{form}")


@case
def a_signal_leaves_nothing_of_pack_into_a_storage(t):
    t.sparse("d/big", BIG)
    os.makedirs(t.path("storage"), mode=0o700)
    cancelled(t, signal.SIGINT, "pack", "d", "--store", "file://" + t.path("storage"))
    same([n for _, _, names in os.walk(t.path("storage")) for n in names], [])


@case
def a_signal_leaves_nothing_of_store(t):
    t.sparse("big.zip", BIG)
    os.makedirs(t.path("storage"), mode=0o700)
    cancelled(t, signal.SIGTERM, "store", "big.zip", "file://" + t.path("storage"))
    same([n for _, _, names in os.walk(t.path("storage")) for n in names], [])


@case
def a_signal_ends_verify_and_leaves_nothing_of_extract(t):
    t.sparse("d/big", 3 << 30)
    t.run("pack", "d", "-o", "a.tar.gz")
    # The total of these is that of the container.
    os.makedirs(t.path("empty"))
    before = t.names()
    for args in (["verify", "a.tar.gz"], ["extract", "a.tar.gz", "out"], ["extract", "a.tar.gz", "empty"]):
        code, shown = t.at_terminal(*args, until=rb"(kB|MB) of ", then=lambda process: process.send_signal(signal.SIGINT))
        same(code, -signal.SIGINT)
        holds(b"archivist: " in shown, shown)
        same((t.names(), t.names("empty")), (before, []))


@case
def a_signal_before_work_ends_at_once(t):
    """pack waits for a list on a pipe that nobody fills."""
    reader, writer = os.pipe()
    import subprocess
    process = subprocess.Popen([t.binary, "pack", "--list", f"/dev/fd/{reader}", "-o", "new.zip", "--json"], cwd=t.dir,
                               pass_fds=[reader], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.close(reader)
    os.write(writer, b"\n" * 65536 * 3)  # it must have read some: a pipe holds 64 KiB
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=TIMEOUT_S)
    os.close(writer)
    same(process.returncode, -signal.SIGTERM)
    holds(b'"CANCELED"' in out and err.startswith(b"archivist: "), (out, err))
    same(t.names(), [])


@case
def ignored_signals_stay_ignored(t):
    t.write("d/a", b"a")
    t.public("bash", "-c", 'trap "" INT HUP; "$0" pack d -o a.zip && kill -0 $$', t.binary)
    t.run("verify", "a.zip")


@case
def progress_is_drawn_at_a_terminal_and_removed(t):
    t.sparse("d/big", 4 << 30)
    code, shown = t.at_terminal("pack", "d", "-o", "a.zip", columns=60, until=b"never", then=lambda process: None)
    same(code, 0)
    frames = [f for f in shown.split(b"\r") if f.strip()]
    holds(len(frames) >= 3, f"only {len(frames)} frames: {shown[:300]}")
    for frame in frames:
        holds(len(frame) <= 59, f"{len(frame)} columns: {frame}")
    text = b"\n".join(frames).decode("ascii")
    holds(re.search(r"\[#+\.*\]", text) and "/s" in text and " left" in text and " of 4.3 GB" in text, text[-400:])
    holds(re.fullmatch(rb" +", shown.split(b"\r")[-2]) and shown.endswith(b"\r"), f"not removed: {shown[-100:]}")


@case
def progress_is_drawn_ten_times_a_second_at_most(t):
    import time
    t.sparse("d/big", 2 << 30)
    begun = time.monotonic()
    code, shown = t.at_terminal("pack", "d", "-o", "a.zip", until=b"never", then=lambda process: None)
    seconds = time.monotonic() - begun
    same(code, 0)
    frames = [f for f in shown.split(b"\r") if f.strip()]
    holds(len(frames) <= 10 * seconds + 2, f"{len(frames)} frames in {seconds:.1f} s")


@case
def progress_fits_narrow_terminals(t):
    t.sparse("d/big", 1 << 30)
    for columns in (1, 5, 20, 39):
        code, shown = t.at_terminal("pack", "d", "-o", f"{columns}.zip", columns=columns, until=b"never", then=lambda process: None)
        same(code, 0)
        for frame in shown.split(b"\r"):
            holds(len(frame) < max(columns, 1) or not frame, f"{columns}: {frame}")


@case
def no_progress_without_a_terminal_or_with_quiet_or_json(t):
    t.sparse("d/big", 1 << 30)
    same(t.run("pack", "d", "-o", "a.zip").err, "")
    for extra in ("--quiet", "--json"):
        code, shown = t.at_terminal("pack", "d", "-o", f"a{extra}.zip", extra, until=b"never", then=lambda process: None)
        same((code, shown), (0, b""))
