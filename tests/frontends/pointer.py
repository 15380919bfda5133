# SPDX-License-Identifier: LGPL-2.1-or-later
"""A mouse for a Wayland compositor that has none, by wlr-virtual-pointer-unstable-v1.

Of the wire format it speaks what that takes: https://wayland.freedesktop.org/docs/html/ch04.html
"""

import os
import pathlib
import socket
import struct

MANAGER = "zwlr_virtual_pointer_manager_v1"
DISPLAY = 1
LEFT = 0x110  # BTN_LEFT of linux/input-event-codes.h


def string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + bytes(-len(data) % 4)


class Pointer:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(60)
        self.socket.connect(str(pathlib.Path(os.environ["XDG_RUNTIME_DIR"])
                                / os.environ["WAYLAND_DISPLAY"]))
        self.stream = self.socket.makefile("rb")
        self.last = DISPLAY
        registry = self.new()
        self.send(DISPLAY, 1, registry)
        names = {}
        for sender, code, body in self.round_trip():
            if (sender, code) == (registry, 0):
                name, length = struct.unpack_from("=II", body)
                names[body[8:8 + length - 1].decode()] = name
        manager, self.pointer = self.new(), self.new()
        self.send(registry, 0, names[MANAGER], string(MANAGER), 1, manager)
        self.send(manager, 0, 0, self.pointer)
        self.round_trip()

    def new(self) -> int:
        """The number of an object: they come one after the other."""
        self.last += 1
        return self.last

    def send(self, target: int, code: int, *arguments: int | bytes) -> None:
        body = b"".join(a if isinstance(a, bytes) else struct.pack("=I", a) for a in arguments)
        self.socket.sendall(struct.pack("=II", target, len(body) + 8 << 16 | code) + body)

    def round_trip(self) -> list[tuple[int, int, bytes]]:
        """The events until the compositor has done all that it was sent."""
        events = []
        callback = self.new()
        self.send(DISPLAY, 0, callback)
        while True:
            sender, head = struct.unpack("=II", self.stream.read(8))
            events.append((sender, head & 0xffff, self.stream.read((head >> 16) - 8)))
            if events[-1][:2] == (DISPLAY, 0):
                raise RuntimeError(f"the compositor refuses: {events[-1][2]!r}")
            if sender == callback:
                return events

    def click(self, x: int, y: int, width: int, height: int) -> None:
        """On an output of that size."""
        self.send(self.pointer, 1, 0, x, y, width, height)
        self.send(self.pointer, 4)
        for is_pressed in (1, 0):
            self.send(self.pointer, 2, 0, LEFT, is_pressed)
            self.send(self.pointer, 4)
        self.round_trip()

    def close(self) -> None:
        self.stream.close()
        self.socket.close()
