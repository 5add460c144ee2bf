# SPDX-License-Identifier: Apache-2.0
"""A lab's Moodle from outside: its scripts, its database, its pages, its archives."""
import contextlib
import html
import http.cookiejar
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))

from cli_frame import holds, same  # noqa: E402

QUEUED, COMPLETED, PARTIAL, RECOVERABLE, FAILURE, ABORTED = 10, 100, 105, 210, 240, 250
FINAL = (COMPLETED, PARTIAL, FAILURE, ABORTED)
TASK = r"\local_archivist\task\run_job"
LIMIT_SECONDS = 3600 if os.environ.get("FULL") == "1" else 1800
# What PHP and Moodle write when something is wrong in a program.
COMPLAINT = re.compile(r"PHP (Warning|Notice|Deprecated|Fatal|Parse)|Debugging: ")


class Site:
    def __init__(self, lab):
        self.lab = lab
        with open(os.path.join(lab, "lab.env"), encoding="utf-8") as f:
            settings = dict(line.rstrip("\n").split("=", 1) for line in f)
        self.url, self.code, self.data = settings["URL"], settings["CODE"], settings["DATA"]
        self.password = settings["ADMINPASS"]
        self.read_complaints = 0
        self.noted_complaints = []

    def run(self, *argv, code=0, plain=False):
        """A program of the lab; its exit code must be as expected (None: any). stdout and stderr."""
        done = subprocess.run([os.path.join(self.lab, "bin", argv[0]), *map(str, argv[1:])], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=LIMIT_SECONDS, check=False,
                              env={**os.environ, **({"PLAIN": "1"} if plain else {})})
        if code is not None and done.returncode != code:
            raise AssertionError(f"{argv} gave {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done

    def start(self, script, *arguments):
        """A script of Moodle's in the background, in a process group of its own."""
        return subprocess.Popen([os.path.join(self.lab, "bin/m"), script, *arguments], stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def node(self, name):
        """A cron node of its own, which runs the queued jobs: its host name (as root) and local cache are its own."""
        command = [os.path.join(self.lab, "bin/m"), "admin/cli/adhoc_task.php", "--execute"]
        if os.geteuid() == 0:
            command = ["unshare", "--uts", "sh", "-c", f'hostname {name} && exec "$@"', "sh", *command]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                start_new_session=True, env={**os.environ, "NODE": name})

    def ask(self, operation, *arguments, **more):
        return json.loads(self.run("php", f"{self.lab}/bin/lab_site.php", self.code, operation, *arguments, **more).stdout.split("\n")[-2])

    def seed(self, shortname, students, kib):
        done = self.run("php", f"{self.lab}/bin/seed.php", self.code, shortname, students, kib)
        return json.loads(done.stdout.split("\n")[-2])

    def sql(self, query):
        return [line.split("\t") for line in self.run("sql", query).stdout.split("\n") if line]

    def one(self, query):
        return self.sql(query)[0][0]

    def adhoc(self):
        """Runs the queued jobs, and nothing else of Moodle's."""
        return self.run("m", "admin/cli/adhoc_task.php", "--execute", f"--classname={TASK}", "--ignorelimits")

    def cron(self):
        return self.run("m", "admin/cli/cron.php", "--keep-alive=0")

    def rescue(self):
        """The plugin's own task that looks for jobs whose runner is dead: each minute, on a site with a cron."""
        return self.run("m", "admin/cli/scheduled_task.php", r"--execute=\local_archivist\task\rescue")

    def web(self, kind):
        self.lab_sh("web", kind)

    def lab_sh(self, *argv):
        subprocess.run([os.path.join(HERE, "lab.sh"), *argv], check=True, env={**os.environ, "LAB": self.lab})

    def pool(self, contenthash):
        """Where the file pool keeps these bytes."""
        return os.path.join(self.data, "filedir", contenthash[:2], contenthash[2:4], contenthash)

    # ---- jobs ----------------------------------------------------------------------------------------

    def store(self, name):
        """A storage in a new folder, in which new archives go; and its folder. No job of an earlier test comes in between."""
        folder = os.path.join(self.lab, "storage", name)
        self.run("php", "-r", f"mkdir('{folder}', 0700, true);")
        self.ask("alone")
        self.ask("store", folder)
        return folder

    def staged(self, jobid):
        """The folder in which the engine keeps a job."""
        uuid = self.one(f"SELECT uuid FROM mdl_local_archivist_job WHERE id = {jobid}")
        return os.path.join(self.data, "archivist/staging", uuid)

    def tasks(self, ids):
        """Those of the jobs that have a task in Moodle's queue."""
        rows = self.sql("SELECT customdata FROM mdl_task_adhoc WHERE component = 'local_archivist'")
        return sorted({json.loads(row[0])["jobid"] for row in rows} & set(ids))

    def job(self, jobid):
        """status, cause, attempts"""
        status, attempts, cause = self.sql(f"SELECT status, attempts, COALESCE(cause, '') FROM mdl_local_archivist_job "
                                           f"WHERE id = {jobid}")[0]
        return int(status), cause, int(attempts)

    def ended(self, jobid, status):
        """The job ended so; a sentence says why when it is not done."""
        found, cause, _ = self.job(jobid)
        holds(found == status, f"the job {jobid} is in the state {found}, expected {status}: {cause}")
        if status != COMPLETED:
            holds(re.fullmatch(r"(?s)\S.{10,}[.!?][”\")]*", cause), f"the cause is no sentence: {cause!r}")
        return cause

    def archive_of(self, jobid, folder):
        """The path of the one stored copy of a job."""
        rows = self.sql(f"SELECT storekey, sizebytes FROM mdl_local_archivist_file WHERE jobid = {jobid} AND status = 'stored'")
        same(len(rows), 1)
        path = os.path.join(folder, rows[0][0])
        same(os.path.getsize(path), int(rows[0][1]))
        return path

    def events(self, jobid):
        """name of the event -> how often it stands in Moodle's log for a job"""
        rows = self.sql("SELECT eventname, count(*) FROM mdl_logstore_standard_log WHERE component LIKE 'archive%' "
                        f"AND other LIKE '%\"jobid\":{jobid},%' OR component = 'local_archivist' AND objecttable = "
                        f"'local_archivist_job' AND objectid = {jobid} GROUP BY eventname")
        return {name.replace("\\\\", "\\").lstrip("\\").replace("\\event\\", ": "): int(number) for name, number in rows}

    def complaints(self):
        """Lines of the logs of PHP that tell of a defect, since they were asked for."""
        found, self.noted_complaints = self.noted_complaints + self.new_complaints(), []
        return found

    @contextlib.contextmanager
    def may_complain(self):
        """What PHP complains of meanwhile is no defect, also when the test fails; what it said before is."""
        self.noted_complaints += self.new_complaints()
        try:
            yield
        finally:
            self.new_complaints()

    def new_complaints(self):
        """Those since the log was read."""
        path = os.path.join(self.lab, "log/php.log")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8", errors="replace") as f:
            f.seek(self.read_complaints)
            text = f.read()
            self.read_complaints = f.tell()
        # That a lab sends no mail is told by Moodle each time.
        return [line for line in text.split("\n") if COMPLAINT.search(line) and "noemailever" not in line]


def files_below(folder):
    """All but the mark that the engine leaves in a storage."""
    return sorted(os.path.relpath(os.path.join(place, name), folder)
                  for place, _, names in os.walk(folder) for name in names if name != ".archivist-storage")


def writes_below(pid, folder):
    """Whether a process has a file below the folder open. Its folders stay open a little longer, when all is stored."""
    try:
        for number in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{number}"
            try:
                if os.readlink(path).startswith(folder + "/") and stat.S_ISREG(os.stat(path).st_mode):
                    return True
            except OSError:
                continue
    except OSError:
        pass
    return False


def stands_still(pid):
    """Whether every thread of a process is stopped, or has ended."""
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8", errors="replace") as f:
                if f.read().rpartition(") ")[2][:1] not in "TtZX":
                    return False
    except OSError:
        return False  # A thread has ended meanwhile: look again.
    return True


def stop_when_writing(process, folder):
    """Stops a process in the moment in which it has begun to write its archive. One that was already done with it when it
    stood still goes on to the next one."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if writes_below(process.pid, folder):
            os.kill(process.pid, signal.SIGSTOP)
            until(lambda: process.poll() is not None or stands_still(process.pid))
            if writes_below(process.pid, folder):
                return
            os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.001)
    holds(process.poll() is not None, "the job did not write in time")
    raise AssertionError(f"the job ended before it wrote: {process.communicate()[0].decode(errors='replace')[-2000:]}")


def until(condition, process=None):
    """Waits for something to be so; not longer than the process lives, if one is given."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not condition():
        holds(time.monotonic() < deadline, "it did not come true in time")
        if process is not None and process.poll() is not None:
            raise AssertionError(f"the process has ended: {process.communicate()[0].decode(errors='replace')[-2000:]}")
        time.sleep(0.05)


def finish(process):
    """Lets a process that may be stopped go on, and waits for its end."""
    if process.poll() is None:
        os.kill(process.pid, signal.SIGCONT)
    try:
        out, _ = process.communicate(timeout=LIMIT_SECONDS)
        return out.decode(errors="replace")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def check_archive(trial, site, cm, path):
    """The archive is valid, and every submitted file is in it under the student's name (the id of a deleted one),
    byte for byte."""
    found = trial.json("verify", path)
    holds(found["valid"], f"{path}: {found['findings']}")
    out = trial.path("out-" + os.path.basename(path))
    trial.run("extract", path, out)
    by_end = {}
    for name in files_below(out):
        by_end.setdefault(os.path.basename(name), []).append(name)
    handins = site.ask("handins", cm)
    holds(handins, "the assignment has no submitted files")
    for row in handins:
        end = row["filepath"] + row["filename"]
        names = [n for n in by_end.get(row["filename"], []) if ("/" + n).endswith(end) and
                 any(row["person"] in part for part in n[:-len(end)].split("/"))]
        same((row["person"], end, len(names)), (row["person"], end, 1))
        with open(os.path.join(out, names[0]), "rb") as a, open(site.pool(row["contenthash"]), "rb") as b:
            holds(a.read() == b.read(), f"{names[0]} differs from the file pool")
    return out, len(handins)


def job_json(path):
    """metadata/job.json of an archive in zip."""
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith("/metadata/job.json"))
        return json.loads(archive.read(name))


def member(tree, name):
    """The first member of this name anywhere in a tree of JSON."""
    if isinstance(tree, dict):
        if name in tree:
            return tree[name]
        tree = list(tree.values())
    for inner in tree if isinstance(tree, list) else []:
        found = member(inner, name)
        if found is not None:
            return found
    return None


class Browser:
    """A person at a browser: cookies, forms, sentences. None is somebody who is not logged in."""

    def __init__(self, site, username):
        self.site = site
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar))
        if username is None:
            return
        token = re.search(r'name="logintoken" value="(\w+)"', self.get("/login/index.php")).group(1)
        page = self.post("/login/index.php", username=username, password=site.password, logintoken=token)
        found = re.search(r'"sesskey":"(\w+)"', page)
        holds(found and 'name="logintoken"' not in page, f"{username} could not log in")
        self.sesskey = found.group(1)

    def open(self, path, data=None):
        """status, bytes"""
        url = path if path.startswith("http") else self.site.url + path
        try:
            with self.opener.open(url, data, timeout=LIMIT_SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def get(self, path, status=200):
        found, body = self.open(path)
        text = body.decode("utf-8", "replace")
        holds(found == status, f"GET {path} gave {found}: {sentences(text)[:1000]}")
        return text

    def post(self, path, status=200, **fields):
        found, body = self.open(path, urllib.parse.urlencode(fields).encode())
        text = body.decode("utf-8", "replace")
        holds(found == status, f"POST {path} gave {found}: {sentences(text)[:1000]}")
        return text


def sentences(page):
    """The text of a page, as a person reads it."""
    page = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page))).strip()
