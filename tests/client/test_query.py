#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""simtally query, against the real daemon: from a suggestion to the carrier's figure."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import bus_case  # noqa: E402
import harness  # noqa: E402
from harness import BUILD, BUS, SOURCE, card, wait_for  # noqa: E402

PLAN = """[Plan]
Zone=UTC
CheckUrl=https://carrier.example/left
App=My Carrier
Support=0570-09-4400

[Bucket monthly]
Bytes=20GB
Every=1 month
From=2026-01-01
"""


class Query(harness.TestCase):
    def setUp(self):
        super().setUp()
        w = self.world
        data = w.directory / "share/simtally/carriers"
        data.mkdir(parents=True)
        for preset in (SOURCE / "data/carriers").glob("*.query"):
            shutil.copy(preset, data)
        w.environment["XDG_DATA_DIRS"] = str(w.directory / "share")
        w.add_modem(card("8966030000000007719", operator="AIS", home="52003", provider="Work SIM"))
        w.start_daemon()
        self.path = w.present("7719")
        harness.wait_for(lambda: w.get(self.path, "Sim", "Label") == "Work SIM", "its name")
        self.folder = w.directory / "programs"
        self.folder.mkdir(mode=0o755)

    def run_cli(self, *words, code=0, stdin=""):
        run = subprocess.run([str(BUILD / "client/simtally"), *words], capture_output=True,
                             text=True, input=stdin, timeout=120,
                             env=dict(os.environ, LC_ALL="C.UTF-8", TZ="UTC"))
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout if code == 0 else run.stdout + run.stderr

    def command(self, text):
        path = self.folder / "data-left"
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(0o755)
        return f"[Query]\nMethod=command\nCommand={path}\nCost=nothing\n", str(path)

    def set_plan(self):
        self.world.call(self.path, f"{BUS}.Plan", "SetPlan", "(st)", PLAN, 0)

    def test_by_hand(self):
        text = self.run_cli("query", code=1)
        self.assertIn("simtally query setup", text)
        self.assertIn("simtally correct --remaining 1.2GB", text)
        self.set_plan()
        text = self.run_cli("query", code=1)
        for wanted in ("https://carrier.example/left", "My Carrier", "0570-09-4400"):
            self.assertIn(wanted, text)

    def test_suggestions(self):
        text = self.run_cli("query", "setup", code=1)
        self.assertIn("1. AIS SIM2Fly (says https://www.ais.th/", text)
        self.assertIn("     Code=*111*6#\n", text)
        self.assertIn("simtally query setup FILE", text)
        self.assertEqual(self.run_cli("query", "show"), "")

    def database(self, text):
        folder = self.world.directory / "share/mobile-broadband-provider-info"
        folder.mkdir(exist_ok=True)
        (folder / "serviceproviders.xml").write_text(text)

    def test_suggestions_of_the_providers(self):
        """Those of the system's database come after ours, with its name; and none diverts calls."""
        self.database("""<?xml version="1.0"?><serviceproviders format="2.0"><country code="th">
            <provider><name>AIS &amp; more</name><gsm><network-id mcc="520" mnc="03"/>
            <balance-check><ussd>*121#</ussd><ussd>**21*0#</ussd><sms text="LEFT">1175</sms>
            </balance-check></gsm></provider>
            <provider><name>Other</name><gsm><network-id mcc="520" mnc="05"/>
            <balance-check><ussd>*101#</ussd></balance-check></gsm></provider>
            </country></serviceproviders>""")
        text = self.run_cli("query", "setup", code=1)
        source = "(says mobile-broadband-provider-info)"
        self.assertRegex(text, r"(?s)1\. AIS SIM2Fly .*2\. AIS & more .*3\. AIS & more ")
        self.assertEqual(text.count(source), 2)
        self.assertIn(f"2. AIS & more {source}\n     [Query]\n     Method=ussd\n     Code=*121#\n",
                      text)
        self.assertIn("     Method=sms\n     To=1175\n     Text=LEFT\n", text)
        self.assertNotIn("Other", text)
        self.assertNotIn("*21*", text)
        self.assertEqual(self.run_cli("query", "show"), "")

        self.database("<serviceproviders><provider>")
        text = self.run_cli("query", "setup", code=1)
        self.assertIn("1. AIS SIM2Fly", text)
        self.assertNotIn("2. ", text)

    def test_suggestions_as_installed(self):
        """The package's own file, whatever it says this year."""
        shutil.copytree("/usr/share/mobile-broadband-provider-info",
                        self.world.directory / "share/mobile-broadband-provider-info")
        self.world.sim("swap", card=card("8943070000000005512", home="23207", provider="Other"))
        path = self.world.present("5512")
        wait_for(lambda: self.world.get(path, "Sim", "HomePlmn") == "23207", "the home network")
        self.assertRegex(self.run_cli("query", "setup", "-s", "5512", code=1),
                         r"1\. .* \(says mobile-broadband-provider-info\)\n     \[Query\]\n")

    def test_from_setup_to_the_figure(self):
        self.set_plan()
        query, path = self.command("echo '{\"remaining_bytes\": 15100000000}'\n")
        self.assertIn("was not said", self.run_cli("query", "confirm", "-y", code=1))
        text = self.run_cli("query", "setup", "-", stdin=query)
        self.assertIn(f"the command {path} is run", text)
        self.assertIn("Nothing is sent before you say simtally query confirm", text)
        self.assertEqual(self.run_cli("query", "show"), query)
        self.assertIn("has not confirmed", self.run_cli("query", code=1))
        self.assertIn("has not said anything", self.run_cli("query", "last", code=1))

        self.assertIn("there is no terminal", self.run_cli("query", "confirm", code=2))
        self.assertIn("has not confirmed", self.run_cli("query", code=1))
        text = self.run_cli("query", "confirm", "-y")
        self.assertIn(f"Work SIM: the command {path} is run (nothing)", text)
        self.assertIn("Confirmed", text)

        self.assertRegex(self.run_cli("query"),
                         r"^Work SIM: 15.1 GB left, today \d\d:\d\d; by our count it was 20 GB\n$")
        self.assertIn("15100000000", self.run_cli("query", "last"))
        self.assertIn("asked not long ago", self.run_cli("query", code=1))
        status = self.run_cli("status")
        self.assertIn("15.1 GB left of 20 GB", status)
        self.assertRegex(status, r"Carrier   15.1 GB left, today \d\d:\d\d; by our count it was 20 GB")
        self.assertIn("the carrier says 15.1 GB left. By our count it was 20 GB.",
                      self.run_cli("alerts"))

    def test_json(self):
        self.set_plan()
        query, _path = self.command("echo '{\"used_bytes\": 4000000000}'\n")
        self.run_cli("query", "setup", "-", stdin=query)
        self.run_cli("query", "confirm", "-y")
        said = json.loads(self.run_cli("query", "-o", "json"))
        self.assertEqual({name: said[name] for name in (
            "version", "label", "query_method", "query_state", "query_error", "reports_used",
            "reported_used_bytes", "reported_remaining_bytes", "report_state", "own_bytes")}, {
                "version": 1, "label": "Work SIM", "query_method": "command",
                "query_state": "idle", "query_error": "", "reports_used": True,
                "reported_used_bytes": 4 * 10**9, "reported_remaining_bytes": 16 * 10**9,
                "report_state": "differs", "own_bytes": 20 * 10**9})
        self.assertTrue(said["reported_at_rfc3339"].startswith("20"))

    def test_a_failure_says_why(self):
        query, _path = self.command("exit 3\n")
        self.run_cli("query", "setup", "-", stdin=query)
        self.run_cli("query", "confirm", "-y")
        self.assertIn("The command failed, with 3", self.run_cli("query", code=1))
        said = subprocess.run([str(BUILD / "client/simtally"), "query", "-o", "json"],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(said.returncode, 1)  # too soon

    def test_a_wrong_definition(self):
        self.assertIn("line 2: Method", self.run_cli("query", "setup", "-", code=1,
                                                      stdin="[Query]\nMethod=pigeon\n"))
        self.assertIn("No such file", self.run_cli("query", "setup", "/nowhere", code=1))
        self.assertIn("no text", self.run_cli("query", "setup", "-", code=1, stdin="[Query]\n\0"))


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    bus_case.main()
