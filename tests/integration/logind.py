#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The part of logind that gives delay locks. Says "taken WHO" and "released"; is told to "sleep" and
to "wake" on its standard input."""

import os
import sys

from gi.repository import Gio, GLib

NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
XML = """<node><interface name="org.freedesktop.login1.Manager">
  <method name="Inhibit"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="h" direction="out"/></method>
  <signal name="PrepareForSleep"><arg type="b"/></signal>
</interface></node>"""


def say(text):
    print(text, flush=True)


def on_released(fd, _condition):
    os.close(fd)
    say("released")
    return GLib.SOURCE_REMOVE


def on_call(_connection, _sender, _path, _interface, _method, arguments, invocation):
    what, who, _why, mode = arguments.unpack()
    if (what, mode) != ("sleep", "delay"):
        invocation.return_dbus_error(f"{NAME}.Refused", f"{what} {mode}")
        return
    ours, theirs = os.pipe()
    GLib.unix_fd_add_full(0, ours, GLib.IOCondition.HUP, on_released)
    fds = Gio.UnixFDList.new()
    fds.append(theirs)
    os.close(theirs)
    say(f"taken {who}")
    invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), fds)


def on_input(_fd, _condition, connection):
    word = sys.stdin.readline().strip()
    if not word:
        loop.quit()
        return GLib.SOURCE_REMOVE
    connection.emit_signal(None, PATH, f"{NAME}.Manager", "PrepareForSleep",
                           GLib.Variant("(b)", (word == "sleep",)))
    return GLib.SOURCE_CONTINUE


loop = GLib.MainLoop()
bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], on_call, None, None)
Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: say("ready"), None)
GLib.unix_fd_add_full(0, 0, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_input, bus)
loop.run()
