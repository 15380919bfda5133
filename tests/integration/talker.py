# SPDX-License-Identifier: LGPL-2.1-or-later
"""A program beside the daemon that takes commands and says things, a line each."""

from __future__ import annotations

import os
import signal
import subprocess
import threading

import harness
from harness import wait_for


class Talker:
    """A program that takes commands and says things, a line each."""

    def __init__(self, world: harness.World, program: list[str], greeting: str, index: int = 0,
                 protocol: str | None = None):
        self.world = world
        self.log = world.directory / "talker.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*program, protocol or world.protocol, str(world.control_port(index))],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                env=os.environ | {"STATE_DIRECTORY": str(world.directory)},
                preexec_fn=harness.die_with_parent)
        self.lines: list[str] = []
        self.seen = 0
        self.reader = threading.Thread(target=self.collect, daemon=True)
        self.reader.start()
        self.expect(greeting)

    def collect(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def __call__(self, command: str) -> None:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def failed(self) -> AssertionError:
        return AssertionError(f"it ended with {self.process.poll()} after {self.lines}:\n"
                              + self.log.read_text(errors="replace")[-8000:])

    def next(self, timeout: float = 60) -> str:
        """What it says next."""
        wait_for(lambda: len(self.lines) > self.seen or self.process.poll() is not None,
                 f"more than {self.lines}", timeout)
        if len(self.lines) <= self.seen:
            raise self.failed()
        self.seen += 1
        return self.lines[self.seen - 1]

    def expect(self, *lines: str, timeout: float = 60) -> None:
        for line in lines:
            got = self.next(timeout)
            if not got.startswith(line):
                raise AssertionError(f"{got!r} instead of {line!r}; all: {self.lines}")

    def rest(self) -> list[str]:
        """What it has said since, and until it ended in good order."""
        self("quit")
        if self.process.wait(60) != 0:
            raise self.failed()
        self.reader.join(60)
        return self.lines[self.seen:]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Without a leak, where a sanitizer looks."""
        try:
            if self.process.poll() is None:
                self.rest()
            elif self.process.returncode not in (0, -signal.SIGKILL):
                raise self.failed()
        finally:
            harness.end(self.process)
            self.process.stdin.close()
            self.reader.join(60)
            self.process.stdout.close()
