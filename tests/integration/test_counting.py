#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The main job: every byte of the link goes to the SIM that carried it, once."""

import os
import random
import signal
import unittest

import harness
from harness import World, card, wait_for

A = "8981100000000007719"
B = "8981100000000008810"
C = "89811000000000055128"
ZONES = ("UTC", "Asia/Tokyo", "Asia/Kathmandu", "-03:30")
SLICES = ("15min", "hour", "day", "week", "month", "year")


def minus(a, b):
    return tuple(x - y for x, y in zip(a, b))


def plus(*pairs):
    return tuple(sum(x) for x in zip(*pairs))


class Counting(unittest.TestCase):
    protocol = "qmi"
    proves_sessions = True      # the modem counts each session, which shows whose bytes they were
    statistics = ("WDS", 0x24)  # the message that asks for the modem's own figures

    def setUp(self):
        self.world = self.enterContext(World(protocol=self.protocol))
        self.random = random.Random(20261124)

    def session(self, megabytes, families=(4,)):
        """One session: connect, move, disconnect. Returns what the link carried in it."""
        w = self.world
        before = w.kernel()
        w.sim("connect", families=list(families))
        w.wait_state("connected")
        for _ in range(4):
            w.sim("move", rx=self.random.randint(0, megabytes * 400_000),
                  tx=self.random.randint(0, megabytes * 100_000))
        w.sim("disconnect")
        w.wait_state("disconnected")
        return minus(w.kernel(), before)

    def test_sessions_and_swaps(self):
        """200 MB over 5 sessions and 3 swaps: with the link kept up, with a new link, and while the
        daemon is down."""
        w = self.world
        carried = {A: (0, 0), B: (0, 0), C: (0, 0)}
        w.add_modem(card(A))
        w.start_daemon()
        w.present("7719")
        carried[A] = plus(self.session(40), self.session(20, families=(4, 6)))

        w.sim("swap", card=card(B))  # the link stays
        w.present("8810")
        carried[B] = self.session(60)

        w.sim("unplug")
        w.wait_state("absent")
        w.sim("swap", card=card(C))
        w.sim("plug")
        w.present("5128")
        carried[C] = self.session(40)

        w.stop_daemon()
        w.sim("swap", card=card(A, operator="Other"))
        before = w.kernel()
        w.sim("connect")
        w.sim("move", rx=11_000_000, tx=3_000_000)  # proven by the session's own counter
        w.start_daemon()
        w.present("7719")
        unknown = (0, 0) if self.proves_sessions else (11_000_000, 3_000_000)
        wait_for(lambda: w.unassigned() == unknown, "what nobody can know")
        w.sim("move", rx=9_000_000, tx=1_000_000)
        if self.proves_sessions:
            carried[A] = plus(carried[A], minus(w.kernel(), before))
        else:
            carried[A] = plus(carried[A], (9_000_000, 1_000_000))

        for iccid, wanted in carried.items():
            w.expect_bytes(w.find(iccid[-4:]), wanted)
        self.assertEqual(w.unassigned(), unknown)
        self.assertGreater(sum(map(sum, carried.values())), 100_000_000)
        self.check_history()

    def test_swap_under_a_session_is_no_dispute(self):
        """The modem says no last word of the session; the next one's figures stand for themselves."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        for iccid, rx in ((A, 30_000_000), (B, 40_000_000)):
            w.sim("swap", card=card(iccid))
            path = w.present(iccid[-4:])
            w.sim("connect")
            w.wait_state("connected")
            w.sim("move", rx=rx)
            w.expect_bytes(path, (rx, 0))
            # The link was read just now, the modem's counter was not.
            self.assertFalse(w.get(w.modem_path(), "Modem", "CounterDispute"))
        w.sim("disconnect")
        wait_for(lambda: len(w.ledger("SELECT id FROM counter WHERE epoch LIKE 'modem:%' "
                                      "AND ended > 0")) == 2, "both sessions' last words")
        self.assertFalse(w.get(w.modem_path(), "Modem", "CounterDispute"))
        self.assertEqual(w.get(w.modem_path(), "Modem", "Source"), "link")
        self.assertEqual(w.bytes_of(w.find("7719")), (30_000_000, 0))

    def check_history(self):
        w = self.world
        for path in w.sim_paths():
            wanted = w.bytes_of(path)
            for zone in ZONES:
                for unit in SLICES:
                    rows = w.call(path, "org.simtally1.Sim", "GetHistory", "(stts)", unit, 0, 0,
                                  zone)
                    self.assertEqual((sum(r[1] + r[3] for r in rows),
                                      sum(r[2] + r[4] for r in rows)), wanted)

    def test_swap_while_down_leaves_what_cannot_be_known(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        first = self.session(10)
        w.stop_daemon()
        w.sim("connect")
        w.sim("move", rx=2_000_000, tx=500_000)  # A's, but nobody can know
        w.sim("swap", card=card(B))
        w.sim("connect")
        w.sim("move", rx=700_000, tx=60_000)     # B's, as its session shows
        w.start_daemon()
        w.expect_bytes(w.present("8810"), (700_000, 60_000))
        self.assertEqual(w.bytes_of(path), first)
        self.assertEqual(w.unassigned(), (2_000_000, 500_000))

        modem = w.modem_path()
        w.call(modem, "org.simtally1.Modem", "AssignTo", "(ott)", path, 0, 0)
        self.assertEqual(w.bytes_of(path), plus(first, (2_000_000, 500_000)))
        self.assertEqual(w.unassigned(), (0, 0))
        other = w.find("8810")  # they were taken for the wrong one's
        w.call(modem, "org.simtally1.Modem", "AssignTo", "(ott)", other, 0, 0)
        self.assertEqual(w.bytes_of(path), first)
        self.assertEqual(w.bytes_of(other), (2_700_000, 560_000))
        self.assertEqual(w.unassigned(), (0, 0))
        w.call(modem, "org.simtally1.Modem", "AssignTo", "(ott)", "/", 0, 0)
        self.assertEqual(w.bytes_of(path), first)
        self.assertEqual(w.unassigned(), (2_000_000, 500_000))
        self.assertEqual(w.bytes_of(w.find("8810")), (700_000, 60_000))

    def test_swap_while_down_and_a_late_answer(self):
        """What moves while the modem is asked is the present SIM's, as its session shows next."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        first = self.session(10)
        w.stop_daemon()
        w.sim("swap", card=card(B))
        w.sim("connect")
        before = w.kernel()
        w.sim("move", rx=3_000_000, tx=400_000)
        asked = self.statistics_asked()
        w.sim("delay", service="WDS", message=0x24, seconds=1)
        w.start_daemon()
        w.present("8810")
        wait_for(lambda: self.statistics_asked() == asked + 2, "the question that decides")
        w.sim("move", rx=2_000_000, tx=300_000)  # the modem's answer is on its way
        w.expect_bytes(w.find("8810"), minus(w.kernel(), before))
        self.assertEqual(w.bytes_of(path), first)
        self.assertEqual(w.unassigned(), (0, 0))

    def statistics_asked(self):
        return self.world.sim("state")["requests"].get("0x01/0x0024", 0)

    def test_same_sim_again_while_down(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.sim("move", rx=1_000_000, tx=100_000)
        w.expect_bytes(path, (1_000_000, 100_000))
        w.stop_daemon()
        w.sim("move", rx=5_000_000, tx=1_000_000)
        w.start_daemon()
        w.present("7719")
        w.expect_bytes(path, w.kernel())
        self.assertEqual(w.unassigned(), (0, 0))

    def test_reports_of_19_and_20_digits_are_one_sim(self):
        w = self.world
        w.add_modem(card(C))
        w.start_daemon()
        path = w.present("5128")
        w.sim("swap", card=card(C[:19]))
        wait_for(lambda: w.get(path, "Sim", "Present"), "the SIM again")
        self.assertEqual(w.sim_paths(), [path])

    def test_stop_and_start_adds_nothing(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.sim("move", rx=3_000_000, tx=1_000_000)
        w.expect_bytes(path, (3_000_000, 1_000_000))
        for _ in range(3):
            w.stop_daemon()
            w.start_daemon()
            self.assertEqual(w.present("7719"), path)
            self.assertEqual(w.bytes_of(path), (3_000_000, 1_000_000))
        self.assertEqual(w.sim("state")["violations"], [])

    def test_killed_under_traffic(self):
        """kill -9 at random instants: nothing is lost, nothing is doubled."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.sim("traffic", rx=20_000_000, tx=5_000_000)
        for _ in range(25):
            reached = sum(w.kernel()) + self.random.randint(0, 4_000_000)
            wait_for(lambda: sum(w.kernel()) >= reached, "traffic")
            if self.random.random() < 0.5:
                w.get_all(path, "Sim")
            w.stop_daemon(signal.SIGKILL)
            w.start_daemon()
        w.sim("traffic")
        w.present("7719")
        w.expect_bytes(path, w.kernel())
        self.assertEqual(w.unassigned(), (0, 0))
        self.assertEqual(w.ledger("PRAGMA integrity_check"), [("ok",)])

    def test_link_deleted_between_two_readings(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        total = (0, 0)
        for _ in range(5):
            w.sim("connect")
            w.sim("move", rx=self.random.randint(1, 5_000_000), tx=self.random.randint(1, 900_000))
            total = plus(total, w.kernel())
            w.sim("remove_link")
            w.sim("disconnect")
            w.expect_bytes(path, total)
            w.sim("add_link")
        self.assertEqual(w.unassigned(), (0, 0))

    def test_unplugged_under_traffic(self):
        """The port and the link go at once, in either order, and come back, also with another SIM."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        a = w.present("7719")
        total = {A: (0, 0), B: (0, 0)}
        for i in range(6):
            iccid = (A, B)[i % 2]
            path = w.present(iccid[-4:])
            w.sim("connect")
            w.wait_state("connected")
            w.sim("move", rx=self.random.randint(1, 3_000_000), tx=self.random.randint(1, 500_000))
            total[iccid] = plus(total[iccid], w.kernel())
            w.sim("unplug")
            w.wait_state("absent")
            w.sim("swap", card=card((B, A)[i % 2]))
            w.sim("plug")
            w.expect_bytes(path, total[iccid])
        self.assertEqual(w.bytes_of(a), total[A])
        self.assertEqual(w.unassigned(), (0, 0))

    def test_unplugged_after_a_kill(self):
        """A session that was cut off with its link says nothing about the next one's counters."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=10_000)
        total = w.kernel()
        w.sim("unplug")
        w.wait_state("absent")
        w.stop_daemon(signal.SIGKILL)
        w.sim("plug")
        w.sim("connect")
        w.sim("move", rx=700_000, tx=7_000)
        w.start_daemon()
        w.present("7719")
        w.wait_state("connected")
        w.expect_bytes(path, plus(total, w.kernel()))
        w.sim("move", rx=2_000_000, tx=20_000)
        total = plus(total, w.kernel())
        w.sim("unplug")
        w.wait_state("absent")
        w.expect_bytes(path, total)

    def test_first_reading_is_a_baseline(self):
        w = self.world
        w.add_modem(card(A))
        w.sim("connect")
        w.sim("move", rx=8_000_000, tx=2_000_000)
        w.start_daemon()
        path = w.present("7719")
        self.assertEqual(w.bytes_of(path), (0, 0))
        w.sim("move", rx=1_000, tx=100)
        w.expect_bytes(path, (1_000, 100))
        self.assertEqual(w.unassigned(), (0, 0))

    def test_link_that_came_while_down_is_charged_in_full(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        first = self.session(5)
        w.stop_daemon()
        w.sim("unplug")
        w.sim("plug")
        w.sim("connect")
        w.sim("move", rx=4_000_000, tx=50_000)
        w.start_daemon()
        w.present("7719")
        w.expect_bytes(path, plus(first, w.kernel()))

    def test_roaming_splits_the_history(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.sim("move", rx=1_000_000, tx=10_000)
        w.sim("roam", plmn="45005", name="SK Telecom")
        wait_for(lambda: w.get(path, "Sim", "Roaming"), "roaming")
        self.assertEqual(w.get(path, "Sim", "NetworkPlmn"), "45005")
        w.sim("move", rx=300_000, tx=2_000)
        w.expect_bytes(path, (1_300_000, 12_000))
        rows = w.call(path, "org.simtally1.Sim", "GetHistory", "(stts)", "year", 0, 0, "UTC")
        self.assertEqual(tuple(rows[0][1:]), (1_000_000, 10_000, 300_000, 2_000))
        w.stop_daemon()
        self.assertEqual([r[:2] for r in w.ledger("SELECT plmn, roaming FROM visit")],
                         [("44010", 0), ("45005", 1)])

    def test_partners_at_home_are_not_abroad(self):
        """The countries decide, not what the modem says of roaming: in either direction."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        wait_for(lambda: w.get(path, "Sim", "HomePlmn") == "44010", "its home")
        w.sim("connect")
        for plmn, roaming, abroad in (("44020", True, False), ("44101", True, False),
                                      ("45005", False, True), ("44010", True, False)):
            w.sim("roam", plmn=plmn, roaming=roaming)
            wait_for(lambda: w.get(path, "Sim", "NetworkPlmn") == plmn, "the network")  # noqa: B023
            self.assertEqual(w.get(path, "Sim", "Roaming"), abroad, plmn)
            w.sim("move", rx=1000)
            w.expect_bytes(path, w.kernel())
        rows = w.call(path, "org.simtally1.Sim", "GetHistory", "(stts)", "year", 0, 0, "UTC")
        self.assertEqual(tuple(rows[0][1:]), (3000, 0, 1000, 0))
        w.stop_daemon()
        self.assertEqual([r[0] for r in w.ledger("SELECT plmn FROM visit WHERE roaming")],
                         ["45005"])

    def test_pushed_figures_are_not_booked(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        wait_for(lambda: w.sim("state")["reports"], "event reports to be asked for")
        w.sim("report", rx=1 << 40, tx=1 << 40)
        w.sim("move", rx=1_000, tx=1_000)
        w.expect_bytes(path, (1_000, 1_000))

    def test_no_sim_and_back(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        w.sim("swap")
        w.wait_state("no-sim")
        self.assertFalse(w.get(path, "Sim", "Present"))
        self.assertEqual(w.get(path, "Sim", "Modem"), "/")
        w.sim("move", rx=1_000, tx=10)
        wait_for(lambda: w.unassigned() == (1_000, 10), "unassigned bytes")
        w.sim("swap", card=card(A))
        w.present("7719")
        w.expect_bytes(path, (1_000, 10))  # the same before and after
        self.assertEqual(w.unassigned(), (0, 0))

    def test_old_modem_without_slot_status(self):
        w = self.world
        w.add_modem(card(A))
        w.sim("slot_status", supported=False)
        w.start_daemon()
        w.present("7719")
        if self.protocol == "qmi":
            w.sim("error", service="UIM", message=0x20, code=3)
        w.sim("swap", card=card(B))
        w.present("8810")

    def test_two_modems(self):
        w = self.world
        w.add_modem(card(A))
        w.add_modem(card(B, esim=True, eid="89049032004008882600000000000001"))
        w.start_daemon()
        a, b = w.present("7719"), w.present("8810")
        for modem in (0, 1):
            w.sim("connect", modem=modem)
        w.sim("move", modem=0, rx=1_000_000, tx=5)
        w.sim("move", modem=1, rx=2_000_000, tx=7)
        w.expect_bytes(a, (1_000_000, 5))
        w.expect_bytes(b, (2_000_000, 7))
        wait_for(lambda: w.get(b, "Sim", "Kind") == "esim", "the kind of B")
        wait_for(lambda: w.get(a, "Sim", "Kind") == "physical", "the kind of A")

    def test_client_ids_are_released(self):
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        w.present("7719")
        self.assertTrue(w.sim("state")["clients"])
        w.stop_daemon()
        self.assertEqual(w.sim("state")["clients"], [])

    def test_client_ids_of_a_killed_daemon_are_given_back(self):
        """But never once they may be another's: the proxy or the port has begun anew."""
        w = self.world
        w.add_modem(card(A))
        for _ in range(5):
            w.start_daemon()
            path = w.present("7719")
            w.sim("connect")
            w.wait_state("connected")
            w.sim("move", rx=100_000)
            w.expect_bytes(path, w.kernel())
            self.assertEqual(len(w.sim("state")["clients"]), 5)
            w.stop_daemon(signal.SIGKILL)
        self.assertEqual(len(w.sim("state")["clients"]), 5)

        for pid in w.proxies():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not w.proxies(), "the end of the proxy")
        w.sim("forget")
        w.start_daemon()
        w.present("7719")
        self.assertEqual(w.sim("state")["requests"].get("0x00/0x0023", 0), 0)
        w.stop_daemon()
        self.assertEqual(list(w.state.glob("clients-*")), [])


class MbimCounting(Counting):
    """The same with a modem whose own figures are of all sessions together."""

    protocol = "mbim"
    proves_sessions = False
    statistics = ("basic", 20)

    # What there is in QMI alone: figures of each session, figures that are pushed, client ids.
    test_swap_under_a_session_is_no_dispute = None
    test_swap_while_down_leaves_what_cannot_be_known = None
    test_swap_while_down_and_a_late_answer = None
    test_pushed_figures_are_not_booked = None
    test_client_ids_are_released = None
    test_client_ids_of_a_killed_daemon_are_given_back = None

    def test_swap_while_down(self):
        """What moved since we stopped may be of either SIM, and nothing shows of which."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        path = w.present("7719")
        first = self.session(10)
        w.stop_daemon()
        w.sim("connect")
        w.sim("move", rx=2_000_000, tx=500_000)
        w.sim("swap", card=card(B))
        w.sim("connect")
        w.sim("move", rx=700_000, tx=60_000)
        w.start_daemon()
        b = w.present("8810")
        w.sim("move", rx=1_000, tx=10)
        w.expect_bytes(b, (1_000, 10))
        self.assertEqual(w.bytes_of(path), first)
        self.assertEqual(w.unassigned(), (2_700_000, 560_000))

    def test_counter_begins_anew_with_each_connection(self):
        """As some modems have it: where it is believed, nothing is lost or doubled."""
        w = self.world
        w.add_modem(card(A), link=False, begins_anew=True)
        self.without_link()
        w.start_daemon()
        path = w.present("7719")
        total = (0, 0)
        for rx in (3_000_000, 2_000_000, 1_000_000):  # less than before shows it
            w.sim("connect")
            w.wait_state("connected")
            w.sim("move", rx=rx, tx=rx // 10, kernel=False)
            total = plus(total, (rx, rx // 10))
            w.expect_bytes(path, total)
            w.sim("disconnect")
            w.wait_state("disconnected")
        self.assertEqual(w.bytes_of(path), total)

    def without_link(self):
        self.world.ports = [port.split("@")[0] for port in self.world.ports]

    def test_modem_without_a_link(self):
        """Its own figures are all there is; also when it was unplugged meanwhile."""
        w = self.world
        w.add_modem(card(A), link=False)
        self.without_link()
        w.sim("connect")
        w.sim("move", rx=8_000_000, tx=1_000_000, kernel=False)  # before we came
        w.start_daemon()
        path = w.present("7719")
        w.wait_state("connected")
        self.assertEqual(w.get(w.modem_path(), "Modem", "Source"), "device")
        self.assertEqual(w.get(w.modem_path(), "Modem", "Protocol"), "mbim")
        w.sim("move", rx=2_000_000, tx=300_000, kernel=False)
        w.expect_bytes(path, (2_000_000, 300_000))
        w.stop_daemon()
        w.sim("move", rx=500_000, tx=7, kernel=False)
        w.start_daemon()
        w.present("7719")
        w.expect_bytes(path, (2_500_000, 300_007))
        w.sim("unplug")
        w.wait_state("absent")
        w.sim("plug", link=False)
        w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000, tx=1, kernel=False)
        w.expect_bytes(path, (2_501_000, 300_008))

    def test_extensions_switched_by_another_host(self):
        """ModemManager agrees to a version while we are there: from then on messages differ."""
        w = self.world
        w.add_modem(card(A), mbimex=3, slots=2)
        w.start_daemon()
        a = w.present("7719")
        for version in ("2", "3"):
            answer = w.mbimcli(f"--device-open-ms-mbimex-v{version}", "--query-device-caps")
            self.assertEqual(answer.returncode, 0, answer.stderr)
            w.sim("forget")
            w.sim("connect", apn="example")
            w.wait_state("connected")
            before = w.kernel()
            w.sim("move", rx=70_000, tx=6_000)
            w.sim("roam", plmn="45005", name="SK Telecom")
            wait_for(lambda: w.get(a, "Sim", "Roaming"), "roaming")
            w.expect_bytes(a, plus(before, (70_000, 6_000)))
            w.sim("roam", plmn="44010", roaming=False)
            wait_for(lambda: not w.get(a, "Sim", "Roaming"), "home again")
            w.sim("disconnect")
            w.wait_state("disconnected")
        w.sim("swap", card=card(B, esim=True))
        b = w.present("8810")
        w.sim("connect")
        w.sim("move", rx=11, tx=1)
        w.expect_bytes(b, (11, 1))
        wait_for(lambda: w.get(b, "Sim", "Kind") == "esim", "the kind of B")
        w.stop_daemon()
        self.assertIn(("example",), w.ledger("SELECT apn FROM session"))

    def test_access_points_of_sessions_that_follow_at_once(self):
        """The end of the first one and the beginning of the second are told together."""
        w = self.world
        w.add_modem(card(A), mbimex=3)
        w.start_daemon()
        a = w.present("7719")
        answer = w.mbimcli("--device-open-ms-mbimex-v3", "--query-device-caps")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        w.sim("forget")  # what the other host has said
        w.sim("connect", apn="first")
        w.wait_state("connected")
        w.sim("move", rx=70_000, tx=6_000)
        w.expect_bytes(a, w.kernel())
        w.sim("delay", seconds=1)
        w.sim("disconnect")
        w.sim("connect", apn="second")
        w.sim("delay", seconds=0)
        wait_for(lambda: w.ledger("SELECT 1 FROM session WHERE until>0"), "the end of the first")
        w.sim("move", rx=20_000, tx=1_000)
        w.expect_bytes(a, w.kernel())
        w.stop_daemon()
        (first,), (second,) = w.ledger("SELECT apn FROM session ORDER BY id")
        self.assertIn(first, ("first", ""))  # the switch may be noticed after its beginning
        self.assertEqual(second, "second")

    def test_slot_is_changed(self):
        w = self.world
        w.add_modem(card(A), slots=2)
        w.sim("swap", card=card(B, esim=True, imsi="310260000000042", home="310260",
                                operator="Other"), slot=1, disconnect=False)
        w.start_daemon()
        a = w.present("7719")
        wait_for(lambda: w.get(a, "Sim", "Kind") == "physical", "the kind of the card")
        w.sim("slot", slot=1)
        b = w.present("8810")
        wait_for(lambda: w.get(b, "Sim", "Kind") == "esim", "the kind of the other")
        wait_for(lambda: w.get(b, "Sim", "HomePlmn") == "310260", "its home")
        self.assertFalse(w.get(a, "Sim", "Present"))
        w.sim("swap", card=card("", esim=True), slot=1)  # no profile is enabled
        w.wait_state("no-sim")
        w.sim("slot", slot=0)
        w.present("7719")


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
