# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each SIM has carried, by the kernel's counters; and what the daemon makes of it."""

from __future__ import annotations

import bisect
import dataclasses
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

from harness import World, minus, plus  # noqa: E402

PATIENCE = 5  # seconds until the daemon's figures are final


@dataclasses.dataclass
class Verdict:
    """One SIM: bytes, both directions together, each judged apart."""

    sim: str
    carried: int
    lost: int
    doubled: int  # more than it carried
    phantom: int  # of a SIM that carried nothing, or of none
    allowed: int = 0

    @property
    def is_right(self) -> bool:
        return self.lost <= self.allowed and self.doubled == 0 and self.phantom == 0


def judge(sim: str, carried: tuple[int, int], counted: tuple[int, int], allowed: int) -> Verdict:
    difference = minus(counted, carried)
    lost = sum(max(0, -d) for d in difference)
    more = sum(max(0, d) for d in difference)
    known = sum(carried) > 0
    return Verdict(sim, sum(carried), lost, more if known else 0, 0 if known else more, allowed)


class Truth:
    """Bytes of the link go to the SIM that is in the modem; `book()` before anything changes."""

    def __init__(self, world: World, sims: list[str]):
        self.world = world
        self.carried = {iccid: (0, 0) for iccid in sims}
        self.allowed = {iccid: 0 for iccid in sims}
        self.base = (0, 0)

    def book(self, iccid: str, new_link: bool = False) -> tuple[int, int]:
        """While nothing flows. new_link: it goes now, and the next one begins at zero."""
        now = self.world.kernel()
        moved = minus(now, self.base)
        self.carried[iccid] = plus(self.carried[iccid], moved)
        self.base = (0, 0) if new_link else now
        return moved

    def counted(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in self.world.sim_paths():
            tail = self.world.get(path, "Sim", "IccidTail")
            sim = next((iccid for iccid in self.carried if iccid.endswith(tail)), f"...{tail}")
            found[sim] = plus(found.get(sim, (0, 0)), self.world.bytes_of(path))
        found["unassigned"] = self.world.unassigned()
        return found

    def verdicts(self) -> list[Verdict]:
        wanted = self.carried | {"unassigned": (0, 0)}
        until = time.monotonic() + PATIENCE
        while (counted := self.counted()) != wanted and time.monotonic() < until:
            time.sleep(0.1)
        return [judge(sim, wanted.get(sim, (0, 0)), counted.get(sim, (0, 0)),
                      self.allowed.get(sim, 0)) for sim in wanted | counted]


class Watch:
    """The kernel's counter of a link over time: when had it carried so much?"""

    def __init__(self, world: World):
        self.world = world
        self.times: list[float] = []
        self.totals: list[int] = []
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> Watch:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()

    def run(self) -> None:
        while not self.done.wait(0.05):
            total = sum(self.world.kernel())
            self.totals.append(total)
            self.times.append(time.monotonic())

    def total_at(self, at: float) -> int:
        """At the last look before `at`: not more than there was."""
        i = bisect.bisect_right(self.times, at)
        return self.totals[i - 1] if i else 0

    def reached(self, total: int) -> float:
        """When there was more than `total` first; the begin of the watch for 0."""
        i = bisect.bisect_right(self.totals, total)
        return self.times[min(i, len(self.times) - 1)]
