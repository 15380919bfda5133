# SPDX-License-Identifier: LGPL-2.1-or-later
"""A TUN device as a modem's network link: the kernel counts what goes through, to the byte.

What is written to its file is received (rx); what the kernel sends, and is read from the file, is
transmitted (tx).
"""

from __future__ import annotations

import errno
import fcntl
import os
import random
import socket
import struct
from collections.abc import Iterator

import netlink

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
SOL_PACKET, PACKET_QDISC_BYPASS = 263, 20
ETH_P = {4: 0x0800, 6: 0x86DD}
MTU = 65535

# Packets that the kernel counts and then drops without an answer: IPv4 with a wrong checksum, and
# IPv6 that claims to come from a multicast address.
BAD_IPV4 = struct.pack("!BBHHHBBH4s4s", 0x45, 0, MTU, 0, 0, 64, 17, 0x5555,
                       bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
BAD_IPV6 = struct.pack("!IHBB", 6 << 28, MTU - 40, 59, 64) + (b"\xff\x02" + bytes(14)) * 2
PACKETS = {4: memoryview(BAD_IPV4.ljust(MTU, b"4")), 6: memoryview(BAD_IPV6.ljust(MTU, b"6"))}


def kernel_counters(name: str) -> tuple[int, int]:
    """What the kernel has counted of a link: rx and tx; zeros when there is none."""
    link = netlink.find(name)
    return (link.rx, link.tx) if link else (0, 0)


def sizes(source: random.Random, total: int, mtu: int) -> Iterator[int]:
    """Cuts a total into packets of random size."""
    while total > 0:
        size = min(total, source.randint(20, mtu))
        yield size
        total -= size


class Tun:
    def __init__(self, name: str, seed: int = 1, mtu: int = MTU):
        self.name = name
        self.mtu = mtu
        self.random = random.Random(seed)
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            fcntl.ioctl(self.fd, TUNSETIFF,
                        struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
            netlink.set_up(name, mtu)
            self.sender = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        except OSError:
            os.close(self.fd)
            raise
        # Past the queueing discipline, so that a packet can be read as soon as it was sent.
        self.sender.setsockopt(SOL_PACKET, PACKET_QDISC_BYPASS, 1)

    def close(self) -> None:
        """The kernel takes the link away with its last file."""
        self.sender.close()
        os.close(self.fd)

    def counters(self) -> tuple[int, int]:
        return kernel_counters(self.name)

    def receive(self, total: int, family: int = 4, mux: int = 0) -> int:
        """The network delivers packets: rx. Returns how many. mux is nothing to a TUN."""
        n = 0
        for size in sizes(self.random, total, self.mtu):
            os.write(self.fd, PACKETS[family][:size])
            n += 1
        return n

    def transmit(self, total: int, family: int = 4, mux: int = 0) -> tuple[int, int]:
        """This machine sends packets, and the modem takes them: tx.

        Returns how many packets and bytes were taken: more, where others sent in between.
        """
        n = taken = 0
        for size in sizes(self.random, total, self.mtu):
            self.sender.sendto(PACKETS[family][:size], (self.name, ETH_P[family]))
            n += 1
            while got := self.take():
                taken += got
        if taken < total:
            raise OSError(errno.ENOBUFS, f"{self.name} dropped {total - taken} bytes")
        return n, taken

    def take(self) -> int:
        """Takes a packet that was sent; returns its size, 0 when there is none."""
        try:
            return len(os.read(self.fd, MTU + 1))
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno == errno.EBADFD:  # between two network namespaces
                return 0
            raise

    def drain(self) -> int:
        """Takes all that others sent; returns the bytes."""
        total = 0
        while size := self.take():
            total += size
        return total
