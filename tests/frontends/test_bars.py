#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real bars, with the snippets of data/examples, fed by the real daemon and a simulated modem.

What a bar draws is held against what it draws of a text that is known: both stand in one picture.
With PICTURES=FOLDER the pictures are kept there."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tomllib
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "integration"))

import harness  # noqa: E402
from harness import BUILD, SOURCE, card, wait_for  # noqa: E402
from pointer import Pointer  # noqa: E402

EXAMPLES = SOURCE / "data/examples"
SIM = card("8981100000000007719", operator="NTT DOCOMO", home="44010")
AMBER, RED = (0xe5, 0xa5, 0x0a), (0xe0, 0x1b, 0x24)
CELL = 260  # columns of a picture in which a text stands
FONT = "DejaVu Sans Mono"

# State, and the text in the bar, in the order in which they come.
STATES = [("ok", "9.5 MB"), ("low", "1.5 MB !"), ("throttled", "128k"), ("expired", "expired")]
COLORS = {"ok": None, "low": AMBER, "throttled": AMBER, "expired": RED}


class Picture:
    """Rows of pixels, read from a PPM."""

    def __init__(self, data):
        head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", data)
        self.width, self.height = int(head[1]), int(head[2])
        self.data = data[head.end():]

    def crop(self, x, y, width, height):
        return [self.data[3 * (row * self.width + x):3 * (row * self.width + x + width)]
                for row in range(y, y + height)]


def has_color(rows, color):
    """Nearly: of thin lines, no pixel is quite the text's own colour."""
    return any(max(abs(row[i + j] - color[j]) for j in range(3)) < 24
               for row in rows for i in range(0, len(row), 3))


def is_blank(rows):
    return len({row[i:i + 3] for row in rows for i in range(0, len(row), 3)}) < 2


def is_alive(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def descendants(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return children + [other for child in children for other in descendants(child)]


class Bars(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.directory = self.world.directory
        self.reference = self.directory / "reference"
        self.reference.write_text("")
        self.clicked = self.directory / "clicked"
        self.write_program("simtally-notify", f'echo "$@" >{self.clicked}.new\n'
                                              f'mv {self.clicked}.new {self.clicked}')
        os.environ["PATH"] = f"{self.directory}/bin:{BUILD / 'client'}:{os.environ['PATH']}"
        for name in ("XDG_RUNTIME_DIR", "HOME"):
            os.environ[name] = str(self.directory)
        self.directory.chmod(0o700)
        self.world.add_modem(SIM)
        self.world.start_daemon()
        self.path = self.world.present("7719")
        self.moved = 0
        self.shown = None
        self.world.sim("connect")
        self.world.wait_state("connected")

    def leave(self):
        log = self.directory / "bars.log"
        if harness.has_failed(self) and log.exists():
            print(log.read_text(errors="replace")[-3000:], file=sys.stderr)
        super().leave()

    def write_program(self, name, script):
        program = self.directory / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def start(self, *words, **more):
        log = open(self.directory / "bars.log", "ab")
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                   stdout=more.pop("stdout", log), stderr=log,
                                   preexec_fn=harness.die_with_parent,
                                   env=os.environ | more.pop("environment", {}), **more)
        log.close()
        self.addCleanup(harness.end, process)
        return process

    def start_in_session(self, *words, **more):
        """With a session bus, and with an end for all that is started over that."""
        process = self.start("unshare", "--pid", "--fork", "--kill-child", "dbus-run-session",
                             "--", *words, **more)
        self.addCleanup(process.kill)  # which takes the others along; it does not heed SIGTERM

    def plan(self, *words):
        subprocess.run([str(BUILD / "client/simtally"), "plan", "set", "-y", *words], check=True,
                       stdout=subprocess.DEVNULL, timeout=60)

    def move(self, size):
        self.moved += size
        self.world.sim("move", rx=size, tx=0)
        self.world.expect_bytes(self.path, (self.moved, 0))

    def enter(self, state):
        if state == "ok":
            self.plan("10MB", "then", "128kbit/s")
            self.move(500_000)
        elif state == "low":
            self.move(8_000_000)
        elif state == "throttled":
            self.move(2_000_000)
        else:
            self.plan("10MB", "from", "2020-01-01", "until", "2020-02-01")
        wait_for(lambda: self.world.get(self.path, "Plan", "State") == state, state)

    def refer(self, text, **more):
        """What the other half of the bar shows: a line of a file that is followed."""
        with open(self.reference, "a") as file:
            file.write((text if isinstance(text, str) else json.dumps(text | more)) + "\n")

    def differ(self, shoot, cells):
        """Once both halves have begun: they must not be alike in that there is nothing yet."""
        def look():
            picture = shoot()
            real, reference = (picture.crop(*cell) for cell in cells)
            return real != reference and not is_blank(real) and not is_blank(reference)
        wait_for(look, "both bars to begin")

    def same(self, shoot, cells, color, name):
        """Both halves show the same, in that colour, and something else than before."""
        def look():
            picture = shoot()
            real, reference = (picture.crop(*cell) for cell in cells)
            if "PICTURES" in os.environ:
                target = pathlib.Path(os.environ["PICTURES"]) / f"{name}.ppm"
                target.write_bytes(b"P6 %d %d 255\n" % (picture.width, picture.height)
                                   + picture.data)
            is_it = (real == reference and not is_blank(real) and real != self.shown
                     and (color is None or has_color(real, color)))
            return real if is_it else None
        self.shown = wait_for(look, f"{name} to show it")

    # --- waybar

    def start_sway(self):
        config = self.directory / "sway"
        config.write_text("output HEADLESS-1 resolution 800x60 bg #1e2430 solid_color\n")
        # Nobody who could be root again: sway refuses that.
        self.start("unshare", "-U", "--map-user=1000", "--map-group=1000", "sway", "-c",
                   str(config), environment={"WLR_BACKENDS": "headless",
                                             "WLR_LIBINPUT_NO_DEVICES": "1",
                                             "WLR_RENDERER": "pixman"})
        return wait_for(lambda: next((s.name for s in self.directory.glob("wayland-?")), None),
                        "sway")

    def test_waybar(self):
        os.environ["WAYLAND_DISPLAY"] = self.start_sway()
        text = re.sub(r"^//.*\n", "", (EXAMPLES / "waybar.jsonc").read_text())
        config = json.loads(text)
        config["modules-left"] = config.pop("modules-right") + ["custom/reference"]
        config["custom/reference"] = config["custom/simtally"] | {
            "exec": f"tail -n +1 -f {self.reference}"}
        (self.directory / "config").write_text(json.dumps(config | {"height": 30}))
        style = (EXAMPLES / "waybar.css").read_text()
        style += style.replace("#custom-simtally", "#custom-reference")
        style += "window#waybar { background: #1e2430; color: #e4e8f0; }"
        style += f"* {{ font-family: '{FONT}'; border-radius: 0; min-width: 0; min-height: 0; }}"
        style += f"#custom-simtally, #custom-reference {{ min-width: {CELL - 16}px; }}"
        (self.directory / "style").write_text(style)
        self.refer({"text": "?"})
        self.start_in_session("waybar", "-c", str(self.directory / "config"), "-s",
                              str(self.directory / "style"))

        def shoot():
            return Picture(subprocess.run(["grim", "-t", "ppm", "-"], check=True, timeout=60,
                                          stdout=subprocess.PIPE).stdout)

        cells = [(0, 0, CELL, 30), (CELL, 0, CELL, 30)]
        self.differ(shoot, cells)
        for state, text in STATES:
            self.enter(state)
            self.refer({"text": text, "class": [state]})
            self.same(shoot, cells, COLORS[state], f"waybar-{state}")

        pointer = Pointer()
        self.addCleanup(pointer.close)
        wait_for(lambda: pointer.click(20, 12, 800, 60) or self.clicked.exists(),
                 "the click to be heard")  # once the bar has seen that there is a pointer now
        self.assertEqual(self.clicked.read_text(), "--show\n")

    # --- X

    def start_x(self):
        """Which does not begin anew, and drop who comes just then, when its last client leaves."""
        read, write = os.pipe()
        self.start("Xvfb", "-displayfd", str(write), "-screen", "0", "800x120x24", "-noreset",
                   "-nolisten", "tcp", pass_fds=[write])
        os.close(write)
        with open(read) as number:
            os.environ["DISPLAY"] = f":{int(number.readline())}"

    @staticmethod
    def shoot_x():
        return Picture(subprocess.run(["import", "-window", "root", "-depth", "8", "ppm:-"],
                                      check=True, timeout=60, stdout=subprocess.PIPE).stdout)

    def click(self, x, y):
        """What is left on all SIMs is shown."""
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True,
                       timeout=60)
        wait_for(self.clicked.exists, "the click to be heard")
        self.assertEqual(self.clicked.read_text(), "--show\n")

    def test_polybar(self):
        self.start_x()
        bar = ("width = 100%\nheight = 24\nbackground = #1e2430\nforeground = #e4e8f0\n"
               f"font-0 = {FONT}:size=10;2\noverride-redirect = true\n")
        config = self.directory / "polybar.ini"
        config.write_text(
            f"[bar/real]\n{bar}modules-left = simtally\n"
            f"[bar/reference]\n{bar}bottom = true\nmodules-left = reference\n"
            + (EXAMPLES / "polybar.ini").read_text()
            + "[module/reference]\ntype = custom/script\ntail = true\n"
              f"exec = tail -n +1 -f {self.reference}\n")
        self.refer("?")
        for name in ("real", "reference"):
            self.start("polybar", "-c", str(config), name)
        cells = [(0, 0, CELL, 24), (0, 96, CELL, 24)]
        self.differ(self.shoot_x, cells)
        for state, text in STATES:
            self.enter(state)
            color = COLORS[state]
            self.refer("%{{F#{}}}{}%{{F-}}".format(bytes(color).hex(), text) if color else text)
            self.same(self.shoot_x, cells, color, f"polybar-{state}")
        self.click(20, 12)

    def test_i3bar(self):
        self.start_x()
        bar = (f"font pango:{FONT} 10\n tray_output none\n workspace_buttons no\n")
        example = (EXAMPLES / "i3.conf").read_text()
        config = self.directory / "i3.conf"
        config.write_text(
            "# i3 config file (v4)\n"
            + example.replace("bar {", f"bar {{\n position top\n {bar}")
            + f"bar {{\n position bottom\n {bar} status_command tail -n +1 -f {self.reference}\n}}")
        self.refer('{"version":1}\n[\n[{"full_text":"?"}]')
        self.start("i3", "-c", str(config))
        cells = [(800 - CELL, 0, CELL, 24), (800 - CELL, 96, CELL, 24)]
        self.differ(self.shoot_x, cells)
        for state, text in STATES:
            self.enter(state)
            color = COLORS[state]
            block = {"full_text": text, "urgent": state == "expired"}
            self.refer("," + json.dumps([block | ({"color": "#" + bytes(color).hex()}
                                                  if color else {})]))
            self.same(self.shoot_x, cells, None if block["urgent"] else color,  # in its own colours
                      f"i3bar-{state}")

    def test_yambar(self):
        self.start_x()
        example = (EXAMPLES / "yambar.yml").read_text()
        example = example.replace("right:", f"font: {FONT}:bold:pixelsize=14\n  left:")
        reference = example.replace("location: top", "location: bottom").replace(
            "args: [simtally, status, --follow, -o, yambar]",
            f'args: [tail, -n, "+1", -f, {self.reference}]')
        self.refer("text|string|?\nstate|string|none\n")
        for name, text in (("real", example), ("reference", reference)):
            config = self.directory / f"{name}.yml"
            config.write_text(text)
            self.start("yambar", "--backend=xcb", "-c", str(config))
        cells = [(0, 0, CELL, 24), (0, 96, CELL, 24)]
        self.differ(self.shoot_x, cells)
        for state, text in STATES:
            self.enter(state)
            self.refer(f"text|string|{text}\nstate|string|{state}\n")
            self.same(self.shoot_x, cells, COLORS[state], f"yambar-{state}")
        self.click(20, 12)

    def start_panels(self, *commands):
        """Of Xfce, one above the other, each with a Generic Monitor alone."""
        panels = self.directory / "xfce4/panel"
        panels.mkdir(parents=True)
        settings = self.directory / "xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"
        settings.parent.mkdir(parents=True)
        monitors, plugins = "", ""
        for i, command in enumerate(commands, 1):
            (panels / f"genmon-{i}.rc").write_text(
                f"Command={command}\nUseLabel=0\nText=\nUpdatePeriod=1000\nFont={FONT} Bold 10\n")
            monitors += (f'<property name="panel-{i}" type="empty">'
                         f'<property name="position" type="string" value="p=0;x=0;y={i * 40}"/>'
                         '<property name="length" type="uint" value="100"/>'
                         '<property name="size" type="uint" value="24"/>'
                         '<property name="position-locked" type="bool" value="true"/>'
                         '<property name="plugin-ids" type="array">'
                         f'<value type="int" value="{i}"/></property></property>')
            plugins += f'<property name="plugin-{i}" type="string" value="genmon"/>'
        ids = "".join(f'<value type="int" value="{i + 1}"/>' for i in range(len(commands)))
        settings.write_text(
            '<channel name="xfce4-panel" version="1.0"><property name="configver" type="int" '
            f'value="2"/><property name="panels" type="array">{ids}{monitors}</property>'
            f'<property name="plugins" type="empty">{plugins}</property></channel>')
        self.start_in_session("xfce4-panel", "--disable-wm-check",
                              environment={"XDG_CONFIG_HOME": str(self.directory)})

    def test_genmon(self):
        self.start_x()
        click = "<txtclick>true</txtclick>"
        self.refer("<txt>?</txt>" + click)
        self.start_panels(EXAMPLES / "genmon.sh", f"tail -n 1 {self.reference}")
        # The beginning, as behind the text stands how much is used, as a bar.
        cells = [(2, 30, 30, 18), (2, 70, 30, 18)]
        self.differ(self.shoot_x, cells)
        for state, text in STATES:
            self.enter(state)
            color = COLORS[state]
            self.refer("<txt><span foreground='#{}'>{}</span></txt>".format(
                bytes(color).hex(), text) + click if color else f"<txt>{text}</txt>{click}")
            self.same(self.shoot_x, cells, color, f"genmon-{state}")
        self.click(10, 40)

    # --- those that write text

    def follow_text(self, process):
        os.set_blocking(process.stdout.fileno(), False)
        self.addCleanup(process.stdout.close)
        seen = []

        def look(wanted):
            """Since what was wanted before."""
            seen.append((process.stdout.read() or b"").decode())
            is_there = wanted in "".join(seen)
            if is_there:
                seen.clear()
            return is_there
        return look

    def test_i3blocks(self):
        process = self.start("i3blocks", "-c", str(EXAMPLES / "i3blocks.conf"),
                             stdout=subprocess.PIPE)
        look = self.follow_text(process)
        for state, text in STATES:
            self.enter(state)
            color = COLORS[state]
            shown = f'"full_text":"{text}","short_text":"{text}",'
            shown += f'"color":"#{bytes(color).hex()}",' if color else ""
            wait_for(lambda wanted=shown: look(wanted), shown)
        self.world.stop_daemon(signal.SIGKILL)
        wait_for(lambda: look('"full_text":"sim ?"'), "it to say that the daemon is gone")
        self.world.start_daemon()
        wait_for(lambda: look('"full_text":"expired"'), "it to find the daemon again")
        followers = descendants(process.pid)
        self.assertTrue(followers)
        process.kill()
        wait_for(lambda: not any(map(is_alive, followers)), "the followers to leave")

    def test_i3status_rust(self):
        """The block's command, as the block runs it; Debian 12 has no i3status-rust."""
        (block,) = tomllib.loads((EXAMPLES / "i3status-rust.toml").read_text())["block"]
        self.assertEqual((block["block"], block["json"], block["persistent"]),
                         ("custom", True, True))
        process = self.start("sh", "-c", f"exec {block['command']}", stdout=subprocess.PIPE)
        look = self.follow_text(process)
        for state, text in STATES:
            self.enter(state)
            shown = f'"text":"{text}","alt":"{state}"'
            wait_for(lambda wanted=shown: look(wanted), shown)

    def test_argos(self):
        """The script, as Argos runs it; GNOME Shell does not come up without a session."""
        for state, text in STATES:
            self.enter(state)
            first, rule, *menu = subprocess.run(
                [EXAMPLES / "argos.1m.sh"], check=True, timeout=60, text=True,
                stdout=subprocess.PIPE).stdout.splitlines()
            self.assertEqual((first.split(" | ")[0].strip(), rule), (text, "---"))
            self.assertEqual(COLORS[state] is not None and bytes(COLORS[state]).hex(),
                             "color=#" in first and first.rsplit("#", 1)[1])
            self.assertRegex(menu[0], r"^ .*··7719 \((eSIM|SIM)\) \| ")

    def test_every_example_is_here(self):
        text = pathlib.Path(__file__).read_text()
        for example in EXAMPLES.iterdir():
            self.assertIn(f'"{example.name}"', text)

    def test_conky(self):
        config = self.directory / "conky.conf"
        config.write_text((EXAMPLES / "conky.conf").read_text().replace("execi 30", "execi 1")
                          .replace("interval = 5", "interval = 1"))
        process = self.start("conky", "-c", str(config), stdout=subprocess.PIPE)
        look = self.follow_text(process)
        used = {"ok": "500 kB", "low": "8.5 MB", "throttled": "10 MB", "expired": "0 B"}
        for state, text in STATES:
            self.enter(state)
            shown = f"SIM {text} ({state}), {used[state]} of 10 MB used"
            wait_for(lambda wanted=shown: look(wanted), shown)

    def tmux(self, *words):
        return subprocess.run(["tmux", "-L", str(self.directory.name), *words], timeout=60,
                              stdout=subprocess.PIPE, text=True).stdout

    def test_tmux(self):
        """One tmux in another: what the inner one draws is read from the outer one."""
        inner = f"tmux -L {self.directory.name}-inner"
        config = self.directory / "tmux.conf"
        config.write_text((EXAMPLES / "tmux.conf").read_text() + "set -g status-interval 1\n")
        self.addCleanup(lambda: subprocess.run([*inner.split(), "kill-server"],
                                               stderr=subprocess.DEVNULL))
        self.addCleanup(self.tmux, "kill-server")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "10",
                  f"env -u TMUX {inner} -f {config} new-session")
        for state, text in STATES:
            self.enter(state)
            color = ";".join(map(str, COLORS[state])) if COLORS[state] else ""
            wait_for(lambda: (lambda drawn: text in drawn and color in drawn)(
                self.tmux("capture-pane", "-p", "-e")), f"tmux to show {text}")


if __name__ == "__main__":
    os.chdir(SOURCE)
    harness.main()
