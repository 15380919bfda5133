#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated modem is one to the real qmi-proxy and qmicli, and its link to the kernel."""

import os
import random
import re
import subprocess
import time

import harness
from harness import card, wait_for

PHYSICAL = card("89811000000000055128", imsi="440100000000017", operator="NTT DOCOMO", home="44010")
PROFILE = card("8981100000000007719", esim=True, eid="89049032004008882600000000000001",
               operator="Airalo", provider="Airalo Japan", home="310260", imsi="310260000000042")


class Simulator(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.world.changes_allowed = True

    def ask(self, *arguments, index=0):
        answer = self.world.qmicli(*arguments, index=index)
        self.assertEqual(answer.returncode, 0, f"{arguments}: {answer.stderr}")
        return answer.stdout

    def expect(self, *arguments, has, lacks=(), index=0):
        """What qmicli prints has these "key: value" lines in it, white space and quotes aside."""
        said = self.ask(*arguments, index=index)
        lines = [re.sub(r"^\[.*?\] |'", "", re.sub(r"\s+", " ", line).strip()).replace(" :", ":")
                 for line in said.splitlines()]
        for line in has:
            self.assertIn(line, lines, said)
        for line in lacks:
            self.assertNotIn(line, lines, said)

    def expect_statistics(self, rx, tx, index=0):
        self.expect("--wds-get-packet-statistics", index=index,
                    has=[f"RX bytes OK: {rx}", f"TX bytes OK: {tx}"])

    def test_identity(self):
        self.world.add_modem(PROFILE, slots=3)
        self.world.sim("swap", card=PHYSICAL, slot=1, disconnect=False)
        self.expect("--dms-get-ids", has=["IMEI: 356938035643800"])
        self.expect("--dms-get-manufacturer", has=["Manufacturer: Simulated"])
        self.expect("--dms-get-model", has=["Model: SIM7600"])
        self.expect("--dms-get-revision", has=["Revision: 1.0"])
        self.expect("--dms-get-operating-mode", has=["Mode: online"])
        self.expect("--dms-uim-get-iccid", has=["ICCID: 8981100000000007719"])
        self.expect("--dms-uim-get-imsi", has=["IMSI: 310260000000042"])
        self.expect("--uim-get-slot-status", has=[
            "Physical slot 1:", "ICCID: 8981100000000007719", "Is eUICC: yes",
            "EID: 89049032004008882600000000000001", "Physical slot 2:", "Slot status: inactive",
            "ICCID: 89811000000000055128", "Is eUICC: no", "Physical slot 3:",
            "Card status: absent"])
        self.expect("--uim-get-card-status",
                    has=["Card state: present", "Application state: ready"])
        self.expect("--uim-read-transparent=0x3f00,0x2fe2", has=["98:18:01:00:00:00:00:70:17:F9"])
        self.expect("--uim-read-transparent=0x3f00,0x7fff,0x6f07",
                    has=["08:39:01:62:00:00:00:00:24"])
        self.world.sim("slot", slot=1)
        self.expect("--dms-uim-get-iccid", has=["ICCID: 89811000000000055128"])

    def test_empty_slot(self):
        self.world.add_modem()
        self.expect("--uim-get-slot-status", has=["Card status: absent"])
        self.assertIn("DeviceNotReady", self.world.qmicli("--dms-uim-get-iccid").stderr)

    def test_network(self):
        self.world.add_modem(PROFILE)
        self.world.sim("roam", plmn="44010", name="NTT DOCOMO")
        self.expect("--nas-get-serving-system", has=[
            "Registration state: registered", "Roaming status: on", "MCC: 440", "MNC: 10",
            "Description: NTT DOCOMO"])
        self.expect("--nas-get-home-network", has=["MCC: 310", "MNC: 260", "Description: Airalo"])
        self.expect("--nas-get-operator-name", has=["Operator Name: Airalo", "Name: Airalo Japan"])
        self.expect("--nas-get-plmn-name=44010", has=["Long Name: NTT DOCOMO"])
        self.world.sim("roam", plmn="310260", roaming=False, name="Airalo")
        self.expect("--nas-get-serving-system",
                    has=["Roaming status: off", "MNC with PCS digit: yes"])
        self.world.sim("roam", plmn="44010", registered=False)
        self.expect("--nas-get-serving-system",
                    has=["Registration state: not-registered-searching"], lacks=["MCC: 440"])

    def test_statistics_of_sessions(self):
        """Counters begin at zero with each session; the last one's are told with OutOfCall."""
        w = self.world
        w.add_modem(PHYSICAL)
        self.assertIn("OutOfCall", w.qmicli("--wds-get-packet-statistics").stderr)
        w.sim("connect", apn="example")
        self.expect("--wds-get-packet-service-status", has=["Connection status: connected"])
        self.expect("--wds-get-current-settings",
                    has=["IP Family: IPv4", "IPv4 address: 10.64.0.2"])
        w.sim("move", rx=1_234_567, tx=76_543)
        self.expect_statistics(1_234_567, 76_543)
        self.assertEqual(w.kernel(), (1_234_567, 76_543))
        w.sim("disconnect")
        self.assertIn("OutOfCall", w.qmicli("--wds-get-packet-statistics").stderr)
        self.assertEqual(w.sim("counters")["last"], {"4": [1_234_567, 76_543]})
        w.sim("connect")
        self.expect_statistics(0, 0)
        w.sim("set_counters", rx=-1, tx=-1)
        self.expect_statistics(2**64 - 1, 2**64 - 1)
        self.assertEqual(w.kernel(), (1_234_567, 76_543))

    def test_both_families(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("connect", families=[4, 6])
        moved = w.sim("move", rx=20_000_000, tx=3_000_000)
        four, six = moved["sessions"]["4"], moved["sessions"]["6"]
        self.assertEqual((four[0] + six[0], four[1] + six[1]), (20_000_000, 3_000_000))
        self.assertGreater(min(*four, *six), 0)
        self.assertEqual(w.kernel(), (20_000_000, 3_000_000))
        self.expect_statistics(*four)

    def test_every_total_is_exact(self):
        w = self.world
        w.add_modem(PHYSICAL, mtu=1500)
        w.sim("connect")
        source, total = random.Random(7), (0, 0)
        for rx, tx in [(1, 1), (19, 0), (0, 19), (20, 1501)] + [
                (source.randint(0, 100_000), source.randint(0, 100_000)) for _ in range(20)]:
            w.sim("move", rx=rx, tx=tx)
            total = harness.plus(total, (rx, tx))
            self.assertEqual(w.kernel(), total)
        self.expect_statistics(*total)

    def test_speed(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("connect")
        begin = time.monotonic()
        w.sim("move", rx=150_000_000, tx=50_000_000)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(w.kernel(), (150_000_000, 50_000_000))

    def test_one_side_only(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("connect")
        w.sim("move", rx=1000, tx=100, kernel=False)
        w.sim("move", rx=50, tx=5, session=False)
        self.assertEqual(w.kernel(), (50, 5))
        self.expect_statistics(1000, 100)

    def test_background_traffic(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("connect")
        w.sim("traffic", rx=1_000_000, tx=100_000)
        wait_for(lambda: w.kernel()[0] > 100_000, "traffic")
        self.ask("--dms-get-ids")
        w.sim("traffic")
        counters = w.sim("counters")
        self.assertEqual(counters["sessions"]["4"], [counters["rx"], counters["tx"]])

    def test_another_client_connects(self):
        w = self.world
        w.add_modem(PHYSICAL)
        said = self.ask("--wds-start-network=apn=another,ip-type=4", "--client-no-release-cid")
        client = re.search(r"CID: '(\d+)'", said).group(1)
        handle = re.search(r"Packet data handle: '(\d+)'", said).group(1)
        self.assertEqual(w.sim("state")["connected"], [4])
        self.assertEqual(w.sim("state")["clients"], [[1, int(client)]])
        self.ask(f"--wds-stop-network={handle}", f"--client-cid={client}")
        self.assertEqual(w.sim("state")["connected"], [])
        self.assertEqual(w.sim("state")["clients"], [])
        w.sim("swap")
        self.assertIn("CallFailed", w.qmicli("--wds-start-network=apn=x").stderr)

    def monitor(self, option, request):
        """A qmicli that prints indications, once it has registered for them by that request."""
        before = self.world.sim("state")["requests"]
        process = subprocess.Popen(
            ["stdbuf", "-oL", "qmicli", "-p", "--device-open-qmi", "-d",
             str(self.world.control_port()), option],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(harness.end, process)
        wait_for(lambda: self.world.sim("state")["requests"].get(request, 0)
                 > before.get(request, 0), "registration")
        return process

    def test_indications(self):
        w = self.world
        w.add_modem(PHYSICAL)
        slots = self.monitor("--uim-monitor-slot-status", "0x0b/0x002e")
        w.sim("swap", card=PROFILE)
        self.assertIn("8981100000000007719", self.lines_until(slots, "ICCID"))
        refresh = self.monitor("--uim-monitor-refresh-all", "0x0b/0x0044")
        w.sim("refresh")
        self.assertIn("end-with-success", self.lines_until(refresh, "Refresh stage"))

    def lines_until(self, process, text):
        for line in process.stdout:
            if text in line:
                return line
        self.fail(f"no {text}")

    def test_unplug_and_plug(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("connect")
        w.sim("move", rx=5000, tx=500)
        self.ask("--dms-get-ids")
        first = os.readlink(w.control_port())
        w.sim("unplug")
        self.assertFalse(w.control_port().is_symlink())
        self.assertIsNone(w.sim("state")["link"])
        w.sim("plug")
        self.expect("--dms-get-ids", has=["IMEI: 356938035643800"])
        self.assertIn("OutOfCall", w.qmicli("--wds-get-packet-statistics").stderr)
        self.assertEqual(w.kernel(), (0, 0))
        self.assertTrue(first.startswith("/dev/pts/"))

        w.sim("move", rx=10, tx=20)
        w.sim("unplug", link=False)
        self.assertEqual(w.kernel(), (10, 20))
        w.sim("plug", link="wwan7")
        w.sim("move", rx=1, tx=2)
        self.assertEqual(w.kernel("wwan7"), (1, 2))
        self.ask("--dms-get-ids")

    def test_two_modems(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.add_modem(PROFILE)
        for index in (0, 1):
            w.sim("connect", modem=index)
        w.sim("move", modem=1, rx=777, tx=77)
        self.expect("--dms-uim-get-iccid", index=1, has=["ICCID: 8981100000000007719"])
        self.expect("--dms-uim-get-iccid", index=0, has=["ICCID: 89811000000000055128"])
        self.expect_statistics(777, 77, index=1)
        self.expect_statistics(0, 0, index=0)
        self.assertEqual((w.kernel("wwan0"), w.kernel("wwan1")), ((0, 0), (777, 77)))

    def test_faults(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("error", service="DMS", message=0x25, code=3)
        self.assertIn("Internal", w.qmicli("--dms-get-ids").stderr)
        w.sim("error", service="DMS", message=0x25)
        self.assertIn("InvalidQmiCommand", w.qmicli("--dms-get-time").stderr)

        w.sim("hold", service="DMS", message=0x25)
        with subprocess.Popen(["qmicli", "-p", "--device-open-qmi", "-d", str(w.control_port()),
                               "--dms-get-ids"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True) as held:
            wait_for(lambda: w.sim("state")["held"], "a held reply")
            self.assertIsNone(held.poll())
            w.sim("release")
            self.assertIn("356938035643800", held.communicate(timeout=30)[0])

        w.sim("delay", service="DMS", message=0x25, seconds=0.05)
        self.ask("--dms-get-ids")

    def test_bad_bytes_do_not_last(self):
        w = self.world
        w.add_modem(PHYSICAL)
        for fault, arguments in (("garbage", {"size": 500}), ("cut", {"bytes": 2}),
                                 ("oversize", {})):
            self.ask("--dms-get-ids")
            w.sim(fault, **arguments)
            wait_for(lambda: w.qmicli("--dms-get-ids").returncode == 0, f"recovery from {fault}")

    def test_changes_are_told(self):
        w = self.world
        w.add_modem(PHYSICAL)
        self.assertEqual(w.sim("state")["violations"], [])
        self.ask("--wds-start-network=apn=x")
        self.assertEqual(len(w.sim("state")["changes"]), 1)
        self.assertEqual(w.violations(), [])
        w.changes_allowed = False
        self.assertEqual(len(w.violations()), 1)
        w.changes_allowed = True

    def test_messages_and_voice(self):
        """As far as qmicli asks for them; the rest is test_radio's."""
        w = self.world
        w.add_modem(PHYSICAL)
        self.expect("--wms-get-routes", has=["Message Class: none", "Storage Type: nv",
                                             "Receipt Action: store-and-notify"])
        self.expect("--wms-get-supported-messages", has=["0x0020", "0x0022"])
        self.expect("--voice-get-supported-messages", has=["0x003A", "0x0043"])
        w.sim("radio", messages=False, voice=False)
        for action in ("--wms-noop", "--voice-noop"):
            self.assertNotEqual(w.qmicli(action).returncode, 0)

    def test_scenario(self):
        w = self.world
        folder = w.directory / "scenario"
        folder.mkdir()
        (folder / "busy.jsonl").write_text(
            '# two sessions\n'
            '{"do": "add", "card": {"iccid": "8981100000000007719"}, "link": "wwan5", "seed": 3}\n'
            '{"do": "connect"}\n'
            '{"do": "move", "rx": 4000, "tx": 300}\n'
            '{"do": "disconnect"}\n')
        process = subprocess.Popen(
            ["/usr/bin/python3", str(harness.TESTS / "modem/simulate"), str(folder),
             str(folder / "busy.jsonl")], stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(harness.end, process)
        self.assertEqual(process.stdout.readline(), "ready\n")
        self.assertEqual(w.kernel("wwan5"), (4000, 300))

    def test_refusals(self):
        w = self.world
        w.add_modem(PHYSICAL)
        for command, arguments in (("nonsense", {}), ("move", {"modem": 7}), ("connect", {"x": 1}),
                                   ("set_counters", {"rx": 1, "tx": 1})):
            with self.assertRaises(harness.control.Refused):
                w.sim(command, **arguments)
        w.sim("counters")


class Mbim(harness.TestCase):
    """The same model, spoken for in MBIM, through the real mbim-proxy and mbimcli."""

    protocol = "mbim"

    def setUp(self):
        super().setUp()
        self.world.changes_allowed = True

    def expect(self, *arguments, has, lacks=(), index=0):
        """What mbimcli prints has these "key: value" lines in it, white space and quotes aside."""
        answer = self.world.mbimcli(*arguments, index=index)
        self.assertEqual(answer.returncode, 0, f"{arguments}: {answer.stderr}")
        lines = [re.sub(r"^\[.*?\] |'", "", re.sub(r"\s+", " ", line).strip())
                 for line in answer.stdout.splitlines()]
        for line in has:
            self.assertIn(line, lines, answer.stdout)
        for line in lacks:
            self.assertNotIn(line, lines, answer.stdout)

    def test_identity(self):
        w = self.world
        w.add_modem(PHYSICAL | {"numbers": ["+819000000000", "+81"]}, slots=2)
        w.sim("swap", card=PROFILE, slot=1, disconnect=False)
        self.expect("--query-device-caps", has=[
            "Max sessions: 8", "Device ID: 356938035643800", "Hardware info: SIM7600"])
        self.expect("--query-subscriber-ready-status", has=[
            "Ready state: initialized", "Subscriber ID: 440100000000017",
            "SIM ICCID: 89811000000000055128", "Telephone numbers: (2) +819000000000, +81"])
        self.expect("--query-home-provider",
                    has=["Provider ID: 44010", "Provider name: NTT DOCOMO"])
        self.expect("--ms-query-sys-caps", has=["Number of slots: 2"])
        self.expect("--ms-query-device-slot-mappings", has=["Executor 0: slot 0"])
        self.expect("--ms-query-slot-info-status=0", has=["Slot 0: state-active"])
        self.expect("--ms-query-slot-info-status=1", has=["Slot 1: state-off"])
        w.sim("slot", slot=1)
        self.expect("--query-subscriber-ready-status", has=["SIM ICCID: 8981100000000007719"])
        self.expect("--ms-query-slot-info-status=1", has=["Slot 1: state-active-esim"])
        w.sim("swap", card=card("", esim=True), slot=1)
        self.expect("--query-subscriber-ready-status", has=["Ready state: no-esim-profile"])
        w.sim("swap", slot=1)
        self.expect("--query-subscriber-ready-status", has=["Ready state: sim-not-inserted"])
        self.assertIn("SimNotInserted", w.mbimcli("--query-home-provider").stderr)
        w.sim("slot_status", supported=False)
        self.assertIn("NoDeviceSupport", w.mbimcli("--ms-query-sys-caps").stderr)

    def test_network(self):
        self.world.add_modem(PROFILE)
        self.expect("--query-registration-state", has=["Register state: home"])
        self.world.sim("roam", plmn="45005", name="SK Telecom")
        self.expect("--query-registration-state", has=[
            "Register state: roaming", "Provider ID: 45005", "Provider name: SK Telecom"])
        self.expect("--query-packet-service-state", has=["Packet service state: attached"])
        self.world.sim("roam", plmn="45005", registered=False)
        self.expect("--query-registration-state", has=["Register state: searching"],
                    lacks=["Provider ID: 45005"])
        self.expect("--query-radio-state", has=["Software radio state: on"])

    def test_sessions_and_statistics(self):
        """The figures are the device's, whatever sessions there are and were."""
        w = self.world
        w.add_modem(PHYSICAL)
        self.expect("--query-connection-state=0", has=["Activation state: deactivated"])
        w.sim("connect", families=[4, 6])
        w.sim("connect", mux=3, apn="other")
        self.expect("--query-connection-state=0", has=[
            "Activation state: activated", "IP type: ipv4v6"])
        self.expect("--query-connection-state=3", has=["IP type: ipv4"])
        self.expect("--query-ip-configuration=0", has=[
            "IP [0]: 10.64.0.2/24", "IP [0]: 2001:db8::2/64", "DNS [0]: 192.0.2.53"])
        w.sim("move", rx=1_000_000, tx=20_000)
        w.sim("move", rx=300, tx=40, mux=3)
        self.expect("--query-packet-statistics",
                    has=["Octets (in): 1000300", "Octets (out): 20040"])
        w.sim("disconnect", mux=3)
        self.expect("--query-connection-state=3", has=["Activation state: deactivated"])
        self.expect("--query-connection-state=0", has=["Activation state: activated"])
        w.sim("disconnect")
        self.expect("--query-packet-statistics", has=["Octets (in): 1000300"])
        self.assertIn("ContextNotActivated", w.mbimcli("--query-ip-configuration=0").stderr)
        self.assertEqual(w.kernel(), (1_000_300, 20_040))

    def test_another_client_connects(self):
        w = self.world
        w.add_modem(PHYSICAL)
        for extensions in ([], ["--device-open-ms-mbimex-v3"]):
            said = w.mbimcli(*extensions, "--connect=session-id=0,access-string=example,ip-type=ipv4")
            self.assertEqual(said.returncode, 0, said.stderr)
            self.assertEqual(w.sim("state")["connected"], [4])
            self.assertEqual(w.mbimcli("--disconnect=0").returncode, 0)
            self.assertEqual(w.sim("state")["connected"], [])
        w.sim("roam", plmn="44010", registered=False)
        self.assertIn("NotRegistered", w.mbimcli("--connect=apn=x").stderr)

    def test_extensions(self):
        """What one host agrees to, all get."""
        w = self.world
        w.add_modem(PROFILE, mbimex=3)
        w.sim("connect", apn="example")
        self.expect("--query-connection-state=0", has=["Activation state: activated"],
                    lacks=["Access string: example"])
        self.expect("--device-open-ms-mbimex-v2", "--query-registration-state",
                    has=["Preferred data classes: lte"])
        self.expect("--device-open-ms-mbimex-v3", "--query-subscriber-ready-status", has=[
            "SIM ICCID: 8981100000000007719", "Flags: esim, sim-removability-known"])
        self.expect("--query-connection-state=0", has=["Access string: example"])
        self.expect("--query-packet-service-state", has=["TAI TAC: 7"])
        self.assertEqual(w.sim("state")["version"], 3)

    def test_fragments(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("fragments", most=64)
        self.expect("--query-device-caps", has=["Hardware info: SIM7600"])
        self.expect("--query-device-services", has=["packet-statistics (20)"])

    def test_faults(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("error", service="basic", message=20, code=28)
        self.assertIn("OperationNotAllowed", w.mbimcli("--query-packet-statistics").stderr)
        w.sim("error", service="basic", message=20)
        self.expect("--query-packet-statistics", has=["Octets (in): 0"])
        w.sim("patch", service="basic", message=20, offset=8, value=77)
        self.expect("--query-packet-statistics", has=["Octets (in): 77"])

    def test_count_that_makes_others_crash(self):
        """What lib/frame is for: mbimcli believes the count of telephone numbers."""
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("patch", service="basic", message=2, offset=24, value=0x10000000)
        self.assertNotIn(w.mbimcli("--query-subscriber-ready-status").returncode, (0, 1))

    def test_unplug_and_plug(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.sim("connect")
        self.expect("--query-connection-state=0", has=["Activation state: activated"])
        w.sim("unplug")
        w.sim("plug")
        self.expect("--query-connection-state=0", has=["Activation state: deactivated"])

    def test_changes_and_violations(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.mbimcli("--set-radio-state=on")
        self.assertEqual(w.sim("state")["changes"], ["basic/3"])
        self.assertEqual(w.sim("state")["violations"], [])
        w.sim("forget")
        self.assertEqual(w.sim("state")["changes"], [])

    def test_beside_a_qmi_modem(self):
        w = self.world
        w.add_modem(PHYSICAL)
        w.add_modem(PROFILE, protocol="qmi")
        self.expect("--query-subscriber-ready-status", has=["SIM ICCID: 89811000000000055128"])
        self.assertIn("8981100000000007719", w.qmicli("--dms-uim-get-iccid", index=1).stdout)


if __name__ == "__main__":
    harness.main()
