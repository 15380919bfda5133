# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a process costs, as the kernel tells it: wake-ups, CPU, memory, what it wrote."""

from __future__ import annotations

import dataclasses
import pathlib
import time

from disk import Disk


def fields(path: pathlib.Path) -> dict[str, int]:
    """The numbers of a file of "name: number ..." lines."""
    found = {}
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        words = value.split()
        if words and words[0].isdigit():
            found[name] = int(words[0])
    return found


@dataclasses.dataclass
class Cost:
    """What a process did between two samples, `at` seconds apart."""

    at: float
    wakeups: int
    cpu_ns: int
    written: int
    flushes: int


@dataclasses.dataclass
class Sample:
    """Running totals at an instant; the difference of two is a Cost."""

    at: float
    threads: dict[str, tuple[int, int]]  # voluntary context switches, nanoseconds on a CPU
    written: int
    flushes: int

    def __sub__(self, earlier: Sample) -> Cost:
        wakeups = cpu = 0
        for thread, now in self.threads.items():
            before = earlier.threads.get(thread, (0, 0))
            wakeups, cpu = wakeups + now[0] - before[0], cpu + now[1] - before[1]
        # One that has ended since has taken its figures along; it woke once at least, to end.
        wakeups += len(earlier.threads.keys() - self.threads.keys())
        return Cost(self.at - earlier.at, wakeups, cpu, self.written - earlier.written,
                    self.flushes - earlier.flushes)


def threads(pid: int) -> dict[str, tuple[int, int]]:
    return {task.name: (fields(task / "status")["voluntary_ctxt_switches"],
                        int((task / "schedstat").read_text().split()[0]))
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir()}


def sample(pid: int, disk: Disk) -> Sample:
    """All threads; and the device's bytes, or the process's where it has no device of its own."""
    if disk.is_own:
        disk.sync()
        written, flushes = disk.written(), disk.flushes()
    else:
        written, flushes = fields(pathlib.Path(f"/proc/{pid}/io"))["write_bytes"], 0
    return Sample(time.monotonic(), threads(pid), written, flushes)


@dataclasses.dataclass
class Memory:
    """In kB."""

    rss: int
    pss: int
    private: int


def memory(pid: int) -> Memory:
    rollup = fields(pathlib.Path(f"/proc/{pid}/smaps_rollup"))
    return Memory(rollup["Rss"], rollup["Pss"], rollup["Private_Clean"] + rollup["Private_Dirty"])
