# SPDX-License-Identifier: Apache-2.0
"""job: run, look, cancel, retry, delete; killed, interrupted, refused."""
import fcntl
import hashlib
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time

import check_bag
from cli_frame import ENVIRONMENT, TIMEOUT_S, TOP, Skip, as_nobody, case, holds, need, need_root, same
from cli_pack import originals, sample
from cli_storage import tree, url

UUID = "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"
OTHER = "0198f6a0-5c5e-7cc3-98c4-dc0c0c073990"
SLOW = 3 << 28  # sparse: reading it takes the better part of a second at least


def spec(t, file="spec.json", **members):
    """A specification for the folder "exam" and a storage that is there, unless told otherwise."""
    if not {"folder", "list", "entries"} & set(members):
        members["folder"] = "exam"
    if "stores" not in members:
        os.makedirs(t.path("store"), mode=0o700, exist_ok=True)
        members["stores"] = [url(t, "store")]
    return t.write(file, json.dumps(members, ensure_ascii=False, indent=1))


def objects(t, folder="store"):
    """What is stored; a storage may have a mark of its own."""
    return [os.path.basename(n) for n in tree(t, folder) if not os.path.basename(n).startswith(".")]


def job(t, *args, **more):
    return t.run("job", *args, "--staging", "staging", **more)


def job_json(t, *args, **more):
    return t.json("job", *args, "--staging", "staging", **more)


def lines(result):
    return [json.loads(line) for line in result.text.splitlines()]


def begin(t, *args):
    return subprocess.Popen([t.binary, "job", "run", *args, "--staging", "staging"], cwd=t.dir, env=ENVIRONMENT,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def journal(t, uuid=UUID):
    """Kinds of the records, in order."""
    try:
        with open(t.path("staging", uuid, "journal"), "rb") as f:
            return [json.loads(line[65:])["kind"] for line in f.read().split(b"\n")[:-1]]
    except FileNotFoundError:
        return []


def until(process, condition):
    """Polls while the process runs; it must not end before."""
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        try:
            code = process.wait(timeout=0.01)
            raise AssertionError(f"it ended with {code} before: {process.communicate()}")
        except subprocess.TimeoutExpired:
            holds(time.monotonic() < deadline, "what was waited for does not come")


def killed(t, *args):
    """A run that is killed once it packs."""
    process = begin(t, *args)
    until(process, lambda: "attempt" in journal(t))
    process.kill()
    process.communicate()
    same(process.returncode, -signal.SIGKILL)


def slow(t, file="slow.json", uuid=UUID, **members):
    if not os.path.exists(t.path("slow", "big")):
        t.sparse("slow/big", SLOW)
    return spec(t, file, folder="slow", uuid=uuid, level=9, threads=1, **members)


def write_journal(t, uuid, records):
    """As docs/reliability.md has it: each line with the digest of the one before and its own bytes."""
    chain, text = hashlib.sha256(b"archivist journal 1 " + uuid.encode()).digest(), b""
    for record in records:
        body = json.dumps({"kind": record[0], "at_ms": 1795634556771, **record[1]}, separators=(",", ":")).encode()
        chain = hashlib.sha256(chain + body).digest()
        text += chain.hex().encode() + b" " + body + b"\n"
    t.write(f"staging/{uuid}/journal", text, mode=0o600)
    write_head(t, uuid)


def write_head(t, uuid):
    """The head that a journal would have if all of its records were acknowledged."""
    with open(t.path("staging", uuid, "journal"), "rb") as f:
        text = f.read()
    lines = text.splitlines(keepends=True)

    def slot(count):
        known = f"{count:020d} {sum(map(len, lines[:count])):020d} ".encode() + lines[count - 1][:64] + b" "
        return known + hashlib.sha256(b"archivist journal head 1 " + uuid.encode() + known).hexdigest().encode() + b"\n"
    slots = [slot(len(lines)), slot(max(len(lines) - 1, 1))]
    if len(lines) % 2:
        slots.reverse()
    t.write(f"staging/{uuid}/head", slots[0].ljust(4096, b"\0") + slots[1], mode=0o600)


# ---- all is well ----

@case
def a_job_is_run_once_and_then_told_again(t):
    sample(t)
    spec(t)
    first = job_json(t, "run", "spec.json")
    same((first["state"], first["attempts"], first["failure_count"], len(first["stored"])), ("COMPLETED", 1, 0, 1))
    same(check_bag.check(first["stored"][0]["address"].removeprefix("file://")), [])
    t.run("verify", first["stored"][0]["address"])
    before = (journal(t, first["uuid"]), objects(t))
    same(job_json(t, "run", "spec.json"), first)
    same(job_json(t, "run", first["uuid"]), first)
    same(job_json(t, "status", first["uuid"]), first)
    same((journal(t, first["uuid"]), objects(t)), before)
    again = job(t, "run", "spec.json")
    text = again.text
    holds(f"Nothing was done: it ended at {first['ended_at']}" in again.err, again.err)
    for word in (first["uuid"], first["stored"][0]["address"], first["sha256"], "completed", str(first["payload_bytes"])):
        holds(word in text, f"{word} is not in {text}")


@case
def the_uuid_is_that_of_the_text_and_its_place(t):
    t.write("exam/a", b"a")
    path = spec(t)
    found = job_json(t, "run", "spec.json")["uuid"]
    with open(path, "rb") as f:
        digest = hashlib.sha256(b"archivist-spec-1 " + path.encode() + b"\n" + f.read()).hexdigest()
    same(found, f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{'89ab'[int(digest[16], 16) & 3]}{digest[17:20]}-{digest[20:32]}")
    same(job_json(t, "run", "./exam/../spec.json")["uuid"], found)
    spec(t, "elsewhere/spec.json", folder="../exam")
    holds(job_json(t, "run", "elsewhere/spec.json")["uuid"] != found, "two places have one UUID")
    spec(t, title="changed")
    holds(job_json(t, "run", "spec.json")["uuid"] != found, "two texts have one UUID")
    same(len(objects(t)), 3)


@case
def a_job_goes_on_without_its_file_and_from_any_folder(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=1)
    job(t, "run", "spec.json", "--once", "-q", code=4)
    os.unlink(t.path("spec.json"))
    os.makedirs(t.path("away"), mode=0o700)
    found = t.json("job", "run", UUID, "--staging", t.path("staging"), cwd="/")
    same((found["state"], found["attempts"]), ("COMPLETED", 2))


@case
def every_member_of_a_specification_counts(t):
    sample(t)
    t.write("exam/left.tmp", b"x")
    os.symlink("UPPER.txt", t.path("exam/link"))
    for folder in ("one", "two"):
        os.makedirs(t.path(folder), mode=0o700)
    spec(t, uuid=UUID, name="Prüfung: 1/2", title="A <title>", created_by="Doe, J.", collected_at=1752568200, format="tar.gz",
         level=1, sha512=True, reproducible=True, metadata={"course": "Öko \"1\"", "n": [1, 2.5, None, {"a": -1e3}]}, exclude=["*.tmp"],
         links="skip", stores=[url(t, "one"), {"url": url(t, "two"), "options": {"create": "0"}}, {"url": url(t, "three"), "options": {"create": "1"}}],
         staged=True, attempts=2, retry_delay_s=1, time_limit_s=600, stall_limit_s=60, threads=1, memory_mib=9)
    found = job_json(t, "run", "spec.json")
    same((found["uuid"], len(found["sha512"]), len(found["stored"])), (UUID, 128, 3))
    path = found["stored"][2]["address"].removeprefix("file://")
    holds(path.endswith(f"{UUID}.tar.gz"), path)
    bag = check_bag.read_bag(path)[0]
    told = json.loads(bag.texts["metadata/job.json"])
    same((told["name"], told["title"], told["created_by"], told["collected_at"], told["reproducible"], told["metadata"]),
         ("Prüfung_ 1_2", "A <title>", "Doe, J.", "2025-07-15T08:30:00Z", True, {"course": "Öko \"1\"", "n": [1, 2.5, None, {"a": -1e3}]}))
    names = originals(t, path)
    holds("link" not in names and "left.tmp" not in names and "UPPER.txt" in names, names)


@case
def dates_of_the_request_the_collecting_and_the_storing_are_told_apart(t):
    """A run that packs anew has a new date; the request keeps its own."""
    t.sparse("exam/slow", SLOW)
    spec(t, uuid=UUID, staged=True)
    process = begin(t, "spec.json")
    until(process, lambda: "attempt" in journal(t))
    process.kill()
    process.communicate()
    told = job_json(t, "status", UUID)
    same([told[key] for key in ("collected_at", "read_at", "packed_at", "stored_at")], [None] * 4)
    os.truncate(t.path("exam/slow"), 1)
    at = int(time.time())
    while int(time.time()) == at:  # the second in which it was asked for is over
        time.sleep(0.02)
    again = job_json(t, "run", "spec.json")
    same((again["state"], again["requested_at"]), ("COMPLETED", told["requested_at"]))
    times = [again[key] for key in ("requested_at", "collected_at", "read_at", "packed_at", "stored_at", "ended_at")]
    holds(times == sorted(times) and times[0] < times[1] and all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", x) for x in times), times)
    same(again["stored"][0]["stored_at"], again["stored_at"])
    path = again["stored"][0]["address"].removeprefix("file://")
    bag = check_bag.read_bag(path)[0]
    inside = json.loads(bag.texts["metadata/job.json"])
    same((inside["requested_at"], inside["collected_at"]), (times[0], times[1]))
    same(bag.info()["Bagging-Date"], [times[1][:10]])
    report = t.json("verify", path)
    same((report["requested_at"], report["collected_at"]), (times[0], times[1]))
    text = job(t, "status", UUID).text
    holds(all(f"\n{label:10}{again[label + '_at']}\n" in text for label in ("requested", "collected", "read", "packed", "stored")), text)
    page = bag.texts["index.html"].decode()
    holds(times[0] in page and times[1] in page, page[:3000])
    spec(t, "fixed.json", uuid=OTHER, requested_at=1, collected_at=1752568200)
    told = job_json(t, "run", "fixed.json")
    inside = json.loads(check_bag.read_bag(told["stored"][0]["address"].removeprefix("file://"))[0].texts["metadata/job.json"])
    same((inside["requested_at"], inside["collected_at"]), ("1970-01-01T00:00:01Z", "2025-07-15T08:30:00Z"))
    same(told["collected_at"], "2025-07-15T08:30:00Z")


@case
def entries_and_lists_give_names_and_owners(t):
    t.write("src/1", b"one")
    entry = {"name": "Zoë/essay \\ \"1\".pdf", "path": "src/1", "size": 3, "owner": "Muster, Mia", "modified": -1}
    spec(t, "entries.json", entries=[entry, {"name": "b", "path": t.path("src/1")}])
    t.list_file("l", [{**entry, "path": t.path("src/1")}, {"name": "b", "path": t.path("src/1")}])
    spec(t, "list.json", list="l")
    for name in ("entries.json", "list.json"):
        address = job_json(t, "run", name)["stored"][0]["address"]
        found = {f["original"]: f for f in lines(t.run("list", "--json", address))}
        same(found[entry["name"]]["owner"], "Muster, Mia")
        same(found[entry["name"]]["modified"], "1969-12-31T23:59:59Z")
        same(sorted(found), sorted([entry["name"], "b"]))


@case
def a_job_that_streams_stages_nothing(t):
    sample(t)
    spec(t, staged=False)
    found = job_json(t, "run", "spec.json")
    same((found["state"], found["packaged"]), ("COMPLETED", False))
    same(sorted(os.listdir(t.path("staging", found["uuid"]))), ["document", "head", "journal", "lock", "log"])
    t.run("verify", found["stored"][0]["address"])


@case
def several_jobs_are_told_one_by_one(t):
    names = []
    for i in range(7):
        t.write(f"exam{i}/a", b"a" * i)
        spec(t, f"{i}.json", folder=f"exam{i}")
        names.append(f"{i}.json")
    spec(t, "bad.json", folder="missing")
    result = job(t, "run", *names[:3], "bad.json", *names[3:], "--jobs", "2", "--json", code=3)
    found = lines(result)
    same(sorted(f.get("state", "refused") for f in found), ["COMPLETED"] * 7 + ["refused"])
    same([f["error"]["exit"] for f in found if "error" in f], [3])
    holds("missing" in result.err, result.err)
    same(len(objects(t)), 7)
    text = job(t, "run", *names).text
    same(len(text.splitlines()), 7)
    for line in text.splitlines():
        holds(re.fullmatch(r"[0-9a-f-]{36}  completed .* file://\S+\.zip", line), line)
    same(len(job(t, "status").text.splitlines()), 8)
    same(len(lines(job(t, "status", "--json"))), 7)
    job(t, "run", "0.json", "0.json", code=2)


@case
def all_takes_what_has_not_ended(t):
    for i in range(3):
        t.write(f"exam{i}/a", b"a" * i)
        spec(t, f"{i}.json", folder=f"exam{i}", stores=[url(t, "away")], retry_delay_s=1)
    job(t, "run", "0.json", "1.json", "2.json", "--once", "-q", code=4)
    os.makedirs(t.path("away"), mode=0o700)
    found = lines(job(t, "run", "--all", "--json"))
    same([(f["state"], f["attempts"]) for f in found], [("COMPLETED", 2)] * 3)
    same(job(t, "run", "--all").text, "")
    same(len(objects(t, "away")), 3)


# ---- retries ----

@case
def once_is_one_attempt(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=3600)
    found = job_json(t, "run", "spec.json", "--once", "-q", code=4)
    same((found["state"], found["attempts"], found["packaged"]), ("RECOVERABLE_ERROR", 1, True))
    same((found["error"]["name"], found["error"]["exit"]), ("OFFLINE", 4))
    holds(found["retry_at"] > found["begun_at"], found)
    same(job_json(t, "run", UUID, "--once", code=4)["attempts"], 1)  # it is too early
    text = job(t, "status").text
    holds("waiting for a retry" in text and "OFFLINE: " in text and found["retry_at"] in text, text)


@case
def a_run_waits_for_its_retries(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=1)
    process = begin(t, "spec.json")
    until(process, lambda: "retry" in journal(t))
    os.makedirs(t.path("away"), mode=0o700)
    out, err = process.communicate(timeout=TIMEOUT_S)
    same(process.returncode, 0)
    holds(b"completed" in out and b"next attempt is due" in err, (out, err))
    same(journal(t).count("packaged"), 1)


@case
def retries_are_bounded(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=1, attempts=2)
    found = job_json(t, "run", "spec.json", "-q", code=4)
    same((found["state"], found["attempts"], found["error"]["name"]), ("FAILURE", 2, "OFFLINE"))
    holds("After 2 attempts" in found["error"]["message"], found)
    same(job_json(t, "run", UUID, code=4), found)
    os.makedirs(t.path("away"), mode=0o700)
    same(job_json(t, "retry", UUID)["state"], "QUEUED")
    same(job_json(t, "run", UUID)["state"], "COMPLETED")


@case
def a_part_is_told_and_completed_by_a_retry(t):
    t.write("exam/a", b"a")
    os.symlink("missing", t.path("exam/b"))
    spec(t, uuid=UUID, failures_max=1)
    found = job_json(t, "run", "spec.json", "-q", code=3)
    same((found["state"], found["entries"], found["failure_count"], found["error"]["exit"]), ("PARTIAL", 1, 1, 3))
    holds("job retry" in found["error"]["message"], found)
    same(job_json(t, "run", UUID, code=3), found)
    text = job(t, "status", UUID).text
    holds("completed in part" in text and "1 entries are missing" in text, text)
    t.write("exam/missing", b"b")
    job(t, "retry", UUID)
    same(job_json(t, "run", UUID)["state"], "COMPLETED")
    same(objects(t), [f"{UUID}.2.zip"])


@case
def more_missing_than_allowed_fails(t):
    t.write("exam/a", b"a")
    for name in "bcd":
        os.symlink("missing", t.path("exam", name))
    spec(t, uuid=UUID, failures_max=2)
    found = job_json(t, "run", "spec.json", "-q", code=3)
    same((found["state"], found["stored"], objects(t)), ("FAILURE", [], []))


# ---- killed and interrupted ----

@case
def a_killed_run_goes_on(t):
    slow(t)
    killed(t, "slow.json")
    status = job_json(t, "status", UUID)
    same((status["state"], status["running"], status["attempts"]), ("QUEUED", False, 1))
    same(job_json(t, "run", "slow.json")["attempts"], 2)
    same(len(objects(t)), 1)


@case
def two_runs_at_once_are_one(t):
    slow(t)
    process = begin(t, "slow.json")
    until(process, lambda: "attempt" in journal(t))
    t.fails(2, "STATE", "job", "run", "slow.json", "--staging", "staging", says=str(process.pid))
    t.fails(2, "STATE", "job", "delete", UUID, "--staging", "staging", says="Another process")
    holds(job_json(t, "status", UUID)["running"], "it is not told as running")
    holds(" running " in job(t, "status").text, "it is not told as running")
    process.communicate(timeout=TIMEOUT_S)
    same((process.returncode, len(objects(t))), (0, 1))


@case
def a_signal_interrupts_and_costs_nothing(t):
    for number in (signal.SIGTERM, signal.SIGINT):
        uuid = UUID if number == signal.SIGTERM else OTHER
        slow(t, f"{number}.json", uuid=uuid)
        process = begin(t, f"{number}.json")
        until(process, lambda uuid=uuid: "attempt" in journal(t, uuid))
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT_S)
        same(process.returncode, -number)
        holds(b"goes on with it" in err and b"waiting" in out, (out, err))
        status = job_json(t, "status", uuid)
        same((status["state"], status["attempts"], journal(t, uuid)[-1]), ("QUEUED", 0, "interrupted"))
    job(t, "run", "--all")
    same(len(objects(t)), 2)


@case
def a_signal_interrupts_a_wait(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=3600)
    process = begin(t, "spec.json")
    until(process, lambda: "retry" in journal(t))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT_S)
    same(process.returncode, -signal.SIGINT)
    same((job_json(t, "status", UUID)["state"], job_json(t, "status", UUID)["attempts"]), ("RECOVERABLE_ERROR", 1))


@case
def kills_at_random_moments(t):
    """A sample of tests/fault/kill.py."""
    need("unzip", "tar", "zstd")
    program = os.path.join(TOP, "tests/fault/kill.py")
    count = "100" if os.environ.get("FULL") == "1" else "6"
    more = [] if os.environ.get("FULL") == "1" else ["--largest", "24", "--latest", "0.8"]
    done = subprocess.run(["python3", program, t.binary, "--jobs", count, *more], capture_output=True, text=True, check=False,
                          env={**ENVIRONMENT, "TMPDIR": t.dir})
    print(done.stdout.rsplit("\n", 2)[0])
    same((done.returncode, done.stderr), (0, ""))


# ---- cancel, delete, sweep ----

@case
def a_running_job_is_cancelled_from_outside(t):
    slow(t)
    process = begin(t, "slow.json")
    until(process, lambda: "attempt" in journal(t))
    holds("is asked to stop" in job(t, "cancel", UUID).text, "it is not told")
    out, err = process.communicate(timeout=TIMEOUT_S)
    same((process.returncode, objects(t)), (6, []))
    holds(b"cancelled" in out + err, (out, err))
    same(job_json(t, "status", UUID)["state"], "ABORTED")
    t.fails(2, "STATE", "job", "cancel", UUID, "--staging", "staging", says="has ended")
    job(t, "retry", UUID)
    same(job_json(t, "run", UUID)["state"], "COMPLETED")


@case
def what_nobody_runs_is_taken_back_at_once(t):
    t.write("exam/a", b"a")
    spec(t, "away.json", uuid=OTHER, stores=[url(t, "away")], retry_delay_s=3600)
    job(t, "run", "away.json", "--once", "-q", code=4)
    holds(os.path.exists(t.path("staging", OTHER, "container")), "there is nothing to take back")
    found = job_json(t, "cancel", OTHER)
    same((found["state"], found["attempts"]), ("ABORTED", 1))
    holds(not os.path.exists(t.path("staging", OTHER, "container")), "the container stays")
    spec(t, uuid=UUID)
    job(t, "run", "spec.json")
    with open(t.path("staging", UUID, "journal"), "r+b") as f:  # as if it was killed just before its end
        text = f.read()
        f.truncate(text[:-1].rindex(b"\n") + 1)
    write_head(t, UUID)
    same((journal(t)[-1], len(objects(t))), ("stored", 1))
    holds("cancelled" in job(t, "cancel", UUID).text, "it is not told")
    same((job_json(t, "status", UUID)["state"], objects(t)), ("ABORTED", []))


@case
def a_wait_ends_when_the_job_is_cancelled(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=3600)
    process = begin(t, "spec.json")
    until(process, lambda: job_json(t, "status", UUID)["state"] == "RECOVERABLE_ERROR" if "retry" in journal(t) else False)
    job(t, "cancel", UUID, code=None)
    process.communicate(timeout=TIMEOUT_S)
    same(process.returncode, 6)
    same(job_json(t, "status", UUID)["state"], "ABORTED")


@case
def a_wait_lasts_as_long_as_another_process_has_the_job(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID, stores=[url(t, "away")], retry_delay_s=3600)
    process = begin(t, "spec.json")
    until(process, lambda: "retry" in journal(t) and job_json(t, "status", UUID)["state"] == "RECOVERABLE_ERROR")
    with open(t.path("staging", UUID, "lock"), "r+b") as lock:
        fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 0, 0, 0))
        t.write(f"staging/{UUID}/cancel", b"")
        try:  # it looks at the job once a second
            raise AssertionError(f"it ended with {process.wait(timeout=2.5)}: {process.communicate()}")
        except subprocess.TimeoutExpired:
            pass
    process.communicate(timeout=TIMEOUT_S)
    same(process.returncode, 6)
    same(job_json(t, "status", UUID)["state"], "ABORTED")


@case
def deleted_jobs_are_forgotten_and_their_archives_stay(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID)
    address = job_json(t, "run", "spec.json")["stored"][0]["address"]
    same(job_json(t, "delete", UUID), {"uuid": UUID, "deleted": True})
    same(os.listdir(t.path("staging")), [])
    t.run("verify", address)
    t.fails(4, "NOTFOUND", "job", "status", UUID, "--staging", "staging", says=UUID)
    t.fails(4, "EXISTS", "job", "run", "spec.json", "-q", "--staging", "staging", says="nothing was overwritten")
    t.run("verify", address)


@case
def a_damaged_journal_is_told_and_left_alone(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID)
    job(t, "run", "spec.json")
    with open(t.path("staging", UUID, "journal"), "r+b") as f:
        f.seek(100)
        f.write(b"#")
    found = lines(job(t, "status", "--json", code=1))
    same((found[0]["uuid"], found[0]["error"]["name"]), (UUID, "FORMAT"))
    for args in (("run", UUID), ("run", "spec.json"), ("retry", UUID), ("delete", UUID), ("cancel", UUID)):
        same(job(t, *args, "--json", code=1).text.count("FORMAT"), 1)
    holds("state=COMPLETED" in job(t, "log", UUID).text, "its log cannot be read")
    same(job_json(t, "sweep")["damaged"], 1)
    job(t, "delete", UUID, "--force")
    same(os.listdir(t.path("staging")), [])


@case
def an_address_belongs_to_one_archive(t):
    for i, uuid in ((1, UUID), (2, OTHER)):
        t.write(f"e{i}/grade", b"%d.0" % i)
        spec(t, f"{i}.json", folder=f"e{i}", uuid=uuid)
    stored = [job_json(t, "run", f"{i}.json")["stored"][0]["address"] for i in (1, 2)]
    job(t, "status", UUID, "--check")
    same([c["as_stored"] for c in job_json(t, "status", UUID, "--check")["check"]], [True])
    paths = [address.removeprefix("file://") for address in stored]
    shutil.copyfile(paths[1], paths[0])
    found = t.json("verify", stored[0], code=1)
    same([(f["kind"], UUID in f["message"], OTHER in f["message"]) for f in found["findings"]], [("ADDRESS", True, True)])
    t.fails(1, "MISMATCH", "list", stored[0], says=OTHER)
    t.fails(1, "MISMATCH", "extract", stored[0], "out")
    t.fails(1, "MISMATCH", "fetch", stored[0], "got.zip", says=OTHER)
    holds(not os.path.exists(t.path("got.zip")) and not os.path.exists(t.path("out")), "something was written")
    t.run("verify", paths[0])
    same(job_json(t, "status", UUID, "--check", code=1)["check"][0]["as_stored"], False)
    job(t, "status", OTHER, "--check")
    os.unlink(paths[1])
    holds("NOT AS STORED" in job(t, "status", OTHER, "--check", code=4).text, "it is not told")


@case
def what_could_not_be_read_is_not_called_another_archive(t):
    need_root()
    t.write("exam/grade", b"1.0")
    spec(t, uuid=UUID)
    path = job_json(t, "run", "spec.json")["stored"][0]["address"].removeprefix("file://")
    whole = open(path, "rb").read()
    os.chmod(path, 0o600)
    with open(path, "r+b") as f:
        f.write(whole.replace(b"grade", b"grape", 1))
    found = t.public(t.binary, "job", "status", UUID, "--check", "--staging", "staging", code=1)
    holds("NOT AS STORED" in found.text and "data/gra" in found.err, found)
    os.rename(path, path + "-moved")
    os.symlink(path + "-moved", path)
    found = job_json(t, "status", UUID, "--check", code=4)["check"][0]
    holds(found["as_stored"] is None and found["problem"], found)
    holds("NOT READ" in job(t, "status", UUID, "--check", code=4).text, "it is not told")


@case
def an_archive_is_stored_under_its_own_uuid_and_other_files_are_not(t):
    t.write("exam/a", b"a")
    t.run("pack", "exam", "-o", "exam.zip", "--uuid", UUID)
    same(t.run("store", "exam.zip", f"file://{t.path('store')}", "--option", "create=1").text.strip().rsplit("/", 1)[1], UUID + ".zip")
    said = t.fails(4, "EXISTS", "store", "exam.zip", f"file://{t.path('store')}", says="archive of this UUID already")
    holds(f"{UUID}.zip" in said and "another name" not in said, said)
    t.write("notes.txt", b"no archive")
    address = t.run("store", "notes.txt", f"file://{t.path('store')}").text.strip()
    holds("/ffffffff-" in address, address)
    t.run("fetch", address, "again.txt")


@case
def a_zero_byte_in_what_was_told_is_damage_and_no_torn_end(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID)
    address = job_json(t, "run", "spec.json")["stored"][0]["address"]
    with open(t.path("staging", UUID, "journal"), "r+b") as f:
        text = f.read()
        whole = [0, *(i + 1 for i, byte in enumerate(text) if byte == 10)]
        for begin in whole[:-1]:
            f.seek(0)
            f.write(text[:begin + 70] + b"\0" + text[begin + 71:])
            f.flush()
            for args in (("run", UUID), ("run", "--all"), ("retry", UUID), ("delete", UUID), ("cancel", UUID)):
                same(job(t, *args, "--json", code=1).text.count("FORMAT"), 1)
            same(os.fstat(f.fileno()).st_size, len(text))
    t.run("verify", address)


@case
def sweep_removes_what_no_journal_knows_of(t):
    t.write(f"staging/{UUID}/lock")
    t.write(f"staging/{UUID}/container", b"x" * 1000)
    found = job_json(t, "sweep")
    same((found["jobs"], found["bytes"], found["damaged"]), (1, 1000, 0))
    same(os.listdir(t.path("staging")), [])
    holds("0 folders" in job(t, "sweep").text, "it removes what is not there")


@case
def the_log_tells_what_happened_in_order(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID)
    job(t, "run", "spec.json")
    found = lines(job(t, "log", UUID, "--json"))
    states = [f["details"].removeprefix("state=") for f in found if f["details"].startswith("state=")]
    same(states, ["PRE_PROCESSING", "ACTIVITY_ARCHIVING", "POST_PROCESSING", "STORE", "CLEANUP", "COMPLETED"])
    same([f["at_ms"] for f in found], sorted(f["at_ms"] for f in found))
    same(len(job(t, "log", UUID).text.splitlines()), len(found))


# ---- refused ----

GOOD = '"folder":"exam","stores":["file:///nowhere"]'
REFUSED = [  # text, exit code, name, what the sentence says
    ("", 3, "FORMAT", "line 1"), ("{", 3, "FORMAT", "line 1, column 2"), ("[]", 2, "INVALID", "an object, not a list"),
    ('{%s}x' % GOOD, 3, "FORMAT", "follows the end"), ('{%s,}' % GOOD, 3, "FORMAT", "name of a member"),
    ('{%s,"level":1,\n"level":2}' % GOOD, 3, "FORMAT", "line 2, column 8: a member stands there twice"),
    ('{%s,"title":"a\nb"}' % GOOD, 3, "FORMAT", "control character"), ('{%s,"title":"\\x"}' % GOOD, 3, "FORMAT", "backslash"),
    ('{%s,"title":"\\u0000"}' % GOOD, 3, "FORMAT", "backslash"), ('{%s,"title":"\\ud800x"}' % GOOD, 3, "FORMAT", "backslash"),
    (b'{"title":"\xff"}', 3, "FORMAT", "UTF-8"), ('{"title":"', 3, "FORMAT", "no end"), ('{"level":1e}', 3, "FORMAT", "number"),
    ('{"level":01}', 3, "FORMAT", "comma"), ('{"sha512":yes}', 3, "FORMAT", "a value should stand"), ("[" * 100, 3, "FORMAT", "too deep"),
    ('{%s,"metadata":{%s}}' % (GOOD, ",".join(f'"{i}":0' for i in range(1100))), 3, "FORMAT", "too many members"),
    ('{%s,\n"titel":"x"}' % GOOD, 2, "INVALID", 'line 2: A specification has no member "titel"'),
    ('{%s,"sha512":"yes"}' % GOOD, 2, "INVALID", '"sha512" must be true or false, not a text'),
    ('{%s,"title":null}' % GOOD, 2, "INVALID", '"title" must be a text, not null'),
    ('{%s,"metadata":[]}' % GOOD, 2, "INVALID", "must be an object, not a list"),
    ('{%s,"level":20}' % GOOD, 2, "INVALID", "from 0 to 19"), ('{%s,"level":-1}' % GOOD, 2, "INVALID", "from 0 to 19"),
    ('{%s,"level":1.5}' % GOOD, 2, "INVALID", "whole number"), ('{%s,"level":12}' % GOOD, 2, "INVALID", "zip takes 0 to 9"),
    ('{%s,"attempts":0}' % GOOD, 2, "INVALID", "from 1 to 100"), ('{%s,"memory_mib":8}' % GOOD, 2, "INVALID", "from 9 to 64"),
    ('{%s,"attempts":99999999999999999999999}' % GOOD, 2, "INVALID", "from 1 to 100"),
    ('{%s,"format":"rar"}' % GOOD, 2, "INVALID", "zip, tar.zst"), ('{%s,"name":""}' % GOOD, 2, "INVALID", "name"),
    ('{%s,"uuid":"%s"}' % (GOOD, UUID.upper()), 2, "INVALID", "lower case"), ('{%s,"uuid":"../x"}' % GOOD, 2, "INVALID", "UUID"),
    ('{"stores":["file:///nowhere"]}', 2, "INVALID", "A source is missing"), ('{"folder":"exam"}', 2, "INVALID", '"stores" must name'),
    ('{"folder":"exam","stores":[]}', 2, "INVALID", '"stores" must name'), ('{"folder":"exam","stores":[1]}', 2, "INVALID", "A storage is a URL"),
    ('{"folder":"exam","stores":[{"url":"file:///x","option":{}}]}', 2, "INVALID", 'no "option"'),
    ('{"folder":"exam","stores":[{"url":"file:///x","options":{"create":1}}]}', 2, "INVALID", "must be a text"),
    ('{"folder":"exam","stores":[{"url":"file:///x","options":{"nonsense":"1"}}]}', 2, "INVALID", "nonsense"),
    ('{"folder":"exam","stores":[{"url":"file:///x","options":{"password":"hunter2"}}]}', 2, "INVALID", "it has: 'create'"),
    ('{"folder":"exam","stores":[{"url":"file:///x","options":{"owner":{"env":"NOT_SET"}}}]}', 2, "INVALID", "NOT_SET"),
    ('{"folder":"exam","stores":[{"url":"file:///x","options":{"owner":{"file":"missing"}}}]}', 4, "NOTFOUND", "missing"),
    ('{"folder":"exam","stores":["file://mia:hunter2@host/x"]}', 2, "INVALID", "line 1"),
    ('{"folder":"exam","stores":["nowhere://x"]}', 2, "SCHEME", "nowhere"),
    ('{"folder":"exam","stores":[%s]}' % ",".join(['"file:///x"'] * 9), 2, "INVALID", "8 storages"),
    ('{%s,"list":"l"}' % GOOD, 2, "INVALID", "several sources"), ('{%s,"exclude":[1]}' % GOOD, 2, "INVALID", '"exclude" must hold'),
    ('{"list":"l","links":"skip","stores":["file:///x"]}', 2, "INVALID", 'belong to a "folder"'), ('{%s,"links":"resolve"}' % GOOD, 2, "INVALID", '"links" must be'),
    ('{"list":"-","stores":["file:///x"]}', 2, "INVALID", "must be a file"), ('{"list":"missing","stores":["file:///x"]}', 3, "NOTFOUND", "missing"),
    ('{"folder":"missing","stores":["file:///x"]}', 3, None, "missing"),
    ('{"entries":["x"],"stores":["file:///x"]}', 2, "INVALID", "An entry is an object"),
    ('{"entries":[{"name":"x"}],"stores":["file:///x"]}', 2, "INVALID", "An entry is an object"),
    ('{"entries":[\n{"name":"x","path":"y","sise":1}],"stores":["file:///x"]}', 2, "INVALID", 'line 2: An entry has no member "sise"'),
    ('{"entries":[{"name":"x","path":"y","size":-1}],"stores":["file:///x"]}', 2, "INVALID", '"size" of an entry'),
    ('{"entries":[{"name":"x","path":"missing"}],"stores":["file:///x"]}', 3, "VANISHED", "missing"),
]


@case
def mistakes_in_specifications_are_told_and_leave_nothing(t):
    t.write("exam/a", b"a")
    for text, code, name, says in REFUSED:
        t.write("spec.json", text)
        result = t.run("job", "run", "spec.json", "--staging", "staging", "--json", code=code)
        found = json.loads(result.text)["error"]
        holds((name in (None, found["name"])) and says in found["message"] and found["exit"] == code, f"{text!r}: {found}")
        holds("hunter2" not in result.text + result.err, f"a secret is told: {result}")
        same((t.names(), t.names("exam")), (["exam", "spec.json"], ["a"]))
    t.fails(3, "NOTFOUND", "job", "run", "missing.json", "--staging", "staging", says="missing.json")
    t.fails(3, "IO", "job", "run", "exam", "--staging", "staging", says="exam")
    t.sparse("spec.json", 2 << 20)
    t.fails(5, "LIMIT", "job", "run", "spec.json", "--staging", "staging", says="1000 KiB")
    same(t.names(), ["exam", "spec.json"])


@case
def no_text_makes_it_crash(t):
    noise = random.Random(3)
    t.write("exam/a", b"a")
    good = open(spec(t, uuid=UUID, metadata={"a": [1, "ü\\n"]}, exclude=["x"], level=3), "rb").read()
    for _ in range(150):
        text = bytearray(good)
        for _ in range(noise.randint(1, 4)):
            at = noise.randrange(len(text))
            text[at:at + noise.randint(0, 3)] = noise.choice([b"", b'"', b"{", b"]", b"\\u00", b"\xc3", b"1", b",", noise.randbytes(2)])
        t.write("spec.json", bytes(text))
        code = t.public(t.binary, "job", "run", "spec.json", "--staging", "staging", "--once", code=None).code
        holds(code in (0, 2, 3, 4), f"{code}: {bytes(text)!r}")


@case
def another_specification_for_a_job_is_refused(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID)
    job(t, "run", "spec.json")
    before = journal(t)
    spec(t, uuid=UUID, title="changed")
    t.fails(4, "EXISTS", "job", "run", "spec.json", "--staging", "staging", says="another specification")
    same((journal(t), len(objects(t))), (before, 1))
    job(t, "run", UUID)


@case
def secrets_come_from_outside_and_stay_there(t):
    t.write("exam/a", b"a")
    t.write("secret", b"1\n", mode=0o600)
    spec(t, "env.json", stores=[{"url": url(t, "one"), "options": {"create": {"env": "SECRET"}}}])
    spec(t, "file.json", stores=[{"url": url(t, "two"), "options": {"create": {"file": "secret"}}}])
    job(t, "run", "env.json", "file.json", env={"SECRET": "1"})
    same((len(objects(t, "one")), len(objects(t, "two"))), (1, 1))
    spec(t, "env.json", stores=[{"url": url(t, "one"), "options": {"create": {"env": "SECRET"}}}], title="2")
    result = job(t, "run", "env.json", code=2, env={"SECRET": "hunter2"})
    holds("hunter2" not in result.text, result)
    for here, _, names in os.walk(t.path("staging")):
        for name in names:
            with open(os.path.join(here, name), "rb") as f:
                holds(b"hunter2" not in f.read(), f"{name} holds a secret")


@case
def a_secret_that_is_too_long_is_refused(t):
    t.write("exam/a", b"a")
    t.write("secret", b"x" * (64 * 1024 + 1), mode=0o600)
    spec(t, stores=[{"url": url(t, "one"), "options": {"create": {"file": "secret"}}}])
    t.fails(2, "INVALID", "job", "run", "spec.json", "--staging", "staging", says="at most 64 KiB")


@case
def bad_calls_of_job_are_told(t):
    t.write("exam/a", b"a")
    spec(t, uuid=UUID)
    for args in ((), ("nonsense",), ("run",), ("run", "--all", "spec.json"), ("run", "spec.json", "--jobs", "0"), ("run", "spec.json", "--jobs", "65"),
                 ("run", "spec.json", "--force"), ("status", "--once"), ("log",), ("cancel",), ("retry",), ("delete",), ("sweep", "x")):
        t.run("job", *args, code=2)
    same(t.names(), ["exam", "spec.json", "store"])
    for command in ("status", "log", "cancel", "retry", "delete", "run"):
        t.fails(4, "NOTFOUND", "job", command, UUID, "--staging", "staging", says="no staging folder")
    t.fails(4, "NOTFOUND", "job", "sweep", "--staging", "staging", says="no staging folder")
    os.makedirs(t.path("staging"))
    for command in ("status", "log", "cancel", "retry", "delete"):
        for bad in ("x", UUID.upper(), "../exam", ""):
            t.fails(2, "INVALID", "job", command, bad, "--staging", "staging", says="is not a UUID")
        result = job(t, command, OTHER, UUID, "--json", code=4)
        same([f["error"]["name"] for f in lines(result)], ["NOTFOUND", "NOTFOUND"])
    job(t, "run", "spec.json")
    t.fails(2, "STATE", "job", "retry", UUID, "--staging", "staging", says="completed")
    write_journal(t, OTHER, [("created", {"version": 1, "uuid": OTHER})])
    t.fails(2, "UNSUPPORTED", "job", "run", OTHER, "--staging", "staging", says="the program that made it")


@case
def a_staging_folder_that_cannot_be_used_is_told(t):
    t.write("exam/a", b"a")
    spec(t)
    t.write("file", b"")
    t.run("job", "run", "spec.json", "--staging", "no/such/folder", code=4)
    t.run("job", "run", "spec.json", "--staging", "file", code=4)
    t.run("job", "status", "--staging", "file", code=4)
    job(t, "run", "spec.json")
    need_root()
    for args in (("status",), ("run", "spec.json"), ("run", "--all"), ("sweep",)):
        found = t.public(*as_nobody(t, "job", *args, "--staging", t.path("staging"), "--json"), code=4)
        holds('"ACCESS"' in found.text, str(found))


@case
def the_staging_folder_has_defaults(t):
    t.write("exam/a", b"a")
    spec(t)
    t.run("job", "run", "spec.json", env={"ARCHIVIST_STAGING": t.path("variable")})
    same(len(os.listdir(t.path("variable"))), 1)
    same(oct(os.stat(t.path("variable")).st_mode & 0o777), "0o700")
    os.chmod(t.dir, 0o777)  # as anybody but root, whose default is not that of a test
    for name in ("1.json", "2.json"):
        os.makedirs(t.path("for " + name))
        os.chmod(t.path("for " + name), 0o777)
        spec(t, name, stores=["file://" + t.path("for%20" + name)])
    command = as_nobody(t, "job", "run") if os.geteuid() == 0 else [t.binary, "job", "run"]
    t.public(*command, "1.json", env={"HOME": t.path("home")}, code=4)
    holds("home" not in t.names(), "it makes a home")
    os.makedirs(t.path("home"))
    os.chmod(t.path("home"), 0o777)
    t.public(*command, "1.json", env={"HOME": t.path("home")})
    t.public(*command, "2.json", env={"XDG_STATE_HOME": t.path("home/state")})
    same((len(os.listdir(t.path("home/.local/state/archivist"))), len(os.listdir(t.path("home/state/archivist")))), (1, 1))


# ---- the terminal, and documents ----

@case
def progress_of_packing_and_storing_is_drawn(t):
    noise = random.Random(4).randbytes(1 << 20)
    os.makedirs(t.path("exam"))
    with open(t.path("exam/large"), "wb") as f:
        for _ in range(300):
            f.write(noise)
    spec(t, level=0)
    code, shown = t.at_terminal("job", "run", "spec.json", "--staging", "staging", until=b"never", then=lambda process: None)
    same(code, 0)
    holds(b"archiving" in shown and re.search(rb"storing +\[#*\.*\]", shown) and shown.endswith(b"\r"), shown[-1000:])
    for extra in ("--quiet", "--json"):
        code, shown = t.at_terminal("job", "run", "spec.json", "--staging", "staging2" + extra, extra, until=b"never", then=lambda process: None)
        holds(code != 0 and b"[#" not in shown, shown)  # its object is there already


@case
def schema_and_example_agree_with_the_program(t):
    with open(os.path.join(TOP, "docs/schemas/spec.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    with open(os.path.join(TOP, "core/src/job/spec.c"), encoding="utf-8") as f:
        table = re.findall(r'^    (?:MEMBER|NUMBER)\("(\w+)", (?:([A-Z]+)|\w+, (\d+), (\d+))', f.read(), re.M)
    same(sorted(schema["properties"]), sorted(name for name, *_ in table))
    types = {"TEXT": "string", "BOOL": "boolean", "OBJECT": "object", "LIST": "array", "": "integer"}
    for name, kind, least, most in table:
        member = schema["properties"][name]
        same((name, member["type"]), (name, types[kind]))
        if not kind:
            same((name, member["minimum"], member["maximum"]), (name, int(least), int(most)))
    with open(os.path.join(TOP, "docs/command-line.md"), encoding="utf-8") as f:
        page = f.read()
    for name, *_ in table:
        holds(f"`{name}`" in page, f"docs/command-line.md does not know {name}")
    example = json.loads(re.search(r"```json\n(\{\n.*?\n\})\n```", page, re.S).group(1))
    good = {"folder": "exam", "stores": ["file:///x"]}
    bad = ({"stores": ["file:///x"]}, {**good, "list": "l"}, {**good, "x": 1}, {**good, "level": 20}, {**good, "stores": []},
           {**good, "entries": [{"name": "a"}]}, {"list": "l", "exclude": [], "stores": ["file:///x"]})
    same(schema_takes(schema, [example, good, *bad]), [True, True] + [False] * len(bad))


SCHEMA_JUDGE = """
import json, sys, jsonschema
schema, texts = json.load(sys.stdin)
json.dump([jsonschema.Draft202012Validator(schema).is_valid(text) for text in texts], sys.stdout)
"""


def schema_takes(schema, texts):
    """What a judge says that we have not written: the system's Python has it where another one does not."""
    for python in (sys.executable, "/usr/bin/python3"):
        judge = subprocess.run([python, "-c", SCHEMA_JUDGE], input=json.dumps([schema, texts]), capture_output=True, text=True,
                               check=False)
        if judge.returncode == 0:
            return json.loads(judge.stdout)
        if "No module named 'jsonschema'" not in judge.stderr:
            raise AssertionError(judge.stderr)
    raise Skip("jsonschema is not installed: python3-jsonschema in Debian")
