#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plans through the real daemon and bus: what was bought, what is left, and what is told of it."""

import signal
import time

import harness
from gi.repository import Gio, GLib
from harness import BUS, PATH, SOURCE, TestCase, card, wait_for

ICCID, OTHER = "8981100000000007719", "8981100000000008810"
CURRENT = PATH + "/current"
ERROR = BUS + ".Error."
INVALID = "org.freedesktop.DBus.Error.InvalidArgs"
MB, GB = 10**6, 10**9

MONTHLY = """[Plan]
Name=Test
Zone=UTC

[Bucket monthly]
Bytes={size}
Every=1 month
From=2026-01-01
"""


class PlanCase(TestCase):
    def start(self, iccid=ICCID):
        w = self.world
        w.add_modem(card(iccid, provider="Blue"))
        w.start_daemon()
        self.sim = w.present(iccid[-4:])
        self.connect()

    def connect(self):
        self.world.sim("connect")
        self.world.wait_state("connected")

    def restart(self, sig=signal.SIGKILL):
        self.world.stop_daemon(sig)
        self.world.start_daemon()
        self.sim = self.world.present(ICCID[-4:])

    def move(self, rx=0, tx=0):
        """Bytes that the daemon has counted when this returns."""
        before = self.world.bytes_of(self.sim)
        self.world.sim("move", rx=rx, tx=tx)
        self.world.expect_bytes(self.sim, harness.plus(before, (rx, tx)))

    def plan_call(self, method, signature="()", *arguments, path=None, **more):
        return self.world.call(path or self.sim, f"{BUS}.Plan", method, signature, *arguments,
                               **more)

    def set_plan(self, text, since=0):
        self.plan_call("SetPlan", "(st)", text, since)

    def plan(self, path=None):
        return self.world.get_all(path or self.sim, "Plan")

    def figures(self, path=None):
        plan = self.plan(path)
        return plan["State"], plan["UsedBytes"], plan["RemainingBytes"]

    def assert_error(self, name, call, *arguments, **more):
        with self.assertRaises(GLib.Error) as caught:
            call(*arguments, **more)
        self.assertEqual(Gio.DBusError.get_remote_error(caught.exception), name)
        message = caught.exception.message.split(": ", 1)[1]
        self.assertGreater(len(message), 15)
        return message


class Figures(PlanCase):
    def test_none_yet(self):
        self.start()
        self.move(rx=1000)
        plan = self.plan()
        self.assertEqual((plan["HasPlan"], plan["State"], plan["Buckets"]), (False, "none", []))
        self.assertEqual(self.plan_call("GetPlan"), "")
        self.assertEqual(self.plan_call("ListEvents", "(tu)", 0, 0), [])
        self.assert_error(ERROR + "NoPlan", self.plan_call, "TopUp", "(st)", "1GB", 0)
        self.assert_error(ERROR + "NoPlan", self.plan_call, "ClearPlan")
        self.assertEqual(self.plan(CURRENT), plan)

    def test_counts_what_was_before_and_after(self):
        self.start()
        self.move(rx=20 * MB, tx=MB)
        self.set_plan(MONTHLY.format(size="1GB"))
        self.assertEqual(self.figures(), ("ok", 21 * MB, 979 * MB))
        self.move(rx=79 * MB)
        self.assertEqual(self.figures(), ("ok", 100 * MB, 900 * MB))
        plan = self.plan()
        self.assertEqual((plan["Name"], plan["Zone"], plan["LimitBytes"], plan["PercentUsed"]),
                         ("Test", "UTC", GB, 10.0))
        bucket = plan["Buckets"][0]
        self.assertEqual({k: bucket[k] for k in ("Name", "Bytes", "UsedBytes", "RemainingBytes",
                                                 "Begun", "Expired", "Unlimited", "Where")},
                         {"Name": "monthly", "Bytes": GB, "UsedBytes": 100 * MB,
                          "RemainingBytes": 900 * MB, "Begun": True, "Expired": False,
                          "Unlimited": False, "Where": "anywhere"})
        self.assertLessEqual(plan["PeriodStart"], time.time())
        self.assertGreater(plan["PeriodEnd"], time.time())
        self.assertEqual(self.plan(CURRENT), plan)

    def test_what_comes_after_it_expired(self):
        self.start()
        self.set_plan("[Plan]\nZone=UTC\n[Bucket old]\nBytes=1GB\nStarts=2020-01-01\n"
                      "Lasts=30 days\n")
        self.move(rx=5 * MB, tx=MB)
        self.assertEqual((self.figures()[0], self.plan()["AfterExpiryBytes"]),
                         ("expired", 6 * MB))
        self.restart()
        self.assertEqual(self.plan()["AfterExpiryBytes"], 6 * MB)
        self.set_plan(MONTHLY.format(size="1GB"))
        self.assertEqual((self.figures()[0], self.plan()["AfterExpiryBytes"]), ("ok", 0))

    def test_kept_across_restarts(self):
        self.start()
        self.set_plan(MONTHLY.format(size="1GB"))
        self.move(rx=100 * MB)
        self.plan_call("TopUp", "(st)", "1GB lasts 30 days", 0)
        self.move(rx=50 * MB)
        figures, text = self.figures(), self.plan_call("GetPlan")
        self.assertEqual(figures, ("ok", 150 * MB, 1850 * MB))
        for sig in (signal.SIGTERM, signal.SIGKILL):
            self.restart(sig)
            wait_for(lambda: self.figures() == figures, "the same figures")
            self.assertEqual(self.plan_call("GetPlan"), text)

    def test_zone_is_written_in(self):
        self.world.environment["TZ"] = "Asia/Tokyo"
        self.start()
        text = "# mine\n[Plan]\nName=x\n\n[Bucket b]\nBytes=1GB\nEvery=1 month\nDay=1\n"
        self.set_plan(text)
        self.assertEqual(self.plan_call("GetPlan"), text.replace("[Plan]\n",
                                                                 "[Plan]\nZone=Asia/Tokyo\n"))
        self.assertEqual(self.plan()["Zone"], "Asia/Tokyo")
        self.assertEqual(self.plan()["PeriodStart"] % 86400, 15 * 3600)


class Changes(PlanCase):
    def setUp(self):
        super().setUp()
        self.start()

    def test_amended_and_cleared(self):
        self.set_plan(MONTHLY.format(size="1GB"))
        self.move(rx=100 * MB)
        self.set_plan(MONTHLY.format(size="500MB"))
        self.assertEqual(self.figures(), ("ok", 100 * MB, 400 * MB))
        events = self.plan_call("ListEvents", "(tu)", 0, 0)
        self.assertEqual([(e[2], e[3]["Amends"]) for e in events], [("plan", False), ("plan", True)])
        self.assertEqual(events[1][3]["Text"], MONTHLY.format(size="500MB"))
        self.plan_call("ClearPlan")
        self.assertEqual((self.plan()["State"], self.plan()["HasPlan"]), ("none", False))
        self.assertEqual(self.plan_call("GetPlan"), "")

    def test_contract_in_mid_month(self):
        """What was before stays as it was: bytes before and after an event are apart."""
        self.set_plan(MONTHLY.format(size="1GB"))
        self.move(rx=100 * MB)
        since = int(time.time()) + 1
        wait_for(lambda: time.time() >= since, "the next second")
        self.set_plan("[Plan]\nZone=UTC\n\n[Bucket new]\nBytes=2GB\n", since)
        self.move(rx=7 * MB)
        self.assertEqual(self.figures(), ("ok", 7 * MB, 1993 * MB))
        self.assertEqual(self.plan()["Since"], since)
        periods = {p["Name"]: p for p in self.plan_call("GetPeriods", "(tt)", 0, 0)
                   if p["UsedBytes"]}
        self.assertEqual({name: p["UsedBytes"] for name, p in periods.items()},
                         {"monthly": 100 * MB, "new": 7 * MB})
        self.restart()
        wait_for(lambda: self.figures() == ("ok", 7 * MB, 1993 * MB), "the same figures")

    def test_contract_ahead(self):
        """It waits for its instant, and nothing of it is seen before."""
        self.set_plan(MONTHLY.format(size="1GB"))
        since = int(time.time()) + 3
        self.set_plan("[Plan]\nZone=UTC\n\n[Bucket new]\nBytes=2GB\n", since)
        self.move(rx=5 * MB)
        if time.time() < since - 1:
            self.assertEqual(self.figures(), ("ok", 5 * MB, 995 * MB))
        wait_for(lambda: self.plan()["LimitBytes"] == 2 * GB, "the new contract")
        self.assertEqual(self.plan()["Since"], since)
        self.move(rx=3 * MB)
        self.assertEqual(self.figures(), ("ok", 3 * MB, 1997 * MB))
        self.restart()
        wait_for(lambda: self.figures() == ("ok", 3 * MB, 1997 * MB), "the same figures")

    def test_top_ups(self):
        self.set_plan(MONTHLY.format(size="1GB") + "\n[TopUp coupon]\nBytes=500MB\nLasts=30 days\n")
        ids = [self.plan_call("TopUp", "(st)", text, 0)
               for text in ("1GB", "name coupon", "unlimited lasts 24h")]
        names = [b["Name"] for b in self.plan()["Buckets"]]
        self.assertEqual(names, ["monthly", *(f"topup-{i}" for i in ids)])
        sizes = {b["Name"]: (b["Bytes"], b["Unlimited"]) for b in self.plan()["Buckets"]}
        self.assertEqual([sizes[f"topup-{i}"] for i in ids],
                         [(GB, False), (500 * MB, False), (0, True)])
        self.plan_call("RemoveEvent", "(t)", ids[2])
        self.assertEqual(self.plan()["RemainingBytes"], 2500 * MB)
        for text in ("", "1", "lots", "1GB for ever", "name other", "1GB lasts 3"):
            self.assert_error(ERROR + "InvalidTopUp", self.plan_call, "TopUp", "(st)", text, 0)
        self.assert_error(INVALID, self.plan_call, "TopUp", "(st)", "1GB", 253402300800)

    def test_corrections(self):
        self.set_plan(MONTHLY.format(size="1GB"))
        self.move(rx=100 * MB)
        correct = lambda **f: self.plan_call(  # noqa: E731
            "Correct", "(a{sv})", {k: GLib.Variant("s" if k == "Bucket" else "t", v)
                                   for k, v in f.items()})
        first = correct(RemainingBytes=600 * MB)
        self.assertEqual(self.figures(), ("ok", 400 * MB, 600 * MB))
        self.move(rx=50 * MB)
        self.assertEqual(self.figures(), ("ok", 450 * MB, 550 * MB))
        second = correct(UsedBytes=500 * MB, Bucket="monthly")
        self.assertEqual(self.figures(), ("ok", 500 * MB, 500 * MB))
        events = self.plan_call("ListEvents", "(tu)", first - 1, 0)
        self.assertEqual([(e[0], e[2]) for e in events],
                         [(first, "correction"), (second, "correction")])
        self.assertEqual(events[0][3]["RemainingBytes"], 600 * MB)
        self.assertEqual((events[1][3]["UsedBytes"], events[1][3]["Bucket"]), (500 * MB, "monthly"))

        self.plan_call("RemoveEvent", "(t)", second)
        self.assertEqual(self.figures(), ("ok", 450 * MB, 550 * MB))
        self.plan_call("RemoveEvent", "(t)", first)
        self.assertEqual(self.figures(), ("ok", 150 * MB, 850 * MB))
        self.assert_error(ERROR + "NoSuchEvent", self.plan_call, "RemoveEvent", "(t)", first)
        self.assertEqual(len(self.plan_call("ListEvents", "(tu)", 0, 0)), 1)

        self.assert_error(ERROR + "NoSuchBucket", correct, UsedBytes=1, Bucket="none")
        for figure in ({}, {"UsedBytes": 1, "RemainingBytes": 1}, {"Bucket": "monthly"},
                       {"UsedBytes": 1, "Colour": 1}, {"UsedBytes": 1, "At": 253402300800}):
            self.assert_error(INVALID, correct, **figure)
        self.assert_error(INVALID, self.plan_call, "Correct", "(a{sv})",
                          {"UsedBytes": GLib.Variant("s", "1")})

    def test_refused(self):
        message = self.assert_error(ERROR + "InvalidPlan", self.set_plan,
                                    "[Plan]\nName=x\n\n[Bucket b]\nBytes=lots\n")
        self.assertIn("line 5", message)
        self.assert_error(ERROR + "InvalidPlan", self.set_plan, "#" * (64 * 1024 + 1))
        self.assert_error(ERROR + "InvalidPlan", self.set_plan,
                          "".join(f"[Bucket {i}]\nBytes=1GB\n" for i in range(101)))
        self.assert_error(INVALID, self.set_plan, MONTHLY.format(size="1GB"), 253402300800)
        self.assertFalse(self.plan()["HasPlan"])

    def test_alias_is_read_only(self):
        self.set_plan(MONTHLY.format(size="1GB"))
        for method, signature, arguments in (
                ("SetPlan", "(st)", ("x", 0)), ("ClearPlan", "()", ()),
                ("TopUp", "(st)", ("1GB", 0)), ("RemoveEvent", "(t)", (1,)),
                ("Correct", "(a{sv})", ({},))):
            self.assert_error(ERROR + "UseRealPath", self.plan_call, method, signature, *arguments,
                              path=CURRENT)
        self.assertEqual(self.plan_call("GetPlan", path=CURRENT), self.plan_call("GetPlan"))
        self.assertEqual(self.plan_call("ListEvents", "(tu)", 0, 0, path=CURRENT),
                         self.plan_call("ListEvents", "(tu)", 0, 0))
        self.assertEqual(len(self.plan_call("GetPeriods", "(tt)", 0, 0, path=CURRENT)),
                         len(self.plan_call("GetPeriods", "(tt)", 0, 0)))

    def test_two_sims(self):
        """Each has its own plan, and the alias is always the current one's."""
        w = self.world
        first = self.sim
        self.set_plan(MONTHLY.format(size="1GB"))
        self.move(rx=10 * MB)
        w.sim("swap", card=card(OTHER))
        self.sim = w.present("8810")
        self.connect()
        self.set_plan("[Plan]\nZone=UTC\n\n[Bucket b]\nBytes=3GB\n")
        self.move(rx=4 * MB)
        self.assertEqual(self.figures(), ("ok", 4 * MB, 2996 * MB))
        self.assertEqual(self.figures(first), ("ok", 10 * MB, 990 * MB))
        wait_for(lambda: w.get(PATH, "Manager", "CurrentSim") == self.sim, "the switch")
        self.assertEqual(self.figures(CURRENT), ("ok", 4 * MB, 2996 * MB))


class Signals(PlanCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.told = []
        self.world.connection.signal_subscribe(
            None, "org.freedesktop.DBus.Properties", "PropertiesChanged", None, f"{BUS}.Plan",
            Gio.DBusSignalFlags.NONE, self.on_changed)

    def on_changed(self, _connection, _sender, path, _interface, _member, parameters):
        _name, changed, invalidated = parameters.unpack()
        self.told.append((time.monotonic(), path, changed, invalidated))

    def listen(self, path=None):
        context = GLib.MainContext.default()
        while context.iteration(False):
            pass
        return [t for t in self.told if t[1] == (path or self.sim)]

    def test_states_at_once(self):
        self.set_plan(MONTHLY.format(size="10MB"))
        wait_for(self.listen, "the plan")
        _at, _path, changed, invalidated = self.listen()[0]
        self.assertEqual((changed["HasPlan"], changed["Name"], changed["State"],
                          changed["LimitBytes"]), (True, "Test", "ok", 10 * MB))
        wait_for(lambda: any("Buckets" in t[3] for t in self.listen()), "the buckets")
        self.assertFalse(any("Buckets" in t[2] for t in self.listen()))
        wait_for(lambda: self.listen(CURRENT), "the alias")
        self.told.clear()
        self.move(rx=10 * MB)
        wait_for(lambda: any(t[2].get("State") == "exhausted" for t in self.listen()), "the end")

    def test_a_thousandth_of_the_limit(self):
        """Of a small plan, little is much."""
        self.set_plan(MONTHLY.format(size="20MB"))
        wait_for(lambda: any(t[2].get("UsedBytes") == 0 for t in self.listen()), "the plan")
        self.move(rx=30_000)
        wait_for(lambda: any(t[2].get("UsedBytes") == 30_000 for t in self.listen()),
                 "the figures", timeout=10)


class Manager(PlanCase):
    def call(self, method, signature="()", *arguments):
        return self.world.call(PATH, f"{BUS}.Manager", method, signature, *arguments)

    def test_check_plan(self):
        self.world.start_daemon()
        at = 1795564800  # 2026-11-25 00:00 UTC
        buckets = self.call("CheckPlan", "(st)", MONTHLY.format(size="20GB"), at)
        self.assertEqual([(b["Name"], b["Bytes"], b["UsedBytes"], b["PeriodStart"], b["PeriodEnd"])
                          for b in buckets],
                         [("monthly", 20 * GB, 0, 1793491200, 1796083200)])
        with self.assertRaises(GLib.Error) as caught:
            self.call("CheckPlan", "(st)", "[Bucket x]\n", at)
        self.assertEqual(Gio.DBusError.get_remote_error(caught.exception), ERROR + "InvalidPlan")

    def test_presets(self):
        w = self.world
        data = w.directory / "data"
        (data / "simtally").mkdir(parents=True)
        (data / "simtally/plans").symlink_to(SOURCE / "data/plans")
        w.environment["XDG_DATA_DIRS"] = str(data)
        w.start_daemon()
        presets = self.call("ListPresets")
        files = {p.stem: p.read_text() for p in (SOURCE / "data/plans").glob("*.plan")}
        self.assertEqual([p[0] for p in presets if p[0] in files], sorted(files))
        for name, text in files.items():
            self.assertEqual(self.call("GetPreset", "(s)", name), text)
        for name in ("none", "../iijmio-5gb", ""):
            self.assert_error(ERROR + "NoSuchPreset", self.call, "GetPreset", "(s)", name)


class Fleet(PlanCase):
    """Plans that an administrator gives, each to the SIMs that it fits."""

    def give(self, **plans):
        folder = self.world.directory / "configuration/plans.d"
        folder.mkdir(parents=True, exist_ok=True)
        for name, (match, size) in plans.items():
            (folder / f"{name}.plan").write_text(MONTHLY.format(size=size).replace("Test", name)
                                                 + f"\n[Match]\n{match}\n")
        self.world.environment["CONFIGURATION_DIRECTORY"] = str(folder.parent)

    def test_most_exact_one_wins(self):
        self.give(all=("Any=yes", "1GB"), card=(f"Iccid={ICCID[:12]}", "2GB"),
                  closer=(f"Iccid={ICCID[:14]}", "3GB"), foreign=("Iccid=8944", "4GB"))
        self.start()
        wait_for(lambda: self.plan()["Name"] == "closer", "the plan")
        self.move(rx=MB)
        self.assertEqual(self.figures(), ("ok", MB, 2999 * MB))
        self.assertTrue(self.plan()["ReadOnly"])
        self.assert_error(ERROR + "ReadOnly", self.set_plan, MONTHLY.format(size="9GB"))
        self.assert_error(ERROR + "ReadOnly", self.plan_call, "ClearPlan")
        self.plan_call("TopUp", "(st)", "1GB", 0)
        self.assertEqual(self.figures(), ("ok", MB, 3999 * MB))

        self.world.stop_daemon()
        self.give(closer=("Iccid=8944", "3GB"))
        self.world.start_daemon()
        self.sim = self.world.present("7719")
        wait_for(lambda: self.plan()["Name"] == "card", "the other plan")
        self.assertEqual([a["Kind"] for a in self.world.get(self.sim, "Sim", "Alerts")
                          if a["Kind"] != "waste"], [])

    def test_broken_file(self):
        self.give(broken=("Any=yes", "lots"), good=("Any=yes", "1GB"))
        self.start()
        wait_for(lambda: self.plan()["Name"] == "good", "the plan")
        self.assertIn("broken.plan: line", self.world.log())


if __name__ == "__main__":
    harness.main()
