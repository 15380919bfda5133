# SPDX-License-Identifier: LGPL-2.1-or-later
"""A world for one test: a network namespace with a bus, simulated modems and the daemon.

Nothing of the host is touched: the test runs itself again in its own user and network namespace.
Everything that is started is ended by its pid, the proxy that libqmi spawns included.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import pathlib
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from typing import Any

TESTS = pathlib.Path(__file__).resolve().parent.parent
SOURCE = TESTS.parent
BUILD = pathlib.Path(os.environ.get("BUILD", SOURCE / "build")).resolve()

WRAP = shlex.split(os.environ.get("DAEMON_WRAP", ""))  # valgrind, …

sys.path.insert(0, str(TESTS / "modem"))

import control  # noqa: E402
import tun  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402

BUS = "org.simtally1"
PATH = "/org/simtally1"
PR_SET_PDEATHSIG = 1
# Looked up here: in a child that is being started, the loader's lock may be held by a thread that
# is not there, and is never given back.
prctl = ctypes.CDLL(None).prctl
IN_NAMESPACE = "SIMTALLY_IN_NAMESPACE"

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="{own}"/>
    <allow send_type="method_call" send_destination="org.freedesktop.DBus"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.PolicyKit1"/>
    <allow send_destination="org.freedesktop.login1"/>
  </policy>
  <include ignore_missing="yes">{policy}</include>
</busconfig>
"""


def enter_namespace(*extra: str) -> None:
    """Runs this program again as root of namespaces of its own; a no-op when it is there."""
    if IN_NAMESPACE in os.environ:
        return
    os.environ[IN_NAMESPACE] = "1"
    flags = extra or ("-Urn",)
    program = os.path.abspath(sys.modules["__main__"].__file__)
    os.execvp("unshare", ["unshare", *flags, sys.executable, program, *sys.argv[1:]])


def on_terminate(*_: Any) -> None:
    """Ends like Ctrl-C, so that everything is cleaned up."""
    raise KeyboardInterrupt


def has_failed(test: unittest.TestCase) -> bool:
    """So far; a cleanup itself is a part that goes well."""
    result = test._outcome.result
    return any(failed is test for failed, _ in result.failures + result.errors)


def wait_for(condition: Callable[[], Any], what: str, timeout: float = 60) -> Any:
    """Waits until the condition is true, and returns what it gave."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"timed out waiting for {what}")
        time.sleep(0.01)


def minus(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return a[0] - b[0], a[1] - b[1]


def plus(*pairs: tuple[int, int]) -> tuple[int, int]:
    return sum(p[0] for p in pairs), sum(p[1] for p in pairs)


def card(iccid: str, **more: Any) -> dict:
    return {"iccid": iccid} | more


def die_with_parent() -> None:
    """In a child that is being started: whatever becomes of us, it does not stay behind; and Ctrl-C
    is for us alone, who end it in order."""
    os.setpgid(0, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end(process: subprocess.Popen | None, sig: int = signal.SIGTERM) -> int | None:
    if process is None:
        return None
    if process.poll() is None:
        process.send_signal(sig)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


class World:
    """One private bus, one simulator, one daemon at a time, one state directory."""

    def __init__(self, simulator: bool = True, protocol: str = "qmi") -> None:
        self.has_simulator = simulator
        self.protocol = protocol  # of the modems that are added without another
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="simtally-test-"))
        self.directory.chmod(0o755)
        self.state = self.directory / "state"
        self.log_path = self.directory / "daemon.log"
        self.bus_process = self.simulator = self.daemon = None
        self.connection: Gio.DBusConnection | None = None
        self.sim: control.Client | None = None
        self.ports: list[str] = []
        self.changes_allowed = False  # the test itself changes a modem's state over its port
        self.environment = {"G_MESSAGES_DEBUG": "all"}  # the daemon's, beside our own

    def __enter__(self) -> World:
        signal.signal(signal.SIGTERM, on_terminate)
        atexit.register(self.close)
        try:
            self.start_bus()
            if self.has_simulator:
                self.start_simulator()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        if kind is not None and kind is not KeyboardInterrupt:
            self.show_log()
        self.close()

    def show_log(self) -> None:
        if self.log_path.exists():
            print("--- log of simtallyd", file=sys.stderr)
            print(self.log()[-8000:], file=sys.stderr)

    # --- bus

    def start_bus(self) -> None:
        address = self.directory / "bus"
        config = self.directory / "bus.conf"
        config.write_text(BUS_CONFIG.format(path=address, own="*",
                                            policy=SOURCE / "dbus/org.simtally1.conf"))
        self.bus_process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            preexec_fn=die_with_parent)
        self.address = self.bus_process.stdout.readline().strip()
        if not self.address:
            raise AssertionError("the bus did not start")
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = self.address
        self.connection = self.connect()

    def connect(self) -> Gio.DBusConnection:
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        return Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)

    def call(self, path: str, interface: str, method: str, signature: str = "()",
             *arguments: Any, timeout: float = 30, connection: Gio.DBusConnection | None = None,
             flags: Gio.DBusCallFlags = Gio.DBusCallFlags.NONE) -> Any:
        reply = (connection or self.connection).call_sync(
            BUS, path, interface, method, GLib.Variant(signature, arguments), None, flags,
            int(timeout * 1000), None)
        values = reply.unpack()
        return values[0] if len(values) == 1 else values

    def get(self, path: str, interface: str, name: str) -> Any:
        return self.call(path, "org.freedesktop.DBus.Properties", "Get", "(ss)",
                         f"{BUS}.{interface}", name)

    def get_all(self, path: str, interface: str) -> dict:
        return self.call(path, "org.freedesktop.DBus.Properties", "GetAll", "(s)",
                         f"{BUS}.{interface}")

    def objects(self) -> dict:
        return self.call(PATH, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")

    def is_on_bus(self, name: str = BUS) -> bool:
        return self.connection.call_sync(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
            "NameHasOwner", GLib.Variant("(s)", (name,)), None, 0, 30000, None).unpack()[0]

    # --- modems

    def start_simulator(self) -> None:
        self.simulator = subprocess.Popen(
            ["/usr/bin/python3", str(TESTS / "modem/simulate"), str(self.directory)],
            stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
        if self.simulator.stdout.readline().strip() != "ready":
            raise AssertionError("the simulator did not start")
        self.sim = control.Client(self.directory / "control")

    def add_modem(self, card: dict | None = None, **more: Any) -> None:
        added = self.sim("add", card=card, **{"protocol": self.protocol} | more)
        self.ports.append(f"{added['protocol']}:{added['port']}@{added['link']}")

    def control_port(self, index: int = 0) -> pathlib.Path:
        return self.directory / f"cdc-wdm{index}"

    def qmicli(self, *arguments: str, index: int = 0) -> subprocess.CompletedProcess:
        """Another client of the same modem, through the same proxy."""
        return subprocess.run(
            ["qmicli", "-p", "--device-open-qmi", "-d", str(self.control_port(index)), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def mbimcli(self, *arguments: str, index: int = 0) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["mbimcli", "-p", "-d", str(self.control_port(index)), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def kernel(self, link: str = "wwan0") -> tuple[int, int]:
        return tun.kernel_counters(link)

    # --- daemon

    def start_daemon(self, *arguments: str, wait: bool = True) -> None:
        environment = {"TZ": "UTC"} | os.environ | self.environment
        environment["STATE_DIRECTORY"] = str(self.state)
        ports = [word for port in self.ports for word in ("--port", port)]
        with open(self.log_path, "ab") as log:
            self.daemon = subprocess.Popen([*WRAP, str(BUILD / "daemon/simtallyd"), *ports,
                                            *arguments],
                                           env=environment, stdout=log, stderr=log,
                                           preexec_fn=die_with_parent)
        if wait:
            wait_for(lambda: self.daemon.poll() is not None or self.is_on_bus(), "the daemon")
            if self.daemon.poll() is not None:
                raise AssertionError(f"simtallyd ended with {self.daemon.returncode}:\n"
                                     + self.log())

    def stop_daemon(self, sig: int = signal.SIGTERM) -> int | None:
        code = end(self.daemon, sig)
        self.daemon = None
        if code not in (None, 0, -signal.SIGKILL):
            raise AssertionError(f"simtallyd ended with {code}:\n" + self.log()[-8000:])
        return code

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    # --- what the daemon says

    def sim_paths(self) -> list[str]:
        return self.get(PATH, "Manager", "Sims")

    def modem_path(self, index: int = 0) -> str:
        return self.get(PATH, "Manager", "Modems")[index]

    def find(self, text: str) -> str | None:
        try:
            return self.call(PATH, f"{BUS}.Manager", "FindSim", "(s)", text)
        except GLib.Error:
            return None

    def present(self, tail: str) -> str:
        """Waits until the SIM is in a modem, and returns its path."""
        def look() -> str | None:
            path = self.find(tail)
            return path if path and self.get(path, "Sim", "Present") else None
        return wait_for(look, f"SIM {tail}")

    def bytes_of(self, path: str) -> tuple[int, int]:
        values = self.get_all(path, "Sim")
        return values["RxBytes"], values["TxBytes"]

    def unassigned(self, index: int = 0) -> tuple[int, int]:
        values = self.get_all(self.modem_path(index), "Modem")
        return values["UnassignedRxBytes"], values["UnassignedTxBytes"]

    def expect_bytes(self, path: str, wanted: tuple[int, int], timeout: float = 60) -> None:
        end_at = time.monotonic() + timeout
        while (got := self.bytes_of(path)) != wanted:
            if time.monotonic() > end_at:
                raise AssertionError(f"{path}: {got} instead of {wanted}")
            time.sleep(0.02)

    def wait_state(self, state: str, index: int = 0) -> None:
        wait_for(lambda: self.get(self.modem_path(index), "Modem", "State") == state,
                 f"the modem to be {state}")

    def ledger(self, query: str, *values: Any) -> list[tuple]:
        database = sqlite3.connect(f"file:{self.state / 'ledger.db'}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    # --- the end

    def proxies(self) -> list[int]:
        """The proxies of this network namespace."""
        here, found = os.readlink("/proc/self/ns/net"), []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if (os.readlink(entry / "ns/net") == here
                        and (entry / "comm").read_text().strip() in ("qmi-proxy", "mbim-proxy")):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def violations(self) -> list[str]:
        """What was asked of the modems and must not be: what the test has not declared (expect_sms,
        expect_ussd), or a change of their state."""
        try:
            audit = self.sim("audit") if self.sim else {}
        except (OSError, ValueError, control.Refused):
            return []  # the simulator is gone, as the test will say
        return audit.get("violations", []) + (
            [] if self.changes_allowed else audit.get("changes", []))

    def close(self) -> None:
        atexit.unregister(self.close)
        violations = self.violations()
        end(self.daemon)
        end(self.simulator)
        if self.sim:
            self.sim.close()
        if self.simulator:
            self.simulator.stdout.close()
        for pid in self.proxies():
            os.kill(pid, signal.SIGKILL)
        if self.connection:
            self.connection.close_sync(None)
        end(self.bus_process)
        if self.bus_process:
            self.bus_process.stdout.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        if violations:
            raise AssertionError(f"sent without being asked to: {violations}")


class TestCase(unittest.TestCase):
    """A test with a world of its own; the daemon's log is shown when it fails."""

    protocol = "qmi"
    world_class = World

    def setUp(self) -> None:
        self.world = self.world_class(protocol=self.protocol).__enter__()
        self.addCleanup(self.leave)

    def leave(self) -> None:
        if has_failed(self):
            self.world.show_log()
        self.world.close()


class EachNth(unittest.TestLoader):
    """Of a file's tests: PART=1/3 in the environment is the first of three parts that are run side by
    side, since most tests wait most of the time. What is named is run in any case."""

    def loadTestsFromModule(self, module: Any, *arguments: Any, **more: Any) -> unittest.TestSuite:
        part, parts = map(int, os.environ.get("PART", "1/1").split("/"))
        classes = super().loadTestsFromModule(module, *arguments, **more)
        return self.suiteClass([test for tests in classes for test in tests][part - 1::parts])


def main(*flags: str) -> None:
    enter_namespace(*flags)
    unittest.main(verbosity=2, testLoader=EachNth())
