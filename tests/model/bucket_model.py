# SPDX-License-Identifier: LGPL-2.1-or-later
"""The model's buckets: what is in them, and the bytes of the last so many days."""

from __future__ import annotations

import local_time as lt
from local_time import NEVER


class Window:
    """Bytes, each until it is too old."""

    def __init__(self):
        self.entries = []  # [at, leaves, bytes]

    def add(self, at, leaves, n):
        if n:
            self.entries.append([at, leaves, n])

    def sum_at(self, at):
        return sum(n for came, leaves, n in self.entries if came <= at < leaves)

    def total(self):
        return sum(entry[2] for entry in self.entries)

    def take_back(self, n):
        for entry in reversed(self.entries):
            m = min(n, entry[2])
            entry[2] -= m
            n -= m
        self.entries = [entry for entry in self.entries if entry[2]]

    def leave(self, at):
        gone = sum(entry[2] for entry in self.entries if entry[1] <= at)
        self.entries = [entry for entry in self.entries if entry[1] > at]
        return gone

    def next(self):
        return min((entry[1] for entry in self.entries), default=NEVER)

    def falls_to(self, most):
        """When no more than this is left; None: it is so already."""
        total, when = self.total(), None
        for _, leaves, n in sorted(self.entries, key=lambda entry: entry[1]):
            if total <= most:
                break
            total -= n
            when = leaves
        return when


class Bucket:
    def __init__(self, world, spec, top_up=False):
        self.spec, self.top_up = spec, top_up
        self.name = spec["name"]
        self.zone = spec.get("zone") or world.zone
        self.bytes = spec["bytes"]  # None: unlimited
        self.order = spec.get("order", 0)
        self.phase = "waiting"
        self.start = 0
        self.end = NEVER
        self.follows = None
        self.cut = -NEVER if world.is_first else world.since
        self.lengthened = None
        self.period_start, self.period_end, self.k = 0, NEVER, 0
        self.own = self.own_left = self.used_free = self.over = 0
        self.lots = []  # [total, left, last period, ends]
        self.rolling, self.recent = Window(), Window()
        self.plan = world.plan
        self.purchase = world.since
        self.lapses = NEVER
        self.start_at = NEVER
        self.by = spec.get("starts", "unsaid")

    # amounts

    @property
    def limit(self):
        return self.own + sum(lot[0] for lot in self.lots)

    @property
    def left(self):
        return self.own_left + sum(lot[1] for lot in self.lots)

    @property
    def used(self):
        return self.used_free if self.bytes is None else self.limit - self.left

    @property
    def recurs(self):
        return self.spec.get("every") is not None

    def open(self, k):
        self.k = k
        self.period_start, self.period_end = self.start, NEVER
        if self.recurs:
            self.period_start = self.recurrence.start(k)
            self.period_end = self.recurrence.start(k + 1)
        self.period_start = max(self.period_start, self.start, self.cut)
        self.own = self.own_left = self.bytes or 0
        self.used_free = self.over = 0
        self.recent = Window()

    def roll(self):
        boundary, left = self.period_end, self.own_left
        n = self.spec.get("roll_over")
        if n:
            self.lots = [[lot[1], lot[1], lot[2], lot[3]] for lot in self.lots
                         if lot[1] > 0 and lot[2] > self.k and lot[3] > boundary]
            cap = self.spec.get("roll_cap")
            fits = left if cap is None else max(0, min(left, cap - sum(lot[1] for lot in self.lots)))
            last = NEVER if n == "forever" else self.k + n
            ends = lt.validity_end(self.zone, boundary, self.spec.get("roll_lasts"))
            if fits:
                self.lots.append([fits, fits, last, ends])
        self.open(self.k + 1)

    def take(self, at, n, is_use=True):
        if is_use and self.plan and self.plan.get("lag"):
            self.recent.add(at, lt.later(self.zone, at, self.plan["lag"]), n)
        if self.bytes is None:
            self.used_free += n
            return
        rest = n
        for lot in self.lots:
            m = min(rest, lot[1])
            lot[1] -= m
            rest -= m
        self.own_left -= rest
        if self.spec.get("rolling"):
            self.rolling.add(at, lt.validity_end(self.zone, at, self.spec["rolling"]), n)

    def give_back(self, n):
        m = min(n, self.own - self.own_left)
        self.own_left += m
        n -= m
        for lot in reversed(self.lots):
            m = min(n, lot[0] - lot[1])
            lot[1] += m
            n -= m
        if self.left > 0:
            self.over = 0

    def set_left(self, at, left):
        if left < self.left:
            self.take(at, self.left - left, is_use=False)
        elif left > self.left:
            back = min(left - self.left, self.used)
            self.rolling.take_back(back)
            self.give_back(back)
            extra = left - self.left
            self.own += extra
            self.own_left += extra
        if self.left > 0:
            self.over = 0
