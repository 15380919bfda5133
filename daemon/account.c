/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "account-internal.h"

#include <string.h>

#include "clock.h"
#include "iccid.h"

static void load_undated(Account *a) {
        a->undated_written = (Traffic){ 0 };
        (void) ledger_load_undated(a->ledger, a->row.id, clock_boot_id(), &a->undated_written);
}

Account *account_new(const LedgerSim *sim, bool is_new, Ledger *ledger,
                     const AccountListener *listener, void *userdata) {
        Account *a = g_new0(Account, 1);

        a->row = (LedgerSim){
                .id = sim->id,
                .slug = g_strdup(sim->slug),
                .iccid = g_strdup(sim->iccid),
                .kind = g_strdup(sim->kind),
                .label = g_strdup(sim->label),
                .name = g_strdup(sim->name),
                .operator= g_strdup(sim->operator),
                .home_plmn = g_strdup(sim->home_plmn),
                .first_seen = sim->first_seen,
                .last_used = sim->last_used,
                .total = sim->total,
        };
        a->unwritten = g_array_new(FALSE, FALSE, sizeof(LedgerUsage));
        a->visits = g_array_new(FALSE, FALSE, sizeof(LedgerVisit));
        a->row_is_dirty = is_new;
        a->ledger = ledger;
        a->listener = listener;
        a->userdata = userdata;
        account_plan_init(a);
        if (!is_new)
                load_undated(a);
        return a;
}

Account *account_free(Account *a) {
        if (!a)
                return NULL;

        account_plan_clear(a);
        ledger_sim_clear(&a->row);
        g_free(a->imsi);
        g_free(a->eid);
        g_free(a->presence.network);
        g_array_unref(a->unwritten);
        g_array_unref(a->visits);
        g_free(a);
        return NULL;
}

void account_tell(Account *a, AccountChange what) {
        if (what)
                a->listener->changed(a, what, a->userdata);
}

int64_t account_id(const Account *a) {
        return a->row.id;
}

const char *account_slug(const Account *a) {
        return a->row.slug;
}

const char *account_iccid(const Account *a) {
        return a->row.iccid;
}

const char *account_label(const Account *a) {
        if (*a->row.label)
                return a->row.label;
        if (*a->row.name)
                return a->row.name;
        if (*a->row.operator)
                return a->row.operator;
        return "SIM";
}

const char *account_own_label(const Account *a) {
        return a->row.label;
}

SimKind account_kind(const Account *a) {
        if (g_str_equal(a->row.kind, "esim"))
                return SIM_KIND_ESIM;
        if (g_str_equal(a->row.kind, "physical"))
                return SIM_KIND_PHYSICAL;
        return SIM_KIND_UNKNOWN;
}

const char *account_operator(const Account *a) {
        return a->row.operator;
}

Plmn account_home(const Account *a) {
        Plmn home = { 0 };

        (void) plmn_parse(a->row.home_plmn, &home);
        return home;
}

/* What was told while the clock was not trusted is later than the last instant at which it was. */
int64_t account_first_seen(const Account *a) {
        return a->row.first_seen <= clock_trusted_at() ? a->row.first_seen : 0;
}

int64_t account_last_used(const Account *a) {
        return a->row.last_used;
}

const Presence *account_presence(const Account *a) {
        return &a->presence;
}

const char *account_imsi(const Account *a) {
        return a->imsi ?: "";
}

const char *account_eid(const Account *a) {
        return a->eid ?: "";
}

static Traffic unwritten_since(const Account *a, int64_t since) {
        Traffic sum = { 0 };

        for (guint i = 0; i < a->unwritten->len; i++) {
                const LedgerUsage *u = &g_array_index(a->unwritten, LedgerUsage, i);

                if (u->start >= since)
                        sum = traffic_add(sum, u->bytes);
        }

        return sum;
}

Traffic account_total(const Account *a) {
        return traffic_add(a->row.total, unwritten_since(a, INT64_MIN));
}

Traffic account_undated(const Account *a) {
        Traffic sum = a->undated_written;

        for (guint i = 0; i < a->unwritten->len; i++) {
                const LedgerUsage *u = &g_array_index(a->unwritten, LedgerUsage, i);

                if (u->boot)
                        sum = traffic_add(sum, u->bytes);
        }

        return sum;
}

int account_traffic_since(const Account *a, int64_t since, Traffic *ret) {
        int r;

        r = ledger_load_traffic_since(a->ledger, a->row.id, since, ret);
        if (r >= 0)
                *ret = traffic_add(*ret, unwritten_since(a, since));
        return r;
}

Traffic account_today(Account *a, int64_t now) {
        if (now < a->day_start || now >= a->day_end) {
                g_autoptr(GTimeZone) local = g_time_zone_new_local();

                a->day_written = (Traffic){ 0 };
                if (calendar_floor(CALENDAR_DAY, local, now, &a->day_start) < 0 ||
                    calendar_next(CALENDAR_DAY, local, a->day_start, &a->day_end) < 0)
                        a->day_start = a->day_end = 0;
                else if (ledger_load_traffic_since(a->ledger, a->row.id, a->day_start,
                                                   &a->day_written) < 0)
                        a->day_end = 0; /* logged there; asked again next time */
        }

        return traffic_add(a->day_written, unwritten_since(a, a->day_start));
}

/* Replaces a text; true if it is another. */
static bool replace(char **text, const char *with) {
        if (!with || !*with || g_strcmp0(*text, with) == 0)
                return false;

        g_free(*text);
        *text = g_strdup(with);
        return true;
}

void account_identify(Account *a, const SimIdentity *identity) {
        static const char *const kinds[] = {
                [SIM_KIND_UNKNOWN] = "",
                [SIM_KIND_PHYSICAL] = "physical",
                [SIM_KIND_ESIM] = "esim",
        };
        g_autofree char *home = identity->home.mcc > 0 ? plmn_format(identity->home) : NULL;
        bool changed = false;

        (void) replace(&a->imsi, identity->imsi);
        (void) replace(&a->eid, identity->eid);

        changed |= replace(&a->row.kind, kinds[identity->kind]);
        changed |= replace(&a->row.name, identity->label);
        changed |= replace(&a->row.operator, identity->operator);
        changed |= replace(&a->row.home_plmn, home);
        if (!changed)
                return;

        a->row_is_dirty = true;
        account_tell(a, ACCOUNT_CHANGED_IDENTITY);
}

void account_set_label(Account *a, const char *label) {
        if (g_str_equal(a->row.label, label))
                return;

        g_free(a->row.label);
        a->row.label = g_strdup(label);
        a->row_is_dirty = true;
        account_tell(a, ACCOUNT_CHANGED_IDENTITY);
}

static void note_visit(Account *a) {
        LedgerVisit visit = { .since = clock_now(), .roaming = a->presence.roaming };
        g_autofree char *plmn = plmn_format(a->presence.serving);

        (void) g_strlcpy(visit.plmn, plmn, sizeof(visit.plmn));
        g_array_append_val(a->visits, visit);
        account_plan_visit(a, &visit);
}

/* Partners at home say roaming as well: the countries decide, where both are known. */
static bool is_abroad(const Account *a, Plmn serving, bool roaming) {
        Plmn home = account_home(a);

        return serving.mcc > 0 && home.mcc > 0 ? plmn_is_abroad(serving, home) : roaming;
}

void account_set_presence(Account *a, const Presence *presence) {
        const Presence *old = &a->presence;
        bool roaming = is_abroad(a, presence->serving, presence->roaming);
        bool moved = presence->serving.mcc > 0 &&
                     (!plmn_equal(old->serving, presence->serving) || old->roaming != roaming);

        if (!moved && g_strcmp0(old->modem, presence->modem) == 0 &&
            old->connected == presence->connected && old->roaming == roaming &&
            plmn_equal(old->serving, presence->serving) &&
            g_strcmp0(old->network, presence->network) == 0)
                return;

        g_free(a->presence.network);
        a->presence = *presence;
        a->presence.roaming = roaming;
        a->presence.network = g_strdup(presence->network);
        if (moved)
                note_visit(a);

        account_tell(a, ACCOUNT_CHANGED_PRESENCE);
}

static LedgerUsage *find_unwritten(Account *a, const LedgerUsage *key) {
        for (guint i = 0; i < a->unwritten->len; i++) {
                LedgerUsage *u = &g_array_index(a->unwritten, LedgerUsage, i);

                if (u->start == key->start && u->session == key->session &&
                    u->roaming == key->roaming && g_str_equal(u->plmn, key->plmn) &&
                    !u->boot == !key->boot)
                        return u;
        }

        return NULL;
}

static void book(Account *a, const LedgerUsage *usage) {
        LedgerUsage *u = find_unwritten(a, usage);

        if (!u) {
                g_array_append_vals(a->unwritten, usage, 1);
                u = &g_array_index(a->unwritten, LedgerUsage, a->unwritten->len - 1);
                u->sim = a->row.id;
        } else {
                u->bytes = traffic_add(u->bytes, usage->bytes);
                u->first_at = MIN(u->first_at, usage->first_at);
                u->last_at = MAX(u->last_at, usage->last_at);
                if (usage->gap_from > 0 && (u->gap_from == 0 || usage->gap_from < u->gap_from))
                        u->gap_from = usage->gap_from;
        }

        a->row.last_used = MAX(a->row.last_used, usage->last_at);
}

void account_charge(Account *a, const Place *place, Traffic bytes, int64_t at, int64_t gap_from) {
        LedgerUsage usage = {
                .session = place->session,
                .roaming = is_abroad(a, place->serving, place->roaming),
                .bytes = bytes,
                .gap_from = gap_from,
        };

        if (traffic_is_zero(bytes))
                return;

        at = account_date(a, at);
        usage.start = MAX(at - at % LEDGER_SLICE_SECONDS, a->slice_from);
        usage.first_at = usage.last_at = at;

        if (!clock_is_trusted()) {
                usage.boot = clock_boot_id();
                usage.boottime = MAX(clock_boottime_usec() / G_USEC_PER_SEC, 1);
        }

        if (place->serving.mcc > 0) {
                g_autofree char *plmn = plmn_format(place->serving);

                (void) g_strlcpy(usage.plmn, plmn, sizeof(usage.plmn));
        }

        book(a, &usage);
        account_plan_charge(a, &usage);
        account_tell(a, ACCOUNT_CHANGED_FIGURES);
}

void account_clock_stepped(Account *a) {
        a->day_start = a->day_end = 0;
        a->slice_from = 0;        /* what comes is in another session, and so in another slice */
        (void) account_replay(a); /* logged there; the next one may work */
        account_tell(a, ACCOUNT_CHANGED_FIGURES);
}

int account_reload(Account *a) {
        g_auto(LedgerSim) row = { 0 };
        int r;

        r = ledger_load_sim(a->ledger, a->row.id, &row);
        if (r < 0)
                return r;

        a->row.total = row.total;
        a->row.first_seen = row.first_seen;
        a->row.last_used = row.last_used;
        a->day_start = a->day_end = 0;
        load_undated(a);
        r = account_reload_events(a, clock_now());
        account_tell(a, ACCOUNT_CHANGED_FIGURES);
        return r;
}

bool account_is_dirty(const Account *a) {
        return a->row_is_dirty || a->unwritten->len > 0 || a->visits->len > 0 ||
               account_alerts_are_dirty(a);
}

int account_write(Account *a) {
        int r;

        if (!account_is_dirty(a))
                return 0;

        r = ledger_put_sim(a->ledger, &a->row);
        if (r < 0)
                return r;

        for (guint i = 0; i < a->visits->len; i++) {
                const LedgerVisit *v = &g_array_index(a->visits, LedgerVisit, i);

                r = ledger_put_visit(a->ledger, a->row.id, v->since, v->plmn, v->roaming);
                if (r < 0)
                        return r;
        }

        for (guint i = 0; i < a->unwritten->len; i++) {
                r = ledger_add_usage(a->ledger, &g_array_index(a->unwritten, LedgerUsage, i));
                if (r < 0)
                        return r;
        }

        return account_write_alerts(a);
}

bool account_is_only_counting(const Account *a) {
        return !a->row_is_dirty && a->visits->len == 0 && !account_alerts_are_dirty(a);
}

void account_add_usages(const Account *a, Slot *slot) {
        for (guint i = 0; i < a->unwritten->len; i++) {
                const LedgerUsage *u = &g_array_index(a->unwritten, LedgerUsage, i);
                SlotUsage usage = {
                        .sim = u->sim,
                        .start = u->start,
                        .session = u->session,
                        .roaming = u->roaming,
                        .bytes = u->bytes,
                        .first_at = u->first_at,
                        .last_at = u->last_at,
                        .gap_from = u->gap_from,
                        .boottime = u->boot ? u->boottime : 0,
                };

                (void) g_strlcpy(usage.plmn, u->plmn, sizeof(usage.plmn));
                g_array_append_val(slot->usages, usage);
        }
}

void account_written(Account *a) {
        a->row.total = account_total(a);
        a->day_written = traffic_add(a->day_written, unwritten_since(a, a->day_start));
        a->undated_written = account_undated(a);
        g_array_set_size(a->unwritten, 0);
        g_array_set_size(a->visits, 0);
        a->row_is_dirty = false;
        account_alerts_written(a);
}

int account_add_unwritten(const Account *a, LedgerHistory *history) {
        int r;

        for (guint i = 0; i < a->unwritten->len; i++) {
                const LedgerUsage *u = &g_array_index(a->unwritten, LedgerUsage, i);

                r = ledger_history_add(history, u->start, u->roaming, u->bytes);
                if (r < 0)
                        return r;
        }

        return 0;
}
