/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The values of a plan's text, one by one: read from, and written as, simtally.plan(5) has them.
 *
 * Readers take a text without spaces around it and with single spaces in it, in small letters but
 * for names and units. -EINVAL: it is none of these; -ERANGE: it is one, but out of bounds. Writers
 * return a text that reads back to the same value, and is the caller's to free.
 */

#include "plan.h"

#define VALUE_MAX_BYTES UINT64_C(1000000000000000000) /* 10^18 */
#define VALUE_MAX_BPS   UINT64_C(1000000000000)
#define VALUE_MAX_YEARS 100 /* of a length */
#define VALUE_MAX_ITEMS 32  /* of a list … */
#define VALUE_MAX_MCCS  400 /* … of countries */

/* A copy with single spaces for each run of blanks, and none around. */
char *value_squeeze(const char *text);

/* Cuts the text in two where the separator is; false, and nothing written, where it is not. */
bool value_split(const char *text, const char *separator, char **ret_before, char **ret_after);

/* The text without its ending; NULL where it ends otherwise. */
char *value_without_suffix(const char *text, const char *suffix);

/* Reads each part between semicolons, at most so many, into an element of so many bytes. */
int value_read_list(const char *text, guint most, guint element,
                    int (*read)(const char *text, void *ret), GArray **ret);

/* Adds an item, which is freed, to a list that is being written. */
void value_append(GString *list, char *item);

/* 5GB, at least one byte; and the same or "unlimited", which is PLAN_UNLIMITED. */
int value_read_size(const char *text, uint64_t *ret);
int value_read_bytes(const char *text, uint64_t *ret);
char *value_write_bytes(uint64_t bytes);

int value_read_rate(const char *text, uint64_t *ret_bps);
char *value_write_rate(uint64_t bps);

/* 220 JPY, 2.50 EUR */
int value_read_money(const char *text, Money *ret);
char *value_write_money(const Money *money);

/* 24h, 10x24h, 30 minutes, 10 days, 2 weeks, 1 month, 1 year, 2 calendar months */
int value_read_length(const char *text, Length *ret);
char *value_write_length(const Length *length);

/* 2026-11-01, 2026-11-01 18:30 */
int value_read_local_time(const char *text, LocalTime *ret);
char *value_write_local_time(const LocalTime *time);

/* 07:30, as minutes since midnight; 24:00 only where `most` is 1440. */
int value_read_time_of_day(const char *text, int most, int *ret);
char *value_write_time_of_day(int minutes);

/* A whole number without sign. -ERANGE: not from `least` to `most`. */
int value_read_number(const char *text, int64_t least, int64_t most, int64_t *ret);

/* A name that tzdata lists, or ±HH:MM. */
int value_read_zone(const char *text, char **ret);

/* One line of text for people, with what cannot be shown left out. */
int value_read_text(const char *text, size_t most_bytes, char **ret);

/* https://… */
int value_read_url(const char *text, char **ret);

/* 80%;500MB left */
int value_read_warn(const char *text, GArray **ret);
char *value_write_warn(const GArray *warn);

/* next, block, throttle 300kbit/s, bill 220 JPY per 1GB up to 2200 JPY */
int value_read_at_zero(const char *text, AtZero *ret);
char *value_write_at_zero(const AtZero *at_zero);

/* 3GB:1078 JPY;unlimited:3278 JPY, in ascending order */
int value_read_tiers(const char *text, GArray **ret);
char *value_write_tiers(const GArray *tiers);

/* 2 days;3h */
int value_read_lengths(const char *text, GArray **ret);
char *value_write_lengths(const GArray *lengths);

/* anywhere, home, abroad, 440;441 */
int value_read_where(const char *text, Where *ret);
char *value_write_where(const Where *where);

/* Mon-Fri 01:00-07:00;Sat,Sun 00:00-24:00 */
int value_read_windows(const char *text, GArray **ret);
char *value_write_windows(const GArray *windows);

/* 2026-11-01, now, install, first-use, first-network, first-use-abroad, after NAME */
int value_read_start(const char *text, Start *ret);
char *value_write_start(const Start *start);

/* 1 period, 2 periods, forever */
int value_read_roll_over(const char *text, int *ret);
char *value_write_roll_over(int periods);

/* The limits' own: 15GB in 3 days; 15 days from first-use; throttle 1Mbit/s at 00:00; 18:00-02:00
 */
int value_read_over(const char *text, Limit *ret);
int value_read_after(const char *text, Limit *ret);
int value_read_then(const char *text, Limit *ret);
int value_read_during(const char *text, Limit *ret);
char *value_write_over(const Limit *limit);
char *value_write_after(const Limit *limit);
char *value_write_then(const Limit *limit);
char *value_write_during(const Limit *limit);
