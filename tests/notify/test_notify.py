#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Alerts become notifications: what they say, how they move, and that nothing is told twice."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from case import (AIRALO, BEGUN, EXPIRES, LAST_LEVEL, LEVEL, TOP_UP, USED_UP, WORK,  # noqa: E402
                  NotifyCase, low)
from desk import AGENT, harness, wait_for  # noqa: E402
from fake import at  # noqa: E402


class Bounds(NotifyCase):
    def test_kind_of_a_later_daemon(self):
        self.begin({"Id": 1, "Kind": "of-tomorrow", "Severity": "low", "RaisedAt": 1})
        said = self.server.wait()
        self.assertEqual((said["title"], said["body"]), ("Work SIM: of-tomorrow", ""))

    def test_hostile_label(self):
        label = '<b>"W&rk"\n\u202eSIM\x1b[2J' + "x" * 10_000
        self.begin(EXPIRES | {"Bucket": "<u>data</u>"}, BEGUN | {"Bucket": "<i>&x"},
                   said=WORK | {"Label": label})
        said = self.server.wait()
        title = said["title"]
        self.assertTrue(title.startswith('<b>"W&rk" SIM'), title)  # titles are never markup
        self.assertTrue(title.endswith("…: expires in 3 days"), title)
        self.assertLess(len(title), 70)
        self.assertFalse(set(title + said["body"]) & set("\u202e\x1b"))
        self.assertIn("Also: &lt;i&gt;&amp;x has begun", said["body"])

    def test_only_https_is_opened(self):
        for url in ("http://carrier.example/", "file:///etc/passwd", "https://", "javascript:1"):
            with self.subTest(url):
                self.begin(LEVEL, its_plan=low(TopUpUrl=url))
                self.assertEqual(list(self.server.wait()["actions"]), ["topped-up", "tomorrow"])
                self.desk.stop()
                self.server.leave()
                (self.world.directory / "state-home/simtally/notified").unlink()


class Moves(NotifyCase):
    def test_replaced_as_it_moves(self):
        self.begin()
        self.now(LEVEL, raised=(12,))
        first = self.server.wait()
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        second = self.server.wait(2)
        self.assertEqual((second["replaces"], second["id"]), (first["id"], first["id"]))
        self.assertEqual(second["title"], "Work SIM: 900 MB left")
        self.assertEqual(second["hints"]["urgency"], 2)
        self.now(USED_UP, raised=(14,), cleared=(13,))
        self.assertEqual(self.server.wait(3)["id"], first["id"])

    def test_closed_when_it_is_over(self):
        self.begin(LEVEL)
        self.server.wait()
        self.now(cleared=(12,))
        wait_for(lambda: not self.server.open, "it to be closed")
        self.now(LEVEL | {"RaisedAt": LEVEL["RaisedAt"] + 60}, raised=(12,))
        self.assertEqual(self.server.wait(2)["replaces"], 0)

    def test_put_away_by_hand(self):
        """What comes next does not bring the old one back."""
        self.begin(EXPIRES)
        self.server.close(self.server.wait()["id"])
        self.now(EXPIRES, LAST_LEVEL, raised=(13,))
        said = self.server.wait(2)
        self.assertEqual(said["replaces"], 0)
        self.assertNotIn("expires", said["title"] + said["body"])

    def test_what_stands_stays_in_it(self):
        self.begin(EXPIRES)
        self.server.wait()
        self.now(EXPIRES, LAST_LEVEL, raised=(13,))
        said = self.server.wait(2)
        self.assertEqual(said["title"], "Work SIM: 900 MB left")
        self.assertIn("Also: expires in 3 days", said["body"])
        self.now(LAST_LEVEL, cleared=(20,))
        said = self.server.wait(3)
        self.assertNotIn("Also", said["body"])
        self.assertEqual(len(self.server.open), 1)

    def test_snoozed_and_told_again(self):
        self.begin(LEVEL)
        self.server.wait()
        self.server.invoke("tomorrow")
        wait_for(lambda: self.desk.fake.calls, "the call")
        self.assertEqual(self.desk.fake.calls, [("SnoozeAlert", 12, at("2026-11-25 09:00"))])
        snoozed = LEVEL | {"SnoozedUntil": at("2026-11-25 09:00")}
        self.now(snoozed, cleared=(12,))
        self.desk.settle(self.server)
        self.assertEqual(len(self.server.shown), 1)
        self.now(LEVEL, raised=(12,))
        self.server.wait(2)

    def test_several_sims_share_one(self):
        other = self.desk.fake.add(AIRALO, low(), [EXPIRES])
        self.begin(LEVEL)
        said = self.server.wait()
        self.assertEqual(said["title"], "News of 2 SIMs")
        self.assertEqual(sorted(said["body"].split("\n")),
                         ["Airalo Japan: expires in 3 days", "Work SIM: 3.6 GB left"])
        self.assertEqual(list(said["actions"]), ["tomorrow"])
        self.server.invoke("tomorrow")
        wait_for(lambda: len(self.desk.fake.calls) == 2, "both to be put off")
        self.assertEqual({c[1] for c in self.desk.fake.calls}, {12, 20})
        self.assertTrue(other)

    def test_sims_take_turns(self):
        other = self.desk.fake.add(AIRALO, low())
        self.begin(LEVEL)
        first = self.server.wait()
        self.desk.tell_daemon(other, [EXPIRES], (20,))
        second = self.server.wait(2)
        self.assertEqual((second["title"], second["replaces"]), ("Airalo Japan: expires in 3 days",
                                                                 0))
        self.assertGreater(second["at"] - first["at"], 4.9)
        # What is critical does not wait.
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        third = self.server.wait(3)
        self.assertLess(third["at"] - second["at"], 4.9)

    def test_many_sims_at_once(self):
        for i in range(40):
            self.desk.fake.add(AIRALO | {"IccidTail": f"{i:04}"}, low(),
                               [EXPIRES | {"Id": 100 + i}])
        self.begin(LEVEL)
        said = self.server.wait()
        self.assertEqual(said["title"], "News of 41 SIMs")
        self.assertLess(len(said["body"].split("\n")), 8)


class Restarts(NotifyCase):
    def test_pending_at_login_once(self):
        self.begin(LEVEL)
        first = self.server.wait()
        self.desk.settle(self.server)
        for sig in (signal.SIGTERM, signal.SIGKILL):
            self.desk.restart(sig)
            self.desk.settle(self.server)
            self.assertEqual(len(self.server.shown), 1)
        # It is still known to be on the screen.
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        self.assertEqual(self.server.wait(2)["replaces"], first["id"])
        self.desk.settle(self.server)
        self.desk.restart()
        self.now(cleared=(13,))
        wait_for(lambda: not self.server.open, "it to be closed")

    def test_next_login(self):
        self.begin(LEVEL)
        self.server.wait()
        self.desk.end_session()
        self.desk.start_session()
        self.server = self.desk.server()
        self.desk.start()
        self.server.close(self.server.wait()["id"])  # shown again; now it is put away
        self.desk.settle(self.server)
        self.desk.end_session()
        self.desk.start_session()
        self.server = self.desk.server()
        self.desk.start()
        self.desk.wait_agent()
        self.desk.settle(self.server)
        self.assertEqual(self.server.shown, [])

    def test_daemon_restarts(self):
        self.begin(LEVEL)
        self.server.wait()
        old, objects = self.desk.fake.connection, self.desk.fake.objects
        self.desk.fake.connection.close_sync(None)
        self.desk.settle(self.server)  # "simtallyd is not running."
        self.desk.fake = type(self.desk.fake)(self.world.connect())
        self.desk.fake.objects = objects
        self.desk.settle(self.server)
        self.assertEqual(len(self.server.shown), 1)
        self.assertEqual(len(self.server.open), 1)
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        self.server.wait(2)
        self.assertNotEqual(old, self.desk.fake.connection)

    def test_daemon_comes_later(self):
        self.desk.fake.leave()
        self.server = self.desk.server()
        self.desk.start()
        self.desk.wait_agent()
        self.desk.fake.add(WORK, low(), [LEVEL])
        self.desk.fake.come()
        self.server.wait()

    def test_session_ends(self):
        self.begin(LEVEL)
        self.server.wait()
        harness.end(self.desk.bus)
        wait_for(lambda: self.desk.agent.poll() is not None, "the agent to leave")
        self.assertEqual(self.desk.agent.returncode, 0)

    def test_one_in_a_session(self):
        self.begin(LEVEL)
        self.server.wait()
        self.assertIn("already", self.desk.run())
        self.assertIn(AGENT, self.desk.names())
        self.desk.settle(self.server)
        self.assertEqual(len(self.server.shown), 1)

    def test_nothing_can_be_noted(self):
        (self.world.directory / "state-home").write_text("in the way")
        self.begin(LEVEL)
        self.server.wait()
        self.desk.settle(self.server)
        self.assertEqual(len(self.server.shown), 1)

    def test_no_wake_up(self):
        self.begin(LEVEL)
        self.server.wait()
        self.desk.settle(self.server)

        def switches():
            status = pathlib.Path(f"/proc/{self.desk.agent.pid}/status").read_text()
            return [line for line in status.split("\n") if "ctxt_switches" in line]
        before = wait_for(lambda: (s := switches(), time.sleep(0.5))[0] == switches() and s,
                          "it to be quiet")
        time.sleep(3)
        self.assertEqual(switches(), before)


class Actions(NotifyCase):
    def test_top_up_by_the_portal(self):
        portal = self.desk.portal()
        self.begin(LEVEL)
        self.server.wait()
        self.server.invoke("top-up")
        wait_for(lambda: portal.opened == [TOP_UP], "the page")

    def test_top_up_by_xdg_open(self):
        folder = self.world.directory / "bin"
        folder.mkdir()
        opener = folder / "xdg-open"
        opener.write_text(f'#!/bin/sh\necho "$@" >{folder}/opened.new\n'
                          f'mv {folder}/opened.new {folder}/opened\n')
        opener.chmod(0o755)
        self.desk.environment["PATH"] = f"{folder}:{os.environ['PATH']}"
        self.begin(LEVEL)
        self.server.wait()
        self.server.invoke("top-up")
        wait_for((folder / "opened").exists, "the page")
        self.assertEqual((folder / "opened").read_text(), TOP_UP + "\n")

    def offer(self, text):
        from desk import GLib
        self.desk.fake.answers["GetPlan"] = GLib.Variant("(s)", (text,))
        self.begin(LEVEL)
        self.server.wait()
        self.server.invoke("topped-up")
        return self.server.wait(2)

    def test_topped_up(self):
        said = self.offer("[Plan]\nZone=UTC\n[Bucket b]\nBytes=20GB\n[TopUp 1GB]\nBytes=1GB\n"
                          "[TopUp a week]\nBytes=3GB\nLasts=7 days\n")
        self.assertEqual(said["title"], "Work SIM: what did you buy?")
        self.assertEqual(said["actions"], {"offer-0": "1GB", "offer-1": "a week"})
        self.server.invoke("offer-1")
        wait_for(lambda: self.desk.fake.calls, "the call")
        self.assertEqual(self.desk.fake.calls, [("TopUp", "name a week", 0)])
        said = self.server.wait(3)
        self.assertEqual((said["title"], said["body"]), ("Work SIM: noted",
                                                         "simtally buys nothing."))

    def test_topped_up_without_offers(self):
        said = self.offer("not a plan")
        self.assertEqual(said["actions"], {})
        self.assertEqual(said["body"], "Or say it in a terminal: simtally topup 1GB -s 8810")

    def test_refused(self):
        from fake import Refusal
        self.desk.fake.answers["SnoozeAlert"] = Refusal(
            "org.freedesktop.DBus.Error.AccessDenied", "Polkit says no")
        self.begin(LEVEL)
        self.server.wait()
        self.server.invoke("tomorrow")
        self.assertEqual(self.server.wait(2)["body"], "Polkit says no")

    def test_of_nobody(self):
        """Numbers and actions that are none of ours."""
        self.begin(LEVEL)
        self.server.wait()
        self.server.invoke("offer-7")
        self.server.invoke("top-up", 4711)
        self.server.invoke("", 1)
        self.desk.settle(self.server)
        self.assertEqual(self.desk.fake.calls, [])


class Show(NotifyCase):
    def test_quiet(self):
        self.begin()
        self.desk.run("--quiet")
        self.now(LEVEL, raised=(12,))
        self.desk.settle(self.server)
        self.assertEqual(self.server.shown, [])
        self.now(LEVEL, LAST_LEVEL, raised=(13,))
        self.assertEqual(self.server.wait()["title"], "Work SIM: 900 MB left")
        self.desk.settle(self.server)  # the agent knows that it was shown
        self.desk.restart()  # it stays so
        self.now(LEVEL, LAST_LEVEL, EXPIRES, raised=(20,))
        self.desk.settle(self.server)
        self.assertEqual(len(self.server.shown), 1)
        self.desk.run("--loud")
        self.assertIn("Also: 3.6 GB left", self.server.wait(2)["body"])

    def test_all_sims(self):
        self.desk.fake.add(AIRALO)
        self.begin()
        self.desk.run("--show")
        said = self.server.wait()
        self.assertEqual(said["title"], "Data left")
        self.assertEqual(said["body"].split("\n"), [
            "Work SIM: low, 3.6 GB left of 20 GB, resets 15 Dec 00:00",
            "Airalo Japan: 0 B today; no plan yet"])
        self.assertEqual(said["hints"]["value"], 82)
        self.desk.run("--show")
        self.assertEqual(self.server.wait(2)["replaces"], said["id"])

    def test_without_an_agent(self):
        self.desk.fake.add(WORK, low())
        server = self.desk.server()
        self.desk.run("--show")
        self.assertIn("Work SIM", server.wait()["body"])
        self.assertNotIn(AGENT, self.desk.names())

    def test_without_a_daemon(self):
        self.desk.fake.connection.close_sync(None)
        server = self.desk.server()
        self.desk.run("--show")
        self.assertIn("not running", server.wait()["body"])

    def test_without_a_server(self):
        self.desk.fake.add(WORK, low())
        self.assertTrue(self.desk.run("--show", code=1))

    def test_wrong_words(self):
        self.assertIn("--help", self.desk.run("now", code=2))
        self.assertIn("--nothing", self.desk.run("--nothing", code=2))
        self.assertIn("simtally-notify", self.desk.run("--version"))


class Entries(unittest.TestCase):
    def test_desktops_understand_them(self):
        entries = sorted((harness.SOURCE / "data/desktop").glob("*.desktop"))
        self.assertEqual(len(entries), 2)
        run = subprocess.run(["desktop-file-validate", *entries], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
