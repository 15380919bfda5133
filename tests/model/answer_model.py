# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the model says of a world: the same line of figures that tally-answers prints."""

from __future__ import annotations

from local_time import NEVER

HIDE_AFTER = 31 * 86400  # what was bought, and ended so long ago
USUAL_LEVELS = [("percent", 80), ("percent", 95)]


def is_daily(b):
    n, unit = b.spec.get("every") or (0, "")
    return (unit == "s" and 0 < n <= 86400) or (unit == "day" and n == 1)


def is_reached(level, limit, used):
    kind, value = level
    if kind == "left":
        return limit > value and limit - used <= value
    return used * 100 >= limit * value


def levels_of(b):
    if b.spec.get("warn"):
        return b.spec["warn"]
    if is_daily(b):
        return []
    return (b.plan or {}).get("warn") or USUAL_LEVELS


def steps(rule, over):
    _, price, step, ceiling = rule
    n = -(-over // step)
    return n if ceiling is None else min(n, ceiling // price)


def at_ceiling(rule, over):
    _, price, step, ceiling = rule
    return ceiling is not None and over // step >= ceiling // price


def charged(w):
    total = sum(b.used + b.over for b in w.buckets if b.phase == "running" and not b.within)
    price = 0
    for b in w.buckets:
        rule = w.at_zero(b)
        if b.phase == "running" and rule[0] == "bill" and b.over:
            price += steps(rule, b.over) * rule[1]
    for most, tier in w.plan.get("tiers") or []:
        if most is None or total <= most:
            return price + tier
    return price


def refill(w, b):
    if b.recurs and b.period_end < w.end_of(b):
        return b.period_end
    if b.spec.get("rolling") and b.rolling.next() < w.end_of(b):
        return b.rolling.next()
    return NEVER


def stop_lifts(w):
    whens = []
    for b in w.line():
        empty = [refill(w, m) for m in w.chain(b) if m.bytes is not None and m.left == 0]
        if empty:
            whens.append(max(empty))
    for b in w.buckets:
        if b.phase == "waiting" and b.start_at != NEVER and w.covers(b.spec.get("where")):
            whens.append(b.start_at)
    return min(whens, default=NEVER)


def stopped(w, stop):
    """State, rate and lift where nothing is left."""
    rule, over = w.at_zero(stop), stop.over if stop else 0
    if rule[0] == "bill" and not at_ceiling(rule, over):
        return ("billing" if over else "low"), 0, None
    if rule[0] == "bill":
        rule = w.plan.get("at_zero") or ("block",)
    if rule[0] == "throttle":
        return "throttled", rule[1], stop_lifts(w)
    return "exhausted", 0, stop_lifts(w)


def running_state(w, counted):
    payer, stop = w.payer()
    if payer is None and stop is not None:
        return stopped(w, stop)
    if payer is not None and w.room(payer) is None:
        return "ok", 0, None

    judged = counted + [b for b in w.buckets if b.within and w.is_here(b)]
    for b in judged:
        if b.phase == "running" and b.bytes is not None and b.left > 0 and any(
                is_reached(level, b.limit, b.used) for level in levels_of(b)):
            return "low", 0, None
    limited = [b for b in counted if b.bytes is not None]
    if len(limited) > 1 and not all(is_daily(b) for b in limited):
        limit, used = sum(b.limit for b in limited), sum(b.used for b in limited)
        if any(is_reached(level, limit, used) for level in w.plan.get("warn") or USUAL_LEVELS):
            return "low", 0, None
    return "ok", 0, None


def state(w, counted):
    phases = {b.phase for b in w.buckets}
    if "running" in phases:
        name, rate, lifts = running_state(w, counted)
    elif "waiting" in phases:
        return "waiting", 0, 0
    elif w.plan["buckets"]:
        return "expired", 0, 0
    else:
        name, rate, lifts = stopped(w, None)

    for l in w.limits:
        when = w.limit_now(l)
        if when is None:
            continue
        lifts = max(lifts or 0, when or NEVER)
        if l["spec"]["then"] == "block":
            name, rate = "exhausted", 0
        elif name != "exhausted":
            bps = l["spec"]["then"]
            rate = min(rate, bps) if rate else bps
            name = "billing" if name == "billing" else "throttled"
    return name, rate, 0 if lifts in (None, NEVER) else lifts


def instants(w, counted):
    live = [b for b in counted if b.phase in ("running", "ended", "lapsed")]
    if not live:
        return 0, 0, 0
    payer = w.payer()[0]
    while payer is not None and payer.within:
        payer = payer.within
    if payer is None or not any(payer is b for b in counted):
        payer = live[0]
    recurring = [b for b in live if b.recurs]
    main = recurring[0] if recurring else payer
    if payer.phase == "lapsed":
        return (0, 0, 0) if main.phase == "lapsed" else times(w, main)[:2] + (0,)
    if main.phase == "lapsed":
        return 0, 0, times(w, payer)[2]
    return times(w, main)[:2] + (times(w, payer)[2],)


def times(w, b):
    end = w.end_of(b)
    last = min(b.period_end, end)
    return b.period_start, 0 if last == NEVER else last, 0 if end == NEVER else end


def bucket_line(w, b):
    begun, over = b.phase in ("running", "ended"), b.phase in ("ended", "lapsed")
    if not begun:
        amount = b.bytes or 0
        left = amount if b.phase == "waiting" else 0
        return f"{b.name} {amount} 0 0 {left} 0 0 0 0 0 {int(over)}"
    start, end, expires = times(w, b)
    amount = 0 if b.bytes is None else b.own
    rolled = 0 if b.bytes is None else b.limit - b.own
    left = b.left if b.phase == "running" and b.bytes is not None else 0
    return (f"{b.name} {amount} {rolled} {b.used} {left} {b.over} {start} {end} {expires} 1 "
            f"{int(over)}")


def answer(w):
    """The model's answer at w.now."""
    counted = w.counted()
    name, rate, lifts = state(w, counted)
    over_now = {"ended", "lapsed"}
    limited = [b for b in counted if b.bytes is not None]
    begun = [b for b in counted if b.phase in ("running", "ended")]
    limit = sum(b.limit if b.phase in ("running", "ended") else b.bytes for b in limited)
    left = sum(b.bytes if b.phase == "waiting" else b.left for b in limited
               if b.phase not in over_now)
    used = sum(b.used for b in begun)
    over = sum(b.over for b in begun) + sum(b.over for b in w.buckets
                                            if b.within and b.phase == "running")
    unlimited = any(b.bytes is None and b.phase not in over_now for b in counted)
    start, end, expires = instants(w, counted)
    head = (f"{name} {int(unlimited)} {limit} {used} {left} {over} {start} {end} {expires} {rate} "
            f"{lifts} {charged(w)}")
    listed = [b for b in w.buckets if not (b.top_up and b.phase in over_now and
                                           not any(b is c for c in counted) and
                                           b.end <= w.now - HIDE_AFTER)]
    return " | ".join([head] + [bucket_line(w, b) for b in listed])
