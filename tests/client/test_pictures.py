#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A month as a picture. With PICTURES=write the files are written anew, to be looked at."""

import os
import pathlib
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import BUILD, GB, MB, NOW, FakeCase, GLib, bucket, plan, sim  # noqa: E402
from scenes import MONTHLY, month, without_a_plan  # noqa: E402

import harness  # noqa: E402

PICTURES = harness.SOURCE / "tests/client/pictures"
HISTORY = ("history", "-o")


class Pictures(FakeCase):
    def svg(self, *words: str, **more: str) -> str:
        return self.run_cli(*HISTORY, "svg", *words, **more)

    def test_golden(self):
        ja = {"LANGUAGE": "ja", "SIMTALLY_LOCALE_DIR": str(BUILD / "po")}
        for name, scene, words, environment in (
                ("month", month, (), {}), ("dark", month, ("--theme", "dark"), ja),
                ("iec", month, ("-u", "iec"), {}), ("no-plan", without_a_plan, (), {})):
            with self.subTest(name):
                self.fake.clear()
                scene(self.fake)
                shown = self.svg(*words, **environment)
                golden = PICTURES / f"{name}.svg"
                if os.environ.get("PICTURES") == "write":
                    golden.write_text(shown)
                self.assertEqual(shown, golden.read_text())
                ElementTree.fromstring(shown)

    def test_names_are_no_markup(self):
        month(self.fake)
        (said,) = self.fake.objects.values()
        said["org.simtally1.Sim"]["Label"] = '<script>&"\n'
        texts = [e.text for e in ElementTree.fromstring(self.svg()).iter() if e.text]
        self.assertIn('<script>&"  ··8810', texts)

    def test_odd_months(self):
        """Nothing used, all used, much more used than was bought, a period that is over or long."""
        huge = 2**63
        for limit, used, period, day in (
                (20 * GB, 0, MONTHLY, 0), (GB, GB, MONTHLY, GB), (1, huge, MONTHLY, huge),
                (huge, huge, MONTHLY, 2**64 - 1), (GB, 0, {"PeriodStart": 1, "PeriodEnd": 2}, 5),
                (GB, 0, {"PeriodStart": 1, "PeriodEnd": NOW + 9}, 5),
                (GB, 0, {"PeriodStart": NOW + 86400, "PeriodEnd": NOW + 9 * 86400}, 5),
                (GB, 0, {"PeriodStart": NOW - 9 * 86400, "PeriodEnd": NOW + 80 * 86400}, 5),
                (GB, MB, {"PeriodStart": NOW - 9 * 86400, "PeriodEnd": NOW - 86400}, MB)):
            with self.subTest(limit=limit, used=used, period=period):
                self.fake.clear()
                self.fake.add(sim("A", "8810", Current=True),
                              plan("ok", bucket("m", limit, used, **period), HasForecast=True,
                                   SpareBytes=huge))
                self.fake.answers["GetHistory"] = GLib.Variant("(a(ttttt))", (
                    [(MONTHLY["PeriodStart"], day, 0, day, 0)],))
                for text in (self.svg(), self.run_cli(*HISTORY, "chart")):
                    self.assertNotIn("nan", text)
                    self.assertNotIn("inf", text)
                for width in (30, 40, 77, 200):
                    text = self.run_cli(*HISTORY, "chart", "--width", str(width))
                    self.assertLessEqual(max(map(len, text.splitlines())), width, text)
                for e in ElementTree.fromstring(self.svg()).iter():
                    for pair in e.get("points", "").split():
                        x, y = map(float, pair.split(","))
                        self.assertTrue(0 <= x <= 720 and 0 <= y <= 400, pair)

    def png(self, *words: str, **environment: str) -> subprocess.CompletedProcess:
        clock = self.world.directory / "clock"
        clock.write_text(f"{NOW - int(time.time())} 1\n")
        return subprocess.run(
            [BUILD / "client/simtally", *HISTORY, "png", *words], capture_output=True, timeout=60,
            env=dict(os.environ, LC_ALL="C.UTF-8", TEST_CLOCK=str(clock),
                     LD_PRELOAD=str(BUILD / "tests/libtest-clock.so"),
                     SIMTALLY_LIBEXEC_DIR=str(BUILD / "client"),
                     ASAN_OPTIONS="detect_leaks=0") | environment)  # fontconfig keeps its own

    def test_png(self):
        month(self.fake)
        for theme, paper in (("light", b"\xff\xff\xff"), ("dark", b"\x1b\x1f\x24")):
            run = self.png("--theme", theme)
            self.assertEqual((run.returncode, run.stderr), (0, b""))
            self.assertTrue(run.stdout.startswith(b"\x89PNG\r\n\x1a\n"))
            self.assertEqual(struct.unpack(">II", run.stdout[16:24]), (1440, 800))
            at, data = 8, b""
            while at < len(run.stdout):
                (length,) = struct.unpack(">I", run.stdout[at:at + 4])
                if run.stdout[at + 4:at + 8] == b"IDAT":
                    data += run.stdout[at + 8:at + 8 + length]
                at += length + 12
            pixels = zlib.decompress(data)
            self.assertEqual(pixels[1:4], paper)  # the first one is as it is, whatever the filter
            self.assertGreater(len(run.stdout), 10_000)

    def test_png_without_its_program(self):
        month(self.fake)
        run = self.png(SIMTALLY_LIBEXEC_DIR="/nowhere")
        self.assertEqual((run.returncode, run.stdout), (1, b""))
        self.assertIn(b"/nowhere/simtally-png is not installed", run.stderr)

    def test_its_program_refuses_what_is_no_drawing(self):
        for text in ("", "size 0 0\n", "size 100000 3\n", "size 9 9\nnonsense\n",
                     "size 9 9\nline #000000\n", "size 9 9\ntext #000000 9 0 1,1\n"):
            run = subprocess.run([BUILD / "client/simtally-png"], input=text.encode(),
                                 capture_output=True, timeout=60)
            self.assertEqual(run.returncode, 1, text)

    def test_no_other_verb_loads_what_draws(self):
        run = subprocess.run(["ldd", BUILD / "client/simtally"], capture_output=True, text=True,
                             check=True)
        self.assertNotRegex(run.stdout, "cairo|pango|freetype|fontconfig")

    def test_what_is_no_picture(self):
        month(self.fake)
        for words in (("--by", "month"), ("--since", "2026-11-01"), ("--theme", "pink")):
            self.svg(*words, code=2)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
