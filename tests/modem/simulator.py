# SPDX-License-Identifier: LGPL-2.1-or-later
"""Modems on pseudo-terminals, each with its link, driven by commands: one loop, one thread."""

from __future__ import annotations

import errno
import heapq
import itertools
import os
import pathlib
import random
import selectors
import time
import tty
from collections.abc import Callable

import usb
from mbimmodem import MbimModem
from qmimodem import QmiModem
from qrtr import QrtrPort
from state import Card, Modem
from tun import MTU, Tun

USB_PORTS = {"qmi": usb.QmiUsb, "mbim": usb.MbimUsb}


class Loop:
    """File descriptors and timers."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.timers: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.running = True

    def watch(self, fd: int, on_readable: Callable[[], None]) -> None:
        self.selector.register(fd, selectors.EVENT_READ, on_readable)

    def unwatch(self, fd: int) -> None:
        self.selector.unregister(fd)

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.order), call))

    def run(self) -> None:
        while self.running:
            wait = max(0.0, self.timers[0][0] - time.monotonic()) if self.timers else None
            for key, _events in self.selector.select(wait):
                if key.fileobj in self.selector.get_map():
                    key.data()
            while self.timers and self.timers[0][0] <= time.monotonic():
                heapq.heappop(self.timers)[2]()


class PtyPort:
    """A raw pseudo-terminal behind a link in the file system: the control port."""

    def __init__(self, loop: Loop, path: pathlib.Path, on_bytes: Callable[[bytes], None]):
        self.loop, self.path, self.on_bytes = loop, path, on_bytes
        self.master = self.slave = -1
        self.unsent = bytearray()

    @property
    def is_open(self) -> bool:
        return self.master >= 0

    def open(self) -> None:
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.loop.watch(self.master, self.on_readable)
        os.symlink(os.ttyname(self.slave), self.path)

    def close(self) -> None:
        if not self.is_open:
            return
        self.path.unlink(missing_ok=True)
        self.loop.unwatch(self.master)
        os.close(self.master)
        os.close(self.slave)
        self.master = self.slave = -1
        self.unsent.clear()

    def on_readable(self) -> None:
        try:
            data = os.read(self.master, 65536)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EIO):
                return
            raise
        self.on_bytes(data)

    def write(self, data: bytes) -> None:
        if not self.is_open:
            return
        self.unsent += data
        self.flush()

    def flush(self) -> None:
        while self.unsent and self.is_open:
            try:
                del self.unsent[:os.write(self.master, self.unsent)]
            except BlockingIOError:
                self.loop.after(0.001, self.flush)
                return


class SimulatedModem:
    """One modem: model, protocol, port and link."""

    def __init__(self, loop: Loop, directory: pathlib.Path, number: int, slots: int, seed: int,
                 protocol: str = "qmi", transport: str = "pty"):
        self.loop = loop
        self.model = Modem(imei=f"35693803564380{number % 10}", slots=slots)
        self.model.radio.after = loop.after
        speaker = {"qmi": QmiModem, "mbim": MbimModem}[protocol]
        self.protocol = speaker(self.model, self.send, loop.after)
        self.port = self.port_on(transport, protocol, number, directory)
        self.link_name = f"wwan{number}"
        self.mtu = usb.MTU if transport == "usb" else MTU
        self.random = random.Random(seed)
        self.tun: Tun | usb.UsbLink | None = None
        self.received = bytearray()
        self.background = (0, 0)
        self.delay = 0.0
        self.plugs = 0

    def port_on(self, transport: str, protocol: str, number: int,
                directory: pathlib.Path) -> PtyPort | usb.UsbPort | QrtrPort:
        if transport == "usb":
            return USB_PORTS[protocol](self.loop, number, self.on_bytes)
        if transport == "qrtr":
            return QrtrPort(self.loop, self.protocol.services, self.on_bytes)
        return PtyPort(self.loop, directory / f"cdc-wdm{number}", self.on_bytes)

    def send(self, data: bytes, seconds: float = 0.0) -> None:
        """So many seconds later; what a port had not said before it hung up is never said."""
        plugs, seconds = self.plugs, seconds + self.delay

        def send() -> None:
            if self.plugs == plugs:
                self.port.write(data)

        if seconds > 0:
            self.loop.after(seconds, send)
        else:
            send()

    def on_bytes(self, data: bytes) -> None:
        self.received += data
        try:
            for frame in self.protocol.split(self.received):
                self.protocol.receive(frame)
        except ValueError:
            self.received.clear()

    # --- what can be done with it

    def plug(self) -> None:
        self.received.clear()
        self.plugs += 1
        self.protocol.plugged()
        self.port.open()

    def unplug(self) -> None:
        self.port.close()

    def add_link(self, name: str | None = None) -> None:
        self.link_name = name or self.link_name
        seed = self.random.getrandbits(32)
        self.tun = (usb.UsbLink(self.port, seed, self.mtu) if isinstance(self.port, usb.UsbPort)
                    else Tun(self.link_name, seed, self.mtu))
        self.loop.watch(self.tun.fd, self.on_stray)

    def remove_link(self) -> None:
        if self.tun:
            self.loop.unwatch(self.tun.fd)
            self.tun.close()
            self.tun = None

    def on_stray(self) -> None:
        """Others send over the link as well."""
        if self.tun:
            self.model.count(0, self.tun.drain())

    def move(self, rx: int, tx: int, kernel: bool = True, session: bool = True,
             family: int | None = None, mux: int | None = None) -> None:
        """When both families are connected, each takes a part of it."""
        if mux is None:
            mux = min(self.model.sessions, default=(0, 4))[0]
        families = [family] if family else self.model.families(mux) or [4]
        rx_part, tx_part = rx, tx
        if len(families) > 1:
            rx_part, tx_part = self.random.randint(0, rx), self.random.randint(0, tx)
        self.move_family(rx_part, tx_part, kernel, session, (mux, families[0]))
        self.move_family(rx - rx_part, tx - tx_part, kernel, session, (mux, families[-1]))

    def move_family(self, rx: int, tx: int, kernel: bool, session: bool,
                    key: tuple[int, int]) -> None:
        rx_packets, tx_packets = -(-rx // self.mtu), -(-tx // self.mtu)
        if kernel:
            if self.tun is None:
                raise ValueError("there is no link")
            rx_packets = self.tun.receive(rx, key[1], key[0])
            tx_packets, tx = self.tun.transmit(tx, key[1], key[0])
        if session:
            self.model.count(rx, tx, rx_packets, tx_packets, key)

    def start_background(self, rx_per_second: int, tx_per_second: int) -> None:
        was_running = any(self.background)
        self.background = (rx_per_second, tx_per_second)
        if not was_running:
            self.on_background()

    def on_background(self) -> None:
        if not any(self.background):
            return
        if self.tun:
            self.move(self.background[0] // 100, self.background[1] // 100)
        self.loop.after(0.01, self.on_background)


def card_of(arguments: dict) -> Card | None:
    return Card(**arguments) if arguments else None
