#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whole notifications, in each language, as words/*.txt has them.

With SCREENS=write they are written anew, to be read before they are committed."""

import dataclasses
import os
import pathlib
import sys
import unittest
from collections.abc import Callable

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from case import (AIRALO, BEGUN, EXPIRES, LAST_LEVEL, LEVEL, MONTHLY, USED_UP, WORK,  # noqa: E402
                  NotifyCase, low)
from desk import GLib, harness, wait_for  # noqa: E402
from fake import GB, MB, NOW, at, bucket, plan  # noqa: E402
from states import expired, ten_days  # noqa: E402

LANGUAGES = ("en", *(harness.SOURCE / "po/LINGUAS").read_text().split())
URGENCIES = ("low", "normal", "critical")


@dataclasses.dataclass
class Scene:
    """A SIM, its plan and its alerts; then: what else is done for the card that is looked at."""
    alerts: tuple[dict, ...] = ()
    its_plan: dict | None = None
    said: dict = dataclasses.field(default_factory=lambda: WORK)
    now: int = NOW
    others: tuple[dict, ...] = ()  # alerts of another SIM
    then: Callable[[NotifyCase], object] = lambda test: None


def alert(kind: str, severity: str = "normal", **more: object) -> dict:
    return {"Id": 30, "Kind": kind, "Severity": severity, "RaisedAt": NOW} | more


def one(kind: str, severity: str = "normal", **more: object) -> Scene:
    return Scene((alert(kind, severity, **more),))


def topped_up(*offers: str) -> Callable[[NotifyCase], None]:
    """It was bought, and is found among what the plan offers."""
    def do(test: NotifyCase) -> None:
        text = "[Plan]\n[Bucket b]\nBytes=20GB\n" + "".join(
            f"[TopUp {name}]\nBytes=1GB\n" for name in offers)
        test.desk.fake.answers["GetPlan"] = GLib.Variant("(s)", (text,))
        test.server.invoke("topped-up")
        test.server.wait(2)
    return do


def noted(test: NotifyCase) -> None:
    topped_up("1 GB")(test)
    test.server.invoke("offer-0")
    test.server.wait(3)


def shown(test: NotifyCase) -> None:
    test.desk.run("--show")


def without_a_daemon(test: NotifyCase) -> None:
    test.desk.fake.leave()
    test.desk.run("--show")
    test.server.wait()
    test.desk.fake.come()


TEN_DAYS = {"ExpiresAt": at("2026-11-29 00:00"), "Bucket": "data", "LimitBytes": 10 * GB}
UNBEGUN = plan("waiting", bucket("data", 5 * GB, 0, Begun=False, StartBy=at("2026-11-27 00:00")))

SCENES = {
    "a level": Scene((LEVEL,), low(RunsOutAt=at("2026-12-04 18:00")), now=at("2026-12-01 10:00")),
    "a level, soon over": Scene((LEVEL,)),
    "a level, without outlook": Scene((LEVEL,), low(HasForecast=False, RunsOutAt=0)),
    "the last level": Scene((LAST_LEVEL,)),
    "used up": Scene((USED_UP,)),
    "used up, and slow until more is bought": one("throttled", LimitBytes=GB, RateLimit=300_000),
    "used up, and stopped": one("used-up", "critical", LimitBytes=20 * GB),
    "used up, and stopped until then": one("used-up", "critical", LimitBytes=20 * GB,
                                           LiftsAt=MONTHLY["PeriodEnd"]),
    "used up, and billed": one("used-up", LimitBytes=GB),
    "used up, and another is used": one("used-up", "low", LimitBytes=GB),
    "today's used up": one("day-cap", LimitBytes=GB, RateLimit=128_000,
                           LiftsAt=at("2026-11-25 00:00")),
    "a limit": one("throttled", RateLimit=128_000, LiftsAt=at("2026-11-25 02:00")),
    "a limit without end": one("throttled", RateLimit=128_000),
    "a limit that blocks": one("used-up", "critical", LiftsAt=at("2026-11-25 02:00")),
    "lifted": one("lifted", "low", LimitBytes=20 * GB, RemainingBytes=19 * GB),
    "billed": one("surcharge", "critical", Charged=440.0, Currency="JPY", Steps=2),
    "expires": Scene((alert("expires", **TEN_DAYS, RemainingBytes=4_100 * MB),),
                     ten_days(), AIRALO, at("2026-11-27 00:00")),
    "expires, in hours": Scene((alert("expires", "critical", **TEN_DAYS, RemainingBytes=0),),
                               ten_days(), AIRALO, at("2026-11-28 21:00")),
    "must begin": Scene((alert("expires", Bucket="data", ExpiresAt=at("2026-11-27 00:00")),),
                        UNBEGUN),
    "expired": Scene((alert("expired", ExpiresAt=at("2026-11-22 00:00")),), expired(),
                     AIRALO),
    "waste": one("waste", "low", RemainingBytes=9 * GB, PeriodEnd=MONTHLY["PeriodEnd"]),
    "pace": one("pace", RunsOutAt=at("2026-11-27 18:00"), LimitBytes=20 * GB,
                RemainingBytes=3_600 * MB),
    "begun": one("begun", "low", **TEN_DAYS),
    "lapsed": one("lapsed", Bucket="data"),
    "abroad": one("abroad", "critical"),
    "the number itself": one("sim-lifetime", ExpiresAt=at("2026-12-20 00:00")),
    "a new SIM": Scene((alert("new-sim", "low"),), {"HasPlan": False, "State": "none"}, AIRALO),
    "the carrier says less": one("carrier-differs", ReportedRemainingBytes=2 * GB,
                                 RemainingBytes=3_600 * MB),
    "the carrier says more used": one("carrier-differs", ReportedUsedBytes=3 * GB,
                                      UsedBytes=2 * GB),
    "the carrier says more": one("carrier-more", ReportedRemainingBytes=4_600 * MB,
                                 RemainingBytes=3_600 * MB),
    "several": Scene((LEVEL, EXPIRES, BEGUN)),
    "level and pace": Scene((LEVEL, alert("pace", RunsOutAt=at("2026-11-27 18:00"),
                                          LimitBytes=20 * GB, RemainingBytes=4 * GB), BEGUN)),
    "several SIMs": Scene((LEVEL,), others=(EXPIRES,)),
    "what was bought": Scene((LEVEL,), then=topped_up("1 GB", "3 GB, 7 days")),
    "what was bought, without offers": Scene((LEVEL,), then=topped_up()),
    "noted": Scene((LEVEL,), then=noted),
    "data left": Scene(then=shown),
    "data left, no plan": Scene((), {"HasPlan": False, "State": "none"}, AIRALO, then=shown),
    "data left, no daemon": Scene(then=without_a_daemon),
}


def describe(card: dict) -> str:
    """All of it, as a person could read it."""
    hints = card["hints"]
    value = f", {hints.pop('value')} %" if "value" in hints else ""
    lines = [card["title"], card["body"],
             " ".join(f"[{label}]" for label in card["actions"].values()),
             f"{URGENCIES[hints.pop('urgency')]}{value}"]
    assert hints == {"category": "network", "desktop-entry": "simtally-notify"}, hints
    assert (card["app"], card["expires"]) == ("simtally", -1), card
    return "\n".join(line for line in lines if line) + "\n"


class Words(NotifyCase):
    def see(self, scene: Scene, language: str) -> str:
        state = self.world.directory / "state-home/simtally/notified"
        state.unlink(missing_ok=True)
        self.desk.environment |= {"LANGUAGE": language,
                                  "SIMTALLY_LOCALE_DIR": str(harness.BUILD / "po")}
        self.desk.fake.clear()
        self.path = self.desk.fake.add(scene.said, scene.its_plan or low(), scene.alerts)
        if scene.others:
            self.desk.fake.add(AIRALO, low(), scene.others)
        self.server.shown.clear()
        self.server.open.clear()
        self.desk.start(now=scene.now, stands=True)
        self.desk.wait_agent()
        if scene.alerts:
            self.server.wait()
        scene.then(self)
        wait_for(lambda: self.server.shown, "a notification")
        self.desk.stop()
        return describe(self.server.shown[-1])

    def test_every_card(self):
        self.maxDiff = None
        self.server = self.desk.server()
        seen = {}
        for language in LANGUAGES:
            seen[language] = {name: self.see(scene, language) for name, scene in SCENES.items()}
            shown = "\n".join(f"=== {name}\n{card}" for name, card in seen[language].items())
            golden = HERE / f"words/{language}.txt"
            if os.environ.get("SCREENS") == "write":
                golden.write_text(shown)
            self.assertEqual(shown, golden.read_text(), language)
        for language in LANGUAGES[1:]:
            for name, card in seen[language].items():
                same = set(card.splitlines()[:-1]) & set(seen["en"][name].splitlines())
                self.assertEqual([line for line in same if not line.startswith("[")], [], name)


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
