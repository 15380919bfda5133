# SPDX-License-Identifier: LGPL-2.1-or-later
"""A USB device that vhci_hcd shows to the kernel: the far end of USB/IP, without a network.

The kernel submits requests ("URBs") over a socket and gets each of them back when it is done. What a
device has to say waits until the kernel asks for it, and what is asked for until there is something.
"""

from __future__ import annotations

import collections
import pathlib
import socket
import struct

CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
HEADER = struct.Struct(">5I28s")  # command, number, device, direction, endpoint; and its own
SUBMIT, RETURN = struct.Struct(">Iiiii8s"), struct.Struct(">iiiii8x")
IN = 1
ECONNRESET, EPIPE = 104, 32
DEVICE, HIGH_SPEED = 0x10001, 3
CONTROLLER = pathlib.Path("/sys/devices/platform/vhci_hcd.0")

GET_DESCRIPTOR, SET_CONFIGURATION, SET_INTERFACE = (0x80, 6), (0x00, 9), (0x01, 11)
CLEAR_HALT, GET_STATUS = (0x02, 1), (0x80, 0)
DEVICE_DESCRIPTOR, CONFIGURATION_DESCRIPTOR, STRING_DESCRIPTOR = 1, 2, 3
STRINGS = ["", "Simulated", "Modem", "0001"]


class Stall(Exception):
    """The device does not know the request."""


class Device:
    """descriptors: of the device, and of its only configuration with all that is in it."""

    def __init__(self, port: int, device: bytes, configuration: bytes):
        self.port = port
        self.descriptors = {DEVICE_DESCRIPTOR: device, CONFIGURATION_DESCRIPTOR: configuration}
        self.socket: socket.socket | None = None
        self.asked: dict[int, collections.deque[int]] = {}    # by endpoint: numbers of URBs
        self.waiting: dict[int, collections.deque[bytes]] = {}  # and what is to be said

    # --- what a device does in its own way

    def control(self, request: tuple[int, int], value: int, data: bytes, size: int) -> bytes:
        """request: bmRequestType and bRequest. What is returned is cut to the size."""
        raise Stall

    def received(self, endpoint: int, data: bytes) -> None:
        """The host has sent data."""

    # ---

    def attach(self) -> None:
        self.asked, self.waiting = {}, {}
        self.socket, kernel = socket.socketpair()
        with kernel:
            (CONTROLLER / "attach").write_text(
                f"{self.port} {kernel.fileno()} {DEVICE} {HIGH_SPEED}")

    def detach(self) -> None:
        self.socket.close()
        self.socket = None

    def folder(self, pattern: str) -> str | None:
        """The name of a folder that the kernel has for it, wherever below that is."""
        for folder in CONTROLLER.glob(f"usb*/*-{self.port + 1}/*/{pattern}"):
            return folder.name
        return None

    def read(self, size: int) -> bytes:
        data = self.socket.recv(size, socket.MSG_WAITALL) if size else b""
        if len(data) < size:
            raise ConnectionResetError("the kernel has let go of the device")
        return data

    def serve(self) -> None:
        """One message of the kernel's; waits for it."""
        command, number, _device, direction, endpoint, own = HEADER.unpack(self.read(HEADER.size))
        if command == CMD_UNLINK:
            self.unlink(number, struct.unpack_from(">I", own)[0])
            return
        _flags, size, _frame, _packets, _interval, setup = SUBMIT.unpack(own)
        data = b"" if direction == IN else self.read(size)
        if endpoint == 0:
            self.on_control(number, setup, data)
        elif direction == IN:
            self.asked.setdefault(endpoint, collections.deque()).append(number)
            self.flush(endpoint)
        else:
            self.give_back(number, len(data))
            self.received(endpoint, data)

    def give_back(self, number: int, size: int, data: bytes = b"", status: int = 0) -> None:
        self.socket.sendall(HEADER.pack(RET_SUBMIT, number, 0, 0, 0,
                                        RETURN.pack(status, size, 0, 0, 0)) + data)

    def unlink(self, number: int, other: int) -> None:
        pending = any(other in asked for asked in self.asked.values())
        for asked in self.asked.values():
            if other in asked:
                asked.remove(other)
        self.socket.sendall(HEADER.pack(RET_UNLINK, number, 0, 0, 0, RETURN.pack(
            -ECONNRESET if pending else 0, 0, 0, 0, 0)))

    def say(self, endpoint: int, data: bytes) -> None:
        self.waiting.setdefault(endpoint, collections.deque()).append(data)
        self.flush(endpoint)

    def flush(self, endpoint: int) -> None:
        asked, waiting = self.asked.get(endpoint), self.waiting.get(endpoint)
        while asked and waiting:
            data = waiting.popleft()
            self.give_back(asked.popleft(), len(data), data)

    def on_control(self, number: int, setup: bytes, data: bytes) -> None:
        kind, request, value, _index, size = struct.unpack("<BBHHH", setup)
        try:
            answer = self.standard((kind, request), value)
            if answer is None:
                answer = self.control((kind, request), value, data, size)
        except Stall:
            self.give_back(number, 0, status=-EPIPE)
            return
        answer = answer[:size]
        self.give_back(number, len(answer) if kind & 0x80 else len(data), answer)

    def standard(self, request: tuple[int, int], value: int) -> bytes | None:
        """None: it is none of these."""
        if request == GET_DESCRIPTOR:
            return self.descriptor(value >> 8, value & 0xFF)
        if request == GET_STATUS:
            return bytes(2)
        if request in (SET_CONFIGURATION, SET_INTERFACE, CLEAR_HALT):
            return b""
        return None

    def descriptor(self, kind: int, index: int) -> bytes:
        if kind == STRING_DESCRIPTOR and index < len(STRINGS):
            text = STRINGS[index].encode("utf-16le") if index else struct.pack("<H", 0x0409)
            return bytes([len(text) + 2, STRING_DESCRIPTOR]) + text
        if kind not in self.descriptors:
            raise Stall
        return self.descriptors[kind]
