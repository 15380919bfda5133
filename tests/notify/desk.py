# SPDX-License-Identifier: LGPL-2.1-or-later
"""A desktop for one test: a session bus, a notification server and a portal that remember what they
were asked, and the agent."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import time
from typing import Any

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "client"), str(TESTS / "integration")]

import fake  # noqa: E402
import harness  # noqa: E402
from harness import BUILD, BUS, PATH, wait_for  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402

NAME, SERVER_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
PORTAL = "org.freedesktop.portal.Desktop"
AGENT = "org.simtally1.Notify"
ABILITIES = ("actions", "body", "body-markup", "persistence")

SESSION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Service:
    """Owns a name on the session bus, and answers calls out of GDBus's own thread."""

    def __init__(self, connection: Gio.DBusConnection, name: str):
        self.connection, self.name = connection, name
        connection.add_filter(self.on_message)
        self.bus_call("RequestName", "(su)", name, 0)

    def bus_call(self, method: str, signature: str, *arguments: Any) -> Any:
        return self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
            GLib.Variant(signature, arguments), None, 0, 30000, None).unpack()

    def on_message(self, connection: Gio.DBusConnection, message: Gio.DBusMessage,
                   incoming: bool) -> Gio.DBusMessage | None:
        if not incoming or message.get_message_type() != Gio.DBusMessageType.METHOD_CALL:
            return message
        body = message.get_body()
        answer = self.answer(message.get_sender(), message.get_member(),
                             body.unpack() if body else ())
        reply = message.new_method_reply()
        if answer:
            reply.set_body(answer)
        connection.send_message(reply, Gio.DBusSendMessageFlags.NONE)
        self.has_answered()
        return None

    def has_answered(self) -> None:
        """What a test does from now on comes behind the answer."""

    def leave(self) -> None:
        self.connection.close_sync(None)


class Server(Service):
    """A notification server. shown: all that it was given; open: number -> what is on its screen."""

    def __init__(self, connection: Gio.DBusConnection):
        self.next = 1
        self.shown: list[dict] = []
        self.open: dict[int, dict] = {}
        self.client = None
        self.answered: list[dict] = []  # what shown gets once its answer is on the way
        super().__init__(connection, NAME)

    def answer(self, sender: str, method: str, arguments: tuple) -> GLib.Variant | None:
        if method == "GetCapabilities":
            return GLib.Variant("(as)", (ABILITIES,))
        if method == "Notify":
            return self.notify(sender, *arguments)
        if method == "CloseNotification":
            if self.open.pop(arguments[0], None):
                self.tell("NotificationClosed", "(uu)", arguments[0], 3)
        return None

    def notify(self, sender: str, app: str, replaces: int, icon: str, title: str, body: str,
               actions: list, hints: dict, expires: int) -> GLib.Variant:
        number = replaces if replaces in self.open else self.next
        self.next = max(self.next, number + 1)
        self.client = sender
        said = {"id": number, "replaces": replaces, "app": app, "title": title, "body": body,
                "actions": dict(zip(actions[::2], actions[1::2])), "hints": hints,
                "expires": expires, "at": time.monotonic()}
        self.open[number] = said
        self.answered.append(said)
        return GLib.Variant("(u)", (number,))

    def has_answered(self) -> None:
        self.shown += self.answered
        self.answered.clear()

    def tell(self, member: str, signature: str, *arguments: Any) -> None:
        """To the one who asked for it alone, as dunst does."""
        self.connection.emit_signal(self.client, SERVER_PATH, NAME, member,
                                    GLib.Variant(signature, arguments))

    def invoke(self, action: str, number: int | None = None) -> None:
        """A person clicks, and the notification goes."""
        number = number or self.shown[-1]["id"]
        self.tell("ActionInvoked", "(us)", number, action)
        if self.open.pop(number, None):
            self.tell("NotificationClosed", "(uu)", number, 2)

    def close(self, number: int, reason: int = 2) -> None:
        del self.open[number]
        self.tell("NotificationClosed", "(uu)", number, reason)

    def wait(self, n: int = 1) -> dict:
        """The last one, once there were so many."""
        wait_for(lambda: len(self.shown) >= n, f"notification {n}")
        if len(self.shown) > n:
            raise AssertionError(f"{len(self.shown)} notifications: {self.shown}")
        return self.shown[-1]


class Portal(Service):
    def __init__(self, connection: Gio.DBusConnection):
        self.opened: list[str] = []
        super().__init__(connection, PORTAL)

    def answer(self, sender: str, method: str, arguments: tuple) -> GLib.Variant:
        self.opened.append(arguments[1])
        return GLib.Variant("(o)", ("/org/freedesktop/portal/desktop/request/1",))


class Desk:
    """Buses, a daemon of fixed figures unless the world has a simulator, and one agent at a time."""

    def __init__(self, world: harness.World, **more: Any):
        self.world = world
        self.fake = None if world.has_simulator else fake.Fake(world.connect())
        self.agent: subprocess.Popen | None = None
        self.bus: subprocess.Popen | None = None
        self.clock = world.directory / "clock"
        self.log = world.directory / "agent.log"
        self.environment = {
            "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "G_MESSAGES_DEBUG": "all",
            "XDG_STATE_HOME": str(world.directory / "state-home"),
            "TEST_CLOCK": str(self.clock), "LD_PRELOAD": str(BUILD / "tests/libtest-clock.so"),
            "ASAN_OPTIONS": "verify_asan_link_order=0"} | more
        self.environment.pop("INVOCATION_ID", None)
        self.start_session()

    def start_session(self) -> None:
        address, config = self.world.directory / "session", self.world.directory / "session.conf"
        address.unlink(missing_ok=True)
        config.write_text(SESSION.format(path=address))
        self.bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            preexec_fn=harness.die_with_parent)
        self.address = self.bus.stdout.readline().strip()
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.address

    def end_session(self) -> None:
        self.stop()
        harness.end(self.bus)
        self.bus.stdout.close()

    def connect(self) -> Gio.DBusConnection:
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        return Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)

    def server(self) -> Server:
        return Server(self.connect())

    def portal(self) -> Portal:
        return Portal(self.connect())

    # --- the agent

    def set_time(self, now: int, stands: bool = False) -> None:
        self.clock.write_text(f"{now - int(time.time())} 1 {now if stands else 0}\n")

    def start(self, *words: str, now: int = fake.NOW, stands: bool = False) -> None:
        self.set_time(now, stands)
        with open(self.log, "ab") as log:
            self.agent = subprocess.Popen(
                [str(BUILD / "client/simtally-notify"), *words], stdout=log, stderr=log,
                env=os.environ | self.environment, preexec_fn=harness.die_with_parent)

    def run(self, *words: str, code: int = 0) -> str:
        """The program, where it does not stay."""
        if not self.clock.exists():
            self.set_time(fake.NOW)
        run = subprocess.run([str(BUILD / "client/simtally-notify"), *words], capture_output=True,
                             text=True, timeout=60, env=os.environ | self.environment)
        if run.returncode != code:
            raise AssertionError(f"{words} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
        return run.stdout if code == 0 else run.stderr

    def stop(self, sig: int = signal.SIGTERM) -> None:
        code = harness.end(self.agent, sig)
        self.agent = None
        if code not in (None, 0, -signal.SIGKILL):
            raise AssertionError(f"simtally-notify ended with {code}:\n{self.log.read_text()}")

    def restart(self, sig: int = signal.SIGTERM) -> None:
        self.stop(sig)
        self.start()
        self.wait_agent()

    def wait_agent(self) -> None:
        wait_for(lambda: AGENT in self.names(), "the agent")

    def names(self) -> list[str]:
        connection = self.connect()
        try:
            return connection.call_sync(
                "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                "ListNames", None, None, 0, 30000, None).unpack()[0]
        finally:
            connection.close_sync(None)

    def settle(self, server: Server) -> None:
        """All that is due was shown, and noted, when this returns: the first answer may come before
        it, the second one comes behind it."""
        def answers():
            return [said for said in server.shown if said["title"] == "Data left"]
        for n in (1, 2):
            self.run("--show")
            wait_for(lambda: len(answers()) == n, "all else to be shown")
        for said in answers():
            server.shown.remove(said)
            server.open.pop(said["id"], None)

    # --- the daemon of fixed figures

    def tell_daemon(self, path: str, alerts: list[dict], raised: tuple = (),
                    cleared: tuple = ()) -> None:
        """From now on these alerts stand; signals tell of the numbers."""
        self.fake.objects[path][f"{BUS}.Sim"]["Alerts"] = GLib.Variant(
            "aa{sv}", [fake.values(a) for a in alerts])
        for number in cleared:
            self.fake.connection.emit_signal(None, PATH, f"{BUS}.Manager", "AlertCleared",
                                             GLib.Variant("(ot)", (path, number)))
        for alert in alerts:
            if alert["Id"] in raised:
                details = {k: v for k, v in alert.items()
                           if k not in ("Id", "Kind", "Severity", "RaisedAt", "SnoozedUntil")}
                self.fake.connection.emit_signal(
                    None, PATH, f"{BUS}.Manager", "AlertRaised",
                    GLib.Variant("(otssa{sv})", (path, alert["Id"], alert["Kind"],
                                                 alert["Severity"], fake.values(details))))
        self.fake.connection.flush_sync(None)

    def close(self) -> None:
        harness.end(self.agent)
        harness.end(self.bus)
        self.bus.stdout.close()
