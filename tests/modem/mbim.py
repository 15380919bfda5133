# SPDX-License-Identifier: LGPL-2.1-or-later
"""MBIM messages as bytes and as values: headers, fragments, information buffers. Pure.

A message is type, length, transaction (u32 each); those of a service go on with total and current
of the fragment header, and, in the first fragment, with the service's UUID, the command, what is
peculiar to the type, the length of the information buffer, and that. Offsets in an information
buffer count from the beginning of the structure that they stand in.
"""

from __future__ import annotations

import dataclasses
import struct
import uuid

OPEN, CLOSE, COMMAND, HOST_ERROR = 1, 2, 3, 4
DONE = 0x80000000  # added to the type of a request for its answer
FUNCTION_ERROR, INDICATION = 0x80000004, 0x80000007
QUERY, SET = 0, 1

HEADER = struct.Struct("<III")
FRAGMENT = struct.Struct("<II")

SERVICES = {
    "basic": "a289cc33-bcbb-8b4f-b6b0-133ec2aae6df",
    "sms": "533fbeeb-14fe-4467-9f90-33a223e56c3f",
    "ussd": "e550a0c8-5e82-479e-82f7-10abf4c3351f",
    "phonebook": "4bf38476-1e6a-41db-b1d8-bed289c25bdb",
    "stk": "d8f20131-fcb5-4e17-8602-d6ed3816164c",
    "auth": "1d2b5ff7-0aa1-48b2-aa52-50f15767174e",
    "extensions": "3d01dcc5-fef5-4d05-0d3a-bef7058e9aaf",
    "uicc": "c2f6588e-f037-4bc9-8665-f4d44bd09367",
}
NAMES = {uuid.UUID(text).bytes: name for name, text in SERVICES.items()}
INTERNET = uuid.UUID("7e5e2a7e-4e6f-7272-736b-656e7e5e2a7e").bytes  # what a context is for

STATUS_NONE, STATUS_FAILURE, STATUS_SIM_NOT_INSERTED, STATUS_NOT_INITIALIZED = 0, 2, 3, 14
STATUS_BUSY, STATUS_NO_DEVICE_SUPPORT = 1, 9
STATUS_INVALID_PARAMETERS = 21
STATUS_INVALID_INDEX, STATUS_MEMORY_FULL = 30, 31
STATUS_NO_CENTRE, STATUS_FORMAT = 100, 104
STATUS_NOT_REGISTERED, STATUS_CONTEXT_NOT_ACTIVATED = 7, 16
ERROR_NOT_OPENED = 5
TLV_TEXT, TLV_BYTES = 10, 11


class Malformed(ValueError):
    """The bytes are no MBIM message."""


@dataclasses.dataclass
class Command:
    """A request of the host's, whole."""

    transaction: int
    service: str  # a name of SERVICES, or the UUID as text
    command: int
    is_set: bool
    contents: bytes


def split(buffer: bytearray) -> list[bytes]:
    """Takes the whole messages off the front of the buffer."""
    messages = []
    while len(buffer) >= HEADER.size:
        size = HEADER.unpack_from(buffer)[1]
        if not HEADER.size <= size <= 0x100000:
            raise Malformed(f"length {size}")
        if len(buffer) < size:
            break
        messages.append(bytes(buffer[:size]))
        del buffer[:size]
    return messages


def decode_command(message: bytes) -> Command:
    """message is a COMMAND whose fragments were joined."""
    try:
        _type, _length, transaction = HEADER.unpack_from(message)
        service = message[20:36]
        command, kind, size = struct.unpack_from("<III", message, 36)
    except struct.error as error:
        raise Malformed(str(error)) from error
    if 48 + size > len(message):
        raise Malformed("information buffer")
    name = NAMES.get(service, str(uuid.UUID(bytes=service)))
    return Command(transaction, name, command, kind == SET, message[48:48 + size])


class Joiner:
    """Puts fragments of the host's commands together."""

    def __init__(self) -> None:
        self.parts = b""

    def add(self, message: bytes) -> bytes | None:
        """A whole message, when this was its last fragment."""
        total, current = FRAGMENT.unpack_from(message, HEADER.size)
        self.parts = message if current == 0 else self.parts + message[20:]
        return self.parts if current + 1 == total else None


def simple(kind: int, transaction: int, status: int) -> bytes:
    """OPEN_DONE, CLOSE_DONE or an error."""
    return HEADER.pack(kind, 16, transaction) + struct.pack("<I", status)


def fragments(kind: int, transaction: int, payload: bytes, most: int) -> bytes:
    """A message of a service as one or more fragments of at most so many bytes each."""
    room = most - HEADER.size - FRAGMENT.size
    parts = [payload[i:i + room] for i in range(0, len(payload), room)]
    return b"".join(HEADER.pack(kind, HEADER.size + FRAGMENT.size + len(part), transaction)
                    + FRAGMENT.pack(len(parts), i) + part for i, part in enumerate(parts))


def service_bytes(name: str) -> bytes:
    return uuid.UUID(SERVICES.get(name, name)).bytes


def command_done(command: Command, status: int, contents: bytes, most: int = 4096) -> bytes:
    payload = service_bytes(command.service) + struct.pack("<III", command.command, status,
                                                           len(contents)) + contents
    return fragments(COMMAND + DONE, command.transaction, payload, most)


def indication(service: str, command: int, contents: bytes, most: int = 4096) -> bytes:
    payload = service_bytes(service) + struct.pack("<II", command, len(contents)) + contents
    return fragments(INDICATION, 0, payload, most)


def text(value: str) -> bytes:
    return value.encode("utf-16le", errors="surrogatepass")


def structure(*fields: int | str | bytes | list[str]) -> bytes:
    """A structure: numbers are u32, bytes stand as they are, a text is an offset and a size, and a
    list of texts is their number and so many offsets and sizes. Texts follow, padded to words."""
    flat: list[int | str | bytes] = []
    for field in fields:
        flat += [len(field), *field] if isinstance(field, list) else [field]
    fixed = sum({int: 4, str: 8}.get(type(f)) or len(f) for f in flat)
    head, rest = b"", b""
    for field in flat:
        if isinstance(field, int):
            head += struct.pack("<I", field)
        elif isinstance(field, bytes):
            head += field
        else:
            data = text(field)
            head += struct.pack("<II", fixed + len(rest) if data else 0, len(data))
            rest += data + bytes(-len(data) % 4)
    return head + rest


def structures(head: bytes, items: list[bytes]) -> bytes:
    """Pairs of offset and size, and the structures that they lead to."""
    at = len(head) + 8 * len(items)
    pairs = rest = b""
    for item in items:
        pairs += struct.pack("<II", at + len(rest), len(item))
        rest += item + bytes(-len(item) % 4)
    return head + pairs + rest


def tlv(kind: int, data: bytes) -> bytes:
    padding = -len(data) % 4
    return struct.pack("<HBBI", kind, 0, padding, len(data)) + data + bytes(padding)


def u64(value: int) -> bytes:
    return struct.pack("<Q", value & 0xFFFFFFFFFFFFFFFF)
