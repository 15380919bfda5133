# SPDX-License-Identifier: LGPL-2.1-or-later
"""The model's rules of speed and fairness: a part of its world."""

from __future__ import annotations

import datetime

import local_time as lt
from bucket_model import Window
from local_time import NEVER


class Limits:
    @staticmethod
    def window_sum(l, at):
        if l["spec"].get("next_day"):
            return l["window"].total()
        return l["window"].sum_at(at)

    def set_off(self, l, at):
        l["on"] = at
        if l["spec"]["kind"] == "after":
            l["first"] = at
        if l["spec"].get("until") == "next-period":
            l["resets"] = next((b.period_end for b in self.buckets
                                if b.recurs and b.phase == "running"), NEVER)

    def is_lifted_here(self, l):
        """Use at home lifts it, and does not count for it."""
        return l["spec"].get("until") == "home-use" and not self.place[1]

    @staticmethod
    def anew(l):
        l["window"], l["first"], l["on"], l["resets"] = Window(), None, None, NEVER

    def limits_see_use(self, at):
        for l in self.limits:
            spec = l["spec"]
            if self.is_lifted_here(l):
                self.anew(l)
            elif spec["kind"] == "after" and l["first"] is None and \
                    self.covers(spec.get("where")) and \
                    (spec["what"] != "first-use-abroad" or self.place[1]):
                self.set_off(l, at)

    def settle_limits(self, at):
        for l in self.limits:
            if l["resets"] <= at:
                self.anew(l)
            spec = l["spec"]
            if spec["kind"] != "over":
                continue
            if spec.get("next_day"):
                l["window"].leave(at - 3 * lt.DAY)
            else:
                l["window"].leave(at)
                if spec.get("until") is None and l["window"].total() <= spec["over"]:
                    l["on"] = None

    def holds_from(self, l):
        spec = l["spec"]
        if l["on"] is None:
            return NEVER
        since = l["on"] if spec["kind"] == "over" else \
            lt.validity_end(l["zone"], l["first"], spec["window"])
        if spec.get("then_at") is not None:
            date = lt.date_of(l["zone"], since) - datetime.timedelta(days=1)
            while True:
                when = lt.instant(l["zone"], datetime.datetime.combine(date, datetime.time()) +
                                  datetime.timedelta(minutes=spec["then_at"]))
                if when >= since:
                    return when
                date += datetime.timedelta(days=1)
        return since

    def limit_now(self, l):
        """None, or when it lifts: 0 where nobody knows."""
        spec, now = l["spec"], self.now
        if not self.covers(spec.get("where")):
            return None
        if spec.get("during"):
            begin, end = spec["during"]
            for ahead in (0, -1):
                date = lt.date_of(l["zone"], now) + datetime.timedelta(days=ahead)
                base = datetime.datetime.combine(date, datetime.time())
                first = lt.instant(l["zone"], base + datetime.timedelta(minutes=begin))
                last = lt.instant(l["zone"], base + datetime.timedelta(
                    minutes=end, days=1 if end <= begin else 0))
                if not first <= now < last:
                    continue
                if spec.get("next_day"):
                    holds = l["window"].sum_at(lt.midnight(l["zone"], date) - 1) > spec["over"]
                else:
                    holds = self.holds_from(l) <= now
                if holds:
                    return last
            return None
        if self.holds_from(l) > now:
            return None
        if l["resets"] != NEVER:
            return l["resets"]
        if spec["kind"] == "over" and spec.get("until") is None:
            return l["window"].falls_to(spec["over"]) or 0
        return 0
