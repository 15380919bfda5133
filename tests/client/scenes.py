# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people can meet, by name: figures that the daemon tells, and the words that ask for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from fake import BUS, GB, MB, NOW, PATH, Fake, GLib, Refusal, at, bucket, plan, sim, values
from states import (AIRALO, MONTHLY, TEN_DAYS, WORK, billing, daily_cap, exhausted, expired,
                    healthy, low, unlimited, waiting)

TEXT = "[Plan]\nName=Home\nZone=Asia/Tokyo\n\n[Bucket monthly]\nBytes=20GB\nEvery=1 month\n" \
       "From=2026-11-15\n"
BAR = ("status", "-o", "genmon")  # the text, and a tooltip


@dataclasses.dataclass
class Scene:
    set_up: Callable[[Fake], object]
    words: tuple[str, ...] = ()
    now: int = NOW
    code: int = 0


def one(*arguments, **more) -> Callable[[Fake], object]:
    return lambda fake: fake.add(*arguments, **more)


def shared() -> dict:
    return plan("ok", bucket("data", 10 * GB, 3_700 * MB, **TEN_DAYS),
                bucket("topup-12", 5 * GB, 0, Begun=False, Counted=False), Shared=True,
                KeepAliveUntil=at("2026-12-20 00:00"))


def several(fake: Fake) -> None:
    fake.add(AIRALO | {"Current": True},
             plan("ok", bucket("data", 10 * GB, 3_700 * MB, **TEN_DAYS)))
    fake.add(WORK | {"Current": False, "TodayRxBytes": 0, "TodayTxBytes": 0}, healthy())
    fake.add(sim("povo 2.0", "5512", Present=False, LastUsedAt=at("2026-11-02 12:00")),
             plan("ok", bucket("data", 3 * GB, 900 * MB, ExpiresAt=at("2026-12-02 00:00"))))
    fake.add(sim("Ubigi EU", "9034", Present=False),
             plan("waiting", bucket("data", 5 * GB, 0, Begun=False,
                                    StartBy=at("2026-12-31 00:00"))))
    fake.add(sim("日本通信", "2207", Present=False, LastUsedAt=at("2026-11-21 12:00")),
             plan("expired", bucket("data", 15 * GB, 5 * GB, RemainingBytes=0, Expired=True,
                                    ExpiresAt=at("2026-11-22 00:00"))))


def many(fake: Fake) -> None:
    """In the order in which the daemon tells them."""
    fake.add(WORK, healthy())
    for day in range(24, 0, -1):
        fake.add(sim(f"Trip {day}", f"{1000 + day}", Present=False, RxBytes=day * MB,
                     LastUsedAt=at(f"2026-11-{day:02} 09:00")))


def swapped(fake: Fake) -> None:
    fake.add(WORK, healthy())
    fake.add(AIRALO | {"Present": False, "LastUsedAt": at("2026-11-24 13:58")})
    fake.problems = ["clock-untrusted", "disk-full"]


def undated(fake: Fake) -> None:
    """Both have carried some of it."""
    fake.add(WORK | {"Current": True, "UndatedRxBytes": 120 * MB, "UndatedTxBytes": 10 * MB},
             healthy())
    fake.add(AIRALO | {"Present": False, "UndatedRxBytes": 2 * MB})
    fake.problems = ["clock-untrusted"]


def without_plans(fake: Fake) -> None:
    fake.add(AIRALO | {"Current": True, "RxBytes": 3 * GB})
    fake.add(WORK | {"Current": False, "Connected": False})


def modems(fake: Fake) -> None:
    path = fake.add(WORK, healthy())
    for number, more in enumerate((
            {"Sim": path, "Links": ["wwan0"], "Model": "EM7345", "CounterDispute": True},
            {"State": "absent"}, {"State": "no-sim", "UnassignedRxBytes": 61 * MB})):
        fake.objects[f"{PATH}/modem/{number}"] = {f"{BUS}.Modem": {
            "Device": f"/dev/cdc-wdm{number}", "Protocol": "qmi", "Model": "", "State":
            "connected", "Problem": "", "Sim": "/", "Links": GLib.Variant("as", []),
            "Source": "link", "CounterDispute": False, "UnassignedRxBytes": 0,
            "UnassignedTxBytes": 0} | more}


def alerts(fake: Fake) -> None:
    def alert(number: int, kind: str, **more) -> dict:
        return {"Id": number, "Kind": kind, "Severity": "normal",
                "RaisedAt": at(f"2026-11-24 12:{number:02}")} | more

    fake.add(WORK, low(), [
        alert(1, "level", LimitBytes=20 * GB, RemainingBytes=3_600 * MB),
        alert(2, "used-up", LimitBytes=20 * GB, RateLimit=300_000, LiftsAt=MONTHLY["PeriodEnd"]),
        alert(3, "day-cap", LimitBytes=GB, SnoozedUntil=at("2026-11-25 09:00")),
        alert(4, "throttled", RateLimit=128_000), alert(5, "lifted"),
        alert(6, "surcharge", Severity="critical", Charged=440.0, Currency="JPY", Steps=2),
        alert(7, "expires", ExpiresAt=at("2026-11-29 00:00"), RemainingBytes=4_100 * MB),
        alert(8, "expired", ExpiresAt=at("2026-11-22 00:00")),
        alert(9, "waste", RemainingBytes=9 * GB, PeriodEnd=MONTHLY["PeriodEnd"]),
        alert(10, "pace", RunsOutAt=at("2026-11-27 18:00"), LimitBytes=20 * GB,
              RemainingBytes=3_600 * MB),
        alert(11, "begun", Bucket="data", LimitBytes=5 * GB, ExpiresAt=at("2026-11-29 00:00")),
        alert(12, "lapsed", Bucket="data"), alert(13, "abroad"),
        alert(14, "sim-lifetime", ExpiresAt=at("2026-12-20 00:00")), alert(15, "new-sim")])


def periods(fake: Fake) -> None:
    fake.add(WORK, healthy() | {"Name": "Home"})
    fake.answers["GetPeriods"] = GLib.Variant("(aa{sv})", ([values(b) for b in (
        bucket("monthly", 20 * GB, 18_100 * MB, PeriodStart=at("2026-10-15 00:00"),
               PeriodEnd=at("2026-11-15 00:00")),
        bucket("topup-3", GB, 200 * MB, PeriodStart=at("2026-11-10 00:00")),
        bucket("monthly", 20 * GB, 5 * GB, OverBytes=MB, RolledOverBytes=1_900 * MB,
               **MONTHLY))],))
    fake.answers["GetHistory"] = GLib.Variant("(a(ttttt))", ([
        (at("2026-10-15 00:00"), 15 * GB, GB, 0, 0),
        (at("2026-10-16 00:00"), 0, 0, 2 * GB, 100 * MB)],))


def month(fake: Fake) -> None:
    """Ten days of a month, three of them abroad."""
    fake.add(WORK, plan("ok", bucket("monthly", 20 * GB, 10_600 * MB, **MONTHLY), Name="Home",
                        HasForecast=True, RunsOutAt=at("2026-12-04 18:00")))
    days = [(1_200, 0), (900, 0), (300, 0), (2_000, 0), (0, 400), (0, 1_300), (0, 700), (1_500, 0),
            (1_400, 0), (600, 0)]
    fake.answers["GetHistory"] = GLib.Variant("(a(ttttt))", ([
        (MONTHLY["PeriodStart"] + 86400 * i, home * MB, 0, abroad * MB, 0)
        for i, (home, abroad) in enumerate(days)],))


def without_a_plan(fake: Fake) -> None:
    """The last days of a SIM of which nobody said what was bought."""
    month(fake)
    fake.add(WORK)


def events(fake: Fake) -> None:
    fake.add(WORK, healthy())
    fake.answers["ListEvents"] = GLib.Variant("(a(ttsa{sv}))", ([
        (1, at("2026-11-15 00:00"), "plan", values({"Text": TEXT, "Amends": False})),
        (2, at("2026-11-20 10:00"), "top-up", values({"Text": "1GB lasts 30 days"})),
        (3, at("2026-11-21 10:00"), "correction", values({"RemainingBytes": 6_300 * MB,
                                                          "Bucket": "monthly"})),
        (4, at("2026-11-22 10:00"), "report", values({"UsedBytes": GB})),
        (5, at("2026-11-23 10:00"), "plan", values({"Text": "", "Amends": False}))],))


QUERY = "[Query]\nMethod=ussd;sms\nCode=*111#\nAnswers=1;2\nTo=111\nText=DATA\nCost=220 JPY\n"
REPORT = {"QueryMethod": "ussd", "QueryState": "idle", "HasReport": True,
          "ReportedAt": at("2026-11-24 09:12"), "ReportedRemainingBytes": 15_100 * MB}


def refused(method: str, name: str, sentence: str) -> Callable[[Fake], None]:
    """The same, but the daemon will not do it."""
    def set_up(fake: Fake) -> None:
        asked()(fake)
        fake.answers[method] = Refusal(name, sentence)
    return set_up


REASONS = (
    {"As": "remaining", "Taken": True, "Words": "15.1 GB", "Rule": "word-before",
     "Because": "Left", "Bytes": 15_100 * MB, "Unit": "GB", "UnitBytes": GB},
    {"As": "limit", "Taken": True, "Words": "20 GB", "Rule": "whole", "Because": "/",
     "Bytes": 20 * GB, "Unit": "GB", "UnitBytes": GB},
    {"As": "expires", "Taken": True, "Words": "28/11", "Rule": "word-before", "Because": "until",
     "ExpiresAt": at("2026-11-29 00:00"), "DateBy": "size", "MonthFirst": False,
     "HasYear": False, "Counted": False},
    {"As": "of a later daemon", "Taken": False, "Words": "7 GB", "Rule": "of a later daemon",
     "Unit": "GB", "UnitBytes": GB, "Doubt": "unclear"},
)


def asked(text: str = QUERY, report: dict | None = None) -> Callable[[Fake], None]:
    """A SIM whose carrier is asked like that; and it has answered."""
    def set_up(fake: Fake) -> None:
        fake.add(WORK, healthy(), report=report or REPORT)
        fake.answers["GetQuery"] = GLib.Variant("(s)", (text,))
        fake.answers["GetPlan"] = GLib.Variant("(s)", (TEXT.replace(
            "\n\n", "\nCheckUrl=https://carrier.example/\nApp=NTT\nSupport=0570-09-4400\n\n"),))
        fake.answers["GetLastReply"] = GLib.Variant("(s)", ("Left: 15.1 GB / 20 GB until 28/11 7 GB",))
        fake.answers["TestReply"] = GLib.Variant("(a{sv})", (values({
            "Verdict": "figure", "RemainingBytes": 15_100 * MB, "LimitBytes": 20 * GB,
            "ResolutionBytes": 100 * MB, "ExpiresAt": at("2026-11-29 00:00"), "Why": ""}) |
            {"Reasons": GLib.Variant("aa{sv}", [values(reason) for reason in REASONS])},))
        fake.answers["SuggestQueries"] = GLib.Variant("(aa{sv})", ([values(
            {"Name": "NTT DOCOMO", "Method": "sms", "Source": "https://carrier.example/",
             "Text": "[Query]\nMethod=sms\nTo=111\nText=DATA\n"})],))
    return set_up


SCENES = {
    "no plan yet": Scene(one(AIRALO | {"RxBytes": 3 * GB, "TxBytes": 200 * MB,
                                       "FirstSeenAt": at("2026-11-20 14:02"),
                                       "LastUsedAt": at("2026-11-24 14:01")})),
    "no plan yet, first seen without a clock": Scene(one(AIRALO | {"RxBytes": 3 * GB})),
    "healthy": Scene(one(WORK, healthy(), report={
        "HasReport": True, "ReportedAt": at("2026-11-24 09:12"),
        "ReportedRemainingBytes": 15_100 * MB})),
    "the carrier's figure differs": Scene(one(WORK, healthy(), report={
        "HasReport": True, "ReportedAt": at("2026-11-23 09:12"),
        "ReportedRemainingBytes": 14_100 * MB})),
    "the carrier's figure is higher": Scene(one(WORK, healthy(), report={
        "HasReport": True, "ReportedAt": at("2026-11-24 09:12"), "ReportState": "question",
        "ReportedRemainingBytes": 16_100 * MB, "OwnBytes": 15_100 * MB})),
    "low": Scene(one(WORK | {"TodayRxBytes": 1_200 * MB, "TodayTxBytes": 0}, low()),
                 now=at("2026-12-01 10:00")),
    "low, narrow": Scene(one(WORK, low()), ("--width", "40"), at("2026-12-01 10:00")),
    "daily cap": Scene(one(sim("Japan Unlimited", "0077", Kind="esim", Roaming=True,
                               NetworkName="SoftBank"), daily_cap()),
                       now=at("2026-11-24 21:48")),
    "expired": Scene(one(sim("Airalo Japan", "4321", Kind="esim", Connected=False,
                             NetworkPlmn=""), expired())),
    "waiting": Scene(one(AIRALO, waiting())),
    "exhausted": Scene(one(AIRALO, exhausted())),
    "billing": Scene(one(WORK, billing())),
    "unlimited": Scene(one(WORK, unlimited())),
    "shared": Scene(one(WORK, shared())),
    "several": Scene(several),
    "several, narrow": Scene(several, ("--width", "40")),
    "many": Scene(many),
    "without plans": Scene(without_plans, ("sims",)),
    "swapped, and what is wrong": Scene(swapped),
    "waiting for the clock": Scene(undated),
    "bar, waiting for the clock": Scene(undated, BAR),
    "modems": Scene(modems, ("modems",)),
    "modems that are not counted": Scene(modems),
    "no SIM": Scene(lambda fake: None),
    "no daemon": Scene(Fake.leave, code=8),
    "bar, no plan yet": Scene(one(AIRALO), BAR),
    "bar, healthy": Scene(one(WORK, healthy()), BAR),
    "bar, low": Scene(one(WORK, low()), BAR, at("2026-12-01 10:00")),
    "bar, daily cap": Scene(one(WORK, daily_cap()), BAR, at("2026-11-24 21:48")),
    "bar, billing": Scene(one(WORK, billing()), BAR),
    "bar, exhausted": Scene(one(AIRALO, exhausted()), BAR),
    "bar, expired": Scene(one(AIRALO, expired()), BAR),
    "bar, waiting": Scene(one(AIRALO, waiting()), BAR),
    "bar, shared": Scene(one(AIRALO, shared()), BAR),
    "bar, no daemon": Scene(Fake.leave, BAR),
    "bar, unlimited": Scene(one(WORK, unlimited()), BAR),
    "alerts": Scene(alerts, ("alerts",)),
    "monitoring": Scene(alerts, ("check",), code=2),
    "periods": Scene(periods, ("history", "--by", "period")),
    "days": Scene(periods, ("history",)),
    "months": Scene(periods, ("history", "--by", "month")),
    "chart": Scene(month, ("history", "-o", "chart")),
    "chart without a plan": Scene(without_a_plan, ("history", "-o", "chart")),
    "statement": Scene(periods, ("statement", "--period", "-1", "--bill", "18.2GB")),
    "events": Scene(events, ("events",)),
    "plan": Scene(lambda fake: None, ("plan", "check", "20GB monthly on 15 and 1GB daily within it, "
                                      "then 128kbit/s, called Home")),
    "plan abroad": Scene(lambda fake: None, ("plan", "check", "10GB for 10 days from first use, in "
                                             "Japan, then 220 JPY per 1GB")),
    "plan refused": Scene(lambda fake: None, ("plan", "check", "20GB monthlyy"), code=1),
    "no such SIM": Scene(lambda fake: None, ("status", "nobody"), code=10),
    "query": Scene(asked(), ("query",)),
    "query, failed": Scene(asked(report=REPORT | {"HasReport": False}), ("query",), code=1),
    "query, not answered": Scene(asked(report=REPORT | {
        "QueryState": "failed", "QueryError": "The carrier did not answer within 5 minutes"}),
        ("query",), code=1),
    "query, refused by the modem": Scene(asked(report=REPORT | {
        "QueryState": "failed", "QueryError": "The modem refused the message: NetworkNotReady"}),
        ("query",), code=1),
    "query, without a centre": Scene(asked(report=REPORT | {
        "QueryState": "failed",
        "QueryError": "The SIM does not know the number of a message centre"}),
        ("query",), code=1),
    "query, command failed": Scene(asked(report=REPORT | {
        "QueryState": "failed", "QueryError": "The command failed, with 3"}), ("query",), code=1),
    "query, command is a link": Scene(asked(report=REPORT | {
        "QueryState": "failed", "QueryError": "The command /opt/left is a link: say /opt/left-1"}),
        ("query",), code=1),
    "query too soon": Scene(refused("Query", "TooSoon", "The carrier was asked not long ago: ask "
                                    "again in 179 min, or see MinimumDelay and DailyMaximum in "
                                    "the query"), ("query",), code=1),
    "query abroad": Scene(refused("Query", "RoamingForbidden", "This SIM is abroad, where a "
                                  "question may be dear: say Abroad=yes in the query to allow it"),
                          ("query",), code=1),
    "query by hand": Scene(asked(report={"QueryMethod": "none"}), ("query",), code=1),
    "query confirmed": Scene(asked(), ("query", "confirm", "-y")),
    "query confirmed, abroad": Scene(asked("[Query]\nMethod=command\nCommand=/opt/left\n"
                                           "Abroad=yes\n"), ("query", "confirm", "-y")),
    "query without a method": Scene(asked("[Query]\nMethod=none\n"), ("query", "confirm"), code=1),
    "query not said": Scene(asked(""), ("query", "confirm"), code=1),
    "query suggestions": Scene(asked(), ("query", "setup"), code=1),
    "query last": Scene(asked(), ("query", "last")),
    "query dry run": Scene(lambda fake: None, ("query", "--dry-run", "15.1 GB left")),
    "query dry run, two dates": Scene(
        lambda fake: None,
        ("query", "--dry-run", "Wed 25/11/2026: 3 of 10 GB used. Valid until 05/12/2026, 23:59. "
         "Buy 5GB for $10, get 500MB free! 80%? Call 111")),
    "query dry run, narrow": Scene(
        lambda fake: None,
        ("query", "--width", "40", "--dry-run", "残り１．２ＧＢ 有効期限12/05")),
    "query dry run, a length": Scene(
        lambda fake: None,
        ("query", "--dry-run", "3 GB, 100 min and 200 SMS left, good for 7 days")),
    "query dry run, a total": Scene(
        lambda fake: None,
        ("query", "--dry-run", "Total 5GB left: 3GB main, 2GB bonus. 1GB per day, until "
         "31.02.2026")),
    "query dry run, unclear": Scene(
        lambda fake: None,
        ("query", "--dry-run", "Main 3GB left, bonus 2GB left, valid until 05/12/2026. Once you "
         "use 5GB, it is slow: less than 500MB; Smart 30GB: -1GB left")),
    "query dry run, unsaid": Scene(
        lambda fake: None,
        ("query", "--dry-run", "Data: 3GB, 1 Dec 2026")),
    "query dry run, nothing": Scene(
        lambda fake: None,
        ("query", "--dry-run", "You have 12.50 EUR until tomorrow. Buy 5GB")),
    "query dry run, a pattern": Scene(
        asked("[Query]\nMethod=ussd\nCode=*1#\n"
              "Pattern=main (?<remaining>[\\d.]+) (?<unit>GB) until (?<expires>[\\d.]+)\n"),
        ("query", "-s", "Work SIM", "--dry-run", "Main 3.2 GB until 1.12.2026, bonus 5 GB")),
    "query dry run, a pattern that finds no amount": Scene(
        asked("[Query]\nMethod=ussd\nCode=*1#\nPattern=main (?<remaining>[^ ]+)\n"),
        ("query", "-s", "Work SIM", "--dry-run", "Main balance 3.2 GB")),
    "top-up": Scene(one(WORK, healthy()), ("topup", "1GB")),
}
