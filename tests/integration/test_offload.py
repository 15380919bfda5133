#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several sessions with mux ids, and traffic that passes their links by: the modem alone counts it, of
each mux id apart. Each byte is booked once."""

import signal

import harness
from harness import card, plus, wait_for
from test_muxed import OTHER, MuxedCase

BINDS, STATISTICS = "0x01/0x00a2", "0x01/0x0024"
MINE = 5  # client ids without any mux id
EACH = 2  # and for each of these, one for each IP family …
MOST = 2  # … of so many: other programs need some, too


class Offload(MuxedCase):
    def asked(self, what: str) -> int:
        return self.world.sim("state")["requests"].get(what, 0)

    def wait_told(self):
        """Until the modem has told what it has counted by now."""
        before = self.asked(STATISTICS)
        wait_for(lambda: self.world.bytes_of(self.path) and
                 self.asked(STATISTICS) >= before + 2 * EACH * len(self.names),
                 "the modem to be asked")

    def clients(self) -> int:
        return len(self.world.sim("state")["clients"])

    def start(self, *muxes: int):
        """Sessions of these mux ids, and none else."""
        w = self.world
        self.names: dict[int, str] = {}
        w.sim("disconnect", mux=0)
        for mux in muxes:
            self.names[mux] = self.begin(mux)
        wait_for(lambda: self.clients() == MINE + EACH * len(muxes), "the clients")
        self.wait_settled()
        for mux in muxes:
            w.sim("connect", mux=mux)
        self.wait_told()

    def wait_settled(self):
        """All clients have asked how their sessions are."""
        wanted = len(self.names) * EACH
        wait_for(lambda: self.asked("0x01/0x0022") >= wanted + 2, "the clients to be bound")

    def through(self, mux: int, rx: int, tx: int):
        """Over the link, which is not believed to stand still while the modem counts."""
        while rx > 0 or tx > 0:
            part = min(rx, 300_000), min(tx, 300_000)
            self.move_above(self.names[mux], *part, header=0)
            self.world.sim("move", rx=part[0], tx=part[1], mux=mux, kernel=False)
            rx, tx = rx - part[0], tx - part[1]

    def past(self, mux: int, rx: int, tx: int):
        self.world.sim("move", rx=rx, tx=tx, mux=mux, kernel=False)
        self.total = plus(self.total, (rx, tx))

    def source(self) -> str:
        return self.world.get(self.world.modem_path(), "Modem", "Source")

    def test_one_of_two_passes_by(self):
        self.start(1, 2)
        self.through(2, 900_000, 10_000)
        self.expect_all()
        self.past(1, 3_000_000, 40_000)
        self.expect_all()
        self.assertEqual(self.source(), "session")
        self.through(2, 700_001, 3)
        self.past(1, 77, 5)
        self.expect_all()
        self.world.stop_daemon()
        self.assertEqual(self.by_mux(), {1: 3_000_077, 2: 1_600_001})

    def test_past_the_link_and_through_it_in_turn(self):
        self.start(3)
        for turn in range(3):
            self.past(3, 2_000_000 + turn, 30_000)
            self.expect_all()
            self.assertEqual(self.source(), "session")
            for _ in range(2):
                self.through(3, 2_500_000, 60_000 + turn)
                self.expect_all()

    def test_killed_while_it_passes_by(self):
        self.start(1, 2)
        for turn in range(4):
            self.past(1, 3_000_000 + turn, 40_000)
            self.through(2, 80_000, 7)
            self.expect_all()
            self.past(1, 50_000, 600)
            if turn % 2:
                self.expect_all()
            self.restart(signal.SIGKILL if turn % 2 else signal.SIGTERM)
            wait_for(lambda: self.clients() == MINE + 2 * EACH, "the clients")
            self.expect_all()

    def test_the_last_word(self):
        """A session's end tells what nobody has asked for before."""
        w = self.world
        self.start(1)
        self.past(1, 3_000_000, 10)
        self.expect_all()
        for turn in range(3):
            self.past(1, 40_000 + turn, 20)
            w.sim("disconnect", mux=1)
            self.expect_all()
            w.sim("connect", mux=1)
            self.past(1, 60_000 + turn, 20)
            self.expect_all()

    def test_both_ip_families(self):
        w = self.world
        self.start(1)
        w.sim("connect", families=[6], mux=1)
        for family in (6, 4, 6):
            w.sim("move", rx=2_000_000, tx=family, mux=1, family=family, kernel=False)
            self.total = plus(self.total, (2_000_000, family))
            self.expect_all()

    def test_client_ids_are_given_back(self):
        w = self.world
        self.start(1, 2)
        self.end(self.names[1])
        wait_for(lambda: self.clients() == MINE + EACH, "two ids to be given back")
        self.restart(signal.SIGKILL)
        wait_for(lambda: self.clients() == MINE + EACH, "the same number as before")
        self.end(self.names[2])
        wait_for(lambda: self.clients() == MINE, "all of them")
        self.begin(5)
        wait_for(lambda: self.clients() == MINE + EACH, "a new session's")
        w.stop_daemon()
        self.assertEqual(self.clients(), 0)

    def test_no_more_than_a_few(self):
        names = [self.begin(mux) for mux in range(1, 6)]
        wait_for(lambda: self.clients() == MINE + MOST * EACH, "the clients")
        binds = self.asked(BINDS)
        self.end(names[0])
        wait_for(lambda: self.asked(BINDS) == binds + EACH, "another one's clients")
        self.assertEqual(self.clients(), MINE + MOST * EACH)
        self.assertEqual(len(self.links()), 5)

    def test_a_modem_that_refuses(self):
        self.world.sim("error", service="WDS", message=0xA2, code=71)
        self.names = {1: self.begin(1)}
        wait_for(lambda: self.asked(BINDS) >= EACH and self.clients() == MINE,
                 "the clients to be given back")
        self.world.sim("connect", mux=1)
        self.through(1, 5_000_000, 60_000)
        self.expect_all()
        self.world.sim("move", rx=4_000_000, mux=1, kernel=False)
        self.through(1, 1_000_000, 60_000)
        self.expect_all()
        self.assertEqual(self.source(), "link")

    def test_a_modem_without_more_client_ids(self):
        self.world.sim("client_ids", most=2)
        self.names = {1: self.begin(1)}
        self.world.sim("connect", mux=1)
        self.through(1, 5_000_000, 60_000)
        self.expect_all()
        self.assertEqual(self.clients(), MINE)

    def test_a_reply_that_is_lost(self):
        """The client is bound all the same, once more."""
        self.world.sim("lose", service="WDS", message=0xA2)
        self.start(1)
        self.assertEqual(self.asked(BINDS), EACH + 1)
        self.past(1, 3_000_000, 60_000)
        self.expect_all()

    def test_another_sim(self):
        """What its session has carried past the link is its own."""
        w = self.world
        self.start(1)
        self.past(1, 3_000_000, 10)
        self.expect_all()
        w.sim("swap", card=card(OTHER))
        other = w.present(OTHER[-4:])
        before, self.total = self.total, (0, 0)
        w.sim("connect", mux=1)
        self.past(1, 2_000_000, 20)
        w.expect_bytes(other, self.total)
        w.expect_bytes(self.path, before)
        self.assertEqual(w.unassigned(), (0, 0))

    def test_a_modem_that_counts_all_in_one(self):
        """Whatever a client is bound to: what one session's link has counted is not the other's."""
        self.world.sim("one_counter")
        self.start(1, 2)
        for turn in range(4):
            self.through(2, 2_000_000, 50_000 + turn)
            self.wait_told()
            self.expect_all()

    def test_below_counts_what_those_above_do_not(self):
        """As its own: it is charged, and not once more on the modem's word."""
        self.start(1)
        for turn in range(4):
            rx, tx = 2_000_000 + turn, 50_000
            self.world.sim("move", rx=rx, tx=tx, session=False)
            self.world.sim("move", rx=rx, tx=tx, mux=1, kernel=False)
            self.total = plus(self.total, (rx, tx))
            self.wait_told()
            self.expect_all()

    def test_the_port_is_lost(self):
        """What passes by meanwhile is told when it is back."""
        w = self.world
        self.start(1)
        self.past(1, 3_000_000, 10)
        self.expect_all()
        w.sim("unplug", link=False, power=False)
        w.wait_state("absent")
        self.past(1, 500_000, 20)
        w.sim("plug", link=False)
        wait_for(lambda: self.clients() == MINE + EACH, "the clients")
        self.expect_all()


if __name__ == "__main__":
    harness.main("-Urnm")
