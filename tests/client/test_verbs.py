#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The verbs of plans: what they tell the daemon, what they ask, and what they refuse."""

import csv
import io
import json
import os
import pathlib
import pty
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import (BUILD, GB, MB, NOW, SIM, FakeCase, GLib, Refusal, at, bucket, plan,  # noqa
                  sim, values)

import harness  # noqa: E402

TEXT = "[Plan]\nName=Home\nZone=Asia/Tokyo\n\n[Bucket monthly]\nBytes=20GB\nEvery=1 month\n" \
       "From=2026-11-15\n"
MONTHLY = {"PeriodStart": at("2026-11-15 00:00"), "PeriodEnd": at("2026-12-15 00:00")}


class Verbs(FakeCase):
    def setUp(self):
        super().setUp()
        self.path = self.fake.add(sim("Work SIM", "8810", Current=True),
                                  plan("ok", bucket("monthly", 20 * GB, 5 * GB, **MONTHLY),
                                       Name="Home"))

    def told(self):
        calls, self.fake.calls = self.fake.calls, []
        return calls

    def on_terminal(self, answers, *words, code=0, **environment):
        """A run whose questions are answered on a terminal."""
        master, slave = pty.openpty()
        process = subprocess.Popen([str(BUILD / "client/simtally"), *words], stdin=slave,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env=dict(os.environ, LC_ALL="C.UTF-8") | environment)
        os.close(slave)
        os.write(master, answers.encode())
        output = process.communicate(timeout=60)[0]
        os.close(master)
        self.assertEqual(process.returncode, code, output)
        return output

    def clock(self):
        """The instant of all tests, for a run on a terminal."""
        file = self.world.directory / "clock"
        file.write_text(f"{NOW - int(time.time())} 1\n")
        return {"LD_PRELOAD": str(BUILD / "tests/libtest-clock.so"), "TEST_CLOCK": str(file)}

    def answer(self, method, signature, *arguments):
        self.fake.answers[method] = GLib.Variant(signature, arguments)

    def test_of_one_sim_no_other_is_read(self):
        """There may be a thousand."""
        self.answer("GetHistory", "(a(ttttt))", [])
        self.fake.answers["GetManagedObjects"] = Refusal("Failed", "All of them")
        for words in (["history", "8810"], ["status", "8810"], ["-g", "label"]):
            self.run_cli(*words)
        self.run_cli("status", code=1)

    def test_who_waits_is_told_what_for(self):
        told = "Waiting for simtallyd..."
        for delay, expected in ((0, False), (1.3, True)):
            self.fake.delay = delay
            master, slave = pty.openpty()
            run = subprocess.run([str(BUILD / "client/simtally"), "-g", "label"], stderr=slave,
                                 stdout=subprocess.PIPE, text=True, timeout=60,
                                 env=dict(os.environ, LC_ALL="C.UTF-8"))
            os.write(slave, b"the end")
            said = ""
            while not said.endswith("the end"):
                said += os.read(master, 1000).decode()
            os.close(slave)
            os.close(master)
            self.assertEqual((run.stdout, told in said), ("Work SIM\n", expected))
        self.assertTrue(said.endswith("\r\x1b[Kthe end"), said)
        self.assertEqual(self.run_cli("-g", "label"), "Work SIM\n")  # but no file has it

    # --- plan

    def test_set_words(self):
        words = "20GB monthly on 15, left 6.3GB, then 300kbit/s".split()
        self.assertEqual(self.run_cli("plan", "set", "-y", *words),
                         "The plan of Work SIM ··8810 is set.\n")
        (set_plan, correct) = self.told()
        self.assertEqual(set_plan[0::2], ("SetPlan", 0))
        self.assertEqual(set_plan[1], "[Plan]\nZone=Asia/Tokyo\nAtZero=throttle 300kbit/s\n\n"
                                      "[Bucket monthly]\nBytes=20GB\nEvery=1 month\n"
                                      "From=2026-11-15\n")
        self.assertEqual(correct, ("Correct", {"Bucket": "monthly",
                                               "RemainingBytes": 6_300_000_000}))

    def test_set_used_and_since(self):
        self.run_cli("plan", "set", "-y", "5GB", "monthly", "used", "1GB", "--since",
                     "2026-12-01")
        (set_plan, correct) = self.told()
        self.assertEqual(set_plan[2], at("2026-12-01 00:00"))
        self.assertEqual(correct[1]["UsedBytes"], GB)

    def test_set_asks(self):
        words = ("plan", "set", "20GB", "monthly")
        text = self.on_terminal("n\n", *words, code=1)
        self.assertIn("20 GB every month", text)
        self.assertIn("Bytes=20GB", text)
        self.assertIn("Set this plan for Work SIM ··8810? [y/N] Nothing was changed.\n", text)
        self.assertEqual(self.told(), [])
        self.assertIn("is set.", self.on_terminal("y\n", *words))
        self.assertEqual([c[0] for c in self.told()], ["SetPlan"])

    def test_set_shows_what_an_amendment_comes_to(self):
        """Ten days of the plan in force are ten days since it began."""
        self.fake.objects[self.path]["org.simtally1.Plan"]["Since"] = at("2026-11-20 10:00")
        text = self.on_terminal("n\n", "plan", "set", "10GB for 10 days", code=1,
                                **self.clock(), TZ="Asia/Tokyo")
        self.assertIn("since 20 Nov 10:00 · ends Sun 29 Nov 23:59", text)
        self.assertIn("This corrects the plan in force, from 20 Nov 10:00 on;", text)
        text = self.on_terminal("n\n", "plan", "set", "10GB for 10 days", "--since", "2026-11-24",
                                code=1, **self.clock(), TZ="Asia/Tokyo")
        self.assertIn("since 24 Nov 00:00 · ends Thu 3 Dec 23:59", text)
        self.assertNotIn("corrects", text)

    def test_set_after_an_expired_plan_begins_another(self):
        self.fake.objects[self.path]["org.simtally1.Plan"] |= {
            "State": "expired", "Since": at("2026-11-01 10:00")}
        self.run_cli("plan", "set", "-y", "5GB", "for", "7", "days")
        self.run_cli("plan", "set", "-y", "5GB", "for", "7", "days", "--since", "2026-11-20")
        (first, second) = self.told()
        self.assertAlmostEqual(first[2], NOW, delta=5)
        self.assertEqual(second[2], at("2026-11-20 00:00"))
        text = self.on_terminal("n\n", "plan", "set", "5GB for 7 days", code=1, **self.clock(),
                                TZ="Asia/Tokyo")
        self.assertIn("since 24 Nov 14:02 · ends Mon 30 Nov 23:59", text)

    def test_set_without_a_terminal_is_refused(self):
        self.run_cli("plan", "set", "20GB", "monthly", code=2)
        self.run_cli("plan", "clear", code=2)
        self.run_cli("events", "remove", "3", code=2)
        self.assertEqual(self.told(), [])

    def test_set_file_and_input(self):
        file = self.world.directory / "home.plan"
        file.write_text(TEXT)
        self.run_cli("plan", "set", "-y", str(file))
        self.run_cli("plan", "set", "-y", "-", stdin=TEXT)
        self.assertEqual(self.told(), [("SetPlan", TEXT, 0)] * 2)
        self.assertIn("line 1", self.run_cli("plan", "set", "-y", "-", stdin="[Bocket]\n", code=1))
        self.assertEqual(self.told(), [])

    def test_set_what_the_daemon_refuses(self):
        for name, code in (("InvalidPlan", 1), ("ReadOnly", 1),
                           ("org.freedesktop.DBus.Error.AccessDenied", 4)):
            self.fake.answers["SetPlan"] = Refusal(name, "Not so")
            self.assertEqual(self.run_cli("plan", "set", "-y", "1GB", code=code),
                             "simtally: Not so\n")

    def test_show(self):
        self.answer("GetPlan", "(s)", TEXT)
        self.assertEqual(self.run_cli("plan"), TEXT)
        self.assertEqual(self.run_cli("plan", "show", "-s", "8810"), TEXT)
        said = json.loads(self.run_cli("plan", "-o", "json"))
        self.assertEqual((said["text"], said["plan"]["name"]), (TEXT, "Home"))
        self.answer("GetPlan", "(s)", "")
        self.assertIn("has no plan yet", self.run_cli("plan", code=1))
        self.run_cli("plan", "shwo", code=2)

    def test_shown_text_steers_no_terminal(self):
        self.answer("GetPlan", "(s)", "[Plan]\nName=\x1b[2J\n")
        self.assertEqual(self.run_cli("plan"), "[Plan]\nName= [2J\n")

    def test_presets(self):
        self.answer("ListPresets", "(a(sss))", [("iijmio-5gb", "IIJmio Giga 5 GB", "Carried"),
                                                ("roamless", "Roamless", "")])
        self.assertEqual(self.run_cli("plan", "presets"), """\
iijmio-5gb  IIJmio Giga 5 GB · Carried
roamless    Roamless
To begin with one: simtally plan use iijmio-5gb
""")
        said = json.loads(self.run_cli("plan", "presets", "-o", "json"))
        self.assertEqual(said["presets"][1], {"id": "roamless", "name": "Roamless", "note": ""})
        self.answer("GetPreset", "(s)", TEXT)
        self.assertIn("check it against your own contract",
                      self.run_cli("plan", "use", "-y", "iijmio-5gb"))
        self.assertEqual(self.told(), [("SetPlan", TEXT, 0)])

    def test_clear(self):
        self.run_cli("plan", "clear", "-y")
        self.assertEqual(self.told(), [("ClearPlan",)])

    def editor(self, script):
        program = self.world.directory / "editor"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return {"EDITOR": f"{program} --wait", "VISUAL": "", "TMPDIR": str(self.world.directory)}

    def test_edit(self):
        self.answer("GetPlan", "(s)", TEXT)
        environment = self.editor('sed -i s/20GB/30GB/ "$2"')
        self.run_cli("plan", "edit", **environment)
        self.assertEqual(self.told(), [("SetPlan", TEXT.replace("20GB", "30GB"), 0)])
        self.assertEqual(list(self.world.directory.glob("simtally-*.plan")), [])

        environment["EDITOR"] = "true"
        self.assertIn("Nothing was changed", self.run_cli("plan", "edit", **environment))
        environment["EDITOR"] = "false"
        self.assertIn("set EDITOR", self.run_cli("plan", "edit", code=1, **environment))
        self.assertEqual(self.told(), [])

    def test_edit_that_is_not_understood_is_kept(self):
        self.answer("GetPlan", "(s)", TEXT)
        environment = self.editor('echo Bites=3 >>"$2"')
        error = self.run_cli("plan", "edit", code=1, **environment)
        self.assertIn("Bites", error)
        kept = pathlib.Path(error.rsplit(" ", 1)[1].strip())
        self.assertIn("Bites=3", kept.read_text())
        self.assertEqual(kept.stat().st_mode & 0o777, 0o600)
        again = self.on_terminal("y\nn\n", "plan", "edit", code=1, **environment)
        self.assertEqual(again.count("Edit it again?"), 2)
        self.assertEqual(self.told(), [])

    def test_new(self):
        text = self.run_cli("plan", "new", "-y",
                            stdin="20GB\nmonthly\n15\n300kbit/s\n\n6.3GB\nHome\n")
        self.assertIn("simtally plan set 20GB monthly on 15, then 300kbit/s, left 6.3GB, called "
                      "Home\n", text)
        self.assertEqual([c[0] for c in self.told()], ["SetPlan", "Correct"])
        self.run_cli("plan", "new", "-y", stdin="10GB\n\n10 days\nfirst use\n\nin Japan\n\n\n")
        ((_, said, _),) = self.told()
        self.assertIn("Starts=first-use\nLasts=10 days\nWhere=440;441\n", said)
        self.run_cli("plan", "new", "-y", stdin="20GB\n", code=1)
        self.run_cli("plan", "new", "-y", stdin="much\n\n\n\n\n\n\n\n", code=1)
        self.assertEqual(self.told(), [])

    def test_new_into_a_file(self):
        file = self.world.directory / "new.plan"
        answers = "20GB\nmonthly\n15\n\n\n\n\n"
        self.run_cli("plan", "new", str(file), stdin=answers)
        self.assertIn("Bytes=20GB\n", file.read_text())
        self.run_cli("plan", "new", str(file), stdin=answers, code=1)
        self.assertEqual(self.told(), [])

    # --- events

    def test_topup(self):
        self.assertEqual(self.run_cli("topup", "1GB"), "Noted. simtally buys nothing.\n"
                                                       "To undo it: simtally events remove 7\n")
        self.run_cli("topup", "1GB", "--lasts", "30 days", "--name", "coupon")
        self.run_cli("topup", "--name", "24h", "--at", "2026-11-23 12:00")
        self.assertEqual(self.told(), [("TopUp", "1GB", 0),
                                       ("TopUp", "1GB lasts 30 days name coupon", 0),
                                       ("TopUp", "name 24h", at("2026-11-23 12:00"))])
        for words in (("topup",), ("topup", "much"), ("topup", "1GB", "--lasts", "long"),
                      ("topup", "1GB", "--at", "soon"), ("topup", "1GB", "2GB")):
            self.run_cli(*words, code=2)
        self.assertEqual(self.told(), [])

    def test_correct(self):
        self.run_cli("correct", "--remaining", "1.2GB")
        self.run_cli("correct", "--used", "3 GB", "--bucket", "daily", "--at",
                     "2026-11-24T00:00:00Z")
        self.assertEqual(self.told(), [
            ("Correct", {"RemainingBytes": 1_200_000_000}),
            ("Correct", {"UsedBytes": 3 * GB, "Bucket": "daily", "At": at("2026-11-24 09:00")})])
        for words in ((), ("--used", "1GB", "--remaining", "1GB"), ("--used", "much")):
            self.run_cli("correct", *words, code=2)

    def test_events(self):
        self.answer("ListEvents", "(a(ttsa{sv}))", [
            (1, at("2026-11-15 00:00"), "plan", values({"Text": TEXT, "Amends": False})),
            (2, at("2026-11-20 10:00"), "top-up", values({"Text": "1GB lasts 30 days"})),
            (3, at("2026-11-21 10:00"), "correction", values({"RemainingBytes": 6_300 * MB,
                                                              "Bucket": "monthly"})),
            (4, at("2026-11-22 10:00"), "report", values({"UsedBytes": GB})),
            (5, at("2026-11-23 10:00"), "plan", values({"Text": "", "Amends": False}))])
        self.assertEqual(self.run_cli("events"), """\
Work SIM ··8810
  1         15 Nov 00:00 · plan · set: Home
  2         20 Nov 10:00 · top-up · 1GB lasts 30 days
  3         21 Nov 10:00 · correction · 6.3 GB left of monthly
  4         22 Nov 10:00 · report · 1 GB used
  5         23 Nov 10:00 · plan · cleared
""")
        said = json.loads(self.run_cli("events", "-o", "json"))["events"]
        self.assertEqual((said[0]["text"], said[0]["at"], said[2]["remaining_bytes"]),
                         (TEXT, at("2026-11-15 00:00"), 6_300 * MB))
        self.run_cli("events", "remove", "2", "-y")
        self.assertEqual(self.told(), [("RemoveEvent", 2)])
        self.run_cli("events", "remove", "two", "-y", code=2)
        self.run_cli("events", "remove", code=2)

    # --- alerts

    ALERTS = [
        {"Id": 12, "Kind": "level", "Severity": "normal", "RaisedAt": at("2026-11-24 12:00"),
         "Bucket": "monthly", "LevelPercent": 80, "LimitBytes": 20 * GB,
         "RemainingBytes": 3_600 * MB},
        {"Id": 13, "Kind": "day-cap", "Severity": "normal", "RaisedAt": at("2026-11-24 12:01"),
         "LimitBytes": GB, "SnoozedUntil": at("2026-11-25 09:00")},
        {"Id": 14, "Kind": "surcharge", "Severity": "critical", "RaisedAt": at("2026-11-24 12:02"),
         "Charged": 440.0, "Currency": "JPY", "Steps": 2},
        {"Id": 15, "Kind": "expires", "Severity": "normal", "RaisedAt": at("2026-11-24 12:03"),
         "ExpiresAt": at("2026-11-29 00:00"), "RemainingBytes": 4_100 * MB},
        {"Id": 16, "Kind": "of-tomorrow", "Severity": "low", "RaisedAt": at("2026-11-24 12:04")},
    ]

    def give_alerts(self, alerts, state="low"):
        self.fake.objects.clear()
        self.fake.add(sim("Work SIM", "8810", Current=True),
                      plan(state, bucket("monthly", 20 * GB, 16_400 * MB, **MONTHLY)), alerts)

    def test_alerts(self):
        self.give_alerts(self.ALERTS)
        self.assertEqual(self.run_cli("alerts"), """\
Work SIM ··8810
  12        24 Nov 12:00 · 3.6 GB left. 82 % of 20 GB used.
  13        24 Nov 12:01 · snoozed until 25 Nov 09:00
            today's 1 GB used up. By our count. What follows is billed.
  14        CRITICAL · 24 Nov 12:02 · 440 JPY so far beside the plan's price
  15        24 Nov 12:03
            expires in 5 days. Sat 28 Nov 23:59. What is left (4.1 GB) will be
            lost.
  16        24 Nov 12:04 · of-tomorrow
To have seen one: simtally alerts ack ID
""")
        said = json.loads(self.run_cli("alerts", "-o", "json"))["sims"][0]["alerts"]
        self.assertEqual([a["id"] for a in said], [12, 13, 14, 15, 16])
        self.run_cli("alerts", "ack", "12")
        self.run_cli("alerts", "snooze", "13")
        self.run_cli("alerts", "snooze", "14", "--until", "2026-11-25 09:00")
        self.assertEqual(self.told(), [("AcknowledgeAlert", 12), ("SnoozeAlert", 13, 0),
                                       ("SnoozeAlert", 14, at("2026-11-25 09:00"))])
        self.assertIn("there is no alert 99", self.run_cli("alerts", "ack", "99", code=1))
        self.run_cli("alerts", "ack", "x", code=2)

    def test_nothing_to_tell(self):
        self.assertEqual(self.run_cli("alerts"), "Nothing to tell.\n")

    def test_check(self):
        cases = [("ok", 0, "OK"), ("low", 1, "WARNING"), ("throttled", 1, "WARNING"),
                 ("billing", 2, "CRITICAL"), ("exhausted", 2, "CRITICAL"),
                 ("expired", 2, "CRITICAL"), ("waiting", 0, "OK"), ("of-tomorrow", 3, "UNKNOWN")]
        for state, code, word in cases:
            self.give_alerts([], state)
            text = self.run_cli("check", code=code)
            self.assertTrue(text.startswith(f"{word} - Work SIM: {state}"), text)
            self.assertEqual(text.count("\n"), 1)
        self.give_alerts(self.ALERTS)
        self.assertEqual(self.run_cli("check", code=2),
                         "CRITICAL - Work SIM: low, 3.6 GB left of 20 GB, resets 15 Dec 00:00; 440 "
                         "JPY so far beside the plan's price | remaining=3600000000B;;;0;"
                         "20000000000 used=16400000000B;;;0;20000000000\n")
        self.fake.objects[SIM + "8810"]["org.simtally1.Plan"] = {"HasPlan": False, "State": "none"}
        self.assertIn("no plan is set", self.run_cli("check", code=3))
        self.assertIn("UNKNOWN - ", self.run_cli("check", "-s", "nobody", code=3))

    # --- periods

    def give_periods(self):
        self.answer("GetPeriods", "(aa{sv})", [values(b) for b in (
            bucket("monthly", 20 * GB, 18_100 * MB, PeriodStart=at("2026-10-15 00:00"),
                   PeriodEnd=at("2026-11-15 00:00")),
            bucket("topup-3", GB, 200 * MB, PeriodStart=at("2026-11-10 00:00")),
            bucket("monthly", 20 * GB, 5 * GB, OverBytes=MB, RolledOverBytes=1_900 * MB,
                   **MONTHLY))])
        self.answer("GetHistory", "(a(ttttt))", [
            (at("2026-10-15 00:00"), 15 * GB, GB, 0, 0),
            (at("2026-10-16 00:00"), 0, 0, 2 * GB, 100 * MB)])

    def test_history_by_period(self):
        self.give_periods()
        self.assertEqual(self.run_cli("history", "--by", "period"), """\
Work SIM ··8810
  monthly
    15 Oct to 14 Nov    18.1 of 20 GB     █████████░
    15 Nov to 14 Dec    5 of 21.9 GB      ██░░░░░░░░ +1 MB
  topup-3
    since 10 Nov        200 MB of 1 GB    ██░░░░░░░░
""")
        said = json.loads(self.run_cli("history", "8810", "--by", "period", "-o", "json"))
        self.assertEqual([p["used_bytes"] for p in said["periods"]],
                         [18_100 * MB, 200 * MB, 5 * GB])
        rows = list(csv.DictReader(io.StringIO(
            self.run_cli("history", "--by", "period", "-o", "csv"))))
        self.assertEqual(rows[2]["rolled_over_bytes"], str(1_900 * MB))
        for line in self.run_cli("history", "--by", "period", "--width", "40").splitlines():
            self.assertLessEqual(len(line), 40)

    def test_statement(self):
        self.give_periods()
        self.assertEqual(self.run_cli("statement", "--period", "-1", "--bill", "18.2GB"), """\
Work SIM ··8810
  Plan      Home
  Period    15 Oct 00:00 to Sat 14 Nov 23:59
  Used      18.1 GB of 20 GB
  Bill      18.2 GB: 100 MB (0.6 %) more than we counted
  At home   16 GB · 15 GB received · 1 GB sent
  Roaming   2.1 GB · 2 GB received · 100 MB sent
    Thu 15 Oct           16 GB
    Fri 16 Oct          2.1 GB · 2.1 GB roaming
""")
        self.assertIn("5 GB of 20 GB · 1.9 GB rolled over · 1 MB beyond it",
                      self.run_cli("statement"))
        said = json.loads(self.run_cli("statement", "--period", "-1", "--bill", "18.2GB", "-o",
                                       "json"))
        self.assertEqual((said["period"]["used_bytes"], said["bill_bytes"], len(said["rows"])),
                         (18_100 * MB, 18_200 * MB, 2))
        self.assertTrue(self.run_cli("statement", "-o", "csv").startswith("start,home_rx_bytes"))
        self.assertIn("there are 2 periods", self.run_cli("statement", "--period", "-5", code=1))
        self.run_cli("statement", "--period", "1", code=2)
        self.run_cli("statement", "--bill", "much", code=2)

    def test_days_of_a_statement_are_the_plans(self):
        self.give_periods()
        self.assertIn("    Thu 15 Oct           16 GB\n",
                      self.run_cli("statement", "--period", "-1", TZ="UTC"))

    def test_one_period(self):
        self.answer("GetPeriods", "(aa{sv})", [values(bucket(
            "monthly", 20 * GB, 5 * GB, PeriodStart=at("2025-12-15 00:00"),
            PeriodEnd=at("2026-01-15 00:00")))])
        self.assertIn("there is one period: --period is 0\n",
                      self.run_cli("statement", "--period", "-1", code=1))
        self.assertIn("15 Dec 2025 to 14 Jan 5 of 20 GB", self.run_cli("history", "--by", "period"))

    def test_full_statement(self):
        self.give_periods()
        self.answer("GetIdentity", "(a{sv})", values({"Iccid": "8949020000000008810"}))
        self.assertIn("8949020000000008810", self.run_cli("statement", "--full"))
        self.assertNotIn("8949020000000008810", self.run_cli("statement"))
        self.fake.answers["GetIdentity"] = Refusal("org.freedesktop.DBus.Error.AccessDenied",
                                                   "Not you")
        self.run_cli("statement", "--full", code=4)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
