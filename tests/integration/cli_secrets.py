# SPDX-License-Identifier: Apache-2.0
"""A user name and a password in a URL are refused wherever they stand, and never told or kept."""
import os

from cli_frame import case, holds, same
from cli_job import UUID, job, spec

SECRET = "GEHEIM"
URLS = ("sftp://user:GEHEIM@host/dir", "file://user:GEHEIM@localhost/dir", "SFTP://GEHEIM@host", "https:/user:GEHEIM@host/",
        "s3_x://user:GEHEIM@host/", "sftp://user:1GE/HEIM@host/dir", "sftp://user:#GEHEIM@host/dir",
        "sftp://user:?GEHEIM@host/dir")
KEY = "5d/0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d.zip"


def untold(result):
    holds("GEHEIM" not in result.err + result.text and "HEIM@" not in result.err + result.text, str(result))


@case
def a_url_with_a_password_is_refused_at_every_place_and_not_repeated(t):
    t.write("d/a", b"a")
    t.run("pack", "d", "-o", "a.zip")
    url = URLS[0]
    places = [("pack", "d", "--store", url), ("pack", url, "-o", "x.zip"), ("pack", "d", "-o", url), ("pack", "--list", url, "-o", "x.zip"),
              ("pack", "d", "-o", "x.zip", "--metadata", url), ("pack", "d", "-o", "x.zip", "--title", f"see {url}"),
              ("pack", "d", f"--store={url}"), ("pack", "d", f"--{url}"), ("pack", "d", "-o", "x.zip", "--exclude", url),
              ("verify", url), ("verify", f"{url}/{KEY}"), ("verify", "a.zip", url), ("list", url), ("import", url),
              ("store", "a.zip", url), ("store", url, "file:///nowhere"), ("fetch", f"{url}/{KEY}", "b.zip"),
              ("fetch", "a.zip", url), ("check", url), ("check", "--option", f"{url}=1", "file:///nowhere"),
              ("extract", "a.zip", url), ("job", "run", url), ("job", "status", "--staging", url), ("job", "log", url),
              ("job", url), (url,), ("help", url), ("verify", url, "--json")]
    for args in places + [("store", other, "file:///nowhere") for other in URLS]:
        found = t.run(*args, code=2)
        untold(found)
        holds("options of a storage" in found.err, str(found))
    same(t.names(), ["a.zip", "d"])


@case
def what_only_looks_like_a_user_in_a_url_is_taken(t):
    t.write("https:/mia@host/a", b"a")
    t.write("d/a", b"a")
    t.run("pack", "./https:/mia@host", "-o", "a.zip")
    t.run("pack", t.path("https:/mia@host"), "-o", "b.zip")
    t.run("pack", "d", "-o", "c@d.zip", "--title", "10:30/12 mia@example.org", "--created-by", "https://example.org:8080/mia@x")
    t.run("pack", "d", "--store", "file://" + t.path("s@t"), "--option", "create=1")


@case
def a_specification_with_a_password_is_refused_and_nothing_is_kept(t):
    t.write("exam/a", b"a")
    for url in URLS:
        for members in ({"stores": [url]}, {"stores": [{"url": url}]}, {"folder": url}, {"list": url}, {"title": f"see {url}"}):
            spec(t, uuid=UUID, **members)
            untold(job(t, "run", "spec.json", code=2))
    spec(t, uuid=UUID, stores=[{"url": "file://" + t.path("store"), "options": {"password": SECRET}}])
    untold(job(t, "run", "spec.json", code=2))
    for here, _, names in os.walk(t.path("staging")):
        for name in names:
            with open(os.path.join(here, name), "rb") as f:
                holds(b"HEIM" not in f.read(), name)
