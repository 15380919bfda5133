# SPDX-License-Identifier: LGPL-2.1-or-later
"""Short messages as bytes and as values: SMS-DELIVER and SMS-SUBMIT (3GPP TS 23.040), the 7-bit
alphabet and UCS-2 (TS 23.038). Pure. A PDU begins with the message centre's address.
"""

from __future__ import annotations

import dataclasses

ALPHABET = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
EXTENSION = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64,
             "€": 101}
EXTENDED = {code: letter for letter, code in EXTENSION.items()}
ESCAPE = 27

NUMERIC, INTERNATIONAL, ALPHANUMERIC = 0x81, 0x91, 0xD0
SEVEN_BIT, EIGHT_BIT, UCS2 = 0, 4, 8
USER_DATA_BYTES = 140


class Malformed(ValueError):
    """The bytes are no short message."""


# --- the alphabet

def septets(text: str) -> list[int]:
    """ValueError: a letter is not in the alphabet."""
    codes = []
    for letter in text:
        codes += [ESCAPE, EXTENSION[letter]] if letter in EXTENSION else [ALPHABET.index(letter)]
    return codes


def is_seven_bit(text: str) -> bool:
    return all(letter in EXTENSION or letter in ALPHABET for letter in text)


def pack(codes: list[int], fill: int = 0) -> bytes:
    """Seven bits each, the first in the lowest; fill: so many bits before them."""
    bits = sum(code << fill + 7 * i for i, code in enumerate(codes))
    return bits.to_bytes((fill + 7 * len(codes) + 7) // 8, "little")


def unpack(data: bytes, count: int, fill: int = 0) -> str:
    bits = int.from_bytes(data, "little") >> fill
    text, escaped = "", False
    for i in range(count):
        code = bits >> 7 * i & 0x7F
        if code == ESCAPE and not escaped:
            escaped = True
            continue
        text += EXTENDED.get(code, " ") if escaped else ALPHABET[code]
        escaped = False
    return text


# --- addresses

def semi_octets(digits: str) -> bytes:
    digits += "F" * (len(digits) % 2)
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def digits_of(data: bytes, count: int) -> str:
    return "".join(f"{byte & 15:X}{byte >> 4:X}" for byte in data)[:count]


def number_of(text: str) -> tuple[int, bytes]:
    """Its type, and its digits as bytes."""
    if text.startswith("+"):
        return INTERNATIONAL, semi_octets(text[1:])
    return NUMERIC, semi_octets(text)


def centre(text: str) -> bytes:
    """The message centre's address, by bytes; "": none, the SIM's own."""
    if not text:
        return b"\0"
    kind, data = number_of(text)
    return bytes([1 + len(data), kind]) + data


def address(text: str) -> bytes:
    """By digits, or letters if there are other characters than those of a number."""
    if not text.lstrip("+").isdigit():
        data = pack(septets(text))
        return bytes([(7 * len(septets(text)) + 3) // 4, ALPHANUMERIC]) + data
    kind, data = number_of(text)
    return bytes([len(text.lstrip("+")), kind]) + data


def read_address(pdu: bytes, at: int) -> tuple[str, int]:
    """→ the address, and where it ends."""
    count, kind = pdu[at], pdu[at + 1]
    end = at + 2 + (count + 1) // 2
    data = pdu[at + 2:end]
    if kind & 0x70 == 0x50:
        return unpack(data, count * 4 // 7), end
    return ("+" if kind & 0x70 == 0x10 else "") + digits_of(data, count), end


# --- messages

def user_data(text: str, header: bytes, seven_bit: bool) -> tuple[int, bytes]:
    """The user data's length as it is told, and its bytes; header with its own length first."""
    if not seven_bit:
        data = header + text.encode("utf-16be", errors="surrogatepass")
        return len(data), data
    fill = -8 * len(header) % 7
    codes = septets(text)
    return (8 * len(header) + fill) // 7 + len(codes), header + pack(codes, fill)


def parts_of(text: str, seven_bit: bool, wide: bool) -> list[str]:
    """As much as one message holds; wide: of a 16-bit reference."""
    room = USER_DATA_BYTES if seven_bit else USER_DATA_BYTES // 2
    whole = room * 8 // 7 if seven_bit else room
    measure = (lambda t: len(septets(t))) if seven_bit else (lambda t: len(t.encode("utf-16be")) // 2)
    if measure(text) <= whole:
        return [text]
    head = 7 if wide else 6
    room = (USER_DATA_BYTES - head) * 8 // 7 if seven_bit else (USER_DATA_BYTES - head) // 2
    parts = [""]
    for letter in text:
        if measure(parts[-1] + letter) > room:
            parts.append("")
        parts[-1] += letter
    return parts


def deliver(sender: str, text: str, smsc: str = "+819030000000", stamp: str = "26010112000000",
            alphabet: str | None = None, reference: int = 1, wide: bool = False) -> list[bytes]:
    """What the network sends, in as many parts as it takes. alphabet: "gsm" or "ucs2"; stamp:
    YYMMDDhhmmss and the zone in quarters of an hour."""
    seven_bit = alphabet == "gsm" or (alphabet is None and is_seven_bit(text))
    parts = parts_of(text, seven_bit, wide)
    pdus = []
    for i, part in enumerate(parts):
        header = b""
        if len(parts) > 1:
            numbers = bytes([len(parts), i + 1])
            header = (b"\x06\x08\x04" + (reference & 0xFFFF).to_bytes(2, "big") if wide
                      else b"\x05\x00\x03" + bytes([reference & 0xFF])) + numbers
        length, data = user_data(part, header, seven_bit)
        pdus.append(centre(smsc) + bytes([0x44 if header else 0x04]) + address(sender)
                    + bytes([0, SEVEN_BIT if seven_bit else UCS2]) + semi_octets(stamp)
                    + bytes([length]) + data)
    return pdus


@dataclasses.dataclass
class Submit:
    """What a host sends."""

    to: str
    text: str
    smsc: str  # "": the SIM's own


def decode_submit(pdu: bytes) -> Submit:
    try:
        size = pdu[0]
        smsc = ""
        if size:
            smsc = ("+" if pdu[1] & 0x70 == 0x10 else "") + digits_of(
                pdu[2:1 + size], 2 * (size - 1)).rstrip("F")
        at = 1 + size
        first = pdu[at]
        if first & 3 != 1:
            raise Malformed("no SMS-SUBMIT")
        to, at = read_address(pdu, at + 2)
        coding = pdu[at + 1]
        at += 2 + {0: 0, 2: 1, 1: 7, 3: 7}[first >> 3 & 3]
        length, data = pdu[at], pdu[at + 1:]
        header = 1 + data[0] if first & 0x40 else 0
        if coding & 0x0C == UCS2:
            wanted = length
            text = data[header:length].decode("utf-16be")
        elif coding & 0x0C == EIGHT_BIT:
            wanted = length
            text = data[header:length].decode("latin-1")
        else:
            wanted = (7 * length + 7) // 8
            fill = -8 * header % 7
            text = unpack(data[header:], length - (8 * header + fill) // 7, fill)
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from error
    if len(data) != wanted:
        raise Malformed("user data")
    return Submit(to, text, smsc)
