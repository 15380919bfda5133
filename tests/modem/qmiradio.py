# SPDX-License-Identifier: LGPL-2.1-or-later
"""QMI's WMS and Voice: short messages and USSD of a modem's radio."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import qmi
import radio
from radio import Refused, Said

if TYPE_CHECKING:
    from qmimodem import QmiModem

Tlvs = dict[int, bytes]

CARD_STORE, MODEM_STORE = 0, 1
NOT_READ, READ = 1, 0
POINT_TO_POINT, WCDMA = 6, 1
STORE_AND_NOTIFY, TRANSFER_ONLY, CLASS_NONE = 1, 2, 4
ASCII, UCS2 = 1, 3
NO_ACTION, ACTION = 1, 2

ERRORS = {radio.NO_CARD: qmi.ERROR_NO_SIM, radio.NO_NETWORK: qmi.ERROR_NETWORK_NOT_READY,
          radio.NO_CENTRE: qmi.ERROR_SMSC_ADDRESS, radio.FULL: qmi.ERROR_STORAGE_FULL,
          radio.NETWORK: qmi.ERROR_CAUSE_CODE, radio.MALFORMED: qmi.ERROR_ENCODING,
          radio.NO_SUCH: qmi.ERROR_NO_ENTRY, radio.BUSY: qmi.ERROR_DEVICE_IN_USE}


def refusal(refused: Refused) -> Tlvs:
    tlvs = qmi.result(ERRORS.get(refused.args[0], refused.args[0]))
    if refused.args[0] == radio.NETWORK:
        tlvs[0x12] = struct.pack("<HB", 21, 0)  # RP cause: short message transfer rejected
    return tlvs


def supported(services: dict, service: int) -> Tlvs:
    """The bits of the messages that a service knows."""
    numbers = [message for s, message in services if s == service]
    bits = sum(1 << number for number in numbers)
    data = bits.to_bytes(max(numbers) // 8 + 1, "little")
    return qmi.result() | {0x10: struct.pack("<H", len(data)) + data}


# --- WMS

def event_report(m: QmiModem, request: qmi.Message) -> Tlvs:
    registered = m.client(request).registered
    (registered.add if request.tlvs[0x10][0] else registered.discard)("messages")
    return qmi.result()


def send(m: QmiModem, request: qmi.Message) -> Tlvs:
    kind, size = struct.unpack_from("<BH", request.tlvs[0x01])
    pdu = request.tlvs[0x01][3:]
    if kind != POINT_TO_POINT or len(pdu) != size:
        return qmi.result(qmi.ERROR_ENCODING)
    try:
        reference = m.modem.radio.submit(pdu, m.modem.cannot_send)
    except Refused as refused:
        return refusal(refused)
    return qmi.result() | {0x01: struct.pack("<H", reference)}


def read(m: QmiModem, request: qmi.Message) -> Tlvs:
    store, index = struct.unpack("<BI", request.tlvs[0x01])
    try:
        if store != MODEM_STORE:
            raise Refused(radio.NO_SUCH)
        message = m.modem.radio.read(index)
    except Refused as refused:
        return refusal(refused)
    head = struct.pack("<BBH", NOT_READ if message.is_new else READ, POINT_TO_POINT,
                       len(message.pdu))
    return qmi.result() | {0x01: head + message.pdu}


def mark(m: QmiModem, request: qmi.Message) -> Tlvs:
    _store, index, tag = struct.unpack("<BIB", request.tlvs[0x01])
    m.modem.radio.read(index).is_new = tag == NOT_READ
    return qmi.result()


def delete(m: QmiModem, request: qmi.Message) -> Tlvs:
    m.modem.radio.stored.pop(struct.unpack("<I", request.tlvs[0x10])[0], None)
    return qmi.result()


def list_messages(m: QmiModem, request: qmi.Message) -> Tlvs:
    wanted = request.tlvs.get(0x11)
    found = [] if request.tlvs[0x01][0] != MODEM_STORE else [
        (index, tag) for index, message in sorted(m.modem.radio.stored.items())
        if (tag := NOT_READ if message.is_new else READ) is not None
        and (wanted is None or wanted[0] == tag)]
    return qmi.result() | {0x01: struct.pack("<I", len(found)) + b"".join(
        struct.pack("<IB", *one) for one in found)}


def routes(m: QmiModem, _request: qmi.Message) -> Tlvs:
    action = STORE_AND_NOTIFY if m.modem.radio.is_stored else TRANSFER_ONLY
    return qmi.result() | {0x01: struct.pack("<HBBBB", 1, 0, CLASS_NONE, MODEM_STORE, action)}


def set_routes(m: QmiModem, request: qmi.Message) -> Tlvs:
    m.modem.radio.is_stored = request.tlvs[0x01][5] == STORE_AND_NOTIFY
    return qmi.result()


def acknowledge(m: QmiModem, request: qmi.Message) -> Tlvs:
    transaction, _protocol, _success = struct.unpack("<IBB", request.tlvs[0x01])
    try:
        m.modem.radio.acknowledge(transaction)
    except Refused:
        return qmi.result(qmi.ERROR_INVALID_TRANSACTION_ID)
    return qmi.result()


def tell(m: QmiModem, verb: str, number: int) -> None:
    """A message has come in: stored, or handed through, without the message centre's address."""
    if verb == "message":
        tlvs = {0x10: struct.pack("<BI", MODEM_STORE, number)}
    else:
        pdu = m.modem.radio.handed[number]
        centre, pdu = pdu[:1 + pdu[0]], pdu[1 + pdu[0]:]
        wants_ack = 0 if m.modem.radio.can_be_lost else 1
        tlvs = {0x11: struct.pack("<BIBH", wants_ack, number, POINT_TO_POINT, len(pdu)) + pdu,
                0x15: centre.hex().encode()}
        if wants_ack:
            m.modem.radio.handed.pop(number)
    for cid, _client in m.each(qmi.WMS, lambda c: "messages" in c.registered):
        m.indicate(qmi.WMS, cid, 0x01, tlvs | {0x12: bytes([WCDMA])})


# --- Voice

def text_of(request: qmi.Message) -> str:
    coding, size = request.tlvs[0x01][:2]
    data = request.tlvs[0x01][2:2 + size]
    return data.decode("utf-16be" if coding == UCS2 else "ascii")


def text_tlvs(m: QmiModem, text: str, data: int, utf16: int) -> Tlvs:
    coding, raw = (ASCII, text.encode()) if text.isascii() else (UCS2, text.encode("utf-16be"))
    tlvs = {data: bytes([coding]) + qmi.counted(raw[:254])}
    if m.utf16:
        units = text.encode("utf-16le")[:510]
        tlvs[utf16] = bytes([len(units) // 2]) + units
    return tlvs


def register(m: QmiModem, request: qmi.Message) -> Tlvs:
    if 0x16 in request.tlvs:
        registered = m.client(request).registered
        (registered.add if request.tlvs[0x16][0] else registered.discard)("ussd")
    return qmi.result()


def say(m: QmiModem, said: Said) -> None:
    """To all who have registered, whoever began the dialogue."""
    for cid, _client in m.each(qmi.VOICE, lambda c: "ussd" in c.registered):
        if said.kind in (radio.SAID, radio.ASKED):
            m.indicate(qmi.VOICE, cid, 0x3E,
                       {0x01: bytes([ACTION if said.kind == radio.ASKED else NO_ACTION])}
                       | text_tlvs(m, said.text, 0x10, 0x11))
        else:
            m.indicate(qmi.VOICE, cid, 0x3D, {})


def dial(m: QmiModem, request: qmi.Message, then) -> Tlvs | None:
    """→ a refusal; None: then() is called."""
    why = m.modem.cannot_send()
    try:
        m.modem.radio.originate(text_of(request), then)
        if why:
            m.modem.radio.cancel()
            raise Refused(why)
    except Refused as refused:
        return (qmi.result(qmi.ERROR_SUPS_FAILURE) if refused.args[0] == radio.NETWORK
                else refusal(refused))
    return None


def originate(m: QmiModem, request: qmi.Message) -> Tlvs | None:
    """The response is the network's."""
    def then(said: Said) -> None:
        if said.kind in (radio.SAID, radio.ASKED):
            tlvs = qmi.result() | text_tlvs(m, said.text, 0x12, 0x16)
        else:
            tlvs = qmi.result(qmi.ERROR_NETWORK_ABORTED if said.kind == radio.ENDED
                              else qmi.ERROR_SUPS_FAILURE)
        m.respond(request, tlvs)
        if said.kind == radio.ASKED:
            say(m, said)
    return dial(m, request, then)


def originate_no_wait(m: QmiModem, request: qmi.Message) -> Tlvs:
    """The network's answer follows as an indication."""
    if not m.no_wait:
        m.modem.radio.look_at(text_of(request))
        return qmi.result(qmi.ERROR_INVALID_QMI_COMMAND)

    def then(said: Said) -> None:
        if said.kind in (radio.SAID, radio.ASKED):
            tlvs = text_tlvs(m, said.text, 0x12, 0x14)
        elif said.kind == radio.ENDED:
            return say(m, said)
        else:
            tlvs = {0x10: struct.pack("<H", qmi.ERROR_SUPS_FAILURE)}
        m.indicate(qmi.VOICE, request.client, 0x43, tlvs)
        if said.kind == radio.ASKED:
            say(m, said)
    return dial(m, request, then) or qmi.result()


def answer(m: QmiModem, request: qmi.Message) -> Tlvs:
    try:
        m.modem.radio.answer(text_of(request), lambda said: say(m, said))
    except Refused as refused:
        return refusal(refused)
    return qmi.result()


def cancel(m: QmiModem, _request: qmi.Message) -> Tlvs:
    try:
        m.modem.radio.cancel()
    except Refused as refused:
        return refusal(refused)
    return qmi.result()


HANDLERS = {
    (qmi.WMS, 0x00): lambda m, _r: qmi.result(),
    (qmi.WMS, 0x01): event_report,
    (qmi.WMS, 0x1E): lambda m, _r: supported(HANDLERS, qmi.WMS),
    (qmi.WMS, 0x20): send,
    (qmi.WMS, 0x22): read,
    (qmi.WMS, 0x23): mark,
    (qmi.WMS, 0x24): delete,
    (qmi.WMS, 0x31): list_messages,
    (qmi.WMS, 0x32): set_routes,
    (qmi.WMS, 0x33): routes,
    (qmi.WMS, 0x37): acknowledge,
    (qmi.VOICE, 0x03): register,
    (qmi.VOICE, 0x1E): lambda m, _r: supported(HANDLERS, qmi.VOICE),
    (qmi.VOICE, 0x3A): originate,
    (qmi.VOICE, 0x3B): answer,
    (qmi.VOICE, 0x3C): cancel,
    (qmi.VOICE, 0x43): originate_no_wait,
}
