# SPDX-License-Identifier: LGPL-2.1-or-later
"""A screen that nobody sees, with dunst on it, and a mouse."""

from __future__ import annotations

import os
import pathlib
import subprocess
from typing import Any

import harness
from harness import wait_for

SIZE = "640x300"
MARGIN = 12

CONFIG = """[global]
  font = {font}
  width = 560
  offset = 20x20
  frame_width = 1
  corner_radius = 6
  padding = 12
  horizontal_padding = 14
  progress_bar_height = 8
  progress_bar_max_width = 560
  icon_position = off
  markup = full
  format = "<b>%s</b>\\n%b"
  dmenu = {menu}
  mouse_middle_click = context
  show_indicators = no
[urgency_low]
  background = "#f4f6fa"
  foreground = "#1e2430"
  frame_color = "#8a93a6"
  timeout = 0
[urgency_normal]
  background = "#f4f6fa"
  foreground = "#1e2430"
  frame_color = "#8a93a6"
  highlight = "#c77700"
  timeout = 0
[urgency_critical]
  background = "#f4f6fa"
  foreground = "#1e2430"
  frame_color = "#b3261e"
  highlight = "#b3261e"
  timeout = 0
"""

# What dunst asks when a notification has several actions: it takes the line that was chosen before.
MENU = """#!/bin/sh
cat >{folder}/menu.lines
grep -F -f {folder}/choice {folder}/menu.lines | head -n 1
"""


class Screen:
    """Xvfb and dunst; dunst prints what it shows."""

    def __init__(self, folder: pathlib.Path, environment: dict[str, str], font: str = "Sans 11",
                 menu: str = MENU):
        self.folder, self.choice = folder, folder / "choice"
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE + "x24", "-noreset",
             "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=harness.die_with_parent)
        os.close(write)
        with open(read) as number:
            display = number.readline().strip()
        if not display:
            raise AssertionError("Xvfb did not start")
        program, config = folder / "menu", folder / "dunstrc"
        program.write_text(menu.format(folder=folder))
        program.chmod(0o755)
        config.write_text(CONFIG.format(menu=program, font=font))
        self.environment = os.environ | environment | {"DISPLAY": f":{display}", "HOME": str(folder)}
        self.environment.pop("LD_PRELOAD", None)
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.log = folder / "dunst.log"
        with open(self.log, "ab") as log:
            self.dunst = subprocess.Popen(["dunst", "-config", str(config), "-print"], stdout=log,
                                          stderr=log, env=self.environment,
                                          preexec_fn=harness.die_with_parent)

    def run(self, *words: str, **more: Any) -> str:
        return subprocess.run(words, env=self.environment, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, timeout=60, **more).stdout

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def window(self, of: str = "Dunst") -> dict[str, int] | None:
        """Where the notifications are; None while there are none."""
        found = self.run("xdotool", "search", "--onlyvisible", "--class", of).split()
        if not found:
            return None
        text = self.run("xdotool", "getwindowgeometry", "--shell", found[0])
        return {k: int(v) for k, v in (line.split("=") for line in text.split())}

    def is_still(self) -> bool:
        """Nothing was drawn between two looks."""
        looks = [subprocess.run(["import", "-window", "root", "ppm:-"], env=self.environment,
                                stdout=subprocess.PIPE, timeout=60, check=True).stdout
                 for _ in range(2)]
        return looks[0] == looks[1]

    def picture(self, file: pathlib.Path, *around: dict[str, int]) -> None:
        """Of these windows, with a margin."""
        left, top = (min(w[k] for w in around) - MARGIN for k in "XY")
        right = max(w["X"] + w["WIDTH"] for w in around) + MARGIN
        bottom = max(w["Y"] + w["HEIGHT"] for w in around) + MARGIN
        self.run("import", "-window", "root", "-crop",
                 f"{right - left}x{bottom - top}+{left}+{top}", "+repage", str(file))

    def click(self, choice: str) -> None:
        """Asks for the menu of actions, and takes one."""
        self.choice.write_text(choice + "\n")
        w = wait_for(self.window, "a notification")
        self.run("xdotool", "mousemove", str(w["X"] + w["WIDTH"] // 2),
                 str(w["Y"] + w["HEIGHT"] // 2), "click", "2")

    def close(self) -> None:
        harness.end(self.dunst)
        harness.end(self.server)
