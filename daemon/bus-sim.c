/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.simtally1.Sim, on each SIM's own path and on /org/simtally1/current. */

#include <errno.h>
#include <string.h>

#include "bus-cleanup.h"
#include "bus-internal.h"
#include "iccid.h"
#include "sentence.h"
#include "utf8.h"

#define LABEL_BYTES  128
#define TEXT_BYTES   4096 /* what is looked at at all */
#define HISTORY_ROWS 4096

/* Stands for the current SIM where there is none: everything is empty then. */
static const char nobody;

Account *bus_account_in(void *userdata) {
        return userdata == &nobody ? NULL : userdata;
}

static int append_plmn(sd_bus_message *reply, Plmn plmn) {
        g_autofree char *text = plmn_format(plmn);

        return sd_bus_message_append_basic(reply, 's', text);
}

static int get_label(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_text(reply, a ? account_label(a) : "");
}

static int get_iccid_tail(sd_bus *bus, const char *path, const char *interface,
                          const char *property, sd_bus_message *reply, void *userdata,
                          sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_text(reply, a ? iccid_tail(account_iccid(a)) : "");
}

static int get_kind(sd_bus *bus, const char *path, const char *interface, const char *property,
                    sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        static const char *const names[] = {
                [SIM_KIND_UNKNOWN] = "unknown",
                [SIM_KIND_PHYSICAL] = "physical",
                [SIM_KIND_ESIM] = "esim",
        };
        Account *a = bus_account_in(userdata);

        return bus_append_text(reply, a ? names[account_kind(a)] : "");
}

static int get_operator(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_text(reply, a ? account_operator(a) : "");
}

static int get_home_plmn(sd_bus *bus, const char *path, const char *interface, const char *property,
                         sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return append_plmn(reply, a ? account_home(a) : (Plmn){ 0 });
}

static int get_network_plmn(sd_bus *bus, const char *path, const char *interface,
                            const char *property, sd_bus_message *reply, void *userdata,
                            sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return append_plmn(reply, a ? account_presence(a)->serving : (Plmn){ 0 });
}

static int get_network_name(sd_bus *bus, const char *path, const char *interface,
                            const char *property, sd_bus_message *reply, void *userdata,
                            sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_text(reply, (a ? account_presence(a)->network : NULL) ?: "");
}

static int get_present(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_flag(reply, a && account_presence(a)->modem);
}

static int get_connected(sd_bus *bus, const char *path, const char *interface, const char *property,
                         sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_flag(reply, a && account_presence(a)->connected);
}

static int get_current(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_flag(reply, a && manager_current_sim(bus_served(bus)->manager) == a);
}

static int get_modem(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);
        g_autofree char *modem = NULL;

        if (!a || !account_presence(a)->modem)
                return sd_bus_message_append_basic(reply, 'o', "/");

        modem = g_strconcat(BUS_MODEM_PATH "/", account_presence(a)->modem, NULL);
        return sd_bus_message_append_basic(reply, 'o', modem);
}

static int get_roaming(sd_bus *bus, const char *path, const char *interface, const char *property,
                       sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_flag(reply, a && account_presence(a)->roaming);
}

static int get_bytes(sd_bus *bus, const char *path, const char *interface, const char *property,
                     sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        Account *a = bus_account_in(userdata);
        int64_t now = bus_refresh(bus_served(bus));
        Traffic t = { 0 };

        if (a && g_str_has_prefix(property, "Today"))
                t = account_today(a, now);
        else if (a && g_str_has_prefix(property, "Undated"))
                t = account_undated(a);
        else if (a)
                t = account_total(a);

        return bus_append_number(reply, strstr(property, "Rx") ? t.rx : t.tx);
}

static int get_first_seen_at(sd_bus *bus, const char *path, const char *interface,
                             const char *property, sd_bus_message *reply, void *userdata,
                             sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        return bus_append_number(reply, a ? (uint64_t) account_first_seen(a) : 0);
}

static int get_last_used_at(sd_bus *bus, const char *path, const char *interface,
                            const char *property, sd_bus_message *reply, void *userdata,
                            sd_bus_error *error) {
        Account *a = bus_account_in(userdata);

        bus_refresh(bus_served(bus));
        return bus_append_number(reply, a ? (uint64_t) account_last_used(a) : 0);
}

int bus_find_called(Bus *b, sd_bus_message *call, bool changes, Account **ret,
                    sd_bus_error *error) {
        const char *path = sd_bus_message_get_path(call);
        Account *a = bus_path_sim(b, path);

        if (changes && g_str_equal(path, BUS_CURRENT_PATH))
                return sd_bus_error_set(error, BUS_ERROR("UseRealPath"),
                                        "The current SIM may be another in a moment: use the path "
                                        "in the property CurrentSim of " BUS_PATH);
        if (!a)
                return sd_bus_error_set(error, BUS_ERROR("NoSuchSim"),
                                        "There is no such SIM: see the property Sims of " BUS_PATH);

        *ret = a;
        return 0;
}

int bus_find_called_id(Bus *b, sd_bus_message *call, Account **ret, int64_t *ret_id,
                       sd_bus_error *error) {
        uint64_t id;
        int r;

        r = bus_find_called(b, call, true, ret, error);
        if (r < 0)
                return r;
        r = sd_bus_message_rewind(call, true);
        if (r >= 0)
                r = sd_bus_message_read(call, "t", &id);
        if (r < 0)
                return r;

        *ret_id = (int64_t) MIN(id, INT64_MAX); /* there is nothing of that id */
        return 0;
}

/* Reads the argument; again after polkit's answer. */
static int read_label(sd_bus_message *call, char **ret, sd_bus_error *error) {
        g_autofree char *label = NULL;
        const char *text;
        int r;

        r = sd_bus_message_rewind(call, true);
        if (r < 0)
                return r;
        r = sd_bus_message_read(call, "s", &text);
        if (r < 0)
                return r;

        if (strlen(text) <= TEXT_BYTES) {
                label = utf8_sanitize(text, SIZE_MAX, 3 * TEXT_BYTES);
                g_strstrip(label);
        }
        if (!label || strlen(label) > LABEL_BYTES)
                return sd_bus_error_setf(error, SD_BUS_ERROR_INVALID_ARGS,
                                         "A label has at most %d bytes: give a shorter one",
                                         LABEL_BYTES);

        *ret = g_steal_pointer(&label);
        return 0;
}

static int set_label(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autofree char *label = NULL, *masked = NULL;
        Bus *b = userdata;
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        if (r < 0)
                return r;
        r = read_label(call, &label, error);
        if (r < 0)
                return r;
        r = manager_set_label(b->manager, a, label);
        if (r < 0)
                return bus_ledger_error(error, r);

        masked = iccid_mask(account_iccid(a));
        g_message("SIM %s is called \"%s\" now", masked, account_label(a));
        return sd_bus_reply_method_return(call, NULL);
}

static int method_set_label(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        g_autofree char *label = NULL;
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        if (r < 0)
                return r;
        r = read_label(call, &label, error); /* nobody is asked about what cannot be done */
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_MODIFY_PLAN, set_label, b, error);
}

static int forget(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autofree char *masked = NULL;
        Bus *b = userdata;
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        if (r < 0)
                return r;

        masked = iccid_mask(account_iccid(a));
        if (account_presence(a)->modem)
                return sd_bus_error_set(
                        error, BUS_ERROR("Busy"),
                        N_("This SIM is in a modem and would be counted anew at once: "
                           "take it out first"));

        r = manager_forget(b->manager, a);
        if (r == -EBUSY)
                return sd_bus_error_set(error, BUS_ERROR("Busy"),
                                        N_("Bytes may still be booked to this SIM: try again when "
                                           "its modem has another one"));
        if (r < 0)
                return bus_ledger_error(error, r);

        g_message("SIM %s was forgotten", masked);
        return sd_bus_reply_method_return(call, NULL);
}

static int method_forget(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = bus_find_called(b, call, true, &a, error);
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_MODIFY_PLAN, forget, b, error);
}

static int append_text(sd_bus_message *reply, const char *key, const char *text) {
        return *text ? sd_bus_message_append(reply, "{sv}", key, "s", text) : 0;
}

static int identify(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        g_autoptr(sd_bus_message) reply = NULL;
        Account *a;
        int r;

        r = bus_find_called(userdata, call, false, &a, error);
        if (r < 0)
                return r;

        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = sd_bus_message_open_container(reply, 'a', "{sv}");
        if (r >= 0)
                r = append_text(reply, "Iccid",
                                g_str_has_prefix(account_iccid(a), SIM_NAME_PREFIX)
                                        ? ""
                                        : account_iccid(a));
        if (r >= 0)
                r = append_text(reply, "Imsi", account_imsi(a));
        if (r >= 0)
                r = append_text(reply, "Eid", account_eid(a));
        if (r >= 0)
                r = sd_bus_message_close_container(reply);
        if (r < 0)
                return r;

        return sd_bus_send(NULL, reply, NULL);
}

static int method_get_identity(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        Account *a;
        int r;

        r = bus_find_called(b, call, false, &a, error);
        if (r < 0)
                return r;

        return polkit_check(b->polkit, call, POLKIT_IDENTIFY, identify, b, error);
}

static int reply_history(sd_bus_message *call, GArray *rows) {
        g_autoptr(sd_bus_message) reply = NULL;
        int r;

        r = sd_bus_message_new_method_return(call, &reply);
        if (r < 0)
                return r;
        r = sd_bus_message_open_container(reply, 'a', "(ttttt)");
        if (r < 0)
                return r;

        for (guint i = 0; i < rows->len; i++) {
                const HistoryRow *row = &g_array_index(rows, HistoryRow, i);

                /* A slice can begin before 1970 only where the clock was never set. */
                r = sd_bus_message_append(reply, "(ttttt)", (uint64_t) MAX(row->start, 0),
                                          row->home.rx, row->home.tx, row->roaming.rx,
                                          row->roaming.tx);
                if (r < 0)
                        return r;
        }

        r = sd_bus_message_close_container(reply);
        if (r < 0)
                return r;
        return sd_bus_send(NULL, reply, NULL);
}

typedef struct HistoryRequest {
        CalendarUnit unit;
        GTimeZone *zone;
        uint64_t since, until;
} HistoryRequest;

static void history_request_clear(HistoryRequest *h) {
        g_clear_pointer(&h->zone, g_time_zone_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HistoryRequest, history_request_clear)

static int read_history_request(sd_bus_message *call, HistoryRequest *ret, sd_bus_error *error) {
        g_auto(HistoryRequest) h = { 0 };
        const char *slice, *zone;
        int r;

        r = sd_bus_message_read(call, "stts", &slice, &h.since, &h.until, &zone);
        if (r < 0)
                return r;

        if (calendar_unit_from_string(slice, &h.unit) < 0)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "A slice is 15min, hour, day, week, month or year");
        if (h.since > CALENDAR_LAST || h.until > CALENDAR_LAST)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "Instants are UNIX seconds, up to the end of 9999");
        if (h.until > 0 && h.until < h.since)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "The end lies before the beginning: exchange them, or give "
                                        "0 for no end");
        if (!*zone)
                h.zone = g_time_zone_new_local();
        else if (calendar_zone(zone, &h.zone) < 0)
                return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS,
                                        "A zone is a name of tzdata such as Asia/Tokyo, or ±HH:MM; "
                                        "empty: this system's");

        *ret = h;
        h.zone = NULL;
        return 0;
}

static int method_get_history(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Bus *b = bus_served(sd_bus_message_get_bus(call));
        g_auto(HistoryRequest) h = { 0 };
        g_autoptr(GArray) rows = NULL;
        Account *a;
        int r;

        r = bus_find_called(b, call, false, &a, error);
        if (r < 0)
                return r;
        r = read_history_request(call, &h, error);
        if (r < 0)
                return r;

        r = manager_history(b->manager, a, h.unit, h.zone, (int64_t) h.since,
                            h.until > 0 ? (int64_t) h.until : CALENDAR_LAST, HISTORY_ROWS, &rows);
        if (r == -E2BIG)
                return sd_bus_error_setf(error, BUS_ERROR("TooMuch"),
                                         "More than %d rows: ask for less time or longer slices",
                                         HISTORY_ROWS);
        if (r < 0)
                return bus_ledger_error(error, r);

        return reply_history(call, rows);
}

static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Label", "s", get_label, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("IccidTail", "s", get_iccid_tail, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Kind", "s", get_kind, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Operator", "s", get_operator, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("HomePlmn", "s", get_home_plmn, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("NetworkPlmn", "s", get_network_plmn, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("NetworkName", "s", get_network_name, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Present", "b", get_present, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Connected", "b", get_connected, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Current", "b", get_current, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Modem", "o", get_modem, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Roaming", "b", get_roaming, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("RxBytes", "t", get_bytes, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("TxBytes", "t", get_bytes, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("TodayRxBytes", "t", get_bytes, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("TodayTxBytes", "t", get_bytes, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("UndatedRxBytes", "t", get_bytes, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("UndatedTxBytes", "t", get_bytes, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("FirstSeenAt", "t", get_first_seen_at, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("LastUsedAt", "t", get_last_used_at, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Alerts", "aa{sv}", bus_get_alerts, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_INVALIDATION),
        SD_BUS_METHOD_WITH_ARGS("AcknowledgeAlert", SD_BUS_ARGS("t", id), SD_BUS_NO_RESULT,
                                bus_method_acknowledge, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SnoozeAlert", SD_BUS_ARGS("t", id, "t", until), SD_BUS_NO_RESULT,
                                bus_method_snooze, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("SetLabel", SD_BUS_ARGS("s", label), SD_BUS_NO_RESULT,
                                method_set_label, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS(
                "GetHistory", SD_BUS_ARGS("s", slice, "t", since, "t", until, "s", zone),
                SD_BUS_RESULT("a(ttttt)", rows), method_get_history, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("GetIdentity", SD_BUS_NO_ARGS, SD_BUS_RESULT("a{sv}", identity),
                                method_get_identity, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Forget", SD_BUS_NO_ARGS, SD_BUS_NO_RESULT, method_forget,
                                SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

static int find_sim(sd_bus *bus, const char *path, const char *interface, void *userdata,
                    void **ret_found, sd_bus_error *error) {
        Account *a = bus_path_sim(userdata, path);

        if (!a)
                return 0;

        *ret_found = a;
        return 1;
}

static int find_alias(sd_bus *bus, const char *path, const char *interface, void *userdata,
                      void **ret_found, sd_bus_error *error) {
        if (!g_str_equal(path, BUS_CURRENT_PATH))
                return 0;

        *ret_found = bus_path_sim(userdata, path) ?: (void *) &nobody;
        return 1;
}

static int compare_use(const void *a, const void *b) {
        const Account *x = *(Account *const *) a, *y = *(Account *const *) b;
        bool x_is_here = account_presence(x)->modem, y_is_here = account_presence(y)->modem;

        if (x_is_here != y_is_here)
                return x_is_here ? -1 : 1;
        return (account_last_used(x) < account_last_used(y)) -
               (account_last_used(x) > account_last_used(y));
}

/* What is of use comes first: who shows a screenful of a thousand need not read on. */
static int list_sims(sd_bus *bus, const char *prefix, void *userdata, char ***ret_nodes,
                     sd_bus_error *error) {
        Bus *b = userdata;
        g_autoptr(GPtrArray) sims = g_ptr_array_new();                            /* not owned */
        char **nodes = calloc(manager_sims(b->manager)->len + 1, sizeof(char *)); /* sd-bus's */

        g_ptr_array_extend(sims, manager_sims(b->manager), NULL, NULL);
        g_ptr_array_sort(sims, compare_use);
        for (guint i = 0; nodes && i < sims->len; i++) {
                g_autofree char *path = bus_sim_path(sims->pdata[i]);

                nodes[i] = strdup(path);
        }

        *ret_nodes = nodes;
        return nodes ? 0 : -ENOMEM;
}

int bus_add_sim_interface(Bus *b, const char *interface, const sd_bus_vtable *members) {
        int r;

        r = sd_bus_add_fallback_vtable(b->bus, NULL, BUS_SIM_PATH, interface, members, find_sim, b);
        if (r < 0)
                return r;

        /* The alias is no node of its own, so that the ObjectManager does not list it. */
        return sd_bus_add_fallback_vtable(b->bus, NULL, BUS_PATH, interface, members, find_alias,
                                          b);
}

int bus_sim_export(Bus *b) {
        int r;

        r = bus_add_sim_interface(b, BUS_SIM_INTERFACE, vtable);
        if (r < 0)
                return r;

        return sd_bus_add_node_enumerator(b->bus, NULL, BUS_SIM_PATH, list_sims, b);
}
