#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The contract of org.simtally1 on the bus: members, signals and errors."""

import os
import sqlite3
import subprocess
import time

import harness
from bus_case import (CURRENT, PROPERTIES, INVALID, LAST, ICCID, IMSI, EID, OTHER, OTHER_IMSI, TWIN,
                      SIM_EMPTY, SIM_TOLD, PLAN_EMPTY, PLAN_TOLD, CARRIER_EMPTY, SIM_FIGURES,
                      BusCase, interfaces, documented, main)
from gi.repository import GLib
from harness import BUS, PATH, card, wait_for

OF_SIM = {f"{BUS}.Sim", f"{BUS}.Plan", f"{BUS}.Carrier"}


class Introspection(BusCase):
    def introspect(self, path):
        return self.world.call(path, "org.freedesktop.DBus.Introspectable", "Introspect")

    def test_documents_are_true(self):
        """The XML files tell exactly what the daemon has, flags included."""
        sim = self.start()
        live = {}
        for path in (PATH, sim, self.world.modem_path()):
            for name, members in interfaces(self.introspect(path)).items():
                if name.startswith(BUS):
                    live[name] = members
        self.assertEqual(live, documented())
        alias = interfaces(self.introspect(CURRENT))
        for name in OF_SIM:
            self.assertEqual(alias[name], live[name])

    def test_what_is_where(self):
        sim = self.start()
        modem = self.world.modem_path()
        standard = {"org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable", PROPERTIES}
        for path, wanted in ((PATH, {f"{BUS}.Manager", "org.freedesktop.DBus.ObjectManager"}),
                             (sim, OF_SIM), (modem, {f"{BUS}.Modem"}),
                             (CURRENT, OF_SIM)):
            self.assertEqual(set(interfaces(self.introspect(path))), wanted | standard, path)
        self.assertEqual({path: {i for i in found if i.startswith(BUS)}
                          for path, found in self.world.objects().items()},
                         {sim: OF_SIM, modem: {f"{BUS}.Modem"}})

    def test_busctl_reads_every_property(self):
        sim = self.start()
        environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.world.address)
        for path, interface in ((PATH, "Manager"), (sim, "Sim"), (CURRENT, "Sim"), (sim, "Plan"),
                                (CURRENT, "Plan"), (sim, "Carrier"), (CURRENT, "Carrier"),
                                (self.world.modem_path(), "Modem")):
            names = {name: member[1] for name, member in documented()[f"{BUS}.{interface}"].items()
                     if member[0] == "property"}
            self.assertEqual(set(self.world.get_all(path, interface)), set(names))
            lines = subprocess.run(
                ["busctl", "get-property", BUS, path, f"{BUS}.{interface}", *names],
                env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
            self.assertEqual([line.split(" ")[0] for line in lines], list(names.values()))

    def test_unknown_objects(self):
        self.start()
        for path in (PATH + "/sim", PATH + "/sim/0123456789abcdef", PATH + "/modem/x",
                     PATH + "/sim/0123456789abcdef/x", PATH + "/nothing"):
            for interface in ("Sim", "Plan", "Modem", "Manager"):
                with self.assertRaises(GLib.Error):
                    self.world.get_all(path, interface)

    def test_properties_cannot_be_written(self):
        sim = self.start()
        with self.assertRaises(GLib.Error):
            self.world.call(sim, PROPERTIES, "Set", "(ssv)", f"{BUS}.Sim", "Label",
                            GLib.Variant("s", "x"))


class Alias(BusCase):
    def test_nobody(self):
        w = self.world
        w.start_daemon()
        self.assertEqual(w.get(PATH, "Manager", "CurrentSim"), "/")
        self.assertEqual(w.get_all(CURRENT, "Sim"), SIM_EMPTY)
        self.assertEqual(w.get_all(CURRENT, "Plan"), PLAN_EMPTY)
        self.assertEqual(w.get_all(CURRENT, "Carrier"), CARRIER_EMPTY)
        self.assertEqual(w.objects(), {})
        for method, signature, arguments in (("SetLabel", "(s)", ("x",)), ("Forget", "()", ())):
            self.assert_error(f"{BUS}.Error.UseRealPath", self.sim_call, CURRENT, method, signature,
                              *arguments)
        self.assert_error(f"{BUS}.Error.NoSuchSim", self.sim_call, CURRENT, "GetIdentity")
        self.assert_error(f"{BUS}.Error.NoSuchSim", self.sim_call, CURRENT, "GetHistory", "(stts)",
                          "day", 0, 0, "")

    def test_follows_the_current_sim(self):
        w = self.world
        first = self.start()
        self.assertEqual(w.get(PATH, "Manager", "CurrentSim"), first)
        self.assertEqual(w.get_all(CURRENT, "Sim"), w.get_all(first, "Sim"))
        self.assertNotIn(CURRENT, w.objects())
        for method, signature, arguments in (("SetLabel", "(s)", ("x",)), ("Forget", "()", ())):
            self.assert_error(f"{BUS}.Error.UseRealPath", self.sim_call, CURRENT, method, signature,
                              *arguments)
        self.assertEqual(self.sim_call(CURRENT, "GetIdentity")["Iccid"], ICCID)

        self.sim_call(first, "SetLabel", "(s)", "Holiday")
        wait_for(lambda: self.signals.changes(CURRENT, "Label"), "the alias to tell of the label")

    def test_switch_tells_everything(self):
        w = self.world
        first = self.start()
        w.sim("connect")
        w.sim("move", rx=2_000_000)
        w.expect_bytes(first, (2_000_000, 0))
        w.sim("swap", card=card(OTHER, imsi=OTHER_IMSI))
        second = w.present("8810")
        self.signals.forget()
        w.sim("connect")
        w.wait_state("connected")

        def switched():
            w.sim("move", rx=1000)
            w.bytes_of(second)
            return [c for _at, c in self.signals.changes(CURRENT, "IccidTail")]
        change = wait_for(switched, "the switch")[0]
        self.assertEqual(set(change), SIM_TOLD)
        self.assertEqual(change["IccidTail"], "8810")
        self.assertEqual(set(wait_for(lambda: self.signals.changes(CURRENT, "State"),
                                      "the switch of the plan")[0][1]), PLAN_TOLD)
        self.assertEqual(self.signals.changes(PATH, "CurrentSim")[-1][1]["CurrentSim"], second)
        wait_for(lambda: any(c["Current"] for _at, c in self.signals.changes(second, "Current")),
                 "the second SIM to be current")
        self.assertFalse(self.signals.changes(first, "Current")[-1][1]["Current"])
        self.assertEqual(w.get_all(CURRENT, "Sim"), w.get_all(second, "Sim"))


class Objects(BusCase):
    def test_added_and_removed(self):
        w = self.world
        w.add_modem()
        w.start_daemon()
        w.wait_state("no-sim")
        self.signals.forget()
        w.sim("swap", card=card(ICCID, imsi=IMSI, provider="Blue"))
        sim = w.present("7719")
        added = wait_for(lambda: [a for a in self.signals.members("InterfacesAdded") if a[0] == sim],
                         "InterfacesAdded")
        self.assertEqual(len(added), 1)
        self.assertEqual(set(added[0][1][f"{BUS}.Sim"]), SIM_TOLD)
        self.assertEqual(set(added[0][1][f"{BUS}.Plan"]), PLAN_TOLD)
        self.assertEqual(added[0][1][f"{BUS}.Sim"]["IccidTail"], "7719")
        self.assertEqual(wait_for(lambda: self.signals.changes(PATH, "Sims"), "Sims")[-1][1]["Sims"],
                         [sim])
        order = [member.rsplit(".", 1)[1] for _at, path, member, values in self.signals.listen()
                 if path == PATH or path == sim]
        self.assertEqual(order[0], "InterfacesAdded")

        self.assert_error(f"{BUS}.Error.Busy", self.sim_call, sim, "Forget")
        w.sim("swap", card=card(OTHER))
        w.present("8810")
        self.sim_call(sim, "Forget")
        removed = wait_for(lambda: self.signals.members("InterfacesRemoved"), "InterfacesRemoved")
        self.assertEqual(removed[0][0], sim)
        self.assertIn(f"{BUS}.Sim", removed[0][1])
        self.assertNotIn(sim, w.sim_paths())
        self.assertNotIn(sim, w.objects())
        self.assertIsNone(w.find("7719"))

    def test_the_one_in_use_comes_first(self):
        """Who shows a screenful of a thousand SIMs need not read on."""
        first = self.start()
        self.world.sim("swap", card=card(OTHER))
        second = self.world.present(OTHER[-4:])
        for now, before in ((second, first), (first, second)):
            self.assertEqual(list(self.world.objects()), [self.world.modem_path(), now, before])
            self.world.sim("swap", card=card(ICCID))
            self.world.present(ICCID[-4:])

    def test_second_daemon_is_refused(self):
        w = self.world
        self.start()
        environment = dict(os.environ, STATE_DIRECTORY=str(w.directory / "second"))
        second = subprocess.run([harness.BUILD / "daemon/simtallyd", "--port", w.ports[0]],
                                env=environment, stderr=subprocess.PIPE, text=True, timeout=30)
        self.assertNotIn(second.returncode, (0, -6, -11))
        self.assertIn(BUS, second.stderr)
        self.assertTrue(w.is_on_bus())


    def test_bus_dies(self):
        """Without its bus the daemon ends as failed, to be started again; what it read is kept."""
        w = self.world
        sim = self.start()
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_234_567)
        w.connection.close_sync(None)
        w.connection = None
        harness.end(w.bus_process)
        self.assertEqual(w.daemon.wait(30), 1, w.log())
        w.daemon = None
        self.assertEqual(w.ledger("SELECT rx FROM sim WHERE slug = ?", sim.rsplit("/", 1)[1]),
                         [(1_234_567,)])


class Changes(BusCase):
    def test_states_at_once(self):
        w = self.world
        sim = self.start()
        self.signals.forget()
        w.sim("connect")
        wait_for(lambda: self.signals.changes(sim, "Connected"), "Connected")
        self.assertTrue(self.signals.changes(sim, "Connected")[-1][1]["Connected"])
        wait_for(lambda: self.signals.changes(w.modem_path(), "State"), "the modem's State")
        self.assertEqual(self.signals.changes(w.modem_path(), "State")[-1][1]["State"], "connected")

    def test_figures_are_rate_limited(self):
        """At most one signal a second while much moves, and the rest within 30 s."""
        w = self.world
        sim = self.start()
        w.sim("connect")
        w.wait_state("connected")
        self.signals.forget()
        w.sim("traffic", rx=20_000_000, tx=2_000_000)

        def figures():
            w.bytes_of(sim)
            return self.signals.changes(sim, "RxBytes")
        wait_for(lambda: len(figures()) >= 5, "five signals")
        w.sim("traffic")
        told = figures()
        self.assertLess(len(told) - 1, told[-1][0] - told[0][0] + 0.5)
        for earlier, later in zip(told, told[1:]):
            self.assertGreater(later[1]["RxBytes"], earlier[1]["RxBytes"])
        self.assertTrue(all(set(change) == SIM_FIGURES for _at, change in told))

        began = time.monotonic()
        wanted = w.kernel()
        wait_for(lambda: figures()[-1][1]["RxBytes"] == wanted[0], "the last figures")
        told = figures()
        w.sim("move", rx=1000)
        wanted = w.kernel()
        wait_for(lambda: figures()[-1][1]["RxBytes"] == wanted[0], "the small figure", timeout=40)
        self.assertGreater(time.monotonic() - told[-1][0], 25)
        self.assertLess(time.monotonic() - began, 70)

    def test_many_changes_of_a_turn_are_one(self):
        w = self.world
        sim = self.start()
        self.signals.forget()
        self.sim_call(sim, "SetLabel", "(s)", "A")
        wait_for(lambda: self.signals.changes(CURRENT, "Label"), "the label")
        self.assertEqual(len(self.signals.changes(sim, "Label")), 1)
        self.assertEqual(len(self.signals.changes(CURRENT, "Label")), 1)
        self.sim_call(sim, "SetLabel", "(s)", "A")  # nothing new, nothing told
        w.get_all(sim, "Sim")
        self.assertEqual(len(self.signals.changes(sim, "Label")), 1)

    def test_every_get_is_exact(self):
        w = self.world
        sim = self.start()
        w.sim("connect")
        w.wait_state("connected")
        for _ in range(200):
            w.sim("move", rx=1500, tx=60)
            self.assertEqual(w.bytes_of(sim), w.kernel())
            self.assertEqual(w.get(CURRENT, "Sim", "RxBytes"), w.kernel()[0])


class Methods(BusCase):
    def find(self, text):
        return self.world.call(PATH, f"{BUS}.Manager", "FindSim", "(s)", text)

    def test_find_sim(self):
        w = self.world
        first = self.start()
        self.sim_call(first, "SetLabel", "(s)", "Haus & Hof")
        for text in ("Haus & Hof", "7719", first.rsplit("/", 1)[1]):
            self.assertEqual(self.find(text), first)
        for text in ("", "719", "07719", "haus", ICCID, IMSI, "/", first, "%s%n", "x" * 100_000):
            self.assert_error(f"{BUS}.Error.NoSuchSim", self.find, text)

        w.sim("swap", card=card(TWIN))
        second = wait_for(lambda: [p for p in w.sim_paths() if p != first], "the twin")[0]
        self.assert_error(f"{BUS}.Error.NoSuchSim", self.find, "7719")
        self.sim_call(second, "SetLabel", "(s)", "Haus & Hof")
        self.assert_error(f"{BUS}.Error.NoSuchSim", self.find, "Haus & Hof")
        self.assertEqual(self.find(second.rsplit("/", 1)[1]), second)

    def test_set_label(self):
        w = self.world
        sim = self.start()
        cases = [
            ("Büro 東京 📶", "Büro 東京 📶"),
            ("  two\twords\n", "two words"),
            ("\x1b[31mred\x1b[0m\r\nline", "[31mred [0m  line"),
            ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
            ("<b>&amp;'\"%s%n`$(id)", "<b>&amp;'\"%s%n`$(id)"),
            ("x" * 128, "x" * 128),
            ("é" * 64, "é" * 64),
            ("\u202e" * 200 + "short", "short"),
            ("", "Blue"),
            (" \n\t", "Blue"),
        ]
        for given, wanted in cases:
            self.sim_call(sim, "SetLabel", "(s)", given)
            self.assertEqual(w.get(sim, "Sim", "Label"), wanted, given)
        self.sim_call(sim, "SetLabel", "(s)", "kept")
        for text in ("x" * 129, "é" * 65, "x" * 1_000_000, "\u202e" * 1_000_000):
            self.assert_error(INVALID, self.sim_call, sim, "SetLabel", "(s)", text)
        self.assertEqual(w.get(sim, "Sim", "Label"), "kept")
        w.stop_daemon()
        w.start_daemon()
        self.assertEqual(w.get(sim, "Sim", "Label"), "kept")

    def history(self, sim, slice="day", since=0, until=0, zone="UTC"):
        return self.sim_call(sim, "GetHistory", "(stts)", slice, since, until, zone)

    def test_history(self):
        w = self.world
        sim = self.start()
        self.assertEqual(self.history(sim), [])
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=2_000)
        for slice in ("15min", "hour", "day", "week", "month", "year"):
            for zone in ("", "UTC", "Asia/Kathmandu", "+05:45", "-11:00"):
                rows = self.history(sim, slice, zone=zone)
                self.assertEqual([sum(column) for column in zip(*rows)][1:], [*w.kernel(), 0, 0])
        now = int(time.time())
        self.assertEqual(self.history(sim, until=now - 86400), [])
        self.assertEqual(self.history(sim, since=LAST, until=LAST), [])
        self.assertEqual(self.history(CURRENT), self.history(sim))

    def test_history_refuses(self):
        sim = self.start()
        for slice in ("", "Day", "minute", "1h", "days"):
            self.assert_error(INVALID, self.history, sim, slice)
        for since, until in ((LAST + 1, 0), (0, LAST + 1), (2**64 - 1, 0), (2, 1)):
            self.assert_error(INVALID, self.history, sim, "day", since, until)
        for zone in ("Mars/Phobos", "+25:00", "UTC+8", "../../etc/passwd", "/etc/localtime",
                     "Asia/Tokyo\n", ":UTC", "x" * 100_000):
            self.assert_error(INVALID, self.history, sim, "day", 0, 0, zone)

    def test_history_bounds(self):
        w = self.world
        sim = self.start()
        w.stop_daemon()
        with sqlite3.connect(w.state / "ledger.db") as ledger:
            id, = ledger.execute("SELECT id FROM sim WHERE iccid IS NOT NULL").fetchone()
            ledger.executemany(
                "INSERT INTO usage VALUES (?, ?, 0, '44010', 0, 1, 2, ?, ?, NULL)",
                [(id, i * 900, i * 900, i * 900) for i in range(1_000_000, 1_004_097)])
        ledger.close()
        w.start_daemon()
        message = self.assert_error(f"{BUS}.Error.TooMuch", self.history, sim, "15min")
        self.assertIn("4096", message)
        rows = self.history(sim, "15min", 1_000_001 * 900)
        self.assertEqual(len(rows), 4096)
        self.assertEqual(rows[0], (1_000_001 * 900, 1, 2, 0, 0))

    def test_identity(self):
        sim = self.start()
        self.assertEqual(self.sim_call(sim, "GetIdentity"),
                         {"Iccid": ICCID, "Imsi": IMSI, "Eid": EID})

    def test_assign(self):
        w = self.world
        sim = self.start()
        modem = w.modem_path()

        def assign(to, since=0, until=0):
            return w.call(modem, f"{BUS}.Modem", "AssignTo", "(ott)", to, since, until)
        self.assertEqual(assign(sim), ())
        self.assertEqual(assign("/"), ())
        for path in (CURRENT, PATH, modem, PATH + "/sim/0123456789abcdef"):
            self.assert_error(f"{BUS}.Error.NoSuchSim", assign, path)
        for since, until in ((LAST + 1, 0), (0, LAST + 1), (2, 1)):
            self.assert_error(INVALID, assign, sim, since, until)


if __name__ == "__main__":
    main()
