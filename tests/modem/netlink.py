# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel's links over rtnetlink: counters, MTU, up; only what tests need."""

from __future__ import annotations

import dataclasses
import os
import socket
import struct

RTM_NEWLINK, RTM_GETLINK = 16, 18
NLMSG_ERROR = 2
NLM_F_REQUEST, NLM_F_ACK = 1, 4
IFLA_IFNAME, IFLA_MTU, IFLA_STATS64, IFLA_AF_SPEC = 3, 4, 23, 26
IFLA_INET6_ADDR_GEN_MODE, GEN_MODE_NONE = 8, 1
IFF_UP = 1


@dataclasses.dataclass
class Link:
    ifindex: int
    mtu: int
    rx: int
    tx: int
    rx_packets: int
    tx_packets: int


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", len(value) + 4, kind) + value + bytes(-len(value) % 4)


def attributes(data: bytes) -> dict[int, bytes]:
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:size]
        data = data[(size + 3) & ~3:]
    return found


def talk(kind: int, flags: int, payload: bytes) -> tuple[int, bytes]:
    """Sends one request, returns the answer's type and payload; raises OSError for an error."""
    request = struct.pack("=IHHII", len(payload) + 16, kind, NLM_F_REQUEST | flags, 1, 0) + payload
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
        s.send(request)
        answer = s.recv(65536)
    size, kind = struct.unpack_from("=IH", answer)
    if kind == NLMSG_ERROR:
        code = struct.unpack_from("=i", answer, 16)[0]
        if code < 0:
            raise OSError(-code, os.strerror(-code))
    return kind, answer[16:size]


def find(name: str) -> Link | None:
    header = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, 0, 0, 0)
    try:
        _, answer = talk(RTM_GETLINK, 0, header + attribute(IFLA_IFNAME, name.encode() + b"\0"))
    except OSError:
        return None
    ifindex = struct.unpack_from("=i", answer, 4)[0]
    found = attributes(answer[16:])
    rx_packets, tx_packets, rx, tx = struct.unpack_from("=4Q", found[IFLA_STATS64])
    mtu = struct.unpack("=I", found[IFLA_MTU])[0]
    return Link(ifindex, mtu, rx, tx, rx_packets, tx_packets)


def set_up(name: str, mtu: int) -> None:
    """Brings a link up, silent: without an IPv6 address of its own, the kernel sends nothing."""
    ifindex = socket.if_nametoindex(name)
    silent = attribute(IFLA_AF_SPEC, attribute(socket.AF_INET6, attribute(
        IFLA_INET6_ADDR_GEN_MODE, bytes([GEN_MODE_NONE]))))
    down = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, ifindex, 0, 0)
    up = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, ifindex, IFF_UP, IFF_UP)
    talk(RTM_NEWLINK, NLM_F_ACK, down + attribute(IFLA_MTU, struct.pack("=I", mtu)))
    try:
        talk(RTM_NEWLINK, NLM_F_ACK, down + silent)
    except OSError:
        pass  # a kernel without IPv6 is silent anyway
    talk(RTM_NEWLINK, NLM_F_ACK, up)
