# SPDX-License-Identifier: LGPL-2.1-or-later
"""Instants and local time, for the model: plain, slow, and by the words of simtally.plan(5)."""

from __future__ import annotations

import calendar
import datetime
import functools
import zoneinfo

NEVER = 2**63 - 1
DAY = 86400
EPOCH = datetime.datetime(1970, 1, 1)


@functools.lru_cache(maxsize=None)
def zone(name: str):
    if name[0] in "+-":
        sign = -1 if name[0] == "-" else 1
        minutes = int(name[1:3]) * 60 + int(name[4:6])
        return datetime.timezone(sign * datetime.timedelta(minutes=minutes))
    return zoneinfo.ZoneInfo(name)


@functools.lru_cache(maxsize=200000)
def offset(name: str, at: int) -> int:
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).astimezone(zone(name))
    return int(moment.utcoffset().total_seconds())


def clock(name: str, at: int) -> datetime.datetime:
    """What the local clock shows."""
    return EPOCH + datetime.timedelta(seconds=at + offset(name, at))


@functools.lru_cache(maxsize=200000)
def instant(name: str, shown: datetime.datetime) -> int:
    """The first instant at which the clock shows it, or jumps over it."""
    naive = int((shown - EPOCH).total_seconds())
    offsets = {offset(name, naive - DAY), offset(name, naive + DAY)}
    shown_at = [naive - o for o in offsets if offset(name, naive - o) == o]
    if shown_at:
        return min(shown_at)
    before, after = naive - max(offsets), naive - min(offsets)
    while after - before > 1:
        middle = (before + after) // 2
        if offset(name, middle) == offset(name, after):
            after = middle
        else:
            before = middle
    return after


def midnight(name: str, date: datetime.date) -> int:
    return instant(name, datetime.datetime(date.year, date.month, date.day))


def date_of(name: str, at: int) -> datetime.date:
    """The day whose first instant is the last one not after it."""
    date = clock(name, at).date() + datetime.timedelta(days=1)
    while midnight(name, date) > at:
        date -= datetime.timedelta(days=1)
    return date


def add_months(year: int, month: int, day: int, n: int) -> datetime.date:
    total = year * 12 + month - 1 + n
    year, month = divmod(total, 12)
    return datetime.date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def later(name: str, at: int, length) -> int:
    """The same clock time so much later."""
    if at == NEVER or length is None:
        return NEVER
    n, unit = length
    if unit == "s":
        return at + n
    if unit == "calendar":
        return validity_end(name, at, length)
    shown = clock(name, at)
    if unit == "month":
        date = add_months(shown.year, shown.month, shown.day, n)
    else:
        date = shown.date() + datetime.timedelta(days=n * (7 if unit == "week" else 1))
    return instant(name, datetime.datetime.combine(date, shown.time()))


def validity_end(name: str, start: int, length) -> int:
    """Days count from 1, which is the day of the start; calendar months likewise."""
    if start == NEVER or length is None:
        return NEVER
    n, unit = length
    if unit == "day":
        return midnight(name, date_of(name, start) + datetime.timedelta(days=n))
    if unit == "calendar":
        date = date_of(name, start)
        return midnight(name, add_months(date.year, date.month, 1, n))
    return later(name, start, length)


class Recurrence:
    """Where periods begin: number 0 at the anchor, others before and after it."""

    def __init__(self, name: str, every, start: int, date=None, day: int = 0, at=None):
        self.name, (self.n, self.unit) = name, every
        shown = clock(name, start)
        base = date or shown.replace(hour=0, minute=0, second=0)
        self.date = base.date()
        self.day = day or self.date.day
        if self.unit == "calendar":
            self.day = 1
        if at is not None:
            self.time = datetime.timedelta(minutes=at)
        elif date:
            self.time = datetime.timedelta(hours=date.hour, minutes=date.minute)
        elif day or self.unit in ("day", "calendar"):
            self.time = datetime.timedelta()
        else:
            self.time = shown - datetime.datetime.combine(shown.date(), datetime.time())
        self.first = start
        if date or at is not None:
            self.first = instant(name, datetime.datetime.combine(self.date, datetime.time()) +
                                 self.time)

    def start(self, k: int) -> int:
        if self.unit == "s":
            return self.first + k * self.n
        if self.unit in ("month", "calendar"):
            date = add_months(self.date.year, self.date.month, self.day, k * self.n)
        else:
            date = self.date + datetime.timedelta(
                days=k * self.n * (7 if self.unit == "week" else 1))
        return instant(self.name, datetime.datetime.combine(date, datetime.time()) + self.time)

    def number(self, at: int) -> int:
        """By halves: the last period that begins at that instant or before it."""
        low, high = -1, 1
        while self.start(low) > at:
            low *= 2
        while self.start(high) <= at:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            if self.start(middle) <= at:
                low = middle
            else:
                high = middle
        return low


def windows_at(name: str, windows, at: int):
    """Is it in one of the weekly windows (days, from, until), and when does one next change?"""
    is_in, until = False, NEVER
    today = date_of(name, at)
    for days, begin, end in windows:
        for ahead in range(-1, 9):
            date = today + datetime.timedelta(days=ahead)
            if date.weekday() not in days:
                continue
            base = datetime.datetime.combine(date, datetime.time())
            first = instant(name, base + datetime.timedelta(minutes=begin))
            last = instant(name, base + datetime.timedelta(
                minutes=end, days=1 if end <= begin else 0))
            is_in = is_in or first <= at < last
            until = min([until] + [x for x in (first, last) if x > at])
    return is_in, until
