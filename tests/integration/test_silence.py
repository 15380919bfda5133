#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What was sent, and is not heard of any more: nobody knows whether it got there. It is told so,
once, after as long as a network may take; and what comes after all that changes nothing."""

import unittest

import harness
from harness import wait_for
from test_radio import CARRIER, REPLY, SIM, Talker, submit

PROTOCOLS = ("qmi", "mbim")
SEND = {"qmi": ("WMS", 0x20), "mbim": ("sms", 3)}


class Silence(harness.TestCase):
    """All at once, for it takes two minutes."""

    def test_silence(self):
        w = self.world
        messages, codes = [], []
        for index, protocol in enumerate(PROTOCOLS * 2):
            w.add_modem(SIM, protocol=protocol)
            talker = Talker(w, [*harness.WRAP, str(harness.BUILD / "tests/radio-probe")], "opened",
                            index, protocol)
            self.addCleanup(talker.close)
            (messages if index < 2 else codes).append((index, protocol, talker))

        for index, protocol, talker in messages:
            service, message = SEND[protocol]
            w.sim("expect_sms", modem=index, to=CARRIER, text="DATA")
            w.sim("hold", modem=index, service=service, message=message)
            talker(f"send {submit(CARRIER, 'DATA')}")
        for index, _protocol, talker in codes:
            w.sim("expect_ussd", modem=index, code="*123#", steps=[{"end": "silent"}])
            talker("ussd *123#")

        for index, _protocol, talker in messages:
            talker.expect("sent Connection timed out: The modem did not answer; it may have been",
                          timeout=180)
            w.sim("release", modem=index)  # too late
            w.sim("expect_ussd", modem=index, code="*1#", steps=[{"say": REPLY}])
            talker("ussd *1#")
            talker.expect("ussd ok: " + REPLY)
            self.assertEqual(talker.rest(), [])
            self.assertEqual(w.sim("messages", modem=index)["sent"], [[CARRIER, "DATA"]])

        for index, _protocol, talker in codes:
            talker.expect("ussd Connection timed out: The network did not answer", timeout=240)
            wait_for(lambda index=index: not w.sim("messages", modem=index)["in_dialogue"],
                     "the dialogue to be cancelled")
            self.assertEqual(talker.rest(), [])
            self.assertEqual(w.sim("messages", modem=index)["dialled"], ["*123#"])


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main()
