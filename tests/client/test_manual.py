#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The manual and the README say what is so: every example runs, nothing that there is is missing."""

import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import BUILD, GB, NOW, FakeCase, GLib, bucket, plan, sim, values  # noqa: E402
from scenes import MONTHLY, TEXT, events, periods  # noqa: E402

import harness  # noqa: E402

MANUAL = sorted((BUILD / "man").glob("*.[1-9]"))
README = harness.SOURCE / "README.md"


def rendered(page: pathlib.Path) -> str:
    text = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000", page], check=True,
                          capture_output=True, text=True).stdout
    return re.sub(r".\x08", "", text)


def displays(page: pathlib.Path) -> list[str]:
    """The literal examples of a page."""
    return [text.replace("\\e", "\\")
            for text in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", page.read_text(), re.M | re.S)]


def commands(text: str) -> list[str]:
    return re.findall(r"^ *\$ ((?:simtally|busctl).*)", text, re.M)


class Manual(FakeCase):
    def test_pages_are_well_formed(self):
        self.assertGreaterEqual(len(MANUAL), 5)
        run = subprocess.run(["mandoc", "-T", "lint", *(page.name for page in MANUAL)],
                             cwd=BUILD / "man", capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stdout + run.stderr), (0, ""))

    def test_every_option_of_the_agent_is_described(self):
        shown = subprocess.run([BUILD / "client/simtally-notify", "--help"], check=True,
                               capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
        options = re.findall(r"--[a-z]+", shown.stdout)
        self.assertIn("--show", options)
        page = rendered(BUILD / "man/simtally-notify.1")
        for option in options:
            self.assertIn(option, page)

    def test_every_verb_and_option_is_described(self):
        page = rendered(BUILD / "man/simtally.1")
        for line in self.run_cli("--complete", "").splitlines():
            verb = line.split("\t")[0]
            words = [verb] + [f"{verb} {sub.split()[1]}"
                              for sub in self.run_cli(verb, "--help").splitlines()
                              if sub.startswith(f"  {verb} ")]
            for name in words:
                self.assertRegex(page, rf"(?m)^ +{name}\b")
            for option in self.run_cli("--complete", verb, "--").splitlines():
                self.assertIn(option.split("\t")[0], page)
            for name in self.run_cli("--complete", verb, "-o", "").splitlines():
                self.assertRegex(page, rf"\b{name.strip()}\b")

    def test_every_key_of_a_plan_is_described(self):
        page = rendered(BUILD / "man/simtally.plan.5")
        keys = re.findall(r'^\s+\{ "([A-Z]\w+)", ', (harness.SOURCE / "lib/plan-keys.c").read_text(),
                          re.M)
        self.assertGreater(len(keys), 50)
        self.assertEqual([key for key in keys if not re.search(rf"\b{key}\b", page)], [])

    def test_every_key_of_a_query_is_described(self):
        page = rendered(BUILD / "man/simtally.query.5")
        keys = re.findall(r'^\s+\{ "([A-Z]\w+)", ', (harness.SOURCE / "lib/query-keys.c").read_text(),
                          re.M)
        self.assertGreater(len(keys), 12)
        self.assertEqual([key for key in keys if not re.search(rf"\b{key}\b", page)], [])

    def test_every_member_of_the_bus_is_described(self):
        page = rendered(BUILD / "man/org.simtally1.5")
        for file in (harness.SOURCE / "dbus").glob("*.xml"):
            for name in re.findall(r'<(?:method|signal|property) name="(\w+)"', file.read_text()):
                self.assertRegex(page, rf"(?m)^ +{name}\b")

    def run_example(self, command: str) -> None:
        """With a yes to what is asked, and an editor that changes nothing."""
        self.fake.clear()
        periods(self.fake)
        events(self.fake)
        self.fake.objects.clear()
        self.fake.add(sim("Work SIM", "8810", Current=True),
                      plan("ok", bucket("monthly", 20 * GB, 5 * GB, **MONTHLY), Name="Home"))
        self.fake.add(sim("Airalo", "7719", RxBytes=GB),
                      plan("ok", bucket("monthly", 20 * GB, 5 * GB, **MONTHLY)))
        self.fake.answers |= {
            "GetPlan": GLib.Variant("(s)", (TEXT,)), "GetIdentity": GLib.Variant(
                "(a{sv})", (values({"Iccid": "8981100000000008810"}),)),
            "ListPresets": GLib.Variant("(a(sss))", ([("povo", "povo 2.0", "")],)),
            "GetPreset": GLib.Variant("(s)", (TEXT,))}
        folder = self.world.directory / "example"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        clock = self.world.directory / "clock"
        clock.write_text(f"{NOW - int(time.time())} 1\n")
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            command, shell=True, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd=folder,
            env=dict(os.environ, LC_ALL="C.UTF-8", EDITOR="true", TEST_CLOCK=str(clock),
                     LD_PRELOAD=str(BUILD / "tests/libtest-clock.so"),
                     SIMTALLY_LIBEXEC_DIR=str(BUILD / "client"),
                     ASAN_OPTIONS="detect_leaks=0",  # fontconfig keeps its own
                     PATH=f"{BUILD / 'client'}:{os.environ['PATH']}"))
        os.close(theirs)
        os.write(ours, b"y\n" * 3)
        if re.search("--(follow|watch)", command):
            output = process.stdout.readline()
            process.stdout.close()  # which nobody reads any more: it ends by itself
            process.wait(60)
        else:
            output = process.communicate(timeout=60)[0]
        os.close(ours)
        self.assertEqual(process.returncode, 0, f"{command}\n{output}")

    def test_examples_run(self):
        for page in (README, *MANUAL):
            text = page.read_text() if page == README else "\n".join(displays(page))
            for command in commands(text):
                with self.subTest(page=page.name, command=command):
                    self.run_example(command)

    def test_readme_has_examples(self):
        self.assertGreater(len(commands(README.read_text())), 8)

    def test_plans_are_understood(self):
        plans = [text for text in displays(BUILD / "man/simtally.plan.5") if "\n[Bucket" in text]
        self.assertGreaterEqual(len(plans), 3)
        for text in plans:
            self.run_cli("plan", "check", "-", stdin=text)

    def test_queries_are_understood(self):
        queries = displays(BUILD / "man/simtally.query.5")
        self.assertGreaterEqual(len(queries), 2)
        self.fake.add(sim("Work SIM", "8810", Current=True))
        for text in queries:
            self.run_cli("query", "setup", "-", stdin=text)

    def test_configurations_are_understood(self):
        found = displays(BUILD / "man/simtally.conf.5") + re.findall(
            r"(?m)^    (\[Ports\]\n(?:    .*\n)+)", README.read_text())
        self.assertGreaterEqual(len(found), 3)
        for text in found:
            file = self.world.directory / "simtally.conf"
            file.write_text(re.sub(r"(?m)^ +|#.*", "", text))
            run = subprocess.run(
                [BUILD / "daemon/simtallyd", "--config", file], capture_output=True, text=True,
                timeout=60, env=dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/none",
                                     STATE_DIRECTORY=str(self.world.directory / "none")))
            self.assertEqual(run.returncode, 1, run.stderr)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
