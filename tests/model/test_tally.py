#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tally against a slow model of it, on random plans, events and usage from fixed seeds.

    test_tally.py PROGRAM [CASES [FIRST]]

Also: how bytes are sliced makes no difference, asking makes none, nothing changes before the next
boundary, and no state before so many bytes as were said to be needed. TALLY_CASES is the number of
cases where none is given."""

from __future__ import annotations

import copy
import os
import subprocess
import sys

import answer_model
import local_time as lt
import make_plan
import tally_model

CASES = int(os.environ.get("TALLY_CASES", "2000"))


def plan_lines(word, at, plan):
    return [f"{word} {at}"] + ["|" + line for line in make_plan.plan_text(plan)]


def size(n):
    return "unlimited" if n is None else n


def fact_lines(fact):
    at, kind, *rest = fact
    if kind == "use":
        rx, tx, session, mcc, abroad = rest
        return [f"use {at} {rx} {tx} {session} {mcc} {int(abroad)}"]
    if kind == "buy":
        ident, offer, said = rest
        length = make_plan.length_text(said["lasts"]).replace(" ", "_") if "lasts" in said else "-"
        return [f"buy {at} {ident} {offer or '-'} {size(said.get('bytes', 0))} {length} "
                f"{said.get('expires', 0)}"]
    if kind in ("fix", "report"):
        name, said, n, expires, resolution = rest
        tail = f" {resolution}" if kind == "report" else ""
        return [f"{kind} {at} {name or '-'} {said or '-'} {n} {expires}{tail}"]
    if kind == "network":
        return [f"network {at} {rest[0]} {int(rest[1])}"]
    if kind == "contract":
        return plan_lines("contract", at, rest[0])
    return [f"install {at}"]


def tell(world, fact):
    at, kind, *rest = fact
    world.go_to(at)
    if kind == "use":
        world.use(at, *rest)
    elif kind == "buy":
        ident, name, said = rest
        offer = next((o for o in world.plan["offers"] if o["name"] == name), None)
        world.buy(at, ident, offer, said)
    elif kind in ("fix", "report"):
        name, said, n, expires, resolution = rest
        world.figure(at, name, n if said == "left" else None, n if said == "used" else None,
                     expires, resolution)
    elif kind == "network":
        if rest[0]:
            world.place = (rest[0], rest[1])
        world.begin_by(at, False)
    elif kind == "install":
        if world.installed is None:
            world.installed = at
        for b in world.buckets:
            if b.phase == "waiting" and b.by == "install" and b.start_at == lt.NEVER:
                early = world.is_first and not b.spec.get("bought")
                b.start_at = at if early else max(at, b.purchase)
        world.go_to(at)
    elif kind == "contract":
        world.is_first = False
        world.set_plan(rest[0], at)
        world.go_to(at)


def dated(plan, facts, now):
    """Session=start or end: the model is told the bytes when they count."""
    rule = plan.get("session")
    told = [fact for fact in facts if fact[0] <= now]
    if not rule:
        return told
    b = plan["buckets"][0]
    r = lt.Recurrence(plan["zone"], b["every"], 0, b["from"])
    first, last = {}, {}
    for fact in told:
        first.setdefault(fact[4], fact[0])
        last[fact[4]] = fact[0]
    moved = []
    for fact in told:
        at = first[fact[4]]
        if rule == "end":
            at = max(fact[0], r.start(r.number(last[fact[4]])))
        moved.append((at,) + fact[1:])
    return sorted(moved, key=lambda fact: fact[0])


def model_answer(plan, since, facts, now):
    world = tally_model.World(copy.deepcopy(plan), since)
    for fact in dated(plan, facts, now):
        tell(world, fact)
    world.go_to(now)
    return answer_model.answer(world)


def sliced(facts, random):
    """The same bytes of the same instants, in more pieces."""
    pieces = []
    for fact in facts:
        if fact[1] != "use":
            pieces.append(fact)
            continue
        rx, tx = fact[2], fact[3]
        cut = random.randint(0, rx), random.randint(0, tx)
        pieces.append(fact[:2] + cut + fact[4:])
        pieces.append(fact[:2] + (rx - cut[0], tx - cut[1]) + fact[4:])
    return pieces


class Case:
    def __init__(self, seed):
        self.seed = seed
        make = make_plan.Maker(seed)
        self.random = make.r
        if seed % 10 == 9:
            self.plan = make.session_plan(make.r.choice(["start", "end"]))
        else:
            self.plan = make.plan()
        self.since = lt.instant(self.plan["zone"], make.base)
        if self.plan.get("session"):
            self.facts = self.session_facts(make)
        else:
            self.facts = make.facts(self.plan, self.since)
        last = max([fact[0] for fact in self.facts] + [self.since])
        self.asked = sorted([last, last + make.r.randrange(40 * lt.DAY)] +
                            [self.since + make.r.randrange(make.span) for _ in range(3)])

    def session_facts(self, make):
        """Sessions of a few hours, some of them over a month's end."""
        facts = []
        b = self.plan["buckets"][0]
        r = lt.Recurrence(self.plan["zone"], b["every"], 0, b["from"])
        for session in range(1, 12):
            at = self.since + make.r.randrange(make.span)
            if make.maybe(0.6):
                at = r.start(r.number(at)) - make.r.randrange(7000)
            for _ in range(make.r.randint(1, 4)):
                facts.append((at, "use", make.r.choice([1, 300, 900]), 0, session, 440, False))
                at += make.r.randrange(1, 5000)
        return sorted(facts, key=lambda fact: fact[0])

    def told_and_asked(self, facts, asked):
        """Facts and questions in the order of time, the questions last."""
        lines, facts = plan_lines("plan", self.since, self.plan), list(facts)
        for now in asked:
            while facts and facts[0][0] <= now:
                lines += fact_lines(facts.pop(0))
            lines += [f"ask {now}", f"next {now}"]
        return lines + ["end"]

    def write(self):
        """The questions one by one; the last of them alone; and with the bytes in pieces."""
        return (self.told_and_asked(self.facts, self.asked) +
                self.told_and_asked(self.facts, self.asked[-1:]) +
                self.told_and_asked(sliced(self.facts, self.random), self.asked[-1:]))

    def write_again(self, nexts):
        """Right before each boundary, and before the bytes that are needed have come."""
        lines = []
        for now, (boundary, needed) in zip(self.asked, nexts):
            told = [fact for fact in self.facts if fact[0] <= now]
            if boundary < now + 1000 * lt.DAY:
                lines += self.told_and_asked(told, [boundary - 1])
            if 1 < needed < 2**62 and not self.plan.get("round_up"):
                n = needed - 1
                use = (now, "use", n if self.plan.get("count") != "tx" else 0,
                       n if self.plan.get("count") == "tx" else 0, 1, 0, False)
                lines += self.told_and_asked(told + [use], [now])
        return lines

    def check(self, lines):
        """The differences, and what is to be asked again."""
        faults, answers, nexts = [], [], []
        for now in self.asked:
            answers.append(lines.pop(0))
            nexts.append(tuple(int(word) for word in lines.pop(0).split()))
            wanted = model_answer(self.plan, self.since, self.facts, now)
            if answers[-1] != wanted:
                faults.append(f"at {now}:\n  is     {answers[-1]}\n  wanted {wanted}")
        for what in ("asking", "slicing"):
            if lines.pop(0) != answers[-1]:
                faults.append(f"{what} makes a difference")
            lines.pop(0)
        for now, (boundary, _) in zip(self.asked, nexts):
            if boundary <= now:
                faults.append(f"at {now}: the next boundary is {boundary}")
        self.answers = answers
        return faults, nexts

    def check_again(self, lines, nexts):
        faults = []
        for now, answer, (boundary, needed) in zip(self.asked, self.answers, nexts):
            if boundary < now + 1000 * lt.DAY:
                if lines.pop(0) != answer:
                    faults.append(f"at {now}: the answer changes before {boundary}")
                lines.pop(0)
            if 1 < needed < 2**62 and not self.plan.get("round_up"):
                state = lines.pop(0).split()[0]
                if state != answer.split()[0] and not self.plan.get("session"):
                    faults.append(f"at {now}: another state before {needed} bytes")
                lines.pop(0)
        return faults

    def show(self, faults):
        text = "\n".join(self.told_and_asked(self.facts, self.asked))
        return f"case {self.seed}:\n{text}\n" + "\n".join(faults)


def run(program, lines):
    if not lines:
        return []
    done = subprocess.run([program], input="\n".join(lines) + "\n", text=True,
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.splitlines()


def batch(program, seeds):
    cases = [Case(seed) for seed in seeds]
    out = run(program, [line for case in cases for line in case.write()])
    failed, again = [], []
    for case in cases:
        faults, nexts = case.check(out)
        again.append((case, nexts))
        if faults:
            failed.append(case.show(faults))
    assert not out, "answers that nobody asked for"

    out = run(program, [line for case, nexts in again for line in case.write_again(nexts)])
    for case, nexts in again:
        # More than one contract counts bytes in more than one direction.
        faults = case.check_again(out, nexts)
        if faults and not any(fact[1] == "contract" for fact in case.facts):
            failed.append(case.show(faults))
    return failed


def main():
    program = sys.argv[1]
    n = int(sys.argv[2]) if len(sys.argv) > 2 else CASES
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    failed = []
    for start in range(first, first + n, 100):
        failed += batch(program, range(start, min(start + 100, first + n)))
    for text in failed[:3]:
        print(text)
    print(f"{n - len(failed)} of {n} cases agree")
    return 1 if failed else 0


sys.exit(main())
