#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people see of their plans: each screen, from fixed figures at a fixed time."""

import json
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import BUS, GB, MB, PATH, FakeCase, at, bucket, plan, sim  # noqa: E402
from scenes import many, modems  # noqa: E402
from states import AIRALO, MONTHLY, TEN_DAYS, WORK, healthy, low  # noqa: E402

import harness  # noqa: E402


class Screens(FakeCase):
    """Beside the whole screens that test_languages.py has in each language."""

    def plan_line(self, its_plan, now):
        text = self.see(AIRALO, its_plan, now=at(now))
        return next((line[12:] for line in text.splitlines() if line.startswith("  Plan ")), None)

    def test_a_network_that_is_not_known(self):
        """Of a link alone, where no modem says it."""
        text = self.see(AIRALO | {"NetworkPlmn": "", "NetworkName": ""})
        self.assertEqual(text.splitlines()[0], "Airalo Japan ··7719   eSIM · connected")

    def test_day_of_so_many(self):
        for begun, start, end, ends, now, line in (
                ("11-20 14:00", "11-24 00:00", "11-25 00:00", "11-27 00:00", "11-24 10:00",
                 "day 5 of 7, ends Thu 26 Nov 23:59"),
                ("11-20 00:00", "11-20 00:00", "11-21 00:00", "11-27 00:00", "11-20 00:00",
                 "day 1 of 7, ends Thu 26 Nov 23:59"),
                ("11-20 14:00", "11-24 14:00", "11-25 14:00", "11-27 14:00", "11-25 13:59",
                 "day 5 of 7, ends Fri 27 Nov 14:00"),  # of 24 hours each
                ("11-20 14:00", "11-24 14:00", "11-25 14:00", "11-27 15:30", "11-25 13:59",
                 "ends Fri 27 Nov 15:30 (in 2 days)"),
                ("11-01 00:00", "11-15 00:00", "12-15 00:00", "12-31 00:00", "11-24 10:00",
                 "ends Wed 30 Dec 23:59 (in 37 days)")):
            with self.subTest(line):
                times = {"BegunAt": begun, "PeriodStart": start, "PeriodEnd": end, "ExpiresAt": ends}
                daily = bucket("daily", GB, 0, **{k: at(f"2026-{t}") for k, t in times.items()})
                self.assertEqual(self.plan_line(plan("ok", daily), f"2026-{now}"), line)

    def test_what_an_ended_plan_came_to(self):
        for begun, ends, line, more in (
                ("11-12 00:00", "11-22 00:00", "10 GB for 10 days (12-21 Nov), 8.6 GB used", {}),
                ("11-12 14:00", "11-22 14:00", "10 GB for 10 days (12-22 Nov), 8.6 GB used", {}),
                ("11-12 14:00", "11-22 15:30", "10 GB (12-22 Nov), 8.6 GB used", {}),
                ("10-28 14:00", "11-22 00:00", "10 GB for 25 days (28 Oct-21 Nov), 8.6 GB used", {}),
                ("11-20 14:00", "11-21 00:00", "10 GB for 1 day (20 Nov), 8.6 GB used", {}),
                ("11-12 00:00", "11-22 00:00", "unlimited for 10 days (12-21 Nov), 8.6 GB used",
                 {"Bytes": 0}),
                ("11-12 00:00", "11-22 00:00", "12-21 Nov; of the last 10 GB, 8.6 GB used",
                 {"PeriodStart": at("2026-11-21 00:00")})):
            with self.subTest(line):
                ended = bucket("data", 10 * GB, 8_600 * MB, Expired=True, **{
                    "PeriodStart": at(f"2026-{begun}"), "BegunAt": at(f"2026-{begun}"),
                    "ExpiresAt": at(f"2026-{ends}")} | more)
                self.assertEqual(self.plan_line(plan("expired", ended), "2026-11-24 10:00"), line)

    def test_an_ended_plan_of_an_older_daemon(self):
        ended = bucket("data", 10 * GB, 8_600 * MB, Expired=True, BegunAt=0,
                       PeriodStart=at("2026-11-12 00:00"), ExpiresAt=at("2026-11-22 00:00"))
        self.assertEqual(self.plan_line(plan("expired", ended), "2026-11-24 10:00"),
                         "10 GB (12-21 Nov), 8.6 GB used")

    def test_what_the_carrier_says(self):
        """Beside our own figure of that instant."""
        said = {"HasReport": True, "ReportedAt": at("2026-11-24 09:12"),
                "ReportedRemainingBytes": 15_100 * MB, "OwnBytes": 16_300 * MB}
        for more, line in (
                ({"ReportState": "agrees"}, "15.1 GB left, today 09:12; agrees"),
                ({"ReportState": "differs"},
                 "15.1 GB left, today 09:12; by our count it was 16.3 GB"),
                ({"ReportState": "question", "OwnBytes": 14_100 * MB},
                 "15.1 GB left, today 09:12; looks like +1 GB: was something bought?"),
                ({"ReportState": "agrees", "ReportsUsed": True, "ReportedUsedBytes": 4_900 * MB},
                 "15.1 GB left, today 09:12; agrees")):
            with self.subTest(line):
                self.assertIn(f"  Carrier   {line}\n", self.see(WORK, healthy(),
                                                                report=said | more))

    def test_slow_by_a_limit(self):
        """Nothing is used up: to buy more would not help."""
        text = self.see(WORK, plan("throttled", bucket("monthly", 20 * GB, GB, **MONTHLY)) | {
            "RateLimit": 128_000})
        self.assertIn("no end is known\n", text)

    def test_low_on_the_last_day(self):
        """No tomorrow is left in the period."""
        text = self.see(WORK, low() | {"SafeDailyBytes": 0, "SafeTodayBytes": 300 * MB},
                        now=at("2026-12-14 10:00"))
        self.assertIn("  Today     412 MB; 300 MB more is safe\n", text)

    def test_another_zone(self):
        text = self.see(WORK, healthy(), TZ="Europe/Berlin")
        self.assertIn("resets 14 Dec 16:00 (15 Dec 00:00 Tokyo; 20 days)\n", text)
        self.assertNotIn("Tokyo", self.see(WORK, healthy()))

    def test_ascii(self):
        text = self.see(WORK, healthy(), LC_ALL="C")
        self.assertTrue(text.isascii())
        self.assertIn("  #######--|--------------------   resets", text)

    def test_percent_and_bytes_are_rounded_down(self):
        nearly = bucket("monthly", 20 * GB, 20 * GB - 1, RemainingBytes=1, **MONTHLY)
        text = self.see(WORK, plan("low", nearly))
        self.assertIn("1 B left of 20 GB", text)
        self.assertIn("99 % used  LOW", text)

    def several(self):
        fake = self.fake
        fake.add(AIRALO | {"Current": True},
                 plan("ok", bucket("data", 10 * GB, 3_700 * MB, **TEN_DAYS)))
        fake.add(WORK | {"Current": False, "TodayRxBytes": 0, "TodayTxBytes": 0}, healthy())
        fake.add(sim("povo 2.0", "5512", Present=False, LastUsedAt=at("2026-11-02 12:00")),
                 plan("ok", bucket("data", 3 * GB, 900 * MB, ExpiresAt=at("2026-12-02 00:00"))))
        fake.add(sim("Ubigi EU", "9034", Present=False),
                 plan("waiting", bucket("data", 5 * GB, 0, Begun=False,
                                        StartBy=at("2026-12-31 00:00"))))
        fake.add(sim("SIM2Fly", "2207", Present=False, LastUsedAt=at("2026-11-21 12:00")),
                 plan("expired", bucket("data", 15 * GB, 5 * GB, RemainingBytes=0, Expired=True,
                                        ExpiresAt=at("2026-11-22 00:00"))))

    def test_several(self):
        self.several()
        self.assertEqual(self.run_cli(), """\
  SIM                   LEFT            USED  UNTIL           TODAY   STATE
▶ Airalo Japan  ··7719  6.3 of 10 GB    37 %  28 Nov 23:59    412 MB  ok
  Work SIM      ··8810  15.1 of 20 GB   24 %  15 Dec 00:00    0 B     ok

  Not in this machine   LEFT            USED  UNTIL           LAST    STATE
  SIM2Fly       ··2207  –               –     21 Nov 23:59    21 Nov  expired
  Ubigi EU      ··9034  5 of 5 GB        0 %  start by 30 Dec never   waiting
  povo 2.0      ··5512  2.1 of 3 GB     30 %  1 Dec 23:59     2 Nov   ok
▶ carries data now.   Details: simtally status 5512
""")

    def test_several_narrow(self):
        self.several()
        for width in (40, 50, 60, 70, 78):
            for line in self.run_cli("--width", str(width)).splitlines():
                self.assertLessEqual(len(line), width, line)
        self.assertEqual(self.run_cli("--width", "40"), """\
  SIM           LEFT            STATE
▶ Airalo Japan  6.3 of 10 GB    ok
  Work SIM      15.1 of 20 GB   ok

  Away          LEFT            STATE
  SIM2Fly       –               expired
  Ubigi EU      5 of 5 GB       waiting
  povo 2.0      2.1 of 3 GB     ok
▶ carries data now.
Details: simtally status 5512
""")

    def test_of_many_those_used_last(self):
        many(self.fake)
        shown = self.run_cli()
        self.assertEqual([int(n) for n in re.findall(r"^  Trip (\d+)", shown, re.M)],
                         sorted(range(5, 25), key=str))
        self.assertIn("\n4 more SIMs are not in this machine.   All: simtally sims\n", shown)
        self.assertEqual(self.run_cli("sims").count("Trip"), 24)
        self.assertEqual(len(json.loads(self.run_cli("-o", "json"))["sims"]), 25)

        # Whatever the order: what is here is never passed over, nor the current one.
        self.fake.objects = dict(reversed(self.fake.objects.items()))
        here = self.fake.add(sim("Second", "0002"))
        self.fake.objects[f"{PATH}/modem/1"] = {f"{BUS}.Modem": {"Device": "/dev/cdc-wdm1",
                                                                 "Sim": here}}
        shown = self.run_cli()
        self.assertIn("Work SIM", shown)
        self.assertIn("Second", shown)
        self.assertEqual(shown.count("Trip"), 20)
        self.assertIn("Work SIM", self.run_cli("status", "-o", "genmon"))

    def test_swapped_and_what_is_wrong(self):
        self.fake.add(WORK, healthy())
        self.fake.add(AIRALO | {"Present": False, "LastUsedAt": at("2026-11-24 14:02")})
        self.fake.problems = ["clock-untrusted"]
        text = " ".join(self.run_cli().split())
        self.assertIn("Swapped Airalo Japan carried its last bytes 14:02 and left; Work SIM counts "
                      "now", text)
        self.assertIn("The clock is not trusted", text)
        self.assertIn("no plan yet", text)

    def test_what_is_wrong_with_the_one_that_is_named(self):
        """And with its modem, and with the machine; of other modems nothing is said."""
        modems(self.fake)  # their counters differ in the first one
        for number, label in enumerate((WORK, AIRALO)):
            self.fake.add(label | {"Modem": f"{PATH}/modem/{number}"})
        self.fake.problems = ["clock-untrusted"]
        texts = [" ".join(self.run_cli("status", label).split())
                 for label in (WORK["Label"], AIRALO["Label"])]
        for text in texts:
            self.assertIn("Problem The clock is not trusted", text)
        self.assertEqual([text.count("differ by over 10 %") for text in texts], [1, 0], texts)

    def test_no_daemon(self):
        self.fake.leave()
        for words in ((), ("status", "8810"), ("-o", "json"), ("-g", "label")):
            self.assertEqual(
                self.run_cli(*words, code=8),
                "simtally: simtallyd is not running. Start it: systemctl start simtallyd\n")

    def test_json(self):
        said = json.loads(self.see(WORK, healthy(), "-o", "json", alerts=[
            {"Id": 12, "Kind": "level", "Severity": "normal", "RaisedAt": at("2026-11-24 12:00"),
             "Bucket": "monthly", "LevelPercent": 80, "Charged": 2.5}]))
        (one,) = said["sims"]
        self.assertEqual(said["version"], 1)
        self.assertLessEqual({
            "has_plan": True, "state": "ok", "limit_bytes": 20 * GB, "remaining_bytes": 15_130 * MB,
            "percent_used": 24.35, "period_end": MONTHLY["PeriodEnd"],
            "period_end_rfc3339": "2026-12-15T00:00:00+09:00", "expires_at": 0,
            "expires_at_rfc3339": None, "charged": 0}.items(), one["plan"].items())
        self.assertLessEqual({"name": "monthly", "bytes": 20 * GB, "begun": True,
                              "period_start_rfc3339": "2026-11-15T00:00:00+09:00"}.items(),
                             one["plan"]["buckets"][0].items())
        self.assertLessEqual({"id": 12, "kind": "level", "level_percent": 80, "charged": 2.5,
                              "raised_at_rfc3339": "2026-11-24T12:00:00+09:00"}.items(),
                             one["alerts"][0].items())

    def test_without_a_plan_programs_are_told_so(self):
        said = json.loads(self.see(WORK, None, "-o", "json"))
        self.assertEqual((said["sims"][0]["plan"]["has_plan"], said["sims"][0]["alerts"]),
                         (False, []))

    def test_fields(self):
        self.assertEqual(self.see(WORK, healthy(), "-g", "label,remaining_bytes,plan.state"),
                         "Work SIM\n15130000000\nok\n")
        text = self.run_cli("-o", "keyvalue")
        self.assertIn("sim.0.plan.percent_used=24.35\n", text)
        self.assertIn("sim.0.plan.buckets.0.name=monthly\n", text)

    def test_hostile_texts(self):
        text = self.see(WORK | {"Label": "a\x1b[31mb\u202ec"},
                        plan("ok", bucket("\x1b]0;x\x07", GB, 0, **MONTHLY),
                             bucket("two", GB, 0, **MONTHLY), Name="\x1b[2J"))
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\u202e", text)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
