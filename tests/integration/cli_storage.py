# SPDX-License-Identifier: Apache-2.0
"""store, fetch, check, pack straight into storages, and list and verify of all that one holds."""
import json
import os
import re

import check_bag
from cli_frame import as_nobody, case, holds, need_root, same
from cli_pack import FORMATS, digest, sample


def url(t, folder="storage"):
    return "file://" + t.path(folder)


def tree(t, folder):
    return sorted(os.path.relpath(os.path.join(here, n), t.path(folder))
                  for here, _, names in os.walk(t.path(folder)) for n in names)


@case
def store_and_fetch_round_trip(t):
    sample(t)
    for form in FORMATS:
        t.run("pack", "exam", "-o", f"a.{form}")
        address = t.run("store", f"a.{form}", url(t), "--option", "create=1").text
        match = re.fullmatch(re.escape(url(t)) + rf"/([0-9a-f]{{2}})/([0-9a-f-]{{36}})\.{form}\n", address)
        holds(match and match.group(2).endswith(match.group(1)), address)
        address = address.strip()
        found = t.json("fetch", address, f"back.{form}")
        same(found["sha256"], digest(t.path(f"a.{form}")))
        same(digest(t.path(f"back.{form}")), found["sha256"])
        same(t.json("verify", address)["sha256"], found["sha256"])
        same(t.run("list", address).text, t.run("list", f"a.{form}").text)
        t.run("extract", address, f"out-{form}")
        t.public("diff", "-r", "exam", f"out-{form}")


@case
def storing_twice_keeps_the_first(t):
    """The key is the archive's own UUID: what is there already is neither doubled nor replaced."""
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    found = t.json("store", "a.zip", url(t), "--option", "create=1")
    holds(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["stored_at"]), found)
    t.run("pack", "exam", "-o", "b.zip", "--title", "another")
    for again in ("a.zip", "b.zip"):
        t.fails(4, "EXISTS", "store", again, url(t))
    same(len(tree(t, "storage")), 1 + 1)  # and the mark of the storage
    same(digest(found["address"].removeprefix("file://")), found["sha256"])


@case
def pack_streams_into_storages_and_a_file(t):
    sample(t)
    for folder in ("one", "two"):
        os.makedirs(t.path(folder), mode=0o700)
    found = t.json("pack", "exam", "-o", "a.tar.zst", "--store", url(t, "one"), "--store", url(t, "two"))
    same(found["path"], "a.tar.zst")
    same(len(found["stored"]), 2)
    for stored in found["stored"]:
        same(digest(stored["address"].removeprefix("file://")), found["sha256"])
        same(stored["size_bytes"], found["container_bytes"])
        holds(found["uuid"] in stored["key"], stored)
    same(check_bag.check(t.path("a.tar.zst")), [])
    only = t.json("pack", "exam", "--format", "tar", "--store", url(t, "one"))
    same(only["path"], None)
    t.run("verify", only["stored"][0]["address"])


@case
def pack_with_a_storage_that_fails_leaves_nothing(t):
    sample(t)
    os.makedirs(t.path("one"), mode=0o700)
    t.fails(4, "OFFLINE", "pack", "exam", "-o", "a.zip", "--store", url(t, "one"), "--store", url(t, "missing"))
    same((t.names(), tree(t, "one")), (["exam", "one"], []))
    uuid = "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"
    t.run("pack", "exam", "--store", url(t, "one"), "--uuid", uuid)
    kept = tree(t, "one")
    t.fails(4, "EXISTS", "pack", "exam", "-o", "a.zip", "--store", url(t, "one"), "--uuid", uuid)
    same((t.names(), tree(t, "one")), (["exam", "one"], kept))


@case
def fetch_overwrites_nothing(t):
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    address = t.run("store", "a.zip", url(t), "--option", "create=1").text.strip()
    t.write("there", b"kept")
    t.fails(4, "EXISTS", "fetch", address, "there")
    with open(t.path("there"), "rb") as f:
        same(f.read(), b"kept")
    missing = address[:-10] + "000000.zip"
    same(t.run("fetch", missing, "new", code=None).code in (2, 4), True)
    holds("new" not in t.names(), "something was made")


@case
def check_tells_each_step(t):
    os.makedirs(t.path("storage"), mode=0o700)
    found = t.json("check", url(t))
    same(found["steps"], {"connect": True, "write": True, "read": True, "delete": True})
    holds(0 < found["free_bytes"] <= found["total_bytes"], found)
    same(tree(t, "storage"), [])
    text = t.run("check", url(t)).text
    holds(re.search(r"^connect +ok$", text, re.M) and re.search(r"^delete +ok$", text, re.M), text)
    found = t.json("check", url(t, "missing"), code=1)
    same(found["steps"]["connect"], False)
    same((found["error"]["name"], found["error"]["exit"]), ("OFFLINE", 1))


@case
def check_fails_where_writing_is_forbidden(t):
    need_root()
    os.makedirs(t.path("storage"), mode=0o755)
    found = t.public(*as_nobody(t, "check", url(t), "--json"), code=1)
    holds('"write":false' in found.text and '"ACCESS"' in found.text, str(found))


@case
def a_link_inside_a_storage_is_not_followed(t):
    sample(t)
    t.run("pack", "exam", "-o", "a.zip")
    address = t.run("store", "a.zip", url(t), "--option", "create=1").text.strip()
    path = address.removeprefix("file://")
    os.rename(path, t.path("moved.zip"))
    os.symlink(t.path("moved.zip"), path)
    t.fails(4, "UNSAFE", "fetch", address, "new")
    t.fails(4, "UNSAFE", "verify", address)
    holds("new" not in t.names(), "something was made")


@case
def names_in_urls_are_encoded(t):
    t.write("d/a", b"a")
    os.makedirs(t.path("Ümlaut und 100%"), mode=0o700)
    address = t.json("pack", "d", "--store", "file://" + t.path("%C3%9Cmlaut%20und%20100%25"))["stored"][0]["address"]
    t.run("verify", address)
    same(len(tree(t, "Ümlaut und 100%")), 1 + 1)  # and the mark of the storage


@case
def stored_files_belong_to_their_owner_only(t):
    t.write("d/a", b"a")
    t.run("pack", "d", "-o", "a.zip")
    os.umask(0o022)
    path = t.run("store", "a.zip", url(t), "--option", "create=1").text.strip().removeprefix("file://")
    same(oct(os.stat(path).st_mode & 0o777), "0o600")
    same(oct(os.stat(t.path("storage")).st_mode & 0o777), "0o700")


@case
def check_warns_of_a_folder_that_everybody_may_write_to(t):
    os.makedirs(t.path("open"))
    os.chmod(t.path("open"), 0o777)
    holds("everybody" in t.json("check", url(t, "open"))["detail"], "no warning")
    os.chmod(t.path("open"), 0o700)
    holds("everybody" not in t.json("check", url(t, "open"))["detail"], "a warning without reason")


def stored(t, *names):
    """One archive for each name; their addresses, sorted as the storage lists them."""
    addresses = []
    for name in names:
        t.write(f"{name}/a.txt", name)
        t.run("pack", name, "-o", f"{name}.zip")
        addresses.append(t.run("store", f"{name}.zip", url(t), "--option", "create=1").text.strip())
    return sorted(addresses)


def lines(result):
    return [json.loads(line) for line in result.text.splitlines()]


@case
def list_of_a_storage_shows_its_archives(t):
    os.makedirs(t.path("storage"), mode=0o700)
    same(t.run("list", url(t)).text, "")
    addresses = stored(t, "one", "two", "three")
    found = lines(t.run("list", "--json", url(t)))
    same([f["address"] for f in found], addresses)
    same([f["size_bytes"] for f in found], [os.path.getsize(a.removeprefix("file://")) for a in addresses])
    text = t.run("list", url(t)).text.splitlines()
    holds(len(text) == 3 and all(line.endswith(a) for line, a in zip(text, addresses)), text)
    same(t.run("list", "-0", url(t)).text, "".join(a + "\0" for a in addresses))
    t.fails(4, "OFFLINE", "list", url(t, "missing"))


@case
def verify_of_a_storage_looks_at_every_archive(t):
    addresses = stored(t, "one", "two", "three")
    text = t.run("verify", url(t)).text
    holds(all(f"valid     {a}\n" in text for a in addresses), text)
    holds("3 valid, 0 not valid, 0 could not be read" in text, text)
    path = addresses[1].removeprefix("file://")
    os.chmod(path, 0o600)
    with open(path, "r+b") as f:
        f.seek(60)
        f.write(b"rot")
    result = t.run("verify", url(t), code=1)
    holds(f"NOT VALID {addresses[1]}\n" in result.text and "2 valid, 1 not valid" in result.text, result.text)
    holds("1 of 3 archives" in result.err, result.err)
    found = lines(t.run("verify", "--json", url(t), code=1))
    same([(f["address"], f["valid"]) for f in found[:3]], [(a, a != addresses[1]) for a in addresses])
    same([found[3][k] for k in ("archives", "valid", "not_valid", "unread")], [3, 2, 1, 0])
    same(found[3]["error"]["exit"], 1)


@case
def verify_of_a_storage_goes_on_after_what_cannot_be_read(t):
    need_root()
    addresses = stored(t, "one", "two", "three")
    paths = [a.removeprefix("file://") for a in addresses]
    os.truncate(paths[2], 0)
    for folder in (t.path("storage"), *map(os.path.dirname, paths)):
        os.chmod(folder, 0o755)
    for path in paths[1:]:
        os.chmod(path, 0o644)
    result = t.public(*as_nobody(t, "verify", url(t)), code=1)
    same(result.text.splitlines()[:3], [f"NOT READ  {addresses[0]}", f"valid     {addresses[1]}", f"NOT VALID {addresses[2]}"])
    holds("1 valid, 1 not valid, 1 could not be read" in result.text and "Permission denied" in result.err, str(result))
    os.remove(paths[2])
    found = lines(t.public(*as_nobody(t, "verify", url(t), "--json"), code=4))
    same(("error" in found[0], found[1]["valid"], found[2]["unread"], found[2]["error"]["name"]), (True, True, 1, "ACCESS"))


@case
def verify_of_a_storage_without_archives_is_no_success(t):
    os.makedirs(t.path("storage"), mode=0o700)
    t.fails(4, "NOTFOUND", "verify", url(t), says="mounted")
