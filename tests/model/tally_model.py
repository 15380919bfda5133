# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a tally must answer, worked out slowly: time goes on from one boundary to the next, and
everything is looked at anew at each. Written from simtally.plan(5), not from the daemon's code.

Plans are dictionaries, as make_plan.py makes them."""

from __future__ import annotations

import datetime

import local_time as lt
from bucket_model import Bucket, Window
from limit_model import Limits
from local_time import NEVER


class World(Limits):
    """One SIM, as far as facts have been told."""

    def __init__(self, plan, since):
        self.plan, self.since = None, since
        self.zone = "UTC"
        self.now = -NEVER
        self.is_first = True
        self.buckets, self.limits = [], []
        self.place = (0, False)
        self.installed = None
        self.last_top_up = None
        self.sessions = {}
        self.top_ups = 0
        self.set_plan(plan, since)

    # contracts

    def set_plan(self, plan, since):
        kept = [b for b in self.buckets if b.top_up]
        for b in kept:
            b.end, b.follows = self.end_of(b), None
        self.plan, self.since = plan, since
        self.zone = plan.get("zone") or "UTC"
        self.sessions = {}
        mine = [Bucket(self, spec) for spec in plan["buckets"]]
        self.buckets = mine + kept
        self.limits = [{"spec": spec, "window": Window(), "first": None, "on": None,
                        "resets": NEVER, "zone": spec.get("zone") or self.zone}
                       for spec in plan.get("limits", [])]
        for b in mine:
            b.within = next((x for x in mine if x.name == b.spec.get("within")), None)
            b.after = next((x for x in mine if x.name == b.spec.get("after")), None)
            self.set_start(b)
        for b in kept:
            b.within = b.after = None

    def set_start(self, b):
        spec = b.spec
        if spec.get("bought"):
            b.purchase = lt.instant(b.zone, spec["bought"])
        b.lapses = lt.validity_end(b.zone, b.purchase, spec.get("activate_within"))
        if b.by == "now":
            b.start_at = self.since
        elif b.by == "at":
            b.start_at = lt.instant(b.zone, spec["start"])
        elif b.by == "unsaid" and spec.get("from"):
            b.start_at = lt.instant(b.zone, spec["from"])
        elif b.by == "unsaid":
            b.start_at = self.since
            if b.recurs and (spec.get("day") or spec.get("at") is not None or
                             spec["every"][1] in ("day", "calendar")):
                r = lt.Recurrence(b.zone, spec["every"], self.since, None, spec.get("day", 0),
                                  spec.get("at"))
                b.start_at = r.start(r.number(self.since))
        elif b.by == "install" and self.installed is not None:
            b.start_at = self.installed
            if spec.get("bought") or not self.is_first:
                b.start_at = max(b.start_at, b.purchase)

    # time

    def end_of(self, b):
        if b.follows and b.follows.phase in ("running", "ended"):
            return min(b.end, self.end_of(b.follows))
        return b.end

    def begin(self, b, at):
        spec = b.spec
        b.phase, b.start = "running", at
        if not b.top_up:
            b.end = NEVER
            if spec.get("until"):
                b.end = lt.instant(b.zone, spec["until"])
            elif spec.get("lasts"):
                b.end = lt.validity_end(b.zone, at, spec["lasts"])
                if spec.get("round") and spec["lasts"][1] not in ("day", "calendar"):
                    b.end = lt.validity_end(b.zone, b.end, (1, "day"))
        if b.lengthened:
            b.end = lt.later(b.zone, b.end, b.lengthened)
        k = 0
        if b.recurs:
            b.recurrence = lt.Recurrence(b.zone, spec["every"], at, spec.get("from"),
                                         spec.get("day", 0), spec.get("at"))
            k = b.recurrence.number(max(at, b.cut))
        b.open(k)

    def next_of(self, b):
        if b.phase == "waiting":
            return min(b.start_at, b.lapses)
        if b.phase != "running":
            return NEVER
        return min([self.end_of(b), b.period_end, b.rolling.next()] +
                   [lot[3] for lot in b.lots if lot[1] > 0])

    def step(self, b, at):
        """What happens to a bucket at one of its own instants."""
        if b.phase == "waiting":
            if b.start_at <= at and b.start_at < b.lapses:
                self.begin(b, b.start_at)
            elif b.lapses <= at:
                b.phase, b.end = "lapsed", b.lapses
        elif b.phase == "running":
            if self.end_of(b) <= at:
                b.end = self.end_of(b)
                b.phase = "ended"
                for other in self.buckets:
                    if other.after is b and other.phase == "waiting":
                        other.start_at = max(b.end, other.purchase)
            elif b.period_end <= at:
                b.roll()
            else:
                for lot in b.lots:
                    if lot[3] <= at:
                        lot[0] -= lot[1]
                        lot[1] = 0
                gone = b.rolling.leave(at)
                if gone:
                    b.give_back(gone)

    def go_to(self, at):
        while True:
            pending = [(self.next_of(b), i) for i, b in enumerate(self.buckets)]
            when, i = min(pending, default=(NEVER, 0))
            when = max(when, self.now) if when < self.now else when
            if when > at:
                break
            self.settle_limits(when)
            self.step(self.buckets[i], when)
        self.settle_limits(at)
        self.now = max(self.now, at)

    # places and hours

    def covers(self, where):
        kind = where or "anywhere"
        mcc, abroad = self.place
        if kind == "home":
            return not abroad
        if kind == "abroad":
            return abroad
        if kind == "anywhere":
            return True
        return mcc == 0 or mcc in kind

    def is_open(self, b):
        return not b.spec.get("hours") or lt.windows_at(b.zone, b.spec["hours"], self.now)[0]

    def is_free(self, b):
        return bool(b.spec.get("free")) and lt.windows_at(b.zone, b.spec["free"], self.now)[0]

    def is_here(self, b):
        return (b.phase == "running" and self.covers(b.spec.get("where")) and self.is_open(b) and
                (b.within is None or self.is_here(b.within)))

    def chain(self, b):
        return [b] + (self.chain(b.within) if b.within else [])

    def room(self, b):
        rooms = [m.left for m in self.chain(b) if m.bytes is not None and not self.is_free(m)]
        return min(rooms) if rooms else None  # None: without bound

    def sorted(self, buckets):
        def key(b):
            return (self.room(b) is not None, b.order, min(b.period_end, self.end_of(b)),
                    self.buckets.index(b))
        return sorted(buckets, key=key)

    def line(self):
        gates = [b.within for b in self.buckets if b.within and self.is_here(b)]
        return self.sorted([b for b in self.buckets
                            if self.is_here(b) and not any(b is g for g in gates)])

    @staticmethod
    def rule(b):
        return b.spec.get("at_zero") if b.spec.get("at_zero", ("next",))[0] != "next" else None

    def payer(self):
        """The bucket that pays for the next byte, or else the one whose rule holds."""
        stop = last = None
        for b in self.line():
            if stop and not b.top_up:
                continue
            room = self.room(b)
            if room is None or room > 0:
                return b, None
            empty = next(m for m in self.chain(b)
                         if m.bytes is not None and not self.is_free(m) and m.left == 0)
            if not self.rule(empty) and self.rule(b):
                empty = b
            if self.rule(empty) and not stop:
                stop = empty
            if last is None or not empty.top_up:
                last = empty
        return None, stop or last

    def at_zero(self, b):
        rule = self.rule(b) if b else None
        return rule or (self.plan.get("at_zero") or ("block",))

    # facts

    def used_up(self, b, at):
        if b.recurs or b.spec.get("rolling"):
            return
        for other in self.buckets:
            if other.after is b and other.phase == "waiting" and at < other.lapses:
                self.begin(other, at)
                self.go_to(at)

    def spend(self, at, n):
        while n > 0:
            b, stop = self.payer()
            if b is None:
                if stop:
                    stop.over += n
                return
            room = self.room(b)
            m = n if room is None else min(n, room)
            for member in self.chain(b):
                if self.is_free(member):
                    continue
                member.take(at, m)
                if member.bytes is not None and member.left == 0:
                    self.used_up(member, at)
            n -= m

    def begin_by(self, at, is_use):
        line = self.line()
        rest = bool(line) and self.room(line[0]) is None
        for b in list(self.buckets):
            if (b.phase != "waiting" or at < b.purchase or at >= b.lapses or
                    not self.covers(b.spec.get("where")) or (rest and b.bytes is not None)):
                continue
            if b.by == "first-network" or (is_use and (
                    b.by == "first-use" or (b.by == "first-use-abroad" and self.place[1]))):
                self.begin(b, at)
        self.go_to(at)

    def use(self, at, rx, tx, session, mcc, abroad):
        if mcc:
            self.place = (mcc, abroad)
        if rx + tx == 0:
            return
        self.begin_by(at, True)
        self.limits_see_use(at)
        n = {"rx": rx, "tx": tx}.get(self.plan.get("count"), rx + tx)
        step = self.plan.get("round_up")
        if step:
            before = self.sessions.get(session, 0)
            self.sessions[session] = before + n
            n = -(-(before + n) // step) * step - -(-before // step) * step
        self.spend(at, n)
        for l in self.limits:
            if l["spec"]["kind"] == "over" and self.covers(l["spec"].get("where")) and \
                    not self.is_lifted_here(l):
                l["window"].add(at, lt.validity_end(l["zone"], at, l["spec"]["window"]), n)
                if l["on"] is None and self.window_sum(l, at) > l["spec"]["over"]:
                    self.set_off(l, at)

    def buy(self, at, ident, offer, said):
        target = self.target()
        late = target is not None and target.phase == "ended"
        if late and offer and offer.get("grace") and \
                at >= lt.later(self.zone, target.end, offer["grace"]):
            return
        self.last_top_up = at
        if offer and offer.get("adds") and target is not None and not late:
            if target.phase == "waiting":
                n, unit = offer["adds"]
                if target.lengthened and target.lengthened[1] == unit:
                    n += target.lengthened[0]
                target.lengthened = (n, unit)
            else:
                target.end = lt.later(target.zone, target.end, offer["adds"])
        amount = said.get("bytes", offer.get("bytes", 0) if offer else 0)
        if amount == 0:
            return
        b = Bucket(self, {"name": f"topup-{ident}", "bytes": amount}, top_up=True)
        b.within = b.after = None
        b.cut = -NEVER
        b.zone = self.zone
        if target is not None:
            b.zone, b.order = target.zone, target.order
            b.spec["where"] = target.spec.get("where")
        lasts = said.get("lasts") or (offer or {}).get("lasts")
        if said.get("expires"):
            b.end = said["expires"]
        elif lasts:
            b.end = lt.validity_end(b.zone, at, lasts)
        elif late and offer and offer.get("if_expired") is not None:
            minutes = offer["if_expired"]
            shown = datetime.datetime.combine(lt.date_of(b.zone, at), datetime.time())
            for ahead in range(-1, 3):
                b.end = lt.instant(b.zone, shown + datetime.timedelta(
                    days=ahead, minutes=0 if minutes == 1439 else minutes))
                if b.end > at:
                    break
        elif late and offer:
            b.end = lt.validity_end(b.zone, at, offer.get("adds"))
        elif not late:
            b.follows = target
        b.start_at, b.by = at, "at"
        self.buckets.append(b)
        self.go_to(at)

    def target(self):
        def worth(b):
            if b.within:
                return 0
            if b.phase == "running" and not b.top_up:
                return 4 if b.bytes is None else 6 if self.is_here(b) else 5
            return {"running": 3, "waiting": 2, "ended": 1}.get(b.phase, 0)
        best = None
        for b in self.buckets:
            if worth(b) and (best is None or worth(b) > worth(best) or (
                    worth(b) == worth(best) and worth(b) in (1, 3) and
                    self.end_of(b) > self.end_of(best))):
                best = b
        return best

    def figure(self, at, name, left, used, expires, resolution=None):
        """resolution None: the owner's word; else the carrier's."""
        if name:
            found = [b for b in self.buckets if b.name == name][-1:]
        else:
            counted = self.counted()
            found = self.sorted([b for b in counted
                                 if b.phase == "running" and b.bytes is not None]) or counted[:1]
        about = [b for b in found if self.has_begun(b, at, left, used, expires)]
        if not about:
            return
        recent = 0
        if resolution is not None:
            for b in about:
                lag = b.plan.get("lag") if b.plan else None
                if not lag:
                    continue
                if lt.later(b.zone, b.period_start, lag) > at:
                    return
                b.recent.leave(at)
                recent += b.recent.total()
        self.set_expiry(about[0], name, expires, resolution)
        if left is not None or used is not None:
            self.set_figure(at, about, left, used, recent, resolution or 0)
        self.go_to(at)

    def has_begun(self, b, at, left, used, expires):
        if b.phase == "running":
            return True
        later = expires and expires > at
        if b.phase == "ended":
            if later:
                b.phase = "running"
            return bool(later)
        some = (used is not None and used > 0) or (
            left is not None and b.bytes is not None and left < b.bytes)
        if later or (b.phase == "waiting" and some):
            self.begin(b, at)
            return True
        return False

    def set_expiry(self, b, name, expires, resolution):
        if not expires:
            return
        end = self.end_of(b)
        if b.recurs and end == NEVER and (resolution is not None or not name):
            return
        if resolution is not None and end != NEVER and abs(end - expires) < lt.DAY:
            return
        b.end, b.follows = expires, None

    def set_figure(self, at, about, left, used, recent, resolution):
        if about[0].bytes is None:
            b = about[0]
            if used is not None and abs(used + recent - b.used_free) >= resolution:
                b.used_free = used + recent
            return
        limit, now_left = sum(b.limit for b in about), sum(b.left for b in about)
        over = 0
        if left is not None:
            wanted = max(0, left - recent)
        else:
            wanted = max(0, limit - used - recent)
            over = max(0, used + recent - limit)
        if abs(wanted - now_left) < resolution:
            return
        for b in about:
            m = min(max(0, now_left - wanted), b.left)
            if m:
                b.set_left(at, b.left - m)
                now_left -= m
        for b in reversed(about):
            m = min(max(0, wanted - now_left), b.used)
            if m:
                b.set_left(at, b.left + m)
                now_left += m
        if now_left < wanted:
            about[0].set_left(at, about[0].left + wanted - now_left)
        if used is not None:
            about[-1].over = over
        for b in about:
            if b.left == 0:
                self.used_up(b, at)

    # answers

    def counted(self):
        def pick(phase, here):
            return [b for b in self.buckets if b.phase == phase and not b.within and
                    (not here or self.is_here(b))]

        def spent(b):
            return (b.bytes is not None and b.left == 0 and not b.recurs and
                    not b.spec.get("rolling") and self.end_of(b) == NEVER)

        running = pick("running", True) or pick("running", False)
        if running:
            free = [b for b in running if b.bytes is None]
            return free or [b for b in running if not spent(b)] or running
        waiting = pick("waiting", False)
        if waiting:
            return waiting
        ended = [b for b in self.buckets if b.phase in ("ended", "lapsed") and not b.within]
        return [b for b in ended if b.end == max(x.end for x in ended)]
