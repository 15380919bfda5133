# SPDX-License-Identifier: LGPL-2.1-or-later
"""The real vnstatd with a configuration and a database of its own."""

from __future__ import annotations

import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

from harness import die_with_parent, end, wait_for  # noqa: E402

# As it comes, but for where things are, and that days and months are never thrown away. A TUN link
# claims 10 Mbit/s, and vnstat would refuse what is faster: its own limit of 1000 Mbit/s holds.
CONFIG = """DatabaseDir "{database}"
PidFile "{directory}/vnstat.pid"
UseLogging 0
BandwidthDetection 0
DailyDays -1
MonthlyMonths -1
"""


class Vnstat:
    def __init__(self, directory: pathlib.Path, database: pathlib.Path, link: str):
        self.config = directory / "vnstat.conf"
        self.config.write_text(CONFIG.format(database=database, directory=directory))
        self.database = database / "vnstat.db"
        self.link = link
        self.process: subprocess.Popen | None = None

    @staticmethod
    def is_installed() -> bool:
        return shutil.which("vnstatd") is not None and shutil.which("vnstat") is not None

    def command(self, *words: str) -> list[str]:
        return [shutil.which("vnstat"), "--config", str(self.config), *words, "-i", self.link]

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["vnstatd", "--nodaemon", "--config", str(self.config)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        wait_for(self.knows_link, "vnstatd to know the link")

    def knows_link(self) -> bool:
        """It adds what links there are when it begins a database."""
        return subprocess.run(self.command("--json", "d"), capture_output=True).returncode == 0

    def stop(self) -> None:
        end(self.process)
        self.process = None

    def total(self) -> tuple[int, int]:
        """What it has saved of the link: rx and tx."""
        output = subprocess.run(self.command("--json", "d"), check=True, capture_output=True).stdout
        total = json.loads(output)["interfaces"][0]["traffic"]["total"]
        return total["rx"], total["tx"]

    def fill(self, table: str, rows: list[tuple[str, int, int]]) -> None:
        """Days or months of the past: date, rx, tx; while it does not run."""
        database = sqlite3.connect(self.database)
        with database:
            number = database.execute("SELECT id FROM interface WHERE name = ?",
                                      (self.link,)).fetchone()[0]
            database.executemany(f"INSERT OR REPLACE INTO {table}(interface, date, rx, tx) "
                                 f"VALUES ({number}, ?, ?, ?)", rows)
        database.close()
