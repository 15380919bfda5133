/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the verbs of the command line are given, and what they have in common. */

#include "print.h"

/* What the options of all verbs set. Strings are owned. */
typedef struct Options {
        char *sim;    /* -s */
        char *output; /* -o */
        char *fields; /* -g */
        char *unit;   /* -u */
        char *by, *since, *until, *at;
        char *lasts, *name;              /* topup */
        char *remaining, *used, *bucket; /* correct */
        char *bill;                      /* statement */
        char *theme;                     /* history, as a picture */
        char *dry_run;                   /* query: bytes as they were typed */
        int period;
        gboolean full;
        char *template;         /* status */
        gboolean follow, watch; /* status */
        int width, wait_seconds;
        gboolean identify, yes, help, version;
        SizeUnit size_unit;
} Options;

void options_clear(Options *o);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* Says on stderr what is wrong with the command line. */
ExitCode usage(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Says on stderr why something failed. */
ExitCode failed(const char *format, ...) G_GNUC_PRINTF(1, 2);

ExitCode connect_remote(const Options *o, Remote **ret);

/* Connects, and reads everything. */
ExitCode load_remote(const Options *o, Remote **ret);

/* No more SIMs than a screen has room for: see remote_read_few(). */
ExitCode load_few(const Options *o, unsigned most_away, Remote **ret);

/* The SIM that a text names, else the current one, out of all that was read. */
ExitCode find_sim(Remote *r, const char *text, const RemoteSim **ret);

/* Connects, and reads the SIM that -s names, else the current one, and no other. */
ExitCode load_sim(const Options *o, Remote **ret, const RemoteSim **ret_sim);

bool wants(const Options *o, const char *output);
void options_style(const Options *o, Style *s);

/* "2026-11-24", "2026-11-24 18:30" or RFC 3339, in the system's zone; text NULL: absent. */
ExitCode parse_instant(const char *text, uint64_t absent, uint64_t *ret);

/* The system's zone by its name, where it has one that the daemon knows; else "". */
char *zone_name(void);

/* "Work SIM ··8810" */
char *sim_name(const Style *s, const RemoteSim *sim);

/* A size that an option gave. */
ExitCode parse_size(const char *text, uint64_t *ret);

/* The number of an event or an alert. */
ExitCode parse_number(const char *text, uint64_t *ret);

/* Asks; false for anything but a yes. */
bool confirm(const char *question);

/*
 * The same, but not with -y; and where there is no terminal to ask on, it is refused. What is not
 * EXIT_CODE_OK is a no, and has been said.
 */
ExitCode confirm_on_terminal(const Options *o, const char *question);

/* verb-status.c */
ExitCode verb_status(Options *o, char **words);

/* verb-list.c */
ExitCode verb_sims(Options *o, char **words);
ExitCode verb_modems(Options *o, char **words);

/* verb-sim.c */
ExitCode verb_label(Options *o, char **words);
ExitCode verb_forget(Options *o, char **words);
ExitCode verb_assign(Options *o, char **words);
ExitCode verb_export(Options *o, char **words);

/* verb-history.c */
ExitCode verb_history(Options *o, char **words);

/* verb-picture.c: of the running period, day by day */
ExitCode history_picture(const Options *o);

/* verb-plan-*.c */
ExitCode verb_plan_check(Options *o, char **words);
ExitCode verb_plan_show(Options *o, char **words);
ExitCode verb_plan_set(Options *o, char **words);
ExitCode verb_plan_use(Options *o, char **words);
ExitCode verb_plan_clear(Options *o, char **words);
ExitCode verb_plan_presets(Options *o, char **words);
ExitCode verb_plan_edit(Options *o, char **words);
ExitCode verb_plan_new(Options *o, char **words);

/* verb-event.c */
ExitCode verb_topup(Options *o, char **words);
ExitCode verb_correct(Options *o, char **words);
ExitCode verb_events(Options *o, char **words);
ExitCode verb_events_remove(Options *o, char **words);

/* verb-alert.c */
ExitCode verb_alerts(Options *o, char **words);
ExitCode verb_alerts_ack(Options *o, char **words);
ExitCode verb_alerts_snooze(Options *o, char **words);

/* verb-check.c */
ExitCode verb_check(Options *o, char **words);

/* verb-statement.c */
ExitCode verb_statement(Options *o, char **words);
ExitCode history_by_period(Options *o);

/* verb-query.c */
ExitCode verb_query(Options *o, char **words);
ExitCode verb_query_show(Options *o, char **words);
ExitCode verb_query_setup(Options *o, char **words);
ExitCode verb_query_confirm(Options *o, char **words);

/* verb-query-reply.c: what is read of a carrier's words; of those of --dry-run, without asking it
 */
ExitCode query_dry_run(const Options *o);
ExitCode verb_query_last(Options *o, char **words);
