#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what `meson test` wrote to FOLDER: a line per test, and "OK BAD" in FOLDER/counts.

A skipped test is bad, and so is a run without any test.
"""

import json
import pathlib
import re
import sys


def main() -> int:
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    ok = bad = 0
    for log in folder.glob("testlog*.json"):
        for line in log.read_text().splitlines():
            test = json.loads(line)
            good = test["result"] == "OK"
            ok += good
            bad += not good
            label = re.sub(r"^simtally[:/ ]+", "", test["name"])
            print(f"{'ok     ' if good else 'FAILED '} {label} ({name}, {test['duration']:.1f} s)"
                  + ("" if good else f": {test['result']}"))
    if ok + bad == 0:
        print(f"FAILED  {name}: no test ran")
        bad = 1
    (folder / "counts").write_text(f"{ok} {bad}\n")
    return 0


sys.exit(main())
