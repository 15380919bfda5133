# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a modem says to its network, and a network to its modem: short messages and USSD.

Nothing may be sent that a test has not declared: whatever else is, is remembered as unexpected, and
refused. What a carrier says to it is declared along with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pdu as codec

ROOM = 20  # messages that a modem keeps

# Why something is refused. Each protocol has numbers of its own for these.
NO_CARD, NO_NETWORK, NO_CENTRE, FULL = "no card", "no network", "no centre", "full"
NETWORK, MALFORMED, NO_SUCH, BUSY = "network", "malformed", "no such", "busy"

# How a USSD dialogue goes on.
SAID, ASKED = "said", "asked"  # the network's words; it waits for an answer
ENDED, UNKNOWN, TIMEOUT = "ended", "unknown", "timeout"  # without any
SILENT = "silent"  # nothing at all is heard of it


class Refused(Exception):
    """Why; one of the above."""


@dataclasses.dataclass
class Stored:
    pdu: bytes
    is_new: bool = True


@dataclasses.dataclass
class ExpectedMessage:
    to: str
    text: str
    replies: list[dict]
    error: str | int | None  # as above, or as the protocol has it


@dataclasses.dataclass
class Dialogue:
    """steps: what the network says, one after the other; see `expect_ussd` in README.md."""

    code: str
    steps: list[dict]
    at: int = 0


@dataclasses.dataclass
class Said:
    kind: str
    text: str = ""


class Radio:
    def __init__(self, tell: Callable[[str], None]):
        self.tell = tell
        self.after: Callable[[float, Callable[[], None]], None] = lambda _seconds, call: call()
        self.has_messages = True
        self.has_voice = True
        self.centre = "+819030000000"  # "": the SIM knows none
        self.is_stored = True          # what comes in; else it is handed through
        self.can_be_lost = True        # what is handed through asks to be acknowledged

        self.stored: dict[int, Stored] = {}
        self.handed: dict[int, bytes] = {}  # by transaction: not acknowledged yet
        self.acknowledged: list[int] = []
        self.handed_last = 0
        self.reference = 0
        self.sent: list[list[str]] = []

        self.messages: list[ExpectedMessage] = []
        self.dialogues: list[Dialogue] = []
        self.running: Dialogue | None = None
        self.dialled: list[str] = []
        self.unexpected: list[str] = []
        self.n_judged = 0

    # --- messages that are sent

    def submit(self, pdu: bytes, can_send: Callable[[], str | None]) -> int:
        """→ the message's reference."""
        self.n_judged += 1
        try:
            message = codec.decode_submit(pdu)
        except codec.Malformed as error:
            self.unexpected.append(f"SMS that is none ({error}): {pdu.hex()}")
            raise Refused(MALFORMED) from error
        self.sent.append([message.to, message.text])
        expected = next((m for m in self.messages
                         if (m.to, m.text) == (message.to, message.text)), None)
        if expected is None:
            self.unexpected.append(f"SMS to {message.to}: {message.text}")
            raise Refused(NETWORK)
        self.messages.remove(expected)
        why = can_send() or expected.error
        if not why and not self.centre and not message.smsc:
            why = NO_CENTRE
        if why:
            raise Refused(why)
        self.reference = (self.reference + 1) % 256
        for reply in expected.replies:
            self.receive(**reply)
        return self.reference

    # --- messages that come in

    def receive(self, sender: str = "", text: str = "", pdu: str | None = None,
                after: float = 0, parts: list[int] | None = None, copies: int = 1,
                **more) -> None:
        """pdu: as it is, in hexadecimal; parts: these alone, and in this order, from 1."""
        pdus = [bytes.fromhex(pdu)] if pdu is not None else codec.deliver(sender, text, **more)
        if parts is not None:
            pdus = [pdus[part - 1] for part in parts]
        for one in pdus * copies:
            if after > 0:
                self.after(after, lambda one=one: self.arrive(one))
            else:
                self.arrive(one)

    def arrive(self, pdu: bytes) -> None:
        if not self.is_stored:
            self.handed_last += 1
            self.handed[self.handed_last] = pdu
            self.tell(f"handed {self.handed_last}")
            return
        free = next((i for i in range(ROOM) if i not in self.stored), None)
        if free is None:
            self.tell("full")
            return
        self.stored[free] = Stored(pdu)
        self.tell(f"message {free}")

    def acknowledge(self, transaction: int) -> None:
        if self.handed.pop(transaction, None) is None:
            raise Refused(NO_SUCH)
        self.acknowledged.append(transaction)

    def read(self, index: int) -> Stored:
        if index not in self.stored:
            raise Refused(NO_SUCH)
        return self.stored[index]

    # --- USSD

    def look_at(self, code: str) -> None:
        """A code in a request that the modem does not know: nothing becomes of it."""
        self.n_judged += 1
        if not any(d.code == code for d in self.dialogues):
            self.unexpected.append(f"USSD {code}")

    def originate(self, code: str, then: Callable[[Said], None]) -> None:
        """then: what the network makes of it, once."""
        self.n_judged += 1
        self.dialled.append(code)
        dialogue = next((d for d in self.dialogues if d.code == code), None)
        if dialogue is None:
            self.unexpected.append(f"USSD {code}")
            raise Refused(NETWORK)
        if self.running:
            raise Refused(BUSY)
        self.dialogues.remove(dialogue)
        self.running = dialogue
        self.step(then)

    def answer(self, text: str, then: Callable[[Said], None]) -> None:
        self.n_judged += 1
        self.dialled.append(text)
        wanted = self.running.steps[self.running.at - 1].get("answer") if self.running else None
        if text != wanted:
            self.unexpected.append(f"USSD answer {text}")
            self.running = None
            raise Refused(NETWORK)
        self.step(then)

    def cancel(self) -> None:
        self.n_judged += 1
        if self.running is None:
            raise Refused(NO_SUCH)
        self.running = None

    def step(self, then: Callable[[Said], None]) -> None:
        dialogue = self.running
        if dialogue.at >= len(dialogue.steps):
            self.running = None
            then(Said(ENDED))
            return
        step = dialogue.steps[dialogue.at]
        dialogue.at += 1
        self.after(step.get("after", 0), lambda: self.say(dialogue, step, then))

    def say(self, dialogue: Dialogue, step: dict, then: Callable[[Said], None]) -> None:
        if self.running is not dialogue:
            return  # it was cancelled meanwhile
        kind = step.get("end") or (ASKED if "answer" in step else SAID)
        if kind != ASKED:
            self.running = None
        if kind != SILENT:
            then(Said(kind, step.get("say", "")))

    # --- what was seen

    def state(self) -> dict:
        return {"stored": [[i, s.is_new, s.pdu.hex()] for i, s in sorted(self.stored.items())],
                "handed": sorted(self.handed), "acknowledged": self.acknowledged,
                "sent": self.sent, "dialled": self.dialled, "in_dialogue": self.running is not None,
                "awaited": [f"SMS to {m.to}: {m.text}" for m in self.messages]
                + [f"USSD {d.code}" for d in self.dialogues]}
