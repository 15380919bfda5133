# SPDX-License-Identifier: LGPL-2.1-or-later
"""An ext4 of its own for one ledger, on a loop device: what reaches the device is counted exactly.

Only root can mount one. The mount belongs to the bench's own mount namespace, and the loop device
is freed with its last mount: nothing stays behind, whatever ends the bench.
"""

from __future__ import annotations

import ctypes
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))

import harness  # noqa: E402

SECTOR = 512
SECTORS_WRITTEN, IN_FLIGHT, FLUSHES = 6, 8, 15  # fields of Documentation/block/stat.rst


def enter_namespace() -> None:
    """Network and mounts of our own; as root of the machine where that is possible, because only
    that root has loop devices."""
    if harness.IN_NAMESPACE not in os.environ:
        real = subprocess.run(["unshare", "-nm", "true"], stderr=subprocess.DEVNULL).returncode == 0
        harness.enter_namespace("-nm" if real else "-Urnm")
    # What /sys/class/net shows follows the namespace that mounted it.
    subprocess.run(["mount", "-t", "sysfs", "sysfs", "/sys"], stderr=subprocess.DEVNULL)


def mount(image: pathlib.Path, directory: pathlib.Path) -> bool:
    directory.mkdir()
    run = subprocess.run(["mount", "-t", "ext4", "-o", "loop,noatime", str(image), str(directory)],
                         stderr=subprocess.DEVNULL)
    return run.returncode == 0


def unmount(directory: pathlib.Path) -> None:
    subprocess.run(["umount", str(directory)], check=True)


class Disk:
    """`directory` is on a device of its own if `is_own`, else an ordinary directory."""

    def __init__(self, parent: pathlib.Path, name: str, megabytes: int = 64):
        self.image = parent / f"{name}.img"
        self.directory = parent / name
        with open(self.image, "wb") as image:
            image.truncate(megabytes << 20)
        # No work left over for later: the kernel would do it while we count.
        made = subprocess.run(["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0",
                               str(self.image)])
        self.is_own = made.returncode == 0 and mount(self.image, self.directory)
        self.directory.mkdir(exist_ok=True)
        if self.is_own:
            device = self.directory.stat().st_dev
            node = pathlib.Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
            self.stat_path = node.resolve() / "stat"
        self.forced = 0  # flushes that our own sync() caused

    def close(self) -> None:
        if self.is_own:
            unmount(self.directory)
            self.is_own = False

    def sync(self) -> None:
        """What the kernel still holds back counts for who wrote it, now; the flush is ours."""
        before = self.stat()[FLUSHES]
        fd = os.open(self.directory, os.O_RDONLY)
        try:
            if ctypes.CDLL(None, use_errno=True).syncfs(fd) != 0:
                raise OSError(ctypes.get_errno(), "syncfs")
        finally:
            os.close(fd)
        self.forced += self.stat()[FLUSHES] - before

    def stat(self) -> list[int]:
        return [int(word) for word in self.stat_path.read_text().split()]

    def written(self) -> int:
        return self.stat()[SECTORS_WRITTEN] * SECTOR

    def flushes(self) -> int:
        return self.stat()[FLUSHES] - self.forced
