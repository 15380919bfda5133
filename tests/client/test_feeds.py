#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What status bars are told: each state, each bar's format, and texts that mean harm."""

import json
import os
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import states  # noqa: E402
from fake import GB, MB, NOW, FakeCase, at, bucket, plan, sim  # noqa: E402
from states import AIRALO, TEN_DAYS, WORK  # noqa: E402

import harness  # noqa: E402

UNION = ("bar", "waybar", "i3blocks", "i3status-rust")
FORMATS = (*UNION, "polybar", "i3bar", "genmon", "tmux", "argos", "yambar")
ARGOS = "useMarkup=false unescape=false emojize=false ansi=false"
AMBER, RED, GREY = "#e5a50a", "#e01b24", "#9a9996"

# A state: the SIM, its plan, when; the text, the class, the colour, how much is used; the tooltip.
STATES = [
    (AIRALO, None, NOW, "412 MB today", "none", None, None, """\
Airalo Japan ··7719 (eSIM)
Left: unknown, no plan yet (simtally plan set)
Today 412 MB"""),
    (AIRALO, states.ten_days(), NOW, "6.3 GB 5d", "ok", None, 37, """\
Airalo Japan ··7719 (eSIM)
6.3 GB left of 10 GB, until Sat 28 Nov 23:59
Today 412 MB; 706 MB more is safe
Lasts, about 1.9 GB to spare"""),
    (WORK, states.healthy(), NOW, "15.1 GB 21d", "ok", None, 24, """\
Work SIM ··8810 (SIM)
15.1 GB left of 20 GB, resets 15 Dec 00:00
Today 412 MB; 293 MB more is safe
Lasts, about 2.9 GB to spare"""),
    (AIRALO, states.ten_days(), at("2026-11-28 00:00"), "6.3 GB 1d", "ok", None, 37, None),
    (AIRALO, states.ten_days(), at("2026-11-28 00:01"), "6.3 GB 23h", "ok", None, 37, None),
    (AIRALO, states.ten_days(), at("2026-11-28 23:12"), "6.3 GB 48m", "ok", None, 37, None),
    (AIRALO, states.no_end(), NOW, "6.3 GB", "ok", None, 37, """\
Airalo Japan ··7719 (eSIM)
6.3 GB left of 10 GB, has no end
Today 412 MB"""),
    (AIRALO, states.ten_days(Shared=True), NOW, "≤6.3 GB 5d", "ok", None, 37, """\
Airalo Japan ··7719 (eSIM)
At most 6.3 GB left of 10 GB, until Sat 28 Nov 23:59
Today 412 MB; 706 MB more is safe
Lasts, about 1.9 GB to spare"""),
    (WORK, states.unlimited(), NOW, "∞ 5d", "ok", None, None, """\
Work SIM ··8810 (SIM)
Unlimited, 12 GB used, until Sat 28 Nov 23:59
Today 412 MB"""),
    (WORK, states.low(), at("2026-12-01 10:00"), "3.6 GB !", "low", AMBER, 82, """\
Work SIM ··8810 (SIM)
3.6 GB left of 20 GB, resets 15 Dec 00:00
Safe 257 MB a day from tomorrow (today: 412 MB)
Runs out Fri 4 Dec, 10 days early"""),
    (WORK, states.daily_cap(), at("2026-11-24 21:48"), "128k→01:00", "throttled", AMBER, 100, """\
Work SIM ··8810 (SIM)
Today's 1 GB is used up: 128 kbit/s, full speed 01:00
Today 412 MB"""),
    (WORK, states.throttled_for_long(), NOW, "300k→15 Dec", "throttled", AMBER, 100, None),
    (WORK, states.billing(), NOW, "440 JPY !", "billing", RED, 100, """\
Work SIM ··8810 (SIM)
1 GB is used up: 440 JPY so far, resets 15 Dec 00:00
Today 412 MB"""),
    (AIRALO, states.exhausted(), NOW, "used up", "exhausted", RED, 100, """\
Airalo Japan ··7719 (eSIM)
10 GB is used up, until Sat 28 Nov 23:59
Today 412 MB"""),
    (AIRALO, states.expired(), NOW, "expired", "expired", RED, 86, """\
Airalo Japan ··7719 (eSIM)
Expired: Sat 21 Nov 23:59, 2 days ago; 1.4 GB was left"""),
    (AIRALO, states.waiting(), NOW, "waiting", "waiting", None, 0, """\
Airalo Japan ··7719 (eSIM)
5 GB, not begun"""),
]

RUST_STATES = {AMBER: "Warning", RED: "Critical", GREY: "Info", None: "Idle"}

# Labels that mean harm to one bar or another.
HOSTILE = [
    "<b>bold</b> & <span foreground='red'>",
    "quote \" and ' and \\ and \\n",
    "two\nlines\r\tand a tab",
    "\x1b[31mred\x1b]0;title\x07",
    "right \u202eto left\u202c \u200f\u2066",
    "%{F#ff0000}%{A1:reboot:}",
    "#[fg=red]#(reboot)##{pane_id}",
    "text | bash='reboot' terminal=true",
    "---", "--menu", ":smile:",
    "</txt><click>reboot</click>",
    "tag|string|value",
    "]}],",
    "wide 日本語 ﷽ and a\u0301\u0302\u0303",
    "x" * 10_000,
    "\u0301" * 10_000,
    "{left} {{ }",
]


def read_markup(text):
    """Fails where Pango would."""
    return "".join(xml.etree.ElementTree.fromstring(f"<m>{text}</m>").itertext())


def read_union(out):
    said = json.loads(out)
    assert out.count("\n") == 1 and said["text"] == said["full_text"] == said["short_text"]
    return read_markup(said["text"]), read_markup(said["tooltip"])


def read_i3bar(out):
    said = json.loads(out[len('{"version":1}\n'):])
    assert json.loads(out.splitlines()[0]) == {"version": 1}
    return said[0][0]["full_text"], None


def read_polybar(out):
    parts = re.split(r"%\{(?:F#[0-9a-f]{6}|F-)\}", out.rstrip("\n"))
    text = "".join(parts)
    assert "%{" not in text and len(parts) in (1, 3)
    return text, None


def read_tmux(out):
    text = re.sub(r"^#\[fg=#[0-9a-f]{6}\](.*)#\[default\]$", r"\1", out.rstrip("\n"))
    assert all(len(run) % 2 == 0 for run in re.findall("#+", text))
    return text.replace("##", "#"), None


def read_genmon(out):
    match = re.fullmatch(r"<txt>((?:<span [^>]*>)?[^<>]*(?:</span>)?)</txt><tool>([^<>]*)</tool>"
                         r"(?:<bar>\d+</bar>)?\n", out)
    return read_markup(match[1]), read_markup(match[2])


def read_argos(out):
    lines = out.rstrip("\n").split("\n")
    texts = [re.fullmatch(rf" ([^|]*) \| {ARGOS}(?: color=#[0-9a-f]+)?", line)[1]
             for line in lines if line != "---"]
    assert lines[1] == "---" and lines.count("---") == 1
    return texts[0], "\n".join(texts[1:])


def read_yambar(out):
    lines = out.split("\n")
    assert len(lines) == 6 and lines[4:] == ["", ""]
    names = [line.split("|", 2) for line in lines[:4]]
    assert [name[:2] for name in names] == [["text", "string"], ["state", "string"],
                                            ["roaming", "bool"], ["percentage", "range:0-100"]]
    return names[0][2], None


READERS = dict.fromkeys(UNION, read_union) | {
    "polybar": read_polybar, "i3bar": read_i3bar, "genmon": read_genmon, "tmux": read_tmux,
    "argos": read_argos, "yambar": read_yambar}


class Feeds(FakeCase):
    def test_every_state(self):
        for said, its_plan, now, text, state, color, percentage, tooltip in STATES:
            with self.subTest(text):
                seen = json.loads(self.see(said, its_plan, "-o", "bar", now=now))
                self.assertEqual(read_markup(seen["text"]), text)
                self.assertEqual(seen["alt"], state)
                self.assertEqual(seen["class"], [state, "roaming"] if said["Roaming"] else [state])
                self.assertEqual(seen.get("color"), color)
                self.assertEqual(seen.get("percentage"), percentage)
                self.assertEqual(seen["state"], RUST_STATES[color])
                if tooltip:
                    self.assertEqual(read_markup(seen["tooltip"]), tooltip)
                for name in FORMATS:
                    out = self.run_cli("-o", name, now=now)
                    self.assertEqual(READERS[name](out)[0], text, name)

    def test_ok_in_every_format(self):
        tooltip = STATES[1][-1]
        union = json.dumps({
            "text": "6.3 GB 5d", "alt": "ok", "tooltip": tooltip, "full_text": "6.3 GB 5d",
            "short_text": "6.3 GB 5d", "markup": "pango", "icon": "", "state": "Idle",
            "percentage": 37, "class": ["ok", "roaming"]}, separators=(",", ":"),
            ensure_ascii=False) + "\n"
        wanted = dict.fromkeys(UNION, union) | {
            "polybar": "6.3 GB 5d\n", "tmux": "6.3 GB 5d\n",
            "i3bar": '{"version":1}\n[\n[{"name":"simtally","full_text":"6.3 GB 5d",'
                     '"short_text":"6.3 GB 5d","urgent":false}]\n]\n',
            "genmon": f"<txt>6.3 GB 5d</txt><tool>{tooltip}</tool><bar>37</bar>\n",
            "argos": f" 6.3 GB 5d | {ARGOS}\n---\n"
                     + "".join(f" {line} | {ARGOS}\n" for line in tooltip.split("\n")),
            "yambar": "text|string|6.3 GB 5d\nstate|string|ok\nroaming|bool|true\n"
                      "percentage|range:0-100|37\n\n"}
        self.fake.add(AIRALO, states.ten_days())
        for name in FORMATS:
            self.assertEqual(self.run_cli("-o", name), wanted[name], name)

    def test_expired_in_color(self):
        self.fake.add(AIRALO, states.expired())
        self.assertEqual(self.run_cli("-o", "polybar"), f"%{{F{RED}}}expired%{{F-}}\n")
        self.assertEqual(self.run_cli("-o", "tmux"), f"#[fg={RED}]expired#[default]\n")
        self.assertIn(f"<txt><span foreground='{RED}'>expired</span></txt>",
                      self.run_cli("-o", "genmon"))
        self.assertIn(f" color={RED}\n---\n", self.run_cli("-o", "argos"))
        self.assertIn(f'"color":"{RED}","urgent":true', self.run_cli("-o", "i3bar"))
        for name in FORMATS:
            self.assertNotIn(RED, self.run_cli("-o", name, NO_COLOR="1"))

    def test_hostile_texts_in_every_format(self):
        """In the label, which is in the tooltip; and in the text itself."""
        for label in HOSTILE:
            hostile = plan("billing", bucket("data", GB, GB, **TEN_DAYS), Charged=5.0,
                           Currency=label, Name=label, Zone=label)
            self.fake.objects.clear()
            self.fake.add(AIRALO | {"Label": label}, hostile)
            self.fake.problems = [label.replace("\n", "")]
            for name in FORMATS:
                for words in ([], ["--template", "{label}"], ["--width", "12"]):
                    with self.subTest(name, label=label[:40], words=words):
                        out = self.run_cli("-o", name, *words)
                        READERS[name](out)
                        self.assertLess(len(out.encode()), 20_000)
                        for c in out:
                            self.assertTrue(c == "\n" or unicodedata.category(c)
                                            not in ("Cc", "Cf", "Zl", "Zp", "Cs"), repr(c))

    def test_a_label_is_itself(self):
        label = "<b>&amp;\" 'x' {left} #[fg=red]"
        self.fake.add(AIRALO | {"Label": label}, states.ten_days())
        for name in FORMATS:
            self.assertEqual(READERS[name](self.run_cli("-o", name, "--template", "{label}"))[0],
                             label, name)

    def test_words_that_are_no_text(self):
        self.fake.add(AIRALO, states.ten_days())
        for name in FORMATS:
            said = READERS[name](self.run_cli("status", "-o", name, b"\xff\xfe"))
            self.assertEqual(said[0], "sim ?", name)

    def test_nothing_to_show(self):
        """An empty line, but for bars that would take it for an error."""
        for name in FORMATS:
            out = self.run_cli("-o", name)
            if name in ("bar", "i3blocks", "i3status-rust"):
                self.assertEqual(read_union(out), ("", ""))
            elif name == "i3bar":
                self.assertEqual(json.loads(out.split("\n", 1)[1]), [[]])
            elif name == "yambar":
                self.assertEqual(read_yambar(out)[0], "")
            else:
                self.assertEqual(out, "\n", name)
        self.fake.objects[f"{harness.PATH}/modem/1"] = {f"{harness.BUS}.Modem": {"Device": "x"}}
        self.assertEqual(self.run_cli("-o", "tmux"), "no SIM\n")

    def test_no_daemon(self):
        self.fake.leave()
        for name in FORMATS:
            text, tooltip = READERS[name](self.run_cli("-o", name))
            self.assertEqual(text, "sim ?", name)
            self.assertIn(tooltip, (None, "simtallyd is not running. Start it: systemctl start "
                                          "simtallyd"))
        self.assertEqual(json.loads(self.run_cli("-o", "bar"))["class"], ["unknown"])
        said = self.run_cli("-o", "bar", DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere")
        self.assertIn("the system bus cannot be reached", said)

    def test_which_sim(self):
        self.fake.add(AIRALO, states.ten_days())
        self.fake.add(WORK, states.healthy())
        self.assertEqual(self.run_cli("-o", "tmux"), "15.1 GB 21d\n")
        for words in (["status", "7719"], ["status", "Airalo Japan"], ["-s", "7719"]):
            self.assertEqual(self.run_cli(*words, "-o", "tmux"), "6.3 GB 5d\n")
        said = json.loads(self.run_cli("-s", "nobody", "-o", "bar"))
        self.assertEqual((said["text"], said["alt"]), ("sim ?", "unknown"))
        self.assertIn("nobody", said["tooltip"])

    def test_problems_are_told(self):
        self.fake.add(AIRALO, states.ten_days())
        self.fake.problems = ["clock-untrusted"]
        self.assertIn("\nThe clock is not trusted",
                      json.loads(self.run_cli("-o", "bar"))["tooltip"])

    def test_width_and_units(self):
        self.fake.add(AIRALO, states.ten_days())
        self.assertEqual(self.run_cli("-o", "tmux", "--width", "12"), "   6.3 GB 5d\n")
        self.assertEqual(self.run_cli("-o", "tmux", "--width", "6"), "6.3 G…\n")
        self.assertEqual(self.run_cli("-o", "tmux", "-u", "iec"), "5.8 GiB 5d\n")
        self.assertEqual(self.run_cli("-o", "tmux", "-u", "bytes"), "6300000000 B 5d\n")

    def test_ascii(self):
        for its_plan, now, text in ((states.daily_cap(), at("2026-11-24 21:48"), "128k>01:00"),
                                    (states.unlimited(), NOW, "unlimited 5d"),
                                    (states.ten_days(Shared=True), NOW, "<6.3 GB 5d")):
            self.fake.objects.clear()
            self.fake.add(AIRALO, its_plan)
            for name in FORMATS:
                out = self.run_cli("-o", name, now=now, LC_ALL="C")
                self.assertTrue(out.isascii(), out)
                self.assertEqual(READERS[name](out)[0], text)

    def test_templates(self):
        self.fake.add(AIRALO | {"RxBytes": 5 * MB}, states.ten_days())
        for template, text in (
                ("{left} of {limit}, {percent} %, until {until}",
                 "6.3 GB of 10 GB, 37 %, until 28 Nov 23:59"),
                ("{label}: {text} {state} {today} {used}{rate}",
                 "Airalo Japan: 6.3 GB 5d ok 412 MB 3.7 GB"),
                ("{rx_bytes} {plan.remaining_bytes} {roaming} {percent_used}",
                 "5000000 6300000000 yes 37"),
                ("{{left} } { x", "{left} } { x"), ("", "")):
            self.assertEqual(self.run_cli("--template", template), text + "\n")
        self.assertEqual(json.loads(self.run_cli("-o", "bar", "--template", "{left}"))["text"],
                         "6.3 GB")

    def test_wrong_options(self):
        for words in (["--template", "{nothing}"], ["-o", "tmux", "--template", "{nothing}"],
                      ["-o", "json", "--template", "{left}"], ["-o", "tmux", "-g", "label"],
                      ["-o", "json", "--watch"], ["-o", "nobar"], ["sims", "-o", "bar"]):
            self.run_cli(*words, code=2)


if __name__ == "__main__":
    os.chdir(harness.SOURCE)
    harness.main()
