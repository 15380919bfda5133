#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Links that are moved, renamed, or that come and go unheard: each byte is booked once."""

import os
import pathlib
import signal
import subprocess
import unittest

import harness
from harness import TestCase, card, die_with_parent, end, plus, wait_for

SIM = "8981100000000007719"
LINK = "wwan0"

# Else the kernel greets other stations by itself when a link comes up.
QUIET = "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"


def ip(*words, namespace=None):
    inside = ["nsenter", "--target", str(namespace), "--net"] if namespace else []
    subprocess.run([*inside, "ip", *words], check=True)


class Links(TestCase):
    def setUp(self):
        super().setUp()
        w = self.world
        w.add_modem(card(SIM))
        w.start_daemon()
        self.path = w.present("7719")
        w.sim("connect")
        w.wait_state("connected")
        self.moved = (0, 0)

    def move(self, rx, tx=0, **more):
        self.world.sim("move", rx=rx, tx=tx, **more)
        self.moved = plus(self.moved, (rx, tx))

    def expect_all(self):
        self.world.expect_bytes(self.path, self.moved)
        self.assertEqual(self.world.unassigned(), (0, 0))

    def links(self):
        return self.world.get(self.world.modem_path(), "Modem", "Links")

    def other_namespace(self):
        """A network namespace of its own, for as long as the test lasts."""
        keeper = subprocess.Popen(["unshare", "-n", "sh", "-c", f"{QUIET} && exec sleep inf"],
                                  preexec_fn=die_with_parent)
        self.addCleanup(end, keeper)
        wait_for(lambda: pathlib.Path(f"/proc/{keeper.pid}/comm").read_text() == "sleep\n",
                 "the namespace")
        subprocess.run(["sh", "-c", QUIET], check=True)
        return keeper.pid

    def send_away(self, namespace):
        ip("link", "set", LINK, "netns", str(namespace))
        wait_for(lambda: self.links() == [], "the link to be gone")
        ip("link", "set", LINK, "up", namespace=namespace)

    def take_back(self, namespace):
        ip("link", "set", LINK, "netns", str(os.getpid()), namespace=namespace)
        ip("link", "set", LINK, "up")

    def test_moved_to_another_namespace_and_back(self):
        """Its counter goes on elsewhere: it is suspended, and goes on here where it was left."""
        other = self.other_namespace()
        self.move(1_000_000, 200_000)
        self.expect_all()
        for n in range(3):
            self.move(300_000 + n, 10)  # not read when the link goes
            self.send_away(other)
            self.move(500_000 + n)
            self.take_back(other)
            wait_for(lambda: self.links() == [LINK], "the link to be back")
            self.expect_all()

    def test_the_modem_tells_of_a_link_that_is_away(self):
        """It comes back with what the modem's own counter has told of, which is booked by then."""
        other = self.other_namespace()
        self.move(1_000_000, 200_000)
        self.expect_all()
        self.send_away(other)
        self.move(400_000)
        self.world.expect_bytes(self.path, (1_400_000, 200_000))
        self.assertEqual(self.world.get(self.world.modem_path(), "Modem", "Source"), "session")
        self.take_back(other)
        wait_for(lambda: self.links() == [LINK], "the link to be back")
        self.expect_all()

    def test_moved_away_while_the_daemon_is_down(self):
        other = self.other_namespace()
        self.move(1_000_000, 200_000)
        self.expect_all()
        self.send_away(other)
        self.world.stop_daemon(signal.SIGKILL)
        self.move(600_000)
        self.world.start_daemon()
        self.world.present("7719")
        self.assertEqual(self.links(), [])
        self.world.expect_bytes(self.path, (1_600_000, 200_000))  # as the modem's own counter says
        self.take_back(other)
        wait_for(lambda: self.links() == [LINK], "the link to be back")
        self.expect_all()

    def test_renamed(self):
        self.move(1_000_000)
        ip("link", "set", LINK, "down")
        ip("link", "set", LINK, "name", "mobile0")
        ip("link", "set", "mobile0", "up")
        wait_for(lambda: self.links() == ["mobile0"], "the new name")
        self.move(500_000)
        self.expect_all()

    def test_news_that_the_kernel_dropped(self):
        """More came than the socket holds, and the link's end and return were among it."""
        w = self.world
        self.move(1_000_000, 200_000)
        self.expect_all()
        w.daemon.send_signal(signal.SIGSTOP)
        try:
            flood = "".join(f"link set lo mtu {60_000 + i % 2}\n" for i in range(6000))
            subprocess.run(["ip", "-batch", "-"], input=flood, text=True, check=True)
            w.sim("remove_link")
            w.sim("add_link")
            self.move(2_000_000, 300_000)
            subprocess.run(["ip", "-batch", "-"], input=flood, text=True, check=True)
        finally:
            w.daemon.send_signal(signal.SIGCONT)
        self.expect_all()
        self.assertIn("dropped news of links", w.log())
        w.sim("remove_link")
        wait_for(lambda: self.links() == [], "the link to be gone")
        self.expect_all()


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
