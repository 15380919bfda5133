# SPDX-License-Identifier: LGPL-2.1-or-later
"""A QMI modem: answers requests from the model, and sends what clients asked to be told."""

from __future__ import annotations

import ipaddress
import struct
import time
from collections.abc import Callable

import qmi
import qmiradio
from protocol import Key, Protocol
from radio import Said
from state import Modem, Session, U64_ALL_ONES

EF_ICCID, EF_IMSI, EF_SPN, EF_AD = 0x2FE2, 0x6F07, 0x6F46, 0x6FAD
MOST_CLIENT_IDS = 254
SERVICES = (qmi.WDS, qmi.DMS, qmi.NAS, qmi.WMS, qmi.VOICE, qmi.UIM)
RADIO_LTE = 8
DISCONNECTED, CONNECTED = 1, 2
HANDLE = 0x10000  # a packet data handle is this and the client id


class Client:
    """What one client id has set for itself."""

    def __init__(self) -> None:
        self.family = 4
        self.mux = 0
        self.reports = False
        self.report_seconds = 0
        self.reported = 0.0  # when, on the monotonic clock
        self.report_is_due = False
        self.registered: set[str] = set()


def report_tlvs(rx: int, tx: int) -> dict[int, bytes]:
    return {0x19: struct.pack("<Q", tx & U64_ALL_ONES), 0x1A: struct.pack("<Q", rx & U64_ALL_ONES)}


def ipv4(text: str) -> bytes:
    return ipaddress.IPv4Address(text).packed[::-1]


def ipv6(text: str) -> bytes:
    return ipaddress.IPv6Address(text).packed


def plmn_of(text: str) -> tuple[int, int, bool]:
    return int(text[:3]), int(text[3:]), len(text) == 6


class QmiModem(Protocol):
    # Send from storage; dial, answer a call, supplementary services. Messages and USSD are the
    # radio's to judge.
    FORBIDDEN = {(qmi.WMS, 0x42), (qmi.VOICE, 0x20), (qmi.VOICE, 0x22), (qmi.VOICE, 0x33)}
    SENDS = {(qmi.WMS, 0x20), (qmi.VOICE, 0x3A), (qmi.VOICE, 0x3B), (qmi.VOICE, 0x43)}
    # Mode, start and stop network, power off and on, switch slot; mark and delete a message, write
    # one, and where those that come in go.
    CHANGES = {(qmi.DMS, 0x2E), (qmi.WDS, 0x20), (qmi.WDS, 0x21), (qmi.UIM, 0x30), (qmi.UIM, 0x31),
               (qmi.UIM, 0x46), (qmi.WMS, 0x00), (qmi.WMS, 0x21), (qmi.WMS, 0x23),
               (qmi.WMS, 0x24), (qmi.WMS, 0x32)}

    def __init__(self, modem: Modem, send: Callable[[bytes], None],
                 after: Callable[[float, Callable[[], None]], None]):
        super().__init__(modem, send, after)
        self.clients: dict[tuple[int, int], Client] = {}
        self.slot_status = True
        self.most_ids = MOST_CLIENT_IDS
        self.one_counter = False  # of all sessions, whatever a client is bound to
        self.no_wait = True  # it knows Originate USSD No Wait
        self.utf16 = True    # it tells the network's words in UTF-16 as well

    def split(self, buffer: bytearray) -> list[bytes]:
        return qmi.split(buffer)

    def key_of(self, service: int | str, message: int) -> Key:
        return (getattr(qmi, service) if isinstance(service, str) else service), message

    def plugged(self) -> None:
        self.clients.clear()

    def state(self) -> dict:
        """clients are the [service, id] that are given out."""
        return {"clients": sorted(self.clients),
                "reports": len(self.each(qmi.WDS, lambda c: c.reports)),
                "listening": len(self.each(qmi.WMS, lambda c: "messages" in c.registered))}

    def oversize(self, length: int, size: int) -> bytes:
        """A frame of this length; with a smaller size, what follows is taken for its rest."""
        head = qmi.encode(qmi.Message(qmi.WDS, qmi.BROADCAST, qmi.INDICATION, 0, 0x22))
        return (head[:1] + length.to_bytes(2, "little") + head[3:]).ljust(size, b"\0")

    # --- sending

    def send(self, message: qmi.Message) -> None:
        self.send_bytes(qmi.encode(message))

    def indicate(self, service: int, client: int, message: int, tlvs: dict[int, bytes]) -> None:
        for _ in range(1 + self.duplicates):
            self.send(qmi.Message(service, client, qmi.INDICATION, 0, message, tlvs))

    def each(self, service: int, want: Callable[[Client], bool]) -> list[tuple[int, Client]]:
        return [(cid, c) for (s, cid), c in self.clients.items() if s == service and want(c)]

    def on_change(self, what: str) -> None:
        verb, _, detail = what.partition(" ")
        if verb in ("connected", "disconnected"):
            mux, family = map(int, detail.split())
            for cid, client in self.each(qmi.WDS, lambda c: c.family == family
                                         and c.mux in (0, mux)):
                self.indicate(qmi.WDS, cid, 0x22, self.packet_status_tlvs(client))
        elif verb == "cards":
            for cid, _client in self.each(qmi.UIM, lambda c: "slots" in c.registered):
                self.indicate(qmi.UIM, cid, 0x48, self.slot_tlvs())
            for cid, _client in self.each(qmi.UIM, lambda c: "cards" in c.registered):
                self.indicate(qmi.UIM, cid, 0x32, self.card_tlvs())
        elif verb == "traffic":
            self.traffic()
        elif verb == "network":
            for cid, _client in self.each(qmi.NAS, lambda c: "serving" in c.registered):
                self.indicate(qmi.NAS, cid, 0x24, self.serving_tlvs(0x29))
        elif verb in ("message", "handed"):
            qmiradio.tell(self, verb, int(detail))

    def say(self, said: Said) -> None:
        qmiradio.say(self, said)

    def refresh(self, stage: int = 2, mode: int = 0) -> None:
        event = struct.pack("<BBBB", stage, mode, 0, 0) + struct.pack("<H", 0)
        for cid, _client in self.each(qmi.UIM, lambda c: "refresh" in c.registered):
            self.indicate(qmi.UIM, cid, 0x33, {0x10: event})

    def traffic(self) -> None:
        """Figures moved: those who asked for reports get one, each in its own interval."""
        for cid, client in self.each(qmi.WDS, lambda c: c.reports and not c.report_is_due):
            client.report_is_due = True
            wait = max(0.0, client.reported + client.report_seconds - time.monotonic())
            self.after(wait, lambda cid=cid, client=client: self.report_due(cid, client))

    def report_due(self, cid: int, client: Client) -> None:
        client.report_is_due = False
        session = self.session_of(client)
        if self.clients.get((qmi.WDS, cid)) is not client or not client.reports or not session:
            return
        client.reported = time.monotonic()
        self.indicate(qmi.WDS, cid, 0x01, report_tlvs(session.rx, session.tx))

    def report(self, rx: int, tx: int) -> None:
        """Pushes figures to whoever asked for event reports, true or not."""
        for cid, _client in self.each(qmi.WDS, lambda c: c.reports):
            self.indicate(qmi.WDS, cid, 0x01, report_tlvs(rx, tx))

    # --- receiving

    def receive(self, frame: bytes) -> None:
        request = qmi.decode(frame)
        key = (request.service, request.message)
        name, judged = f"{request.service:#04x}/{request.message:#06x}", self.modem.radio.n_judged
        self.note(name, key)
        tlvs = qmi.result(self.errors[key]) if key in self.errors else self.answer(request)
        self.judged(name, key, judged)
        if tlvs is not None:
            self.respond(request, tlvs)

    def respond(self, request: qmi.Message, tlvs: dict[int, bytes]) -> None:
        self.reply((request.service, request.message), qmi.encode(
            qmi.Message(request.service, request.client, qmi.RESPONSE, request.transaction,
                        request.message, tlvs)))

    def answer(self, request: qmi.Message) -> dict[int, bytes] | None:
        """None: later."""
        if request.service != qmi.CTL and (request.service, request.client) not in self.clients:
            return qmi.result(qmi.ERROR_INVALID_CLIENT_ID)
        handler = self.HANDLERS.get((request.service, request.message))
        if handler is None:
            return qmi.result(qmi.ERROR_INVALID_QMI_COMMAND)
        try:
            return handler(self, request)
        except KeyError:
            return qmi.result(qmi.ERROR_MISSING_ARGUMENT)
        except (struct.error, IndexError, ValueError):
            return qmi.result(qmi.ERROR_MALFORMED_MESSAGE)

    def client(self, request: qmi.Message) -> Client:
        return self.clients[(request.service, request.client)]

    # --- CTL

    def ctl_sync(self, _request: qmi.Message) -> dict[int, bytes]:
        self.clients.clear()
        return qmi.result()

    def services(self) -> list[int]:
        """Without messages and voice, where the modem is for data alone."""
        has = self.modem.radio
        return [s for s in SERVICES if (s != qmi.WMS or has.has_messages)
                and (s != qmi.VOICE or has.has_voice)]

    def ctl_version(self, _request: qmi.Message) -> dict[int, bytes]:
        services = [qmi.CTL, *self.services()]
        entries = b"".join(struct.pack("<BHH", s, 1, 0) for s in services)
        return qmi.result() | {0x01: bytes([len(services)]) + entries}

    def ctl_allocate(self, request: qmi.Message) -> dict[int, bytes]:
        service = request.tlvs[0x01][0]
        if service not in self.services():
            return qmi.result(qmi.ERROR_INVALID_SERVICE_TYPE)
        for cid in range(1, self.most_ids + 1):
            if (service, cid) not in self.clients:
                self.clients[(service, cid)] = Client()
                return qmi.result() | {0x01: bytes([service, cid])}
        return qmi.result(qmi.ERROR_NO_CLIENT_IDS)

    def ctl_release(self, request: qmi.Message) -> dict[int, bytes]:
        service, cid = request.tlvs[0x01]
        if self.clients.pop((service, cid), None) is None:
            return qmi.result(qmi.ERROR_INVALID_CLIENT_ID)
        self.modem.let_go((service, cid))
        return qmi.result() | {0x01: bytes([service, cid])}

    def ctl_data_format(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result() | {0x10: struct.pack("<H", 1)}

    # --- DMS

    def dms_ids(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result() | {0x11: self.modem.imei.encode()}

    def dms_text(self, text: str) -> dict[int, bytes]:
        return qmi.result() | {0x01: text.encode()}

    def dms_mode(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result() | {0x01: bytes([self.modem.operating_mode])}

    def dms_set_mode(self, request: qmi.Message) -> dict[int, bytes]:
        self.modem.operating_mode = request.tlvs[0x01][0]
        if self.modem.operating_mode != 0:
            self.modem.disconnect()
        return qmi.result()

    def dms_iccid(self, _request: qmi.Message) -> dict[int, bytes]:
        card = self.modem.card
        return self.dms_text(card.iccid) if card else qmi.result(qmi.ERROR_DEVICE_NOT_READY)

    def dms_imsi(self, _request: qmi.Message) -> dict[int, bytes]:
        card = self.modem.card
        return self.dms_text(card.imsi) if card else qmi.result(qmi.ERROR_DEVICE_NOT_READY)

    # --- NAS

    def serving_tlvs(self, digits: int = 0x27) -> dict[int, bytes]:
        """digits: where the response has the number of digits of the MNC; an indication has it at
        0x29."""
        n = self.modem.network
        mcc, mnc, three = plmn_of(n.plmn)
        state = 1 if n.registered else 2
        tlvs = {0x01: struct.pack("<BBBBBB", state, 1, 1, 2, 1, RADIO_LTE)}
        if n.registered:
            tlvs |= {0x10: bytes([0 if n.roaming else 1]),
                     0x12: struct.pack("<HH", mcc, mnc) + qmi.counted(n.name),
                     digits: struct.pack("<HHB", mcc, mnc, three)}
        return tlvs

    def nas_serving(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result() | self.serving_tlvs()

    def nas_home(self, _request: qmi.Message) -> dict[int, bytes]:
        card = self.modem.card
        if card is None:
            return qmi.result(qmi.ERROR_DEVICE_NOT_READY)
        mcc, mnc, three = plmn_of(card.home)
        return qmi.result() | {0x01: struct.pack("<HH", mcc, mnc) + qmi.counted(card.operator),
                               0x12: bytes([1, three])}

    def nas_operator(self, _request: qmi.Message) -> dict[int, bytes]:
        card = self.modem.card
        if card is None:
            return qmi.result(qmi.ERROR_DEVICE_NOT_READY)
        return qmi.result() | {0x10: b"\0" + qmi.counted(card.provider or card.operator),
                               0x13: qmi.encoded(card.operator)}

    def nas_plmn_name(self, request: qmi.Message) -> dict[int, bytes]:
        asked = struct.unpack("<HH", request.tlvs[0x01][:4])
        network, card = self.modem.network, self.modem.card
        if asked == plmn_of(network.plmn)[:2]:
            name = network.name
        elif card and asked == plmn_of(card.home)[:2]:
            name = card.operator
        else:
            return qmi.result(qmi.ERROR_NOT_PROVISIONED)
        # Service provider, short and long name: encoding (0: 7 bit, unpacked here), country
        # initials, spare bits, text.
        text = qmi.counted(name)
        return qmi.result() | {0x10: b"\0" + text + (b"\0\0\0" + text) * 2}

    def nas_signal(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result() | {0x14: struct.pack("<bbhh", -60, -10, -90, 120)}

    def nas_register(self, request: qmi.Message) -> dict[int, bytes]:
        if 0x13 in request.tlvs:
            registered = self.client(request).registered
            (registered.add if request.tlvs[0x13][0] else registered.discard)("serving")
        return qmi.result()

    # --- WDS

    def session_of(self, client: Client, last: bool = False) -> Session | None:
        """What a client sees: the session of its family on its own mux id; without one, on any."""
        sessions = self.modem.last if last else self.modem.sessions
        for (mux, family), session in sorted(sessions.items()):
            if family == client.family and client.mux in (0, mux):
                return session
        return None

    def packet_status_tlvs(self, client: Client) -> dict[int, bytes]:
        if self.session_of(client):
            return {0x01: bytes([CONNECTED, 0]), 0x12: bytes([client.family])}
        return {0x01: bytes([DISCONNECTED, 0]), 0x12: bytes([client.family]),
                0x10: struct.pack("<H", self.modem.end_reason)}

    def wds_status(self, request: qmi.Message) -> dict[int, bytes]:
        session = self.session_of(self.client(request))
        return qmi.result() | {0x01: bytes([CONNECTED if session else DISCONNECTED])}

    def wds_family(self, request: qmi.Message) -> dict[int, bytes]:
        self.client(request).family = request.tlvs[0x01][0]
        return qmi.result()

    def wds_bind(self, request: qmi.Message) -> dict[int, bytes]:
        if request.message == 0xA2:
            self.client(request).mux = request.tlvs[0x11][0]
        return qmi.result()

    def wds_start(self, request: qmi.Message) -> dict[int, bytes]:
        client, key = self.client(request), (request.service, request.client)
        session = self.modem.sessions.get((client.mux, client.family))
        if session and key in session.holders:
            return qmi.result(qmi.ERROR_NO_EFFECT)
        if not self.modem.card or not self.modem.network.registered or self.modem.operating_mode:
            return qmi.result(qmi.ERROR_CALL_FAILED) | {0x10: struct.pack("<H", 3)}
        apn = request.tlvs[0x14].decode(errors="replace") if 0x14 in request.tlvs else None
        self.modem.connect([client.family], apn, client.mux, key)
        return qmi.result() | {0x01: struct.pack("<I", HANDLE + request.client)}

    def wds_stop(self, request: qmi.Message) -> dict[int, bytes]:
        handle = struct.unpack("<I", request.tlvs[0x01])[0]
        holder = (request.service, handle - HANDLE)
        if not any(holder in s.holders for s in self.modem.sessions.values()):
            return qmi.result(qmi.ERROR_INVALID_HANDLE)
        self.modem.let_go(holder)
        return qmi.result()

    def wds_settings(self, request: qmi.Message) -> dict[int, bytes]:
        client = self.client(request)
        session = self.session_of(client)
        if session is None:
            return qmi.result(qmi.ERROR_OUT_OF_CALL)
        tlvs = qmi.result() | {0x14: session.apn.encode(), 0x29: struct.pack("<I", 1500),
                               0x2B: bytes([client.family])}
        if client.family == 4:
            tlvs |= {0x1E: ipv4("10.64.0.2"), 0x20: ipv4("10.64.0.1"), 0x21: ipv4("255.255.255.0"),
                     0x15: ipv4("192.0.2.53"), 0x16: ipv4("192.0.2.54")}
        else:
            tlvs |= {0x25: ipv6("2001:db8::2") + b"\x40", 0x26: ipv6("2001:db8::1") + b"\x40",
                     0x27: ipv6("2001:db8::53"), 0x28: ipv6("2001:db8::54")}
        return tlvs

    def wds_statistics(self, request: qmi.Message) -> dict[int, bytes]:
        client = self.client(request)
        mask = struct.unpack("<I", request.tlvs[0x01])[0]
        session = self.session_of(client)
        if session is None:
            tlvs = qmi.result(qmi.ERROR_OUT_OF_CALL)
            last = self.session_of(client, last=True)
            if last is not None:
                tlvs |= {0x1B: struct.pack("<Q", last.tx), 0x1C: struct.pack("<Q", last.rx)}
            return tlvs
        if self.one_counter:
            session = self.modem.device
        figures = {0x01: (0x10, session.tx_packets), 0x02: (0x11, session.rx_packets),
                   0x04: (0x12, 0), 0x08: (0x13, 0), 0x10: (0x14, 0), 0x20: (0x15, 0),
                   0x100: (0x1D, 0), 0x200: (0x1E, 0)}
        tlvs = qmi.result()
        for bit, (tlv, figure) in figures.items():
            if mask & bit:
                tlvs[tlv] = struct.pack("<I", figure & 0xFFFFFFFF)
        if mask & 0x40:
            tlvs[0x19] = struct.pack("<Q", session.tx & U64_ALL_ONES)
        if mask & 0x80:
            tlvs[0x1A] = struct.pack("<Q", session.rx & U64_ALL_ONES)
        return tlvs

    def wds_report(self, request: qmi.Message) -> dict[int, bytes]:
        if 0x11 in request.tlvs:
            client = self.client(request)
            client.report_seconds = request.tlvs[0x11][0]
            client.reports = client.report_seconds > 0
            client.reported = time.monotonic()
        return qmi.result()

    # --- UIM

    def slot_tlvs(self) -> dict[int, bytes]:
        status = info = eids = b""
        for i, card in enumerate(self.modem.slots):
            active = i == self.modem.active_slot
            iccid = qmi.bcd(card.iccid) if card else b""
            status += struct.pack("<IIB", 2 if card else 1, 1 if active else 0,
                                  1 if active else 0) + qmi.counted(iccid)
            info += struct.pack("<IBB", 2 if card else 0, 1 if card else 0, 0)
            info += bytes([1 if card and card.esim else 0])
            eids += qmi.counted(bytes.fromhex(card.eid) if card and card.eid else b"")
        n = bytes([len(self.modem.slots)])
        tlvs = {0x10: n + status, 0x11: n + info}
        if any(card and card.eid for card in self.modem.slots):
            tlvs[0x12] = n + eids
        return tlvs

    def uim_slots(self, _request: qmi.Message) -> dict[int, bytes]:
        if not self.slot_status:
            return qmi.result(qmi.ERROR_NOT_SUPPORTED)
        return qmi.result() | self.slot_tlvs()

    def card_tlvs(self) -> dict[int, bytes]:
        card = self.modem.card
        head = struct.pack("<HHHHB", 0 if card else 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 1)
        body = struct.pack("<BBBBB", 1 if card else 0, 2, 3, 10, 0)
        if card is None:
            return {0x10: head + body + b"\0"}
        # one USIM application, ready, its PIN disabled
        aid = bytes.fromhex("a0000000871002")
        application = struct.pack("<BBBBBB", 2, 7, 2, 0, 0, 0) + qmi.counted(aid)
        application += struct.pack("<BBBBBBB", 0, 3, 3, 10, 2, 3, 10)
        return {0x10: head + body + b"\1" + application}

    def uim_cards(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result() | self.card_tlvs()

    def uim_read(self, request: qmi.Message) -> dict[int, bytes]:
        card = self.modem.card
        if card is None:
            return qmi.result(qmi.ERROR_DEVICE_NOT_READY)
        file = struct.unpack_from("<H", request.tlvs[0x02])[0]
        imsi = card.imsi
        contents = {
            EF_ICCID: qmi.bcd(card.iccid),
            EF_IMSI: bytes([8]) + qmi.bcd(("9" if len(imsi) % 2 else "1") + imsi),
            EF_SPN: b"\0" + qmi.encoded(card.provider)[:16].ljust(16, b"\xff"),
            EF_AD: bytes([0, 0, 0, 3 if len(card.home) == 6 else 2]),
        }.get(file)
        if contents is None:
            return qmi.result(qmi.ERROR_INTERNAL)
        return qmi.result() | {0x10: b"\x90\x00",
                               0x11: struct.pack("<H", len(contents)) + contents}

    def uim_register(self, request: qmi.Message) -> dict[int, bytes]:
        mask = struct.unpack("<I", request.tlvs[0x01])[0]
        registered = self.client(request).registered
        for bit, name in ((0x01, "cards"), (0x10, "slots")):
            (registered.add if mask & bit else registered.discard)(name)
        return qmi.result() | {0x10: struct.pack("<I", mask & 0x11)}

    def uim_refresh_register(self, request: qmi.Message) -> dict[int, bytes]:
        self.client(request).registered.add("refresh")
        return qmi.result()

    def uim_refresh_complete(self, _request: qmi.Message) -> dict[int, bytes]:
        return qmi.result()

    HANDLERS = {
        (qmi.CTL, 0x27): ctl_sync,
        (qmi.CTL, 0x21): ctl_version,
        (qmi.CTL, 0x22): ctl_allocate,
        (qmi.CTL, 0x23): ctl_release,
        (qmi.CTL, 0x26): ctl_data_format,
        (qmi.DMS, 0x21): lambda m, _r: m.dms_text(m.modem.manufacturer),
        (qmi.DMS, 0x22): lambda m, _r: m.dms_text(m.modem.model),
        (qmi.DMS, 0x23): lambda m, _r: m.dms_text(m.modem.revision),
        (qmi.DMS, 0x25): dms_ids,
        (qmi.DMS, 0x01): lambda m, _r: qmi.result(),
        (qmi.DMS, 0x2D): dms_mode,
        (qmi.DMS, 0x2E): dms_set_mode,
        (qmi.DMS, 0x3C): dms_iccid,
        (qmi.DMS, 0x43): dms_imsi,
        (qmi.NAS, 0x03): nas_register,
        (qmi.NAS, 0x24): nas_serving,
        (qmi.NAS, 0x25): nas_home,
        (qmi.NAS, 0x39): nas_operator,
        (qmi.NAS, 0x44): nas_plmn_name,
        (qmi.NAS, 0x4F): nas_signal,
        (qmi.WDS, 0x01): wds_report,
        (qmi.WDS, 0x20): wds_start,
        (qmi.WDS, 0x21): wds_stop,
        (qmi.WDS, 0x22): wds_status,
        (qmi.WDS, 0x24): wds_statistics,
        (qmi.WDS, 0x2D): wds_settings,
        (qmi.WDS, 0x4D): wds_family,
        (qmi.WDS, 0x89): wds_bind,
        (qmi.WDS, 0xA2): wds_bind,
        (qmi.UIM, 0x20): uim_read,
        (qmi.UIM, 0x2C): uim_refresh_complete,
        (qmi.UIM, 0x2E): uim_register,
        (qmi.UIM, 0x2F): uim_cards,
        (qmi.UIM, 0x44): uim_refresh_register,
        (qmi.UIM, 0x47): uim_slots,
    } | qmiradio.HANDLERS
