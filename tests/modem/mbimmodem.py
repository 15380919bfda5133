# SPDX-License-Identifier: LGPL-2.1-or-later
"""An MBIM modem: answers commands from the model, and indicates what has changed.

It knows Microsoft's extensions up to a version (`newest`), and speaks them once a host has agreed to
one: from then on some messages are laid out in another way, for all hosts.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import struct
from collections.abc import Callable

import mbim
import mbimradio
import radio
from mbim import Command
from protocol import Key, Protocol
from radio import Said
from state import Card, Modem

CAPS, READY, RADIO, PIN, HOME, VISIBLE = 1, 2, 3, 4, 6, 8
REGISTER, PACKET_SERVICE, SIGNAL, CONNECT, CONTEXTS = 9, 10, 11, 12, 13
IP_CONFIGURATION, SERVICES, SUBSCRIBE, STATISTICS = 15, 16, 19, 20
SYS_CAPS, SLOT_MAPPINGS, SLOT_STATUS, VERSION = 5, 7, 8, 15  # of the extensions

READY_INITIALIZED, READY_NO_SIM, READY_NO_PROFILE = 1, 2, 7
SLOT_OFF_EMPTY, SLOT_OFF, SLOT_EMPTY, SLOT_ACTIVE, SLOT_ESIM, SLOT_NO_PROFILE = 1, 2, 3, 5, 7, 8
SEARCHING, AT_HOME, ROAMING = 2, 3, 4
ATTACHED, DETACHED = 2, 4
ACTIVATED, DEACTIVATED = 1, 3
FLAG_ESIM, FLAG_REMOVABILITY_KNOWN = 1, 2
LTE, GSM_CLASS, LAST_SESSION = 0x20, 1, 7
IP_TYPES = {1: [4], 2: [6], 3: [4, 6], 4: [4, 6]}


class Refused(Exception):
    """The command's status."""


class MbimModem(Protocol):
    # Whoever sends these pays, or reaches someone. Messages and USSD are the radio's to judge.
    FORBIDDEN = {("stk", 3, True)}
    SENDS = {("sms", 3, True), ("ussd", 1, True)}
    # Radio, PIN, home provider, registration, packet service, sessions, contexts, slots; and to
    # agree to a version of the extensions, by which all hosts get other messages.
    CHANGES = {("basic", c, True) for c in (RADIO, PIN, HOME, REGISTER, PACKET_SERVICE, CONNECT,
                                            CONTEXTS)} | {
        ("extensions", SLOT_MAPPINGS, True), ("extensions", VERSION, False),
        ("sms", 1, True), ("sms", 4, True)}

    def __init__(self, modem: Modem, send: Callable[[bytes], None],
                 after: Callable[[float, Callable[[], None]], None]):
        super().__init__(modem, send, after)
        self.newest = 1            # version of the extensions that the modem knows
        self.no_wait = self.utf16 = True  # QMI's
        self.slot_status = True    # it knows the extensions at all
        self.patches: dict[Key, tuple[int, int]] = {}
        self.most = 4096           # bytes of a fragment
        self.plugged()

    def plugged(self) -> None:
        self.version = 1
        self.is_open = False
        self.joiner = mbim.Joiner()
        self.subscribed: dict[str, list[int]] | None = None  # None: the standard services

    def split(self, buffer: bytearray) -> list[bytes]:
        return mbim.split(buffer)

    def key_of(self, service: int | str, message: int) -> Key:
        return str(service), message

    def state(self) -> dict:
        return {"clients": [], "reports": 0, "version": self.version, "open": self.is_open,
                "subscribed": self.subscribed}

    def oversize(self, length: int, size: int) -> bytes:
        """A message of this length; with a smaller size, what follows is taken for its rest."""
        return mbim.HEADER.pack(mbim.INDICATION, length, 0).ljust(size, b"\0")

    # --- sending

    def contents_of(self, key: Key, contents: bytes) -> bytes:
        if key in self.patches:
            offset, value = self.patches[key]
            contents = contents[:offset] + struct.pack("<I", value) + contents[offset + 4:]
        return contents

    def indicate(self, service: str, command: int, contents: bytes) -> None:
        if not self.is_open or not self.is_subscribed(service, command):
            return
        message = mbim.indication(service, command,
                                  self.contents_of((service, command), contents), self.most)
        for _ in range(1 + self.duplicates):
            self.send_bytes(message)

    def is_subscribed(self, service: str, command: int) -> bool:
        if self.subscribed is None:
            return service != "extensions"
        commands = self.subscribed.get(service)
        return commands is not None and (not commands or command in commands)

    def on_change(self, what: str) -> None:
        verb, _, detail = what.partition(" ")
        if verb in ("connected", "disconnected"):
            self.indicate("basic", CONNECT, self.connection(int(detail.split()[0])))
        elif verb == "cards":
            for slot in range(len(self.modem.slots)):
                self.indicate("extensions", SLOT_STATUS, self.slot(slot))
            self.refresh()
        elif verb == "network":
            self.indicate("basic", REGISTER, self.registration())
            self.indicate("basic", PACKET_SERVICE, self.packet_service())
        elif verb in ("message", "handed", "full"):
            mbimradio.tell(self, verb, int(detail or 0))

    def say(self, said: Said) -> None:
        mbimradio.say(self, said)

    def refresh(self, stage: int = 2, mode: int = 0) -> None:
        self.indicate("basic", READY, self.ready())

    def report(self, rx: int, tx: int) -> None:
        """MBIM pushes no figures."""

    # --- receiving

    def receive(self, frame: bytes) -> None:
        kind, _length, transaction = mbim.HEADER.unpack_from(frame)
        if kind == mbim.OPEN:
            self.plugged()
            self.is_open = True
            self.reply(("", mbim.OPEN), mbim.simple(kind + mbim.DONE, transaction, 0))
        elif kind == mbim.CLOSE:
            self.is_open = False
            self.reply(("", mbim.CLOSE), mbim.simple(kind + mbim.DONE, transaction, 0))
        elif kind == mbim.COMMAND and not self.is_open:
            self.send_bytes(mbim.simple(mbim.FUNCTION_ERROR, transaction, mbim.ERROR_NOT_OPENED))
        elif kind == mbim.COMMAND and (whole := self.joiner.add(frame)):
            self.on_command(mbim.decode_command(whole))

    def on_command(self, command: Command) -> None:
        key = command.service, command.command
        name, whole = f"{command.service}/{command.command}", (*key, command.is_set)
        judged = self.modem.radio.n_judged
        self.note(name, whole)
        if key in self.mistaken:
            service, number = self.mistaken[key]
            command = dataclasses.replace(command, service=service, command=number, is_set=False)
        status, contents = self.errors.get(key, 0), b""
        if status == 0:
            status, contents = self.answer(command)
        self.judged(name, whole, judged)
        if contents is not None:
            self.respond(command, status, contents)

    def respond(self, command: Command, status: int, contents: bytes) -> None:
        key = command.service, command.command
        self.reply(key, mbim.command_done(command, status, self.contents_of(key, contents),
                                          self.most))

    def has(self, service: str) -> bool:
        return {"extensions": self.slot_status, "sms": self.modem.radio.has_messages,
                "ussd": self.modem.radio.has_voice}.get(service, True)

    def answer(self, command: Command) -> tuple[int, bytes | None]:
        """Without contents: they come later."""
        key = command.service, command.command, command.is_set
        handler = self.HANDLERS.get(key)
        of_radio = mbimradio.HANDLERS.get(key)
        if not (handler or of_radio) or not self.has(command.service):
            return mbim.STATUS_NO_DEVICE_SUPPORT, b""
        try:
            return mbim.STATUS_NONE, (of_radio(self, command) if of_radio
                                      else handler(self, command.contents))
        except Refused as refused:
            return refused.args[0], b""
        except radio.Refused as refused:
            return mbimradio.STATUSES.get(refused.args[0], refused.args[0]), b""
        except (struct.error, IndexError, ValueError):
            return mbim.STATUS_INVALID_PARAMETERS, b""

    # --- the device and its cards

    def caps(self, _contents: bytes) -> bytes:
        has = self.modem.radio
        return mbim.structure(1, GSM_CLASS, 3 if has.has_voice else 1, 2, LTE,
                              3 if has.has_messages else 0, 1, LAST_SESSION + 1, "",
                              self.modem.imei, self.modem.revision, self.modem.model)

    def need_card(self) -> Card:
        if self.modem.card is None or not self.modem.card.iccid:
            raise Refused(mbim.STATUS_SIM_NOT_INSERTED)
        return self.modem.card

    def ready(self, _contents: bytes = b"") -> bytes:
        card = self.modem.card
        state = (READY_NO_SIM if card is None else
                 READY_INITIALIZED if card.iccid else READY_NO_PROFILE)
        flags = FLAG_REMOVABILITY_KNOWN | (FLAG_ESIM if card and card.esim else 0)
        head = [state, flags] if self.version >= 3 else [state]
        known = state == READY_INITIALIZED
        return mbim.structure(*head, card.imsi if known else "", card.iccid if known else "", 0,
                              card.numbers if known else [])

    def radio(self, _contents: bytes) -> bytes:
        return mbim.structure(1, 1 if self.modem.operating_mode == 0 else 0)

    def set_radio(self, contents: bytes) -> bytes:
        self.modem.operating_mode = 0 if struct.unpack("<I", contents[:4])[0] else 1
        if self.modem.operating_mode:
            self.modem.disconnect()
        return self.radio(contents)

    def home(self, _contents: bytes) -> bytes:
        card = self.need_card()
        return mbim.structure(card.home, 1, card.operator, GSM_CLASS, 0, 0)

    def visible(self, _contents: bytes) -> bytes:
        n = self.modem.network
        return mbim.structures(struct.pack("<I", 1), [
            mbim.structure(n.plmn, 8, n.name, GSM_CLASS, 20, 99)])

    def sys_caps(self, _contents: bytes) -> bytes:
        return mbim.structure(1, len(self.modem.slots), 1, mbim.u64(7))

    def mappings(self, _contents: bytes) -> bytes:
        return mbim.structures(struct.pack("<I", 1), [struct.pack("<I", self.modem.active_slot)])

    def set_mappings(self, contents: bytes) -> bytes:
        _count, offset, _size = struct.unpack_from("<III", contents)
        self.modem.set_active_slot(struct.unpack_from("<I", contents, offset)[0])
        return self.mappings(contents)

    def slot(self, slot: int) -> bytes:
        card = self.modem.slots[slot]
        if slot != self.modem.active_slot:
            state = SLOT_OFF if card else SLOT_OFF_EMPTY
        elif card is None:
            state = SLOT_EMPTY
        else:
            state = (SLOT_ACTIVE if not card.esim else SLOT_ESIM if card.iccid
                     else SLOT_NO_PROFILE)
        return mbim.structure(slot, state)

    def slot_query(self, contents: bytes) -> bytes:
        return self.slot(struct.unpack("<I", contents[:4])[0])

    def agree(self, contents: bytes) -> bytes:
        asked = struct.unpack_from("<HH", contents)[1] >> 8
        self.version = min(asked, self.newest)
        return struct.pack("<HH", 0x0100, self.version << 8)

    # --- the network

    def registration(self, _contents: bytes = b"") -> bytes:
        n = self.modem.network
        state = SEARCHING if not n.registered else ROAMING if n.roaming else AT_HOME
        names = [n.plmn, n.name, "roaming" if n.roaming else ""] if n.registered else ["", "", ""]
        newer = [LTE] if self.version >= 2 else []
        return mbim.structure(0, state, 1, LTE, GSM_CLASS, *names, 2, *newer)

    def packet_service(self, _contents: bytes = b"") -> bytes:
        state = ATTACHED if self.modem.network.registered else DETACHED
        newer: list = []
        if self.version >= 2:
            newer += [1]
        if self.version >= 3:
            newer += [0, struct.pack("<HHI", 440, 10, 7)]
        return mbim.structure(0, state, LTE, mbim.u64(50_000_000), mbim.u64(150_000_000), *newer)

    def signal(self, _contents: bytes) -> bytes:
        return mbim.structure(20, 99, 5, 1, 0)

    # --- sessions

    def connection(self, session: int) -> bytes:
        families = self.modem.families(session)
        state = ACTIVATED if families else DEACTIVATED
        ip_type = next((t for t, f in IP_TYPES.items() if f == families), 0)
        fixed = mbim.structure(session, state, 0, ip_type, mbim.INTERNET, 0)
        if self.version < 3:
            return fixed
        apn = self.modem.sessions[(session, families[0])].apn if families else ""
        return fixed + struct.pack("<I", 0) + mbim.tlv(mbim.TLV_TEXT, mbim.text(apn)) + mbim.tlv(
            mbim.TLV_BYTES, b"\1")

    def connect_query(self, contents: bytes) -> bytes:
        session = struct.unpack("<I", contents[:4])[0]
        if session > LAST_SESSION:
            raise Refused(mbim.STATUS_INVALID_PARAMETERS)
        return self.connection(session)

    def connect_set(self, contents: bytes) -> bytes:
        session, begins = struct.unpack_from("<II", contents)
        if session > LAST_SESSION:
            raise Refused(mbim.STATUS_INVALID_PARAMETERS)
        if not begins:
            if not self.modem.families(session):
                raise Refused(mbim.STATUS_CONTEXT_NOT_ACTIVATED)
            self.modem.disconnect(mux=session)
            return self.connection(session)
        self.need_card()
        if not self.modem.network.registered or self.modem.operating_mode:
            raise Refused(mbim.STATUS_NOT_REGISTERED)
        if self.version >= 3:
            ip_type = struct.unpack_from("<I", contents, 16)[0]
            size = struct.unpack_from("<I", contents, 44)[0]
            apn = contents[48:48 + size].decode("utf-16le")
        else:
            offset, size = struct.unpack_from("<II", contents, 8)
            apn = contents[offset:offset + size].decode("utf-16le")
            ip_type = struct.unpack_from("<I", contents, 40)[0]
        self.modem.connect(IP_TYPES.get(ip_type, [4]), apn, session, "host")
        return self.connection(session)

    def contexts(self, _contents: bytes) -> bytes:
        return struct.pack("<I", 0)

    def ip_configuration(self, contents: bytes) -> bytes:
        session = struct.unpack("<I", contents[:4])[0]
        families = self.modem.families(session)
        if not families:
            raise Refused(mbim.STATUS_CONTEXT_NOT_ACTIVATED)
        head, data = [session], b""

        def put(value: bytes) -> int:
            nonlocal data
            data += value
            return 60 + len(data) - len(value)

        four, six = (f in families for f in (4, 6))
        address4 = struct.pack("<I", 24) + ipaddress.ip_address("10.64.0.2").packed
        address6 = struct.pack("<I", 64) + ipaddress.ip_address("2001:db8::2").packed
        head += [0xF if four else 0, 0xF if six else 0]
        head += [1, put(address4)] if four else [0, 0]
        head += [1, put(address6)] if six else [0, 0]
        head += [put(ipaddress.ip_address("10.64.0.1").packed) if four else 0]
        head += [put(ipaddress.ip_address("2001:db8::1").packed) if six else 0]
        head += [1, put(ipaddress.ip_address("192.0.2.53").packed)] if four else [0, 0]
        head += [1, put(ipaddress.ip_address("2001:db8::53").packed)] if six else [0, 0]
        head += [1500 if four else 0, 1500 if six else 0]
        return mbim.structure(*head) + data

    def statistics(self, _contents: bytes) -> bytes:
        d = self.modem.device
        return mbim.structure(0, 0, mbim.u64(d.rx), mbim.u64(d.rx_packets), mbim.u64(d.tx),
                              mbim.u64(d.tx_packets), 0, 0)

    # --- what there is, and who wants to hear of it

    def services(self, _contents: bytes) -> bytes:
        commands: dict[str, list[int]] = {}
        for service, command, _is_set in self.HANDLERS | mbimradio.HANDLERS:
            known = commands.setdefault(service, []) if self.has(service) else [command]
            if command not in known:
                known.append(command)
        return mbim.structures(struct.pack("<II", len(commands), 0), [
            mbim.structure(mbim.service_bytes(service), 0, 0, len(known), *known)
            for service, known in commands.items()])

    def subscribe(self, contents: bytes) -> bytes:
        count = struct.unpack_from("<I", contents)[0]
        self.subscribed = {}
        for i in range(count):
            offset = struct.unpack_from("<I", contents, 4 + 8 * i)[0]
            service = contents[offset:offset + 16]
            n = struct.unpack_from("<I", contents, offset + 16)[0]
            self.subscribed[mbim.NAMES.get(service, service.hex())] = list(
                struct.unpack_from(f"<{n}I", contents, offset + 20))
        return contents

    HANDLERS = {
        ("basic", CAPS, False): caps,
        ("basic", READY, False): ready,
        ("basic", RADIO, False): radio,
        ("basic", RADIO, True): set_radio,
        ("basic", HOME, False): home,
        ("basic", VISIBLE, False): visible,
        ("basic", REGISTER, False): registration,
        ("basic", PACKET_SERVICE, False): packet_service,
        ("basic", SIGNAL, False): signal,
        ("basic", CONNECT, False): connect_query,
        ("basic", CONNECT, True): connect_set,
        ("basic", CONTEXTS, False): contexts,
        ("basic", IP_CONFIGURATION, False): ip_configuration,
        ("basic", SERVICES, False): services,
        ("basic", SUBSCRIBE, True): subscribe,
        ("basic", STATISTICS, False): statistics,
        ("extensions", SYS_CAPS, False): sys_caps,
        ("extensions", SLOT_MAPPINGS, False): mappings,
        ("extensions", SLOT_MAPPINGS, True): set_mappings,
        ("extensions", SLOT_STATUS, False): slot_query,
        ("extensions", VERSION, False): agree,
    }
