#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who may do what on the bus: another user, with polkit and without."""

import subprocess
import sys

import harness
from bus_case import (CURRENT, PROPERTIES, INVALID, DENIED, ICCID, OTHER, OTHER_IMSI, SECRETS, PLAN,
                      BusCase, documented, main)
from gi.repository import GLib
from harness import BUS, PATH, SOURCE, card, wait_for

QUERY = "[Query]\nMethod=command\nCommand=/bin/nothing\n"


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
            self.assert_denied(user.call(path, f"{BUS}.Carrier", "GetQuery"))
            self.assert_denied(user.call(path, f"{BUS}.Carrier", "GetLastReply"))
        self.assert_denied(user.call(sim, f"{BUS}.Carrier", "SetQuery", "(s)", QUERY))
        self.assert_denied(user.call(sim, f"{BUS}.Carrier", "ConfirmQuery", "(ss)", "*1#", ""))
        self.assert_denied(user.call(sim, f"{BUS}.Carrier", "Query"))
        self.assertEqual(w.get(sim, "Carrier", "QueryMethod"), "none")
        self.assertIn("value", user.call(sim, f"{BUS}.Carrier", "TestReply", "(s)", "1 GB left"))
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
            f"{BUS}.configure-carrier": [
                (self.sim, f"{BUS}.Carrier", "SetQuery", "(s)", QUERY),
                (self.sim, f"{BUS}.Carrier", "ConfirmQuery", "(ss)", "/bin/nothing", "")],
            f"{BUS}.send-query": [(self.sim, f"{BUS}.Carrier", "Query")],
            f"{BUS}.read-private": [
                (self.sim, f"{BUS}.Carrier", "GetQuery"), (CURRENT, f"{BUS}.Carrier", "GetQuery"),
                (self.sim, f"{BUS}.Carrier", "GetLastReply"),
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


if __name__ == "__main__":
    main()
