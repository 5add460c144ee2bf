#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the data sets that Archivist is measured with: the same bytes on every machine.

    make_data.py [--sets A,B,C,D] [--scale 1.0] [--jobs N] [--seed N] FOLDER

A   20,000 files of 4 to 64 KiB: text 45 %, PDF-like 40 %, already packed 15 %
B   200 files of 10 MB, every other one incompressible
C   one incompressible file of 4.3 GB, beyond ZIP's 32-bit limit
D   200,000 files of 1 KiB

FOLDER/X/ holds the files of set X, FOLDER/X.jsonl lists them in the order of their names, one
{"name", "path", "size"} a line, as `archivist pack --list` reads it, and FOLDER/X.stamp tells what
was made: a set that is there is left alone, one of another scale or seed is made anew.

Text is like Moodle's own: pages and JSON documents made of a few templates, with sentences of a
vocabulary that obeys Zipf's law, and paragraphs that are quoted further down. `--check` prints how
well it compresses: zlib -6 is to reach about 3.8 on 16 KiB and 7.8 on 1 MiB.

All randomness is SHAKE-128 of the name of what is being made, and arithmetic is on integers, so
nothing depends on the version of Python, its hash seed or the number of processes.
"""
import argparse
import array
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import zlib

VERSION = 1
SETS = "ABCD"
PART = 16 << 20  # of the one large file
COMMON = """the of and to a in is that it for you was with on as be this are or by not from have at
which one but all were we when your can there use an each what their said if do how other about out
many then them these so some her would make like him into time has look two more write go see number
no way could people my than first water been call who its now find long down day did get come made
may part student course answer question teacher work please week lecture group page thanks hello
think because example also however very much reading chapter file upload deadline forum post quiz
grade feedback module exam task solution correct wrong result image table figure text link here
their after before between under again where while should through most such only own same both few
""".split()
ONSETS = "b c d g h l m n p r s t v w st tr pr ch gr pl br cl sp th".split()
VOWELS = "a e i o u ea ou ai e a i o".split()
CODAS = ["", "n", "r", "s", "l", "m", "nd", "st", "ng", "", "", "rt", "rn", "lt"]
ENDINGS = ["", "s", "ed", "ing", "er", "ion", "ly", "ment", "able", "ness"]


class Bits:
    """An endless stream of numbers that depends on its name only."""

    def __init__(self, name):
        self.name = name
        self.round = 0
        self.words = self.more(64)
        self.at = 0

    def more(self, count):
        digest = hashlib.shake_128(f"{self.name}#{self.round}".encode()).digest(2 * count)
        words = array.array("H", digest)
        if sys.byteorder == "big":
            words.byteswap()
        self.round += 1
        return words

    def take(self, count):
        """`count` numbers below 65536."""
        if self.at + count > len(self.words):
            self.words = self.more(max(count, min(8192, 4 * len(self.words))))
            self.at = 0
        self.at += count
        return self.words[self.at - count : self.at]

    def below(self, limit):
        return self.take(1)[0] * limit >> 16


def make_vocabulary():
    """65536 slots, of which a word of rank r holds about as many as Zipf's law gives it."""
    bits = Bits("vocabulary")
    words = list(dict.fromkeys(COMMON))
    seen = set(words)
    while len(words) < 8000:
        word = "".join(
            ONSETS[bits.below(len(ONSETS))] + VOWELS[bits.below(len(VOWELS))]
            + CODAS[bits.below(len(CODAS))]
            for _ in range(1 + bits.below(2 + (len(words) > 1500)))
        ) + ENDINGS[bits.below(len(ENDINGS))]
        if word not in seen and len(word) > 2:
            seen.add(word)
            words.append(word)
    slots = []
    for rank, word in enumerate(words):
        slots += [word] * max(1, 78000 // (10 * rank + 27))
        if len(slots) >= 65536:
            break
    slots += [words[i % 400] for i in range(65536 - len(slots))]
    return slots[:65536]


VOCABULARY = make_vocabulary()
WORD = VOCABULARY.__getitem__

PAGE_HEAD = """<!DOCTYPE html>
<html dir="ltr" lang="en" xml:lang="en">
<head>
    <title>%s: %s</title>
    <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
    <meta name="keywords" content="moodle, %s" />
    <link rel="stylesheet" type="text/css" href="styles/all.css" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
</head>
<body id="page-mod-archive-view" class="format-topics path-mod limitedwidth pagelayout-incourse \
course-%d cmid-%d theme uses-drawers">
<div id="page-wrapper" class="d-print-block"><div id="page" class="drawers drag-container">
<div id="region-main-box"><section id="region-main" aria-label="Content"><div role="main">
"""
PAGE_FOOT = """</div></section></div></div></div>
</body>
</html>
"""
POST = """<article id="p%(id)d" class="forum-post-container mb-2" data-post-id="%(id)d" \
data-region="post" tabindex="0" aria-labelledby="post-header-%(id)d-%(key)s">
  <div class="d-flex border p-2 mb-2 forumpost focus-target" aria-label="%(title)s by %(name)s">
    <header id="post-header-%(id)d-%(key)s" class="row d-flex header">
      <img class="rounded-circle w-100" src="pluginfile.php/%(context)d/user/icon/f1.png" \
alt="Picture of %(name)s" title="Picture of %(name)s" />
      <h3 class="h6 font-weight-bold mb-0" data-region-content="forum-post-core-subject">%(title)s\
</h3>
      <address class="mb-0" tabindex="-1">by <a href="../user/view.php?id=%(user)d&amp;course=\
%(course)d">%(name)s</a> - <time datetime="%(date)s">%(date)s</time></address>
    </header>
    <div class="body-content-container"><div class="post-content-container">%(body)s</div></div>
    <div class="post-actions d-flex align-self-end justify-content-end" data-region="\
post-actions-container" role="menubar" aria-controls="p%(id)d"><a href="discuss.php?d=%(thread)d#p\
%(id)d" class="btn btn-link" role="menuitem" title="Permanent link to this post">Permalink</a></div>
  </div>
</article>
"""
QUESTION = """<div id="question-%(thread)d-%(number)d" class="que multichoice deferredfeedback \
%(state)s"><div class="info"><h3 class="no">Question <span class="qno">%(number)d</span></h3><div \
class="state">%(state)s</div><div class="grade">Mark %(mark)d.00 out of 5.00</div></div>
<div class="content"><div class="formulation clearfix"><h4 class="accesshide">Question text</h4>\
<input type="hidden" name="q%(thread)d:%(number)d_:sequencecheck" value="3" /><div class="qtext">\
%(body)s</div>
<fieldset class="ablock no-overflow visual-scroll-x"><legend class="prompt h6">Select one:</legend>\
<div class="answer"><div class="r0"><input type="radio" name="q%(thread)d:%(number)d_answer" \
disabled="disabled" value="0" /><div class="d-flex w-auto" data-region="answer-label"><span class=\
"answernumber">a. </span><div class="flex-fill ml-1">%(title)s</div></div></div>
</div></fieldset></div><div class="outcome clearfix"><h4 class="accesshide">Feedback</h4><div \
class="feedback"><div class="rightanswer">The correct answer is: %(title)s</div></div></div></div>
</div>
"""
SUBMISSION = """<tr class="unselected" id="mod_assign_grading_r%(number)d"><td class="cell c0">\
<a href="../user/view.php?id=%(user)d&amp;course=%(course)d">%(name)s</a></td><td class="cell c1">\
<div class="submissionstatussubmitted">Submitted for grading</div></td><td class="cell c2">\
<div class="submissiongraded">%(mark)d.00&nbsp;/&nbsp;5.00</div></td><td class="cell c3"><time>\
%(date)s</time></td><td class="cell c4"><div class="fileuploadsubmission"><a target="_blank" \
href="pluginfile.php/%(context)d/assignsubmission_file/submission_files/%(id)d/%(key)s.pdf?\
forcedownload=1">%(key)s.pdf</a></div></td><td class="cell c5"><div class="no-overflow">%(body)s\
</div></td></tr>
"""
RECORD = """  {
    "id": %(id)d,
    "discussion": %(thread)d,
    "parent": %(number)d,
    "userid": %(user)d,
    "userfullname": "%(name)s",
    "created": %(time)d,
    "modified": %(time)d,
    "subject": "%(title)s",
    "message": "%(body)s",
    "messageformat": 1,
    "attachment": false,
    "mailnow": 0,
    "contextid": %(context)d,
    "grade": {"raw": %(mark)d, "max": 5, "locked": false, "overridden": false},
    "capabilities": {"view": true, "edit": false, "delete": false, "split": false, "reply": true,
      "export": false, "controlreadstatus": false, "canreplyprivately": false, "selfenrol": false},
    "urls": {"view": "https://moodle.example.org/mod/forum/discuss.php?d=%(thread)d#p%(id)d",
      "viewisolated": "https://moodle.example.org/mod/forum/discuss.php?d=%(thread)d&parent=%(id)d",
      "discuss": "https://moodle.example.org/mod/forum/discuss.php?d=%(thread)d"},
    "filepath": "/%(context)d/mod_forum/post/%(id)d/%(key)s.pdf"
  },
"""
STATES = ["correct", "incorrect", "partiallycorrect", "notanswered"]


class Writer:
    """Writes documents of one length after the other out of one stream of randomness."""

    def __init__(self, name):
        self.bits = Bits(name)
        self.quotable = []
        self.id = 10000 + self.bits.below(60000)
        self.course = 100 + self.bits.below(900)
        self.time = 1700000000 + 1000 * self.bits.below(50000)
        self.names = [self.words(2).title() for _ in range(40)]

    def words(self, count):
        return " ".join(map(WORD, self.bits.take(count)))

    def sentence(self):
        text = self.words(6 + self.bits.below(14))
        return text[0].upper() + text[1:] + "."

    def paragraph(self):
        """A new one, or after a while and mostly one that stood somewhere above, as quotes do."""
        known = len(self.quotable)
        if self.bits.below(100) < min(QUOTED, known // 2):
            far = known if self.bits.below(100) < FAR else min(known, 60)
            return self.quotable[-1 - self.bits.below(far)]
        text = " ".join([self.sentence() for _ in range(1 + self.bits.below(3))])
        if known < 3000:
            self.quotable.append(text)
        return text

    def fields(self, number, body):
        r = self.bits.take(6)
        self.id += 1 + (r[0] & 7)
        self.time += r[1]
        return {
            "id": self.id, "number": number, "course": self.course, "user": 2000 + (r[2] % 40),
            "name": self.names[r[2] % 40], "context": 40000 + self.course,
            "thread": self.course * 7 + (number >> 4), "key": "%04x%04x" % (r[3], r[4]),
            "mark": r[5] % 6, "state": STATES[r[5] & 3], "time": self.time, "body": body,
            "date": "2025-%02d-%02dT%02d:%02d:00+01:00"
            % (1 + number // 280 % 12, 1 + number // 10 % 28, r[5] >> 12, r[1] % 60),
            "title": self.words(3).capitalize(),
        }

    def document(self, size, is_json):
        """Exactly `size` bytes of a page, or of an array of records."""
        if is_json:
            head, foot, fill = "[\n", "\n]\n", ('  {"id": 0, "message": "', '"}')
        else:
            title = self.words(3).capitalize()
            head = PAGE_HEAD % (self.course, title, title, self.course, self.id)
            foot, fill = PAGE_FOOT, ("<p>", "</p>\n")
            if size < 4096:
                head, foot = "<html><head><title>%s</title></head><body>\n" % title, "</body></html>\n"
        template = RECORD if is_json else (POST, POST, QUESTION, SUBMISSION)[self.bits.below(4)]
        parts, number = [head], 0
        left = size - len(head) - len(foot) - len(fill[0]) - len(fill[1])
        while True:
            paragraphs = [self.paragraph() for _ in range(1 + self.bits.below(PARAGRAPHS))]
            body = "\\n".join(paragraphs) if is_json else "<p>" + "</p><p>".join(paragraphs) + "</p>"
            part = template % self.fields(number, body)
            if len(part) > left:
                break
            parts.append(part)
            left -= len(part)
            number += 1
            if not is_json and number % 400 == 0:
                template = (POST, QUESTION, SUBMISSION)[number // 400 % 3]
        text = self.sentence()
        while len(text) < left:
            text += " " + self.sentence()
        return "".join(parts + [fill[0], text[:left], fill[1], foot]).encode("ascii")


QUOTED = 78  # of 100 paragraphs, once there are enough to quote from
FAR = 8  # of 100 quotes: from anywhere above, the others from the last 60 new paragraphs
PARAGRAPHS = 5  # at most, of one post


def noise(name, size):
    return hashlib.shake_128(name.encode()).digest(size)


def pdf(name, size):
    """Dictionaries and a table of offsets in text, streams that are compressed already."""
    bits = Bits(name)
    parts, offsets, length, number = [b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"], [], 15, 0
    trailer = "trailer\n<< /Size %d /Root 1 0 R /Info 2 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    while True:
        number += 1
        room = size - length - 20 * (number + 2) - 400
        if room < 200:
            break
        stream = noise(f"{name}/{number}", min(room, 300 + bits.below(9000)))
        head = (
            f"{number} 0 obj\n<< /Type /Page /Parent 1 0 R /MediaBox [ 0 0 595.28 841.89 ] "
            f"/Resources << /Font << /F{number} {number + 2} 0 R >> /ProcSet [ /PDF /Text ] >> "
            f"/Filter /FlateDecode /Length {len(stream)} >>\nstream\n"
        )
        part = head.encode() + stream + b"\nendstream\nendobj\n"
        offsets.append("%010d 00000 n \n" % length)
        parts.append(part)
        length += len(part)
    end = "xref\n0 %d\n%s" % (number, "".join(offsets)) + trailer % (number, length)
    parts.append(b" " * (size - length - len(end)) + end.encode())
    return b"".join(parts)


def packed(name, size, kind):
    head = {"jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00`\x00`\x00\x00",
            "docx": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00", "mp4": b"\0\0\0 ftypisom",
            "zip": b"PK\x03\x04\x14\x00\x00\x00\x08\x00"}[kind]
    return head + noise(name, size - len(head))


def plan_a(seed, scale):
    count = max(20, round(20000 * scale))
    bits = Bits(f"{seed}/A")
    for i in range(count):
        kind, shape, u = bits.take(3)
        # Small files are more frequent than large ones; the mean is 22.2 KB.
        size = 4096 + (u * u * (546 * 65536 + 454 * u) * 61440) // (1000 * 65536**3)
        if kind < 29491:
            extension = "json" if shape < 19661 else "html"
        elif kind < 55706:
            extension = "pdf"
        else:
            extension = ("jpg", "docx", "mp4", "zip")[shape & 3]
        folder = ("forum", "assign", "quiz", "glossary", "wiki")[i % 5]
        yield f"course-{i // 1000:03d}/{folder}-{i // 50 % 20:02d}/item-{i:06d}.{extension}", size


def plan(which, seed, scale):
    """Names and sizes of the files of a set; the extension says what is in a file."""
    if which == "A":
        yield from plan_a(seed, scale)
    elif which == "B":
        for i in range(max(2, round(200 * scale))):
            kind = "mp4" if i % 2 else ("json" if i % 8 == 0 else "html")
            yield f"backup/activity-{i:03d}.{kind}", 10_000_000
    elif which == "C":
        yield "recording/lecture.bin", round(4_300_000_000 * scale)
    elif which == "D":
        for i in range(max(100, round(200000 * scale))):
            yield f"log-{i // 1000:03d}/entry-{i:06d}.{'json' if i % 2 else 'html'}", 1024


def content(which, seed, name, size):
    kind = name.rpartition(".")[2]
    if kind in ("html", "json"):
        return Writer(f"{seed}/{which}/{name}").document(size, kind == "json")
    if kind == "pdf":
        return pdf(f"{seed}/{which}/{name}", size)
    return packed(f"{seed}/{which}/{name}", size, kind)


def write_batch(batch):
    which, seed, folder, files = batch
    for name, size in files:
        data = content(which, seed, name, size)
        if len(data) != size:
            raise RuntimeError(f"{name} has {len(data)} bytes instead of {size}")
        with open(os.path.join(folder, name), "wb", buffering=0) as f:
            f.write(data)


def write_part(part):
    seed, path, offset, size = part
    with open(path, "r+b", buffering=0) as f:
        f.seek(offset)
        f.write(noise(f"{seed}/C/{offset}", size))


def make(pool, which, seed, scale, folder):
    files = sorted(plan(which, seed, scale))
    for parent in sorted({os.path.dirname(name) for name, _ in files}):
        os.makedirs(os.path.join(folder, parent))
    if which == "C":
        ((name, size),) = files
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.truncate(size)
        parts = [(seed, path, at, min(PART, size - at)) for at in range(0, size, PART)]
        done = pool.imap_unordered(write_part, parts)
    else:
        step = 1 if which == "B" else 500
        batches = [(which, seed, folder, files[i : i + step]) for i in range(0, len(files), step)]
        done = pool.imap_unordered(write_batch, batches)
    for _ in done:
        pass
    with open(folder + ".jsonl", "w", encoding="ascii") as f:
        for name, size in files:
            line = {"name": name, "path": os.path.join(folder, name), "size": size}
            f.write(json.dumps(line, separators=(", ", ": ")) + "\n")
    return len(files), sum(size for _, size in files)


def read_stamp(path):
    try:
        with open(path, encoding="ascii") as f:
            return json.load(f)
    except FileNotFoundError:
        return None
    except ValueError:
        return {}


def write_stamp(path, stamp):
    with open(path + ".new", "w", encoding="ascii") as f:
        json.dump(stamp, f)
    os.replace(path + ".new", path)


def ensure(pool, which, seed, scale, top):
    """A stamp without "complete" is that of a run that was interrupted."""
    folder = os.path.join(top, which)
    stamp = {"version": VERSION, "seed": seed, "scale": scale, "folder": folder}
    present = read_stamp(folder + ".stamp")
    if present == dict(stamp, complete=True):
        print(f"{which}: is there")
        return
    if os.path.exists(folder) and present is None:
        sys.exit(f"{folder} was not made by this program. Remove it, or name another folder.")
    if present is not None:
        shutil.rmtree(folder, ignore_errors=True)
    write_stamp(folder + ".stamp", stamp)
    os.makedirs(folder)
    count, size = make(pool, which, seed, scale, folder)
    os.sync()
    write_stamp(folder + ".stamp", dict(stamp, complete=True))
    print(f"{which}: {count} files, {size} bytes", flush=True)


def check():
    for size, count in ((16 << 10, 40), (1 << 20, 6)):
        for kind in ("html", "json"):
            texts = [Writer(f"check/{i}").document(size, kind == "json") for i in range(count)]
            ratio = size * count / sum(len(zlib.compress(text, 6)) for text in texts)
            print(f"{kind} of {size} bytes: zlib -6 makes {ratio:.2f} of 1")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--sets", default="A,B,C,D")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", action="store_true", help="print how text compresses, and end")
    args = parser.parse_args()
    if args.check:
        check()
        return
    sets = args.sets.split(",")
    if not args.folder or not all(s in SETS and len(s) == 1 for s in sets):
        parser.error("a folder is needed, and --sets takes A, B, C and D, separated by commas")
    if not 0 < args.scale <= 10:
        parser.error("--scale takes a number above 0 and up to 10; 1 is the full size")
    top = os.path.abspath(args.folder)
    os.makedirs(top, exist_ok=True)
    with multiprocessing.Pool(max(1, args.jobs)) as pool:
        for which in sets:
            ensure(pool, which, args.seed, args.scale, top)


if __name__ == "__main__":
    main()
