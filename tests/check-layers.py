#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Fails when a source file includes, or calls, what its layer may not know.

    main -> bus -> manager -> { account -> ledger, journal ; meter -> link, modem } -> lib

Includes point down, each outside library is known to one part only, and only clock.c asks what time
it is. Tries itself out as well: in a copy of the tree, a bad line of every sort must be found.
"""

from __future__ import annotations

import pathlib
import re
import shutil
import sys
import tempfile

FOLDERS = ("lib", "daemon", "dbus", "client")

# The daemon's parts (a part is all files that begin with its name), and which others each may
# include. What is not listed here is found by the check.
PARTS = {
    "main": {"bus", "manager", "ledger", "journal", "ports", "config", "hook", "clock", "crash",
             "log"},
    "bus": {"polkit", "manager", "preset", "carrier", "account", "meter", "modem"},
    "polkit": set(),
    "manager": {"carrier", "meter", "account", "ledger", "journal", "link", "modem", "ports", "preset",
                "hook", "config", "clock", "crash"},
    "carrier": {"ledger"},
    "meter": {"account", "ledger", "link", "modem", "clock"},
    "account": {"ledger", "journal", "modem", "clock"},
    "ports": {"modem"},
    "config": {"modem"},
    "preset": set(),
    "hook": set(),
    "ledger": set(),
    "journal": set(),
    "link": {"clock"},
    "modem": {"clock"},
    "clock": set(),
    "crash": set(),
    "log": {"clock"},
}

# Which files know an outside library: headers that begin like this, only in files that match.
LIBRARIES = {
    "sqlite3.h": r"daemon/ledger",
    "libqmi-glib.h": r"daemon/modem-qmi",
    "libqrtr-glib.h": r"daemon/modem-qmi",
    "libmbim-glib.h": r"daemon/modem-mbim",
    "libmnl/": r"daemon/link",
    "linux/rtnetlink.h": r"daemon/link",
    "gudev/": r"daemon/ports\.c",
    "systemd/sd-bus": r"daemon/(bus|polkit)|dbus/|client/",
    "systemd/sd-daemon.h": r"daemon/main\.c|client/",
}

# The library has GLib's plain types and the C library's arithmetic: no I/O but to clean up after it.
LIB_HEADERS = {
    "glib.h", "assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdarg.h",
    "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h", "unistd.h",
    "wchar.h",
}

WALL_CLOCK = re.compile(
    r"\b(g_get_real_time|g_date_time_new_now\w*|gettimeofday|timespec_get|time)\s*\("
    r"|\bclock_gettime\s*\(\s*CLOCK_REALTIME")
ANY_CLOCK = re.compile(WALL_CLOCK.pattern + r"|\b(g_get_monotonic_time|clock_gettime)\s*\(")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                               re.DOTALL)


def part_of(name: str) -> str | None:
    """The part that a file of the daemon belongs to: the word before the first hyphen or dot."""
    word = re.split(r"[-.]", name)[0]
    return word if word in PARTS else None


class Checker:
    def __init__(self, root: pathlib.Path):
        self.root = root
        self.complaints: list[str] = []
        self.files = sorted(file for folder in FOLDERS
                            for file in (root / folder).glob("**/*.[ch]"))
        self.homes: dict[str, str] = {}  # header -> the folder that it is in
        for file in self.files:
            if file.suffix == ".h":
                self.homes[file.name] = file.relative_to(root).parts[0]

    def check(self) -> list[str]:
        for file in self.files:
            name = file.relative_to(self.root)
            self.folder = name.parts[0]
            self.name = str(name)
            text = file.read_text()
            if self.folder == "daemon" and not part_of(name.name):
                self.complain("belongs to no part that tests/check-layers.py knows")
            for own, foreign in INCLUDE.findall(text):
                if own:
                    self.check_own(own)
                else:
                    self.check_foreign(foreign)
            self.check_clock(text)
        return self.complaints

    def complain(self, what: str) -> None:
        self.complaints.append(f"{self.name}: {what}")

    def check_own(self, header: str) -> None:
        home = self.homes.get(header)
        if home is None:
            self.complain(f"{header} is in none of {', '.join(FOLDERS)}")
        elif home == "dbus":
            self.check_foreign(f"systemd/sd-bus ({header})")
        elif home == "daemon":
            self.check_part(header)
        elif home == "client" and self.folder != "client":
            self.complain(f"{header} is the client's")

    def check_part(self, header: str) -> None:
        if self.folder != "daemon":
            self.complain(f"{header} is the daemon's")
            return
        part, other = part_of(pathlib.Path(self.name).name), part_of(header)
        if part and other and part != other and other not in PARTS[part]:
            self.complain(f"{part} may not know {header}")

    def check_foreign(self, header: str) -> None:
        if self.folder == "lib" and header not in LIB_HEADERS:
            self.complain(f"lib/ may not know {header}")
            return
        for library, files in LIBRARIES.items():
            if header.startswith(library) and not re.match(files, self.name):
                self.complain(f"only {files} may know {header}")

    def check_clock(self, text: str) -> None:
        code = COMMENT_OR_STRING.sub(" ", text)
        if self.name == "daemon/clock.c" or self.folder == "client":
            return
        found = (ANY_CLOCK if self.folder == "lib" else WALL_CLOCK).search(code)
        if found:
            self.complain(f"only daemon/clock.c and client/ may ask {found.group().rstrip(' (')}")


# What must be found: a line that is put into a file, and a word of the complaint.
BAD_LINES = [
    ("lib/calendar.c", "#include <gio/gio.h>", "gio/gio.h"),
    ("lib/calendar.h", "#include <sqlite3.h>", "sqlite3.h"),
    ("lib/utf8.c", '#include "ledger.h"', "daemon's"),
    ("lib/utf8.c", '#include "bus-source.h"', "bus-source.h"),
    ("lib/counter.c", "int64_t t = g_get_monotonic_time();", "g_get_monotonic_time"),
    ("daemon/account.c", "#include <sqlite3.h>", "sqlite3.h"),
    ("daemon/account.c", '#include "meter.h"', "account may not know meter.h"),
    ("daemon/account.c", "  #  include  \"manager.h\"", "account may not know manager.h"),
    ("daemon/ledger.c", '#include "account.h"', "ledger may not know account.h"),
    ("daemon/ledger.c", '#include "clock.h"', "ledger may not know clock.h"),
    ("daemon/manager.c", '#include "bus.h"', "manager may not know bus.h"),
    ("daemon/manager.c", "#include <systemd/sd-bus.h>", "sd-bus.h"),
    ("daemon/manager.c", "#include <libqmi-glib.h>", "libqmi-glib.h"),
    ("daemon/meter.c", '#include "bus-cleanup.h"', "bus-cleanup.h"),
    ("daemon/meter.c", "#include <libmnl/libmnl.h>", "libmnl"),
    ("daemon/meter.c", "long now = time (NULL);", "time"),
    ("daemon/link.c", "#include <gudev/gudev.h>", "gudev"),
    ("daemon/modem.c", '#include "meter.h"', "modem may not know meter.h"),
    ("daemon/bus-sim.c", '#include "ledger.h"', "bus may not know ledger.h"),
    ("daemon/bus.c", "x = g_get_real_time();", "g_get_real_time"),
    ("daemon/bus.c", "r = clock_gettime(CLOCK_REALTIME, &t);", "CLOCK_REALTIME"),
    ("daemon/bus.c", '#include "nowhere.h"', "nowhere.h"),
    ("daemon/gadget.c", "#include <glib.h>", "belongs to no part"),
    ("dbus/bus-source.c", '#include "manager.h"', "daemon's"),
    ("client/gadget.c", '#include "manager.h"', "daemon's"),
]

GOOD_LINES = [
    ("daemon/bus.c", "/* g_get_real_time() is not for us */"),
    ("daemon/bus.c", 'const char *hint = "use time(NULL)";'),
    ("daemon/link.c", "r = clock_gettime(CLOCK_BOOTTIME, &t);"),
    ("daemon/manager.c", "int64_t restart_time(int a);"),
    ("daemon/ledger-gadget.c", "#include <sqlite3.h>"),
    ("client/gadget.c", "#include <systemd/sd-bus.h>"),
]


def complaints_with(root: pathlib.Path, name: str, line: str) -> list[str]:
    """The complaints about the tree, with a line put into a file."""
    file = root / name
    before = file.read_text() if file.exists() else None
    file.write_text((before or "") + "\n" + line + "\n")
    try:
        return Checker(root).check()
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before)


def try_out(root: pathlib.Path) -> list[str]:
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        for name in FOLDERS:
            shutil.copytree(root / name, copy / name)
        for name, line, word in BAD_LINES:
            found = complaints_with(copy, name, line)
            if not any(c.startswith(name + ":") and word in c for c in found):
                failures.append(f"not found: {line!r} in {name}")
        for name, line in GOOD_LINES:
            found = complaints_with(copy, name, line)
            if any(c.startswith(name + ":") for c in found):
                failures.append(f"wrongly refused: {line!r} in {name}: {found}")
    return failures


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    checker = Checker(root)
    complaints = checker.check()
    if len(checker.files) < 10:
        complaints.append(f"only {len(checker.files)} files were found")
    failures = complaints or try_out(root)
    for line in failures:
        print(line)
    if not failures:
        print(f"{len(checker.files)} files, {len(BAD_LINES) + len(GOOD_LINES)} trials: well layered")
    return 1 if failures else 0


sys.exit(main())
