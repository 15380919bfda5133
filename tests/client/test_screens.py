#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people see of their plans: each screen, from fixed figures at a fixed time."""

import json
import os
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fake import BUS, GB, MB, PATH, Fake, at, bucket, plan, run_cli, sim  # noqa: E402
from scenes import many  # noqa: E402
from states import AIRALO, MONTHLY, TEN_DAYS, WORK, healthy, low  # noqa: E402

import harness  # noqa: E402


class Screens(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(harness.World(simulator=False))
        self.fake = Fake(self.world.connect())

    def run_cli(self, *words, **more):
        return run_cli(self.world.directory, *words, **more)

    def see(self, said, its_plan=None, *words, **more):
        self.fake.objects.clear()
        self.fake.add(said, its_plan, more.pop("alerts", ()), more.pop("report", None))
        return self.run_cli(*words, **more)

    def test_no_plan_yet(self):
        self.assertEqual(self.see(AIRALO | {"RxBytes": 3 * GB, "TxBytes": 200 * MB}), """\
Airalo Japan ··7719   eSIM · roaming on NTT DOCOMO · connected
  Used      412 MB today · 3.2 GB in all
            3 GB received · 200 MB sent · last never
  Left      unknown: no plan yet. Say what you bought, for example:
              simtally plan set 10GB for 10 days from 19 Nov, left 6.3GB
              simtally plan set 20GB monthly on 15
              simtally plan set 1GB daily for 7 days, then 128kbit/s
""")

    def test_healthy(self):
        self.assertEqual(self.see(WORK, healthy(), report={
            "HasReport": True, "ReportedAt": at("2026-11-24 09:12"),
            "ReportedRemainingBytes": 15_100 * MB}), """\
Work SIM ··8810   SIM · at home · connected
  15.1 GB left of 20 GB            24 % used
  ███████░░│░░░░░░░░░░░░░░░░░░░░   resets 15 Dec 00:00 (21 days)
  Today     412 MB; 293 MB more is safe
  Outlook   lasts, about 2.9 GB to spare
  Carrier   15.1 GB left, today 09:12; agrees
""")

    def test_carrier_differs(self):
        text = self.see(WORK, healthy(), report={
            "HasReport": True, "ReportedAt": at("2026-11-23 09:12"),
            "ReportedRemainingBytes": 14_100 * MB})
        self.assertIn("  Carrier   14.1 GB left, 23 Nov 09:12; by our count 15.1 GB now\n", text)

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

    def test_low(self):
        self.assertEqual(self.see(WORK | {"TodayRxBytes": 1_200 * MB, "TodayTxBytes": 0}, low(),
                                  now=at("2026-12-01 10:00")), """\
Work SIM ··8810   SIM · at home · connected
  3.6 GB left of 20 GB             82 % used  LOW
  ████████████████│███████░░░░░░   resets 15 Dec 00:00 (14 days)
  Safe      257 MB a day from tomorrow (today: 1.2 GB)
  Outlook   runs out Fri 4 Dec, 10 days early
  At zero   300 kbit/s until 15 Dec · top up: https://carrier.example/
""")

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

    def test_daily_cap_reached(self):
        daily = bucket("daily", GB, GB, OverBytes=61 * MB, AtZero="throttle 128kbit/s",
                       PeriodStart=at("2026-11-24 01:00"), PeriodEnd=at("2026-11-25 01:00"),
                       ExpiresAt=at("2026-11-27 01:00"), UsedUpAt=at("2026-11-24 20:31"),
                       RateLimit=128_000)
        self.assertEqual(self.see(
            sim("Japan Unlimited", "0077", Kind="esim", Roaming=True, NetworkName="SoftBank"),
            plan("throttled", daily, LiftsAt=at("2026-11-25 01:00"), Zone="+08:00"),
            now=at("2026-11-24 21:48")), """\
Japan Unlimited ··0077   eSIM · roaming on SoftBank · connected
  Today's 1 GB is used up          THROTTLED to 128 kbit/s
  ██████████████████████████████   full speed 01:00 (in 3 h 12 min)
  Slow      61 MB since 20:31
  Plan      ends Fri 27 Nov 01:00 (00:00 UTC+8; in 3 days)
""")

    def test_expired(self):
        ended = bucket("data", 10 * GB, 8_600 * MB, RemainingBytes=0, Expired=True, Begun=True,
                       PeriodStart=at("2026-11-12 00:00"), ExpiresAt=at("2026-11-22 00:00"))
        self.assertEqual(self.see(sim("Airalo Japan", "4321", Kind="esim", Connected=False,
                                      NetworkPlmn=""),
                                  plan("expired", ended)), """\
Airalo Japan ··4321   eSIM · no network · not connected
  EXPIRED   Sat 21 Nov 23:59, 2 days ago; 1.4 GB was left
  Plan      12 Nov to 21 Nov · 8.6 GB of 10 GB used
  After     0 B counted since it expired
  Bought more? simtally topup 5GB --lasts "10 days"
""")

    def test_waiting(self):
        waits = bucket("data", 5 * GB, 0, Begun=False, StartBy=at("2027-05-31 00:00"))
        self.assertEqual(self.see(AIRALO, plan("waiting", waits, Name="Ubigi EU 5 GB")), """\
Airalo Japan ··7719   eSIM · roaming on NTT DOCOMO · connected
  5 GB, not begun                  WAITING
  Begin     by Sun 30 May 2027 23:59, or it lapses
  Plan      Ubigi EU 5 GB
""")

    def test_exhausted(self):
        empty = bucket("data", 10 * GB, 10 * GB, UsedUpAt=at("2026-11-23 20:31"), **TEN_DAYS)
        self.assertEqual(self.see(AIRALO, plan("exhausted", empty,
                                               TopUpUrl="https://airalo.example/")), """\
Airalo Japan ··7719   eSIM · roaming on NTT DOCOMO · connected
  10 GB is used up                 EXHAUSTED
  ████████████████│█████████████   until Sat 28 Nov 23:59 (5 days)
  Beyond    0 B since 23 Nov 20:31
  Top up    https://airalo.example/
""")

    def test_billing(self):
        over = bucket("monthly", GB, GB, OverBytes=1_200 * MB,
                      AtZero="bill 220 JPY per 1GB up to 2200 JPY",
                      UsedUpAt=at("2026-11-24 08:00"), **MONTHLY)
        self.assertEqual(self.see(WORK, plan("billing", over, Charged=440.0, Currency="JPY")), """\
Work SIM ··8810   SIM · at home · connected
  1 GB is used up                  BILLING, 440 JPY so far
  █████████│████████████████████   resets 15 Dec 00:00 (21 days)
  Beyond    1.2 GB since 08:00
""")

    def test_unlimited(self):
        endless = bucket("pass", 0, 12 * GB, Unlimited=True, RemainingBytes=0, **TEN_DAYS)
        self.assertEqual(self.see(WORK, plan("ok", endless)), """\
Work SIM ··8810   SIM · at home · connected
  Unlimited                        12 GB used
  until Sat 28 Nov 23:59 (5 days)
  Today     412 MB
""")

    def test_shared_and_several_buckets(self):
        two = plan("ok", bucket("data", 10 * GB, 3_700 * MB, **TEN_DAYS),
                   bucket("topup-12", 5 * GB, 0, Begun=False, Counted=False), Shared=True)
        self.assertEqual(self.see(WORK, two), """\
Work SIM ··8810   SIM · at home · connected
  At most 6.3 GB left of 10 GB     37 % used
  ███████████░░░░░│░░░░░░░░░░░░░   until Sat 28 Nov 23:59 (5 days)
  Today     412 MB
  data      6.3 of 10 GB left · until Sat 28 Nov 23:59
  topup-12  5 of 5 GB left · not begun
  Shared    others use it too, and may have used more of it
""")

    def test_another_zone(self):
        text = self.see(WORK, healthy(), TZ="Europe/Berlin")
        self.assertIn("resets 14 Dec 16:00 (15 Dec 00:00 Tokyo; 20 days)\n", text)
        self.assertNotIn("Tokyo", self.see(WORK, healthy()))

    def test_narrow(self):
        text = self.see(WORK, low(), "--width", "40", now=at("2026-12-01 10:00"))
        self.assertEqual(text, """\
Work SIM ··8810
  SIM · at home · connected
  3.6 GB left of 20 GB
  82 % used  LOW
  ████████████████│███████░░░░░░
  resets 15 Dec 00:00 (14 days)
  Safe      257 MB a day from tomorrow
            (today: 412 MB)
  Outlook   runs out Fri 4 Dec, 10 days
            early
  At zero   300 kbit/s until 15 Dec
            top up:
            https://carrier.example/
""")

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

    def test_swapped_and_what_is_wrong(self):
        self.fake.add(WORK, healthy())
        self.fake.add(AIRALO | {"Present": False, "LastUsedAt": at("2026-11-24 14:02")})
        self.fake.problems = ["clock-untrusted"]
        text = " ".join(self.run_cli().split())
        self.assertIn("Swapped Airalo Japan carried its last bytes 14:02 and left; Work SIM counts "
                      "now", text)
        self.assertIn("The clock is not trusted", text)
        self.assertIn("no plan yet", text)

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
