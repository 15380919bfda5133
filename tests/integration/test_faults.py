#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Modems that misbehave: whatever they do, each byte of the link is booked once."""

import os
import random
import signal

import harness
import qmi
from harness import WRAP, card, minus, plus, wait_for

A = "8981100000000007719"
B = "8981100000000008810"
C = "89811000000000055128"


# A damaged length; what follows is taken for the rest of the frame, until so much has come.
LONGEST = 512


class Faults(harness.TestCase):
    statistics = {"service": "WDS", "message": 0x24}
    question = "0x01/0x0024"  # … as they are asked for
    opening = "0x00/0x0022"  # a request of each opening of the port: a client id
    n_openings = 5           # how many of them there are
    proven = 70_000, 700     # what a session of that many bytes is proven to have carried
    refused = (("DMS", 0x22), ("DMS", 0x43), ("NAS", 0x03), ("NAS", 0x25), ("WDS", 0x01),
               ("WDS", 0x24), ("WDS", 0x2D), ("UIM", 0x2E), ("UIM", 0x44), ("UIM", 0x20),
               ("UIM", 0x47))

    def begin(self, **more):
        """A modem with SIM A, connected, and the daemon that knows."""
        w = self.world
        w.add_modem(card(A), **more)
        w.start_daemon()
        self.path = w.present(A[-4:])
        w.sim("connect")
        w.wait_state("connected")

    def expect_all_of_the_link(self):
        w = self.world
        w.expect_bytes(self.path, w.kernel())
        self.assertEqual(w.unassigned(), (0, 0))

    def reopened(self, before):
        """The daemon has opened the port anew since."""
        return self.allocations() >= before + self.n_openings

    def allocations(self):
        return self.asked(self.opening)

    def asked(self, what):
        return self.world.sim("state")["requests"].get(what, 0)

    def expect_refresh_answered(self, n):
        wait_for(lambda: self.asked("0x0b/0x002c") == n,
                 "each copy of the refresh to be answered")

    def crash(self):
        w = self.world
        self.assertNotEqual(harness.end(w.daemon, signal.SIGSEGV), 0)
        w.daemon = None

    def problems(self):
        return self.world.get(harness.PATH, "Manager", "Problems")

    def wait_quarantined(self, seconds):
        w = self.world
        wait_for(lambda: self.problems() == ["port-quarantined"], "the quarantine")
        self.assertIn(f"{seconds} seconds", w.get(w.modem_path(), "Modem", "Problem"))

    def test_port_that_made_us_crash_waits(self):
        """It is not opened for a while, its link is counted; longer when it happens again."""
        w = self.world
        self.begin()
        w.sim("move", rx=1_000_000, tx=100_000)
        self.crash()
        w.sim("forget")
        w.start_daemon()
        w.sim("move", rx=2_000_000, tx=200_000)
        self.expect_all_of_the_link()
        self.wait_quarantined(10)
        self.assertEqual(w.get(w.modem_path(), "Modem", "State"), "failed")
        self.assertEqual(self.allocations(), 0)

        w.present(A[-4:])
        w.wait_state("connected")
        self.assertEqual(self.problems(), [])
        self.assertEqual(w.get(w.modem_path(), "Modem", "Problem"), "")
        self.crash()
        w.start_daemon()
        self.wait_quarantined(40)
        w.sim("unplug", link=False, power=False)
        wait_for(lambda: self.problems() == [], "the end of what is not there")
        w.sim("plug")
        wait_for(lambda: self.problems() == ["port-quarantined"], "the port again")
        w.sim("move", rx=3_000_000, tx=300_000)
        self.expect_all_of_the_link()

    def test_copies_of_indications(self):
        w = self.world
        self.begin()
        w.sim("duplicates", copies=3)
        carried = {A: (0, 0), B: (0, 0)}
        for n, (here, there) in enumerate([(A, B), (B, A), (A, B), (B, A)], 1):
            before = w.kernel()
            w.sim("move", rx=1_000_000, tx=100_000)
            carried[here] = plus(carried[here], minus(w.kernel(), before))
            w.sim("swap", card=card(there), absent=True)
            w.present(there[-4:])
            w.sim("roam", plmn="45005", name="SK Telecom")
            w.sim("refresh", stage=1)
            self.expect_refresh_answered(4 * n)
            w.sim("connect")
            w.wait_state("connected")
            w.sim("move", rx=1, tx=1)
            carried[there] = plus(carried[there], (1, 1))
            w.expect_bytes(w.find(there[-4:]), carried[there])  # it is beyond doubt again
        for iccid, wanted in carried.items():
            w.expect_bytes(w.find(iccid[-4:]), wanted)
        self.assertEqual(w.unassigned(), (0, 0))

    def test_bad_bytes(self):
        w = self.world
        self.begin()
        for fault, arguments in (("garbage", {"size": 300}), ("oversize", {}), ("garbage", {})):
            w.sim("move", rx=400_000, tx=30_000)
            w.sim(fault, **arguments)
            w.sim("move", rx=400_000, tx=30_000)
            self.expect_all_of_the_link()

    def test_a_thousand_complaints_are_a_few_lines(self):
        """An indication whose TLV is too long is worth a warning of libqmi's, each time."""
        w = self.world
        self.begin()
        tlv = bytes.fromhex("270500" "0100000000")
        message = bytes.fromhex("04" "0000" "2400") + len(tlv).to_bytes(2, "little") + tlv
        frame = bytes.fromhex("80" "03" "ff") + message
        frame = b"\x01" + (len(frame) + 2).to_bytes(2, "little") + frame
        for _ in range(1000):
            w.sim("raw", hex=frame.hex())
        w.sim("move", rx=400_000, tx=30_000)
        self.expect_all_of_the_link()
        warnings = w.log().count("Qmi-WARNING")
        self.assertGreater(warnings, 0)
        self.assertLess(warnings, 20)

    def test_texts_that_are_none(self):
        """Names in no encoding, with line ends and escapes, too long: everything is still told."""
        w = self.world
        self.begin()
        for name in ("\udcff\udcfe", "a\r\nFrom: b", "\x1b[31m", "\u202egnimaor", "", "\udcc3" * 255,
                     "<b>&amp;</b>", "\ufffe\uffff", "x" * 255):
            w.sim("roam", plmn="45005", name=name)
            w.sim("swap", card=card(B, operator=name, provider=name[:8], imsi="44010" + "9" * 9))
            path = w.present(B[-4:])
            for subject in (path, "/org/simtally1/current"):
                values = w.get_all(subject, "Sim")
                for text in (values["NetworkName"], values["Operator"], values["Label"]):
                    self.assertFalse(set(text) & set("\r\n\x1b\u202e"), repr(text))
                    self.assertLessEqual(len(text.encode()), 512)
            w.sim("swap", card=card(A))
            w.present(A[-4:])
            w.sim("connect")
            w.wait_state("connected")
            w.sim("move", rx=1_000, tx=100)
            w.bytes_of(self.path)
        w.sim("disconnect")
        wait_for(lambda: plus(w.bytes_of(self.path), w.unassigned()) == w.kernel(), "every byte")

    def test_session_that_is_told_late(self):
        """What it had carried before was charged on the link's word: not once more, when its own
        counter is all that there is after a restart."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        self.path = w.present(A[-4:])
        self.connect_and_tell_late([(4, 500_000), (6, 400_000)])
        enough = self.asked(self.question) + 4
        wait_for(lambda: w.get_all(self.path, "Sim") and self.asked(self.question) >= enough,
                 "more questions: those before were answered")
        w.stop_daemon()
        w.sim("hold", **self.statistics)
        self.start_and_lose_the_link()

    def test_session_that_is_told_late_and_not_counted_yet(self):
        """We are killed after that was written, and before the modem has answered."""
        w = self.world
        w.add_modem(card(A))
        w.start_daemon()
        self.path = w.present(A[-4:])
        w.sim("hold", **self.statistics)
        self.connect_and_tell_late([(4, 500_000)])
        w.sim("roam", plmn="45005", name="SK Telecom")
        wait_for(lambda: w.ledger("SELECT * FROM visit WHERE plmn = '45005'"), "a commit")
        w.stop_daemon(signal.SIGKILL)
        self.start_and_lose_the_link()

    def connect_and_tell_late(self, moves):
        w = self.world
        w.sim("delay", seconds=0.5)
        w.sim("connect", families=[family for family, _ in moves])
        for family, rx in moves:
            w.sim("move", rx=rx, tx=30_000, family=family)
        w.sim("delay", seconds=0)
        w.wait_state("connected")
        self.expect_all_of_the_link()

    def start_and_lose_the_link(self):
        """Before the modem tells what it has counted; then its counter alone goes on."""
        w = self.world
        w.start_daemon()
        w.wait_state("connected")
        carried = w.kernel()
        w.sim("remove_link")
        wait_for(lambda: w.get(w.modem_path(), "Modem", "Links") == [], "the last word")
        w.sim("release")
        w.sim("move", rx=1_000, tx=100, kernel=False)
        w.expect_bytes(self.path, plus(carried, (1_000, 100)))

    def test_port_hangs_up_and_the_link_stays(self):
        """The modem's own reset of its port: what moved meanwhile is the same SIM's."""
        w = self.world
        self.begin()
        for _ in range(3):
            w.sim("move", rx=1_000_000, tx=10_000)
            w.sim("unplug", link=False, power=False)
            w.wait_state("absent")
            w.sim("move", rx=500_000, tx=5_000)
            w.sim("plug")
            w.wait_state("connected")
            w.sim("move", rx=1_000, tx=10)
            self.expect_all_of_the_link()

    def test_port_hangs_up_and_another_sim_comes(self):
        """What moved meanwhile is nobody's, but for what the new session's own counter shows."""
        w = self.world
        self.begin()
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()
        w.sim("unplug", link=False)
        w.wait_state("absent")
        w.sim("move", rx=500_000, tx=5_000)
        w.sim("swap", card=card(B))
        w.sim("connect")
        w.sim("move", rx=70_000, tx=700)
        w.sim("plug")
        w.expect_bytes(w.present(B[-4:]), self.proven)
        self.assertEqual(w.bytes_of(self.path), (1_000_000, 10_000))
        rest = minus((570_000, 5_700), self.proven)
        wait_for(lambda: w.unassigned() == rest, "the rest to be unassigned")

    def test_link_comes_with_another_sim(self):
        w = self.world
        self.begin()
        w.sim("move", rx=1_000_000, tx=10_000)
        first = w.kernel()
        w.sim("swap", card=card(B), absent=True, link="recreate")
        b = w.present(B[-4:])
        w.sim("connect")
        w.sim("move", rx=2_000, tx=200)
        w.expect_bytes(b, w.kernel())
        w.expect_bytes(self.path, first)
        self.assertEqual(w.unassigned(), (0, 0))

    def test_absurd_counters(self):
        """The modem's own counter goes back, leaps, or is not available: the link is believed."""
        w = self.world
        self.begin()
        for rx, tx in ((-1, -1), (0, 0), (1 << 50, 1 << 50), (5, 1 << 33), ((1 << 32) - 1, 7)):
            w.sim("move", rx=3_000_000, tx=200_000)
            w.sim("set_counters", rx=rx, tx=tx)
            w.sim("report", rx=rx, tx=tx)
            w.get_all(self.path, "Sim")
        w.sim("disconnect")
        w.wait_state("disconnected")
        self.expect_all_of_the_link()

    def test_lost_and_late_statistics(self):
        w = self.world
        self.begin()
        w.sim("lose", **self.statistics, times=1)
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()
        w.sim("hold", **self.statistics)
        w.sim("move", rx=1_000_000, tx=10_000)
        w.get_all(self.path, "Sim")
        w.sim("disconnect")
        w.sim("release")
        w.wait_state("disconnected")
        self.expect_all_of_the_link()

    def test_refused_messages(self):
        """A modem that refuses all that can be done without is counted by its link."""
        w = self.world
        w.add_modem(card(A))
        for service, message in self.refused:
            w.sim("error", service=service, message=message, code=71)
        w.start_daemon()
        self.path = w.present(A[-4:])
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()
        w.sim("disconnect")
        w.wait_state("disconnected")
        self.expect_all_of_the_link()

    def test_frame_that_is_too_long(self):
        """The proxy waits for the rest of it, and nobody gets an answer: it is given one."""
        w = self.world
        self.begin()
        w.stop_daemon()
        proxies = w.proxies()
        w.sim("oversize", length=900, size=12)
        w.start_daemon()
        w.sim("move", rx=1_000_000, tx=10_000)
        wait_for(lambda: "does not answer" in w.get(w.modem_path(), "Modem", "Problem"),
                 "the opening to fail")
        self.expect_all_of_the_link()
        wait_for(lambda: w.get(w.modem_path(), "Modem", "State") == "connected",
                 "the modem to be opened again", timeout=120)
        self.assertEqual(w.proxies(), proxies)
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()

    def test_proxy_dies(self):
        w = self.world
        self.begin()
        w.sim("move", rx=1_000_000, tx=10_000)
        before = self.allocations()
        for pid in w.proxies():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: self.reopened(before), "the port to be opened again")
        w.present(A[-4:])
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()

    def test_another_client_of_the_modem(self):
        """Sessions that others begin and end through the same proxy."""
        w = self.world
        w.changes_allowed = True
        w.add_modem(card(A))
        w.start_daemon()
        self.path = w.present(A[-4:])
        for _ in range(3):
            session = self.connect_elsewhere()
            w.wait_state("connected")
            w.sim("move", rx=1_000_000, tx=10_000)
            ended = self.disconnect_elsewhere(session)
            self.assertEqual(ended.returncode, 0, ended.stderr)
            w.wait_state("disconnected")
            self.expect_all_of_the_link()
        w.changes_allowed = True

    def connect_elsewhere(self):
        said = self.world.qmicli("--wds-start-network=apn=example,ip-type=4",
                                 "--client-no-release-cid")
        return (said.stdout.split("CID: '")[1].split("'")[0],
                said.stdout.split("handle: '")[1].split("'")[0])

    def disconnect_elsewhere(self, session):
        client, handle = session
        return self.world.qmicli(f"--wds-stop-network={handle}", f"--client-cid={client}")


class MbimFaults(Faults):
    protocol = "mbim"
    statistics = {"service": "basic", "message": 20}
    question = "basic/20"
    opening = "basic/16"
    n_openings = 1
    proven = 0, 0  # the modem does not tell what each session has carried
    refused = (("basic", 1), ("basic", 6), ("basic", 9), ("basic", 16), ("basic", 20),
               ("extensions", 7), ("extensions", 8))

    test_a_thousand_complaints_are_a_few_lines = None  # they are QMI's
    test_frame_that_is_too_long = None                 # of MBIM's proxy nobody gets an answer then

    def expect_refresh_answered(self, n):
        """Nobody waits for an answer."""

    def connect_elsewhere(self):
        said = self.world.mbimcli("--connect=session-id=0,access-string=example,ip-type=ipv4")
        self.assertEqual(said.returncode, 0, said.stderr)

    def disconnect_elsewhere(self, session):
        return self.world.mbimcli("--disconnect=0")

    def test_answers_to_other_questions(self):
        """The transaction is right, and the message well-formed, but it is another one."""
        w = self.world
        others = (("basic", 1), ("basic", 2), ("basic", 6), ("basic", 16), ("basic", 20),
                  ("extensions", 7))
        self.begin()
        for asked in others:
            for other in others:
                if other == asked:
                    continue
                w.sim("mistake", service=asked[0], message=asked[1], other=other[0],
                      instead=other[1])
                w.sim("unplug", link=False, power=False)
                w.wait_state("absent")
                before = self.asked(f"{asked[0]}/{asked[1]}")
                w.sim("plug")
                wait_for(lambda: self.asked(f"{asked[0]}/{asked[1]}") > before, "the question")
                w.sim("move", rx=10_000, tx=1_000)
                self.expect_all_of_the_link()
                self.assertIsNone(w.daemon.poll())
            w.sim("mistake", service=asked[0], message=asked[1], other=asked[0], instead=asked[1])

    def test_cut_reply_and_a_new_proxy(self):
        """A proxy that waits for the rest of a message serves nobody any more: the port is opened
        again and again, until someone ends that proxy."""
        w = self.world
        self.begin()
        w.sim("cut", bytes=3)
        w.get_all(self.path, "Sim")  # makes it ask
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()
        wait_for(lambda: self.ask_and_see("failed"), "the port to be given up", timeout=120)
        self.assertIn("does not answer", w.get(w.modem_path(), "Modem", "Problem"))
        w.sim("move", rx=2_000_000, tx=20_000)
        self.expect_all_of_the_link()
        for pid in w.proxies():
            os.kill(pid, signal.SIGKILL)
        w.wait_state("connected")
        w.sim("move", rx=3_000_000, tx=30_000)
        self.expect_all_of_the_link()

    def ask_and_see(self, state):
        w = self.world
        w.get_all(self.path, "Sim")
        return w.get(w.modem_path(), "Modem", "State") == state

    def test_counts_that_lie(self):
        """Messages that make libmbim crash: refused, and nothing else happens."""
        w = self.world
        self.begin()
        openings = self.allocations()
        for count in (0xFFFFFFFF, 0x10000000, 0x7FFFFFFF):
            w.sim("patch", service="basic", message=2, offset=24, value=count)
            w.sim("patch", service="extensions", message=7, offset=0, value=count)
            w.sim("patch", service="basic", message=9, offset=24, value=count)
            w.sim("patch", service="basic", message=6, offset=4, value=count)
            for _ in range(3):
                w.sim("refresh")
                w.sim("roam", plmn="45005", name="SK Telecom")
            w.sim("move", rx=100_000, tx=1_000)
            self.expect_all_of_the_link()
        self.assertEqual(self.allocations(), openings)
        w.sim("patch", service="basic", message=2, offset=24)
        w.sim("swap", card=card(B), disconnect=False)
        w.present(B[-4:])
        self.assertNotIn("WARNING", w.log().split("SIM ..7719")[-1])

    def test_opened_with_counts_that_lie(self):
        w = self.world
        w.add_modem(card(A))
        for service, message, offset in (("basic", 2, 24), ("basic", 16, 0), ("extensions", 7, 0),
                                         ("basic", 1, 40)):
            w.sim("patch", service=service, message=message, offset=offset, value=0x10000000)
        w.start_daemon()
        wait_for(lambda: w.sim("state")["requests"].get("basic/2"), "the first question")
        w.sim("patch", service="basic", message=2, offset=24)
        self.path = w.present(A[-4:])
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()

    def test_late_answer_with_a_count_that_lies(self):
        """What comes when nobody waits any more must not be parsed either."""
        w = self.world
        self.begin()
        w.sim("hold", service="basic", message=2)
        w.sim("patch", service="basic", message=2, offset=24, value=0x10000000)
        w.stop_daemon()
        w.start_daemon()
        wait_for(lambda: w.sim("state")["held"], "a question")
        wait_for(lambda: w.sim("state")["held"] > 1, "the same again, when it was not answered")
        w.sim("release")
        w.sim("patch", service="basic", message=2, offset=24)
        w.present(A[-4:])
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()

    def test_fragments(self):
        w = self.world
        w.add_modem(card(A, operator="A long name of an operator"), slots=2)
        w.sim("fragments", most=64)
        w.start_daemon()
        self.path = w.present(A[-4:])
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=10_000)
        self.expect_all_of_the_link()


class Conservation(harness.TestCase):
    """Whatever happens in whatever order, all SIMs and what is unassigned add up to the links."""

    def setUp(self):
        super().setUp()
        self.gone = (0, 0)  # what links had carried that are no more

    def total(self):
        w = self.world
        return plus(w.unassigned(), *(w.bytes_of(path) for path in w.sim_paths()))

    def expect_conserved(self, history):
        w = self.world
        wanted = plus(self.gone, w.kernel())
        try:
            wait_for(lambda: self.total() == wanted, "", timeout=20)
        except AssertionError:
            raise AssertionError(f"{self.total()} booked, {wanted} carried, after\n"
                                 + "\n".join(map(str, history))) from None

    def step(self, source):
        w = self.world
        what = source.choice(["connect", "disconnect", "move", "move", "move", "swap", "roam",
                              "unplug", "hangup", "link", "restart", "kill", "refresh"])
        if what == "connect":
            w.sim("connect", families=source.choice([[4], [6], [4, 6]]))
        elif what == "disconnect":
            w.sim("disconnect")
        elif what == "move":
            w.sim("move", rx=source.randint(0, 2_000_000), tx=source.randint(0, 300_000))
        elif what == "swap":
            w.sim("swap", card=card(source.choice([A, B, C])), disconnect=source.random() < 0.7,
                  absent=source.random() < 0.5)
        elif what == "roam":
            w.sim("roam", plmn=source.choice(["44010", "45005", "310260"]),
                  roaming=source.random() < 0.5, registered=source.random() < 0.9)
        elif what in ("unplug", "link"):
            # The kernel's last word is all there is of a link: it is waited for.
            self.gone = plus(self.gone, w.kernel())
            w.sim("remove_link")
            wait_for(lambda: w.get(w.modem_path(), "Modem", "Links") == [], "the last word")
            if what == "unplug":
                w.sim("unplug")
                w.wait_state("absent")
                w.sim("plug")
            else:
                w.sim("add_link")
        elif what == "hangup":
            w.sim("unplug", link=False, power=source.random() < 0.5)
            w.sim("move", rx=source.randint(0, 100_000))
            w.sim("plug")
        elif what in ("restart", "kill"):
            w.stop_daemon(signal.SIGTERM if what == "restart" else signal.SIGKILL)
            if source.random() < 0.5:
                w.sim("move", rx=source.randint(0, 100_000))
            if source.random() < 0.3:
                w.sim("swap", card=card(source.choice([A, B, C])))
            w.start_daemon()
            wait_for(lambda: w.get(w.modem_path(), "Modem", "State"), "the modem")
        elif what == "refresh":
            w.sim("refresh")
        return what

    def run_seed(self, seed, steps):
        w, source, history = self.world, random.Random(seed), [f"seed {seed}"]
        w.add_modem(card(A), seed=seed)
        w.start_daemon()
        w.present(A[-4:])
        for _ in range(steps):
            history.append(self.step(source))
            if source.random() < 0.5:
                self.expect_conserved(history)
        self.expect_conserved(history)

    def frames(self):
        """What a modem says on its own account, well-formed."""
        slots = bytes([1, 1, 0, 0, 0, 0, 1, 10]) + bytes.fromhex("98180100000000001789")
        report = {0x19: bytes(8), 0x1A: bytes([255] * 8)}
        for service, message, tlvs in (
                (qmi.WDS, 0x22, {0x01: b"\2\0", 0x12: b"\4"}),
                (qmi.WDS, 0x01, report),
                (qmi.NAS, 0x24, {0x01: b"\1\1\1\2\1\x08", 0x10: b"\0",
                                 0x12: b"\xb8\1\x0a\0\4Home"}),
                (qmi.UIM, 0x48, {0x10: slots, 0x11: b"\1" + bytes(9), 0x12: b"\1\x10" + bytes(16)}),
                (qmi.UIM, 0x32, {0x10: bytes(9) + b"\1" + bytes(40)}),
                (qmi.UIM, 0x33, {0x10: bytes(6)}),
                (qmi.CTL, 0x22, {0x01: b"\1\1"})):
            yield qmi.encode(qmi.Message(service, 0xFF, qmi.INDICATION, 1, message, tlvs))

    def mutate(self, frame, source):
        frame = bytearray(frame)
        for _ in range(source.randint(1, 4)):
            what, at = source.randrange(4), source.randrange(len(frame))
            if what == 0:
                frame[at] = source.randrange(256)
            elif what == 1:
                frame[at] = source.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
            elif what == 2 and len(frame) > 8:
                del frame[at:at + source.randint(1, 6)]
            else:
                frame[at:at] = bytes(source.randrange(256) for _ in range(source.randint(1, 9)))
        return bytes(frame)

    def test_damaged_frames(self):
        """Whatever is wrong about what the modem says: who asks is answered at once (the bound is
        for busy machines), and each byte of the link is booked once."""
        w, source = self.world, random.Random(4)
        w.add_modem(card(A))
        w.start_daemon()
        w.present(A[-4:])
        w.sim("connect")
        frames = list(self.frames())
        for n in range(400):
            frame = self.mutate(source.choice(frames), source)
            length = int.from_bytes(frame[1:3], "little")
            if (source.random() < 0.8 or length > LONGEST) and len(frame) > 3:
                frame = frame[:1] + (len(frame) - 1).to_bytes(2, "little") + frame[3:]
            w.sim("raw", hex=frame.hex())
            if n % 20 == 0:
                w.sim("move", rx=source.randint(0, 100_000), tx=source.randint(0, 10_000))
            if n % 5 == 0:
                w.call(harness.PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects",
                       timeout=20 if WRAP else 5)
        self.expect_conserved(["damaged frames"])
        self.assertIsNone(w.daemon.poll())
        self.end_stall()
        wait_for(lambda: w.get(w.modem_path(), "Modem", "State") == "connected",
                 "the modem to be opened again, and again", timeout=420)
        w.present(A[-4:])

    def end_stall(self):
        """Nobody's help is needed."""

    def test_seed_1(self):
        self.run_seed(1, 120)

    def test_seed_2(self):
        self.run_seed(2, 120)

    def test_seed_3(self):
        self.run_seed(3, 120)


class MbimConservation(Conservation):
    protocol = "mbim"

    def end_stall(self):
        """Its proxy waits for the rest of a message for good, and serves nobody."""
        for pid in self.world.proxies():
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    harness.main()
