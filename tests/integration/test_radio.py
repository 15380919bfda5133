#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Short messages and USSD through the drivers, the real proxies and simulated modems.

radio-probe asks the drivers; what it may send is declared to the modem, and nothing else may be.
"""

import pathlib

import harness
from harness import BUILD, card, wait_for
from talker import Talker

import pdu

SIM = card("89811000000000055128", imsi="440100000000017")
HERE = pathlib.Path(__file__).resolve().parent
CARRIER = "+819012345678"
REPLY = "Left: 1.2 GB until 2026-01-31"
LONG = "Dear customer, " + "this is all that we have to say to you today. " * 7 + "Left: 12.34 GB"


def submit(to: str, text: str, smsc: str = "") -> str:
    """An SMS-SUBMIT in hexadecimal."""
    codes = pdu.septets(text)
    return (pdu.centre(smsc) + b"\x11\0" + pdu.address(to) + b"\0\0\xaa" + bytes([len(codes)])
            + pdu.pack(codes)).hex()


class Radio:
    """What both protocols do alike."""

    send_key = ("", 0)  # what sending is to `hold`
    texts = ["残りデータ量 1.2GB", "Осталось 5 ГБ", "{1} €", "😀 1 GB", "1234567",
             "ends with a sign @", ""]

    def setUp(self):
        super().setUp()
        self.world.add_modem(SIM)

    def talker(self, program: list[str], greeting: str) -> Talker:
        talker = Talker(self.world, program, greeting)
        self.addCleanup(talker.close)
        return talker

    def probe(self) -> Talker:
        return self.talker([*harness.WRAP, str(BUILD / "tests/radio-probe")], "opened")

    def neighbour(self) -> Talker:
        return self.talker([str(HERE / "neighbour.py")], "listening")

    def listening(self, clients=1) -> Talker:
        """One that listens to messages, which the modem knows."""
        probe = self.probe()
        probe("listen")
        self.wait_listening(clients=clients)
        return probe

    def wait_listening(self, times=1, clients=1):
        """In MBIM everybody hears of messages, from the start."""

    def is_known(self):
        """What the modem has; in MBIM it is asked for that once it is open."""
        return True

    def expect_sms(self, text="DATA", to=CARRIER, **more):
        self.world.sim("expect_sms", to=to, text=text, **more)

    def sent(self):
        return self.world.sim("messages")["sent"]

    # --- messages

    def test_question_and_answer(self):
        self.expect_sms(replies=[{"sender": "Carrier", "text": REPLY}])
        p = self.listening()
        p(f"send {submit(CARRIER, 'DATA')}")
        got = sorted([p.next(), p.next()])
        self.assertEqual(got[1], "sent ok: ")
        self.assertTrue(got[0].endswith(pdu.deliver("Carrier", REPLY)[0].hex()[16:]), got)
        self.assertEqual(self.sent(), [[CARRIER, "DATA"]])
        self.assertEqual(p.rest(), [])

    def test_stored_messages_stay_as_they_are(self):
        """Read, but not deleted, and (where reading does not do it) not marked as read."""
        w = self.world
        p = self.listening()
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        stored = w.sim("messages")["stored"]
        self.assertEqual([one[2] for one in stored], [pdu.deliver("Carrier", REPLY)[0].hex()])
        self.assertEqual(w.sim("state")["changes"], [])

    def test_long_reply_out_of_order(self):
        """Each part is told as it comes; to join them is not the driver's."""
        parts = pdu.deliver("Carrier", LONG)
        self.assertEqual(len(parts), 3)
        p = self.listening()
        self.world.sim("message", sender="Carrier", text=LONG, parts=[3, 1, 2])
        p.expect(*[f"message {parts[i].hex()}" for i in (2, 0, 1)])

    def test_only_while_listening(self):
        w = self.world
        p = self.probe()
        w.sim("message", sender="Carrier", text="before")
        w.sim("expect_ussd", code="*1#", steps=[{"say": "and all that was told of it is heard"}])
        p("ussd *1#")
        p.expect("ussd ok")
        p("listen")
        self.wait_listening()
        w.sim("message", sender="Carrier", text="while")
        p.expect(f"message {pdu.deliver('Carrier', 'while')[0].hex()}")
        p("deaf")
        p("listen")
        self.wait_listening(times=2)
        w.sim("message", sender="Carrier", text="again")
        p.expect(f"message {pdu.deliver('Carrier', 'again')[0].hex()}")
        self.assertEqual(p.rest(), [])

    def test_messages_that_are_there(self):
        w = self.world
        for text in ("one", "two", "three"):
            w.sim("message", sender="Carrier", text=text)
        p = self.probe()
        p("read")  # nobody listens
        p("listen")
        p("read")
        p.expect(*[f"message {pdu.deliver('Carrier', text)[0].hex()}"
                   for text in ("one", "two", "three")])
        self.assertEqual(p.rest(), [])
        self.assertEqual(len(w.sim("messages")["stored"]), 3)

    def test_hostile_messages_are_passed_on(self):
        p = self.listening()
        for hex in ("000abf00", "001c011c", "00f101010c0000000000", "00", "ff" * 176):
            self.world.sim("message", pdu=hex)
            p.expect(f"message {hex}")
        self.world.sim("message", pdu="ab" * 200)
        self.world.sim("message", pdu="00")
        p.expect("message 00")

    def test_refusals(self):
        w = self.world
        p = self.probe()
        for more, wanted in (({"error": "network"}, "sent Remote I/O error: The modem refused"),
                             ({"error": "full"}, "sent Remote I/O error: The modem refused"),
                             ({"error": "no network"}, "sent Network is down: There is no net"),
                             ({"error": "no card"}, "sent No medium found: There is no SIM")):
            self.expect_sms(**more)
            p(f"send {submit(CARRIER, 'DATA')}")
            p.expect(wanted)
        w.sim("radio", centre="")
        self.expect_sms()
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect("sent Destination address required: The SIM does not know the number of a message")
        self.expect_sms()
        p(f"send {submit(CARRIER, 'DATA', CARRIER)}")  # with a centre of its own
        p.expect("sent ok")
        self.assertEqual(p.rest(), [])

    def test_no_sim_and_no_network(self):
        w = self.world
        p = self.probe()
        w.sim("roam", plmn="44010", registered=False)
        self.expect_sms()
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect("sent Network is down: There is no network")
        w.sim("swap")
        self.expect_sms()
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect("sent No medium found: There is no SIM")

    def test_data_alone(self):
        """A modem without messages and voice says so."""
        self.world.sim("radio", messages=False, voice=False)
        p = self.probe()
        wait_for(self.is_known, "the modem to have told what it has")
        p("listen")
        p("read")
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect(self.data_alone[0])
        p("ussd *123#")
        p.expect(self.data_alone[1])
        self.assertEqual(self.sent(), [])

    def test_what_cannot_be_sent(self):
        p = self.probe()
        p("send")
        p.expect("refused Invalid argument")
        p("send " + "ab" * 177)
        p.expect("refused Message too long")
        p("ussd")
        p.expect("refused Invalid argument")
        p("ussd *" + "1" * 200)
        p.expect("refused Message too long")
        p("answer 1")
        p.expect("refused No such file or directory")
        p("cancel")
        self.assertEqual(p.rest(), [])

    def test_one_at_a_time(self):
        w = self.world
        self.expect_sms()
        w.sim("hold", service=self.send_key[0], message=self.send_key[1])
        p = self.probe()
        p(f"send {submit(CARRIER, 'DATA')}")
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect("refused Device or resource busy")
        wait_for(lambda: w.sim("state")["held"], "the first to be with the modem")
        w.sim("release")
        p.expect("sent ok")
        self.assertEqual(self.sent(), [[CARRIER, "DATA"]])

    def test_unplugged_while_sending(self):
        """It may have been sent, and is not sent again."""
        w = self.world
        self.expect_sms()
        w.sim("hold", service=self.send_key[0], message=self.send_key[1])
        p = self.listening()
        p(f"send {submit(CARRIER, 'DATA')}")
        wait_for(lambda: w.sim("state")["held"], "it to be with the modem")
        w.sim("unplug")
        got = sorted([p.next(), p.next()])
        self.assertIn("lost", got[0])
        self.assertIn("sent Connection reset by peer: ", got[1])
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect("refused Transport endpoint is not connected")
        w.sim("plug")
        p.expect("opened", timeout=90)
        self.wait_listening()
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        self.assertEqual(p.rest(), [])
        self.assertEqual(self.sent(), [[CARRIER, "DATA"]])

    def test_duplicates(self):
        """Of what is stored; the same message is told again, and that is all."""
        self.world.sim("duplicates", copies=2)
        p = self.listening()
        self.world.sim("message", sender="Carrier", text=REPLY)
        for _ in range(3):
            p.expect(f"message {pdu.deliver('Carrier', REPLY)[0].hex()}")

    # --- beside others

    def test_neighbour_hears_and_finds_its_messages(self):
        """What we read stays for whoever else shares the modem, and is told to both."""
        w = self.world
        neighbour = self.neighbour()
        p = self.listening(clients=2)
        told = "message " + pdu.deliver("Carrier", REPLY)[0].hex()
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect(told)
        neighbour.expect(told)
        p("deaf")
        p.close()
        w.sim("message", sender="Friend", text="hello")
        neighbour.expect("message " + pdu.deliver("Friend", "hello")[0].hex())
        neighbour("read")
        found = []
        while sum(line.startswith("stored") for line in found) < 2 or "end" not in found:
            found.append(neighbour.next())
        self.assertEqual(sorted(line for line in found if line.startswith("stored")), sorted(
            "stored " + pdu.deliver(*of)[0].hex() for of in (("Carrier", REPLY), ("Friend", "hello"))))
        self.assertEqual(neighbour.rest(), [])

    # --- USSD

    def dial(self, steps, code="*123#"):
        self.world.sim("expect_ussd", code=code, steps=steps)
        p = self.probe()
        p(f"ussd {code}")
        return p

    def test_ussd(self):
        p = self.dial([{"say": REPLY}])
        p.expect("ussd ok: " + REPLY)
        self.assertEqual(p.rest(), [])
        self.assertFalse(self.world.sim("messages")["in_dialogue"])

    def test_ussd_twice(self):
        p = self.dial([{"say": REPLY}])
        p.expect("ussd ok: " + REPLY)
        self.world.sim("expect_ussd", code="*1#", steps=[{"say": "more"}])
        p("ussd *1#")
        p.expect("ussd ok: more")

    def test_ussd_in_other_letters(self):
        for i, text in enumerate(self.texts):
            with self.subTest(text=text):
                p = self.dial([{"say": text}], code=f"*{i}#")
                p.expect("ussd ok: ")
                said = p.lines[p.seen - 1].partition(": ")[2]
                self.assertEqual(said.encode().decode("unicode_escape").encode("latin-1").decode(),
                                 text)
                p.close()

    def test_ussd_menu(self):
        p = self.dial([{"say": "1 Balance\n2 Data", "answer": "2"},
                       {"say": "1 Left\n2 Used", "answer": "1"}, {"say": REPLY}])
        p.expect("ussd ok?: 1 Balance\\n2 Data")
        p("ussd *123#")
        p.expect("refused Device or resource busy")
        p("answer 2")
        p.expect("ussd ok?: 1 Left\\n2 Used")
        p("answer 1")
        p.expect("ussd ok: " + REPLY)
        p("answer 1")
        p.expect("refused No such file or directory")
        self.assertEqual(p.rest(), [])
        self.assertEqual(self.world.sim("messages")["dialled"], ["*123#", "2", "1"])


    def test_ussd_slow_menu(self):
        p = self.dial([{"say": "1 Data", "answer": "1", "after": 1}, {"say": REPLY, "after": 1.5}])
        p.expect("ussd ok?: 1 Data")
        p("answer 1")
        p.expect("ussd ok: " + REPLY)

    def test_ussd_duplicates(self):
        self.world.sim("duplicates", copies=2)
        p = self.dial([{"say": "1 Data", "answer": "1"}, {"say": REPLY}])
        p.expect("ussd ok?: 1 Data")
        p("answer 1")
        p.expect("ussd ok: " + REPLY)
        self.assertEqual(p.rest(), [])

    def test_ussd_that_fails(self):
        for end, wanted in (("ended", "ussd Operation canceled: "),
                            ("unknown", "ussd No such file or directory: ")):
            p = self.dial([{"end": end}])
            p.expect(wanted)
            self.assertEqual(p.rest(), [])

    def test_ussd_ended_in_the_middle(self):
        p = self.dial([{"say": "1 Data", "answer": "1"}, {"end": "ended"}])
        p.expect("ussd ok?: 1 Data")
        p("answer 1")
        p.expect("ussd Operation canceled: The network ended the dialogue")

    def test_ussd_without_network(self):
        self.world.sim("roam", plmn="44010", registered=False)
        p = self.dial([{"say": REPLY}])
        p.expect("ussd Network is down: There is no network")

    def test_ussd_cancelled(self):
        p = self.dial([{"say": "1 Data", "answer": "1"}])
        p.expect("ussd ok?: 1 Data")
        p("cancel")
        wait_for(lambda: not self.world.sim("messages")["in_dialogue"], "the end of the dialogue")
        self.world.sim("expect_ussd", code="*123#", steps=[{"say": REPLY}])
        p("ussd *123#")
        p.expect("ussd ok: " + REPLY)
        self.assertEqual(p.rest(), [])

    def test_ussd_cancelled_before_the_answer(self):
        p = self.dial([{"end": "silent"}])
        wait_for(lambda: self.world.sim("messages")["dialled"], "the code")
        p("cancel")
        self.assertEqual(p.rest(), [])

    def test_ussd_of_others_is_theirs(self):
        """What the network says on its own account is nobody's answer."""
        p = self.listening()
        self.world.sim("say", text="Win a prize! Reply 1", asks=True)
        self.world.sim("message", sender="Carrier", text="and what was said before is heard")
        p.expect("message")
        self.world.sim("expect_ussd", code="*123#", steps=[{"say": REPLY}])
        p("ussd *123#")
        p.expect("ussd ok: " + REPLY)
        self.assertEqual(p.rest(), [])

    def test_unplugged_in_a_dialogue(self):
        p = self.dial([{"say": "1 Data", "answer": "1"}])
        p.expect("ussd ok?: 1 Data")
        self.world.sim("unplug")
        got = sorted([p.next(), p.next()])
        self.assertIn("lost", got[0])
        self.assertIn("ussd Connection reset by peer: ", got[1])
        p("answer 1")
        p.expect("refused No such file or directory")


class QmiRadio(Radio, harness.TestCase):
    send_key = ("WMS", 0x20)
    data_alone = ("sent Operation not supported: This modem, or its SIM, has no short messages",
                  "ussd Operation not supported: This modem, or its SIM, has no USSD")

    def wait_listening(self, times=1, clients=1):
        """Until the modem has been asked so many times to tell of messages, and tells so many."""
        def look():
            state = self.world.sim("state")
            return (state["listening"] >= clients
                    and state["requests"]["0x05/0x0001"] >= times)
        wait_for(look, "the modem to know of it")

    def clients(self, service):
        return [one for one in self.world.sim("state")["clients"] if one[0] == service]

    def test_clients_are_there_while_they_are_needed(self):
        w = self.world
        p = self.probe()
        self.assertEqual(self.clients(5) + self.clients(9), [])
        p("listen")
        wait_for(lambda: len(self.clients(5)) == 1, "a client for messages")
        p("deaf")
        wait_for(lambda: not self.clients(5), "it to be given back")
        self.expect_sms()
        p(f"send {submit(CARRIER, 'DATA')}")
        p.expect("sent ok")
        wait_for(lambda: not self.clients(5), "it to be given back")
        w.sim("expect_ussd", code="*1#", steps=[{"say": "1", "answer": "1"}, {"say": REPLY}])
        p("ussd *1#")
        p.expect("ussd ok?")
        self.assertEqual(len(self.clients(9)), 1)
        p("answer 1")
        p.expect("ussd ok: " + REPLY)
        wait_for(lambda: not self.clients(9), "it to be given back")
        p("listen")
        wait_for(lambda: self.clients(5), "a client for messages")
        self.assertEqual(p.rest(), [])
        wait_for(lambda: not w.sim("state")["clients"], "all to be given back")

    def test_killed(self):
        """What a killed one held is given back by the next."""
        w = self.world
        p = self.listening()
        w.sim("expect_ussd", code="*1#", steps=[{"say": "1", "answer": "1"}])
        p("ussd *1#")
        p.expect("ussd ok?")
        self.assertEqual((len(self.clients(5)), len(self.clients(9))), (1, 1))
        p.kill()
        p = self.probe()
        wait_for(lambda: not self.clients(5) and not self.clients(9), "them to be given back")
        self.assertEqual(p.rest(), [])
        wait_for(lambda: not w.sim("state")["clients"], "all to be given back")

    def test_handed_through_and_acknowledged(self):
        """What was waited for is acknowledged; what is another's is left to come again."""
        w = self.world
        w.sim("radio", stored=False)
        p = self.listening()
        told = "00" + pdu.deliver("Carrier", REPLY, smsc="")[0].hex()[2:]
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message " + told)
        p("mine")
        w.sim("duplicates", copies=1)
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message " + told, "message " + told)
        wait_for(lambda: w.sim("messages")["acknowledged"], "the acknowledgement")
        self.assertEqual(w.sim("messages")["acknowledged"], [2])
        self.assertEqual(w.sim("messages")["handed"], [1])
        self.assertEqual(w.sim("state")["requests"]["0x05/0x0037"], 1)
        self.assertEqual(p.rest(), [])

    def test_handed_through_and_acknowledged_by_a_neighbour(self):
        """Ours comes too late, and does no harm."""
        w = self.world
        w.sim("radio", stored=False)
        neighbour = self.neighbour()
        p = self.listening(clients=2)
        p("mine")
        told = "message 00" + pdu.deliver("Carrier", REPLY, smsc="")[0].hex()[2:]
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect(told)
        neighbour.expect(told)
        wait_for(lambda: w.sim("state")["requests"].get("0x05/0x0037") == 2, "our own")
        self.assertEqual(w.sim("messages")["acknowledged"], [1])
        p.close()
        w.sim("message", sender="Friend", text="hello")
        neighbour.expect("message 00")
        wait_for(lambda: w.sim("messages")["acknowledged"] == [1, 2], "the neighbour's")

    def test_handed_through_and_needs_no_acknowledgement(self):
        w = self.world
        w.sim("radio", stored=False, can_be_lost=False)
        p = self.listening()
        p("mine")
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        p("deaf")
        wait_for(lambda: not self.clients(5), "the client to be given back")
        self.assertNotIn("0x05/0x0037", w.sim("state")["requests"])

    def test_acknowledged_although_it_listens_no_longer(self):
        w = self.world
        w.sim("radio", stored=False)
        p = self.listening()
        p("mine")
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        p("deaf")
        wait_for(lambda: w.sim("messages")["acknowledged"] == [1], "the acknowledgement")
        wait_for(lambda: not self.clients(5), "the client to be given back")

    def test_modem_that_makes_one_wait(self):
        """An older modem, which does not know how to send a code without waiting."""
        for utf16 in (True, False):
            self.world.sim("radio", no_wait=False, utf16=utf16)
            p = self.dial([{"say": "1 Data", "answer": "1", "after": 0.1}, {"say": REPLY}])
            p.expect("ussd ok?: 1 Data")
            p("answer 1")
            p.expect("ussd ok: " + REPLY)
            p = self.dial([{"say": "残り 1.2GB"}], code="*2#")
            p.expect("ussd ok: ")
            p = self.dial([{"end": "unknown"}], code="*3#")
            p.expect("ussd No such file or directory: ")
            p = self.dial([{"end": "ended"}], code="*4#")
            p.expect("ussd Operation canceled: ")

    def test_texts_without_utf16(self):
        self.world.sim("radio", utf16=False)
        self.test_ussd_menu()

    def test_lost_replies(self):
        """A lost reply to a reading is asked for again; of a lost one to sending nobody knows."""
        w = self.world
        p = self.listening()
        w.sim("lose", service="WMS", message=0x22)
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        self.assertEqual(w.sim("state")["requests"]["0x05/0x0022"], 2)

    def test_any_error(self):
        for code in range(1, 120):
            self.expect_sms(error=code)
        p = self.probe()
        for _ in range(1, 120):
            p(f"send {submit(CARRIER, 'DATA')}")
            self.assertRegex(p.next(), r"^sent (?!ok)[^:]*: [A-Z].{10,}")


class MbimRadio(Radio, harness.TestCase):
    protocol = "mbim"
    send_key = ("sms", 3)
    data_alone = ("refused Operation not supported",) * 2  # it tells what it has

    def is_known(self):
        return self.world.sim("state")["subscribed"]

    def test_handed_through(self):
        """A message of class 0 is stored nowhere."""
        w = self.world
        w.sim("radio", stored=False)
        p = self.listening()
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect(f"message {pdu.deliver('Carrier', REPLY)[0].hex()}")

    def test_full_store(self):
        w = self.world
        p = self.listening()
        for i in range(21):
            w.sim("message", sender="Carrier", text=f"number {i}")
        p.expect(*["message"] * 20)
        wait_for(lambda: "no room for another message" in p.log.read_text(errors="replace"),
                 "a warning")
        self.assertEqual(p.rest(), [])

    def test_lost_replies(self):
        """A lost reply to a reading is asked for again."""
        w = self.world
        p = self.listening()
        w.sim("lose", service="sms", message=2)
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        self.assertEqual(w.sim("state")["requests"]["sms/2"], 2)

    def test_counts_that_make_others_crash(self):
        """libmbim believes a count; we do not."""
        w = self.world
        p = self.listening()
        for i, value in enumerate((0xFFFFFFFF, 0x10000000, 0x7FFFFFFF, 30)):
            w.sim("patch", service="sms", message=2, offset=4, value=value)
            w.sim("message", sender="Carrier", text=REPLY)
            p("read")
            wait_for(lambda: w.sim("state")["requests"].get("sms/2", 0) >= 6 * (i + 1),
                     "all tries")
        self.assertEqual(p.lines, ["opened"])
        w.sim("patch", service="sms", message=2, offset=4)
        w.sim("patch", service="ussd", message=1, offset=16, value=0xFFFFFF)
        w.sim("expect_ussd", code="*1#", steps=[{"say": REPLY}])
        p("ussd *1#")
        p.expect("ussd Connection timed out: ")
        p("read")
        p.expect(*["message"] * 4)
        self.assertEqual(p.rest(), [])

    def test_more_than_a_network_can_say(self):
        p = self.dial([{"say": "x" * 3000}])
        p.expect("ussd ok: " + "x" * 182)
        self.assertEqual(len(p.lines[-1]), len("ussd ok: ") + 182)

    def test_network_timeout(self):
        p = self.dial([{"end": "timeout"}])
        p.expect("ussd Connection timed out: The network did not answer")

    def test_slots(self):
        """Who subscribes to the slots' indications has to name all the others."""
        w = self.world
        self.listening()
        wait_for(lambda: w.sim("state")["subscribed"], "the subscription")
        subscribed = w.sim("state")["subscribed"]
        self.assertLessEqual({2, 5}, set(subscribed["sms"]))
        self.assertIn(1, subscribed["ussd"])

    def test_without_slots(self):
        w = self.world
        w.sim("slot_status", supported=False)
        p = self.listening()
        w.sim("message", sender="Carrier", text=REPLY)
        p.expect("message")
        self.assertIsNone(w.sim("state")["subscribed"])

    def test_any_error(self):
        statuses = [*range(1, 39), *range(100, 105), 0x87430001]
        for status in statuses:
            self.expect_sms(error=status)
        p = self.probe()
        for _ in statuses:
            p(f"send {submit(CARRIER, 'DATA')}")
            self.assertRegex(p.next(), r"^sent (?!ok)[^:]*: [A-Z].{10,}")


if __name__ == "__main__":
    harness.main()
