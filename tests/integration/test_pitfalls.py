#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong with the counters of modems, a test each, by the pitfall's name.

Seen in other programs' bug reports and sources: vnstat's, OpenWrt's, ModemManager's, EVE's, device-os'.
"""

import pathlib
import random
import signal
import time

import harness
from harness import TestCase, card, plus, wait_for

A = "8981100000000007719"
B = "8981100000000008810"
FOUR_GIB = 1 << 32
MOST_ON_THEIR_WAY = 12

# Else the kernel greets other stations by itself when a link comes up.
QUIET = pathlib.Path("/proc/sys/net/ipv6/conf/default/disable_ipv6")


class Pitfalls(TestCase):
    asks_statistics = "0x01/0x0024"
    asks_connection = ("0x01/0x0022", 2)  # and how often at the start
    statistics = ("WDS", 0x24)  # the message that asks for the modem's own figures
    own_source = "session"  # the modem's own counter, where it is believed

    def begin(self, link=True, **more):
        """A modem that is connected, and the daemon that knows; without a link, its word is all."""
        w = self.world
        w.add_modem(card(A), link=link, **more)
        if not link:
            w.ports = [port.split("@")[0] for port in w.ports]
        w.start_daemon()
        self.path = w.present(A[-4:])
        self.moved = (0, 0)
        self.wait_told()
        asked = self.statistics_asked()
        self.connect()
        # Its counter and the link's are compared from here on.
        wait_for(lambda: self.statistics_asked() > asked, "the session to be asked about")
        self.wait_heard()

    def asked_connection(self):
        return self.world.sim("state")["requests"].get(self.asks_connection[0], 0)

    def wait_told(self, asked=0):
        """Until the daemon, which had asked so often before, knows that no session runs: the next
        one would be taken for one that ran before."""
        asked += self.asks_connection[1]
        wait_for(lambda: self.asked_connection() >= asked, "all to be asked")
        self.wait_heard()

    def wait_heard(self):
        """Until the daemon has heard what the modem has said so far: it comes in order."""
        w, name = self.world, f"Heard at {time.monotonic()}"
        w.sim("roam", plmn="44010", name=name, roaming=False)
        wait_for(lambda: w.get(self.path, "Sim", "NetworkName") == name, "all to be heard")

    def begin_compared(self):
        """The same, and the modem has told what its link has."""
        self.begin()
        self.wait_asked()  # what moves before that may be missing in the modem's first figure
        self.move(3_000_000, 300_000)
        self.expect_all()
        self.wait_asked()

    def lose_link(self):
        self.world.sim("remove_link")
        wait_for(lambda: self.modem("Links") == [], "the link to be gone")

    def connect(self, *families):
        self.world.sim("connect", families=list(families or (4,)))
        self.world.wait_state("connected")

    def disconnect(self):
        self.world.sim("disconnect")
        self.world.wait_state("disconnected")

    def move(self, rx, tx=0, **more):
        self.world.sim("move", rx=rx, tx=tx, **more)
        self.moved = plus(self.moved, (rx, tx))

    def expect_all(self):
        self.world.expect_bytes(self.path, self.moved)
        self.assertEqual(self.world.unassigned(), (0, 0))

    def modem(self, name):
        return self.world.get(self.world.modem_path(), "Modem", name)

    def wait_asked(self):
        """Until the modem has told what it has counted by now."""
        w, before = self.world, self.statistics_asked()
        # The second question is asked after the first was answered.
        wait_for(lambda: w.bytes_of(self.path) and self.statistics_asked() >= before + 2,
                 "the modem to be asked")

    def statistics_asked(self):
        return self.world.sim("state")["requests"].get(self.asks_statistics, 0)

    def expect_source(self, source):
        wait_for(lambda: self.modem("Source") == source, f"the {source}'s counter to be believed")

    def test_session_counters_begin_again_with_each_session(self):
        """A session that ends higher, lower, or at the same figure as the one before; also while
        nobody looked."""
        self.begin()
        for rx in (3_000_000, 7_000_000, 7_000_000, 1_500_000, 2_500_000):
            self.connect()
            self.move(rx, rx // 10, kernel=False)
            self.expect_all()
            self.disconnect()
            self.expect_all()
        self.expect_source(self.own_source)
        self.connect()
        self.move(2_000_000, kernel=False)
        self.expect_all()
        self.world.stop_daemon(signal.SIGKILL)
        self.move(1_000_000, kernel=False)
        self.world.start_daemon()
        self.expect_all()

    def test_session_that_follows_at_once(self):
        """The modem has not yet told what the one before has carried when the next one begins, and
        we are killed."""
        w = self.world
        self.begin(link=False)
        self.wait_asked()
        self.move(3_000_000, 300_000, kernel=False)
        self.expect_all()
        w.sim("delay", seconds=1)
        asked = self.statistics_asked()
        w.sim("disconnect")
        w.sim("connect")
        wait_for(lambda: self.statistics_asked() >= asked + 2, "both to be told")
        w.stop_daemon(signal.SIGKILL)
        w.sim("delay", seconds=0)
        self.move(1_000_000, 10_000, kernel=False)
        w.start_daemon()
        self.expect_all()

    def test_counter_of_the_ipv4_session_alone(self):
        """One vendor's counts nothing of IPv6: the link does, and that the two differ is told."""
        self.begin()
        self.connect(4, 6)
        for _ in range(3):
            self.move(3_000_000, 200_000, family=6, session=False)
            self.move(1_000_000, 100_000, family=4)
            self.wait_asked()
            self.expect_all()
        wait_for(lambda: self.modem("CounterDispute"), "the difference to be told")
        self.assertEqual(self.modem("Source"), "link")
        self.disconnect()
        self.expect_all()

    def test_reset_at_power_cycle(self):
        """The modem begins anew, and its link with it; what its counter shows then is new."""
        self.begin(link=False)
        for rx in (4_000_000, 5_000_000, 1_000_000):
            self.move(rx, 10_000, kernel=False)
            self.expect_all()
            self.world.sim("unplug", link=False)
            self.world.wait_state("absent")
            asked = self.asked_connection()
            self.world.sim("plug", link=False)
            self.wait_told(asked)
            self.connect()
        self.expect_all()

    def test_reset_that_is_told_later(self):
        """The counter is at zero before the session's end is heard of: nothing is counted twice, and
        what the link has carried is all there."""
        w = self.world
        self.begin()
        for _ in range(3):
            self.move(2_000_000, 100_000)
            self.expect_all()
            w.sim("delay", seconds=0.3)
            w.sim("set_counters", rx=0, tx=0)
            self.move(1_000_000, 50_000)
            w.bytes_of(self.path)  # makes it ask, and be answered of the new life first
            w.sim("disconnect")
            w.sim("connect")
            self.move(300_000, 7_000)
            self.expect_all()
            w.sim("delay", seconds=0)
            w.wait_state("connected")
        self.expect_all()

    def test_reset_in_the_middle_of_a_session(self):
        """The link has it all."""
        w = self.world
        self.begin()
        self.move(6_000_000, 600_000)
        self.expect_all()
        w.sim("set_counters", rx=0, tx=0)
        self.move(2_000_000, 200_000)
        self.expect_all()
        self.disconnect()
        self.expect_all()
        self.assertEqual(self.modem("Source"), "link")

    def test_reset_in_the_middle_of_a_session_without_a_link(self):
        """Counting goes on from what a second answer agrees with: what the modem forgot is known to
        nobody, and not made up."""
        w = self.world
        self.begin(link=False)
        self.move(6_000_000, 600_000, kernel=False)
        self.expect_all()
        w.sim("set_counters", rx=2_000_000, tx=200_000)
        wait_for(lambda: w.bytes_of(self.path) and "was set anew" in w.log(), "a second answer")
        self.expect_all()
        self.move(5_000, 50, kernel=False)
        self.expect_all()

    def test_guessed_wrap_of_32_bits(self):
        """A figure that went down is no wrap: no four gibibytes from nowhere."""
        self.begin(link=False)
        self.move(5_000_000, 500_000, kernel=False)
        self.expect_all()
        for rx, tx in ((FOUR_GIB - 1000, FOUR_GIB - 1000), (1000, 1000), (FOUR_GIB + 5, 3), (0, 0)):
            self.world.sim("set_counters", rx=rx, tx=tx)
            for _ in range(3):
                self.world.bytes_of(self.path)
            self.world.sim("move", rx=10, tx=1, kernel=False)
            self.world.bytes_of(self.path)
        self.disconnect()
        rx, tx = self.world.bytes_of(self.path)
        self.assertLess(rx, FOUR_GIB // 2)
        self.assertLess(tx, FOUR_GIB // 2)
        self.assertGreaterEqual(rx, 5_000_000)

    def test_past_32_bits(self):
        """And where more than that was carried indeed, it is all there."""
        self.begin()
        for _ in range(3):
            # Faster than any modem is not believed at once.
            self.move(1_900_000_000, 100_000)
            self.expect_all()
        self.assertGreater(self.moved[0], FOUR_GIB)

    def test_kernel_misses_offloaded_traffic(self):
        """The kernel sees a part of it: the modem's counter is believed, and nothing is added."""
        self.begin_compared()  # a comparison of its own: the modem saw what the link saw
        self.move(5_000_000, 1_000_000, kernel=False)
        self.expect_all()
        self.expect_source(self.own_source)
        self.move(300_000, 30_000)  # a connection's first packets pass the kernel
        self.move(4_000_000, 1_000, kernel=False)
        self.expect_all()
        self.world.sim("disconnect")
        self.expect_all()

    def test_kernel_counters_stay_at_zero(self):
        """Some drivers count nothing at all; also across restarts and sessions."""
        w = self.world
        self.begin()
        for sig in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
            self.connect()
            self.move(3_000_000, 40_000, kernel=False)
            self.expect_all()
            self.expect_source(self.own_source)
            w.stop_daemon(sig)
            self.move(1_500_000, 20_000, kernel=False)
            w.start_daemon()
            w.present(A[-4:])
            self.expect_all()
            self.disconnect()
        self.assertEqual(w.kernel(), (0, 0))
        self.expect_all()

    def test_no_final_reading_at_disconnect(self):
        """What moved last before the end is counted."""
        self.begin()
        self.sessions_end(kernel=True)

    def test_no_final_reading_at_disconnect_without_a_link(self):
        """The modem tells of the last call, or goes on counting."""
        self.begin(link=False)
        self.sessions_end(kernel=False)

    def sessions_end(self, kernel):
        for n in range(5):
            self.connect()
            self.expect_all()
            self.move(1_000_000 + n, 2_000, kernel=kernel)
            self.disconnect()
            self.expect_all()

    def test_figures_gone_with_the_session(self):
        """Nothing is left of it in the modem, with the power gone: what was counted stays."""
        w = self.world
        self.begin()
        self.move(8_000_000, 900_000)
        self.expect_all()
        w.sim("unplug")
        w.wait_state("absent")
        self.expect_all()
        w.stop_daemon(signal.SIGKILL)
        w.start_daemon()
        self.expect_all()
        rows = w.call(self.path, "org.simtally1.Sim", "GetHistory", "(stts)", "day", 0, 0, "UTC")
        self.assertEqual((sum(r[1] + r[3] for r in rows), sum(r[2] + r[4] for r in rows)),
                         self.moved)

    def test_ended_before_the_modem_answers(self):
        """Its counter was believed; then the link was, for it did not answer: that is not charged
        again once it does."""
        self.begin()
        w = self.world
        self.move(3_000_000, 300_000, kernel=False)
        self.expect_all()
        w.stop_daemon()
        self.deafen()
        w.start_daemon()
        w.present(A[-4:])
        self.move(100_000, 10_000)
        self.expect_all()
        w.stop_daemon()
        self.hear()
        w.start_daemon()
        w.present(A[-4:])
        self.wait_asked()
        self.expect_all()
        self.move(200_000, 20_000)
        self.expect_all()

    def test_sim_changes_while_the_modem_answers(self):
        """What the link has told already is not told anew by an answer that comes late."""
        w = self.world
        self.begin_compared()
        self.delay(2)
        self.wait_on_its_way()
        self.move(400_000, 40_000)
        self.expect_all()
        w.sim("swap", card=card(B), disconnect=False)
        b = w.present(B[-4:])
        self.delay(0)
        self.wait_asked()  # after the late answer
        self.lose_link()
        self.wait_asked()
        self.expect_all()
        self.assertEqual(w.bytes_of(b), (0, 0))

    def test_figures_gone_before_the_end_is_told(self):
        """They come with the end, when the link has long told the same: that is no sign that it does
        not count."""
        self.begin()
        w = self.world
        self.wait_asked()  # no answer is on its way, which would be late as well
        self.move(3_000_000, 300_000)
        w.sim("delay", seconds=5)
        w.sim("disconnect")
        w.sim("delay", seconds=0)
        self.wait_asked()
        self.assertEqual(self.modem("State"), "connected", "nothing was told yet")
        w.wait_state("disconnected")
        self.connect()
        self.wait_asked()
        self.assertEqual(self.modem("Source"), "link")
        self.expect_all()

    def test_burst_while_the_modem_answers(self):
        """The link has told of it, and the modem's answer is older; the next one shows it, and
        nothing has moved on the link since: that is no sign that it does not count."""
        self.begin_compared()
        self.delay(2)
        self.wait_on_its_way()
        self.move(2_000_000, 200_000)
        self.expect_all()
        self.delay(0)
        self.wait_asked()
        self.assertFalse(self.modem("CounterDispute"))
        self.assertEqual(self.modem("Source"), "link")
        self.expect_all()

    def test_sim_changes_and_the_modem_does_not_answer(self):
        """Once it does, its figures are those of both SIMs, and the first one's were charged."""
        w = self.world
        self.begin_compared()
        self.deafen()
        self.move(400_000, 40_000)
        self.expect_all()
        w.sim("swap", card=card(B), disconnect=False)
        b = w.present(B[-4:])
        self.wait_asked()
        self.hear()
        self.wait_asked()
        self.lose_link()
        self.wait_asked()
        self.expect_all()
        self.assertEqual(w.bytes_of(b), (0, 0))

    def test_sim_changes_before_the_session_is_told(self):
        """What it has carried before was charged on the link's word, to whomever."""
        self.begin()
        w = self.world
        self.disconnect()
        self.expect_all()
        w.sim("delay", seconds=6)
        w.sim("connect")
        w.sim("delay", seconds=0)
        self.move(400_000, 40_000)
        self.expect_all()
        w.sim("swap", disconnect=False)
        w.wait_state("no-sim")
        self.move(100_000, 10_000)
        w.unassigned()
        w.sim("swap", card=card(B), disconnect=False)
        b = w.present(B[-4:])
        until = time.monotonic() + 1.5  # it asks no more often than once a second
        wait_for(lambda: time.monotonic() >= until, "it to ask again")
        w.sim("report", rx=12_345, tx=678)
        w.bytes_of(b)
        self.assertEqual(self.modem("State"), "disconnected", "nothing was told yet")
        w.wait_state("connected")
        self.wait_asked()
        self.lose_link()
        self.wait_asked()
        self.assertEqual(plus(w.bytes_of(self.path), w.bytes_of(b), w.unassigned()), self.moved)

    def test_port_returns_and_the_link_does_not(self):
        """The modem's own counter is all there is, before and after: it is charged from where it is
        taken up again."""
        w = self.world
        self.begin_compared()
        self.lose_link()
        self.move(500_000, 50_000, kernel=False)
        self.expect_all()
        w.sim("unplug", link=False, power=False)
        w.wait_state("absent")
        w.sim("plug", link=False)
        w.wait_state("connected")
        self.wait_asked()
        self.move(400_000, 40_000, kernel=False)
        self.expect_all()

    def delay(self, seconds):
        service, message = self.statistics
        self.world.sim("delay", service=service, message=message, seconds=seconds)

    def wait_on_its_way(self):
        """Until the modem has been asked, and its answer is late."""
        before = self.statistics_asked()
        wait_for(lambda: self.world.bytes_of(self.path) and self.statistics_asked() > before,
                 "the modem to be asked")

    def deafen(self, code=2):
        service, message = self.statistics
        self.world.sim("error", service=service, message=message, code=code)

    def hear(self):
        service, message = self.statistics
        self.world.sim("error", service=service, message=message, code=0)

    def test_client_ids_leak_when_the_modem_is_slow(self):
        """They are given back at the end, whether or not it says so in time."""
        self.begin()
        w = self.world
        wait_for(lambda: len(w.sim("state")["clients"]) == 5, "the client ids")
        w.sim("delay", seconds=1.5)
        w.stop_daemon()
        w.sim("delay", seconds=0)
        wait_for(lambda: not w.sim("state")["clients"], "them to be given back")

    def test_client_ids_leak_when_a_client_is_killed(self):
        """A modem with ten for each service, and a client that is killed far more often than that, at
        whatever it does: while it is born, too."""
        w, source = self.world, random.Random(7)
        w.add_modem(card(A))
        w.sim("client_ids", most=10)
        for n in range(60):
            w.start_daemon(wait=False)
            if n % 4 == 0:
                w.present(A[-4:])
            until = time.monotonic() + source.uniform(0, 0.1)
            wait_for(lambda: time.monotonic() >= until, "some instant")  # noqa: B023
            w.stop_daemon(signal.SIGKILL)
        asked = self.asked_connection()
        w.start_daemon()
        self.path, self.moved = w.present(A[-4:]), (0, 0)
        self.wait_told(asked)
        self.connect()
        self.move(1_500_000, kernel=False)
        self.expect_all()
        # An id that was on its way to us when we were killed is known to nobody.
        wait_for(lambda: 5 <= len(w.sim("state")["clients"]) <= 5 + MOST_ON_THEIR_WAY,
                 "the others to be given back")
        # No file for each kill either: the list, and one that was about to take its place.
        self.assertLessEqual(len(list(w.state.glob("clients-*"))), 2)


class MbimPitfalls(Pitfalls):
    """With a modem whose own counter is the device's."""

    protocol = "mbim"
    own_source = "device"
    asks_statistics = "basic/20"
    asks_connection = ("basic/12", 8)
    statistics = ("basic", 20)

    test_counter_of_the_ipv4_session_alone = None          # QMI's sessions are of one family
    test_client_ids_leak_when_a_client_is_killed = None    # MBIM knows none
    test_client_ids_leak_when_the_modem_is_slow = None
    test_reset_that_is_told_later = None                   # its sessions have no counters

    def test_statistics_refused(self):
        """Sierra's EM7345 answers OperationNotAllowed: the link is all there is."""
        self.statistics_that_say_nothing(code=28)

    def test_statistics_always_zero(self):
        """Fibocom's FM350: zero is not believed where the link moves."""
        QUIET.write_text("1")
        self.addCleanup(QUIET.write_text, "0")
        self.statistics_that_say_nothing()

    def statistics_that_say_nothing(self, code=0):
        w = self.world
        w.add_modem(card(A))
        w.sim("error", service="basic", message=20, code=code)
        w.start_daemon()
        self.path, self.moved = w.present(A[-4:]), (0, 0)
        self.connect()
        for sig in (None, signal.SIGTERM, signal.SIGKILL):
            if sig:
                w.stop_daemon(sig)
                w.start_daemon()
                w.present(A[-4:])
            self.move(5_000_000, 600_000, session=False)
            self.expect_all()
            self.wait_asked()
            self.expect_all()
            self.assertEqual((self.modem("Source"), self.modem("CounterDispute")), ("link", False))


if __name__ == "__main__":
    harness.main()
