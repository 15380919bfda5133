# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long whole programs take, side by side, so that both meet the same neighbours."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import time
from collections.abc import Callable

ROUNDS, RUNS = 5, 15


def seconds(command: list[str]) -> float:
    """One run from spawn to exit; its output goes nowhere."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)
    begin = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[nowhere])
    _, status = os.waitpid(pid, 0)
    taken = time.perf_counter() - begin
    if status != 0:
        raise AssertionError(f"{' '.join(command)} ended with "
                             f"{os.waitstatus_to_exitcode(status)}")
    return taken


def interleaved(*what: Callable[[], float]) -> list[float]:
    """Each in turn, again and again: the lowest of several medians of each."""
    medians: list[list[float]] = [[] for _ in what]
    for _ in range(ROUNDS):
        taken: list[list[float]] = [[] for _ in what]
        for _ in range(RUNS):
            for i, run in enumerate(what):
                taken[i].append(run())
        for i, values in enumerate(taken):
            medians[i].append(statistics.median(values))
    return [min(values) for values in medians]


def side_by_side(*commands: list[str]) -> list[float]:
    """Milliseconds of each command."""
    return [1000 * taken for taken in interleaved(*(lambda c=c: seconds(c) for c in commands))]


def instructions(command: list[str]) -> int:
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          *command], capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])
