# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a modem is and has, whatever protocol tells of it: cards, network, sessions, counters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable

import radio

U64_ALL_ONES = (1 << 64) - 1
FAMILIES = (4, 6)


@dataclasses.dataclass
class Card:
    """A SIM card, or an eSIM profile, in a slot; without an ICCID, an eSIM with no profile on."""

    iccid: str
    imsi: str = "440100000000001"
    esim: bool = False
    eid: str = ""
    operator: str = "Home Mobile"
    home: str = "44010"
    provider: str = ""
    numbers: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Network:
    """Who serves the modem; roaming is the network's own word."""

    plmn: str = "44010"
    name: str = "Home Mobile"
    roaming: bool = False
    registered: bool = True


@dataclasses.dataclass
class Session:
    """One data session of one IP family: its own counters begin at zero. mux is the mux id in QMI,
    the session id in MBIM; 0 is the one without any."""

    rx: int = 0
    tx: int = 0
    rx_packets: int = 0
    tx_packets: int = 0
    apn: str = ""
    mux: int = 0
    holders: set[Hashable] = dataclasses.field(default_factory=set)


class Modem:
    """The model. Whoever speaks for it is told of changes through `listeners`."""

    def __init__(self, imei: str = "356938035643809", model: str = "SIM7600", slots: int = 1):
        self.imei = imei
        self.model = model
        self.manufacturer = "Simulated"
        self.revision = "1.0"
        self.operating_mode = 0
        self.slots: list[Card | None] = [None] * slots
        self.active_slot = 0
        self.network = Network()
        self.apn = "internet"
        self.sessions: dict[tuple[int, int], Session] = {}  # by mux and IP family, 4 or 6
        self.last: dict[tuple[int, int], Session] = {}      # the last session of each
        self.device = Session()  # all sessions together, since power came
        self.begins_anew = False  # or since the first of them began
        self.end_reason = 0
        self.listeners: list[Callable[[str], None]] = []
        self.radio = radio.Radio(self.tell)

    def tell(self, what: str) -> None:
        for listener in self.listeners:
            listener(what)

    @property
    def card(self) -> Card | None:
        return self.slots[self.active_slot]

    def cannot_send(self) -> str | None:
        """Why nothing reaches the network; None: it does."""
        if self.card is None or not self.card.iccid:
            return radio.NO_CARD
        if not self.network.registered or self.operating_mode:
            return radio.NO_NETWORK
        return None

    def connect(self, families: list[int], apn: str | None = None, mux: int = 0,
                holder: Hashable = "control") -> None:
        """A session that runs already is shared with whoever began it."""
        self.apn = apn if apn is not None else self.apn
        if self.begins_anew and not self.sessions:
            self.device = Session()
        for family in families:
            key = mux, family
            if key not in self.sessions:
                self.sessions[key] = Session(apn=self.apn, mux=mux)
                self.tell(f"connected {mux} {family}")
            self.sessions[key].holders.add(holder)

    def disconnect(self, families: list[int] | None = None, reason: int = 2,
                   mux: int | None = None) -> None:
        """reason as in QMI: 1 unspecified, 2 the client's wish, 3 no service. All, if not told."""
        self.end_reason = reason
        for key in list(self.sessions):
            if (mux is None or key[0] == mux) and (not families or key[1] in families):
                self.last[key] = self.sessions.pop(key)
                self.tell(f"disconnected {key[0]} {key[1]}")

    def let_go(self, holder: Hashable) -> None:
        """Ends the sessions that nobody else wants."""
        for (mux, family), session in list(self.sessions.items()):
            if holder in session.holders:
                session.holders.discard(holder)
                if not session.holders:
                    self.disconnect([family], mux=mux)

    def families(self, mux: int) -> list[int]:
        return [family for family in FAMILIES if (mux, family) in self.sessions]

    def count(self, rx: int, tx: int, rx_packets: int = 1, tx_packets: int = 1,
              key: tuple[int, int] | None = None) -> None:
        """Traffic goes over the first session there is, unless it is told which."""
        if key is None:
            key = min(self.sessions, default=(0, 4))
        for counted in (self.device, self.sessions.get(key)):
            if counted is not None:
                counted.rx += rx
                counted.tx += tx
                counted.rx_packets += rx_packets if rx else 0
                counted.tx_packets += tx_packets if tx else 0
        if key in self.sessions:
            self.tell("traffic")

    def power_cycle(self) -> None:
        """Sessions and what was counted of them are forgotten, and nobody is told."""
        self.sessions.clear()
        self.last.clear()
        self.device = Session()
        self.operating_mode = 0

    def set_card(self, card: Card | None, slot: int | None = None) -> None:
        self.slots[self.active_slot if slot is None else slot] = card
        self.tell("cards")

    def set_active_slot(self, slot: int) -> None:
        self.active_slot = slot
        self.tell("cards")

    def set_network(self, network: Network) -> None:
        self.network = network
        self.tell("network")
