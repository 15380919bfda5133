# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the bus share: a bus as on a real system, another user, and who hears what.

A second, unprivileged user takes part (nobody). Real root runs this in network and mount namespaces
of its own; anyone else needs newuidmap (package uidmap) and a range in /etc/subuid.
"""

import json
import os
import subprocess
import sys
import time
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
    "RxBytes": 0, "TxBytes": 0, "TodayRxBytes": 0, "TodayTxBytes": 0,
    "UndatedRxBytes": 0, "UndatedTxBytes": 0, "FirstSeenAt": 0, "LastUsedAt": 0, "Alerts": []}
SIM_TOLD = set(SIM_EMPTY) - {"Alerts"}  # lists are only said to be others
PLAN_EMPTY = {
    "HasPlan": False, "ReadOnly": False, "Name": "", "Zone": "", "Since": 0, "Shared": False,
    "State": "none", "Unlimited": False, "LimitBytes": 0, "UsedBytes": 0, "RemainingBytes": 0,
    "OverBytes": 0, "AfterExpiryBytes": 0, "PercentUsed": 0.0, "PeriodStart": 0, "PeriodEnd": 0,
    "ExpiresAt": 0,
    "HasForecast": False, "RunsOutAt": 0, "SpareBytes": 0, "MissingBytes": 0, "HasSafe": False,
    "SafeTodayBytes": 0, "SafeDailyBytes": 0, "RateLimit": 0, "LiftsAt": 0, "Charged": 0.0,
    "Currency": "", "KeepAliveUntil": 0, "TopUpUrl": "", "Support": "", "Buckets": []}
CARRIER_EMPTY = {
    "QueryMethod": "none", "QueryState": "unconfirmed", "QueryError": "", "HasReport": False,
    "ReportedAt": 0, "ReportedRemainingBytes": 0, "ReportsUsed": False, "ReportedUsedBytes": 0,
    "ReportedExpiresAt": 0, "ReportState": "", "OwnBytes": 0, "DriftPercent": 0.0}
PLAN_TOLD = set(PLAN_EMPTY) - {"Buckets"}
PLAN = "[Plan]\nZone=UTC\n\n[Bucket b]\nBytes=1GB\n"
SIM_FIGURES = {"RxBytes", "TxBytes", "TodayRxBytes", "TodayTxBytes", "UndatedRxBytes",
               "UndatedTxBytes", "FirstSeenAt", "LastUsedAt"}

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


def main():
    if harness.IN_NAMESPACE not in os.environ and os.getuid() != 0:
        two_users = ["unshare", "-Ur", "--map-auto", "true"]
        if subprocess.run(two_users, stderr=subprocess.DEVNULL).returncode != 0:
            sys.exit("This test needs a second user: run it as root, or install newuidmap "
                     "(package uidmap) and give yourself a range in /etc/subuid and /etc/subgid")
        harness.enter_namespace("-Urnm", "--map-auto")
    harness.main("-n", "-m")
