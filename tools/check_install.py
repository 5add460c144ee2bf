#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does in a bare Debian 12 what a system administrator reads: check_install.py DOCUMENT …

Of each document the lines in ```console blocks are run as they stand, in their order, as root, in the folder of the
sources, in a fresh system each: what a document does not install is not there. (README.md: only "By hand"; the rest
are the project's own commands.) The system is debootstrap's, from the package sources of this machine; it and the
packages are kept in the cache. Needs root, debootstrap and the right to mount; without them it says so and ends with
77. The last line is "N passed, N failed, N skipped".
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.environ.get("CACHE") or os.path.expanduser("~/.cache/archivist")
RELEASE = "bookworm"
MARK = "=== line "
# What a person answers, and the cache. Everything else in the system is debootstrap's.
APT = """APT::Get::Assume-Yes "true";
APT::Keep-Downloaded-Packages "true";
Dir::Cache::Archives "/var/cache/kept";
"""
# In a mount namespace of its own, so that nothing stays mounted whatever happens.
INSIDE = """set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --bind "$2" "$1/var/cache/kept"
exec chroot "$1" /bin/bash /root/lines
"""


def commands(document):
    """The lines of the console blocks; one that ends with a backslash goes on."""
    with open(os.path.join(TOP, document), encoding="utf-8") as f:
        text = f.read()
    if document == "README.md":
        text = text.split("\n## By hand\n")[1].split("\n## ")[0]
    found = []
    for block in re.findall(r"^ *```console\n(.*?)^ *```$", text, re.M | re.S):
        lines = re.sub(r"\\\n\s*", "", block).splitlines()
        found += [line.strip() for line in lines if line.strip()]
    return found


def quiet(*argv, **more):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **more)
    if done.returncode != 0:
        raise SystemExit(f"{done.stdout[-3000:]}\nFAILED {' '.join(argv)}\n0 passed, 1 failed, 0 skipped")
    return done.stdout


def sources():
    """The package sources of this machine that are Debian's, as lines for the new system."""
    told = quiet("apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    places = sorted({tuple(line.split()[1:]) for line in told.splitlines()
                     if line.startswith("Debian ") and RELEASE in line and len(line.split()) == 4})
    if not any(release == RELEASE for _, release, _ in places):
        places.append(("http://deb.debian.org/debian", RELEASE, "main"))
    return places


def settings():
    """How this machine reaches them: proxies, and what it does without."""
    told = quiet("apt-config", "dump")
    return "".join(line + "\n" for line in dict.fromkeys(told.splitlines())
                   if re.match(r"Acquire::(\S*::)?(Proxy|Retries|Check-Valid-Until|Check-Date)\b", line))


def base():
    """The bare system as a tar file in the cache."""
    architecture = quiet("dpkg", "--print-architecture").strip()
    kept = os.path.join(CACHE, f"debian-{RELEASE}-{architecture}.tar.zst")
    if not os.path.exists(kept):
        uri = next(uri for uri, release, _ in sources() if release == RELEASE)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="debootstrap.") as folder:
            secure = ["--include=ca-certificates"] if uri.startswith("https") else []
            quiet("debootstrap", "--variant=minbase", *secure, RELEASE, os.path.join(folder, "root"), uri)
            quiet("tar", "-C", os.path.join(folder, "root"), "-I", "zstd -3 -T0", "-cpf", os.path.join(folder, "tar"), ".")
            os.rename(os.path.join(folder, "tar"), kept)
    return kept


def put(path, text):
    if os.path.islink(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def furnish(root, lines):
    """The bare system with this machine's way to the packages, our sources, and the lines as a script."""
    os.makedirs(os.path.join(root, "var/cache/kept/partial"))
    put(os.path.join(root, "etc/apt/sources.list"), "".join("deb %s %s %s\n" % place for place in sources()))
    put(os.path.join(root, "etc/apt/apt.conf"), APT + settings())
    for name in ("resolv.conf", "hosts"):
        with open(f"/etc/{name}", encoding="utf-8") as f:
            put(os.path.join(root, "etc", name), f.read())
    folder = os.path.join(root, "root/archivist")
    names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP, check=True,
                           capture_output=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if os.path.exists(os.path.join(TOP, name)):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            shutil.copy2(os.path.join(TOP, name), os.path.join(folder, name))
    put(os.path.join(root, "root/lines"), "cd /root/archivist || exit\n" + "".join(
        f"echo '{MARK}{number}'\n{line}\nstatus=$?\n[ $status = 0 ] || exit $status\n" for number, line in enumerate(lines)))


def follow(document):
    """Runs a document; tells each line. Returns how many passed and how many failed."""
    lines = commands(document)
    if not lines:
        print(f"FAILED {document} has no lines to run")
        return 0, 1
    kept = os.path.join(CACHE, f"debian-{RELEASE}-packages")
    os.makedirs(kept, exist_ok=True)
    work = os.path.join(os.environ.get("BUILD") or tempfile.gettempdir(), "install")
    os.makedirs(work, exist_ok=True)
    root = tempfile.mkdtemp(dir=work)
    try:
        quiet("tar", "-C", root, "-I", "zstd", "-xpf", base())
        furnish(root, lines)
        environment = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        environment.update(PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME="/root", LC_ALL="C.UTF-8",
                           DEBIAN_FRONTEND="noninteractive")
        return watched(document, lines, ["unshare", "--mount", "--propagation", "private", "bash", "-c", INSIDE, "bash", root, kept],
                       environment)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def watched(document, lines, argv, environment):
    """Tells each line when the next one begins. Returns how many passed and how many failed."""
    process = subprocess.Popen(argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace")
    begun, said = 0, []
    for text in process.stdout:
        if text.startswith(MARK):
            if begun:
                print(f"ok {document}: {lines[begun - 1]}", flush=True)
            begun, said = begun + 1, []
        said = said[-200:] + [text]
    if process.wait() == 0 and begun == len(lines):
        print(f"ok {document}: {lines[-1]}", flush=True)
        return begun, 0
    print("".join(said))
    print(f"FAILED {document}: {lines[max(0, begun - 1)]} (exit {process.returncode})", flush=True)
    return max(0, begun - 1), 1


def absence():
    """Why it cannot be done here, or None."""
    if os.geteuid() != 0:
        return "it takes root to set up a bare Debian."
    for program in ("debootstrap", "unshare", "chroot", "zstd", "git"):
        if not shutil.which(program):
            return f"{program} is not installed."
    if subprocess.run(["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", "/mnt"],
                      check=False, capture_output=True).returncode != 0:
        return "this machine lets nobody mount."
    return None


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    why = absence()
    if why:
        print(f"README.md and docs/install.md were not followed in a bare Debian: {why}")
        return 77
    results = [follow(document) for document in sys.argv[1:]]
    failed = sum(result[1] for result in results)
    print(f"{sum(result[0] for result in results)} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
