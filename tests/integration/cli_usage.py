# SPDX-License-Identifier: Apache-2.0
"""Help, versions, wrong usage, the documents that must agree with them."""
import json
import os
import re

from cli_frame import TOP, case, holds, need, same

COMMANDS = ("pack", "verify", "list", "extract", "import", "store", "fetch", "check", "job", "drivers", "version")
JOB_COMMANDS = ("run", "status", "log", "cancel", "retry", "delete", "sweep")


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def options_of(trial, *command):
    return set(re.findall(r"--[a-z0-9-]+", trial.run(*command, "--help").text))


@case
def help_fits_a_screen(t):
    texts = [t.run("--help").text] + [t.run(command, "--help").text for command in COMMANDS]
    for text in texts:
        lines = text.split("\n")
        holds(len(lines) <= 25 and lines[-1] == "", f"{len(lines)} lines: {text}")
        for line in lines:
            holds(len(line) <= 80, f"{len(line)} columns: {line}")
    for command in COMMANDS:
        holds(f"\n  {command} " in texts[0], f"--help does not name {command}")
        same(t.run("help", command).text, t.run(command, "--help").text)
    for command in JOB_COMMANDS:
        text = t.run("job", command, "--help").text
        holds(len(text.split("\n")) <= 25 and max(map(len, text.split("\n"))) <= 80, text)
        holds(f"\n  job {command} " in texts[COMMANDS.index("job") + 1], f"job --help does not name {command}")
        same(t.run("help", "job", command).text, text)
    same(t.run("help").text, texts[0])
    same(t.run("-h").text, texts[0])


@case
def drivers_tell_their_options(t):
    text = t.run("drivers").text
    holds(text.startswith("filesystem\n  create (flag, default 0)\n      1 makes the root folder"), text)
    holds("\n  owner (text)\n" in text and max(map(len, text.split("\n"))) <= 79, text)
    shown = json.loads(t.run("drivers", "--json").text)
    same([o["name"] for o in shown["options"]], ["create", "owner", "marked", "expect", "adopt"])
    same(shown["options"][1], {"name": "owner", "kind": "text", "secret": False, "required": False, "default": None,
                               "least": 1, "most": 64, "help": shown["options"][1]["help"]})
    holds("nonsense" in t.run("check", "file:///nowhere", "--option", "nonsense=1", code=2).err, "no name")


@case
def version_names_libraries_and_deflater(t):
    text = t.run("--version").text
    header = read("core/include/arv/version.h")
    version = re.search(r'#define ARV_VERSION "(.*)"', header).group(1)
    same(text.split("\n")[0], f"archivist {version}")
    for word in ("deflater", "libuv", "openssl", "libcurl", "libarchive", "zlib", "zstd", "jansson", "utf8proc"):
        holds(re.search(rf"^{word} +\S+$", text, re.M | re.I), f"no {word} in {text}")
    same(t.run("version").text, text)
    found = t.json("version")
    same(found["version"], version)
    holds(found["deflater"] in ("isal", "libdeflate", "zlib"), found)
    holds("filesystem" in found["storages"], found)


@case
def wrong_usage_has_exit_code_2_and_a_hint(t):
    t.write("d/a", b"a")
    for args in ((), ("nonsense",), ("--nonsense",), ("pack",), ("pack", "d"), ("pack", "-o", "x.zip"),
                 ("pack", "d", "-o"), ("pack", "d", "-o", "x.zip", "--nonsense"),
                 ("pack", "d", "-o", "x.zip", "-x"), ("pack", "d", "-o", "x.rar"), ("pack", "d", "-o", "x.zip", "--format", "rar"),
                 ("pack", "d", "-o", "x.zip", "--threads", "0"), ("pack", "d", "-o", "x.zip", "--threads", "many"),
                 ("pack", "d", "-o", "x.zip", "--level", "20"), ("pack", "d", "-o", "x.zip", "--level", "-1"),
                 ("pack", "d", "-o", "x.zip", "--level", "12"), ("pack", "d", "-o", "x.zip", "--uuid", "short"),
                 ("pack", "d", "-o", "x.zip", "--uuid", "g" * 36), ("pack", "d", "-o", "x.zip", "--list", "l"),
                 ("pack", "-", "-o", "x.zip"), ("pack", "--list", "l", "--exclude", "x", "-o", "x.zip"), ("pack", "--list", "l", "--links", "skip", "-o", "x.zip"), ("pack", "d", "-o", "x.zip", "--links", "resolve"),
                 ("pack", "d", "-o", "x.zip", "--quiet=1"), ("pack", "d", "-o", "x.zip", "--option", "create"),
                 ("verify",), ("verify", "a", "b"), ("verify", "a", "--threads", "2"), ("list",), ("extract", "a"),
                 ("store", "a"), ("fetch", "a"), ("check",), ("check", "nowhere://x"), ("store", "d/a", "nowhere://x"),
                 ("verify", "nowhere://x/y"), ("check", "file://host/x"), ("check", "file:///x?query"), ("version", "x"),
                 ("fetch", "file.zip", "x"), ("check", "file:///tmp", "--option", "nonsense=1")):
        t.run(*args, code=2)
    same(t.names(), ["d"])
    t.run("pack", "d", "-o", "x.zip", code=2, env={"SOURCE_DATE_EPOCH": "yesterday"})
    holds("--help" in t.run("pack", "d", "--nonsense", "-o", "x", code=2).err, "no hint")


@case
def an_error_is_an_object_with_json(t):
    found = t.json("pack", "--nonsense", code=2)
    same(sorted(found), ["error"])
    same(found["error"]["name"], "INVALID")
    same(found["error"]["code"], -1)
    same(found["error"]["exit"], 2)
    holds("--nonsense" in found["error"]["message"], found)


@case
def closed_descriptors_do_no_harm(t):
    t.write("d/a", b"a" * 100)
    for closing in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        t.public("bash", "-c", f'exec "$0" pack d -o new.zip {closing}', t.binary, code=None)
        t.run("verify", "new.zip")
        os.unlink(t.path("new.zip"))


@case
def a_full_standard_output_is_an_error(t):
    t.write("d/a", b"a")
    t.run("pack", "d", "-o", "d.zip")
    for args in (("verify", "d.zip"), ("list", "d.zip"), ("version",), ("--help",)):
        found = t.public("bash", "-c", '"$0" "$@" > /dev/full', t.binary, *args, code=4)
        holds("stdout" in found.err, str(found))


@case
def what_was_made_is_not_lost_with_standard_output(t):
    t.write("d/a", b"a")
    t.run("pack", "d", "-o", "d.zip")
    create = ("--option", "create=1")
    address = t.run("store", "d.zip", "file://" + t.path("first"), *create).text.strip()
    for number, ending in enumerate(("> /dev/full", ">&-", "| true")):
        for json_option in ((), ("--json",)):
            n = f"{number}{len(json_option)}"
            packed, stored, worked = (f"file://{t.path(word)}{n}" for word in ("packed", "stored", "worked"))
            os.mkdir(t.path(f"worked{n}"), 0o700)
            t.write(f"{n}.json", json.dumps({"folder": "d", "stores": [worked]}))
            for args, made in ((("pack", "d", "-o", f"{n}.zip", "--store", packed, *create), (f"{n}.zip", packed + "/")),
                               (("store", "d.zip", stored, *create), (stored + "/",)),
                               (("fetch", address, f"fetched{n}"), (f"fetched{n}",)),
                               (("extract", "d.zip", f"out{n}"), (f"out{n}",)),
                               (("job", "run", f"{n}.json", "--staging", f"jobs{n}"), (worked + "/",))):
                found = t.public("bash", "-c", f'"$0" "$@" {ending}; exit "${{PIPESTATUS[0]}}"', t.binary, *args,
                                 *json_option, code=None)
                if ending == "| true" and found.code == 0:
                    continue  # it wrote before its reader was gone
                same((args, found.code), (args, 141 if ending == "| true" else 4))
                holds(found.err.startswith("archivist: ") and "stdout" in found.err, str(found))
                for place in made:
                    holds(place in found.err, str(found))
    t.public("bash", "-c", '"$0" --version >&-', t.binary, code=4)


@case
def a_reader_that_leaves_ends_list_silently(t):
    for i in range(3000):
        t.write(f"d/{'n' * 100}{i}", b"")
    t.run("pack", "d", "-o", "d.zip")
    found = t.public("bash", "-c", '"$0" list d.zip | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"', t.binary)
    same((found.text, found.err), ("141\n", ""))


@case
def completion_is_bash_and_completes(t):
    script = os.path.join(TOP, "core/cli/archivist.bash")
    t.public("bash", "-n", script)
    t.write("some folder/x", b"")
    t.write("some.zip", b"")

    def complete(*words):
        program = ('. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _archivist; '
                   'printf "%s\\n" "${COMPREPLY[@]}"')
        return t.public("bash", "--norc", "-c", program, script, "archivist", *words).text.split()
    same(complete("ver"), ["verify", "version"])
    same(complete("pack", "--fo"), ["--format"])
    same(complete("pack", "--format", "tar"), ["tar.zst", "tar.gz", "tar"])
    same(complete("pack", "--format", "=", "tar."), ["tar.zst", "tar.gz"])
    same(complete("pack", "--links", "="), ["follow", "skip", "record"])
    same(complete("extract", "x.zip", "--sa"), ["--safe-names"])
    same(complete("verify", "some."), ["some.zip"])
    same(complete("extract", "x.zip", "some"), ["some", "folder"])
    same(complete("help", "st"), ["store"])
    for command in COMMANDS:
        same(set(complete(command, "--")), options_of(t, command))
    same(set(complete("job", "")), set(JOB_COMMANDS))
    for command in JOB_COMMANDS:
        same(set(complete("job", command, "--")), options_of(t, "job", command))
    same(set(complete("")) - {"help", "--help", "--version"}, set(COMMANDS))


@case
def completion_knows_the_jobs_that_are_there(t):
    script = os.path.join(TOP, "core/cli/archivist.bash")
    t.write("d/a", b"a")
    os.makedirs(t.path("s"), mode=0o700)
    uuids = [f"0198f6a0-5c5e-7cc3-98c4-dc0c0c0739{i}f" for i in range(2)]
    for uuid in uuids:
        t.write("spec.json", json.dumps({"uuid": uuid, "folder": "d", "stores": ["file://" + t.path("s")]}))
        t.run("job", "run", "spec.json", "--staging", "jobs")

    def complete(*words):
        program = ('. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _archivist; '
                   'printf "%s\\n" "${COMPREPLY[@]}"')
        return t.public("bash", "--norc", "-c", program, script, t.binary, *words).text.split()
    same(complete("job", "status", "--staging", "jobs", ""), uuids)
    same(complete("job", "status", "--staging", "=", "jobs", ""), uuids)
    same(complete("job", "log", "--staging", "jobs", uuids[1][:-1]), uuids[1:])
    same(sorted(complete("job", "run", "--staging", "jobs", "")), [*uuids, "d", "jobs", "s", "spec.json"])
    same(complete("job", "delete", "--staging", "missing", ""), [])


@case
def man_page_and_page_know_every_option(t):
    man, page = read("docs/archivist.1").replace("Fl Fl ", "--"), read("docs/command-line.md")
    for command in COMMANDS:
        holds(f"Cm {command}" in man and re.search(rf"^## .*\b{command}\b", page, re.M), f"{command} is not described")
        for option in options_of(t, command):
            holds(re.search(rf"{option}\b", man), f"the man page does not know {option}")
            holds(f"`{option}" in page, f"docs/command-line.md does not know {option}")
    for command in JOB_COMMANDS:
        holds(f"`job {command}" in page and re.search(rf"Cm .*\b{command}\b", man), f"job {command} is not described")
        for option in options_of(t, "job", command):
            holds(re.search(rf"{option}\b", man) and f"`{option}" in page, f"{option} is not described")


@case
def man_page_renders_without_warnings(t):
    need("man", "groff")
    found = t.public("man", "--warnings", "-l", os.path.join(TOP, "docs/archivist.1"), env={"MANWIDTH": "80"})
    same(found.err, "")
    holds("EXIT STATUS" in found.text and "--reproducible" in found.text, found.text)


@case
def errors_page_lists_all_codes_and_findings(t):
    page = read("docs/errors.md")
    codes = re.findall(r"X\((\w+), (-\d+), ", read("core/include/arv/error.h"))
    findings = re.findall(r'X\((\w+),\s+"', read("core/include/arv/verify.h"))
    holds(len(codes) > 30 and len(findings) > 15, "the headers could not be read")
    same(re.findall(r"^\| ([A-Z_]+) \| (-\d+) \| [^|]+ \| [^|]+ \|$", page, re.M), codes)
    same(re.findall(r"^\| ([A-Z_]+) \| [^|-][^|]* \| [^|]+ \|$", page.split("## Findings")[1], re.M), findings)
    exits = re.findall(r"\bCLI_\w+ = (\d+)", read("core/cli/cli.h").split("};")[0])
    same(re.findall(r"^\| (\d+) \|", page, re.M), exits)
    same(re.findall(r"^\.It (\d+)$", read("docs/archivist.1"), re.M), exits)


@case
def errors_name_the_option_that_helps(t):
    t.write("d/a", b"a")
    os.symlink("nowhere", t.path("d/link"))
    said = t.run("pack", "d", "-o", "x.zip", code=3).err
    holds("--links skip" in said and "--links record" in said and "--keep-going" in said, said)
    holds("--links skip" in t.json("pack", "d", "-o", "x.zip", code=3)["error"]["hint"], "no hint in JSON")
    os.remove(t.path("d/link"))
    os.mkfifo(t.path("d/pipe"))
    holds("--exclude PATTERN" in t.run("pack", "d", "-o", "x.zip", code=3).err, "no --exclude")
    os.remove(t.path("d/pipe"))
    where = "file://" + t.path("s")
    for words in (("pack", "d", "--store", where), ("check", where)):
        holds("--option create=1" in t.run(*words, code=None).err, words)
    t.run("pack", "d", "--store", where, "--option", "create=1")
    os.rename(t.path("s"), t.path("moved"))
    os.mkdir(t.path("s"), 0o700)
    holds("create=1" not in t.run("check", where, code=None).err, "a mark that is missing is no folder that is")
