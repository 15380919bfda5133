#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what `meson test` wrote to FOLDER: a line per test, "OK BAD" in FOLDER/counts, and what
failed with its reason in FOLDER/failures.

A skipped test is bad, and so is a run without any test.
"""

import json
import pathlib
import re
import sys


REASON = re.compile(r"(FAIL|ERROR): |not ok |Bail out!|(\w+\.)*\w*Error\b|==\d+==ERROR")
MOST_REASONS = 12


def reasons(test: dict) -> list[str]:
    """The lines of its output that say what failed, as unittest, TAP and the sanitizers do."""
    lines = (test.get("stdout", "") + "\n" + test.get("stderr", "")).splitlines()
    return [line[:200] for line in lines if REASON.match(line)][:MOST_REASONS]


def main() -> int:
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    ok = bad = 0
    failures = []
    for log in folder.glob("testlog*.json"):
        for line in log.read_text().splitlines():
            test = json.loads(line)
            good = test["result"] == "OK"
            ok += good
            bad += not good
            label = re.sub(r"^simtally[:/ ]+", "", test["name"])
            print(f"{'ok     ' if good else 'FAILED '} {label} ({name}, {test['duration']:.1f} s)"
                  + ("" if good else f": {test['result']}"))
            if not good:
                failures += [f"{label} ({name}): {test['result']}",
                             *("        " + reason for reason in reasons(test))]
    if ok + bad == 0:
        failures.append(f"{name}: no test ran")
        print("FAILED  " + failures[0])
        bad = 1
    (folder / "failures").write_text("".join(line + "\n" for line in failures))
    (folder / "counts").write_text(f"{ok} {bad}\n")
    return 0


sys.exit(main())
