#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demo: a bus, a modem with two SIMs in turn, simtallyd, and what a person sees of it."""

import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "integration"))

import harness  # noqa: E402
from harness import BUILD, World, card, wait_for  # noqa: E402

TRAVEL = card("8981100000000007719", esim=True, eid="89049032004008882600000000000001",
              operator="Singtel", home="52501", provider="Airalo Japan")
WORK = card("8949020000000008810", operator="Telekom", home="26201", provider="Work SIM")
BOUGHT = {TRAVEL["iccid"]: "40MB for 10 days from first use, then 128kbit/s",
          WORK["iccid"]: "20GB monthly on 15"}
CURSOR_UP, CLEAR_DOWN = "\x1b[{}A", "\x1b[J"


class Screen:
    """The status, drawn over itself again and again; below each other where that cannot be."""

    def __init__(self) -> None:
        self.lines = 0
        self.is_terminal = sys.stdout.isatty()

    def show(self, text: str) -> None:
        if self.is_terminal and self.lines:
            print(CURSOR_UP.format(self.lines) + CLEAR_DOWN, end="")
        print(text, flush=True)
        self.lines = text.count("\n") + 1


def simtally(*words: str) -> str:
    run = subprocess.run([str(BUILD / "client/simtally"), *words], capture_output=True, text=True)
    return (run.stdout + run.stderr).rstrip()


def status() -> str:
    return simtally("status")


def say_what_was_bought(sim: dict) -> None:
    """Once."""
    tail, words = sim["iccid"][-4:], BOUGHT[sim["iccid"]]
    if simtally("-s", tail, "-g", "has_plan") != "yes":
        print(f"$ simtally plan set -s {tail} {words}")
        print(simtally("plan", "set", "-y", "-s", tail, words), flush=True)


def watch(screen: Screen, world: World, seconds: float, caption: str) -> None:
    """Traffic of changing speed, and the status beside it."""
    end = time.monotonic() + seconds
    rng = random.Random(caption)
    while time.monotonic() < end:
        if world.sim:
            world.sim("traffic", rx=rng.randint(500_000, 6_000_000), tx=rng.randint(50_000, 900_000))
        for _ in range(4 if screen.is_terminal else 1):
            screen.show(f"{caption}\n\n{status()}\n")
            time.sleep(0.25 if screen.is_terminal else 2)
    if world.sim:
        world.sim("traffic")


def take_turns(screen: Screen, world: World) -> None:
    for seconds, sim, plmn, network, roaming, caption in (
            (7, TRAVEL, "44010", "NTT DOCOMO", True, "A travel eSIM, abroad"),
            (6, WORK, "26201", "Telekom", False, "The other SIM, at home again; the link stays up"),
            (6, TRAVEL, "44010", "NTT DOCOMO", True, "The travel eSIM once more")):
        world.sim("swap", card=sim)
        world.sim("roam", plmn=plmn, name=network, roaming=roaming)
        world.present(sim["iccid"][-4:])
        say_what_was_bought(sim)
        world.sim("connect", apn="internet")
        world.wait_state("connected")
        watch(screen, world, seconds, caption)
        world.sim("disconnect")
        world.wait_state("disconnected")


def busctl(world: World, *words: str) -> str:
    command = ["busctl", f"--address={world.address}", *words]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return f"$ {' '.join([command[0], *words])}\n{run.stdout.rstrip()}\n"


def summary(world: World) -> bool:
    """The same figures by busctl, and the kernel's beside them."""
    print("The same by busctl:\n")
    rx = tx = 0
    for path in world.sim_paths():
        print(busctl(world, "get-property", harness.BUS, path, "org.simtally1.Sim",
                     "Label", "RxBytes", "TxBytes"))
        total = world.bytes_of(path)
        rx, tx = rx + total[0], tx + total[1]
    kernel = world.kernel()
    unassigned = world.unassigned()
    same = (rx, tx) == kernel and unassigned == (0, 0)
    print(f"All SIMs together:     {rx:>12} B received  {tx:>12} B sent")
    print(f"The kernel on wwan0:   {kernel[0]:>12} B received  {kernel[1]:>12} B sent")
    print("The same to the byte." if same else f"NOT the same (unassigned: {unassigned})")
    return same


def simulated(stay: bool) -> int:
    harness.enter_namespace()
    screen = Screen()
    with World() as world:
        world.add_modem(TRAVEL)
        world.start_daemon()
        world.present("7719")
        take_turns(screen, world)
        print(busctl(world, "get-property", harness.BUS, "/org/simtally1/current",
                     "org.simtally1.Plan", "State", "RemainingBytes", "ExpiresAt"))
        same = summary(world)
        if stay:
            world.sim("connect")
            print(f"\nStays until Ctrl-C. From another terminal, as root:\n"
                  f"  nsenter -t {os.getpid()} -U -n --preserve-credentials "
                  f"env DBUS_SYSTEM_BUS_ADDRESS='{world.address}' {BUILD}/client/simtally\n")
            watch(Screen(), world, float("inf"), "A travel eSIM, abroad")
    return 0 if same else 1


def real() -> int:
    if os.geteuid() != 0:
        print("The proxies of libqmi and libmbim serve root alone: run ./demo --real as root.",
              file=sys.stderr)
        return 1
    with World(simulator=False) as world:
        world.start_daemon()
        try:
            wait_for(lambda: world.get(harness.PATH, "Manager", "Modems"), "a modem", timeout=10)
        except AssertionError:
            print("No modem that speaks QMI or MBIM was found on this machine.", file=sys.stderr)
            return 1
        watch(Screen(), world, float("inf"), "This machine's modem; Ctrl-C ends")
    return 0


def main() -> int:
    try:
        return real() if "--real" in sys.argv else simulated("--stay" in sys.argv)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
