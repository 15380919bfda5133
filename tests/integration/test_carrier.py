#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a question to the carrier to its figure: what may be asked, when, and what becomes of it."""

import ast
import os
import signal
import stat
import subprocess
import sys
import time
from xml.etree import ElementTree

import bus_case
import harness
from bus_case import CARRIER_EMPTY, CURRENT, ICCID, BusCase
from gi.repository import Gio, GLib
from harness import BUILD, BUS, PATH, wait_for

ERROR = BUS + ".Error."
MB, GB = 10**6, 10**9
PLAN = "[Plan]\nZone=UTC\n\n[Bucket monthly]\nBytes=20GB\nEvery=1 month\nFrom=2026-01-01\n"


class CarrierCase(BusCase):
    def begin(self, plan=PLAN):
        self.sim = self.start()
        self.world.sim("connect")
        self.world.wait_state("connected")
        if plan:
            self.world.call(self.sim, f"{BUS}.Plan", "SetPlan", "(st)", plan, 0)

    def call(self, method, signature="()", *arguments, path=None):
        return self.world.call(path or self.sim, f"{BUS}.Carrier", method, signature, *arguments)

    def get(self, name):
        return self.world.get(self.sim, "Carrier", name)

    def set_query(self, text):
        self.call("SetQuery", "(s)", "[Query]\n" + text)

    def confirm(self, text, to=""):
        self.call("ConfirmQuery", "(ss)", text, to)

    def refused(self, name, call, *arguments):
        return self.assert_error(name if "." in name else ERROR + name, call, *arguments)

    def wait_state(self, *states):
        return wait_for(lambda: self.get("QueryState") in states and self.get("QueryState"),
                        f"the question to be {' or '.join(states)}")

    def remaining(self):
        return self.world.get(self.sim, "Plan", "RemainingBytes")

    def restart(self, sig=signal.SIGKILL):
        self.world.stop_daemon(sig)
        self.world.start_daemon()
        self.sim = self.world.present(ICCID[-4:])


class Definition(CarrierCase):
    TEXT = "# mine\n[Query]\nMethod=ussd;sms\nCode=*111#\nAnswers=1;2\nTo=111\nText=DATA\n"

    def test_kept_to_the_letter(self):
        self.begin()
        self.assertEqual(self.world.get_all(self.sim, "Carrier"), CARRIER_EMPTY)
        self.assertEqual(self.call("GetQuery"), "")
        self.call("SetQuery", "(s)", self.TEXT)
        for _ in range(2):
            self.assertEqual(self.call("GetQuery"), self.TEXT)
            self.assertEqual(self.call("GetQuery", path=CURRENT), self.TEXT)
            self.assertEqual((self.get("QueryMethod"), self.get("QueryState")),
                             ("ussd", "unconfirmed"))
            self.restart()
        self.assertNotIn("*111#", self.world.log())

    def test_refused(self):
        self.begin()
        for text, word in (("", "nothing in it"), ("[Query]\nMethod=pigeon\n", "line 2: Method"),
                           ("[Query]\nMethod=ussd\nCode=**21*1#\n", "line 3: Code"),
                           ("[Plan]\n", "line 1")):
            self.assertIn(word, self.refused("InvalidQuery", self.call, "SetQuery", "(s)", text))
        self.assertEqual(self.call("GetQuery"), "")
        for method, *arguments in (("SetQuery", "(s)", self.TEXT), ("Query",),
                                   ("ConfirmQuery", "(ss)", "x", "")):
            with self.assertRaises(GLib.Error) as caught:
                self.call(method, *arguments, path=CURRENT)
            self.assertEqual(Gio.DBusError.get_remote_error(caught.exception),
                             ERROR + "UseRealPath")
        self.refused("NoQuery", self.call, "Query")

    def test_confirmed_to_the_letter(self):
        self.begin()
        self.call("SetQuery", "(s)", self.TEXT)
        for text, to in (("*111#", ""), ("*111#;1", ""), ("DATA", ""), ("DATA", "112"),
                         ("data", "111"), ("DATA ", "111"), ("*111#;1;2", "111"), ("", "")):
            self.refused("InvalidQuery", self.confirm, text, to)
        self.refused("Unconfirmed", self.call, "Query")
        self.assertEqual(self.get("QueryState"), "unconfirmed")

        self.confirm("DATA", "111")
        self.assertEqual((self.get("QueryMethod"), self.get("QueryState")), ("sms", "idle"))
        self.confirm("*111#;1;2")
        self.assertEqual((self.get("QueryMethod"), self.get("QueryState")), ("ussd", "idle"))
        self.restart()
        self.assertEqual((self.get("QueryMethod"), self.get("QueryState")), ("ussd", "idle"))

        # What is another than what was confirmed is not; the rest stays.
        self.call("SetQuery", "(s)", self.TEXT.replace("Answers=1;2", "Answers=1;3"))
        self.assertEqual((self.get("QueryMethod"), self.get("QueryState")), ("sms", "idle"))
        self.call("SetQuery", "(s)", self.TEXT.replace("To=111", "To=112"))
        self.assertEqual(self.get("QueryState"), "unconfirmed")
        self.call("SetQuery", "(s)", self.TEXT)
        self.assertEqual(self.get("QueryState"), "unconfirmed")
        self.refused("Unconfirmed", self.call, "Query")

    def test_forgotten_with_its_sim(self):
        self.begin()
        self.call("SetQuery", "(s)", self.TEXT)
        self.confirm("DATA", "111")
        self.world.sim("swap", card=harness.card(bus_case.OTHER))
        self.world.present("8810")
        self.sim_call(self.sim, "Forget")
        self.assertEqual(self.world.ledger("SELECT count(*) FROM query"), [(0,)])
        self.world.sim("swap", card=harness.card(ICCID))
        self.sim = self.world.present("7719")
        self.assertEqual(self.get("QueryState"), "unconfirmed")

    def test_signals(self):
        self.begin()
        self.signals.forget()
        self.call("SetQuery", "(s)", self.TEXT)
        wait_for(lambda: self.signals.changes(self.sim, "QueryMethod"), "the change")
        wait_for(lambda: self.signals.changes(CURRENT, "QueryMethod"), "the same on the alias")
        self.signals.forget()
        self.confirm("DATA", "111")
        changes = wait_for(lambda: self.signals.changes(self.sim, "QueryState"), "the change")
        self.assertEqual(changes[0][1]["QueryState"], "idle")
        text = str([heard[1:] for heard in self.signals.heard])  # but for their times
        self.assertNotIn("DATA", text)
        self.assertNotIn("'111'", text)

    def test_a_reply_is_tried(self):
        self.begin()
        found = self.call("TestReply", "(s)", "You have 1.2 GB left")
        self.assertEqual((found["Verdict"], found["RemainingBytes"]), ("figure", 1_200_000_000))
        self.assertEqual(found["Reasons"], [
            {"As": "remaining", "Taken": True, "Words": "1.2 GB", "Rule": "word-after",
             "Because": "left", "Bytes": 1_200_000_000, "Unit": "GB",
             "UnitBytes": 1_000_000_000}])
        found = self.call("TestReply", "(s)", "1 GB left until 5.12.2026, 2 GB left, $3")
        self.assertEqual([(r["As"], r["Taken"], r.get("Doubt"), r.get("DateBy"))
                          for r in found["Reasons"]],
                         [("remaining", False, "several", None),
                          ("expires", False, None, "points"),
                          ("remaining", False, "several", None), ("nothing", False, None, None)])
        found = self.call("TestReply", "(s)", "Welcome")
        self.assertEqual((found["Verdict"], found["Reasons"]), ("none", []))
        self.refused("TooMuch", self.call, "TestReply", "(s)", "x" * 16385)
        self.assertEqual(self.call("GetLastReply"), "")


class CommandCase(CarrierCase):
    """The owner's own program, in a folder as safe as its world allows."""

    def setUp(self):
        super().setUp()
        self.folder = self.world.directory / "programs"
        self.folder.mkdir(mode=0o755)
        self.said = self.world.directory / "said"  # where programs may leave something
        self.said.mkdir()
        self.said.chmod(0o777)

    def program(self, text, mode=0o755, name="data-left"):
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(mode)
        return str(path)

    def command(self, text, more="", mode=0o755):
        path = self.program(text, mode)
        self.set_query(f"Method=command\nCommand={path}\n{more}")
        self.confirm(path)
        return path

    def ask(self):
        self.call("Query")
        return self.wait_state("idle", "failed")


class Command(CommandCase):
    def test_from_a_question_to_a_corrected_tally(self):
        self.begin()
        self.world.sim("move", rx=GB, tx=0)
        self.world.expect_bytes(self.sim, (GB, 0))
        self.command(f"id -u; id -G >{self.said}/groups; env >{self.said}/env; pwd >{self.said}/pwd; "
                     f"ls /proc/self/fd >{self.said}/fds\n"
                     "echo '{\"remaining_bytes\": 15100000000, \"resolution_bytes\": 100000000}'\n"
                     .replace("id -u;", f"id -u >{self.said}/uid;"))
        self.signals.forget()
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 15_100_000_000)
        report = self.world.get_all(self.sim, "Carrier")
        self.assertEqual((report["HasReport"], report["ReportedRemainingBytes"],
                          report["ReportState"], report["OwnBytes"], report["QueryError"]),
                         (True, 15_100_000_000, "differs", 19 * GB, ""))
        self.assertGreater(report["ReportedAt"], 0)
        events = self.world.call(self.sim, f"{BUS}.Plan", "ListEvents", "(tu)", 0, 0)
        self.assertEqual([(e[2], e[3].get("RemainingBytes")) for e in events][-1],
                         ("report", 15_100_000_000))

        # Both figures, in an alert; and that the state went through what it went through.
        alerts = wait_for(lambda: [values for values in self.signals.members("AlertRaised")
                                   if values[2] == "carrier-differs"], "the alert")
        self.assertEqual((alerts[0][4]["RemainingBytes"], alerts[0][4]["ReportedRemainingBytes"]),
                         (19 * GB, 15_100_000_000))
        self.assertIn("15100000000", self.call("GetLastReply"))

        # As nobody, and with nothing of ours.
        self.assertEqual((self.said / "uid").read_text(), "65534\n")
        self.assertEqual((self.said / "groups").read_text(), "65534\n")
        self.assertEqual((self.said / "pwd").read_text(), "/\n")
        environment = dict(line.split("=", 1) for line in (self.said / "env").read_text().split())
        self.assertEqual(set(environment) - {"PWD", "_", "SHLVL", "OLDPWD"}, {"PATH", "LANG"})
        self.assertLessEqual(set((self.said / "fds").read_text().split()), {"0", "1", "2", "3"})

        # Undone, it is as if the carrier had never said it.
        self.world.call(self.sim, f"{BUS}.Plan", "RemoveEvent", "(t)", events[-1][0])
        self.assertEqual(self.remaining(), 19 * GB)
        self.assertFalse(self.get("HasReport"))

    def test_asked_when_it_is_time(self):
        """Without anybody's call, once so much has moved; and only what was confirmed."""
        self.begin()
        definition = self.command("echo '{\"remaining_bytes\": 15000000000}'\n")
        self.world.sim("move", rx=1_000_000, tx=0)
        self.world.expect_bytes(self.sim, (1_000_000, 0))
        self.assertEqual((self.get("QueryState"), self.get("HasReport")), ("idle", False))
        self.set_query(f"Method=command\nCommand={definition}\nAsk=after 1 day and 5MB\n")
        self.world.sim("move", rx=5_000_000, tx=0)
        self.world.expect_bytes(self.sim, (6_000_000, 0))
        wait_for(lambda: self.get("HasReport"), "the report")
        self.assertEqual(self.get("ReportedRemainingBytes"), 15 * GB)
        self.assertIn("it is time to ask its carrier", self.world.log())

    def test_nothing_can_be_gained(self):
        """The command is nobody, for good: no capability, no new ones, and nothing to be read."""
        self.begin()
        self.command(f"exec 2>/dev/null; cat /proc/self/status >{self.said}/status\n"
                     f"cat {self.world.state}/ledger.db >{self.said}/stolen\n"
                     f"ulimit -t >{self.said}/limits; ulimit -c >>{self.said}/limits\n"
                     f"ls -A {self.world.state} >{self.said}/listed\n"
                     "echo '{\"remaining_bytes\": 15100000000}'\n")
        self.assertEqual(self.ask(), "idle")
        status = dict(line.split(":", 1) for line in
                      (self.said / "status").read_text().splitlines())
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual(status["NoNewPrivs"].strip(), "1")
        for name in ("Uid", "Gid"):
            self.assertEqual(set(status[name].split()), {"65534"}, name)
        self.assertEqual(status["Groups"].strip(), "")
        self.assertEqual((self.said / "limits").read_text().split(), ["60", "0"])
        self.assertEqual((self.said / "stolen").read_bytes(), b"")
        self.assertEqual((self.said / "listed").read_text(), "")

    def test_words_are_read_like_a_reply(self):
        self.begin()
        self.command("echo '{\"text\": \"You have 12.5 GB left\"}'\n")
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 12_500_000_000)

    def test_a_jump_is_a_question(self):
        self.begin()
        self.command("cat " + str(self.said / "answer"), "MinimumDelay=5 minutes\n")
        (self.said / "answer").write_text('{"remaining_bytes": 21000000000}')
        self.signals.forget()
        self.assertEqual(self.ask(), "idle")
        self.assertEqual((self.get("ReportState"), self.remaining()), ("question", 20 * GB))
        alert = wait_for(lambda: [values for values in self.signals.members("AlertRaised")
                                  if values[2] == "carrier-more"], "the question")[0]
        self.assertEqual((alert[4]["RemainingBytes"], alert[4]["ReportedRemainingBytes"]),
                         (20 * GB, 21 * GB))
        self.world.call(self.sim, f"{BUS}.Plan", "TopUp", "(st)", "1GB", 0)
        self.assertEqual((self.get("ReportState"), self.remaining()), ("agrees", 21 * GB))
        wait_for(lambda: alert[1] in [values[1] for values in self.signals.members("AlertCleared")],
                 "the answer")

    def test_what_fails_says_why(self):
        self.begin()
        for text, word in (("echo nonsense", "no flat JSON"), ("exit 3", "failed, with 3"),
                           ("kill -SEGV $$", "signal 11"), ("echo '{}'", "remaining_bytes"),
                           ("yes", "more than 16 KiB"), ("printf '\\0'", "no text"),
                           ("echo '{\"text\": \"Welcome\"}'", "")):
            with self.subTest(text):
                self.command(text, "DailyMaximum=24\n")
                self.forget_sendings()
                self.assertEqual(self.ask(), "failed")
                self.assertIn(word, self.get("QueryError"))
                self.assertGreater(len(self.get("QueryError")), 10)
        self.assertFalse(self.get("HasReport"))
        self.assertEqual(self.remaining(), 20 * GB)

    def forget_sendings(self):
        """Behind the daemon's back, so that a table of cases needs no hours."""
        self.world.stop_daemon()
        database = harness.sqlite3.connect(self.world.state / "ledger.db")
        database.execute("DELETE FROM query_sent")
        database.commit()
        database.close()
        self.world.start_daemon()
        self.sim = self.world.present(ICCID[-4:])

    def test_only_what_root_alone_can_write_is_run(self):
        self.begin()
        path = self.program("echo '{\"remaining_bytes\": 1}'\n")
        link = self.folder / "link"
        link.symlink_to(path)
        cases = [("nobody's", lambda: os.chown(path, 65534, 65534), path, "belong to root"),
                 ("the group's", lambda: os.chmod(path, 0o775), path, "chmod go-w"),
                 ("everybody's", lambda: os.chmod(path, 0o757), path, "chmod go-w"),
                 ("root's alone", lambda: os.chmod(path, 0o700), path, "chmod a+rx"),
                 ("everybody's folder", lambda: os.chmod(self.folder, 0o777), path, "chmod go-w"),
                 ("nobody's folder", lambda: os.chown(self.folder, 65534, 65534), path, "belong"),
                 ("a link", lambda: None, str(link), path),
                 ("nothing", lambda: None, path + "x", "No such file"),
                 ("a folder", lambda: None, str(self.folder), "no program")]
        for name, change, command, word in cases:
            with self.subTest(name):
                for where, mode in ((path, 0o755), (self.folder, 0o755)):
                    os.chown(where, 0, 0)
                    os.chmod(where, mode)
                change()
                self.forget_sendings()
                self.set_query(f"Method=command\nCommand={command}\n")
                self.confirm(command)
                self.assertEqual(self.ask(), "failed")
                self.assertIn(word, self.get("QueryError"))

    def test_stopped_with_the_daemon(self):
        self.begin()
        self.command(f"echo $$ >{self.said}/pid; exec sleep 1000")
        self.call("Query")
        wait_for(lambda: (self.said / "pid").exists() and (self.said / "pid").read_text(), "the pid")
        pid = int((self.said / "pid").read_text())
        self.refused("Busy", self.call, "Query")
        self.refused("Busy", self.call, "SetQuery", "(s)", "[Query]\nMethod=none\n")
        self.restart()
        wait_for(lambda: not os.path.exists(f"/proc/{pid}"), "the command to end")
        self.assertEqual(self.get("QueryState"), "failed")
        self.assertIn("started anew", self.get("QueryError"))
        self.refused("TooSoon", self.call, "Query")


class Limits(CommandCase):
    def setUp(self):
        super().setUp()
        self.clock = self.world.directory / "clock"
        self.world.environment |= {
            "LD_PRELOAD": str(BUILD / "tests/libtest-clock.so"), "TEST_CLOCK": str(self.clock),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        self.clock.touch()
        self.set_clock(0)
        self.begin()
        self.count = self.said / "count"
        self.command(f"echo x >>{self.count}; echo '{{\"remaining_bytes\": 20000000000}}'")
        self.count.touch()
        self.count.chmod(0o666)

    def set_clock(self, offset):
        with open(self.clock, "r+b", buffering=0) as file:
            file.write(f"{offset} 1\n".ljust(63).encode())

    def asked(self):
        return len(self.count.read_text().split())

    def test_minimum_delay(self):
        """Whatever happens to the clock and to us: one question in three hours."""
        self.assertEqual(self.ask(), "idle")
        for offset in (0, 60, -7200, 4 * 3600, 86400 * 400, -86400 * 400, 0):
            self.set_clock(offset)
            for restart in (None, signal.SIGTERM, signal.SIGKILL):
                if restart:
                    self.restart(restart)
                self.assertIn("min", self.refused("TooSoon", self.call, "Query"))
        self.assertEqual(self.asked(), 1)

    def test_words_keep_their_day(self):
        """What was said three days ago is read as of then, other words as of now."""
        words = "You have 12.5 GB left, valid for 30 days"
        self.command(f"echo '{{\"text\": \"{words}\"}}'\n")
        self.assertEqual(self.ask(), "idle")
        said = self.get("ReportedExpiresAt")
        self.assertGreater(said, time.time() + 29 * 86400)
        text = self.call("GetLastReply")
        self.set_clock(3 * 86400)
        self.restart()
        self.assertEqual(self.call("TestReply", "(s)", text)["ExpiresAt"], said)
        self.assertGreaterEqual(self.call("TestReply", "(s)", words + ".")["ExpiresAt"],
                                said + 3 * 86400)

    def test_what_a_command_said_is_read_again(self):
        """As it is understood when it comes: numbers that stand in JSON."""
        self.command("echo '{\"remaining_bytes\": 1200000000}'\n")
        self.assertEqual(self.ask(), "idle")
        found = self.call("TestReply", "(s)", self.call("GetLastReply"))
        self.assertEqual((found["Verdict"], found["RemainingBytes"]), ("figure", 1_200_000_000))
        found = self.call("TestReply", "(s)", "You have 1.5 GB left")
        self.assertEqual((found["Verdict"], found["RemainingBytes"]), ("figure", 1_500_000_000))

    def test_two_callers(self):
        """Both ask at once, and it is asked once."""
        answers = []
        for _ in range(20):
            self.world.connection.call(
                BUS, self.sim, f"{BUS}.Carrier", "Query", None, None, 0, 30000, None,
                lambda bus, result: answers.append(self.outcome(bus, result)))
        wait_for(lambda: self.signals.listen() is not None and len(answers) == 20, "all answers")
        self.assertEqual(answers.count("asked"), 1, answers)
        self.assertLessEqual(set(answers), {"asked", ERROR + "Busy", ERROR + "TooSoon"})
        self.wait_state("idle")
        self.assertEqual(self.asked(), 1)

    def outcome(self, bus, result):
        try:
            bus.call_finish(result)
            return "asked"
        except GLib.Error as error:
            return Gio.DBusError.get_remote_error(error)

    def hours_pass(self, hours, offset=None):
        """Since the last question, as the ledger has it; and the clock is set, if an offset is
        given. The daemon starts anew."""
        self.world.stop_daemon()
        database = harness.sqlite3.connect(self.world.state / "ledger.db")
        database.execute("UPDATE query_sent SET boottime=boottime-?", (round(3600 * hours),))
        database.commit()
        database.close()
        if offset is not None:
            self.set_clock(offset)
        self.world.start_daemon()
        self.sim = self.world.present(ICCID[-4:])

    def define(self, more):
        self.set_query(f"Method=command\nCommand={self.folder / 'data-left'}\n{more}")
        self.assertEqual(self.get("QueryState"), "idle")

    def test_daily_maximum(self):
        """Of any 24 hours, whatever happens to the clock and to us."""
        self.define("MinimumDelay=5 minutes\nDailyMaximum=2\n")
        for asked in (1, 2):
            self.assertEqual(self.ask(), "idle")
            self.assertEqual(self.asked(), asked)
            self.refused("TooSoon", self.call, "Query")
            self.hours_pass(0.1)
        for offset in (0, 86400 * 3, -86400 * 3, 0):
            self.set_clock(offset)
            for restart in (None, signal.SIGTERM, signal.SIGKILL):
                if restart:
                    self.restart(restart)
                self.assertIn("DailyMaximum", self.refused("TooSoon", self.call, "Query"))
        self.hours_pass(23.5)
        self.refused("TooSoon", self.call, "Query")  # the first of them is 23.7 hours old
        self.hours_pass(0.35)
        self.assertEqual(self.ask(), "idle")
        self.refused("TooSoon", self.call, "Query")
        self.assertEqual(self.asked(), 3)

    def move(self, rx):
        """What may follow from it has followed: each answer is a turn of the daemon's loop."""
        before = self.world.bytes_of(self.sim)
        self.world.sim("move", rx=rx, tx=0)
        self.world.expect_bytes(self.sim, harness.plus(before, (rx, 0)))
        for _ in range(5):
            self.get("QueryState")

    def test_asked_when_the_report_is_old(self):
        """Older than a day, and 5 MB on: neither of them alone."""
        day = 86400
        self.define("Ask=after 24h and 5MB\nMinimumDelay=5 minutes\n")
        self.assertEqual(self.ask(), "idle")
        self.hours_pass(1)
        self.move(6 * MB)
        self.assertEqual(self.asked(), 1)  # much has moved, but it is fresh
        self.hours_pass(1, day + 60)
        self.move(MB)
        wait_for(lambda: self.asked() == 2, "the next question")
        self.wait_state("idle")
        self.hours_pass(25, 2 * day + 120)
        self.move(4 * MB)
        self.assertEqual(self.asked(), 2)  # it is old, but little has moved
        self.hours_pass(1)
        self.move(2 * MB)
        wait_for(lambda: self.asked() == 3, "the next question")

    def test_asked_before_expiry(self):
        """Once, at its time, and with nobody's call and no byte."""
        self.world.call(self.sim, f"{BUS}.Plan", "SetPlan", "(st)",
                        "[Plan]\nZone=UTC\n\n[Bucket data]\nBytes=20GB\nFrom="
                        + time.strftime("%Y-%m-%d", time.gmtime()) + "\nLasts=5 days\n", 0)
        expires = self.world.get(self.sim, "Plan", "ExpiresAt")
        self.assertGreater(expires, time.time() + 3 * 86400)
        until = expires - 3 * 3600 - int(time.time())
        self.define("Ask=3h before expiry\n")
        self.move(MB)
        self.hours_pass(0, until - 600)
        self.move(MB)
        self.assertEqual((self.asked(), self.get("HasReport")), (0, False))
        self.hours_pass(0, expires - 3 * 3600 - int(time.time()) - 2)
        wait_for(lambda: self.get("HasReport"), "the report")
        self.hours_pass(24)
        self.move(MB)
        self.assertEqual(self.asked(), 1)

    def test_another_definition_is_no_way_around(self):
        self.assertEqual(self.ask(), "idle")
        path = self.program(f"echo x >>{self.count}", name="other")
        self.set_query(f"Method=command\nCommand={path}\n")
        self.confirm(path)
        self.refused("TooSoon", self.call, "Query")
        self.assertEqual(self.asked(), 1)


class Unit(CommandCase):
    """systemd, as a mock plays it, starts the command in a unit of its own."""

    MOCK = r"""
import os, subprocess, sys
from gi.repository import Gio, GLib
XML = '''<node><interface name="org.freedesktop.systemd1.Manager">
<method name="Subscribe"/><method name="Unsubscribe"/>
<method name="StartTransientUnit"><arg type="s"/><arg type="s"/><arg type="a(sv)"/><arg type="a(sa(sv))"/>
<arg type="o" direction="out"/></method>
<method name="StopUnit"><arg type="s"/><arg type="s"/><arg type="o" direction="out"/></method>
<signal name="JobRemoved"><arg type="u"/><arg type="o"/><arg type="s"/><arg type="s"/></signal>
</interface></node>'''
MANAGER = "org.freedesktop.systemd1.Manager"
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
bus = Gio.DBusConnection.new_for_address_sync(os.environ["DBUS_SYSTEM_BUS_ADDRESS"], flags, None, None)
subscribed, running = 0, {}
def on_call(_bus, _sender, _path, _interface, method, parameters, invocation):
    global subscribed
    if method == "Subscribe": subscribed += 1
    if method == "Unsubscribe": subscribed -= 1
    if method == "StopUnit": running[parameters.unpack()[0]].kill()
    if method != "StartTransientUnit":
        invocation.return_value(GLib.Variant("(o)", ("/job",)) if method == "StopUnit" else None)
        return
    name, mode, properties, _more = parameters.unpack()
    properties = dict(properties)
    output = invocation.get_message().get_unix_fd_list().get(properties["StandardOutputFileDescriptor"])
    path = properties["ExecStart"][0][0]
    types = {p[0]: p[1].get_type_string() for p in (
        [v.get_child_value(0).get_string(), v.get_child_value(1).get_variant()]
        for v in map(parameters.get_child_value(2).get_child_value, range(len(properties))))}
    print(types, file=log)
    print(name, mode, subscribed, {k: v for k, v in properties.items() if k != "ExecStart"}, file=log,
          flush=True)
    child = running[name] = subprocess.Popen([path], stdout=output, user=65533, group=65533, extra_groups=[])
    os.close(output)
    invocation.return_value(GLib.Variant("(o)", ("/org/freedesktop/systemd1/job/7",)))
    GLib.child_watch_add(GLib.PRIORITY_DEFAULT, child.pid, lambda _pid, status: bus.emit_signal(
        None, "/org/freedesktop/systemd1", MANAGER, "JobRemoved", GLib.Variant("(uoss)", (
            7, "/org/freedesktop/systemd1/job/7", name, "done" if status == 0 else "failed"))))
log = open(sys.argv[1], "a")
bus.register_object("/org/freedesktop/systemd1", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], on_call)
bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
              GLib.Variant("(su)", ("org.freedesktop.systemd1", 0)), None, 0, -1, None)
print("ready", flush=True)
GLib.MainLoop().run()
"""

    def setUp(self):
        super().setUp()
        self.log = self.world.directory / "units"
        mock = subprocess.Popen([sys.executable, "-c", self.MOCK, str(self.log)],
                                stdout=subprocess.PIPE, text=True)
        self.addCleanup(mock.stdout.close)
        self.addCleanup(harness.end, mock)
        self.assertEqual(mock.stdout.readline(), "ready\n")
        self.begin()

    def test_in_a_unit_of_its_own(self):
        self.command(f"id -u >{self.said}/uid; echo '{{\"remaining_bytes\": 15000000000}}'")
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 15 * GB)
        self.assertEqual((self.said / "uid").read_text(), "65533\n")  # as systemd had it
        unit = self.log.read_text()
        for wanted in ("simtally-query-", "'DynamicUser': True", "'Type': 'oneshot'", " fail 1 ",
                       "'NoNewPrivileges': True", "'CapabilityBoundingSet': 0",
                       "'TimeoutStartUSec': 60000000", "'ProtectSystem': 'strict'"):
            self.assertIn(wanted, unit)

    def test_the_real_systemd_knows_all_of_it(self):
        """No systemd runs here, but its program tells which properties there are, of which types,
        and what the manager's methods take."""
        self.command("echo '{\"remaining_bytes\": 15000000000}'")
        self.assertEqual(self.ask(), "idle")
        told = ast.literal_eval(self.log.read_text().splitlines()[0])
        known = self.introspect("Service")
        types = {p.get("name"): p.get("type") for p in known.iter("property")}
        # These two are written in another form than they are read in, or cannot be read.
        self.assertEqual((told.pop("ExecStart"), told.pop("StandardOutputFileDescriptor")),
                         ("a(sasb)", "h"))
        self.assertGreater(len(told), 20)
        self.assertEqual(told, {name: types.get(name) for name in told})

        real = self.introspect("Manager")
        mock = ElementTree.fromstring(self.MOCK[self.MOCK.index("<node>"):
                                                self.MOCK.index("</node>") + 7])
        manager, = [i for i in real.iter("interface") if i.get("name").endswith(".Manager")]
        for member in list(mock.find("interface")):
            same, = [m for m in manager if m.get("name") == member.get("name")]
            self.assertEqual([(a.get("type"), a.get("direction", "in")) for a in member],
                             [(a.get("type"), a.get("direction", "in"))
                              for a in same.iter("arg")])

    @staticmethod
    def introspect(interface):
        text = subprocess.run(
            ["/lib/systemd/systemd", f"--bus-introspect=org.freedesktop.systemd1.{interface}"],
            check=True, capture_output=True, text=True, timeout=60).stdout
        return ElementTree.fromstring(text[text.index("<node"):])

    def test_one_that_fails(self):
        self.command("echo '{\"remaining_bytes\": 15000000000}'; exit 1")
        self.assertEqual(self.ask(), "failed")
        self.assertIn("journalctl", self.get("QueryError"))
        self.assertFalse(self.get("HasReport"))

    def test_one_that_says_too_much_is_stopped(self):
        self.command("exec yes")
        self.assertEqual(self.ask(), "failed")
        self.assertIn("16 KiB", self.get("QueryError"))


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.BUS_CONFIG = harness.BUS_CONFIG.replace(
        '<allow send_destination="org.freedesktop.login1"/>',
        '<allow send_destination="org.freedesktop.login1"/>\n'
        '    <allow send_destination="org.freedesktop.systemd1"/>')
    bus_case.main()
