# SPDX-License-Identifier: LGPL-2.1-or-later
"""A modem's control port and its link as a USB device, for the kernel's own qmi_wwan and cdc_mbim."""

from __future__ import annotations

import collections
import os
import pathlib
import random
import select
import socket
import struct
import time
from collections.abc import Callable

import netlink
import tun
import usbip

SEND_COMMAND, GET_RESPONSE, LINE_STATE = (0x21, 0x00), (0xA1, 0x01), (0x21, 0x22)
NTB_PARAMETERS, GET_NTB_SIZE, SET_NTB_SIZE = (0xA1, 0x80), (0xA1, 0x85), (0x21, 0x86)
SET_NTB_FORMAT = (0x21, 0x84)
NOTICE, BULK_IN, BULK_OUT = 1, 2, 2  # endpoints
NTB_SIZE = 16384
MTU = 1500
PATIENCE = 60
SYSFS = pathlib.Path("/sys/class/net")


def descriptor(kind: int, contents: bytes) -> bytes:
    return bytes([len(contents) + 2, kind]) + contents


def device(vendor: int, product: int, of_interfaces: bool) -> bytes:
    class_ = (0xEF, 2, 1) if of_interfaces else (0, 0, 0)
    return descriptor(1, struct.pack("<HBBBBHHHBBBB", 0x200, *class_, 64, vendor, product, 0x100,
                                     1, 2, 3, 1))


def configuration(n_interfaces: int, contents: bytes) -> bytes:
    return descriptor(2, struct.pack("<HBBBBB", len(contents) + 9, n_interfaces, 1, 0, 0xC0, 50)
                      ) + contents


def interface(number: int, setting: int, n_endpoints: int, *class_: int) -> bytes:
    return descriptor(4, bytes([number, setting, n_endpoints, *class_, 0]))


def endpoint(address: int, kind: int, size: int, interval: int = 0) -> bytes:
    return descriptor(5, struct.pack("<BBHB", address, kind, size, interval))


ENDPOINTS = (endpoint(0x80 | NOTICE, 3, 64, 5),
             endpoint(0x80 | BULK_IN, 2, 512) + endpoint(BULK_OUT, 2, 512))
# The interface that qmi_wwan knows of this one; others of such devices are serial ports.
QMI_INTERFACE = 4
QMI = (device(0x05C6, 0x9025, False),
       configuration(1, interface(QMI_INTERFACE, 0, 3, 0xFF, 0xFF, 0xFF) + ENDPOINTS[0]
                     + ENDPOINTS[1]))
MBIM_FUNCTION = (descriptor(0x24, b"\x00\x10\x01") + descriptor(0x24, b"\x06\x00\x01")
                 + descriptor(0x24, struct.pack("<BHHBBHB", 0x1B, 0x100, 4096, 32, 128, 2048, 0x20)))
MBIM = (device(0x1BC7, 0x0036, True),
        configuration(2, descriptor(11, bytes([0, 2, 0x02, 0x0E, 0, 0]))
                      + interface(0, 0, 1, 0x02, 0x0E, 0) + MBIM_FUNCTION + ENDPOINTS[0]
                      + interface(1, 0, 0, 0x0A, 0, 2) + interface(1, 1, 2, 0x0A, 0, 2)
                      + ENDPOINTS[1]))


class UsbPort(usbip.Device):
    """The control port, as PtyPort is one; on_packet() is given each packet that the host sends, with
    the mux or session id that it belongs to."""

    control_interface = 0

    def __init__(self, loop, number: int, descriptors: tuple[bytes, bytes],
                 on_bytes: Callable[[bytes], None]):
        super().__init__(number, *descriptors)
        self.loop, self.on_bytes = loop, on_bytes
        self.on_packet: Callable[[bytes, int], None] = lambda _packet, _mux: None
        self.responses: collections.deque[bytes] = collections.deque()

    @property
    def path(self) -> str | None:
        name = self.folder("usbmisc/cdc-wdm*")
        return f"/dev/{name}" if name else None

    @property
    def is_open(self) -> bool:
        return self.socket is not None

    def open(self) -> None:
        self.responses.clear()
        self.attach()
        self.loop.watch(self.socket.fileno(), self.serve)

    def close(self) -> None:
        if self.is_open:
            self.loop.unwatch(self.socket.fileno())
            self.detach()

    def write(self, data: bytes) -> None:
        """The host is told that there is a response, and comes for it."""
        if self.is_open:
            self.responses.append(data)
            self.say(NOTICE, struct.pack("<BBHHH", 0xA1, 0x01, 0, self.control_interface, 0))

    def control(self, request: tuple[int, int], value: int, data: bytes, size: int) -> bytes:
        if request == SEND_COMMAND:
            self.on_bytes(data)
        elif request == GET_RESPONSE:
            return self.responses.popleft() if self.responses else b""
        elif request != LINE_STATE:
            raise usbip.Stall
        return b""

    def received(self, endpoint: int, data: bytes) -> None:
        for packet, mux in self.packets_of(data):
            self.on_packet(packet, mux)

    # --- what each protocol does in its own way

    def packets_of(self, data: bytes) -> list[tuple[bytes, int]]:
        """What the host has sent in one transfer."""
        raise NotImplementedError

    def transfer_of(self, packet: bytes, mux: int) -> bytes:
        """The same the other way."""
        raise NotImplementedError

    def link_above(self, link: str, mux: int) -> str:
        """The link of a session with an id of its own."""
        raise NotImplementedError


class QmiUsb(UsbPort):
    """Packets go bare; those with a mux id have QMAP's header before them. The link has to be in
    raw IP mode."""

    control_interface = QMI_INTERFACE

    def __init__(self, loop, number: int, on_bytes: Callable[[bytes], None]):
        super().__init__(loop, number, QMI, on_bytes)

    def packets_of(self, data: bytes) -> list[tuple[bytes, int]]:
        if data[0] >> 4 in tun.ETH_P:
            return [(data, 0)]
        found = []
        while len(data) > 4:
            pad, mux, size = struct.unpack_from(">BBH", data)
            found.append((data[4:4 + size - (pad & 0x3F)], mux))
            data = data[4 + size:]
        return found

    def transfer_of(self, packet: bytes, mux: int) -> bytes:
        if mux == 0:
            return packet
        pad = -len(packet) % 4
        return struct.pack(">BBH", pad, mux, len(packet) + pad) + packet + bytes(pad)

    def link_above(self, link: str, mux: int) -> str:
        for file in SYSFS.glob("*/qmap/mux_id"):
            if int(file.read_text(), 16) == mux and (file.parent.parent / f"lower_{link}").exists():
                return file.parent.parent.name
        raise ValueError(f"no link for mux id {mux}")


class MbimUsb(UsbPort):
    """Packets go in NTBs, each with a table of those of one session."""

    NTH, NDP = struct.Struct("<4sHHHH"), struct.Struct("<3sBHH")

    def __init__(self, loop, number: int, on_bytes: Callable[[bytes], None]):
        super().__init__(loop, number, MBIM, on_bytes)
        self.sequence = 0

    def control(self, request: tuple[int, int], value: int, data: bytes, size: int) -> bytes:
        if request == NTB_PARAMETERS:
            return struct.pack("<HHIHHHHIHHHH", 28, 1, NTB_SIZE, 4, 0, 4, 0, NTB_SIZE, 4, 0, 4, 0)
        if request == GET_NTB_SIZE:
            return struct.pack("<I", NTB_SIZE)
        if request in (SET_NTB_SIZE, SET_NTB_FORMAT):
            return b""
        return super().control(request, value, data, size)

    def packets_of(self, data: bytes) -> list[tuple[bytes, int]]:
        found = []
        at = self.NTH.unpack_from(data)[4]
        while at:
            _ips, session, size, after = self.NDP.unpack_from(data, at)
            for entry in range(at + 8, at + size, 4):
                where, length = struct.unpack_from("<HH", data, entry)
                if where == 0 or length == 0:
                    break
                found.append((data[where:where + length], session))
            at = after
        return found

    def transfer_of(self, packet: bytes, mux: int) -> bytes:
        self.sequence = (self.sequence + 1) & 0xFFFF
        table = self.NDP.pack(b"IPS", mux, 16, 0) + struct.pack("<HHHH", 28, len(packet), 0, 0)
        return self.NTH.pack(b"NCMH", 12, self.sequence, 28 + len(packet), 12) + table + packet

    def link_above(self, link: str, mux: int) -> str:
        return f"{link}.{mux}"


class UsbLink:
    """The link that the kernel's driver makes of it, as Tun is one: rx and tx are the packets of IP,
    whatever the driver counts. It comes and goes with the port."""

    def __init__(self, port: UsbPort, seed: int = 1, mtu: int = MTU):
        self.port, self.mtu = port, mtu
        self.random = random.Random(seed)
        self.packets = self.taken = 0
        self.fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)  # readable: others have sent
        self.sender = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        port.on_packet = self.on_packet

    @property
    def name(self) -> str | None:
        return self.port.folder("net/*")

    def close(self) -> None:
        self.port.on_packet = lambda _packet, _mux: None
        self.sender.close()
        os.close(self.fd)

    def counters(self) -> tuple[int, int]:
        return tun.kernel_counters(self.name or "")

    def on_packet(self, packet: bytes, _mux: int) -> None:
        self.packets += 1
        self.taken += len(packet)
        os.eventfd_write(self.fd, 1)

    def drain(self) -> int:
        try:
            os.eventfd_read(self.fd)
        except BlockingIOError:
            pass
        taken, self.packets, self.taken = self.taken, 0, 0
        return taken

    def link_of(self, mux: int) -> str:
        if self.name is None:
            raise ValueError("the kernel has no link yet")
        return self.port.link_above(self.name, mux) if mux else self.name

    def serve_until(self, done: Callable[[], bool], what: str) -> None:
        """The kernel asks for all that it gets, so it has to be answered meanwhile."""
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise ValueError(f"{self.name} {what}")
            while select.select([self.port.socket], [], [], 0.01)[0]:
                self.port.serve()

    def receive(self, total: int, family: int = 4, mux: int = 0) -> int:
        link, n = self.link_of(mux), 0
        before = netlink.find(link).rx_packets
        for size in tun.sizes(self.random, total, self.mtu):
            self.port.say(BULK_IN, self.port.transfer_of(bytes(tun.PACKETS[family][:size]), mux))
            n += 1
        self.serve_until(lambda: netlink.find(link).rx_packets - before >= n,
                         "does not receive all that the modem has sent")
        return n

    def transmit(self, total: int, family: int = 4, mux: int = 0) -> tuple[int, int]:
        link, n = self.link_of(mux), 0
        for size in tun.sizes(self.random, total, self.mtu):
            self.sender.sendto(tun.PACKETS[family][:size], (link, tun.ETH_P[family]))
            n += 1
            self.serve_until(lambda: self.packets >= n, "does not send all that it was given")
        packets = self.packets
        return packets, self.drain()
