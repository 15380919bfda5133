# SPDX-License-Identifier: LGPL-2.1-or-later
"""A QMI modem's port as a phone has it: services on the QRTR bus, here on this machine's own node.

Each service is a socket that the kernel's name server tells clients of. A message is its SDU alone;
who it is from is the address, which stands for the client id of the frames that the modem knows.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

import qmi

CONTROL_PORT = 0xFFFFFFFE
DEL_CLIENT, NEW_SERVER = 6, 4
CONTROL = struct.Struct("<5I")  # command; service, instance, node and port, or a client's two
VERSION = 1
ALLOCATE, RELEASE = 0x22, 0x23
HEADER = 6  # of a frame, before the SDU

Address = tuple[int, int]  # node and port


class QrtrPort:
    """services: which of them the modem has, when it is plugged in."""

    def __init__(self, loop, services: Callable[[], list[int]], on_bytes: Callable[[bytes], None]):
        self.loop, self.services, self.on_bytes = loop, services, on_bytes
        self.sockets: dict[int, socket.socket] = {}
        self.clients: dict[tuple[int, int], Address] = {}  # by service and client id
        self.asking: Address | None = None                 # for a client id

    @property
    def path(self) -> str | None:
        for server in self.sockets.values():
            return f"qrtr:{server.getsockname()[0]}"
        return None

    @property
    def is_open(self) -> bool:
        return bool(self.sockets)

    def open(self) -> None:
        for service in self.services():
            server = self.sockets[service] = socket.socket(socket.AF_QIPCRTR, socket.SOCK_DGRAM)
            server.setblocking(False)
            server.bind((server.getsockname()[0], 0))
            node, port = server.getsockname()
            server.sendto(CONTROL.pack(NEW_SERVER, service, VERSION, node, port),
                          (node, CONTROL_PORT))
            self.loop.watch(server.fileno(), lambda service=service: self.on_readable(service))

    def close(self) -> None:
        """The name server tells of it."""
        for server in self.sockets.values():
            self.loop.unwatch(server.fileno())
            server.close()
        self.sockets.clear()
        self.clients.clear()

    def on_readable(self, service: int) -> None:
        data, address = self.sockets[service].recvfrom(65536)
        if address[1] == CONTROL_PORT:
            command, node, port = struct.unpack_from("<3I", data)
            if command == DEL_CLIENT:
                self.let_go((node, port))
            return
        if (client := self.client_of(service, address)) is not None:
            self.on_bytes(self.frame(service, client, data))

    @staticmethod
    def frame(service: int, client: int, sdu: bytes) -> bytes:
        return struct.pack("<BHBBB", qmi.MARKER, len(sdu) + 5, 0, service, client) + sdu

    def ask(self, message: int, tlv: bytes) -> None:
        """What a client of a port that is shared has to ask for itself."""
        contents = struct.pack("<BH", 0x01, len(tlv)) + tlv
        self.on_bytes(self.frame(qmi.CTL, 0, struct.pack("<BBHH", 0, 1, message, len(contents))
                                 + contents))

    def client_of(self, service: int, address: Address) -> int | None:
        """None: the modem gives out no more ids."""
        for turn in range(2):
            for (of, client), who in self.clients.items():
                if (of, who) == (service, address):
                    return client
            if turn == 0:
                self.asking = address
                self.ask(ALLOCATE, bytes([service]))
        return None

    def let_go(self, address: Address) -> None:
        for (service, client), who in list(self.clients.items()):
            if who == address:
                del self.clients[service, client]
                self.ask(RELEASE, bytes([service, client]))

    def write(self, data: bytes) -> None:
        for frame in qmi.split(bytearray(data)):
            message = qmi.decode(frame)
            if message.service == qmi.CTL:
                if message.message == ALLOCATE and 0x01 in message.tlvs:
                    service, client = message.tlvs[0x01]
                    self.clients[service, client] = self.asking
                continue
            for (service, client), address in list(self.clients.items()):
                if service == message.service and message.client in (client, qmi.BROADCAST):
                    self.send(service, frame[HEADER:], address)

    def send(self, service: int, sdu: bytes, address: Address) -> None:
        try:
            self.sockets[service].sendto(sdu, address)
        except OSError:
            self.let_go(address)  # it is gone, as we shall be told
