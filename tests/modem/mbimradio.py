# SPDX-License-Identifier: LGPL-2.1-or-later
"""MBIM's SMS and USSD services: short messages and USSD of a modem's radio."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import mbim
import pdu
import radio
from mbim import Command
from radio import Refused, Said

if TYPE_CHECKING:
    from mbimmodem import MbimModem

CONFIGURATION, READ, SEND, DELETE, STORE_STATUS = 1, 2, 3, 4, 5
USSD = 1
PDU, INITIALIZED = 0, 1
ALL, INDEX, NEW = 0, 1, 2
STATUS_NEW, STATUS_OLD = 0, 1
STORE_FULL, NEW_MESSAGE = 1, 2
INITIATE, CONTINUE, CANCEL = 0, 1, 2
NEW_SESSION, EXISTING_SESSION = 0, 1
GSM_CODING, UCS2_CODING = 0x0F, 0x48
RESPONSES = {radio.SAID: 0, radio.ASKED: 1, radio.ENDED: 2, radio.UNKNOWN: 4, radio.TIMEOUT: 5}

STATUSES = {radio.NO_CARD: mbim.STATUS_SIM_NOT_INSERTED,
            radio.NO_NETWORK: mbim.STATUS_NOT_REGISTERED, radio.NO_CENTRE: mbim.STATUS_NO_CENTRE,
            radio.FULL: mbim.STATUS_MEMORY_FULL, radio.NETWORK: mbim.STATUS_FAILURE,
            radio.MALFORMED: mbim.STATUS_FORMAT, radio.NO_SUCH: mbim.STATUS_INVALID_INDEX,
            radio.BUSY: mbim.STATUS_BUSY}


def bytes_at(contents: bytes, at: int) -> bytes:
    offset, size = struct.unpack_from("<II", contents, at)
    return contents[offset:offset + size]


# --- messages

def configuration(m: MbimModem, _command: Command) -> bytes:
    return mbim.structure(INITIALIZED, PDU, radio.ROOM, 0, m.modem.radio.centre)


def record(index: int, message: radio.Stored) -> bytes:
    head = struct.pack("<IIII", index, STATUS_NEW if message.is_new else STATUS_OLD, 16,
                       len(message.pdu))
    message.is_new = False  # who reads a message marks it, and cannot help it
    return head + message.pdu


def records(messages: dict[int, radio.Stored]) -> bytes:
    return mbim.structures(struct.pack("<II", PDU, len(messages)),
                           [record(*one) for one in sorted(messages.items())])


def read(m: MbimModem, command: Command) -> bytes:
    _form, flag, index = struct.unpack_from("<III", command.contents)
    if flag == INDEX:
        return records({index: m.modem.radio.read(index)})
    return records({i: s for i, s in m.modem.radio.stored.items()
                    if flag == ALL or s.is_new == (flag == NEW)})


def send(m: MbimModem, command: Command) -> bytes:
    if struct.unpack_from("<I", command.contents)[0] != PDU:
        raise Refused(radio.MALFORMED)
    record = command.contents[4:]  # a structure of its own, where its offset counts from
    return struct.pack("<I", m.modem.radio.submit(bytes_at(record, 0), m.modem.cannot_send))


def delete(m: MbimModem, command: Command) -> bytes:
    flag, index = struct.unpack_from("<II", command.contents)
    if flag == INDEX:
        m.modem.radio.stored.pop(index, None)
    elif flag == ALL:
        m.modem.radio.stored.clear()
    return b""


def store_status(m: MbimModem, _command: Command) -> bytes:
    full = len(m.modem.radio.stored) >= radio.ROOM
    return struct.pack("<II", STORE_FULL if full else 0, 0)


def tell(m: MbimModem, verb: str, number: int) -> None:
    """A message has come in: stored, or handed through, as a class 0 message is."""
    if verb == "message":
        m.indicate("sms", STORE_STATUS, struct.pack("<II", NEW_MESSAGE, number))
    elif verb == "full":
        m.indicate("sms", STORE_STATUS, struct.pack("<II", STORE_FULL, 0))
    else:
        m.indicate("sms", READ, records({0: radio.Stored(m.modem.radio.handed.pop(number))}))


# --- USSD

def words(said: Said, is_begun: bool) -> bytes:
    if pdu.is_seven_bit(said.text):
        coding, data = GSM_CODING, pdu.pack(pdu.septets(said.text))
    else:
        coding, data = UCS2_CODING, said.text.encode("utf-16be")
    if coding == GSM_CODING and len(pdu.septets(said.text)) % 8 == 7:
        # Seven bits are left over: a carriage return, lest they be read as an @ (TS 23.038).
        data = pdu.pack(pdu.septets(said.text + "\r"))
    return struct.pack("<IIIII", RESPONSES[said.kind],
                       EXISTING_SESSION if is_begun else NEW_SESSION, coding,
                       20 if data else 0, len(data)) + data + bytes(-len(data) % 4)


def text_of(contents: bytes) -> str:
    coding, data = struct.unpack_from("<I", contents, 4)[0], bytes_at(contents, 8)
    if coding == UCS2_CODING:
        return data.decode("utf-16be")
    text = pdu.unpack(data, len(data) * 8 // 7)
    # What is left over of the last byte is either nothing, or a carriage return.
    return text[:-1] if len(data) % 7 == 0 and text[-1:] in ("\r", "@") else text


def ussd(m: MbimModem, command: Command) -> bytes | None:
    """None: the response is the network's, and comes when it does."""
    action = struct.unpack_from("<I", command.contents)[0]

    def then(said: Said) -> None:
        m.respond(command, mbim.STATUS_NONE, words(said, action == CONTINUE))

    if action == CANCEL:
        m.modem.radio.cancel()
        return words(Said(radio.ENDED), True)
    if action == CONTINUE:
        m.modem.radio.answer(text_of(command.contents), then)
        return None
    m.modem.radio.originate(text_of(command.contents), then)
    if why := m.modem.cannot_send():
        m.modem.radio.cancel()
        raise Refused(why)
    return None


def say(m: MbimModem, said: Said) -> None:
    m.indicate("ussd", USSD, words(said, m.modem.radio.running is not None))


HANDLERS = {
    ("sms", CONFIGURATION, False): configuration,
    ("sms", READ, False): read,
    ("sms", SEND, True): send,
    ("sms", DELETE, True): delete,
    ("sms", STORE_STATUS, False): store_status,
    ("ussd", USSD, True): ussd,
}
