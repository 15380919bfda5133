#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Followers: what they say when, what they outlive, and that they leave with their reader."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import states  # noqa: E402
from fake import GB, NOW, Fake, FakeCase, at, command, environment_at  # noqa: E402
from scenes import many  # noqa: E402
from states import AIRALO, WORK  # noqa: E402

import harness  # noqa: E402
from harness import wait_for  # noqa: E402

FORMATS = ("bar", "waybar", "i3blocks", "i3status-rust", "polybar", "i3bar", "genmon", "tmux",
           "argos", "yambar")

# Stands for a bar: starts a follower through a shell, says its pid, and reads what it says.
BAR = """
import subprocess, sys
p = subprocess.Popen(["sh", "-c", 'echo $$; exec "$@"', "sh", *sys.argv[1:]],
                     stdout=subprocess.PIPE)
for line in p.stdout:
    sys.stdout.buffer.write(line)
    sys.stdout.flush()
"""


class Reader:
    """Reads what comes, as it comes."""

    def __init__(self, fd):
        self.fd = fd
        self.text = ""

    def has_more(self, seconds):
        return bool(select.select([self.fd], [], [], seconds)[0])

    def until(self, wanted, seconds=60):
        """What comes up to there, which is taken away."""
        end = time.monotonic() + seconds
        while wanted not in self.text:
            if not self.has_more(max(end - time.monotonic(), 0)):
                raise AssertionError(f"{wanted!r} did not come after {self.text!r}")
            more = os.read(self.fd, 65536).decode()
            if not more:
                raise AssertionError(f"it ended with {self.text!r}")
            self.text += more
        before, self.text = self.text.split(wanted, 1)
        return before + wanted

    def line(self):
        return self.until("\n")[:-1]


def switches(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])


def is_there(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Follow(FakeCase):
    def setUp(self):
        super().setUp()
        self.path = self.fake.add(AIRALO, states.ten_days())

    def start(self, *words, now=NOW, stdout=subprocess.PIPE, **more):
        process = subprocess.Popen(command(*words), stdout=stdout,
                                   env=environment_at(self.world.directory, now, **more),
                                   preexec_fn=harness.die_with_parent)
        self.addCleanup(self.stop, process)
        return process

    def stop(self, process):
        harness.end(process)
        if process.stdout:
            process.stdout.close()

    @contextlib.contextmanager
    def following(self, *words, **more):
        process = self.start("status", "-F", *words, **more)
        yield process, Reader(process.stdout.fileno())
        self.stop(process)

    def change(self, its_plan, said=AIRALO):
        self.fake.add(said, its_plan)
        self.fake.tell(self.path, "Plan")

    def test_every_format(self):
        for name in FORMATS:
            with self.subTest(name):
                self.fake.add(AIRALO, states.ten_days())
                with self.following("-o", name) as (_, reader):
                    first = reader.until("6.3 GB 5d")
                    self.change(states.exhausted())
                    more = reader.until("used up")
                    if name == "i3bar":
                        self.assertTrue(first.startswith('{"version":1}\n[\n[{'))
                        self.assertIn("\n,[{", more)

    def test_i3bar_is_one_endless_array(self):
        with self.following("-o", "i3bar") as (_, reader):
            text = reader.until("]\n")
            self.change(states.exhausted())
            text += reader.until("]\n")
            self.change(states.expired())
            text += reader.until("]\n")
        self.assertEqual([a[0]["full_text"] for a in json.loads(text.split("\n", 1)[1] + "]")],
                         ["6.3 GB 5d", "used up", "expired"])

    def test_what_programs_read(self):
        for words, wanted in ((["-o", "json"], '"state":"exhausted"'),
                              (["-o", "keyvalue"], "sim.0.plan.state=exhausted\n"),
                              (["-g", "state"], "exhausted\n"),
                              (["--template", "{left}!"], "0 B!\n"),
                              ([], "10 GB is used up"), (["7719"], "10 GB is used up")):
            with self.subTest(words), self.following(*words) as (_, reader):
                self.change(states.ten_days())
                reader.until("\n")
                self.change(states.exhausted())
                reader.until(wanted)

    def test_each_json_is_a_line(self):
        with self.following("-o", "json") as (_, reader):
            self.assertEqual(json.loads(reader.line())["version"], 1)
            self.fake.leave()
            self.assertEqual(json.loads(reader.line()), {
                "version": 1, "sims": [], "modems": [], "problems": ["daemon-down"]})

    def test_nothing_is_said_twice(self):
        with self.following("-o", "tmux") as (_, reader):
            self.assertEqual(reader.line(), "6.3 GB 5d")
            for _ in range(5):
                self.fake.tell(self.path, "Sim")
            self.change(states.expired())
            self.assertIn("expired", reader.line())
            self.assertFalse(reader.has_more(0.5))

    def test_another_sim(self):
        with self.following("-o", "tmux") as (_, reader):
            self.assertEqual(reader.line(), "6.3 GB 5d")
            self.fake.add(AIRALO | {"Present": False})
            self.fake.add(WORK, states.healthy())
            self.fake.connection.emit_signal(
                None, harness.PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged",
                harness.GLib.Variant("(sa{sv}as)", (f"{harness.BUS}.Manager", {}, ["Sims"])))
            self.assertEqual(reader.line(), "15.1 GB 21d")

    def test_a_daemon_that_comes_and_goes(self):
        self.fake.leave()
        with self.following("-o", "bar") as (_, reader):
            self.assertEqual(json.loads(reader.line())["text"], "sim ?")
            for _ in range(3):
                fake = Fake(self.world.connect())
                fake.add(AIRALO, states.ten_days())
                fake.tell(self.path, "Plan")
                reader.until("6.3 GB 5d")
                reader.line()
                fake.leave()
                said = json.loads(reader.line())
                self.assertEqual((said["text"], said["class"]), ("sim ?", ["unknown"]))

    def test_a_bus_that_comes_and_goes(self):
        address = self.world.address.split(",guid=")[0]  # which is another one the next time
        with self.following("-o", "bar", DBUS_SYSTEM_BUS_ADDRESS=address) as (process, reader):
            self.assertEqual(json.loads(reader.line())["text"], "6.3 GB 5d")
            harness.end(self.world.bus_process)
            self.world.bus_process.stdout.close()
            said = json.loads(reader.line())
            self.assertEqual(said["text"], "sim ?")
            self.assertIn("bus cannot be reached", said["tooltip"])
            self.world.start_bus()
            self.fake = Fake(self.world.connect())
            self.change(states.exhausted())
            reader.until("used up")
            reader.line()
            self.change(states.expired())
            self.assertEqual(json.loads(reader.line())["text"], "expired")
            self.assertIsNone(process.poll())

    def test_it_does_not_start_the_daemon(self):
        """Who has stopped it means it."""
        self.fake.leave()
        with self.following("-o", "tmux") as (_, reader):
            self.assertIn("sim ?", reader.line())
            names = self.world.connection.call_sync(
                "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                "ListNames", None, None, 0, 30000, None).unpack()[0]
            self.assertNotIn(harness.BUS, names)

    def test_a_daemon_that_does_not_answer(self):
        self.fake.is_silent = True
        with self.following("-o", "bar", "-w", "1") as (_, reader):
            said = json.loads(reader.line())
            self.assertEqual((said["text"], said["tooltip"]),
                             ("sim ?", "simtallyd does not answer in time"))
            self.fake.is_silent = False
            self.assertEqual(json.loads(reader.line())["text"], "6.3 GB 5d")

    def test_it_leaves_with_its_reader(self):
        """While nothing changes, and nothing is written."""
        for words in (["-o", "bar"], ["-o", "json"], [], ["-o", "i3bar"], ["-g", "label"]):
            with self.subTest(words), self.following(*words) as (process, reader):
                reader.until("\n")
                process.stdout.close()
                self.assertEqual(process.wait(60), 0)

    def test_it_leaves_when_there_is_no_daemon(self):
        self.fake.leave()
        with self.following("-o", "bar") as (process, reader):
            reader.line()
            process.stdout.close()
            self.assertEqual(process.wait(60), 0)

    def test_it_leaves_when_there_is_no_bus(self):
        with self.following("-o", "bar",
                            DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere") as (process, reader):
            reader.line()
            process.stdout.close()
            self.assertEqual(process.wait(60), 0)

    def test_it_leaves_while_the_daemon_does_not_answer(self):
        with self.following("-o", "bar") as (process, reader):
            reader.line()
            self.fake.is_silent = True
            self.fake.tell(self.path, "Plan")
            process.stdout.close()
            self.assertEqual(process.wait(10), 0)  # of 25 seconds that it would wait

    def test_a_killed_bar_leaves_nothing_behind(self):
        bar = subprocess.Popen([sys.executable, "-c", BAR, *command("status", "-F", "-o", "bar")],
                               stdout=subprocess.PIPE, preexec_fn=harness.die_with_parent,
                               env=environment_at(self.world.directory, NOW))
        self.addCleanup(self.stop, bar)
        reader = Reader(bar.stdout.fileno())
        pid = int(reader.line())
        reader.until("6.3 GB 5d")
        self.assertTrue(is_there(pid))
        bar.send_signal(signal.SIGKILL)
        bar.wait()
        wait_for(lambda: not is_there(pid), "the follower to leave")

    def test_it_sleeps_while_nothing_changes(self):
        with self.following("-o", "bar") as (process, reader):
            reader.line()
            before = wait_for(lambda: self.rest(process), "the follower to rest")
            self.assertFalse(reader.has_more(3))
            self.assertEqual(switches(process.pid), before)

    @staticmethod
    def rest(process):
        """The number of switches, once it has ceased to grow."""
        before = switches(process.pid)
        time.sleep(0.2)
        return before if switches(process.pid) == before else None

    def test_time_goes_by(self):
        """Nobody says so: the day ends, the last day begins, an hour of it goes by, a minute."""
        for now, before, after in ((at("2026-11-24 23:59") + 57, "6.3 GB 5d", "6.3 GB 4d"),
                                   (at("2026-11-27 23:59") + 58, "6.3 GB 2d", "6.3 GB 1d"),
                                   (at("2026-11-27 23:59") + 59, "6.3 GB 2d", "6.3 GB 1d"),
                                   (at("2026-11-28 04:59") + 57, "6.3 GB 19h", "6.3 GB 18h"),
                                   (at("2026-11-28 23:11") + 57, "6.3 GB 48m", "6.3 GB 47m")):
            with self.subTest(before), self.following("-o", "tmux", now=now) as (_, reader):
                self.assertEqual(reader.line(), before)
                self.assertEqual(reader.line(), after)

    def test_of_many_those_used_last(self):
        self.fake.clear()
        many(self.fake)
        process = self.start("status", "--watch")
        shown = Reader(process.stdout.fileno()).until("All: simtally sims")
        self.assertEqual(shown.count("Trip"), 20)
        self.assertIn("Work SIM", shown)

    def test_watch(self):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        process = self.start("status", "--watch", stdout=slave)
        os.close(slave)
        reader = Reader(master)
        self.assertIn("\x1b[H\x1b[J", reader.until("6.3 GB left of 10 GB             37 % used"))
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        process.send_signal(signal.SIGWINCH)
        self.assertIn("\x1b[H\x1b[J", reader.until("6.3 GB left of 10 GB\r\n  37 % used"))
        self.change(states.exhausted())
        self.assertIn("\x1b[H\x1b[J", reader.until("10 GB is used up"))
        self.fake.leave()
        self.assertIn("\x1b[H\x1b[J", reader.until("simtallyd is not running"))
        os.close(master)
        self.assertEqual(process.wait(60), 0)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
