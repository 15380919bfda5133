/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* How people and programs are shown what the daemon says. */

#include "plan.h"
#include "query.h"
#include "remote.h"
#include "reply.h"
#include "size.h"

/* Text on a terminal. */
typedef struct Style {
        SizeUnit unit;
        unsigned width; /* columns */
        bool ascii;     /* the terminal shows nothing else */
        bool is_plain;  /* no colours are wanted (NO_COLOR) */
        int64_t now;    /* UNIX seconds */
        GTimeZone *zone;
} Style;

/* From the locale, the terminal and the clock. width 0: the terminal's, at most 78. */
void style_init(Style *s, SizeUnit unit, unsigned width);
void style_clear(Style *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Style, style_clear)

/* "··7719"; "" where no digits are known. */
char *style_tail(const Style *s, const char *digits);

/* Between the parts of a line; and where something is missing. */
const char *style_dot(const Style *s);
const char *style_ellipsis(const Style *s);

/*
 * print-time.c: in the host's zone. "24 Nov 14:02", with the year where it is another one ("never"
 * for 0); "Fri 4 Dec"; "4 Dec"; "14:02".
 */
char *style_instant(const Style *s, uint64_t instant);
char *style_day(const Style *s, uint64_t instant);
char *style_day_short(const Style *s, uint64_t instant);
char *style_clock(const Style *s, uint64_t instant);

/* As strftime() has it, in the host's zone; the format is a C_("date", …). */
char *style_time(const Style *s, uint64_t instant, const char *format);

/* "today", "Friday" within a week, else "Fri 4 Dec". */
char *style_day_near(const Style *s, uint64_t instant);

/* Days by which something runs out before the last day of a period that ends then. */
int64_t style_days_early(const Style *s, uint64_t runs_out, uint64_t end);

/* Midnights until then: 1 is tomorrow. And the same in words, in either direction: "21 days", "3 h
 * 12 min". */
int64_t style_days_until(const Style *s, uint64_t instant);
char *style_days(int n);
char *style_distance(const Style *s, uint64_t instant);

/*
 * With what the plan's own clocks show beside it where they differ (zone "": not known), and more
 * in the same brackets: "15 Dec 01:00 (00:00 UTC+8; 21 days)". Soon: without the day where it is
 * less than a day away.
 */
char *style_moment(const Style *s, uint64_t instant, const char *zone, const char *more);
char *style_soon(const Style *s, uint64_t instant, const char *zone, const char *more);

/* The last minute before then, where it is midnight: "Sat 28 Nov 23:59", "28 Nov", "28 Nov 23:59".
 */
char *style_end(const Style *s, uint64_t instant, const char *zone, const char *more);
char *style_end_day(const Style *s, uint64_t instant);
char *style_end_short(const Style *s, uint64_t instant);

/* RFC 3339 in the system's zone; NULL for 0. */
char *rfc3339(uint64_t instant);

/* print-text.c */
void print_column(const char *text, size_t columns); /* padded; bytes do not tell its width */
void print_cells(const char *cell, unsigned n);

/* Parts, folded where they do not fit: what follows stands under the first. */
void print_folded(const Style *s, const char *const *parts, const char *separator, size_t indent);

/* A name, and what there is to say, which begins at a column. */
#define ENTRY_COLUMNS 10
#define ENTRY_INDENT  (2 + ENTRY_COLUMNS)
void print_entry(const Style *s, const char *name, const char *const *parts, const char *separator);
void print_sentence(const Style *s, const char *name, const char *sentence);

/* print-sim.c: one SIM; print-left.c: what is left of its plan, if it has one */
void print_sim(const Style *s, const RemoteSim *sim);
void print_left(const Style *s, const RemoteSim *sim);

/* print-term.c: how long the plan is good for; and what it came to, once it has ended. */
void print_term(const Style *s, const RemotePlan *p);
void print_ended(const Style *s, const RemotePlan *p);
char *style_lost(const Style *s,
                 const RemotePlan *p); /* "Sat 21 Nov 23:59, 2 days ago; 1.4 GB was left" */

/* "15.1 GB left of 20 GB · resets 15 Dec 00:00 (21 days)" */
char *left_sentence(const Style *s, const RemoteSim *sim);

/* The same in a line: "low, 3.6 GB left of 20 GB, resets 15 Dec 00:00". */
char *style_summary(const Style *s, const RemoteSim *sim);

/* What was counted in both directions today. */
uint64_t sim_today(const RemoteSim *sim);

/* Whether what is running is followed by another period; and when it ends (0: never). */
bool plan_resets(const RemotePlan *p);
uint64_t plan_end(const RemotePlan *p);

/* Whether its periods are no longer than a day. */
bool bucket_is_daily(const RemoteBucket *b);

/*
 * What print_left() says, for those who say it elsewhere: "6.3 GB left of 10 GB"; "resets 15 Dec
 * 00:00", "until Sat 28 Nov 23:59"; "full speed 01:00"; "412 MB; 293 MB more is safe", under which
 * name; "lasts, about 2.9 GB to spare" (NULL: nothing can be said yet).
 */
char *style_amount(const Style *s, const RemotePlan *p);
char *style_plan_end(const Style *s, const RemotePlan *p, bool with_distance);
char *style_lift(const Style *s, const RemotePlan *p, bool with_distance);
char *style_today(const Style *s, const RemoteSim *sim, const char **ret_name);
char *style_outlook(const Style *s, const RemotePlan *p);

char *style_money(double amount, const char *currency); /* "440 JPY", "2.50 EUR" */

const char *style_state(const char *state); /* of a plan: "throttled" */

/* print-size.c: "6.3 of 10 GB", "300 kbit/s" */
char *style_pair(const Style *s, uint64_t part, uint64_t whole);
char *style_rate(uint64_t bps);

/* print-table.c: several SIMs */
void print_sims(const Style *s, GPtrArray *sims); /* RemoteSim */

/* print-alert.c: all alerts of a SIM; alert-text.h has their words */
void print_alerts(const Style *s, const RemoteSim *sim);

/* print-carrier.c: the carrier's figure, "15.1 GB left, today 09:12; agrees"; and what is sent */
char *style_report(const Style *s, const RemoteSim *sim);
char *style_sending(const Query *query, QueryMethod method);
const char *style_method(const char *method); /* as the daemon calls it: "sms" */

/* print-reply.c: what was read of a carrier's words, and why */
void print_reply(const Style *s, const Reply *reply);

/* print-status.c */
#define STATUS_MOST_AWAY 20 /* so many that are in no modem: those used last */
void print_status(const Style *s, Remote *r);
void print_status_of(const Style *s, Remote *r, const RemoteSim *sim);
char *problem_text(const Style *s, Remote *r, const char *problem);
void print_modems(const Style *s, Remote *r);

/* print-history.c */
void print_history(const Style *s, const RemoteSim *sim, const char *slice, const GArray *rows);
void print_history_csv(const GArray *rows);

/* print-plan.c: RemoteBucket of a plan that is not set; and what happens at zero, in words */
void print_check(const Style *s, const Plan *plan, const GPtrArray *buckets);
char *style_at_zero(const char *at_zero);

/* print-period.c: RemoteBucket, each in one of its periods */
void print_periods(const Style *s, const RemoteSim *sim, const GPtrArray *periods);
void print_periods_csv(const GPtrArray *periods);

/* print-event.c: RemoteEvent; and id, name and note of each preset, in a row */
void print_events(const Style *s, const RemoteSim *sim, const GPtrArray *events);
void print_presets(const Style *s, const GPtrArray *presets);

/* print-json.c: the names of the bus in snake_case, instants twice */
void print_status_json(Remote *r, const RemoteSim *only);
void print_plan_json(const RemoteSim *sim, const char *text);
void print_presets_json(const GPtrArray *presets);
void print_events_json(const RemoteSim *sim, const GPtrArray *events);
void print_alerts_json(Remote *r, const RemoteSim *only);
void print_periods_json(const RemoteSim *sim, const GPtrArray *periods);
void print_report_json(const RemoteSim *sim);
void print_reply_json(const Reply *reply);
void print_check_json(const char *name, const GPtrArray *buckets);
void print_history_json(const RemoteSim *sim, const char *slice, const char *zone,
                        const GArray *rows);

/* print-fields.c: the same names and values, one a line; or just the values of some */
void print_status_keyvalue(Remote *r, const RemoteSim *only);
bool print_fields(const RemoteSim *sim, const char *names); /* false: one is not known */

/* The same as a text; NULL: no value is called that. */
char *field_text(const RemoteSim *sim, const char *name);

/* print-values.c: what there is to say of a thing, by name, in the order in which it is shown. */
typedef struct Value {
        const char *name;
        char type; /* s text, b boolean, t number, T instant, d real number */
        const char *text;
        uint64_t number;
        double real;
} Value;

#define N_SIM_VALUES    20
#define N_MODEM_VALUES  12
#define N_PLAN_VALUES   31
#define N_BUCKET_VALUES 20
#define N_REPORT_VALUES 12

void sim_values(const RemoteSim *sim, Value values[N_SIM_VALUES]);
void modem_values(const RemoteModem *modem, Value values[N_MODEM_VALUES]);
void plan_values(const RemotePlan *plan, Value values[N_PLAN_VALUES]);
void bucket_values(const RemoteBucket *bucket, Value values[N_BUCKET_VALUES]);
void report_values(const RemoteReport *report, Value values[N_REPORT_VALUES]);

/* Any value of a dictionary. */
Value value_of(const RemoteValue *v);
