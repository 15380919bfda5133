#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The codec, and the answers that need no port: ids, violations, requests that make no sense."""

import pathlib
import random
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import mbim  # noqa: E402
import pdu as codec  # noqa: E402
import qmi  # noqa: E402
import radio  # noqa: E402
from mbimmodem import MbimModem  # noqa: E402
from qmimodem import QmiModem  # noqa: E402
from state import Card, Modem  # noqa: E402

MESSAGES = [
    qmi.Message(qmi.CTL, 0, qmi.REQUEST, 1, 0x0022, {0x01: b"\x01"}),
    qmi.Message(qmi.CTL, 0, qmi.RESPONSE, 255, 0x0022, {0x02: bytes(4), 0x01: b"\x01\x07"}),
    qmi.Message(qmi.WDS, 7, qmi.REQUEST, 1, 0x0024, {0x01: b"\xc0\0\0\0"}),
    qmi.Message(qmi.WDS, 7, qmi.RESPONSE, 0xFFFF, 0x0024, {0x02: bytes(4), 0x19: b"\xff" * 8}),
    qmi.Message(qmi.UIM, qmi.BROADCAST, qmi.INDICATION, 0, 0x0048, {0x10: bytes(300), 0x11: b""}),
    qmi.Message(qmi.NAS, 1, qmi.INDICATION, 0, 0x0024, {}),
]


def submit(to, text):
    """Without a message centre; SMS-SUBMIT with a relative validity period."""
    codes = codec.septets(text)
    return (b"\0\x11\0" + codec.address(to) + b"\0\0\xaa" + bytes([len(codes)])
            + codec.pack(codes))


class Codec(unittest.TestCase):
    def test_bytes_of_a_known_frame(self):
        frame = qmi.encode(qmi.Message(qmi.WDS, 2, qmi.RESPONSE, 3, 0x22, qmi.result(15)))
        self.assertEqual(frame.hex(" "),
                         "01 13 00 80 01 02 02 03 00 22 00 07 00 02 04 00 01 00 0f 00")
        frame = qmi.encode(qmi.Message(qmi.CTL, 0, qmi.RESPONSE, 3, 0x27, qmi.result()))
        self.assertEqual(frame.hex(" "), "01 12 00 80 00 00 01 03 27 00 07 00 02 04 00 00 00 00 00")

    def test_round_trip(self):
        for message in MESSAGES:
            self.assertEqual(qmi.decode(qmi.encode(message)), message)

    def test_truncated(self):
        for message in MESSAGES:
            frame = qmi.encode(message)
            for n in range(len(frame)):
                with self.assertRaises(qmi.Malformed):
                    qmi.decode(frame[:n])

    def test_inner_lengths_that_lie(self):
        frame = qmi.encode(MESSAGES[2])
        for at in (1, 11, 14):  # lengths of frame, message and TLV
            for more in (-1, 1):
                wrong = bytearray(frame)
                wrong[at] += more
                with self.assertRaises(qmi.Malformed):
                    qmi.decode(bytes(wrong))

    def test_noise_is_refused_or_understood(self):
        source = random.Random(1)
        for _ in range(2000):
            noise = source.randbytes(source.randint(0, 64))
            try:
                qmi.decode(noise)
            except qmi.Malformed:
                pass

    def test_stream_in_pieces(self):
        stream = b"".join(map(qmi.encode, MESSAGES))
        for step in (1, 2, 7, len(stream)):
            buffer, frames = bytearray(), []
            for at in range(0, len(stream), step):
                buffer += stream[at:at + step]
                frames += qmi.split(buffer)
            self.assertEqual([qmi.decode(f) for f in frames], MESSAGES)
            self.assertEqual(buffer, b"")

    def test_stream_out_of_step(self):
        with self.assertRaises(qmi.Malformed):
            qmi.split(bytearray(b"\x02\x10\x00\x80"))

    def test_digits(self):
        self.assertEqual(qmi.bcd("8981100000000007719").hex(), "981801000000007017f9")
        self.assertEqual(qmi.bcd("89811000000000077190").hex(), "98180100000000701709")
        self.assertEqual(qmi.bcd("12345").hex(), "2143f5")


class Messages(unittest.TestCase):
    """Those that are well known; and what was written is read."""

    def test_known(self):
        self.assertEqual(codec.decode_submit(bytes.fromhex(
            "0011000B916407281553F80000AA0AE8329BFD4697D9EC37")),
            codec.Submit("+46708251358", "hellohello", ""))
        self.assertEqual(
            codec.deliver("+31641600986", "How are you?", "+31624000000", "02082619374180")[0].hex(),
            "07911326040000f0040b911346610089f60000208062917314080cc8f71d14969741f977fd07")

    def test_what_was_written_is_read(self):
        for to in ("1234", "+815012345678"):
            for text in ("", "data", "{€}", "a" * 160):
                self.assertEqual(codec.decode_submit(submit(to, text)), codec.Submit(to, text, ""))

    def test_parts(self):
        for text, wide, sizes in (("a" * 160, False, [160]), ("a" * 161, False, [153, 8]),
                                  ("a" * 161, True, [152, 9]), ("残" * 70, False, [70]),
                                  ("残" * 71, False, [67, 4]), ("残" * 71, True, [66, 5])):
            parts = codec.parts_of(text, codec.is_seven_bit(text), wide)
            self.assertEqual([len(part) for part in parts], sizes)
            for pdu in codec.deliver("1234", text, wide=wide):
                self.assertLessEqual(len(pdu), 8 + 164)

    def test_no_submit(self):
        whole = submit("+815", "data")
        for n in range(len(whole)):
            with self.assertRaises(codec.Malformed):
                codec.decode_submit(whole[:n])
        with self.assertRaises(codec.Malformed):
            codec.decode_submit(codec.deliver("1", "data")[0])


class Answers(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.model = Modem()
        self.modem = QmiModem(self.model, self.sent.append, lambda _seconds, call: call())

    def ask(self, service, message, tlvs=None, client=1):
        """Sends a request, and returns the error code of its answer."""
        request = qmi.Message(service, client, qmi.REQUEST, 1, message, tlvs or {})
        self.modem.receive(qmi.encode(request))
        return int.from_bytes(qmi.decode(self.sent[-1]).tlvs[0x02][2:], "little")

    def allocate(self, service):
        return self.ask(qmi.CTL, 0x22, {0x01: bytes([service])}, client=0)

    def test_sending_is_a_violation(self):
        for service, message in ((qmi.WMS, 0x20), (qmi.VOICE, 0x20), (qmi.VOICE, 0x3A)):
            self.allocate(service)
            self.assertNotEqual(self.ask(service, message), 0)
        self.assertEqual(self.modem.violations, ["0x05/0x0020", "0x09/0x0020", "0x09/0x003a"])

    def send(self, to, text, client=1):
        pdu = submit(to, text)
        return self.ask(qmi.WMS, 0x20, {0x01: b"\6" + len(pdu).to_bytes(2, "little") + pdu}, client)

    def dial(self, text):
        return self.ask(qmi.VOICE, 0x43, {0x01: b"\1" + qmi.counted(text)})

    def test_what_is_declared_may_be_sent_once(self):
        self.model.slots[0] = Card("89")
        self.allocate(qmi.WMS)
        self.allocate(qmi.VOICE)
        r = self.model.radio
        r.messages.append(radio.ExpectedMessage("+815", "data", [], None))
        r.dialogues.append(radio.Dialogue("*1#", [{"say": "1 or 2", "answer": "1"}, {"say": "3"}]))
        self.assertEqual(self.send("+815", "data"), 0)
        self.assertEqual(self.dial("*1#"), 0)
        self.assertEqual(self.ask(qmi.VOICE, 0x3B, {0x01: b"\1\0011"}), 0)
        self.assertEqual(self.modem.violations, [])
        self.assertEqual(self.send("+815", "data"), qmi.ERROR_CAUSE_CODE)
        self.assertEqual(self.send("+815", "more"), qmi.ERROR_CAUSE_CODE)
        self.assertEqual(self.dial("*1#"), qmi.ERROR_SUPS_FAILURE)
        self.assertNotEqual(self.ask(qmi.VOICE, 0x3B, {0x01: b"\1\0012"}), 0)
        self.assertEqual(self.modem.violations, [
            "SMS to +815: data", "SMS to +815: more", "USSD *1#", "USSD answer 2"])

    def test_another_answer_than_declared(self):
        self.model.slots[0] = Card("89")
        self.allocate(qmi.VOICE)
        self.model.radio.dialogues.append(
            radio.Dialogue("*1#", [{"say": "1 or 2", "answer": "1"}, {"say": "3"}]))
        self.dial("*1#")
        self.assertNotEqual(self.ask(qmi.VOICE, 0x3B, {0x01: b"\1\0012"}), 0)
        self.assertEqual(self.modem.violations, ["USSD answer 2"])

    def test_client_ids(self):
        self.assertEqual(self.ask(qmi.WDS, 0x22), qmi.ERROR_INVALID_CLIENT_ID)
        for _ in range(254):
            self.assertEqual(self.allocate(qmi.WDS), 0)
        self.assertEqual(self.allocate(qmi.WDS), qmi.ERROR_NO_CLIENT_IDS)
        self.assertEqual(self.allocate(qmi.DMS), 0)
        self.assertEqual(self.ask(qmi.CTL, 0x23, {0x01: bytes([qmi.WDS, 9])}, client=0), 0)
        self.assertEqual(self.allocate(qmi.WDS), 0)
        self.assertEqual(self.allocate(99), qmi.ERROR_INVALID_SERVICE_TYPE)

    def test_bad_arguments(self):
        self.allocate(qmi.WDS)
        self.assertEqual(self.ask(qmi.WDS, 0x24), qmi.ERROR_MISSING_ARGUMENT)
        self.assertEqual(self.ask(qmi.WDS, 0x24, {0x01: b"\1"}), qmi.ERROR_MALFORMED_MESSAGE)
        self.assertEqual(self.ask(qmi.WDS, 0x7777), qmi.ERROR_INVALID_QMI_COMMAND)


def mbim_command(service, command, is_set=False, contents=b"", transaction=1, most=4096):
    payload = mbim.service_bytes(service) + bytes([command, 0, 0, 0, is_set, 0, 0, 0])
    payload += len(contents).to_bytes(4, "little") + contents
    return mbim.fragments(mbim.COMMAND, transaction, payload, most)


class MbimCodec(unittest.TestCase):
    def test_structures(self):
        self.assertEqual(mbim.structure(7, "ab", "").hex(" ", 4),
                         "07000000 14000000 04000000 00000000 00000000 61006200")
        self.assertEqual(mbim.structure(["a"]).hex(" ", 4), "01000000 0c000000 02000000 61000000")
        self.assertEqual(mbim.structures(b"\1\0\0\0", [b"xyz"]).hex(" ", 4),
                         "01000000 0c000000 03000000 78797a00")
        self.assertEqual(mbim.tlv(10, b"ab").hex(" ", 4), "0a000002 02000000 61620000")

    def test_fragments_and_pieces(self):
        contents = bytes(range(200))
        for most in (64, 100, 4096):
            stream = mbim_command("basic", 12, True, contents, most=most)
            for step in (1, 7, len(stream)):
                buffer, joiner, whole = bytearray(), mbim.Joiner(), []
                for at in range(0, len(stream), step):
                    buffer += stream[at:at + step]
                    whole += filter(None, map(joiner.add, mbim.split(buffer)))
                command = mbim.decode_command(whole[0])
                self.assertEqual((command.service, command.command, command.is_set,
                                  command.contents), ("basic", 12, True, contents))

    def test_out_of_step(self):
        for head in (b"\1\0\0\0" + bytes(8), b"\xee" * 12):
            with self.assertRaises(mbim.Malformed):
                mbim.split(bytearray(head))


class MbimAnswers(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.modem = MbimModem(Modem(), self.sent.append, lambda _seconds, call: call())

    def ask(self, service, command, is_set=False, contents=b""):
        """Sends a command, and returns the status of its answer."""
        self.modem.receive(mbim_command(service, command, is_set, contents))
        return int.from_bytes(self.sent[-1][40:44], "little")

    def test_must_be_opened(self):
        self.modem.receive(mbim_command("basic", 1))
        self.assertEqual(mbim.HEADER.unpack_from(self.sent[-1])[0], mbim.FUNCTION_ERROR)
        self.modem.receive(mbim.HEADER.pack(mbim.OPEN, 16, 1) + b"\0\x10\0\0")
        self.assertEqual(self.ask("basic", 1), 0)

    def test_refusals(self):
        self.modem.is_open = True
        self.assertEqual(self.ask("basic", 12, contents=b"\x63\0\0\0"),
                         mbim.STATUS_INVALID_PARAMETERS)
        self.assertEqual(self.ask("basic", 12), mbim.STATUS_INVALID_PARAMETERS)
        self.assertEqual(self.ask("basic", 6), mbim.STATUS_SIM_NOT_INSERTED)
        self.assertEqual(self.ask("basic", 77), mbim.STATUS_NO_DEVICE_SUPPORT)

    def test_sending_is_a_violation(self):
        self.modem.is_open = True
        self.ask("sms", 3, True)
        self.ask("ussd", 1, True)
        self.ask("basic", 12, True, bytes(60))
        self.assertEqual(self.modem.violations, ["sms/3", "ussd/1"])
        pdu = submit("+815", "data")
        self.ask("sms", 3, True, struct.pack("<III", 0, 8, len(pdu)) + pdu)
        code = codec.pack(codec.septets("*1#"))
        self.ask("ussd", 1, True, struct.pack("<IIII", 0, 15, 16, len(code)) + code)
        self.assertEqual(self.modem.violations[2:], ["SMS to +815: data", "USSD *1#"])
        self.assertEqual(self.modem.changes, ["basic/12"])


if __name__ == "__main__":
    unittest.main()
