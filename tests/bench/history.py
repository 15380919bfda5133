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


def fill(path: pathlib.Path, iccid: str, vnstat: Vnstat) -> dict[str, tuple[int, int]]:
    """Writes into both databases, while neither daemon runs. Returns the days: rx, tx."""
    rng = random.Random(1)
    today = datetime.date.today()
    days: dict[str, tuple[int, int]] = {}
    usage, hours = [], {}
    for ago in range(1, YEARS * 365 + 1):
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

    database = sqlite3.connect(path)
    with database:
        sim = database.execute("SELECT id FROM sim WHERE iccid LIKE ? || '%'",
                               (iccid,)).fetchone()[0]
        session = database.execute("SELECT max(id) FROM session").fetchone()[0]
        database.executemany(f"INSERT INTO usage VALUES ({sim}, ?, {session}, '44010', 0, "
                             "?, ?, ?, ?, NULL)", usage)
        database.executemany(f"INSERT INTO hour_total VALUES ({sim}, ?, 0, ?, ?)",
                             [(at, *total) for at, total in hours.items()])
        database.execute("UPDATE sim SET rx = rx + ?, tx = tx + ? WHERE id = ?",
                         (sum(d[0] for d in days.values()), sum(d[1] for d in days.values()), sim))
    database.close()
    vnstat.fill_days([(date, *total) for date, total in days.items()])
    return days


def check(command: list[str], days: dict[str, tuple[int, int]]) -> None:
    """That it tells what was filled in, all of it; else its time would mean nothing."""
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told = set(re.findall(r"\d+", json.dumps(json.loads(output))))
    for rx, tx in days.values():
        if not {str(rx), str(tx)} <= told:
            raise AssertionError(f"{' '.join(command)} does not tell all ten years")
