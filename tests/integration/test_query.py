#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The carrier is asked by SMS and USSD, through the real proxies and simulated modems.

What may be sent is declared to the modem, once each time; anything else makes the test fail, and so
does what was declared and is not sent.
"""

import os
import signal
import time

import bus_case
import harness
from bus_case import ICCID
from harness import BUS, card, wait_for
from test_carrier import PLAN, CarrierCase


def reply(sender, text, **more):
    """One that the carrier makes now."""
    return {"sender": sender, "text": text,
            "stamp": time.strftime("%y%m%d%H%M%S00", time.gmtime())} | more


class RadioCase(CarrierCase):
    has_voice = True  # else it is a modem for data alone, with no USSD

    def start(self):
        self.world.add_modem(card(ICCID, imsi=bus_case.IMSI, operator="Blue", home="44010"))
        self.world.sim("radio", voice=self.has_voice)
        self.world.start_daemon()
        path = self.world.present("7719")
        wait_for(lambda: self.world.get(path, "Sim", "NetworkPlmn"), "a network")
        return path

    def tearDown(self):
        self.assertEqual(self.world.sim("messages")["awaited"], [], "declared, and not sent")
        super().tearDown()

    def expect_ussd(self, code, *steps):
        self.world.sim("expect_ussd", code=code, steps=list(steps))

    def expect_sms(self, *replies, to="111", text="DATA", **more):
        self.world.sim("expect_sms", to=to, text=text, replies=list(replies), **more)

    def sent(self):
        return [tuple(message) for message in self.world.sim("messages")["sent"]]

    def query(self, text, *confirmed):
        self.set_query(text)
        for sent in confirmed:
            self.confirm(*sent)

    def ask(self, *states):
        self.call("Query")
        return self.wait_state(*(states or ("idle", "failed")))

    def error(self):
        return self.get("QueryError")

    def reported(self):
        return (self.get("HasReport"), self.get("ReportedRemainingBytes"), self.remaining())

    def standing(self):
        return [alert["Kind"] for alert in self.world.get(self.sim, "Sim", "Alerts")]

    def move(self, rx):
        before = self.world.bytes_of(self.sim)
        self.world.sim("move", rx=rx, tx=0)
        self.world.expect_bytes(self.sim, harness.plus(before, (rx, 0)))


class Ussd:
    CODE = "Method=ussd\nCode=*111#\n"

    def test_to_a_corrected_tally(self):
        """A level is raised by our count, and cleared by the carrier's."""
        self.begin(PLAN.replace("20GB", "1GB"))
        self.move(850_000_000)
        wait_for(lambda: "level" in self.standing(), "the level")
        self.query(self.CODE, ("*111#",))
        self.expect_ussd("*111#", {"say": "You have 400 MB left", "after": 0.2})
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.reported(), (True, 400_000_000, 400_000_000))
        wait_for(lambda: "level" not in self.standing(), "the level to be cleared")
        self.assertIn("carrier-differs", self.standing())
        self.assertEqual(self.call("GetLastReply"), "You have 400 MB left")
        self.assertNotIn("400 MB", self.world.log().replace("400 MB used", ""))
        self.refused("TooSoon", self.call, "Query")

    def test_raises_a_level(self):
        self.begin(PLAN.replace("20GB", "1GB"))
        self.move(100_000_000)
        self.query(self.CODE, ("*111#",))
        self.expect_ussd("*111#", {"say": "You have 40 MB left"})
        self.assertEqual(self.ask(), "idle")
        wait_for(lambda: "level" in self.standing(), "the level")

    def test_menus(self):
        self.begin()
        self.query(self.CODE + "Answers=1;2\n", ("*111#;1;2",))
        self.expect_ussd("*111#", {"say": "1 Balance\n2 Other", "answer": "1"},
                         {"say": "1 Voice\n2 Data", "answer": "2"}, {"say": "15.1 GB left"})
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 15_100_000_000)

    def test_a_menu_that_goes_on(self):
        """It is left, and nothing is chosen that nobody has confirmed."""
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.expect_ussd("*111#", {"say": "1 Balance\n2 Buy 1 month for 100", "answer": "1"},
                         {"say": "15.1 GB left"})
        self.assertEqual(self.ask(), "failed")
        self.assertIn("Answers", self.error())
        wait_for(lambda: not self.world.sim("messages")["in_dialogue"], "the end of the dialogue")
        self.assertEqual(self.reported()[0], False)
        self.assertIn("Buy 1 month", self.call("GetLastReply"))

    def test_failures(self):
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.expect_ussd("*111#", {"end": "unknown"})
        self.assertEqual(self.ask(), "failed")
        self.assertGreater(len(self.error()), 15)
        self.refused("TooSoon", self.call, "Query")

    def test_no_voice(self):
        self.has_voice = False
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.assertEqual(self.ask(), "failed")
        self.assertGreater(len(self.error()), 15)
        self.world.sim("radio", voice=True)
        self.restart()
        self.expect_ussd("*111#", {"say": "15.1 GB left"})
        self.assertEqual(self.ask(), "idle")  # nothing was sent before

    def test_where_it_must_not_be(self):
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.world.sim("roam", plmn="52503", name="M1")
        wait_for(lambda: self.world.get(self.sim, "Sim", "Roaming"), "roaming")
        self.refused("RoamingForbidden", self.call, "Query")
        self.world.sim("roam", plmn="44020", name="A partner at home")
        wait_for(lambda: not self.world.get(self.sim, "Sim", "Roaming"), "home")
        self.expect_ussd("*111#", {"say": "15.1 GB left"})
        self.assertEqual(self.ask(), "idle")

    def test_in_airplane_mode(self):
        """Nothing is tried, and nothing counts as tried."""
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.world.sim("roam", plmn="44010", registered=False)
        wait_for(lambda: not self.world.get(self.sim, "Sim", "NetworkPlmn"), "no network")
        self.assertIn("airplane", self.refused("NotPresent", self.call, "Query"))
        self.world.sim("roam", plmn="44010", name="Blue", roaming=False)
        wait_for(lambda: self.world.get(self.sim, "Sim", "NetworkPlmn"), "a network")
        self.expect_ussd("*111#", {"say": "15.1 GB left"})
        self.assertEqual(self.ask(), "idle")

    def test_answered_by_a_message(self):
        """The dialogue only says that one follows."""
        self.begin()
        self.query(self.CODE + "Senders=Carrier\n", ("*111#",))
        self.expect_ussd("*111#", {"say": "You will get an SMS shortly"})
        self.call("Query")
        self.wait_state("waiting")
        wait_for(lambda: "shortly" in self.call("GetLastReply"), "the end of the dialogue")
        self.world.sim("message", **reply("Other", "You have 1 GB left"))
        self.world.sim("message", **reply("Carrier", "You have 15.1 GB left"))
        self.wait_state("idle")
        self.assertEqual(self.remaining(), 15_100_000_000)

    def test_in_no_modem(self):
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.world.sim("swap", card=card(bus_case.OTHER))
        self.world.present("8810")
        self.refused("NotPresent", self.call, "Query")

    def test_restarted_on_the_way(self):
        """It was sent: it is not sent again."""
        self.begin()
        self.query(self.CODE, ("*111#",))
        self.expect_ussd("*111#", {"say": "15.1 GB left", "after": 30})
        self.call("Query")
        wait_for(lambda: self.world.sim("messages")["dialled"], "the code")
        self.restart()
        self.assertEqual(self.get("QueryState"), "failed")
        self.refused("TooSoon", self.call, "Query")
        self.assertEqual(len(self.world.sim("messages")["dialled"]), 1)


class Sms:
    TEXT = "Method=sms\nTo=111\nText=DATA\nSenders=Carrier;111\n"
    CONFIRMED = ("DATA", "111")
    LONG = ("Dear customer, " + "this is all that we have to say to you today. " * 7
            + "You have 12.34 GB left")

    def test_to_a_corrected_tally(self):
        self.begin(PLAN.replace("20GB", "1GB"))
        self.move(850_000_000)
        wait_for(lambda: "level" in self.standing(), "the level")
        self.query(self.TEXT, self.CONFIRMED)
        self.expect_sms(reply("Carrier", "You have 400 MB left", after=0.2))
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.reported(), (True, 400_000_000, 400_000_000))
        wait_for(lambda: "level" not in self.standing(), "the level to be cleared")
        self.assertEqual(self.call("GetLastReply"), "You have 400 MB left")
        self.assertEqual(self.sent(), [("111", "DATA")])
        self.refused("TooSoon", self.call, "Query")
        for secret in ("DATA", "You have", ICCID):
            self.assertNotIn(secret, self.world.log())

    def test_forged_foreign_and_duplicate(self):
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        self.expect_sms(reply("+819055555555", "You have 1 GB left"),
                        reply("Carrier", "You have 4 GB left", stamp="26010112000000"),
                        reply("Carrier2", "You have 2 GB left"),
                        reply("Carrier", "We are looking", after=0.1),
                        reply("Carrier", "You have 15.1 GB left", after=0.2, copies=3))
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 15_100_000_000)
        self.world.sim("message", **reply("Carrier", "You have 3 GB left"))
        self.move(1_000_000)
        self.assertEqual(self.remaining(), 15_099_000_000)
        events = self.world.call(self.sim, f"{BUS}.Plan", "ListEvents", "(tu)", 0, 0)
        self.assertEqual([e[2] for e in events].count("report"), 1)

    def test_in_parts_out_of_order(self):
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        self.expect_sms(reply("Carrier", self.LONG, parts=[3, 1, 2]))
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 12_340_000_000)
        self.assertEqual(self.call("GetLastReply"), self.LONG)

    def test_valid_for_days(self):
        """From the day on which it was said, in the plan's zone."""
        text = "You have 12.5 GB left, valid for 30 days"
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        ends = [31 + int(time.time()) // 86400]
        self.expect_sms(reply("Carrier", text))
        self.assertEqual(self.ask(), "idle")
        ends.append(31 + int(time.time()) // 86400)
        self.assertIn(self.get("ReportedExpiresAt"), [86400 * day for day in ends])

    def test_in_another_alphabet(self):
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        self.expect_sms(reply("111", "You have 12.5 GB left \u2603", alphabet="ucs2"))
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 12_500_000_000)

    def test_not_sent(self):
        """What did not leave the modem may be asked again."""
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        self.expect_sms(error="no centre")
        self.assertEqual(self.ask(), "failed")
        self.assertGreater(len(self.error()), 15)
        self.expect_sms(reply("Carrier", "You have 15.1 GB left"))
        self.assertEqual(self.ask(), "idle")

    def test_another_way(self):
        """USSD often fails where there is no voice."""
        self.has_voice = False
        self.begin()
        self.query("Method=ussd;sms\nCode=*111#\nTo=111\nText=DATA\n", ("*111#",),
                   self.CONFIRMED)
        self.expect_sms(reply("111", "You have 15.1 GB left"))
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 15_100_000_000)

    def test_only_what_was_confirmed(self):
        self.has_voice = False
        self.begin()
        self.query("Method=ussd;sms\nCode=*111#\nTo=111\nText=DATA\n", ("*111#",))
        self.assertEqual(self.ask(), "failed")
        self.assertEqual(self.sent(), [])

    def test_killed_while_it_waits(self):
        """The answer that came meanwhile is found, and nothing is sent again."""
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        self.expect_sms()
        self.call("Query")
        self.wait_state("waiting")
        self.world.stop_daemon(signal.SIGKILL)
        self.world.sim("message", **reply("Carrier", "You have 15.1 GB left"))
        self.world.start_daemon()
        self.sim = self.world.present(ICCID[-4:])
        self.wait_state("idle")
        self.assertEqual(self.remaining(), 15_100_000_000)
        self.assertEqual(self.sent(), [("111", "DATA")])
        self.refused("TooSoon", self.call, "Query")

    def test_other_messages_are_left_alone(self):
        """They are neither read, nor deleted, nor marked, and nothing of them is kept."""
        self.begin()
        self.query(self.TEXT, self.CONFIRMED)
        self.world.sim("message", **reply("Friend", "You owe me 7 GB left"))
        self.expect_sms(reply("Carrier", "You have 15.1 GB left"))
        self.assertEqual(self.ask(), "idle")
        self.assertEqual(self.remaining(), 15_100_000_000)
        self.assertNotIn("owe", self.call("GetLastReply"))
        self.assertEqual(len(self.world.sim("messages")["stored"]), 2)


class QmiSms(Sms, RadioCase):
    pass


class MbimSms(Sms, RadioCase):
    protocol = "mbim"


class QmiUssd(Ussd, RadioCase):
    pass


class MbimUssd(Ussd, RadioCase):
    protocol = "mbim"


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    bus_case.main()
