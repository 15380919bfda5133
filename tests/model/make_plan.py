# SPDX-License-Identifier: LGPL-2.1-or-later
"""Random plans, as the model's dictionaries and as texts, and random facts about them."""

from __future__ import annotations

import datetime
import random

import local_time as lt

ZONES = ["UTC", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Africa/Cairo", "+05:45",
         "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "-03:30"]
PLACES = [(440, False)] * 6 + [(450, True), (262, True), (0, False)]
UNITS = {"day": "day", "week": "week", "month": "month", "calendar": "calendar month"}


def length_text(length):
    n, unit = length
    if unit == "s":
        return f"{n // 3600}h" if n % 3600 == 0 else f"{n} seconds"
    return f"{n} {UNITS[unit]}{'' if n == 1 else 's'}"


def date_text(date):
    return date.strftime("%Y-%m-%d" if not date.hour and not date.minute else "%Y-%m-%d %H:%M")


def clock_text(minutes):
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def where_text(where):
    return where if isinstance(where, str) else ";".join(str(mcc) for mcc in where)


def at_zero_text(rule):
    if rule[0] == "throttle":
        return f"throttle {rule[1]}bit/s"
    if rule[0] == "bill":
        ceiling = f" up to {rule[3]} JPY" if rule[3] is not None else ""
        return f"bill {rule[1]} JPY per {rule[2]}B{ceiling}"
    return rule[0]


def warn_text(levels):
    return ";".join(f"{value}%" if kind == "percent" else f"{value}B left"
                    for kind, value in levels)


def windows_text(windows):
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return ";".join(",".join(names[d] for d in days) + f" {clock_text(a)}-{clock_text(b)}"
                    for days, a, b in windows)


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.base = datetime.datetime(2025, 1, 1) + datetime.timedelta(
            days=self.r.randrange(700), hours=self.r.randrange(24))
        self.span = self.r.choice([3, 20, 60, 120]) * lt.DAY

    def maybe(self, chance):
        return self.r.random() < chance

    def length(self, units="s day week month", most=40):
        unit = self.r.choice(units.split())
        if unit == "s":
            return (self.r.choice([1, 5, 24, 36, 72, 240, 720]) * 3600, "s")
        most = {"day": most, "week": 5, "month": 3, "calendar": 3}[unit]
        return (self.r.randint(1, most), unit)

    def date(self, before=20, after=60):
        date = self.base + datetime.timedelta(days=self.r.randint(-before, after))
        date = date.replace(hour=0, minute=0, second=0)
        if self.maybe(0.3):
            date += datetime.timedelta(minutes=self.r.randrange(1440))
        return date

    def at_zero(self, kinds):
        kind = self.r.choice(kinds)
        if kind == "throttle":
            return ("throttle", self.r.choice([128000, 300000, 1000000]))
        if kind == "bill":
            return ("bill", self.r.choice([100, 220]), self.r.choice([500, 1000]),
                    self.r.choice([None, 440, 1000]))
        return (kind,)

    def where(self):
        return self.r.choice(["home", "abroad", [440], [450, 262], [440, 450]])

    def warn(self):
        return [self.r.choice([("percent", 50), ("percent", 75), ("left", 700)])
                for _ in range(self.r.randint(1, 2))]

    def windows(self):
        return [(sorted(self.r.sample(range(7), self.r.randint(1, 7))),
                 self.r.randrange(0, 1440, 30), self.r.randrange(30, 1441, 30))
                for _ in range(self.r.randint(1, 2))]

    def bucket(self, name, others):
        b = {"name": name, "bytes": self.r.choice([1000, 3000, 5000, 20000, 7777])}
        if self.maybe(0.12):
            b["bytes"] = None
        if self.maybe(0.2):
            b["zone"] = self.r.choice(ZONES)
        self.add_periods(b)
        self.add_start(b, others)
        if self.maybe(0.25):
            b["where"] = self.where()
        if self.maybe(0.12):
            b["free"] = self.windows()
        if self.maybe(0.12):
            b["hours"] = self.windows()
        if self.maybe(0.25):
            b["order"] = self.r.randint(-1, 1)
        if others and self.maybe(0.2):
            b["within"] = self.r.choice(others)
        if self.maybe(0.3):
            b["at_zero"] = self.at_zero(["next", "block", "throttle", "bill"])
        if self.maybe(0.2):
            b["warn"] = self.warn()
        return b

    def add_periods(self, b):
        if self.maybe(0.12):
            b["rolling"] = self.length()
            return
        if not self.maybe(0.65):
            return
        b["every"] = self.r.choice([(1, "day"), (1, "month"), (1, "month"), self.length(most=9)])
        if b["every"][1] == "month" and self.maybe(0.5):
            b["day"] = self.r.randint(1, 31)
        if self.maybe(0.3):
            b["at"] = self.r.randrange(1440)
        if self.maybe(0.3):
            b["from"] = self.date(40, 20)
        if b["bytes"] and self.maybe(0.4):
            b["roll_over"] = self.r.choice([1, 1, 2, 3, "forever"])
            if self.maybe(0.5):
                b["roll_cap"] = self.r.choice([500, 1000, 6000])
            if self.maybe(0.4):
                b["roll_lasts"] = self.length("s day week month calendar")

    def add_start(self, b, others):
        kinds = ["now", "at", "install", "first-use", "first-use-abroad", "first-network"]
        if others:
            kinds.append("after")
        if self.maybe(0.55):
            b["starts"] = self.r.choice(kinds)
        if b.get("starts") == "at":
            b["start"] = self.date(30, 30)
        if b.get("starts") == "after":
            b["after"] = self.r.choice(others)
        if b.get("starts", "now") not in ("now", "at"):
            if self.maybe(0.3):
                b["activate_within"] = self.length("s day calendar")
            if self.maybe(0.2):
                b["bought"] = self.date(20, 5)
        if self.maybe(0.45):
            b["lasts"] = self.length("s day week month calendar")
            if self.maybe(0.25):
                b["round"] = True
        elif self.maybe(0.2):
            until = self.date(0, 60)
            if until > max(b.get("start", until), b.get("from", until)) or not (
                    "start" in b or "from" in b):
                b["until"] = until

    def limit(self, name):
        l = {"name": name, "kind": self.r.choice(["over", "after"]),
             "window": self.length("s day", most=5),
             "then": self.r.choice(["block", 64000, 200000])}
        if l["kind"] == "over":
            l["over"] = self.r.choice([500, 2000, 6000])
        else:
            l["what"] = self.r.choice(["first-use", "first-use-abroad"])
        if self.maybe(0.3):
            l["where"] = self.where()
        if self.maybe(0.25):
            l["then_at"] = self.r.randrange(0, 1440, 15)
        if self.maybe(0.3):
            l["during"] = (self.r.randrange(0, 1440, 15), self.r.randrange(0, 1440, 15))
            if l["kind"] == "over" and self.maybe(0.5):
                l["next_day"] = True
        if not l.get("next_day") and self.maybe(0.4):
            l["until"] = self.r.choice(["home-use", "next-period"])
        return l

    def offer(self, name):
        o = {"name": name}
        if self.maybe(0.85):
            o["bytes"] = self.r.choice([500, 2000, None])
        if self.maybe(0.5) or "bytes" not in o:
            o["adds"] = self.length("s day week month", most=5)
        if "bytes" in o and self.maybe(0.5):
            o["lasts"] = self.length("s day week month calendar")
        if self.maybe(0.3):
            o["grace"] = self.length("s day", most=4)
        if self.maybe(0.3):
            o["if_expired"] = self.r.choice([1439, 720])
        return o

    def plan(self):
        p = {"zone": self.r.choice(ZONES), "buckets": [], "limits": [], "offers": []}
        for i in range(self.r.choice([0, 1, 1, 1, 2, 2, 3, 4])):
            p["buckets"].append(self.bucket(f"b{i}", [b["name"] for b in p["buckets"]]))
        if self.maybe(0.5) or not p["buckets"]:
            p["at_zero"] = self.at_zero(["block", "throttle", "bill"])
        if self.maybe(0.2):
            p["count"] = self.r.choice(["rx", "tx"])
        if self.maybe(0.2):
            p["warn"] = self.warn()
        if p["buckets"] and self.maybe(0.1):
            p["tiers"] = [(2000, 10), (9000, 20), (None, 30)]
        if self.maybe(0.15):
            p["round_up"] = self.r.choice([100, 512])
        if self.maybe(0.3):
            p["lag"] = self.r.choice([(1800, "s"), (1, "day")])
        for i in range(self.r.choice([0, 0, 0, 1, 2])):
            p["limits"].append(self.limit(f"l{i}"))
        for i in range(self.r.choice([0, 0, 1, 2])):
            p["offers"].append(self.offer(f"o{i}"))
        return p

    def session_plan(self, rule):
        """One monthly bucket, and nothing else: what is enough to tell months apart."""
        b = {"name": "b0", "bytes": self.r.choice([2000, 5000, None]), "every": (1, "month"),
             "from": datetime.datetime(2024, 10, self.r.randint(1, 31))}
        if b["bytes"] and self.maybe(0.6):
            b["roll_over"] = 1
            if self.maybe(0.5):
                b["roll_cap"] = 800
        self.span = 120 * lt.DAY
        return {"zone": self.r.choice(ZONES), "session": rule, "buckets": [b], "offers": []}

    def use(self, at, session=None):
        mcc, abroad = self.r.choice(PLACES)
        return (at, "use", self.r.choice([0, 1, 50, 300, 900, 2500]), self.r.randrange(100),
                session or self.r.randint(1, 6), mcc, abroad)

    def facts(self, plan, since):
        facts = []
        names = [b["name"] for b in plan["buckets"]]
        for ident in range(self.r.randint(3, 45)):
            at = since + self.r.randrange(-lt.DAY * 5, self.span)
            if self.maybe(0.7):
                facts.append(self.use(at))
                continue
            at = max(at, since)
            kind = self.r.choice(["buy", "fix", "report", "install", "network", "buy", "contract"])
            if kind == "buy":
                facts.append((at, "buy", ident) + self.purchase(plan, at))
            elif kind in ("fix", "report"):
                said = self.r.choice(["left", "used", "left", None])
                facts.append((at, kind, self.r.choice(names + [None, None]), said,
                              self.r.choice([0, 300, 1000, 4321, 30000]),
                              at + self.r.randint(1, 40) * 40000
                              if said is None or self.maybe(0.15) else 0,
                              self.r.choice([0, 1, 100, 1000]) if kind == "report" else None))
            elif kind == "install":
                facts.append((at, "install"))
            elif kind == "network":
                facts.append((at, "network") + self.r.choice(PLACES[5:]))
            elif self.maybe(0.4):
                facts.append((at, "contract", self.plan()))
        facts.sort(key=lambda fact: fact[0])
        return facts

    def purchase(self, plan, at):
        """The plan's offer, and what is said beside it."""
        offer = self.r.choice(plan["offers"])["name"] if plan["offers"] and self.maybe(0.6) else None
        said = {}
        if not offer or self.maybe(0.2):
            said["bytes"] = self.r.choice([400, 1500, None])
        if self.maybe(0.3):
            said["lasts"] = self.length("s day month")
        elif self.maybe(0.1):
            said["expires"] = at + self.r.randint(1, 20) * 50000
        return offer, said


def plan_text(p):
    lines = ["[Plan]", f"Zone={p['zone']}"]
    for key, name, write in (("count", "Count", str), ("at_zero", "AtZero", at_zero_text),
                             ("warn", "Warn", warn_text), ("lag", "Lag", length_text),
                             ("session", "Session", str)):
        if p.get(key):
            lines.append(f"{name}={write(p[key])}")
    if p.get("tiers"):
        lines.append("Tiers=" + ";".join(f"{'unlimited' if most is None else f'{most}B'}:{price} JPY"
                                         for most, price in p["tiers"]))
    if p.get("round_up"):
        lines.append(f"RoundUp={p['round_up']}B per session")
    for b in p["buckets"]:
        lines += ["", f"[Bucket {b['name']}]"] + bucket_text(b)
    for l in p.get("limits", []):
        lines += ["", f"[Limit {l['name']}]"] + limit_text(l)
    for o in p["offers"]:
        lines += ["", f"[TopUp {o['name']}]"] + offer_text(o)
    return lines


def size_text(n):
    return "unlimited" if n is None else f"{n}B"


def bucket_text(b):
    lines = [f"Bytes={size_text(b['bytes'])}"]
    if b.get("starts"):
        start = {"at": lambda: date_text(b["start"]), "after": lambda: f"after {b['after']}"}
        lines.append("Starts=" + start.get(b["starts"], lambda: b["starts"])())
    for key, name, write in (
            ("zone", "Zone", str), ("bought", "Bought", date_text),
            ("activate_within", "ActivateWithin", length_text), ("lasts", "Lasts", length_text),
            ("until", "Until", date_text), ("round", "Round", lambda _: "day-end"),
            ("every", "Every", length_text), ("from", "From", date_text), ("day", "Day", str),
            ("rolling", "Rolling", length_text), ("where", "Where", where_text),
            ("free", "Free", windows_text), ("hours", "Hours", windows_text),
            ("order", "Order", str), ("within", "Within", str), ("at_zero", "AtZero", at_zero_text),
            ("warn", "Warn", warn_text), ("roll_cap", "RollOverCap", size_text),
            ("roll_lasts", "RollOverLasts", length_text)):
        if b.get(key):
            lines.append(f"{name}={write(b[key])}")
    if b.get("at") is not None:
        lines.append(f"At={clock_text(b['at'])}")
    n = b.get("roll_over")
    if n:
        lines.append("RollOver=" + (n if n == "forever" else f"{n} period{'' if n == 1 else 's'}"))
    return lines


def limit_text(l):
    if l["kind"] == "over":
        lines = [f"Over={l['over']}B in {length_text(l['window'])}"]
    else:
        lines = [f"After={length_text(l['window'])} from {l['what']}"]
    then = "block" if l["then"] == "block" else f"throttle {l['then']}bit/s"
    at = f" at {clock_text(l['then_at'])}" if l.get("then_at") is not None else ""
    lines.append(f"Then={then}{at}")
    if l.get("where"):
        lines.append(f"Where={where_text(l['where'])}")
    if l.get("during"):
        lines.append(f"During={clock_text(l['during'][0])}-{clock_text(l['during'][1])}" +
                     (" next-day" if l.get("next_day") else ""))
    if l.get("until"):
        lines.append(f"Until={l['until']}")
    return lines


def offer_text(o):
    lines = []
    if "bytes" in o:
        lines.append(f"Bytes={size_text(o['bytes'])}")
    for key, name, write in (("adds", "Adds", length_text), ("lasts", "Lasts", length_text)):
        if o.get(key):
            lines.append(f"{name}={write(o[key])}")
    if o.get("grace"):
        lines.append(f"Within={length_text(o['grace'])} after expiry")
    if o.get("if_expired") is not None:
        lines.append(f"IfExpired=until {clock_text(o['if_expired'])}")
    return lines
