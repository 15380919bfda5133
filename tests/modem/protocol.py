# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a modem has in common whatever it speaks: the log of what was asked, and faults.

A fault is laid over a message by its key, (service, message): a reply that is an error, is lost, is
kept back, comes late or lacks its end.
"""

from __future__ import annotations

import collections
from collections.abc import Callable

from state import Modem

Key = tuple  # of a service and a message


class Protocol:
    """Speaks for a model. send() takes bytes, and how many seconds later they are sent; after() calls
    back in so many seconds."""

    FORBIDDEN: set[Key] = set()  # would cost the owner money, or reach someone, whatever it says
    SENDS: set[Key] = set()      # is the radio's to judge: what was declared may be sent
    CHANGES: set[Key] = set()    # changes the modem, where a reader of figures has no business

    def __init__(self, modem: Modem, send: Callable[..., None],
                 after: Callable[[float, Callable[[], None]], None]):
        self.modem = modem
        self.send_bytes = send
        self.after = after
        self.requests: collections.Counter[str] = collections.Counter()
        self.dialled: list[str] = []
        self.changes: list[str] = []
        self.errors: dict[Key, int] = {}
        self.mistaken: dict[Key, Key] = {}
        self.lost: dict[Key, int] = {}
        self.held: list[bytes] = []
        self.hold: set[Key] = set()
        self.delays: dict[Key, float] = {}
        self.cut = 0
        self.duplicates = 0
        modem.listeners.append(self.on_change)

    # --- what each protocol does in its own way

    def split(self, buffer: bytearray) -> list[bytes]:
        """Takes the whole frames off the front of the buffer; ValueError: it is none."""
        raise NotImplementedError

    def receive(self, frame: bytes) -> None:
        raise NotImplementedError

    def on_change(self, what: str) -> None:
        """The model has changed: who asked to be told is told."""
        raise NotImplementedError

    def key_of(self, service: int | str, message: int) -> Key:
        raise NotImplementedError

    def plugged(self) -> None:
        """A new port: nobody has asked for anything yet."""

    def state(self) -> dict:
        return {}

    @property
    def violations(self) -> list[str]:
        """What was sent, or tried to be, without having been declared."""
        return self.dialled + self.modem.radio.unexpected

    # --- requests and replies

    def note(self, name: str, key: Key) -> None:
        self.requests[name] += 1
        if key in self.FORBIDDEN:
            self.dialled.append(name)
        if key in self.CHANGES:
            self.changes.append(name)

    def judged(self, name: str, key: Key, before: int) -> None:
        """After a request; before: how much the radio had judged. It has to have seen it."""
        if key in self.SENDS and self.modem.radio.n_judged == before:
            self.dialled.append(name)

    def reply(self, key: Key, data: bytes) -> None:
        """Sends a reply to a message, as far as its faults let it through."""
        if self.lost.get(key, 0) > 0:
            self.lost[key] -= 1
            return
        if self.cut:
            data, self.cut = data[:-self.cut], 0
        if key in self.hold:
            self.held.append(data)
        elif key in self.delays:
            self.send_bytes(data, self.delays[key])
        else:
            self.send_bytes(data)

    def release_held(self) -> None:
        self.hold.clear()
        held, self.held = self.held, []
        for data in held:
            self.send_bytes(data)
