/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What time it is: the only place that asks.
 *
 * The wall clock may lie: without a battery it begins in 1970, and people set it. It is trusted
 * when the kernel says that it is synchronised, or when it is not before the last instant at which
 * it was trusted, and has not leapt ahead by ten years. While it is not, time goes on from there,
 * by the seconds since boot.
 */

#include <stdbool.h>
#include <stdint.h>

/* What is known of the time from before this start. */
typedef struct ClockPast {
        int64_t trusted_at; /* the last instant at which the clock was trusted, UTC seconds */
        int64_t at;         /* the last instant that was given out, trusted or not; 0: none */
        int64_t boottime;   /* seconds since boot at that instant; -1: it was another boot */
} ClockPast;

/*
 * To be called before anything asks. Returns what has to be added to instants of this boot that
 * were given out while the clock was not trusted (seconds; 0 also while it is still not).
 */
int64_t clock_begin(const ClockPast *past);

/*
 * The clock is about to step: instants asked for during changing() are still the old ones.
 * stepped(): instants of before that were not trusted are right once shift seconds are added;
 * was_trusted: they were right as they were. due(): the instant of clock_wake_at() has come.
 */
typedef struct ClockListener {
        void (*changing)(void *userdata);
        void (*stepped)(int64_t shift, bool was_trusted, void *userdata);
        void (*due)(void *userdata);
} ClockListener;

/* Steps are noticed when someone sets the clock, or at the next question. Until clock_done(). */
void clock_watch(const ClockListener *listener, void *userdata);
void clock_done(void);

/* due() is called once, at this instant (UTC seconds; 0: not at all), instead of the former one. */
void clock_wake_at(int64_t instant);

/* Looks again whether the clock can be trusted; a step is told before this returns. */
void clock_check(void);

bool clock_is_trusted(void);
int64_t clock_trusted_at(void); /* the last instant at which it was, UTC seconds */

/* UTC seconds. */
int64_t clock_now(void);

/* Microseconds since boot, suspend included. */
int64_t clock_boottime_usec(void);

/* The kernel's id of this boot. */
const char *clock_boot_id(void);
