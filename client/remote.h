/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon, seen from outside: what it says on the bus, as plain values. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

/* Exit codes, after nmcli's. */
typedef enum ExitCode {
        EXIT_CODE_OK = 0,
        EXIT_CODE_FAILED = 1,
        EXIT_CODE_USAGE = 2,
        EXIT_CODE_TIMED_OUT = 3,
        EXIT_CODE_NOT_ALLOWED = 4,
        EXIT_CODE_NO_DAEMON = 8,
        EXIT_CODE_NO_SIM = 10,
} ExitCode;

/* A value of a dictionary, under its name in snake_case. Types: s text, b boolean, t number,
 * d real number. */
typedef struct RemoteValue {
        char *name;
        char type;
        char *text; /* never NULL */
        uint64_t number;
        double real;
} RemoteValue;

/* Strings are sanitized, bounded and never NULL. Instants are UNIX seconds, 0: none. */
typedef struct RemoteBucket {
        char *name, *at_zero, *where;
        bool unlimited, begun, expired;
        bool here;    /* it is used where the SIM is now, at this hour */
        bool counted; /* the plan's figures include it */
        uint64_t bytes, used_bytes, remaining_bytes, over_bytes, rolled_over_bytes;
        uint64_t period_start, period_end; /* the end is the next one's start */
        uint64_t begun_at, expires_at, start_by, used_up_at, rate_limit;
} RemoteBucket;

typedef struct RemotePlan {
        bool has_plan, read_only, shared, unlimited, has_forecast, has_safe;
        char *name, *state, *zone, *currency, *top_up_url, *support;
        uint64_t since, limit_bytes, used_bytes, remaining_bytes, over_bytes, after_expiry_bytes;
        double percent_used;
        uint64_t period_start, period_end, expires_at;
        uint64_t runs_out_at, spare_bytes, missing_bytes; /* where has_forecast */
        uint64_t safe_today_bytes, safe_daily_bytes;      /* where has_safe */
        uint64_t rate_limit, lifts_at;
        double charged;
        uint64_t keep_alive_until;
        GPtrArray *buckets; /* RemoteBucket */
} RemotePlan;

/* The carrier's own figure, and how it is asked for. */
typedef struct RemoteReport {
        char *query_method, *query_state, *query_error;
        bool has_report, reports_used; /* it says what is used, not what is left */
        uint64_t reported_at, remaining_bytes, used_bytes, expires_at;
        char *state;        /* beside our own: agrees, differs, question, or "" */
        uint64_t own_bytes; /* what was left by our count then */
        double drift_percent;
} RemoteReport;

typedef struct RemoteSim {
        char *path;
        char *label, *iccid_tail, *kind, *operator, * home_plmn, *network_plmn, *network_name,
                *modem;
        bool present, connected, current, roaming;
        uint64_t rx_bytes, tx_bytes, today_rx_bytes, today_tx_bytes;
        uint64_t undated_rx_bytes, undated_tx_bytes; /* of all: they wait for the clock */
        uint64_t first_seen_at, last_used_at;
        GPtrArray *alerts; /* GArray of RemoteValue */
        RemotePlan plan;
        RemoteReport report;
} RemoteSim;

typedef struct RemoteModem {
        char *path;
        char *device, *protocol, *model, *state, *problem, *sim, *links, *source;
        bool counter_dispute;
        uint64_t unassigned_rx_bytes, unassigned_tx_bytes;
} RemoteModem;

typedef struct RemoteRow {
        uint64_t start, home_rx, home_tx, roaming_rx, roaming_tx;
} RemoteRow;

/* A fact about a SIM other than bytes. */
typedef struct RemoteEvent {
        uint64_t id, at;
        char *kind;
        GArray *body; /* RemoteValue */
} RemoteEvent;

/* What the owner says is left, or used. */
typedef struct RemoteCorrection {
        const char *bucket; /* NULL: all together */
        uint64_t at;        /* 0: now */
        bool is_left;       /* or used */
        uint64_t bytes;
} RemoteCorrection;

typedef struct Remote Remote;

/* Connects to the bus. timeout_usec bounds each call. Says why on stderr when it fails. */
ExitCode remote_new(uint64_t timeout_usec, Remote **ret);
Remote *remote_free(Remote *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)

/* The same, which says nothing; negative errno. */
int remote_open(uint64_t timeout_usec, Remote **ret);
char *remote_explain_bus(int error); /* the sentence for it */

/*
 * From now on no more SIMs are read than those in a modem, the current one, and so many of the
 * others: those used last, in whose order the daemon tells them. 0: all.
 */
void remote_read_few(Remote *r, unsigned most_away);

/* Reads everything that there is, in two calls. */
ExitCode remote_load(Remote *r);
ExitCode remote_load_quietly(Remote *r, char **ret_why); /* a sentence, where it failed */

/*
 * The same without waiting. What begun is done once remote_load_is_done(), and ended in any case;
 * *ret_why is a sentence where it failed.
 */
int remote_load_begin(Remote *r);
bool remote_load_is_running(Remote *r);
bool remote_load_is_done(Remote *r);
ExitCode remote_load_end(Remote *r, char **ret_why);
void remote_load_drop(Remote *r);

/* From now on it is not started by being asked. */
void remote_only_look(Remote *r);

/*
 * remote-follow.c: from now on remote_take_change() is true, once, when there may be something else
 * to read: also when the daemon comes or goes. remote_process() does what there is to do; -errno
 * when the bus is gone. remote_poll() is what to wait for: descriptor, events, and when
 * (CLOCK_MONOTONIC, UINT64_MAX: never) at the latest.
 */
int remote_follow(Remote *r);
bool remote_take_change(Remote *r);
int remote_process(Remote *r);
int remote_poll(Remote *r, int *ret_fd, int *ret_events, uint64_t *ret_until_usec);

/* A SIM of which nothing is known. */
RemoteSim *remote_new_sim(void);
void remote_sim_free(void *sim);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteSim, remote_sim_free)

/* Reads one SIM and nothing else, however many there are; then its modem, and what is wrong. */
ExitCode remote_load_sim(Remote *r, const char *path);
ExitCode remote_load_around(Remote *r, const RemoteSim *sim);

GPtrArray *remote_sims(Remote *r);   /* RemoteSim, the current one first, then by label */
uint64_t remote_n_sims(Remote *r);   /* so many there are, whether or not they were read */
GPtrArray *remote_modems(Remote *r); /* RemoteModem, by device */
const char *const *remote_problems(Remote *r);

/* The SIM of a label, slug or four digits, else (text NULL) the current one. */
ExitCode remote_find_sim(Remote *r, const char *text, char **ret_path);
/* Out of what was read, and silent; NULL. text NULL: the current one, else the first. */
const RemoteSim *remote_look_up_sim(Remote *r, const char *text);
const RemoteSim *remote_sim_by_path(Remote *r, const char *path);
const RemoteModem *remote_modem_by_path(Remote *r, const char *path);

ExitCode remote_set_label(Remote *r, const char *path, const char *label);
ExitCode remote_forget(Remote *r, const char *path);
ExitCode remote_export(Remote *r, int fd);
ExitCode remote_assign(Remote *r, const char *modem, const char *sim, uint64_t since,
                       uint64_t until);

/* *ret_identity: text -> text (Iccid, Imsi, Eid). */
ExitCode remote_identify(Remote *r, const char *path, GHashTable **ret_identity);

/* *ret_rows: RemoteRow, in the order of time. zone "": the system's. */
ExitCode remote_history(Remote *r, const char *path, const char *slice, uint64_t since,
                        uint64_t until, const char *zone, GArray **ret_rows);

/* An empty array of RemoteBucket, which owns them. */
GPtrArray *remote_new_buckets(void);

/* What a dictionary has under a name; NULL. */
const RemoteValue *remote_value(const GArray *dictionary, const char *name);

/* The plan's text, as it was set; since 0: from its beginning, else a new contract. */
ExitCode remote_get_plan(Remote *r, const char *path, char **ret_text);
ExitCode remote_set_plan(Remote *r, const char *path, const char *text, uint64_t since);
ExitCode remote_clear_plan(Remote *r, const char *path);

/* *ret_presets: name, title and description of each, in a row. */
ExitCode remote_presets(Remote *r, GPtrArray **ret_presets);
ExitCode remote_get_preset(Remote *r, const char *name, char **ret_text);

/* Facts; `at` 0: now. */
ExitCode remote_top_up(Remote *r, const char *path, const char *text, uint64_t at,
                       uint64_t *ret_event);
ExitCode remote_correct(Remote *r, const char *path, const RemoteCorrection *correction,
                        uint64_t *ret_event);
ExitCode remote_events(Remote *r, const char *path, uint64_t after, uint32_t most,
                       GPtrArray **ret_events); /* RemoteEvent */
ExitCode remote_remove_event(Remote *r, const char *path, uint64_t event);

/* RemoteBucket: those of the past as they were at their end. */
ExitCode remote_periods(Remote *r, const char *path, uint64_t since, uint64_t until,
                        GPtrArray **ret_buckets);

ExitCode remote_acknowledge(Remote *r, const char *path, uint64_t alert);
ExitCode remote_snooze(Remote *r, const char *path, uint64_t alert, uint64_t until);

/* How a SIM's carrier is asked; what it said last, as it came; and what is read out of a text. */
ExitCode remote_get_query(Remote *r, const char *path, char **ret_text);
ExitCode remote_set_query(Remote *r, const char *path, const char *text);
ExitCode remote_confirm_query(Remote *r, const char *path, const char *text, const char *to);
ExitCode remote_last_reply(Remote *r, const char *path, char **ret_text);
ExitCode remote_test_reply(Remote *r, const char *path, const char *text, GArray **ret_found,
                           GPtrArray **ret_reasons); /* GArray of RemoteValue, each */
ExitCode remote_suggest_queries(Remote *r, const char *path, GPtrArray **ret); /* GArray */

/* Asks; and waits until it was answered or has failed, with everything read anew. */
ExitCode remote_query(Remote *r, const char *path);
ExitCode remote_wait_for_answer(Remote *r, const char *path, uint64_t usec);

/* remote-watch.c: on a GLib loop, without waiting. */
typedef struct RemoteListener {
        /* It is told now: also once more, after it was snoozed. */
        void (*alert_raised)(const char *sim, uint64_t id, void *userdata);

        /* Alerts are others, or the daemon is there again: time to load. */
        void (*changed)(void *userdata);

        /* The bus is gone, and the Remote of no more use than to be freed. */
        void (*lost)(void *userdata);
} RemoteListener;

/* The listener must outlive the Remote. The daemon is never started by what is asked from now on.
 */
int remote_watch(Remote *r, const RemoteListener *listener, void *userdata);

/* As remote_load(), but done() says when; never before this returns. One at a time. */
typedef void (*RemoteDone)(ExitCode code, void *userdata);
void remote_load_async(Remote *r, RemoteDone done, void *userdata);

/*
 * Calls a method; a person may be asked for a password. replied() gets what the daemon says, or
 * NULL and a sentence about why not. The userdata is freed in any case, once, after that.
 */
typedef void (*RemoteReplied)(sd_bus_message *reply, const char *error, void *userdata);
void remote_call_async(Remote *r, const char *path, const char *interface, const char *method,
                       RemoteReplied replied, void *userdata, GDestroyNotify free_userdata,
                       const char *types, ...);
