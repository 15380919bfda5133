/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Plan: what the owner tells. What cannot be is said before anybody is asked. */

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "event.h"
#include "plan-zone.h"
#include "sentence.h"

/* What a call asks to be recorded; read once before polkit is asked, and again after. */
typedef struct Request {
        Account *account;
        const char *kind;
        int64_t at; /* 0: now */
        char *body;
} Request;

static void request_clear(Request *q) {
        g_clear_pointer(&q->body, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

typedef int (*RequestReader)(Bus *b, sd_bus_message *call, Request *ret, sd_bus_error *error);

char *bus_system_zone(int64_t now) {
        g_autoptr(GTimeZone) local = g_time_zone_new_local(), found = NULL;
        const char *id = g_time_zone_get_identifier(local);
        int offset = g_time_zone_get_offset(
                local, g_time_zone_find_interval(local, G_TIME_TYPE_UNIVERSAL, now));

        if (id && calendar_zone(id, &found) >= 0)
                return g_strdup(id);
        return g_strdup_printf("%c%02d:%02d", offset < 0 ? '-' : '+', ABS(offset) / 3600,
                               ABS(offset) / 60 % 60);
}

int bus_read_plan(const char *text, Plan **ret, sd_bus_error *error) {
        g_autofree char *sentence = NULL, *valid = NULL;
        int r;

        r = plan_parse(text, strlen(text), ret, &sentence);
        if (r >= 0)
                return r;

        valid = g_utf8_make_valid(sentence ?: "The plan is not understood", -1);
        return sd_bus_error_set(error, BUS_ERROR("InvalidPlan"), valid);
}

static int check_instant(uint64_t at, sd_bus_error *error) {
        if (at <= CALENDAR_LAST)
                return 0;
        return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                "An instant is UNIX seconds, up to the end of 9999; 0 is now");
}

static const Plan *plan_in_force(Bus *b, Account *a) {
        return account_answer(a, manager_now(b->manager))->plan;
}

static int refuse_read_only(const Account *a, sd_bus_error *error) {
        if (!account_has_fleet_plan(a))
                return 0;
        return sd_bus_error_set(
                error, BUS_ERROR("ReadOnly"),
                N_("The plan of this SIM comes from a file in the folder plans.d of "
                   "simtally's configuration: change it there"));
}

static int refuse_no_plan(Bus *b, Account *a, sd_bus_error *error) {
        if (plan_in_force(b, a))
                return 0;
        return sd_bus_error_set(error, BUS_ERROR("NoPlan"),
                                N_("This SIM has no plan yet: tell it first, by SetPlan"));
}

static int read_set_plan(Bus *b, sd_bus_message *call, Request *ret, sd_bus_error *error) {
        g_autoptr(Plan) plan = NULL;
        const char *text;
        uint64_t since;
        int r;

        r = refuse_read_only(ret->account, error);
        if (r < 0)
                return r;
        r = sd_bus_message_read(call, "st", &text, &since);
        if (r < 0)
                return r;
        r = check_instant(since, error);
        if (r < 0)
                return r;
        r = bus_read_plan(text, &plan, error);
        if (r < 0)
                return r;

        if (plan->zone) {
                ret->body = g_strdup(text);
        } else {
                g_autofree char *zone = bus_system_zone(manager_now(b->manager));

                ret->body = plan_write_zone(text, zone);
        }

        ret->at = (int64_t) since;
        ret->kind = since == 0 && plan_in_force(b, ret->account) ? EVENT_AMENDMENT : EVENT_PLAN;
        return 0;
}

static int read_clear_plan(Bus *b, sd_bus_message *call, Request *ret, sd_bus_error *error) {
        int r;

        r = refuse_read_only(ret->account, error);
        if (r < 0)
                return r;

        ret->body = g_strdup("");
        ret->kind = EVENT_PLAN;
        return refuse_no_plan(b, ret->account, error);
}

static int read_top_up(Bus *b, sd_bus_message *call, Request *ret, sd_bus_error *error) {
        g_auto(EventTopUp) t = { 0 };
        g_autofree char *sentence = NULL;
        const char *text;
        uint64_t at;
        int r;

        r = refuse_no_plan(b, ret->account, error);
        if (r < 0)
                return r;
        r = sd_bus_message_read(call, "st", &text, &at);
        if (r < 0)
                return r;
        r = check_instant(at, error);
        if (r < 0)
                return r;

        r = event_read_top_up(text, &t, &sentence);
        if (r < 0)
                return sd_bus_error_set(error, BUS_ERROR("InvalidTopUp"), sentence);
        if (t.name && !plan_find_top_up(plan_in_force(b, ret->account), t.name))
                return sd_bus_error_setf(error, BUS_ERROR("InvalidTopUp"),
                                         "The plan has no [TopUp %s]: say how much was bought, or "
                                         "add it to the plan",
                                         t.name);

        ret->body = g_strdup(text);
        ret->at = (int64_t) at;
        ret->kind = EVENT_TOP_UP;
        return 0;
}

/* The entries of Correct(). */
typedef struct Figure {
        const char *bucket;
        uint64_t at, remaining, used, expires_at;
        bool has_remaining, has_used;
} Figure;

static int read_figure_entry(sd_bus_message *call, Figure *f, sd_bus_error *error) {
        const char *key;
        int r;

        r = sd_bus_message_read(call, "s", &key);
        if (r < 0)
                return r;

        if (g_str_equal(key, "Bucket"))
                return sd_bus_message_read(call, "v", "s", &f->bucket);
        if (g_str_equal(key, "At"))
                return sd_bus_message_read(call, "v", "t", &f->at);
        if (g_str_equal(key, "ExpiresAt"))
                return sd_bus_message_read(call, "v", "t", &f->expires_at);
        if (g_str_equal(key, "RemainingBytes")) {
                f->has_remaining = true;
                return sd_bus_message_read(call, "v", "t", &f->remaining);
        }
        if (g_str_equal(key, "UsedBytes")) {
                f->has_used = true;
                return sd_bus_message_read(call, "v", "t", &f->used);
        }

        return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS,
                                 "%s is not understood: a figure has RemainingBytes or UsedBytes, "
                                 "and Bucket, At, ExpiresAt",
                                 key);
}

static int read_figure(sd_bus_message *call, Figure *ret, sd_bus_error *error) {
        int r;

        r = sd_bus_message_enter_container(call, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(call, 'e', "sv")) > 0) {
                r = read_figure_entry(call, ret, error);
                if (r >= 0)
                        r = sd_bus_message_exit_container(call);
        }
        if (r == -ENXIO)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "Bytes and instants are of the type t, Bucket is a string");
        if (r >= 0)
                r = sd_bus_message_exit_container(call);
        if (r < 0)
                return r;

        if (ret->has_remaining == ret->has_used)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "Say either RemainingBytes or UsedBytes");
        r = check_instant(ret->at, error);
        return r < 0 ? r : check_instant(ret->expires_at, error);
}

/* Of the plan, or bought besides. */
static int check_bucket(const TallyAnswer *answer, const char *bucket, sd_bus_error *error) {
        for (guint i = 0; i < answer->buckets->len; i++)
                if (g_str_equal(g_array_index(answer->buckets, TallyBucket, i).name, bucket))
                        return 0;

        return sd_bus_error_setf(error, BUS_ERROR("NoSuchBucket"),
                                 "The plan has no bucket %s: see the property Buckets", bucket);
}

static int read_correct(Bus *b, sd_bus_message *call, Request *ret, sd_bus_error *error) {
        Figure f = { 0 };
        TallyFigure figure;
        int r;

        r = refuse_no_plan(b, ret->account, error);
        if (r < 0)
                return r;
        r = read_figure(call, &f, error);
        if (r < 0)
                return r;
        if (f.bucket)
                r = check_bucket(account_answer(ret->account, manager_now(b->manager)), f.bucket,
                                 error);
        if (r < 0)
                return r;

        figure = (TallyFigure){ .bucket = f.bucket,
                                .has_remaining = f.has_remaining,
                                .has_used = f.has_used,
                                .remaining = f.remaining,
                                .used = f.used,
                                .expires_at = (int64_t) f.expires_at };
        ret->body = event_write_figure(&figure);
        ret->at = (int64_t) f.at;
        ret->kind = EVENT_CORRECTION;
        return 0;
}

static int read_request(Bus *b, sd_bus_message *call, RequestReader read, Request *ret,
                        sd_bus_error *error) {
        g_auto(Request) q = { 0 };
        int r;

        r = bus_find_called(b, call, true, &q.account, error);
        if (r < 0)
                return r;
        if (account_events(q.account)->len >= ACCOUNT_MAX_EVENTS)
                return sd_bus_error_setf(error, BUS_ERROR("TooMuch"),
                                         "More than %d events of a SIM are not kept: forget the "
                                         "SIM, or ask its programs to tell less",
                                         ACCOUNT_MAX_EVENTS);
        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = read(b, call, &q, error);
        if (r < 0)
                return r;

        *ret = q;
        q.body = NULL;
        return 0;
}

static int record(sd_bus_message *call, Bus *b, RequestReader read, bool answers_event,
                  sd_bus_error *error) {
        g_auto(Request) q = { 0 };
        int64_t id;
        int r;

        r = read_request(b, call, read, &q, error);
        if (r < 0)
                return r;
        r = manager_record_event(b->manager, q.account, q.at, q.kind, q.body, &id);
        if (r < 0)
                return bus_ledger_error(error, r);

        g_message("SIM %s: %s, event %" G_GINT64_FORMAT, account_slug(q.account), q.kind, id);
        return answers_event ? sd_bus_reply_method_return(call, "t", (uint64_t) id)
                             : sd_bus_reply_method_return(call, NULL);
}

static int ask(sd_bus_message *call, RequestReader read, sd_bus_message_handler_t then,
               sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        g_auto(Request) q = { 0 };
        int r;

        r = read_request(b, call, read, &q, error);
        return r < 0 ? r : polkit_check(b->polkit, call, POLKIT_MODIFY_PLAN, then, b, error);
}

static int set_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return record(call, userdata, read_set_plan, false, error);
}

static int clear_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return record(call, userdata, read_clear_plan, false, error);
}

static int top_up(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return record(call, userdata, read_top_up, true, error);
}

static int correct(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return record(call, userdata, read_correct, true, error);
}

int bus_method_set_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask(call, read_set_plan, set_plan, error);
}

int bus_method_clear_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask(call, read_clear_plan, clear_plan, error);
}

int bus_method_top_up(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask(call, read_top_up, top_up, error);
}

int bus_method_correct(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return ask(call, read_correct, correct, error);
}
