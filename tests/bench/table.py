# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measured rows: a table for people, JSON for programs. A row without a figure says why."""

from __future__ import annotations

import dataclasses
import json
import pathlib
from typing import Any


@dataclasses.dataclass
class Row:
    name: str
    unit: str
    ours: float | None
    theirs: float | None = None
    goal: str = ""          # in words; without one nothing is judged
    met: bool | None = None
    gate: bool = False      # noise cannot move it
    note: str = ""

    @property
    def ratio(self) -> float | None:
        if self.ours is None or not self.theirs:
            return None
        return self.ours / self.theirs

    @property
    def verdict(self) -> str:
        if self.ours is None:
            return "not measured"
        if self.met is None:
            return "not judged" if self.goal else ""
        return "met" if self.met else "NOT MET"


def number(value: float | None) -> str:
    if value is None:
        return "-"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"


class Table:
    def __init__(self, title: str, columns: tuple[str, str] = ("simtally", "vnstat")):
        self.title = title
        self.columns = columns
        self.rows: list[Row] = []
        self.remarks: list[str] = []

    def add(self, *arguments: Any, **more: Any) -> Row:
        self.rows.append(Row(*arguments, **more))
        return self.rows[-1]

    def show(self) -> None:
        lines = [("", *self.columns, "ratio", "goal", "")]
        for row in self.rows:
            lines.append((f"{row.name}, {row.unit}", number(row.ours), number(row.theirs),
                          number(row.ratio), row.goal, row.verdict))
        widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
        print(self.title)
        for line in lines:
            cells = [line[0].ljust(widths[0])]
            cells += [line[i].rjust(widths[i]) for i in (1, 2, 3)]
            cells += [line[4].ljust(widths[4]), line[5]]
            print("  ".join(cells).rstrip())
        for row in self.rows:
            if row.note:
                print(f"  {row.name}: {row.note}")
        for remark in self.remarks:
            print(f"  {remark}")

    def write(self, path: str | None) -> None:
        if path is None:
            return
        rows = [dataclasses.asdict(row) | {"ratio": row.ratio, "verdict": row.verdict}
                for row in self.rows]
        pathlib.Path(path).write_text(json.dumps(
            {"title": self.title, "columns": self.columns, "rows": rows, "remarks": self.remarks},
            indent=2) + "\n")

    def failures(self, gates: bool) -> list[Row]:
        """Rows whose goal is not met; or just gates, but also those that could not be measured."""
        if gates:
            return [row for row in self.rows if row.gate and not row.met]
        return [row for row in self.rows if row.met is False]
