#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The installed unit, whole, under the real systemd: its sandbox, its name on the system bus, polkit;
and a carrier's command in a transient unit of its own."""

import json

import machine
from machine import UNIT, told

import bus_case
import test_carrier
from harness import wait_for

TAIL = bus_case.ICCID[-4:]
NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
SEES = """#!/bin/sh
echo complaint >&2
exec 2>/dev/null
echo "{\\"remaining_bytes\\": 15000000000, \\"uid\\": $(id -u), \\"groups\\": \\"$(id -G)\\","
echo "\\"capabilities\\": \\"$(sed -n 's/^CapEff:.//p' /proc/self/status)\\","
echo "\\"no_new\\": $(sed -n 's/^NoNewPrivs:.//p' /proc/self/status),"
echo "\\"home\\": \\"$(ls -A /home/person /root)\\", \\"ledger\\": \\"$(ls -A /var/lib/simtally)\\","
echo "\\"writes\\": \\"$(touch /srv/written && echo yes)\\", \\"unit\\": \\"$(cat /proc/self/cgroup)\\"}"
"""


def shown(unit: str, *names: str) -> dict[str, str]:
    lines = told("systemctl", "show", unit, *(f"--property={n}" for n in names)).splitlines()
    return dict(line.split("=", 1) for line in lines)


class Unit(test_carrier.CommandCase):
    world_class = machine.Machine

    def setUp(self):
        super().setUp()
        told("mkdir", "-p", "/home/person")
        told("touch", "/home/person/secret", "/root/secret")

    def main_process(self) -> dict[str, str]:
        pid = shown(UNIT, "MainPID")["MainPID"]
        with open(f"/proc/{pid}/status") as status:
            fields = dict(line.split(":", 1) for line in status)
        return {"pid": pid} | {name: value.strip() for name, value in fields.items()}

    def test_runs_in_its_sandbox(self):
        self.begin()
        self.assertEqual(shown(UNIT, "ActiveState", "SubState", "Type", "NRestarts"),
                         {"ActiveState": "active", "SubState": "running", "Type": "notify",
                          "NRestarts": "0"})
        status = self.main_process()
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        self.assertEqual(told("ls", "-A", f"/proc/{status['pid']}/root/home"), "")
        owner = told("busctl", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                     "org.freedesktop.DBus", "GetConnectionUnixProcessID", "s", "org.simtally1")
        self.assertEqual(owner.split(), ["u", status["pid"]])
        self.check_who_may_do_what()

        told("systemctl", "kill", "-s", "SEGV", "--kill-whom=main", UNIT)
        wait_for(lambda: shown(UNIT, "NRestarts", "ActiveState") ==
                 {"NRestarts": "1", "ActiveState": "active"}, "the unit to be started again")
        self.assertNotEqual(self.main_process()["pid"], status["pid"])
        self.world.present(TAIL)

    def check_who_may_do_what(self):
        """With the policy of the bus and of polkit as they are installed."""
        for user in ((), NOBODY):
            self.assertIn(TAIL, told(*user, "simtally", "status"))
            self.assertIn("/dev/cdc-wdm0", told(*user, "simtally", "modems"))
        denied = machine.run(*NOBODY, "busctl", "call", "org.simtally1", self.sim,
                             "org.simtally1.Plan", "SetPlan", "st", test_carrier.PLAN, "0")
        self.assertIn("A password is needed", denied.stdout)
        self.assertNotEqual(machine.run(*NOBODY, "simtally", "label", TAIL, "Mine").returncode, 0)
        self.assertNotEqual(self.world.get(self.sim, "Sim", "Label"), "Mine")
        told("simtally", "label", TAIL, "Ours")
        self.assertEqual(self.world.get(self.sim, "Sim", "Label"), "Ours")

    def test_its_name_starts_it(self):
        """Whoever asks for the name gets the unit."""
        self.assertEqual(shown(UNIT, "ActiveState"), {"ActiveState": "inactive"})
        told(*NOBODY, "simtally", "modems")
        self.assertEqual(shown(UNIT, "ActiveState"), {"ActiveState": "active"})

    def test_a_command_in_a_unit_of_its_own(self):
        self.begin()
        path = self.folder / "data-left"
        path.write_text(SEES)
        path.chmod(0o755)
        self.set_query(f"Method=command\nCommand={path}\n")
        self.confirm(str(path))
        self.assertEqual(self.ask(), "idle", self.get("QueryError"))
        self.assertEqual(self.remaining(), 15 * test_carrier.GB)
        said = json.loads(self.call("GetLastReply"))
        self.assertGreaterEqual(said["uid"], 61184)  # systemd's range of dynamic users
        self.assertLessEqual(said["uid"], 65519)
        self.assertEqual(said["groups"], str(said["uid"]))
        self.assertEqual((int(said["capabilities"], 16), said["no_new"]), (0, 1))
        self.assertEqual((said["home"], said["ledger"], said["writes"]), ("", "", ""))
        self.assertIn("/simtally-query-", said["unit"])
        self.assertEqual(told("systemctl", "list-units", "--all", "--plain", "--no-legend",
                              "simtally-query-*"), "")
        wait_for(lambda: "complaint" in told("journalctl", "-q", "-u", "simtally-query-*"),
                 "what it complained of")



if __name__ == "__main__":
    machine.main()
