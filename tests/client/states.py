# SPDX-License-Identifier: LGPL-2.1-or-later
"""The SIMs and plans that the tests of screens and of bars look at, in each state."""

from fake import GB, MB, NOW, at, bucket, plan, sim

MONTHLY = {"PeriodStart": at("2026-11-15 00:00"), "PeriodEnd": at("2026-12-15 00:00")}
TEN_DAYS = {"PeriodStart": at("2026-11-19 00:00"), "ExpiresAt": at("2026-11-29 00:00")}
WORK = sim("Work SIM", "8810", Current=True, TodayRxBytes=400 * MB, TodayTxBytes=12 * MB)
AIRALO = sim("Airalo Japan", "7719", Kind="esim", Roaming=True, TodayRxBytes=412 * MB)


def healthy():
    return plan("ok", bucket("monthly", 20 * GB, 4_870 * MB, **MONTHLY), HasForecast=True,
                SpareBytes=2_940 * MB, HasSafe=True, SafeTodayBytes=293 * MB,
                SafeDailyBytes=705 * MB)


def low(**more):
    return plan("low", bucket("monthly", 20 * GB, 16_400 * MB, AtZero="throttle 300kbit/s",
                              **MONTHLY),
                HasForecast=True, RunsOutAt=at("2026-12-04 18:00"), HasSafe=True,
                SafeTodayBytes=0, SafeDailyBytes=257 * MB,
                TopUpUrl="https://carrier.example/", **more)


def ten_days(**more):
    return plan("ok", bucket("data", 10 * GB, 3_700 * MB, **TEN_DAYS), HasForecast=True,
                SpareBytes=1_900 * MB, HasSafe=True, SafeTodayBytes=706 * MB,
                SafeDailyBytes=700 * MB, **more)


def daily_cap():
    return plan("throttled",
                bucket("daily", GB, GB, OverBytes=61 * MB, AtZero="throttle 128kbit/s",
                       PeriodStart=at("2026-11-24 01:00"), PeriodEnd=at("2026-11-25 01:00"),
                       BegunAt=at("2026-11-20 01:00"),
                       ExpiresAt=at("2026-11-27 01:00"), UsedUpAt=at("2026-11-24 20:31"),
                       RateLimit=128_000),
                LiftsAt=at("2026-11-25 01:00"), Zone="+08:00")


def throttled_for_long():
    return plan("throttled",
                bucket("monthly", 20 * GB, 20 * GB, AtZero="throttle 300kbit/s", RateLimit=300_000,
                       UsedUpAt=at("2026-11-24 08:00"), **MONTHLY),
                LiftsAt=MONTHLY["PeriodEnd"])


def billing():
    return plan("billing",
                bucket("monthly", GB, GB, OverBytes=1_200 * MB,
                       AtZero="bill 220 JPY per 1GB up to 2200 JPY",
                       UsedUpAt=at("2026-11-24 08:00"), **MONTHLY),
                Charged=440.0, Currency="JPY")


def exhausted():
    return plan("exhausted", bucket("data", 10 * GB, 10 * GB, UsedUpAt=at("2026-11-23 20:31"),
                                    **TEN_DAYS), TopUpUrl="https://airalo.example/")


def expired(**more):
    return plan("expired",
                bucket("data", 10 * GB, 8_600 * MB, RemainingBytes=0, Expired=True, Begun=True,
                       PeriodStart=at("2026-11-12 00:00"), ExpiresAt=at("2026-11-22 00:00")),
                **more)


def waiting():
    return plan("waiting", bucket("data", 5 * GB, 0, Begun=False,
                                  StartBy=at("2027-05-31 00:00")), Name="Ubigi EU 5 GB")


def unlimited():
    return plan("ok", bucket("pass", 0, 12 * GB, Unlimited=True, RemainingBytes=0, **TEN_DAYS))


def no_end():
    return plan("ok", bucket("data", 10 * GB, 3_700 * MB))
