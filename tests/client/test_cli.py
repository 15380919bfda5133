#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line, against the real daemon and simulated modems: what a person sees."""

import csv
import io
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import harness  # noqa: E402
from harness import BUILD, World, card, wait_for  # noqa: E402

A = card("8981100000000007719", esim=True, operator="Singtel", home="52501",
         provider="Airalo Japan")
B = card("8949020000000008810", operator="Telekom", home="26201", provider="Work SIM")
INSTANT = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d\d:\d\d")


class Cli(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(World())

    def run_cli(self, *words, code=0, stdin="", **environment):
        """Output of a run that is to end with this code; instants are replaced by NOW."""
        run = subprocess.run([str(BUILD / "client/simtally"), *words], capture_output=True,
                             text=True, input=stdin, timeout=60,
                             env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC") | environment)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return INSTANT.sub("NOW", run.stdout if code == 0 else run.stderr)

    def start_one(self):
        """The travel eSIM, abroad, with some bytes carried."""
        w = self.world
        w.add_modem(A)
        w.sim("roam", plmn="44010", name="NTT DOCOMO")
        w.start_daemon()
        path = w.present("7719")
        wait_for(lambda: w.get(path, "Sim", "Roaming"), "roaming")
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=412_000_000, tx=12_345_678)
        w.expect_bytes(path, (412_000_000, 12_345_678))
        wait_for(lambda: w.get(path, "Sim", "Label") == "Airalo Japan", "the provider's name")
        return path

    def test_export(self):
        w = self.world
        self.start_one()
        copy = w.directory / "copy.db"
        self.run_cli("export", str(copy))
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        with sqlite3.connect(copy) as db:
            self.assertEqual(db.execute("SELECT sum(rx), sum(tx) FROM usage").fetchall(),
                             [(412_000_000, 12_345_678)])
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        db.close()
        self.assertIn("exists", self.run_cli("export", str(copy), code=1))
        self.assertEqual([p.name for p in w.state.glob("*.export*")], [])

    def start_two(self):
        """Then the work SIM, at home."""
        w = self.world
        self.start_one()
        w.sim("swap", card=B)
        path = w.present("8810")
        w.sim("roam", plmn="26201", name="Telekom", roaming=False)
        wait_for(lambda: not w.get(path, "Sim", "Roaming"), "home")
        w.sim("connect")
        w.wait_state("connected")
        w.sim("move", rx=1_000_000, tx=0)
        w.expect_bytes(path, (1_000_000, 0))
        wait_for(lambda: w.get(path, "Sim", "Label") == "Work SIM", "the provider's name")
        wait_for(lambda: w.get(path, "Sim", "Current"), "the current SIM")

    def test_one_sim(self):
        self.start_one()
        self.assertEqual(self.run_cli(), """\
Airalo Japan ··7719   eSIM · roaming on NTT DOCOMO · connected
  Used      424 MB today · 424 MB since NOW
            412 MB received · 12 MB sent · last NOW
  Left      unknown: no plan yet. Say what you bought, for example:
              simtally plan set 10GB for 10 days from 19 Nov, left 6.3GB
              simtally plan set 20GB monthly on 15
              simtally plan set 1GB daily for 7 days, then 128kbit/s
""")
        self.assertEqual(self.run_cli("status", "7719"), self.run_cli("status", "Airalo Japan"))
        self.assertIn("412000000 B received", self.run_cli("-u", "bytes"))
        self.assertIn("392 MiB received", self.run_cli("-u", "iec"))

    def test_narrow_and_ascii(self):
        self.start_one()
        self.assertEqual(self.run_cli("--width", "40", LC_ALL="C"), """\
Airalo Japan ..7719
  eSIM * roaming on NTT DOCOMO
  connected
  Used      424 MB today
            424 MB since NOW
            412 MB received * 12 MB sent
            last NOW
  Left      unknown: no plan yet. Say
            what you bought, for
            example:
              simtally plan set 10GB for
              10 days from 19 Nov, left
              6.3GB
              simtally plan set 20GB
              monthly on 15
              simtally plan set 1GB
              daily for 7 days, then
              128kbit/s
""")

    def test_several_sims(self):
        self.start_two()
        self.assertEqual(self.run_cli("sims"), """\
  SIM                   TODAY    IN ALL   LAST USED    STATE
▶ Work SIM      ··8810  1 MB     1 MB     NOW connected

  Not in this machine   TODAY    IN ALL   LAST USED    STATE
  Airalo Japan  ··7719  424 MB   424 MB   NOW –
""")
        self.assertTrue(self.run_cli().startswith(self.run_cli("sims")))
        self.assertIn("left; Work SIM counts now", " ".join(self.run_cli().split()))
        self.assertIn("SIM · at home · connected", self.run_cli("-s", "8810"))
        self.assertIn("eSIM · not in this machine", self.run_cli("-s", "7719"))

    def test_json(self):
        path = self.start_one()
        said = json.loads(self.run_cli("-o", "json"))
        self.assertEqual(said["version"], 1)
        self.assertEqual(said["problems"], [])
        sim = said["sims"][0]
        self.assertEqual((sim["path"], sim["rx_bytes"], sim["tx_bytes"], sim["roaming"]),
                         (path, 412_000_000, 12_345_678, True))
        self.assertEqual(sim["iccid_tail"], "7719")
        self.assertIsInstance(sim["last_used_at"], int)
        self.assertIn("last_used_at_rfc3339", sim)
        self.assertGreater(sim["first_seen_at"], 0)
        self.assertEqual((sim["undated_rx_bytes"], sim["undated_tx_bytes"]), (0, 0))
        modem = said["modems"][0]
        self.assertEqual((modem["state"], modem["source"], modem["sim"]),
                         ("connected", "link", path))
        self.assertEqual(list(sim)[:3], ["path", "label", "iccid_tail"])

    def test_fields_and_keyvalue(self):
        self.start_one()
        self.assertEqual(self.run_cli("-g", "label,rx_bytes,connected"),
                         "Airalo Japan\n412000000\nyes\n")
        self.assertIn("sim.0.tx_bytes=12345678\n", self.run_cli("-o", "keyvalue"))
        self.assertIn("no field is called rxbytes", self.run_cli("-g", "rxbytes", code=2))

    def test_history(self):
        self.start_one()
        for by in ("15min", "hour", "day", "week", "month", "year"):
            said = json.loads(self.run_cli("history", "--by", by, "-o", "json"))
            self.assertEqual(sum(r["roaming_rx_bytes"] for r in said["rows"]), 412_000_000)
            rows = list(csv.DictReader(io.StringIO(
                self.run_cli("history", "--by", by, "-o", "csv"))))
            self.assertEqual(sum(int(r["roaming_tx_bytes"]) for r in rows), 12_345_678)
        text = self.run_cli("history", "--width", "60")
        self.assertTrue(text.startswith("Airalo Japan ··7719\n"))
        self.assertIn("424 MB  ▒▒▒▒▒▒", text)
        self.assertTrue(all(len(line) <= 60 for line in text.splitlines()))
        self.assertIn("Nothing was counted",
                      self.run_cli("history", "--until", "2020-01-01", "--since", "2019-01-01"))
        self.assertIn("is no time", self.run_cli("history", "--since", "yesterday", code=2))
        self.assertIn("A slice is", self.run_cli("history", "--by", "fortnight", code=2))

    def test_label_and_forget(self):
        self.start_two()
        self.run_cli("label", "7719", "Japan <b>&\n日本\u202e")
        self.assertIn("Japan <b>& 日本  ··7719", self.run_cli())
        self.assertIn("no SIM", self.run_cli("label", "0000", "x", code=10).replace("No", "no"))
        self.assertIn("take it out first", self.run_cli("forget", "8810", "-y", code=1))
        self.run_cli("forget", "7719", stdin="n\n", code=1)
        self.assertIn("··7719", self.run_cli("sims"))
        self.run_cli("forget", "7719", stdin="y\n")
        self.assertNotIn("··7719", self.run_cli("sims"))

    def test_unassigned_bytes_are_shown_and_assigned(self):
        w = self.world
        path = self.start_one()
        w.sim("swap")
        w.wait_state("no-sim")
        w.sim("move", rx=2_000_000, tx=0)
        wait_for(lambda: w.unassigned() == (2_000_000, 0), "unassigned bytes")
        w.sim("swap", card=B)
        w.present("8810")
        text = self.run_cli()
        self.assertIn("  Unassigned 2 MB on ", text)
        self.assertIn("which SIM carried them is not known", " ".join(text.split()))
        self.run_cli("assign", "wwan0", "7719")
        self.assertEqual(w.bytes_of(path), (414_000_000, 12_345_678))
        self.assertNotIn("Unassigned", self.run_cli())
        self.run_cli("assign", "wwan0", "none")
        self.assertEqual(w.bytes_of(path), (412_000_000, 12_345_678))

    def test_identify(self):
        self.start_one()
        text = self.run_cli("sims", "--identify")
        self.assertIn("8981100000000007719", text)
        self.assertIn("IMSI", text)
        for words in ((), ("sims",), ("modems",), ("-o", "json"), ("-o", "keyvalue")):
            self.assertNotIn("898110000000000", self.run_cli(*words))

    def test_modems(self):
        w = self.world
        self.start_one()
        self.assertEqual(self.run_cli("modems"), f"""\
SIM7600   connected
  Port      {w.directory}/cdc-wdm0, qmi
  Link      wwan0
  SIM       Airalo Japan ··7719
  Counted by the kernel's counter of the link
""")
        w.sim("unplug")
        w.wait_state("absent")
        self.assertIn("no modem is there now", self.run_cli())

    def test_nothing_yet(self):
        w = self.world
        w.add_modem()
        w.start_daemon()
        w.wait_state("no-sim")
        self.assertIn("No SIM has been seen yet.", self.run_cli())
        self.assertEqual(json.loads(self.run_cli("-o", "json"))["sims"], [])
        self.assertIn("no SIM has been seen", self.run_cli("history", code=10))

    def test_exit_codes(self):
        w = self.world
        self.assertIn("Start it: systemctl start simtallyd", self.run_cli(code=8))
        self.assertIn("cannot be reached",
                      self.run_cli(code=8, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere"))
        self.start_one()
        for words in (("nonsense",), ("--nonsense",), ("label", "x"), ("-o", "yaml"),
                      ("-u", "bits"), ("history", "-o", "keyvalue"), ("status", "a", "b"),
                      ("--width", "-3")):
            self.run_cli(*words, code=2)
        self.assertIn("No SIM has that label", self.run_cli("-s", "nobody", code=10))
        w.daemon.send_signal(19)  # stopped: it does not answer
        try:
            self.assertIn("in time", self.run_cli("-w", "1", code=3))
        finally:
            w.daemon.send_signal(18)

    def test_options_before_the_verb(self):
        self.start_one()
        said = self.run_cli("sims", "-o", "json")
        self.assertEqual(self.run_cli("-o", "json", "sims"), said)
        self.assertEqual(self.run_cli("--output=json", "sims"), said)
        self.assertEqual(self.run_cli("-o", "json", "--wait", "20", "sims"), said)
        self.run_cli("-s", "7719", "check", code=3)
        self.assertIn("no verb nonsense", self.run_cli("-s", "7719", "nonsense", code=2))
        self.assertIn("Unknown option -y", self.run_cli("-y", "status", code=2))

    def test_help_and_version(self):
        self.assertIn("simtally 0.1", self.run_cli("--version"))
        for verb in ("status", "history", "assign"):
            self.assertLessEqual(len(self.run_cli(verb, "--help").splitlines()), 40)

    def test_full_disk_is_a_failure(self):
        self.start_one()
        with open("/dev/full", "w") as full:
            run = subprocess.run([str(BUILD / "client/simtally")], stdout=full, timeout=60)
        self.assertEqual(run.returncode, 1)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
