# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of notifications share: a SIM and its alerts, and how the agent comes to them."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desk import Desk, harness  # noqa: E402
from fake import GB, MB, at, bucket, plan, sim  # noqa: E402

WORK = sim("Work SIM", "8810", Current=True, TodayRxBytes=400 * MB, TodayTxBytes=12 * MB)
AIRALO = sim("Airalo Japan", "7719", Kind="esim", Roaming=True)
MONTHLY = {"PeriodStart": at("2026-11-15 00:00"), "PeriodEnd": at("2026-12-15 00:00")}
TOP_UP = "https://carrier.example/"

LEVEL = {"Id": 12, "Kind": "level", "Severity": "normal", "RaisedAt": at("2026-11-24 12:00"),
         "Bucket": "monthly", "LevelPercent": 80, "LimitBytes": 20 * GB,
         "UsedBytes": 16_400 * MB, "RemainingBytes": 3_600 * MB}
LAST_LEVEL = LEVEL | {"Id": 13, "Severity": "critical", "LevelPercent": 95,
                      "RemainingBytes": 900 * MB}
USED_UP = LEVEL | {"Id": 14, "Kind": "throttled", "RemainingBytes": 0, "RateLimit": 300_000,
                   "LiftsAt": MONTHLY["PeriodEnd"]}
EXPIRES = {"Id": 20, "Kind": "expires", "Severity": "normal", "RaisedAt": at("2026-11-24 12:03"),
           "Bucket": "data", "ExpiresAt": at("2026-11-27 00:00"), "LimitBytes": 10 * GB,
           "RemainingBytes": 4_100 * MB}
BEGUN = {"Id": 21, "Kind": "begun", "Severity": "low", "RaisedAt": at("2026-11-24 12:04"),
         "Bucket": "data", "LimitBytes": 10 * GB}


def low(**more):
    return plan("low", bucket("monthly", 20 * GB, 16_400 * MB, AtZero="throttle 300kbit/s",
                              **MONTHLY),
                **{"HasForecast": True, "RunsOutAt": at("2026-11-27 18:00"), "TopUpUrl": TOP_UP}
                | more)


class NotifyCase(unittest.TestCase):
    def setUp(self):
        self.world = self.enterContext(harness.World(simulator=False))
        self.desk = Desk(self.world)
        self.addCleanup(self.leave)

    def leave(self):
        if harness.has_failed(self) and self.desk.log.exists():
            print(self.desk.log.read_text()[-4000:], file=sys.stderr)
        self.desk.close()

    def begin(self, *alerts, its_plan=None, said=WORK, server=None):
        """A SIM with alerts, a server, and the agent."""
        self.path = self.desk.fake.add(said, its_plan or low(), alerts)
        self.server = server or self.desk.server()
        self.desk.start()
        self.desk.wait_agent()
        return self.path

    def now(self, *alerts, raised=(), cleared=()):
        self.desk.tell_daemon(self.path, list(alerts), raised, cleared)
