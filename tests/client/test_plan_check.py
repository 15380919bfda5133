#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`simtally plan check`: what is understood of a plan. No daemon, and no bus, is needed."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", SOURCE / "build")).resolve()
AT = "2026-11-24T05:02:00Z"  # a Tuesday, 14:02 in Tokyo

# What is said, at which instant, and the only bucket's period and end, in UTC. The answers were
# worked out with a calendar; "-" is none.
CASES = [
    ("20GB monthly on 15", AT, "2026-11-14T15:00", "2026-12-14T15:00", "-"),
    ("20GB monthly", AT, "2026-10-31T15:00", "2026-11-30T15:00", "-"),
    ("20GB monthly on 31", "2027-02-28T03:00:00Z", "2027-02-27T15:00", "2027-03-30T15:00", "-"),
    ("20GB monthly on 31", "2027-02-27T14:59:59Z", "2027-01-30T15:00", "2027-02-27T15:00", "-"),
    ("10GB for 10 days from 19 Nov", AT, "2026-11-18T15:00", "2026-11-28T15:00",
     "2026-11-28T15:00"),
    ("1GB daily for 7 days, zone +08:00", AT, "2026-11-23T16:00", "2026-11-24T16:00",
     "2026-11-30T16:00"),
    ("3GB for 24h", AT, "2026-11-24T05:02", "2026-11-25T05:02", "2026-11-25T05:02"),
    ("5GB weekly", AT, "2026-11-22T15:00", "2026-11-29T15:00", "-"),
    ("5GB until 30 Nov", AT, "2026-11-24T05:02", "2026-11-30T15:00", "2026-11-30T15:00"),
    ("1GB daily, zone Asia/Kathmandu", AT, "2026-11-23T18:15", "2026-11-24T18:15", "-"),
    ("20GB monthly, zone Europe/Berlin", "2027-03-28T12:00:00Z", "2027-02-28T23:00",
     "2027-03-31T22:00", "-"),
    ("unlimited for 3 days", AT, "2026-11-24T05:02", "2026-11-26T15:00", "2026-11-26T15:00"),
    ("10GB for 10 days from first use, in Japan", AT, "-", "-", "-"),
]

REFUSED = [
    (["20GB", "monthly", "on", "32"], "32"),
    (["20GB", "monthlyy"], "did you mean monthly?"),
    (["a", "lot"], "is no amount"),
    (["20"], "20"),
    (["20GB", "left", "30GB"], ""),
    ([""], ""),
    (["nowhere.plan"], "nowhere.plan cannot be read: No such file"),
    (["/"], "/ cannot be read"),
]

REFUSED_FILES = [
    (b"[Bucket a]\nBytes=5GB\nEvery=1 moon\n", "line 3: Every: \"1 moon\""),
    (b"[Bucket a]\nBites=5GB\n", "did you mean Bytes"),
    (b"", ""),
    (b"\0" * 10, "a plan is a text"),
    (b"#" * 70000, "at most 64 KiB"),
    (b"\xff[Plan]\n", "UTF-8"),
    (b"20GB monthly\n", "line 1"),
]


def run(*words, code=0, stdin=b"", zone="Asia/Tokyo", **environment):
    result = subprocess.run(
        [str(BUILD / "client/simtally"), "plan", "check", *words], capture_output=True,
        input=stdin, timeout=60,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": zone,
             "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"} | environment)
    if result.returncode != code:
        raise AssertionError(f"{words}: {result}")
    return (result.stdout if code == 0 else result.stderr).decode()


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M", time.gmtime(seconds)) if seconds else "-"


class PlanCheck(unittest.TestCase):
    def test_periods(self):
        for words, at, start, end, expires in CASES:
            with self.subTest(words=words, at=at):
                said = json.loads(run(*words.split(), "--at", at, "-o", "json", zone="Asia/Tokyo"))
                self.assertEqual(said["version"], 1)
                (bucket,) = said["buckets"]
                got = [utc(bucket[n]) for n in ("period_start", "period_end", "expires_at")]
                self.assertEqual(got, [start, end, expires])
                self.assertEqual(bucket["begun"], start != "-")

    def test_json_has_the_names_of_the_bus(self):
        said = json.loads(run("100GB monthly on 17, left 59GB called Home", "--at", AT, "-o",
                              "json"))
        self.assertEqual(said["name"], "Home")
        bucket = said["buckets"][0]
        self.assertLessEqual({
            "name": "monthly", "bytes": 100_000_000_000, "unlimited": False,
            "used_bytes": 41_000_000_000, "remaining_bytes": 59_000_000_000,
            "rolled_over_bytes": 0, "period_start_rfc3339": "2026-11-17T00:00:00+09:00",
            "period_end_rfc3339": "2026-12-17T00:00:00+09:00", "expires_at": 0,
            "expires_at_rfc3339": None, "begun": True, "expired": False, "at_zero": "block",
            "rate_limit": 0, "where": "anywhere"}.items(), bucket.items())

    def test_text(self):
        self.assertEqual(run("20GB monthly on 1 and 1GB daily within it, then 300kbit/s", "--at",
                             AT), """\
A plan without a name
  monthly   20 GB every month · then 300 kbit/s
            this one from 1 Nov 00:00 to 1 Dec 00:00
  daily     1 GB every day · within monthly · then 300 kbit/s
            this one from 24 Nov 00:00 to 25 Nov 00:00

    [Plan]
    Zone=Asia/Tokyo
    AtZero=throttle 300kbit/s

    [Bucket monthly]
    Bytes=20GB
    Every=1 month
    From=2026-11-01

    [Bucket daily]
    Bytes=1GB
    Every=1 day
    From=2026-11-01
    Within=monthly
    AtZero=throttle 300kbit/s
""")
        self.assertIn("begins with the first use · then lasts 10 days",
                      run("10GB for 10 days from first use, in Japan"))
        self.assertIn("begins 2026-12-01 · then lasts 10 days",
                      run("5GB from 2026-12-01 for 10 days", "--at", AT))
        self.assertIn("40 GB used", run("100GB monthly on 17, used 40GB", "--at", AT))

    def test_another_zone_is_shown_beside(self):
        text = run("1GB daily for 7 days, then 128kbit/s, zone +08:00", "--at", AT)
        self.assertIn("to 25 Nov 01:00 (00:00 UTC+8)", text)
        self.assertIn("ends Tue 1 Dec 01:00 (00:00 UTC+8)", text)
        self.assertNotIn("(", run("1GB daily for 7 days", "--at", AT).split("\n\n")[0])

    def test_narrow_and_ascii(self):
        text = run("100GB monthly on 17, left 59GB", "--at", AT, "--width", "40", LC_ALL="C")
        self.assertTrue(text.isascii())
        self.assertLessEqual(max(map(len, text.splitlines())), 40)
        self.assertIn("every month", text)

    def test_what_it_prints_it_reads(self):
        for words, at, *_ in CASES:
            plan = run(words, "--at", at, "-o", "plan")
            self.assertEqual(run("-", "-o", "plan", stdin=plan.encode()), plan)

    def test_files(self):
        for preset in sorted((SOURCE / "data/plans").glob("*.plan")):
            said = json.loads(run(str(preset), "-o", "json"))
            self.assertTrue(said["name"] and said["buckets"], preset)
            self.assertIn("[Bucket ", run(str(preset)))

    def test_refused(self):
        for words, why in REFUSED:
            with self.subTest(words=words):
                error = run(*words, code=1)
                self.assertIn(why, error)
                self.assertTrue(error.startswith("simtally: "))
                self.assertEqual(error.count("\n"), 1)

    def test_refused_files(self):
        for text, why in REFUSED_FILES:
            with self.subTest(text=text[:40]), tempfile.NamedTemporaryFile() as file:
                file.write(text)
                file.flush()
                error = run(file.name, code=1)
                self.assertIn(why, error)
                self.assertIn(file.name, error)
                self.assertIn(why, run("-", code=1, stdin=text))

    def test_usage(self):
        run(code=2)
        self.assertIn("is no time", run("1GB", "--at", "soon", code=2))
        self.assertIn("no format yaml", run("1GB", "-o", "yaml", code=2))
        run("1GB", "--since", "2026-11-01", code=2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
