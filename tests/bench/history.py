# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same ten years of traffic in both ledgers."""

from __future__ import annotations

import datetime
import json
import pathlib
import random
import re
import sqlite3
import subprocess

from vnstat import Vnstat

YEARS, DAY, SLICE = 10, 86400, 900
SLICES_A_DAY = 24  # somebody who is online for some hours of a day


Days = dict[str, tuple[int, int]]


def fill(path: pathlib.Path, iccid: str, vnstat: Vnstat) -> Days:
    """Writes into both databases, while neither daemon runs. Returns the days: rx, tx."""
    database = sqlite3.connect(path)
    with database:
        days = book(database, number_of(database, iccid), YEARS * 365, random.Random(1))
    database.close()
    vnstat.fill("day", [(date, *total) for date, total in days.items()])
    vnstat.fill("month", [(month, *total) for month, total in months(days).items()])
    return days


def fill_others(path: pathlib.Path, iccid: str, days_of_each: list[int]) -> None:
    """As many other SIMs, which are like that one and have been used for so many days each."""
    rng = random.Random(2)
    database = sqlite3.connect(path)
    with database:
        like = number_of(database, iccid)
        for n, days in enumerate(days_of_each):
            sim = database.execute(
                "INSERT INTO sim SELECT NULL, ?, ?, kind, label, name, operator, home_plmn, "
                "first_seen, last_used, 0, 0 FROM sim WHERE id = ?",
                (f"other{n}", f"898110000000{n:07}", like)).lastrowid
            book(database, sim, days, rng)
    database.close()


def number_of(database: sqlite3.Connection, iccid: str) -> int:
    return database.execute("SELECT id FROM sim WHERE iccid LIKE ? || '%'", (iccid,)).fetchone()[0]


def book(database: sqlite3.Connection, sim: int, n_days: int, rng: random.Random) -> Days:
    today = datetime.date.today()
    days: Days = {}
    usage, hours = [], {}
    for ago in range(1, n_days + 1):
        date = today - datetime.timedelta(days=ago)
        start = int(datetime.datetime.combine(date, datetime.time(),
                                              datetime.timezone.utc).timestamp())
        rx = tx = 0
        for slot in sorted(rng.sample(range(DAY // SLICE), SLICES_A_DAY)):
            at = start + slot * SLICE
            down, up = rng.randint(1, 50_000_000), rng.randint(1, 9_000_000)
            usage.append((at, down, up, at + 1, at + SLICE - 1))
            hour = hours.setdefault(at - at % 3600, [0, 0])
            hour[0], hour[1] = hour[0] + down, hour[1] + up
            rx, tx = rx + down, tx + up
        days[date.isoformat()] = rx, tx

    # A session that has carried nothing need not have been written.
    session = database.execute("SELECT coalesce(max(id), 1) FROM session").fetchone()[0]
    database.executemany(f"INSERT INTO usage VALUES ({sim}, ?, {session}, '44010', 0, "
                         "?, ?, ?, ?, NULL)", usage)
    database.executemany(f"INSERT INTO hour_total VALUES ({sim}, ?, 0, ?, ?)",
                         [(at, *total) for at, total in hours.items()])
    database.execute("UPDATE sim SET rx = rx + ?, tx = tx + ? WHERE id = ?",
                     (sum(d[0] for d in days.values()), sum(d[1] for d in days.values()), sim))
    return days


def months(days: Days) -> Days:
    """Of the same days, by their firsts."""
    found: Days = {}
    for date, (rx, tx) in days.items():
        before = found.get(month := date[:8] + "01", (0, 0))
        found[month] = before[0] + rx, before[1] + tx
    return found


def check(command: list[str], days: Days) -> None:
    """That it tells what was filled in, all of it; else its time would mean nothing."""
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told = set(re.findall(r"\d+", json.dumps(json.loads(output))))
    for rx, tx in days.values():
        if not {str(rx), str(tx)} <= told:
            raise AssertionError(f"{' '.join(command)} does not tell all ten years")
