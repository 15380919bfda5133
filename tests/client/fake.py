# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon that says what a test wants: fixed figures on the private bus, at a fixed time."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import time
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import harness  # noqa: E402
from harness import BUILD, BUS, PATH  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402

os.environ["TZ"] = "Asia/Tokyo"
time.tzset()

NOW = 1795496550  # Tue 24 Nov 2026 14:02:30
SIM = f"{PATH}/sim/"
GB = 10**9
MB = 10**6


def variant(value: Any) -> GLib.Variant:
    """Of the type that the bus has for it: integers are t, dictionaries a{sv}."""
    if isinstance(value, GLib.Variant):
        return value
    if isinstance(value, bool):
        return GLib.Variant("b", value)
    if isinstance(value, int):
        return GLib.Variant("t", value)
    if isinstance(value, float):
        return GLib.Variant("d", value)
    if isinstance(value, str):
        return GLib.Variant("o" if value.startswith(PATH) or value == "/" else "s", value)
    if value and isinstance(value[0], dict):
        return GLib.Variant("aa{sv}", [values(v) for v in value])
    return GLib.Variant("as", value)


def values(said: dict) -> dict:
    return {name: variant(value) for name, value in said.items()}


def at(text: str) -> int:
    """The instant at which the clocks show that."""
    return int(time.mktime(time.strptime(text, "%Y-%m-%d %H:%M")))


def bucket(name: str, size: int, used: int, **more: Any) -> dict:
    """One that has begun, is used here, and is counted."""
    more = {"BegunAt": more.get("PeriodStart", 0)} | more
    return {"Name": name, "Bytes": size, "Unlimited": False, "UsedBytes": used,
            "RemainingBytes": max(size - used, 0), "OverBytes": 0, "RolledOverBytes": 0,
            "PeriodStart": 0, "PeriodEnd": 0, "ExpiresAt": 0, "StartBy": 0, "Begun": True,
            "Expired": False, "Here": True, "Counted": True, "UsedUpAt": 0, "AtZero": "block",
            "RateLimit": 0, "Where": "anywhere"} | more


def plan(state: str, *buckets: dict, **more: Any) -> dict:
    """What the interface says of a plan whose first bucket it is about."""
    first = buckets[0]
    limit = first["Bytes"] + first["RolledOverBytes"]
    said = {"HasPlan": True, "State": state, "Name": "", "Zone": "Asia/Tokyo",
            "LimitBytes": limit, "UsedBytes": first["UsedBytes"],
            "RemainingBytes": first["RemainingBytes"], "OverBytes": first["OverBytes"],
            "PercentUsed": 100.0 * first["UsedBytes"] / limit if limit else 0.0,
            "PeriodStart": first["PeriodStart"], "PeriodEnd": first["PeriodEnd"],
            "ExpiresAt": first["ExpiresAt"], "RateLimit": first["RateLimit"],
            "Unlimited": first["Unlimited"]}
    return said | more | {"Buckets": list(buckets)}


def sim(label: str, tail: str, **more: Any) -> dict:
    """A SIM at home, in the modem, connected, that has carried nothing."""
    return {"Label": label, "IccidTail": tail, "Kind": "physical", "Operator": "", "HomePlmn":
            "44010", "NetworkPlmn": "44010", "NetworkName": "NTT DOCOMO", "Present": True,
            "Connected": True, "Current": False, "Roaming": False, "RxBytes": 0, "TxBytes": 0,
            "TodayRxBytes": 0, "TodayTxBytes": 0, "UndatedRxBytes": 0, "UndatedTxBytes": 0,
            "FirstSeenAt": 0, "LastUsedAt": 0} | more


class Refusal(Exception):
    def __init__(self, name: str, sentence: str):
        super().__init__(sentence)
        self.name = name


class Fake:
    """Owns the daemon's name, answers with what it was given, and remembers what it was told."""

    def __init__(self, connection: Gio.DBusConnection):
        self.connection = connection
        self.objects: dict[str, dict[str, dict]] = {}
        self.current = "/"
        self.problems: list[str] = []
        self.delay = 0.0  # seconds before each answer
        self.calls: list[tuple] = []  # method and arguments, but for what only reads
        self.answers: dict[str, GLib.Variant | Exception] = {}  # by method
        self.is_silent = False
        connection.add_filter(self.on_message)
        self.come()

    def ask_bus(self, method: str, arguments: GLib.Variant) -> None:
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", method, arguments, None, 0, 30000, None)

    def come(self) -> None:
        self.ask_bus("RequestName", GLib.Variant("(su)", (BUS, 0)))

    def leave(self) -> None:
        """Is not the daemon any more."""
        self.ask_bus("ReleaseName", GLib.Variant("(s)", (BUS,)))

    def tell(self, path: str, interface: str) -> None:
        """That something there has changed."""
        self.connection.emit_signal(
            None, path, "org.freedesktop.DBus.Properties", "PropertiesChanged",
            GLib.Variant("(sa{sv}as)", (f"{BUS}.{interface}", {}, [])))
        self.connection.flush_sync(None)

    def clear(self) -> None:
        """As it was at first."""
        self.come()
        self.objects.clear()
        self.answers.clear()
        self.calls.clear()
        self.current, self.problems = "/", []

    def add(self, said: dict, its_plan: dict | None = None, alerts: list | tuple = (),
            report: dict | None = None) -> str:
        path = SIM + said["IccidTail"]
        said = said | {"Alerts": GLib.Variant("aa{sv}", [values(a) for a in alerts])}
        self.objects[path] = {f"{BUS}.Sim": said,
                              f"{BUS}.Plan": its_plan or {"HasPlan": False, "State": "none"}}
        if report:
            self.objects[path][f"{BUS}.Carrier"] = report
        if said["Current"]:
            self.current = path
        return path

    def answer(self, path: str, method: str, arguments: tuple) -> GLib.Variant | None:
        if method in self.answers:
            if isinstance(self.answers[method], Exception):
                raise self.answers[method]
            return self.answers[method]
        if method == "GetManagedObjects":
            return GLib.Variant("(a{oa{sa{sv}}})", (
                {path: {name: values(said) for name, said in interfaces.items()}
                 for path, interfaces in self.objects.items()},))
        if method == "GetAll" and path in self.objects:
            return GLib.Variant("(a{sv})", (values(self.objects[path].get(arguments[0], {})),))
        if method == "GetAll":
            paths = {part: [path for path in self.objects if path.startswith(f"{PATH}/{part}/")]
                     for part in ("sim", "modem")}
            return GLib.Variant("(a{sv})", ({"Sims": GLib.Variant("ao", paths["sim"]),
                                             "Modems": GLib.Variant("ao", paths["modem"]),
                                             "CurrentSim": GLib.Variant("o", self.current),
                                             "Problems": GLib.Variant("as", self.problems)},))
        if method == "Get":
            return GLib.Variant("(v)", (variant(
                self.objects[self.current][arguments[0]][arguments[1]]),))
        if method == "Introspect":
            return GLib.Variant("(s)", ("<node/>",))
        if method == "FindSim":
            for found, interfaces in self.objects.items():
                said = interfaces.get(f"{BUS}.Sim")
                if said and arguments[0] in (said["IccidTail"], said["Label"]):
                    return GLib.Variant("(o)", (found,))
            raise Refusal("NoSuchSim", "No SIM has that label, path or last four digits: see "
                          "the property Sims for those that are known")
        if method in ("TopUp", "Correct"):
            return GLib.Variant("(t)", (7,))
        return None

    def on_message(self, connection: Gio.DBusConnection, message: Gio.DBusMessage,
                   incoming: bool) -> Gio.DBusMessage | None:
        if not incoming or message.get_message_type() != Gio.DBusMessageType.METHOD_CALL:
            return message
        if self.is_silent:
            return None
        method, body = message.get_member(), message.get_body()
        arguments = body.unpack() if body else ()
        time.sleep(self.delay)
        try:
            answer = self.answer(message.get_path(), method, arguments)
            reply = message.new_method_reply()
            if answer:
                reply.set_body(answer)
            if not method.startswith(("Get", "List", "Find")):
                self.calls.append((method, *arguments))
        except Refusal as refusal:
            name = refusal.name if "." in refusal.name else f"{BUS}.Error.{refusal.name}"
            reply = message.new_method_error_literal(name, str(refusal))
        connection.send_message(reply, Gio.DBusSendMessageFlags.NONE)
        return None


def command(*words: str | bytes) -> list[str | bytes]:
    return [str(BUILD / "client/simtally"), *words]


def environment_at(directory: pathlib.Path, now: int, **more: str) -> dict[str, str]:
    """In which the program takes the time from the preloaded clock, which runs."""
    clock = directory / "clock"
    clock.write_text(f"{now - int(time.time())} 1\n")
    return dict(os.environ, LC_ALL="C.UTF-8", TZ="Asia/Tokyo", TEST_CLOCK=str(clock),
                LD_PRELOAD=str(BUILD / "tests/libtest-clock.so")) | more


def run_cli(directory: pathlib.Path, *words: str | bytes, code: int = 0, stdin: str = "",
            now: int = NOW, **environment: str) -> str:
    """What the program prints at that instant."""
    environment = environment_at(directory, now, **environment)
    (directory / "clock").write_text(f"0 1 {now}\n")  # which stands still, however long it takes
    run = subprocess.run(command(*words), capture_output=True, text=True, input=stdin, timeout=60,
                         env=environment)
    if run.returncode != code:
        raise AssertionError(f"{words} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return run.stdout if code == 0 or run.stdout else run.stderr


class FakeCase(unittest.TestCase):
    """A bus, a daemon of fixed figures on it, and the program."""

    def setUp(self):
        self.world = self.enterContext(harness.World(simulator=False))
        self.fake = Fake(self.world.connect())

    def run_cli(self, *words: str | bytes, **more: Any) -> str:
        return run_cli(self.world.directory, *words, **more)

    def see(self, said: dict, its_plan: dict | None = None, *words: str, **more: Any) -> str:
        """What the program prints where there is one SIM alone."""
        self.fake.objects.clear()
        self.fake.add(said, its_plan, more.pop("alerts", ()), more.pop("report", None))
        return self.run_cli(*words, **more)
