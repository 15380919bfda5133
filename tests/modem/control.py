# SPDX-License-Identifier: LGPL-2.1-or-later
"""The control socket: a command and its reply are one JSON object on one line each."""

from __future__ import annotations

import json
import os
import pathlib
import socket
from typing import Any


class Server:
    def __init__(self, loop, path: pathlib.Path, commands):
        self.loop, self.commands = loop, commands
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen()
        loop.watch(self.listener.fileno(), self.on_connection)

    def on_connection(self) -> None:
        connection, _address = self.listener.accept()
        buffer = bytearray()
        self.loop.watch(connection.fileno(), lambda: self.on_readable(connection, buffer))

    def on_readable(self, connection: socket.socket, buffer: bytearray) -> None:
        data = connection.recv(65536)
        if not data:
            self.loop.unwatch(connection.fileno())
            connection.close()
            return
        buffer += data
        while (end := buffer.find(b"\n")) >= 0:
            line = bytes(buffer[:end])
            del buffer[:end + 1]
            connection.sendall(json.dumps(self.reply(line)).encode() + b"\n")

    def reply(self, line: bytes) -> dict:
        try:
            return {"ok": True} | self.commands.run(json.loads(line))
        except (ValueError, TypeError, KeyError, IndexError, OSError) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}


class Refused(Exception):
    """The simulator could not do it."""


class Client:
    def __init__(self, path: str | os.PathLike):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(120)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rw")

    def __call__(self, do: str, **arguments: Any) -> dict:
        self.file.write(json.dumps({"do": do} | arguments) + "\n")
        self.file.flush()
        reply = json.loads(self.file.readline())
        if not reply.pop("ok"):
            raise Refused(f"{do}: {reply['error']}")
        return reply

    def close(self) -> None:
        self.file.close()
        self.socket.close()
