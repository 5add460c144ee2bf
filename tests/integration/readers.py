#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Archivist writes, read by the public readers of Debian and npm, as a file and as a stream.

    readers.py ARCHIVIST FOLDER [WORD…]      only readers with one of the words in their names

FOLDER is for what is compiled and installed (npm packages of readers/package.json, whose versions are fixed).
A reader passes when it hands out every entry under its name with its bytes. One that is not installed fails:
a reader that was not asked is none that agreed. The last line is "N passed, N failed, N skipped".
"""
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(HERE, "readers")
MIB = 1 << 20
LIMIT_S = 600
LONG = "/".join("einer von mehreren langen Ordnern, wie es sie gibt %d" % i for i in range(6)) + "/Lösung.txt"
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", LANG="C.UTF-8")
JARS = ["/usr/share/java/commons-compress.jar", "/usr/share/java/zip4j.jar"]


# ---- what goes in ------------------------------------------------------------------------------------------------

def text(size, seed):
    dice = random.Random(seed)
    words = "question answer student grade because energy function integral <p> </p>\n law contract the of".split(" ")
    made = []
    length = 0
    while length < size:
        made.append(dice.choice(words) + " " + str(dice.randrange(1 << 20)))
        length += len(made[-1]) + 1
    return " ".join(made).encode()[:size]


def nested(seed):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as z:
        z.writestr("noise", random.Random(seed).randbytes(2 * MIB))
        z.writestr("text", text(MIB, seed), zipfile.ZIP_DEFLATED)
        with z.open("later", "w", force_zip64=True) as f:
            f.write(b"PK\3\4PK\7\10" * 1000)
    return data.getvalue()


def make(folder):
    files = {
        "Größe – 日本語.txt": b"Umlaute",
        "Übung/Lösung groß.html": text(3 * MIB + 77, 1),
        "photo.jpg": random.Random(2).randbytes(3 * MIB + 4321),
        "exact MiB": random.Random(3).randbytes(MIB),
        "exact MiBs.txt": text(2 * MIB, 4),
        "just above.bin": random.Random(5).randbytes(MIB + 1),
        "hand-in.zip": nested(6),
        "small hand-in.zip": nested(7)[:300000],
        "zeros": bytes(5 * MIB),
        "empty": b"",
        "half.bin": text(2 * MIB, 8) + random.Random(9).randbytes(2 * MIB),
        LONG: b"deep",
    }
    for i in range(400):
        files["many/%03d.json" % i] = text(i * 7 % 3000, i)
    for name, data in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)
    os.makedirs(os.path.join(folder, "empty folder"))
    return files


def digest(data):
    return hashlib.sha256(data).hexdigest(), len(data)


def expected(container):
    """name -> (sha256, size) of every file, by Python, whose answer about data/ is compared with the sources."""
    if container.endswith(".zip"):
        with zipfile.ZipFile(container) as z:
            return {i.filename: digest(z.read(i)) for i in z.infolist() if not i.is_dir()}
    data = open(container, "rb").read()
    if container.endswith(".zst"):
        data = subprocess.run(["zstd", "-dcq", container], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as t:
        return {m.name: digest(t.extractfile(m).read()) for m in t if m.isfile()}


# ---- readers -----------------------------------------------------------------------------------------------------

class Reader:
    """`run(container, folder)` unpacks into the folder and returns nothing, or returns lines.

    short_names: it knows no pax header. guesses: it takes signatures inside of an entry's data for its end, so a
    zip in the zip cannot be read where it does not compress; it gets a container without.
    """

    def __init__(self, name, forms, run, short_names=False, guesses=False):
        self.name, self.forms, self.run = name, forms.split(), run
        self.short_names, self.guesses = short_names, guesses


def command(script):
    """Shell with $1 the container; unpacks into the present folder."""
    def run(container, folder):
        call(["bash", "-c", "set -e -o pipefail; " + script, "_", container], folder)
    return run


def lines_of(argv):
    return lambda container, folder: call(argv + [container], folder)


def call(argv, folder):
    if not shutil.which(argv[0]):
        raise AssertionError(f"{argv[0]} is not installed: tools/packages.sh names its package")
    run = subprocess.run(argv, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, timeout=LIMIT_S)
    if run.returncode != 0:
        raise AssertionError(f"it ended with {run.returncode}: {(run.stderr or run.stdout).decode(errors='replace')[-600:]}")
    return run.stdout.decode()


PYTHON = """
import sys, hashlib, tarfile, zipfile
def tell(name, f): d = f.read(); print(hashlib.sha256(d).hexdigest(), len(d), name, sep="\\t")
mode, path = sys.argv[1:]
if mode == "zip":
    z = zipfile.ZipFile(path)
    for i in z.infolist():
        if not i.is_dir(): tell(i.filename, z.open(i))
else:
    for m in (t := tarfile.open(path, mode)):
        if m.isfile(): tell(m.name, t.extractfile(m))
"""
PHP = {
    "ZipArchive": """$z = new ZipArchive; if ($z->open($argv[1], ZipArchive::CHECKCONS) !== true) exit(1);
        for ($i = 0; $i < $z->numFiles; $i++) { $n = $z->getNameIndex($i); if (substr($n, -1) !== '/') tell($n, $z->getFromIndex($i)); }""",
    "PharData": """foreach (new RecursiveIteratorIterator(new PharData($argv[1])) as $p => $f)
        tell(substr($p, strlen('phar://' . $argv[1] . '/')), file_get_contents($p));""",
    "gzdecode": """file_put_contents('x.tar', gzdecode(file_get_contents($argv[1])));
        passthru('tar -xf x.tar && rm x.tar', $rc); exit($rc);""",
    "inflate_add": """$c = inflate_init(ZLIB_ENCODING_GZIP); $in = fopen($argv[1], 'rb'); $to = fopen('x.tar', 'wb');
        while (!feof($in)) fwrite($to, inflate_add($c, fread($in, 8192))); fclose($to);
        passthru('tar -xf x.tar && rm x.tar', $rc); exit($rc);""",
    "compress.zlib": """copy('compress.zlib://' . $argv[1], 'x.tar');
        passthru('tar -xf x.tar && rm x.tar', $rc); exit($rc);""",
}
PHP_TELL = "function tell($n, $d) { echo hash('sha256', $d), \"\\t\", strlen($d), \"\\t\", $n, \"\\n\"; } "
PERL = {
    "Archive::Zip": """use Archive::Zip; binmode STDOUT; my $z = Archive::Zip->new($ARGV[0]) or die;
        for ($z->members) { next if $_->isDirectory; my ($d, $s) = $_->contents; die if $s; tell_($_->fileNameAsBytes, $d); }""",
    "IO::Uncompress::Unzip": """use IO::Uncompress::Unzip qw($UnzipError); open my $in, '-|', 'cat', $ARGV[0] or die;
        my $z = IO::Uncompress::Unzip->new($in) or die; my $s;
        for ($s = 1; $s > 0; $s = $z->nextStream) { my $n = $z->getHeaderInfo->{Name}; my ($d, $b) = ('', '');
            while (($s = $z->read($b)) > 0) { $d .= $b } die $UnzipError if $s < 0; tell_($n, $d) unless $n =~ m{/$}; } die $UnzipError if $s < 0;""",
    "IO::Uncompress::Gunzip": """use IO::Uncompress::Gunzip qw(gunzip); gunzip($ARGV[0] => 'x.tar') or die;
        system('tar -xf x.tar && rm x.tar') and die;""",
    "Archive::Tar": """use Archive::Tar; my $t = Archive::Tar->new($ARGV[0]) or die;
        for ($t->get_files) { tell_($_->full_path, $_->get_content // '') if $_->is_file; }""",
}
PERL_TELL = "use Digest::SHA 'sha256_hex'; sub tell_ { print sha256_hex($_[1]), \"\\t\", length $_[1], \"\\t$_[0]\\n\"; } "


def php(name):
    return lines_or_files(["php", "-d", "memory_limit=-1", "-r", PHP_TELL + PHP[name], "--"])


def perl(name):
    return lines_or_files(["perl", "-e", PERL_TELL + PERL[name]])


def lines_or_files(argv):
    return lambda container, folder: call(argv + [container], folder) or None


def java(mode):
    return lambda container, folder: call(["java", "-Xmx512m", "-Dfile.encoding=UTF-8", "-cp",
                                           ":".join([BUILT, *JARS]), "Readers", mode, container], folder)


def node(mode):
    return lambda container, folder: call(["node", os.path.join(SOURCES, "readers.js"), BUILT, mode, container], folder)


def python(mode):
    return lines_of([sys.executable, "-c", PYTHON, mode])


READERS = [
    Reader("unzip", "zip", command('unzip -q "$1"')),
    Reader("7z", "zip tar", command('7z x -bd -y "$1"')),
    Reader("7z", "tar.gz tar.zst", command('7z x -bd -y -so "$1" | tar -x')),
    Reader("bsdtar", "zip tar tar.gz tar.zst", command('bsdtar -xf "$1"')),
    Reader("bsdtar, stream", "zip tar tar.gz tar.zst", command('cat "$1" | bsdtar -xf -')),
    Reader("busybox unzip", "zip", command('busybox unzip -q "$1"')),
    Reader("busybox tar", "tar", command('busybox tar -xf "$1"')),
    Reader("busybox tar", "tar.gz", command('busybox tar -xzf "$1"')),
    Reader("busybox tar, stream", "tar.gz", command('cat "$1" | busybox tar -xzf -')),
    Reader("GNU tar", "tar tar.gz tar.zst", command('tar -xf "$1"')),
    Reader("GNU tar, stream", "tar.gz", command('cat "$1" | tar -xzf -')),
    Reader("gzip, stream", "tar.gz", command('gzip -dc <"$1" | tar -x')),
    Reader("pigz, stream", "tar.gz", command('pigz -dc <"$1" | tar -x')),
    Reader("zstd, stream", "tar.zst", command('zstd -dcq <"$1" | tar -x')),
    Reader("Python zipfile", "zip", python("zip")),
    Reader("Python tarfile r:*", "tar tar.gz", python("r:*")),
    Reader("Python tarfile r|*, stream", "tar tar.gz", python("r|*")),
    Reader("Python tarfile r|gz, stream", "tar.gz", python("r|gz")),
    Reader("PHP ZipArchive", "zip", php("ZipArchive")),
    Reader("PHP PharData", "tar tar.gz", php("PharData"), short_names=True),
    Reader("PHP gzdecode", "tar.gz", php("gzdecode")),
    Reader("PHP inflate_add, stream", "tar.gz", php("inflate_add")),
    Reader("PHP compress.zlib, stream", "tar.gz", php("compress.zlib")),
    Reader("Perl Archive::Zip", "zip", perl("Archive::Zip")),
    Reader("Perl IO::Uncompress::Unzip, stream", "zip", perl("IO::Uncompress::Unzip")),
    Reader("Perl IO::Uncompress::Gunzip, stream", "tar.gz", perl("IO::Uncompress::Gunzip")),
    Reader("Perl Archive::Tar", "tar tar.gz", perl("Archive::Tar"), short_names=True),
    Reader("Java ZipFile", "zip", java("zip-file")),
    Reader("Java ZipInputStream, stream", "zip", java("zip-stream")),
    Reader("Java jar, stream", "zip", command('jar -x <"$1"')),
    Reader("commons-compress ZipFile", "zip", java("compress-zip-file")),
    Reader("commons-compress ZipArchiveInputStream, stream", "zip", java("compress-zip-stream")),
    Reader("zip4j ZipFile", "zip", java("zip4j-file")),
    Reader("zip4j ZipInputStream, stream", "zip", java("zip4j-stream")),
    Reader("Java GZIPInputStream, stream", "tar.gz", java("gzip-stream")),
    Reader("commons-compress GzipCompressorInputStream, stream", "tar.gz", java("compress-gzip-stream")),
    Reader("commons-compress TarArchiveInputStream, stream", "tar", java("compress-tar-stream")),
    *[Reader(f"npm {mode}", "zip", node(mode)) for mode in
      ("yauzl", "jszip", "adm-zip", "node-stream-zip", "zip.js", "fflate-unzipSync", "unzipper-Open")],
    *[Reader(f"npm {mode}, stream", "zip", node(mode)) for mode in ("zip.js-stream", "unzip-stream")],
    *[Reader(f"npm {mode}, stream", "zip", node(mode), guesses=True) for mode in ("fflate-Unzip", "unzipper-Parse")],
    Reader("npm tar", "tar tar.gz", node("npm-tar")),
    Reader("npm tar, stream", "tar tar.gz", node("npm-tar-stream")),
    Reader("npm tar-stream, stream", "tar", node("tar-stream")),
    *[Reader(f"node {mode}, stream", "tar.gz", node(mode)) for mode in
      ("zlib-gunzip", "zlib-gunzipSync", "DecompressionStream")],
    *[Reader(f"npm {mode}, stream", "tar.gz", node(mode)) for mode in
      ("pako", "fflate-gunzipSync", "fflate-Gunzip")],
]


# ---- judging -----------------------------------------------------------------------------------------------------

def from_folder(folder):
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = digest(f.read())
    return found


def from_lines(lines):
    found = {}
    for line in lines.splitlines():
        sha256, size, name = line.split("\t", 2)
        if name in found:
            raise AssertionError(f"it tells {name!r} twice")
        found[name] = (sha256, int(size))
    return found


def compare(found, wanted, short_names):
    if short_names:  # the content of all, and the names that fit
        if sorted(found.values()) != sorted(wanted.values()):
            raise AssertionError(f"it found {len(found)} files of {len(wanted)}, or other content")
        wanted = {name: value for name, value in wanted.items() if len(name.encode()) <= 100}
        found = {name: value for name, value in found.items() if name in wanted}
    for name, value in wanted.items():
        if name not in found:
            raise AssertionError(f"it found {len(found)} files of {len(wanted)}; the first that lacks is {name!r}")
        if found[name] != value:
            raise AssertionError(f"{name!r} has {found[name][1]} bytes of {value[1]}, or other ones")
    if len(found) != len(wanted):
        raise AssertionError(f"it found {sorted(set(found) - set(wanted))[:3]!r}, which nobody packed")


def build(folder):
    global BUILT
    BUILT = folder
    os.makedirs(folder, exist_ok=True)
    if not shutil.which("npm") or not shutil.which("javac"):
        raise SystemExit("npm or javac is not installed: tools/packages.sh names their packages\n"
                         "0 passed, 1 failed, 0 skipped")
    wanted = open(os.path.join(SOURCES, "package.json")).read()
    mark = os.path.join(folder, "installed.json")
    if not os.path.exists(mark) or open(mark).read() != wanted:
        shutil.copy(os.path.join(SOURCES, "package.json"), folder)
        for attempt in range(3):  # a registry may be busy
            run = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
                                 cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if run.returncode == 0:
                break
        else:
            raise SystemExit("npm cannot install the readers of readers/package.json; they need npm's registry:\n"
                             + run.stdout.decode(errors="replace")[-2000:] + "\n0 passed, 1 failed, 0 skipped")
        with open(mark, "w") as f:
            f.write(wanted)
    subprocess.run(["javac", "-nowarn", "-encoding", "UTF-8", "-cp", ":".join(JARS), "-d", folder,
                    os.path.join(SOURCES, "Readers.java")], check=True)


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    archivist, words = os.path.abspath(sys.argv[1]), sys.argv[3:]
    passed = failed = 0
    build(os.path.abspath(sys.argv[2]))
    with tempfile.TemporaryDirectory(prefix="readers-") as work:
        source = os.path.join(work, "Prüfung")
        os.mkdir(source)
        files = make(source)
        plain = os.path.join(work, "plain", "Prüfung")
        shutil.copytree(source, plain, ignore=shutil.ignore_patterns("*.zip"))
        variants = [("zip", []), ("zip", ["--level", "0"]), ("zip", ["--reproducible"]), ("tar.gz", []),
                    ("tar.gz", ["--reproducible"]), ("tar.gz", ["--level", "0"]), ("tar.zst", []), ("tar", [])]
        for number, (form, options) in enumerate(variants):
            containers = {}
            for guesses, packed in ((False, source), (True, plain)):
                container = os.path.join(work, f"{number}{guesses}.{form}")
                subprocess.run([archivist, "pack", packed, "-o", container, "--quiet", *options], check=True,
                               stdout=subprocess.DEVNULL)
                containers[guesses] = container, expected(container)
            for name, data in files.items():
                assert containers[False][1][f"Prüfung/data/{name}"] == digest(data), name
            shown = " ".join([form, *options])
            for reader in READERS:
                if form not in reader.forms or (words and not any(w in reader.name for w in words)):
                    continue
                container, wanted = containers[reader.guesses]
                folder = os.path.join(work, "out")
                os.mkdir(folder)
                begun = time.monotonic()
                try:
                    lines = reader.run(container, folder)
                    compare(from_folder(folder) if lines is None or lines == "" else from_lines(lines), wanted,
                            reader.short_names)
                    passed += 1
                    print(f"ok {shown}: {reader.name} ({time.monotonic() - begun:.1f} s)", flush=True)
                except (AssertionError, ValueError, subprocess.TimeoutExpired) as error:
                    failed += 1
                    print(f"FAILED {shown}: {reader.name}: {error}", flush=True)
                shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
