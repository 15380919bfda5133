#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The contract of org.simtally1 on the bus: members, signals, errors, and who may do what.

A second, unprivileged user takes part (nobody). Real root runs this in network and mount namespaces
of its own; anyone else needs newuidmap (package uidmap) and a range in /etc/subuid.
"""

import json
import os
import sqlite3
import subprocess
import sys
import time
import unittest
import xml.etree.ElementTree as ElementTree

import harness
from gi.repository import Gio, GLib
from harness import BUS, PATH, SOURCE, card, wait_for

CURRENT = PATH + "/current"
PROPERTIES = "org.freedesktop.DBus.Properties"
INVALID = "org.freedesktop.DBus.Error.InvalidArgs"
DENIED = "org.freedesktop.DBus.Error.AccessDenied"
LAST = 253402300799
NOBODY = 65534

ICCID, IMSI = "8981100000000007719", "440100123456789"
EID = "89049032004008882600000000000001"
OTHER, OTHER_IMSI = "8981100000000008810", "440100987654321"
TWIN = "8981300000000007719"  # the same last four digits
SECRETS = (ICCID, IMSI, EID, OTHER, OTHER_IMSI)

SIM_EMPTY = {
    "Label": "", "IccidTail": "", "Kind": "", "Operator": "", "HomePlmn": "", "NetworkPlmn": "",
    "NetworkName": "",
    "Present": False, "Connected": False, "Current": False, "Modem": "/", "Roaming": False,
    "RxBytes": 0, "TxBytes": 0, "TodayRxBytes": 0, "TodayTxBytes": 0, "LastUsedAt": 0,
    "Alerts": []}
SIM_TOLD = set(SIM_EMPTY) - {"Alerts"}  # lists are only said to be others
PLAN_EMPTY = {
    "HasPlan": False, "ReadOnly": False, "Name": "", "Zone": "", "Since": 0, "Shared": False,
    "State": "none", "Unlimited": False, "LimitBytes": 0, "UsedBytes": 0, "RemainingBytes": 0,
    "OverBytes": 0, "PercentUsed": 0.0, "PeriodStart": 0, "PeriodEnd": 0, "ExpiresAt": 0,
    "HasForecast": False, "RunsOutAt": 0, "SpareBytes": 0, "MissingBytes": 0, "HasSafe": False,
    "SafeTodayBytes": 0, "SafeDailyBytes": 0, "RateLimit": 0, "LiftsAt": 0, "Charged": 0.0,
    "Currency": "", "KeepAliveUntil": 0, "TopUpUrl": "", "Support": "", "Buckets": []}
PLAN_TOLD = set(PLAN_EMPTY) - {"Buckets"}
PLAN = "[Plan]\nZone=UTC\n\n[Bucket b]\nBytes=1GB\n"
SIM_FIGURES = {"RxBytes", "TxBytes", "TodayRxBytes", "TodayTxBytes", "LastUsedAt"}

# As on a real system bus: only root may own names, and only what a policy allows may be called.
harness.BUS_CONFIG = harness.BUS_CONFIG.replace('<allow own="{own}"/>', '<deny own="*"/>').replace(
    "<include", '<policy user="root"><allow own="*"/></policy>\n'
                '  <policy user="polkitd"><allow own="org.freedesktop.PolicyKit1"/></policy>\n'
                "  <include", 1)

# Another user's program: a JSON call a line in, its answer a line out.
OTHER_USER = r"""
import json, sys
from gi.repository import Gio, GLib
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
bus = Gio.DBusConnection.new_for_address_sync(sys.argv[1], flags, None, None)
print(bus.get_unique_name(), flush=True)
signals, answers, context = [], [], GLib.MainContext.default()
bus.signal_subscribe(None, None, None, None, None, Gio.DBusSignalFlags.NONE,
                     lambda b, sender, path, interface, member, parameters:
                     signals.append(f"{path} {interface}.{member} {parameters.print_(True)}"))
def arguments(c):
    return (c.get("to", "org.simtally1"), c["path"], c["interface"], c["method"],
            GLib.Variant(c["signature"], tuple(c["arguments"])), None,
            Gio.DBusCallFlags.ALLOW_INTERACTIVE_AUTHORIZATION if c.get("interactive")
            else Gio.DBusCallFlags.NONE, 60000, None)
def answer(get):
    try:
        return {"value": get().print_(False)}
    except GLib.Error as error:
        return {"error": Gio.DBusError.get_remote_error(error), "sentence": error.message}
for line in sys.stdin:
    c = json.loads(line)
    if c["do"] == "call":
        out = answer(lambda: bus.call_sync(*arguments(c)))
    elif c["do"] == "begin":
        bus.call(*arguments(c), lambda b, result: answers.append(answer(lambda: b.call_finish(result))))
        out = {}
    else:
        while context.iteration(False):
            pass
        out = {"signals": signals, "answers": answers}
    print(json.dumps(out), flush=True)
"""


class User:
    """A connection to the bus that belongs to another user."""

    def __init__(self, address, uid=NOBODY):
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER_USER, address], user=uid, group=uid, extra_groups=[],
            cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.name = self.process.stdout.readline().strip()

    def do(self, what, **more):
        self.process.stdin.write(json.dumps({"do": what} | more) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def call(self, path, interface, method, signature="()", *arguments, do="call", **more):
        return self.do(do, path=path, interface=interface, method=method, signature=signature,
                       arguments=arguments, **more)

    def close(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
            self.process.wait(30)
            self.process.stdout.close()


class Signals:
    """What a connection hears, with the time of its arrival."""

    def __init__(self, connection):
        self.heard = []
        connection.signal_subscribe(None, None, None, None, None, Gio.DBusSignalFlags.NONE, self.on)

    def on(self, _connection, _sender, path, interface, member, parameters):
        if path.startswith(PATH):
            self.heard.append((time.monotonic(), path, f"{interface}.{member}", parameters.unpack()))

    def listen(self):
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass
        return self.heard

    def changes(self, path, name):
        """(time, all that changed with it) of every change of a property, oldest first."""
        return [(at, values[1]) for at, where, member, values in self.listen()
                if where == path and member == PROPERTIES + ".PropertiesChanged"
                and name in values[1]]

    def members(self, member):
        return [values for _at, _path, name, values in self.listen() if name.endswith("." + member)]

    def forget(self):
        self.listen()
        self.heard.clear()


class BusCase(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.signals = Signals(self.world.connection)

    def start(self, iccid=ICCID, **more):
        """A modem with a SIM, and the daemon."""
        self.world.add_modem(card(iccid, imsi=IMSI, eid=EID, esim=True, provider="Blue") | more)
        self.world.start_daemon()
        path = self.world.present(iccid[-4:])
        wait_for(lambda: self.world.get(path, "Sim", "Label") == "Blue", "the SIM's own name")
        return path

    def user(self):
        user = User(self.world.address)
        self.addCleanup(user.close)
        return user

    def sim_call(self, path, method, signature="()", *arguments, **more):
        return self.world.call(path, f"{BUS}.Sim", method, signature, *arguments, **more)

    def is_there(self, name):
        return self.world.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
            GLib.Variant("(s)", (name,)), None, 0, 30000, None).unpack()[0]

    def assert_error(self, name, call, *arguments):
        """The call fails with this error, and a sentence that says something."""
        with self.assertRaises(GLib.Error) as caught:
            call(*arguments)
        self.assertEqual(Gio.DBusError.get_remote_error(caught.exception), name)
        self.assertGreater(len(caught.exception.message.split(": ", 1)[1]), 20)
        return caught.exception.message

    def assert_denied(self, answer, name=DENIED):
        self.assertEqual(answer.get("error"), name, answer)
        self.assertGreater(len(answer["sentence"]), 20)


def interfaces(xml):
    """{interface: {member: what it is}} of an introspection document."""
    found = {}
    for interface in ElementTree.fromstring(xml).iter("interface"):
        members = found[interface.get("name")] = {}
        for member in interface:
            if member.tag == "annotation":
                continue
            notes = {a.get("name"): a.get("value") for a in member.findall("annotation")}
            members[member.get("name")] = (
                member.tag, member.get("type"), member.get("access"), notes,
                [(a.get("name"), a.get("type"), a.get("direction")) for a in member.findall("arg")])
    return found


def documented():
    found = {}
    for file in sorted((SOURCE / "dbus").glob("org.simtally1.*.xml")):
        assert file.stem in interfaces(file.read_text()), file
        found |= interfaces(file.read_text())
    return found


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
        for name in (f"{BUS}.Sim", f"{BUS}.Plan"):
            self.assertEqual(alias[name], live[name])

    def test_what_is_where(self):
        sim = self.start()
        modem = self.world.modem_path()
        standard = {"org.freedesktop.DBus.Peer", "org.freedesktop.DBus.Introspectable", PROPERTIES}
        for path, wanted in ((PATH, {f"{BUS}.Manager", "org.freedesktop.DBus.ObjectManager"}),
                             (sim, {f"{BUS}.Sim", f"{BUS}.Plan"}), (modem, {f"{BUS}.Modem"}),
                             (CURRENT, {f"{BUS}.Sim", f"{BUS}.Plan"})):
            self.assertEqual(set(interfaces(self.introspect(path))), wanted | standard, path)
        self.assertEqual({path: {i for i in found if i.startswith(BUS)}
                          for path, found in self.world.objects().items()},
                         {sim: {f"{BUS}.Sim", f"{BUS}.Plan"}, modem: {f"{BUS}.Modem"}})

    def test_busctl_reads_every_property(self):
        sim = self.start()
        environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.world.address)
        for path, interface in ((PATH, "Manager"), (sim, "Sim"), (CURRENT, "Sim"), (sim, "Plan"),
                                (CURRENT, "Plan"),
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


class OtherUser(BusCase):
    """What somebody may do who is not root, where no polkit answers."""

    def everything(self, user):
        """All that can be read, as text."""
        text = user.call(PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")["value"]
        paths = [PATH, CURRENT, self.world.modem_path(), *self.world.sim_paths()]
        for path in paths:
            text += user.call(path, "org.freedesktop.DBus.Introspectable", "Introspect")["value"]
            for interface in documented():
                answer = user.call(path, PROPERTIES, "GetAll", "(s)", interface)
                text += answer.get("value") or answer["sentence"]
        return text

    def test_reads_figures_and_learns_no_identifier(self):
        w = self.world
        sim = self.start()
        user = self.user()
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=5_000)
        figures = user.call(sim, PROPERTIES, "GetAll", "(s)", f"{BUS}.Sim")["value"]
        self.assertIn("'RxBytes': <uint64 1000000>", figures)
        history = user.call(sim, f"{BUS}.Sim", "GetHistory", "(stts)", "year", 0, 0, "UTC")
        self.assertIn(", 1000000, 5000, 0, 0)", history["value"])
        self.assertIn(sim, user.call(PATH, f"{BUS}.Manager", "FindSim", "(s)", "7719")["value"])

        text = self.everything(user)
        w.sim("swap", card=card(OTHER, imsi=OTHER_IMSI))
        w.present("8810")
        self.sim_call(w.find("8810"), "SetLabel", "(s)", "Second")
        self.sim_call(sim, "Forget")
        w.sim("unplug")
        w.wait_state("absent")
        text += self.everything(user)

        def heard():
            signals = "\n".join(user.do("listen")["signals"])
            return signals if "InterfacesRemoved" in signals and "'absent'" in signals else None
        text += wait_for(heard, "the signals")
        for secret in SECRETS:
            self.assertNotIn(secret, text)
            self.assertNotIn(secret[:-4], text)
            self.assertNotIn(secret, w.log())
        self.assertIn("7719", text)

    def test_changes_nothing_without_polkit(self):
        w = self.world
        sim, user = self.start(), self.user()
        for path in (sim, CURRENT):
            self.assert_denied(user.call(path, f"{BUS}.Sim", "GetIdentity"))
        self.assert_denied(user.call(sim, f"{BUS}.Sim", "SetLabel", "(s)", "mine"))
        self.assert_denied(user.call(sim, f"{BUS}.Sim", "Forget"))
        self.assert_denied(user.call(w.modem_path(), f"{BUS}.Modem", "AssignTo", "(ott)", sim, 0, 0))
        for path in (sim, CURRENT):
            self.assert_denied(user.call(path, f"{BUS}.Plan", "GetPlan"))
            self.assert_denied(user.call(path, f"{BUS}.Plan", "ListEvents", "(tu)", 0, 0))
        self.assert_denied(user.call(sim, f"{BUS}.Sim", "AcknowledgeAlert", "(t)", 1))
        self.assert_denied(user.call(sim, f"{BUS}.Sim", "SnoozeAlert", "(tt)", 1, 0))
        self.assert_denied(user.call(sim, f"{BUS}.Plan", "SetPlan", "(st)", PLAN, 0))
        self.assertFalse(w.get(sim, "Plan", "HasPlan"))
        w.call(sim, f"{BUS}.Plan", "SetPlan", "(st)", PLAN, 0)
        self.assert_denied(user.call(sim, f"{BUS}.Plan", "TopUp", "(st)", "1GB", 0))
        self.assert_denied(user.call(sim, f"{BUS}.Plan", "ClearPlan"))
        self.assert_denied(user.call(sim, f"{BUS}.Plan", "RemoveEvent", "(t)", 1))
        self.assertEqual(w.get(sim, "Plan", "RemainingBytes"), 10**9)
        self.assertIn("value", user.call(sim, f"{BUS}.Plan", "GetPeriods", "(tt)", 0, 0))
        self.assertEqual(w.get(sim, "Sim", "Label"), "Blue")
        self.assertEqual(user.call(sim, f"{BUS}.Sim", "SetLabel", "(s)", "x" * 129)["error"],
                         INVALID)  # said before anybody is asked
        self.assertIn("error", user.call(
            "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "(su)", BUS + ".Fake", 0,
            to="org.freedesktop.DBus"))

    def test_cannot_own_the_name(self):
        self.world.start_daemon()
        self.world.stop_daemon()
        answer = self.user().call("/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                                  "(su)", BUS, 0, to="org.freedesktop.DBus")
        self.assertEqual(answer["error"], DENIED)


class MockPolkit(BusCase):
    """polkit as python3-dbusmock plays it."""

    MOCK = ("org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority")

    def setUp(self):
        super().setUp()
        self.polkit = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", "--template", "polkitd"],
            stdout=subprocess.DEVNULL)
        self.addCleanup(harness.end, self.polkit)
        wait_for(lambda: self.is_there(self.MOCK[0]), "the mock")
        self.sim = self.start()

    def mock(self, method, signature="()", *arguments):
        return self.world.connection.call_sync(
            *self.MOCK, "org.freedesktop.DBus.Mock", method, GLib.Variant(signature, arguments),
            None, 0, 30000, None).unpack()

    def waiting(self):
        return self.mock("HaveHangingCalls")[0]

    def label(self):
        return self.world.get(self.sim, "Sim", "Label")

    def test_actions(self):
        user, modem = self.user(), self.world.modem_path()
        calls = {
            f"{BUS}.identify": [(self.sim, f"{BUS}.Sim", "GetIdentity")],
            f"{BUS}.modify-plan": [
                (self.sim, f"{BUS}.Sim", "SetLabel", "(s)", "mine"),
                (modem, f"{BUS}.Modem", "AssignTo", "(ott)", self.sim, 0, 0),
                (self.sim, f"{BUS}.Plan", "SetPlan", "(st)", PLAN, 0),
                (self.sim, f"{BUS}.Plan", "TopUp", "(st)", "1GB", 0)],
            f"{BUS}.read-private": [
                (self.sim, f"{BUS}.Plan", "GetPlan"), (CURRENT, f"{BUS}.Plan", "GetPlan"),
                (self.sim, f"{BUS}.Plan", "ListEvents", "(tu)", 0, 0)],
        }
        self.world.call(self.sim, f"{BUS}.Plan", "SetPlan", "(st)", PLAN, 0)
        for allowed in calls:
            self.mock("SetAllowed", "(as)", [allowed])
            for action, each in calls.items():
                for call in each:
                    answer = user.call(*call)
                    if action == allowed:
                        self.assertIn("value", answer, call)
                    else:
                        self.assert_denied(answer)
        self.assertEqual(self.label(), "mine")

        self.mock("SetAllowed", "(as)", [f"{BUS}.identify"])
        self.assertIn(ICCID, user.call(self.sim, f"{BUS}.Sim", "GetIdentity")["value"])
        self.assertIn(ICCID, user.call(CURRENT, f"{BUS}.Sim", "GetIdentity")["value"])

        self.mock("SetAllowed", "(as)", [f"{BUS}.modify-plan"])
        answer = user.call(self.sim, f"{BUS}.Sim", "Forget")
        self.assert_denied(answer, f"{BUS}.Error.Busy")

    def test_root_is_not_asked_about(self):
        self.sim_call(self.sim, "SetLabel", "(s)", "root's")
        self.assertEqual(self.label(), "root's")

    def test_nobody_waits_for_polkit(self):
        """While a person types a password, others are served; and what is gone by then is gone."""
        w, user = self.world, self.user()
        self.mock("AllowUnknown", "(b)", True)
        self.mock("SimulateHang", "(b)", True)
        user.call(self.sim, f"{BUS}.Sim", "SetLabel", "(s)", "late", do="begin")
        wait_for(self.waiting, "the question")
        self.assertEqual(self.label(), "Blue")
        w.sim("swap", card=card(OTHER))
        w.present("8810")
        self.sim_call(self.sim, "Forget")
        self.mock("ReleaseHangingCalls")
        answer = wait_for(lambda: user.do("listen")["answers"], "the answer")[0]
        self.assert_denied(answer, f"{BUS}.Error.NoSuchSim")

    def ask(self, user, label):
        """Leaves a question with polkit: when this returns, it has it."""
        user.call(self.sim, f"{BUS}.Sim", "SetLabel", "(s)", label, do="begin")
        user.call(self.sim, PROPERTIES, "Get", "(ss)", f"{BUS}.Sim", "Label")

    def test_sixteen_questions(self):
        user, other = self.user(), self.user()
        self.mock("AllowUnknown", "(b)", True)
        self.mock("SimulateHang", "(b)", True)
        self.ask(other, "other's")
        for i in range(20):
            self.ask(user, f"mine {i}")
        refused = user.do("listen")["answers"]
        self.assertEqual(len(refused), 4)
        for answer in refused:
            self.assert_denied(answer, "org.freedesktop.DBus.Error.LimitsExceeded")

        # They are dropped with the one who asked; others' are not.
        user.close()
        wait_for(lambda: not self.is_there(user.name), "the user to leave")
        self.mock("ReleaseHangingCalls")
        self.assertIn("value", wait_for(lambda: other.do("listen")["answers"], "the answer")[0])
        self.mock("SimulateHang", "(b)", False)
        self.assertEqual(self.label(), "other's")

        # What was answered counts no more.
        for i in range(20):
            answer = other.call(self.sim, f"{BUS}.Sim", "SetLabel", "(s)", f"again {i}")
            self.assertIn("value", answer)


class RealPolkit(BusCase):
    """The real polkitd, with our actions, and a rule instead of a person."""

    RULES = """polkit.addRule(function(action, subject) {
        if (action.id == "org.simtally1.identify" && subject.user == "nobody")
                return polkit.Result.YES;
});
"""

    def setUp(self):
        super().setUp()
        actions, rules = self.world.directory / "actions", self.world.directory / "rules"
        for folder in (actions, rules):
            folder.mkdir(mode=0o755)
        source = SOURCE / "dbus/org.simtally1.policy"
        (actions / source.name).write_bytes(source.read_bytes())
        (rules / "50-test.rules").write_text(self.RULES)
        for folder, place in ((actions, "/usr/share/polkit-1/actions"), (rules, "/etc/polkit-1/rules.d")):
            subprocess.run(["mount", "--bind", folder, place], check=True)
            self.addCleanup(subprocess.run, ["umount", place], check=True)
        self.polkitd = subprocess.Popen(["/usr/lib/polkit-1/polkitd", "--no-debug"],
                                        stderr=subprocess.DEVNULL)
        self.addCleanup(harness.end, self.polkitd)
        self.sim = self.start()

    def test_defaults(self):
        w, user = self.world, self.user()
        wait_for(lambda: self.is_there("org.freedesktop.PolicyKit1"), "polkitd")

        # In no session at all: an administrator's password, which nobody is there to type.
        answer = user.call(self.sim, f"{BUS}.Sim", "SetLabel", "(s)", "mine")
        self.assert_denied(answer, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired")
        answer = user.call(self.sim, f"{BUS}.Sim", "SetLabel", "(s)", "mine", interactive=True)
        self.assertIn("error", answer)
        self.assertEqual(w.get(self.sim, "Sim", "Label"), "Blue")
        self.assertIn(ICCID, user.call(self.sim, f"{BUS}.Sim", "GetIdentity")["value"])
        self.sim_call(self.sim, "SetLabel", "(s)", "root's")
        self.assertEqual(w.get(self.sim, "Sim", "Label"), "root's")

    def test_actions_are_known(self):
        def actions():
            try:
                return self.world.connection.call_sync(
                    "org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority",
                    "org.freedesktop.PolicyKit1.Authority", "EnumerateActions",
                    GLib.Variant("(s)", ("",)), None, 0, 30000, None).unpack()[0]
            except GLib.Error:
                return None
        # id, description, message, vendor, vendor's address, icon, then any, inactive, active
        no, admin, keep, yes = 0, 2, 4, 5
        found = {a[0]: a[6:9] for a in wait_for(actions, "polkitd")}
        self.assertEqual(found, {
            f"{BUS}.modify-plan": (admin, no, yes),
            f"{BUS}.send-query": (no, no, yes),
            f"{BUS}.configure-carrier": (keep, keep, keep),
            f"{BUS}.identify": (keep, keep, keep),
            f"{BUS}.read-private": (no, yes, yes)})


def main():
    if harness.IN_NAMESPACE not in os.environ and os.getuid() != 0:
        two_users = ["unshare", "-Ur", "--map-auto", "true"]
        if subprocess.run(two_users, stderr=subprocess.DEVNULL).returncode != 0:
            sys.exit("test_bus.py needs a second user: run it as root, or install newuidmap "
                     "(package uidmap) and give yourself a range in /etc/subuid and /etc/subgid")
        harness.enter_namespace("-Urnm", "--map-auto")
    harness.enter_namespace("-n", "-m")
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
