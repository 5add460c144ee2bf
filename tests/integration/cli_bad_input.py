# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind: a clear error, the right exit code, and no trace."""
import os
import resource
import socket
import subprocess

from cli_frame import ENVIRONMENT, as_nobody, case, holds, need, need_root, same
from cli_pack import FORMATS, digest, sample


def leaves_nothing(t, code, name, *args, says=None, target="new.zip", **more):
    before = t.names()
    message = t.fails(code, name, *args, "-o", target, says=says, **more)
    same(t.names(), before)
    return message


@case
def a_missing_folder(t):
    leaves_nothing(t, 3, None or t.json("pack", "missing", "-o", "x.zip", code=3)["error"]["name"], "pack", "missing", says="missing")


@case
def an_existing_target_is_unchanged(t):
    sample(t)
    t.write("there.zip", b"kept")
    for form in FORMATS:
        t.fails(4, "EXISTS", "pack", "exam", "-o", "there.zip", "--format", form, says="there.zip")
        with open(t.path("there.zip"), "rb") as f:
            same(f.read(), b"kept")
    os.symlink("nowhere", t.path("dangling.zip"))
    t.run("pack", "exam", "-o", "dangling.zip", code=4)
    same(t.names(), ["dangling.zip", "exam", "there.zip"])


@case
def an_unwritable_target(t):
    need_root()
    sample(t)
    os.makedirs(t.path("closed"), mode=0o755)
    found = t.public(*as_nobody(t, "pack", "exam", "-o", "closed/new.zip", "--json"), code=4)
    holds('"ACCESS"' in found.text and "closed/new.zip" in found.err, str(found))
    t.fails(4, "NOTFOUND", "pack", "exam", "-o", "no/such/folder/new.zip", says="no/such/folder/new.zip")
    t.run("pack", "exam", "-o", "/proc/new.zip", code=4)


@case
def an_unreadable_file_is_named(t):
    need_root()
    t.write("d/open.txt", b"x")
    t.write("d/secret.txt", b"x", mode=0o600)
    os.makedirs(t.path("out"))
    os.chmod(t.path("out"), 0o777)
    found = t.public(*as_nobody(t, "pack", "d", "-o", "out/new.zip", "--json"), code=3)
    holds('"UNREADABLE"' in found.text and "secret.txt" in found.err, str(found))
    os.makedirs(t.path("e/locked"), mode=0o700)
    found = t.public(*as_nobody(t, "pack", "e", "-o", "out/new.zip", "--json"), code=3)
    holds('"UNREADABLE"' in found.text and "locked" in found.err, str(found))
    same(t.names("out"), [])


@case
def special_files_are_named(t):
    os.makedirs(t.path("fifo"))
    os.mkfifo(t.path("fifo/queue"))
    leaves_nothing(t, 3, "SPECIAL", "pack", "fifo", says="queue")
    os.makedirs(t.path("socket"))
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(t.path("socket/door"))
        leaves_nothing(t, 3, "SPECIAL", "pack", "socket", says="door")
    t.list_file("l", [{"name": "x", "path": "/dev/zero"}])
    leaves_nothing(t, 3, "SPECIAL", "pack", "--list", "l", says="/dev/zero")
    t.list_file("l", [{"name": "x", "path": t.path("fifo/queue"), "size": 10}])
    leaves_nothing(t, 3, "SPECIAL", "pack", "--list", "l", says="queue")
    t.list_file("l", [{"name": "x", "path": t.path("fifo")}])
    t.run("pack", "--list", "l", "-o", "new.zip", code=3)


@case
def device_nodes_are_named(t):
    need_root()
    os.makedirs(t.path("d"))
    os.mknod(t.path("d/null"), 0o600 | 0o020000, os.makedev(1, 3))
    leaves_nothing(t, 3, "SPECIAL", "pack", "d", says="null")


@case
def links_that_leave_the_folder_or_loop(t):
    t.write("outside.txt", b"x")
    t.write("d/a/x", b"x")
    os.symlink("../outside.txt", t.path("d/leaves"))
    leaves_nothing(t, 3, "LINK", "pack", "d", says="leaves")
    os.unlink(t.path("d/leaves"))
    os.symlink("/etc/passwd", t.path("d/absolute"))
    leaves_nothing(t, 3, "LINK", "pack", "d", says="absolute")
    os.unlink(t.path("d/absolute"))
    os.symlink("nowhere", t.path("d/dangling"))
    leaves_nothing(t, 3, "LINK", "pack", "d", says="dangling")
    os.unlink(t.path("d/dangling"))
    os.symlink("..", t.path("d/a/loop"))
    leaves_nothing(t, 3, "LOOP", "pack", "d", says="loop")
    os.symlink("self", t.path("d/self"))
    t.run("pack", "d", "-o", "new.zip", code=3)
    t.run("pack", "d", "-o", "new.zip", "--links", "skip")


@case
def a_vanished_file_is_named(t):
    t.write("here", b"x")
    t.list_file("l", [{"name": "a", "path": t.path("here"), "size": 1}, {"name": "b", "path": t.path("gone"), "size": 1}])
    leaves_nothing(t, 3, "VANISHED", "pack", "--list", "l", says="gone")
    t.list_file("l", [{"name": "b", "path": t.path("gone")}])
    leaves_nothing(t, 3, "VANISHED", "pack", "--list", "l", says="gone")


@case
def a_file_that_changes_while_it_is_read(t):
    """It grows once the progress line shows that some of it was read."""
    for form in FORMATS:
        path = t.sparse(f"d-{form}/growing", 3 << 30)

        def grow(process, path=path):
            with open(path, "ab") as f:
                f.write(b"more")
        code, shown = t.at_terminal("pack", f"d-{form}", "-o", f"new.{form}", until=rb"[1-9][0-9.]* [MG]B of ", then=grow)
        same(code, 3)
        holds(b"growing" in shown and b"changed" in shown, shown[-500:])
        holds(f"new.{form}" not in t.names(), "something stays")


@case
def a_wrong_size_in_a_list(t):
    path = t.write("x", b"12345")
    for size in (4, 6, 0, 1 << 40):
        for form in FORMATS:
            t.list_file("l", [{"name": "x", "path": path, "size": size}])
            leaves_nothing(t, 3, "SIZE", "pack", "--list", "l", "--no-space-check", says="x", target=f"new.{form}")


@case
def bad_lists_name_their_line(t):
    good = '{"name":"a","path":"%s"}\n' % t.write("x", b"x")
    for bad in ("{", "[]", "1", '"x"', '{"name":"b"}', '{"path":"x"}', '{"name":1,"path":"x"}', '{"name":"b","path":"x","size":-1}',
                '{"name":"b","path":"x","size":"1"}', '{"name":"b","path":"x","size":1.5}', '{"name":"b","path":"x","colour":"red"}',
                '{"name":"b","path":"x"} {}', '{"name":"b","path":"x","modified":"yesterday"}', '{"name":"' + "n" * 200000 + '","path":"x"}',
                '{"name":"b\\ud800","path":"x"}', '{"name":"b","name":"c","path":"x"}'):
        t.write("l", good + bad + "\n")
        leaves_nothing(t, 3, "FORMAT", "pack", "--list", "l", says="ine 2")
    t.write("l", good + "[" * 5000)
    leaves_nothing(t, 5, "LIMIT", "pack", "--list", "l", says="ine 2")
    t.write("l", good.encode() + b'{"name":"\xff","path":"x"}\n')
    holds(t.run("pack", "--list", "l", "-o", "new.zip", code=3).err.find("ine 2") > 0, "no line")
    t.run("pack", "--list", "missing", "-o", "new.zip", code=3)
    same(t.names(), ["l", "x"])


@case
def duplicate_and_impossible_names_in_a_list(t):
    path = t.write("x", b"x")
    t.list_file("l", [{"name": n, "path": path} for n in ("b", "a/é", "c", "a/é")])
    leaves_nothing(t, 3, "DUPLICATE", "pack", "--list", "l", says="é")
    for name in ("", "x" * 70000):
        t.list_file("l", [{"name": name, "path": path}])
        t.run("pack", "--list", "l", "-o", "new.zip", code=3)
    same(t.names(), ["l", "x"])


@case
def a_file_name_that_is_not_utf8(t):
    os.makedirs(t.path("d"))
    with open(os.fsencode(t.path("d")) + b"/caf\xe9.txt", "wb"):
        pass
    message = leaves_nothing(t, 3, "NAME", "pack", "d")
    holds("caf\\xe9" in message or "caf\\xE9" in message, message)


@case
def bad_metadata(t):
    sample(t)
    for text, code in (("[1]", 2), ("{", 2), ("", 2), ('{"a":1}x', 2), ("\0", 3), ('{"a":"' + "x" * (1 << 20) + '"}', 5)):
        t.write("meta.json", text)
        holds(t.run("pack", "exam", "-o", "new.zip", "--metadata", "meta.json", code=None).code in (code, 3), text[:20])
    t.run("pack", "exam", "-o", "new.zip", "--metadata", "missing.json", code=3)
    same(t.names(), ["exam", "meta.json"])


@case
def a_folder_too_deep(t):
    here = t.path("d")
    for _ in range(140):
        here = os.path.join(here, "n")
    os.makedirs(here)
    leaves_nothing(t, 5, "LIMIT", "pack", "d")


@case
def a_full_disk(t):
    """A tiny file system in a mount namespace of its own: nothing stays on it."""
    need("unshare", "mount")
    need_root()
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0:
        return full_by_limit(t)
    t.write("d/noise", os.urandom(3 << 20))
    os.makedirs(t.path("small"))
    t.run("pack", "d", "-o", "d.zip")
    uuid = "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"
    program = ('mount -t tmpfs -o size=1m none small || exit 99; '
               '"$@"; code=$?; find small -type f | wc -l; exit $code')
    for args in (*(["pack", "d", "-o", f"small/new.{form}"] for form in FORMATS), ["extract", "d.zip", "small/out"],
                 ["store", "d.zip", f"file://{t.path('small')}/s", "--option", "create=1"],
                 ["pack", "d", "--store", f"file://{t.path('small')}", "--uuid", uuid]):
        found = t.public("unshare", "-m", "bash", "-c", program, "bash", t.binary, *args, code=4)
        same(found.text, "0\n")
        holds("pace" in found.err, str(found))


@case
def full_by_limit(t):
    """A limit of file sizes is told like a full disk."""
    t.write("d/noise", os.urandom(3 << 20))
    t.run("pack", "d", "-o", "d.zip")
    for args, made in ((["pack", "d", "-o", "new.zip"], "new.zip"), (["extract", "d.zip", "out"], "out"),
                       (["pack", "d", "-o", "new.tar"], "new.tar")):
        done = subprocess.run([t.binary, *args], cwd=t.dir, env=ENVIRONMENT, capture_output=True, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
        same(done.returncode, 4)
        holds(done.stderr.startswith(b"archivist: "), done.stderr)
        holds(made not in t.names() or t.names(made) == [], f"{made} stays")


@case
def too_little_memory_is_a_sentence(t):
    """Address space for the program but not for its work: no crash, whatever fails."""
    sample(t)
    for megabytes in (32, 48, 64, 96, 128, 192):
        limit = megabytes << 20
        done = subprocess.run([t.binary, "pack", "exam", "-o", "new.zip"], cwd=t.dir, env=ENVIRONMENT, capture_output=True,
                              check=False, preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        if b"error while loading shared libraries" in done.stderr or b"Sanitizer" in done.stderr:
            continue
        if done.returncode == 0:
            t.run("verify", "new.zip")
            os.unlink(t.path("new.zip"))
            continue
        holds(done.returncode == 5 and done.stderr.startswith(b"archivist: "), f"{megabytes} MiB: {done}")
        holds("new.zip" not in t.names(), "something stays")


@case
def few_descriptors_are_a_sentence(t):
    sample(t)
    for limit in range(4, 40, 3):
        done = subprocess.run([t.binary, "pack", "exam", "-o", "new.zip"], cwd=t.dir, env=ENVIRONMENT, capture_output=True,
                              check=False, preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
        if done.returncode == 0:
            t.run("verify", "new.zip")
            os.unlink(t.path("new.zip"))
            continue
        if b"shared libraries" in done.stderr:
            continue
        holds(done.returncode in (3, 4, 5) and done.stderr.startswith(b"archivist: "), f"{limit} descriptors: {done}")
        holds("new.zip" not in t.names(), "something stays")


@case
def records_that_do_not_fit_the_temporary_folder(t):
    """A list far beyond its memory spills to TMPDIR; a full one is told."""
    need("unshare", "mount")
    need_root()
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0:
        return full_by_limit(t)
    path = t.write("x", b"x")
    with open(t.path("l"), "w", encoding="ascii") as f:
        for i in range(150000):
            f.write('{"name":"%s/%d","path":"%s","size":1}\n' % ("folder" * 20, i, path))
    os.makedirs(t.path("tmp"))
    program = 'mount -t tmpfs -o size=1m none tmp || exit 99; export TMPDIR="$PWD/tmp"; "$@"; code=$?; ls -A tmp | wc -l; exit $code'
    found = t.public("unshare", "-m", "bash", "-c", program, "bash", t.binary, "pack", "--list", "l", "-o", "new.zip", code=4)
    same(found.text, "0\n")
    holds("new.zip" not in t.names(), "something stays")
    same(digest(path), "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
