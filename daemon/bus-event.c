/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Plan: what was told of a SIM, and past periods. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "event.h"
#include "sentence.h"

#define MOST_EVENTS  1000
#define MOST_BYTES   (1 << 20) /* of texts in one answer */
#define MOST_PERIODS 4096

static int append_contract(sd_bus_message *reply, const LedgerEvent *e) {
        int r;

        r = sd_bus_message_append(reply, "{sv}", "Text", "s", e->body);
        if (r < 0)
                return r;
        return sd_bus_message_append(reply, "{sv}", "Amends", "b",
                                     g_str_equal(e->kind, EVENT_AMENDMENT));
}

static int append_figure(sd_bus_message *reply, const LedgerEvent *e) {
        TallyFigure f;
        int r;

        if (event_read_figure(e->body, &f) < 0)
                return 0;

        r = sd_bus_message_append(reply, "{sv}", f.has_used ? "UsedBytes" : "RemainingBytes", "t",
                                  f.has_used ? f.used : f.remaining);
        if (r >= 0 && f.bucket)
                r = sd_bus_message_append(reply, "{sv}", "Bucket", "s", f.bucket);
        if (r >= 0 && f.expires_at > 0)
                r = sd_bus_message_append(reply, "{sv}", "ExpiresAt", "t",
                                          bus_instant(f.expires_at));
        event_figure_clear(&f);
        return r;
}

static int append_details(sd_bus_message *reply, const LedgerEvent *e) {
        int r;

        r = sd_bus_message_append(reply, "{sv}", "RecordedAt", "t", bus_instant(e->recorded_at));
        if (r < 0)
                return r;

        if (g_str_equal(e->kind, EVENT_PLAN) || g_str_equal(e->kind, EVENT_AMENDMENT))
                return append_contract(reply, e);
        if (g_str_equal(e->kind, EVENT_TOP_UP))
                return sd_bus_message_append(reply, "{sv}", "Text", "s", e->body);
        return append_figure(reply, e);
}

static int append_event(sd_bus_message *reply, const LedgerEvent *e) {
        bool amends = g_str_equal(e->kind, EVENT_AMENDMENT);
        int r;

        r = sd_bus_message_open_container(reply, 'r', "ttsa{sv}");
        if (r >= 0)
                r = sd_bus_message_append(reply, "tts", (uint64_t) e->id, bus_instant(e->at),
                                          amends ? EVENT_PLAN : e->kind);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, 'a', "{sv}");
        if (r >= 0)
                r = append_details(reply, e);
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int compare_ids(const void *a, const void *b) {
        const LedgerEvent *x = *(const LedgerEvent *const *) a;
        const LedgerEvent *y = *(const LedgerEvent *const *) b;

        return (x->id > y->id) - (x->id < y->id);
}

/* In the order of their ids, in which they were recorded. */
static GPtrArray *events_after(const Account *a, uint64_t after) {
        const GArray *events = account_events(a);
        GPtrArray *found = g_ptr_array_new();

        for (guint i = 0; i < events->len; i++) {
                LedgerEvent *e = &g_array_index(events, LedgerEvent, i);

                if (e->removed_at == 0 && (uint64_t) e->id > after)
                        g_ptr_array_add(found, e);
        }
        g_ptr_array_sort(found, compare_ids);
        return found;
}

static int list_events(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autoptr(sd_bus_message) reply = NULL;
        g_autoptr(GPtrArray) events = NULL;
        size_t bytes = 0;
        uint64_t after;
        uint32_t most;
        Account *a;
        int r;

        r = bus_find_called(userdata, call, false, &a, error);
        if (r < 0)
                return r;
        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = sd_bus_message_read(call, "tu", &after, &most);
        if (r < 0)
                return r;

        events = events_after(a, after);
        most = MIN(most > 0 ? most : MOST_EVENTS, MOST_EVENTS);
        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, 'a', "(ttsa{sv})");
        for (guint i = 0; r >= 0 && bytes < MOST_BYTES && i < MIN(events->len, most); i++) {
                r = append_event(reply, events->pdata[i]);
                bytes += strlen(((const LedgerEvent *) events->pdata[i])->body);
        }
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}

int bus_method_list_events(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = bus_find_called(b, call, false, &a, error);
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_READ_PRIVATE, list_events, b, error);
}

static int get_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Account *a;
        int r;

        r = bus_find_called(userdata, call, false, &a, error);
        if (r < 0)
                return r;

        return sd_bus_reply_method_return(call, "s", account_plan_text(a));
}

int bus_method_get_plan(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = bus_find_called(b, call, false, &a, error);
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_READ_PRIVATE, get_plan, b, error);
}

static int remove_event(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = userdata;
        Account *a;
        int64_t id;
        int r;

        r = bus_find_called_id(b, call, &a, &id, error);
        if (r < 0)
                return r;

        r = manager_remove_event(b->manager, a, id);
        if (r == -ENOENT)
                return sd_bus_error_set(
                        error, BUS_ERROR("NoSuchEvent"),
                        N_("There is no such event of this SIM: ListEvents has those "
                           "that count"));
        if (r < 0)
                return bus_ledger_error(error, r);

        g_message("SIM %s: event %" PRIi64 " was removed", account_slug(a), id);
        return sd_bus_reply_method_return(call, NULL);
}

int bus_method_remove_event(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_MODIFY_PLAN, remove_event, b, error);
}

int bus_method_get_periods(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        g_autoptr(sd_bus_message) reply = NULL;
        g_autoptr(GArray) periods = NULL;
        uint64_t since, until;
        int64_t now;
        Account *a;
        int r;

        r = bus_find_called(b, call, false, &a, error);
        if (r < 0)
                return r;
        r = sd_bus_message_read(call, "tt", &since, &until);
        if (r < 0)
                return r;
        if (since > CALENDAR_LAST || until > CALENDAR_LAST || (until > 0 && until < since))
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "Instants are UNIX seconds up to the end of 9999, since "
                                        "before until; until is 0 for now");

        now = bus_refresh(b);
        periods = account_periods(a, (int64_t) since, until > 0 ? (int64_t) until : now + 1, now);
        if (periods->len > MOST_PERIODS)
                return sd_bus_error_setf(error, BUS_ERROR("TooMuch"),
                                         "More than %d periods: ask for less time", MOST_PERIODS);

        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = bus_append_buckets(reply, periods);
        return r < 0 ? r : sd_bus_send(NULL, reply, NULL);
}
