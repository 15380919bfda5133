#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Notification servers that can do less, refuse, and restart, as python3-dbusmock plays them."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from case import BEGUN, EXPIRES, LAST_LEVEL, LEVEL, USED_UP, WORK, NotifyCase, low  # noqa: E402
from desk import NAME, SERVER_PATH, GLib, harness, wait_for  # noqa: E402
from fake import at  # noqa: E402

ALL = ("actions", "body", "body-markup")

# Of the notifications that it is given, the first ones are too many for it, as KDE says of repeats.
REFUSAL = """
self.n_refused = getattr(self, "n_refused", 0) + 1
if self.n_refused <= {n}:
    raise dbus.exceptions.DBusException(
        "Repeated", name="org.freedesktop.Notifications.Error.ExcessNotificationGeneration")
ret = self.next_id
self.next_id += 1
"""


class Mock:
    """A server in a process of its own, which tells everyone on the bus what happens."""

    def __init__(self, test, abilities=ALL):
        self.connection = test.desk.connect()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--session", "-t", "notification_daemon",
             "-p", json.dumps({"capabilities": " ".join(abilities)})],
            stdout=subprocess.DEVNULL, preexec_fn=harness.die_with_parent,
            env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": test.desk.address})
        test.addCleanup(self.leave)
        wait_for(lambda: NAME in test.desk.names(), "the mock")

    def leave(self):
        harness.end(self.process)

    def mock(self, method, signature, *arguments):
        return self.connection.call_sync(
            NAME, SERVER_PATH, "org.freedesktop.DBus.Mock", method,
            GLib.Variant(signature, arguments), None, 0, 30000, None).unpack()

    def refuse(self, n):
        self.mock("AddMethod", "(sssss)", NAME, "Notify", "susssasa{sv}i", "u",
                  REFUSAL.format(n=n))

    def calls(self, method):
        return [arguments for _, arguments in self.mock("GetMethodCalls", "(s)", method)[0]]

    def shown(self):
        return [{"replaces": replaces, "title": title, "body": body, "actions": actions[::2]}
                for _, replaces, _, title, body, actions, _, _ in self.calls("Notify")]

    def wait(self, n=1):
        """The last one, once there were so many."""
        return wait_for(lambda: len(shown := self.shown()) >= n and shown, f"notification {n}")[-1]

    def click(self, number, action):
        self.mock("EmitSignal", "(sssav)", NAME, "ActionInvoked", "us",
                  [GLib.Variant("u", number), GLib.Variant("s", action)])


class Servers(NotifyCase):
    def test_without_markup(self):
        self.begin(EXPIRES, BEGUN | {"Bucket": "<i>&x"}, server=Mock(self, ("body", "actions")))
        self.assertIn("Also: <i>&x has begun", self.server.wait()["body"])

    def test_without_actions_or_body(self):
        self.begin(USED_UP, server=Mock(self, ("sound",)))
        said = self.server.wait()
        self.assertEqual((said["actions"], said["body"]), ([], ""))
        self.assertEqual(said["title"], "Work SIM: 20 GB used up By our count. The plan slows to "
                                        "300 kbit/s until 15 Dec 00:00.")

    def test_clicked_where_all_are_told(self):
        self.begin(LEVEL, server=Mock(self))
        self.assertEqual(self.server.wait()["actions"], ["top-up", "topped-up", "tomorrow"])
        self.server.click(2, "tomorrow")  # of another program
        self.server.click(1, "tomorrow")
        wait_for(lambda: self.desk.fake.calls, "the call")
        self.assertEqual(self.desk.fake.calls, [("SnoozeAlert", 12, at("2026-11-25 09:00"))])

    def test_restarts(self):
        """What was on its screen, and stands, is shown by the new one, whose numbers begin anew."""
        self.begin(LEVEL, server=Mock(self))
        self.server.wait()
        self.server.leave()
        self.server = Mock(self)
        said = self.server.wait()
        self.assertEqual((said["title"], said["replaces"]), ("Work SIM: 3.6 GB left", 0))
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        self.assertEqual(self.server.wait(2)["replaces"], 1)
        self.now(cleared=(13,))
        wait_for(lambda: self.server.calls("CloseNotification") == [[1]], "it to be closed")
        self.assertEqual(len(self.server.shown()), 2)

    def test_another_can_less(self):
        self.begin(LEVEL, server=Mock(self))
        self.server.wait()
        self.server.leave()
        self.server = Mock(self, ("body",))
        self.assertEqual(self.server.wait()["actions"], [])

    def test_comes_later(self):
        self.desk.fake.add(WORK, low(), [LEVEL])
        self.desk.start()
        self.desk.wait_agent()
        Mock(self).wait()

    def test_repeats_are_refused(self):
        server = Mock(self)
        server.refuse(2)
        self.begin(LEVEL, server=server)
        self.assertEqual(server.wait(3), server.shown()[0])
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        self.assertEqual(server.wait(4)["replaces"], 1)  # it knows that the third one was taken

    def test_all_is_refused(self):
        """It is given up, until there is something else to say."""
        server = Mock(self)
        server.refuse(3)
        self.begin(LEVEL, server=server)
        server.wait(3)
        self.now(LAST_LEVEL, raised=(13,), cleared=(12,))
        said = server.wait(4)
        self.assertEqual((said["title"], said["replaces"]), ("Work SIM: 900 MB left", 0))


if __name__ == "__main__":
    harness.enter_namespace()
    unittest.main(verbosity=2)
