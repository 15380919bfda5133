#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a byte of a simulated modem to the alert on the bus: each once, in order, and in time."""

import os
import signal
import time

import harness
from gi.repository import Gio, GLib
from harness import BUILD, BUS, PATH, card, wait_for
from test_plan import ERROR, MB, PlanCase

CURRENT = PATH + "/current"
DAY = 86400
OTHER = "8981100000000008810"

LEVELS = "[Plan]\nZone=UTC\nWarn=50%;80%;10MB left\n\n[Bucket b]\nBytes={size}\n"
DAILY = ("[Plan]\nZone=UTC\nWarn=50%;80%\nAtZero=throttle 128kbit/s\n\n"
         "[Bucket day]\nBytes=100MB\nEvery=1 day\nFrom=2026-01-01\nWarn=50%;80%\n")


class Alerts:
    """What a connection hears of alerts: (raised or cleared, id, what it is about)."""

    def __init__(self, connection):
        self.heard = []
        for member in ("AlertRaised", "AlertCleared"):
            connection.signal_subscribe(None, f"{BUS}.Manager", member, PATH, None,
                                        Gio.DBusSignalFlags.NONE, self.on)

    def on(self, _connection, _sender, _path, _interface, member, parameters):
        values = parameters.unpack()
        self.heard.append((time.monotonic(), member.removeprefix("Alert").lower(), *values))

    def listen(self):
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass
        return self.heard

    def raised(self, *kinds):
        """(kind, level) of all that was raised, oldest first."""
        return [(h[4], h[6].get("LevelPercent") or h[6].get("LevelBytes") or 0)
                for h in self.listen() if h[1] == "raised" and (not kinds or h[4] in kinds)]

    def cleared(self):
        return [h[3] for h in self.listen() if h[1] == "cleared"]

    def wait(self, kind, level=0, timeout=30):
        """The last one of this kind and level, once it was raised."""
        def look():
            found = [h for h in self.listen() if h[1] == "raised" and h[4] == kind
                     and (h[6].get("LevelPercent") or h[6].get("LevelBytes") or 0) == level]
            return found[-1] if found else None
        return wait_for(look, f"{kind} {level}", timeout)

    def forget(self):
        self.listen()
        self.heard.clear()


class AlertCase(PlanCase):
    def setUp(self):
        super().setUp()
        self.alerts = Alerts(self.world.connection)

    def start_with(self, plan):
        self.start()
        self.set_plan(plan)

    def standing(self):
        return [(a["Kind"], a.get("LevelPercent") or a.get("LevelBytes") or 0)
                for a in self.world.get(self.sim, "Sim", "Alerts")]

    def rows(self):
        return self.world.ledger("SELECT key, acked_at, snoozed_until, cleared_at FROM alert"
                                 " ORDER BY id")

    def sim_call(self, method, signature, *arguments, path=None):
        return self.world.call(path or self.sim, f"{BUS}.Sim", method, signature, *arguments)

    def settle(self):
        """All that is due was told when this returns."""
        self.world.bytes_of(self.sim)
        self.world.get(self.sim, "Sim", "Alerts")
        self.alerts.listen()


class Levels(AlertCase):
    def test_each_once_and_in_order(self):
        self.start_with(LEVELS.format(size="100MB"))
        self.alerts.forget()
        for _ in range(21):
            self.move(rx=5 * MB)
        self.alerts.wait("used-up")
        self.assertEqual(self.alerts.raised(),
                         [("level", 50), ("level", 80), ("level", 10 * MB), ("used-up", 0)])
        self.settle()
        self.assertEqual(self.standing(), [("used-up", 0)])
        self.assertEqual(self.plan()["State"], "exhausted")

    def test_one_burst_crosses_all(self):
        self.start_with(LEVELS.format(size="100MB"))
        self.alerts.forget()
        self.move(rx=60 * MB, tx=60 * MB)
        raised = [("level", 50), ("level", 80), ("level", 10 * MB), ("used-up", 0)]
        self.alerts.wait("used-up")
        self.assertEqual(self.alerts.raised(), raised)
        self.assertEqual(self.plan()["OverBytes"], 20 * MB)
        ids = [h[3] for h in self.alerts.heard if h[1] == "raised"]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual(self.alerts.cleared(), ids[:-1])

        # Written before they were told: nothing is told twice, whenever we are killed.
        for _ in range(3):
            self.restart()
            self.settle()
        self.move(rx=MB)
        self.settle()
        self.assertEqual(self.alerts.raised(), raised)
        self.assertEqual(self.standing(), [("used-up", 0)])

    def test_killed_on_the_way(self):
        """An alert is written before it is told: killed between the two, it stands untold in the
        property that everybody reads after a restart, and is never told twice."""
        wanted = [("level", 50), ("level", 80), ("level", 10 * MB), ("used-up", 0)]
        self.start_with(LEVELS.format(size="100MB"))
        self.alerts.forget()
        for _ in range(11):
            self.move(rx=10 * MB)
            self.restart()
        wait_for(lambda: self.standing() == [("used-up", 0)], "the last alert")
        self.settle()
        raised = self.alerts.raised()
        self.assertEqual(raised, [alert for alert in wanted if alert in raised])
        self.assertEqual(len([row for row in self.rows() if not row[0].startswith("new-sim")]),
                         len(wanted))

    def test_late_where_we_were_down(self):
        self.start_with(LEVELS.format(size="100MB"))
        self.move(rx=10 * MB)
        self.alerts.forget()
        self.world.stop_daemon(signal.SIGKILL)
        self.world.sim("move", rx=45 * MB)
        self.world.start_daemon()
        self.alerts.wait("level", 50)
        self.assertEqual(self.alerts.raised(), [("level", 50)])

    def test_nobody_has_to_ask(self):
        """With a level ahead it is looked for, though nobody asks anything."""
        self.start_with(LEVELS.format(size="100MB"))
        self.alerts.forget()
        self.world.sim("move", rx=55 * MB)
        began = time.monotonic()
        raised = self.alerts.wait("level", 50, timeout=10)
        self.assertLess(raised[0] - began, 5)
        self.assertEqual(self.world.ledger("SELECT rx FROM sim WHERE iccid IS NOT NULL"),
                         [(55 * MB,)])  # and written before it was told

    def test_details(self):
        self.start_with(LEVELS.format(size="100MB"))
        self.move(rx=55 * MB)
        raised = self.alerts.wait("level", 50)
        self.assertEqual((raised[2], raised[5]), (self.sim, "normal"))
        details = raised[6]
        self.assertEqual({k: details[k] for k in ("Bucket", "LimitBytes", "LevelPercent")},
                         {"Bucket": "b", "LimitBytes": 100 * MB, "LevelPercent": 50})
        alert = self.world.get(self.sim, "Sim", "Alerts")[0]
        self.assertEqual((alert["Id"], alert["Kind"], alert["Severity"], alert["Bucket"]),
                         (raised[3], "level", "normal", "b"))
        self.assertEqual(self.world.get(CURRENT, "Sim", "Alerts"),
                         self.world.get(self.sim, "Sim", "Alerts"))


class NewSim(AlertCase):
    def test_until_there_is_a_plan(self):
        self.start()
        raised = self.alerts.wait("new-sim")
        self.assertEqual((raised[2], raised[5]), (self.sim, "low"))
        self.move(rx=MB)
        self.restart()
        self.settle()
        self.assertEqual(self.standing(), [("new-sim", 0)])
        self.set_plan(LEVELS.format(size="100MB"))
        wait_for(lambda: raised[3] in self.alerts.cleared(), "it to be cleared")
        self.assertEqual(self.alerts.raised(), [("new-sim", 0)])
        self.assertEqual(self.standing(), [])

    def test_as_new_as_before(self):
        """Starting again tells nothing of when a SIM was seen first: that was known."""
        self.start()
        self.alerts.wait("new-sim")
        first = self.world.get(self.sim, "Sim", "FirstSeenAt")
        for k in range(20):  # at another part of a second each time
            self.sim_call("SetLabel", "(s)", f"Card {k}")
            self.restart(signal.SIGTERM)
            self.assertEqual(self.world.get(self.sim, "Sim", "FirstSeenAt"), first)
        self.settle()
        self.assertEqual(self.alerts.raised(), [("new-sim", 0)])

    def test_each_sim_once(self):
        w = self.world
        self.start()
        self.alerts.wait("new-sim")
        w.sim("swap", card=card(OTHER))
        other = w.present("8810")
        wait_for(lambda: len(self.alerts.raised("new-sim")) == 2, "the other SIM's")
        w.sim("swap", card=card("8981100000000007719"))
        w.present("7719")
        self.settle()
        self.assertEqual([h[2] for h in self.alerts.listen() if h[1] == "raised"],
                         [self.sim, other])


class Events(AlertCase):
    def setUp(self):
        super().setUp()
        self.start_with(LEVELS.format(size="100MB"))
        self.move(rx=60 * MB)
        self.alerts.wait("level", 50)
        self.alerts.forget()

    def test_a_smaller_cap(self):
        """An edit after which less was bought than is used."""
        self.set_plan(LEVELS.format(size="55MB"))
        self.alerts.wait("used-up")
        self.assertEqual(self.alerts.raised(), [("used-up", 0)])
        self.assertEqual(self.standing(), [("used-up", 0)])
        self.set_plan(LEVELS.format(size="200MB"))
        self.settle()
        self.assertEqual(self.standing(), [])
        self.move(rx=41 * MB)
        self.alerts.wait("level", 50)
        self.assertEqual(self.alerts.raised(), [("used-up", 0), ("level", 50)])

    def test_a_removed_event_arms_again(self):
        """Room was made, and is taken back: that is worth telling again."""
        self.move(rx=41 * MB)
        self.alerts.wait("used-up")
        correction = self.plan_call("Correct", "(a{sv})", {"UsedBytes": GLib.Variant("t", MB)})
        self.settle()
        self.assertEqual(self.standing(), [])
        self.alerts.forget()
        self.plan_call("RemoveEvent", "(t)", correction)
        self.alerts.wait("used-up")
        self.assertEqual(self.alerts.raised(), [("used-up", 0)])

    def test_a_correction_arms_again(self):
        self.plan_call("Correct", "(a{sv})", {"UsedBytes": GLib.Variant("t", 10 * MB)})
        self.settle()
        self.assertEqual(self.standing(), [])
        self.restart()
        self.move(rx=39 * MB)
        self.settle()
        self.assertEqual(self.alerts.raised(), [])
        self.move(rx=2 * MB)
        self.alerts.wait("level", 50)
        self.assertEqual(self.alerts.raised(), [("level", 50)])

    def test_a_top_up(self):
        """What was used up is no end any more; the top-up has levels of its own."""
        self.move(rx=45 * MB)
        self.alerts.wait("used-up")
        self.alerts.forget()
        self.plan_call("TopUp", "(st)", "200MB", 0)
        self.settle()
        self.assertEqual(self.plan()["State"], "ok")
        self.move(rx=110 * MB)
        raised = self.alerts.wait("level", 50)
        self.assertTrue(raised[6]["Bucket"].startswith("topup-"))


class Answers(AlertCase):
    """What the owner says to an alert."""

    def setUp(self):
        super().setUp()
        self.start_with(LEVELS.format(size="100MB"))
        self.move(rx=60 * MB)
        self.id = self.alerts.wait("level", 50)[3]
        self.alerts.forget()

    def test_acknowledged(self):
        self.sim_call("AcknowledgeAlert", "(t)", self.id)
        wait_for(lambda: self.alerts.cleared() == [self.id], "it to be cleared")
        self.assertEqual(self.standing(), [])
        self.assert_error(ERROR + "NoSuchAlert", self.sim_call, "AcknowledgeAlert", "(t)", self.id)
        self.restart()
        self.settle()
        self.move(rx=MB)
        self.settle()
        self.assertEqual((self.standing(), self.alerts.raised()), ([], []))
        self.move(rx=25 * MB)
        self.alerts.wait("level", 80)
        self.assertEqual(self.standing(), [("level", 80)])

    def test_snoozed(self):
        until = int(time.time()) + 3
        self.sim_call("SnoozeAlert", "(tt)", self.id, until)
        wait_for(lambda: self.alerts.cleared() == [self.id], "it to be cleared")
        alert = self.world.get(self.sim, "Sim", "Alerts")[0]
        self.assertEqual((alert["Id"], alert["SnoozedUntil"]), (self.id, until))
        self.restart()
        again = self.alerts.wait("level", 50)
        self.assertGreaterEqual(time.time(), until)
        self.assertEqual(again[3], self.id)
        self.assertEqual(self.alerts.raised(), [("level", 50)])
        self.assertEqual(self.world.get(self.sim, "Sim", "Alerts")[0]["SnoozedUntil"], 0)

    def test_snoozed_for_this_period(self):
        self.sim_call("SnoozeAlert", "(tt)", self.id, 0)
        self.restart()
        self.move(rx=MB)
        self.settle()
        self.assertEqual(self.alerts.raised(), [])

    def test_refused(self):
        for number in (0, self.id + 100, 2**64 - 1):
            self.assert_error(ERROR + "NoSuchAlert", self.sim_call, "AcknowledgeAlert", "(t)",
                              number)
            self.assert_error(ERROR + "NoSuchAlert", self.sim_call, "SnoozeAlert", "(tt)", number,
                              0)
        for method, signature, arguments in (("AcknowledgeAlert", "(t)", (self.id,)),
                                             ("SnoozeAlert", "(tt)", (self.id, 0))):
            with self.assertRaises(GLib.Error) as caught:
                self.sim_call(method, signature, *arguments, path=CURRENT)
            self.assertEqual(Gio.DBusError.get_remote_error(caught.exception),
                             ERROR + "UseRealPath")
        self.assertEqual(self.standing(), [("level", 50)])


class Periods(AlertCase):
    """With a wall clock of our own."""

    def setUp(self):
        super().setUp()
        self.file = self.world.directory / "clock"
        self.file.touch()
        self.world.environment |= {
            "LD_PRELOAD": str(BUILD / "tests/libtest-clock.so"), "TEST_CLOCK": str(self.file),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}

    def set_time(self, to):
        """The daemon's clock says so, from now on."""
        offset = int(to - time.time())
        with open(self.file, "r+b", buffering=0) as file:  # in one go: it is read at any time
            file.write(f"{offset} 1\n".ljust(63).encode())

    def begin(self, to):
        self.set_time(to)
        self.start_with(DAILY)
        self.alerts.forget()

    def test_levels_of_each_day(self):
        noon = (int(time.time()) // DAY + 2) * DAY + DAY // 2
        self.begin(noon)
        for day in range(3):
            self.set_time(noon + day * DAY)
            wait_for(lambda: self.plan()["PeriodStart"] == noon - DAY // 2 + day * DAY, "the day")
            self.alerts.forget()
            self.move(rx=60 * MB)
            self.move(rx=45 * MB)
            self.alerts.wait("day-cap")
            self.assertEqual(self.alerts.raised("level", "day-cap"),
                             [("level", 50), ("level", 80), ("day-cap", 0)])
            self.assertEqual(self.plan()["State"], "throttled")
            self.assertEqual(self.plan()["LiftsAt"], noon + DAY // 2 + day * DAY)
            self.restart()
            self.settle()
            self.assertEqual(len(self.alerts.raised("level", "day-cap")), 3)

    def test_midnight_passes(self):
        """The timer wakes us: what came before midnight is the old day's, and its cap is lifted."""
        midnight = (int(time.time()) // DAY + 2) * DAY
        self.begin(midnight - 6)
        self.move(rx=110 * MB)
        capped = self.alerts.wait("day-cap")
        self.alerts.wait("lifted", timeout=20)
        self.assertIn(capped[3], self.alerts.cleared())
        self.move(rx=7 * MB)
        self.assertEqual(self.figures(), ("ok", 7 * MB, 93 * MB))
        periods = self.plan_call("GetPeriods", "(tt)", midnight - DAY, 0)
        self.assertEqual([(p["PeriodStart"], p["UsedBytes"], p["OverBytes"]) for p in periods],
                         [(midnight - DAY, 100 * MB, 10 * MB), (midnight, 7 * MB, 0)])
        self.restart()
        wait_for(lambda: self.figures() == ("ok", 7 * MB, 93 * MB), "the same figures")


if __name__ == "__main__":
    harness.main()
