# SPDX-License-Identifier: LGPL-2.1-or-later
"""QMI frames as bytes and as values: QMUX header, SDU, TLVs. Pure: no I/O, no state.

A QMUX frame is 0x01, length u16, flags u8, service u8, client u8; the SDU has flags u8, a
transaction (one byte for service 0, CTL, else two), message id u16, length u16, and TLVs of type
u8, length u16, value.
"""

from __future__ import annotations

import dataclasses
import struct

CTL, WDS, DMS, NAS, QOS, WMS, PDS, AUTH, AT, VOICE, CAT, UIM = range(12)

REQUEST, RESPONSE, INDICATION = 0, 2, 4
MARKER = 0x01
FROM_MODEM = 0x80
BROADCAST = 0xFF

ERROR_NONE = 0
ERROR_MALFORMED_MESSAGE = 1
ERROR_INTERNAL = 3
ERROR_NO_CLIENT_IDS = 5
ERROR_INVALID_CLIENT_ID = 7
ERROR_INVALID_HANDLE = 9
ERROR_CALL_FAILED = 14
ERROR_OUT_OF_CALL = 15
ERROR_MISSING_ARGUMENT = 17
ERROR_NOT_PROVISIONED = 16
ERROR_INVALID_TRANSACTION_ID = 22
ERROR_DEVICE_IN_USE = 23
ERROR_NO_EFFECT = 26
ERROR_INVALID_SERVICE_TYPE = 31
ERROR_NO_ENTRY = 50
ERROR_STORAGE_FULL = 51
ERROR_DEVICE_NOT_READY = 52
ERROR_NETWORK_NOT_READY = 53
ERROR_CAUSE_CODE = 54
ERROR_ENCODING = 58
ERROR_INVALID_QMI_COMMAND = 71
ERROR_SMSC_ADDRESS = 73
ERROR_SUPS_FAILURE = 92
ERROR_NOT_SUPPORTED = 94
ERROR_NETWORK_ABORTED = 97
ERROR_NO_SIM = 102


class Malformed(ValueError):
    """The bytes are no QMI frame."""


@dataclasses.dataclass
class Message:
    service: int
    client: int
    kind: int
    transaction: int
    message: int
    tlvs: dict[int, bytes] = dataclasses.field(default_factory=dict)


def encode(m: Message) -> bytes:
    tlvs = b"".join(struct.pack("<BH", t, len(v)) + v for t, v in m.tlvs.items())
    if m.service == CTL:
        # CTL counts its flags differently: bit 0 response, bit 1 indication
        sdu = struct.pack("<BBHH", m.kind >> 1, m.transaction & 0xFF, m.message, len(tlvs))
    else:
        sdu = struct.pack("<BHHH", m.kind, m.transaction, m.message, len(tlvs))
    sdu += tlvs
    return struct.pack("<BHBBB", MARKER, len(sdu) + 5, FROM_MODEM, m.service, m.client) + sdu


def split(buffer: bytearray) -> list[bytes]:
    """Takes the whole frames off the front of the buffer."""
    frames = []
    while len(buffer) >= 3:
        if buffer[0] != MARKER:
            raise Malformed(f"marker {buffer[0]:#x}")
        size = struct.unpack_from("<H", buffer, 1)[0] + 1
        if len(buffer) < size:
            break
        frames.append(bytes(buffer[:size]))
        del buffer[:size]
    return frames


def decode(frame: bytes) -> Message:
    try:
        marker, length, _flags, service, client = struct.unpack_from("<BHBBB", frame)
        if marker != MARKER or length + 1 != len(frame):
            raise Malformed("length")
        if service == CTL:
            kind, transaction, message, size = struct.unpack_from("<BBHH", frame, 6)
            kind, at = kind << 1, 12
        else:
            kind, transaction, message, size = struct.unpack_from("<BHHH", frame, 6)
            at = 13
        if at + size != len(frame):
            raise Malformed("SDU length")
        tlvs = {}
        while at < len(frame):
            tlv, n = struct.unpack_from("<BH", frame, at)
            at += 3
            if at + n > len(frame):
                raise Malformed("TLV length")
            tlvs[tlv] = frame[at:at + n]
            at += n
    except struct.error as error:
        raise Malformed(str(error)) from error
    return Message(service, client, kind, transaction, message, tlvs)


def result(error: int = ERROR_NONE) -> dict[int, bytes]:
    """The TLV that every response begins with."""
    return {0x02: struct.pack("<HH", 1 if error else 0, error)}


def bcd(digits: str, filler: bool = True) -> bytes:
    """Swapped nibbles, filled with F."""
    if len(digits) % 2 and filler:
        digits += "F"
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def encoded(text: str) -> bytes:
    """UTF-8; "\\udcff" is the byte ff, which is in no text."""
    return text.encode(errors="surrogateescape")


def counted(text: str | bytes) -> bytes:
    """A string or array with a one-byte count before it."""
    value = encoded(text) if isinstance(text, str) else text
    return bytes([len(value)]) + value
