# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands of the control socket and of scenarios: a method each."""

from __future__ import annotations

import pathlib
from typing import Any

from radio import ASKED, SAID, Dialogue, ExpectedMessage, Said
from simulator import Loop, SimulatedModem, card_of
from state import Network


class Commands:
    """Arguments by name, values in return. All but add, quit and audit take modem, by number, from 0."""

    def __init__(self, loop: Loop, directory: pathlib.Path):
        self.loop = loop
        self.directory = directory
        self.modems: list[SimulatedModem] = []

    def run(self, command: dict[str, Any]) -> dict[str, Any]:
        arguments = dict(command)
        name = arguments.pop("do")
        method = getattr(self, "do_" + name, None)
        if method is None:
            raise ValueError(f"no command {name!r}")
        if name in ("add", "quit", "audit"):
            return method(**arguments) or {}
        modem = self.modems[arguments.pop("modem", 0)]
        return method(modem, **arguments) or {}

    # --- the simulator

    def do_add(self, card: dict | None = None, slots: int = 1, seed: int = 1,
               link: bool | str = True, mtu: int | None = None, plugged: bool = True,
               protocol: str = "qmi", mbimex: int = 1, begins_anew: bool = False,
               transport: str = "pty") -> dict:
        """One more modem: cdc-wdmN with wwanN. The link may have another name, or be missing; on
        USB the kernel gives both their names."""
        number = len(self.modems)
        modem = SimulatedModem(self.loop, self.directory, number, slots, seed + 100 * number,
                               protocol, transport)
        if protocol == "mbim":
            modem.protocol.newest = mbimex
        modem.model.begins_anew = begins_anew
        modem.model.slots[0] = card_of(card or {})
        modem.mtu = mtu or modem.mtu
        if link:
            modem.add_link(link if isinstance(link, str) else None)
        if plugged:
            modem.plug()
        self.modems.append(modem)
        return {"port": str(modem.port.path), "link": modem.link_name, "protocol": protocol}

    def do_quit(self) -> None:
        self.loop.running = False

    def do_audit(self) -> dict:
        """What all modems were asked for and a reader of figures must not."""
        protocols = [modem.protocol for modem in self.modems]
        return {"violations": [v for p in protocols for v in p.violations],
                "changes": [c for p in protocols for c in p.changes]}

    # --- sessions and bytes

    def do_connect(self, m: SimulatedModem, families: list[int] | None = None,
                   apn: str | None = None, mux: int = 0) -> None:
        m.model.connect(families or [4], apn, mux)

    def do_disconnect(self, m: SimulatedModem, families: list[int] | None = None,
                      reason: int = 2, mux: int | None = None) -> None:
        m.model.disconnect(families, reason, mux)

    def do_move(self, m: SimulatedModem, rx: int = 0, tx: int = 0, kernel: bool = True,
                session: bool = True, family: int | None = None, mux: int | None = None) -> dict:
        """Exactly so many bytes, in packets of random size, counted when this returns.

        kernel false: past the link, as with offload; session false: the modem counts nothing.
        """
        m.move(rx, tx, kernel, session, family, mux)
        return self.do_counters(m)

    def do_traffic(self, m: SimulatedModem, rx: int = 0, tx: int = 0) -> dict:
        """Bytes a second from now on; 0 and 0 ends it."""
        m.start_background(rx, tx)
        return self.do_counters(m)

    def do_counters(self, m: SimulatedModem) -> dict:
        rx, tx = m.tun.counters() if m.tun else (0, 0)

        def named(sessions: dict) -> dict:
            return {str(family) if mux == 0 else f"{mux}/{family}": [s.rx, s.tx]
                    for (mux, family), s in sessions.items()}

        return {"rx": rx, "tx": tx, "sessions": named(m.model.sessions),
                "last": named(m.model.last), "device": [m.model.device.rx, m.model.device.tx]}

    def do_set_counters(self, m: SimulatedModem, rx: int, tx: int, family: int = 4,
                        mux: int = 0) -> None:
        """The modem's own counters leap, or go back; -1 is all ones."""
        for counted in (m.model.sessions[(mux, family)], m.model.device):
            counted.rx, counted.tx = rx, tx

    def do_report(self, m: SimulatedModem, rx: int, tx: int) -> None:
        """An event report with these figures, true or not."""
        m.protocol.report(rx, tx)

    # --- cards and networks

    def do_swap(self, m: SimulatedModem, card: dict | None = None, slot: int | None = None,
                disconnect: bool = True, absent: bool = False, link: str = "keep") -> None:
        """Another card or profile, or none. absent: the slot is empty in between, and says so.

        link: keep, or recreate it, as some modems do when they begin anew.
        """
        if disconnect:
            m.model.disconnect()
        if absent:
            m.model.set_card(None, slot)
        if link == "recreate":
            m.remove_link()
            m.add_link()
        m.model.set_card(card_of(card or {}), slot)

    def do_slot(self, m: SimulatedModem, slot: int) -> None:
        m.model.disconnect()
        m.model.set_active_slot(slot)

    def do_refresh(self, m: SimulatedModem, stage: int = 2, mode: int = 0) -> None:
        m.protocol.refresh(stage, mode)

    def do_roam(self, m: SimulatedModem, plmn: str, name: str = "", roaming: bool = True,
                registered: bool = True) -> None:
        m.model.set_network(Network(plmn, name, roaming, registered))

    # --- messages and USSD

    def do_radio(self, m: SimulatedModem, messages: bool = True, voice: bool = True,
                 centre: str = "+819030000000", stored: bool = True, can_be_lost: bool = True,
                 no_wait: bool = True, utf16: bool = True) -> None:
        """What the modem, the SIM and the protocol can do; see README.md."""
        r = m.model.radio
        r.has_messages, r.has_voice, r.centre = messages, voice, centre
        r.is_stored, r.can_be_lost = stored, can_be_lost
        m.protocol.no_wait, m.protocol.utf16 = no_wait, utf16

    def do_expect_sms(self, m: SimulatedModem, to: str, text: str,
                      replies: list[dict] | None = None, error: str | None = None) -> None:
        m.model.radio.messages.append(ExpectedMessage(to, text, replies or [], error))

    def do_expect_ussd(self, m: SimulatedModem, code: str, steps: list[dict]) -> None:
        m.model.radio.dialogues.append(Dialogue(code, steps))

    def do_message(self, m: SimulatedModem, **message: Any) -> None:
        """A message comes in: as a reply of expect_sms."""
        m.model.radio.receive(**message)

    def do_say(self, m: SimulatedModem, text: str, asks: bool = False) -> None:
        """The network begins a USSD dialogue, or goes on with one, on its own account."""
        m.protocol.say(Said(ASKED if asks else SAID, text))

    def do_messages(self, m: SimulatedModem) -> dict:
        return m.model.radio.state()

    # --- plugging

    def do_unplug(self, m: SimulatedModem, link: bool = True, power: bool = True) -> None:
        """The port hangs up. link: that goes too; power: sessions are forgotten."""
        if power:
            m.model.power_cycle()
        if link:
            m.remove_link()
        m.unplug()

    def do_plug(self, m: SimulatedModem, link: bool | str = True) -> dict:
        """link: made if there is none; a name makes a new one of that name."""
        if isinstance(link, str):
            m.remove_link()
            m.add_link(link)
        elif link and m.tun is None:
            m.add_link()
        m.plug()
        return {"port": str(m.port.path), "link": m.link_name}

    def do_remove_link(self, m: SimulatedModem) -> None:
        m.remove_link()

    def do_add_link(self, m: SimulatedModem, name: str | None = None) -> None:
        m.add_link(name)

    # --- faults

    def do_raw(self, m: SimulatedModem, hex: str) -> None:
        m.port.write(bytes.fromhex(hex))

    def do_garbage(self, m: SimulatedModem, size: int = 64) -> None:
        """Bytes that are no frame, not even its first."""
        m.port.write(b"\xee" + m.random.randbytes(size - 1))

    def do_cut(self, m: SimulatedModem, bytes: int = 1) -> None:
        """The next reply lacks its last bytes."""
        m.protocol.cut = bytes

    def do_oversize(self, m: SimulatedModem, length: int = 0xFFFF, size: int = 0x10000) -> None:
        """A frame of this length; with a smaller size, what follows is taken for its rest."""
        m.port.write(m.protocol.oversize(length, size))

    def do_error(self, m: SimulatedModem, service: int | str, message: int, code: int = 0) -> None:
        """Every such request fails with the code; 0: no more."""
        if code:
            m.protocol.errors[m.protocol.key_of(service, message)] = code
        else:
            m.protocol.errors.pop(m.protocol.key_of(service, message), None)

    def do_mistake(self, m: SimulatedModem, service: str, message: int, other: str,
                   instead: int) -> None:
        """MBIM: every such request is answered as if it were another one."""
        m.protocol.mistaken[service, message] = other, instead

    def do_lose(self, m: SimulatedModem, service: int | str, message: int, times: int = 1) -> None:
        """The next replies to a message are lost."""
        m.protocol.lost[m.protocol.key_of(service, message)] = times

    def do_hold(self, m: SimulatedModem, service: int | str, message: int) -> None:
        """Keeps the replies to a message back until release."""
        m.protocol.hold.add(m.protocol.key_of(service, message))

    def do_release(self, m: SimulatedModem) -> None:
        m.protocol.release_held()

    def do_delay(self, m: SimulatedModem, seconds: float, service: int | str | None = None,
                 message: int = 0) -> None:
        """All that the modem says, or only the replies to a message, comes later; 0: no more."""
        if service is None:
            m.delay = seconds
        elif seconds:
            m.protocol.delays[m.protocol.key_of(service, message)] = seconds
        else:
            m.protocol.delays.pop(m.protocol.key_of(service, message), None)

    def do_duplicates(self, m: SimulatedModem, copies: int) -> None:
        """Indications come once, and so many times more."""
        m.protocol.duplicates = copies

    def do_slot_status(self, m: SimulatedModem, supported: bool) -> None:
        """Older modems do not know their slots."""
        m.protocol.slot_status = supported

    def do_client_ids(self, m: SimulatedModem, most: int) -> None:
        """QMI: so many client ids of each service are given out; some modems have ten."""
        m.protocol.most_ids = most

    def do_one_counter(self, m: SimulatedModem) -> None:
        """QMI: every client is told what all sessions together have carried."""
        m.protocol.one_counter = True

    def do_patch(self, m: SimulatedModem, service: str, message: int, offset: int,
                 value: int | None = None) -> None:
        """MBIM: this word of what such a message has in it is another one; none: no more."""
        key = m.protocol.key_of(service, message)
        if value is None:
            m.protocol.patches.pop(key, None)
        else:
            m.protocol.patches[key] = offset, value

    def do_fragments(self, m: SimulatedModem, most: int) -> None:
        """MBIM: what is longer is sent in fragments."""
        m.protocol.most = most

    # --- what was seen

    def do_state(self, m: SimulatedModem) -> dict:
        """requests by service/message, and what is peculiar to the protocol."""
        p = m.protocol
        return {"requests": dict(p.requests), "violations": p.violations, "changes": p.changes,
                "connected": sorted({family for _mux, family in m.model.sessions}),
                "held": len(p.held), "plugged": m.port.is_open,
                "link": m.link_name if m.tun else None} | p.state()

    def do_forget(self, m: SimulatedModem) -> None:
        """Begins the log of requests anew."""
        m.protocol.requests.clear()
        m.protocol.changes.clear()
