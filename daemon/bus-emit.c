/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * When the bus is told of what has changed: objects and states at the end of the same turn of the
 * main loop; figures when they have moved by 1 MB, or by a thousandth of a plan's limit, but at
 * most once a second, or 30 s after the last time. Nothing runs while nothing moves.
 */

#include <inttypes.h>

#include "bus-internal.h"

#define FIGURE_BYTES     (1000 * 1000)
#define FIGURE_FAST_USEC G_USEC_PER_SEC
#define FIGURE_SLOW_USEC (30 * G_USEC_PER_SEC)

/* Properties that change together. */
typedef enum Group {
        GROUP_IDENTITY = 1 << 0,
        GROUP_STATE = 1 << 1,
        GROUP_FIGURES = 1 << 2,
        GROUP_FIXED = 1 << 3, /* never changes, but is another's on the alias */
        GROUP_SIMS = 1 << 4,
        GROUP_MODEMS = 1 << 5,
        GROUP_CURRENT = 1 << 6,
        GROUP_PROBLEMS = 1 << 7,
        GROUP_ALERTS = 1 << 8,
} Group;

#define GROUP_ALL ((Group) 0x1ff)

typedef struct Member {
        Group group;
        const char *name;
} Member;

typedef struct Kind {
        const char *interface;
        const Member *members; /* the last one has no name */
} Kind;

static const Kind kind_manager = {
        BUS_MANAGER_INTERFACE,
        (const Member[]){
                { GROUP_SIMS, "Sims" },
                { GROUP_MODEMS, "Modems" },
                { GROUP_CURRENT, "CurrentSim" },
                { GROUP_PROBLEMS, "Problems" },
                { 0 },
        },
};

static const Kind kind_sim = {
        BUS_SIM_INTERFACE,
        (const Member[]){
                { GROUP_IDENTITY, "Label" },
                { GROUP_FIXED, "IccidTail" },
                { GROUP_IDENTITY, "Kind" },
                { GROUP_IDENTITY, "Operator" },
                { GROUP_IDENTITY, "HomePlmn" },
                { GROUP_STATE, "NetworkPlmn" },
                { GROUP_STATE, "NetworkName" },
                { GROUP_STATE, "Present" },
                { GROUP_STATE, "Connected" },
                { GROUP_STATE, "Current" },
                { GROUP_STATE, "Modem" },
                { GROUP_STATE, "Roaming" },
                { GROUP_FIGURES, "RxBytes" },
                { GROUP_FIGURES, "TxBytes" },
                { GROUP_FIGURES, "TodayRxBytes" },
                { GROUP_FIGURES, "TodayTxBytes" },
                { GROUP_FIGURES, "UndatedRxBytes" },
                { GROUP_FIGURES, "UndatedTxBytes" },
                { GROUP_FIGURES, "FirstSeenAt" },
                { GROUP_FIGURES, "LastUsedAt" },
                { GROUP_ALERTS, "Alerts" },
                { 0 },
        },
};

static const Kind kind_plan = {
        BUS_PLAN_INTERFACE,
        (const Member[]){
                { GROUP_STATE, "HasPlan" },
                { GROUP_STATE, "ReadOnly" },
                { GROUP_STATE, "Name" },
                { GROUP_STATE, "Zone" },
                { GROUP_STATE, "Since" },
                { GROUP_STATE, "Shared" },
                { GROUP_STATE, "State" },
                { GROUP_STATE, "Unlimited" },
                { GROUP_STATE, "LimitBytes" },
                { GROUP_FIGURES, "UsedBytes" },
                { GROUP_FIGURES, "RemainingBytes" },
                { GROUP_FIGURES, "OverBytes" },
                { GROUP_FIGURES, "AfterExpiryBytes" },
                { GROUP_FIGURES, "PercentUsed" },
                { GROUP_STATE, "PeriodStart" },
                { GROUP_STATE, "PeriodEnd" },
                { GROUP_STATE, "ExpiresAt" },
                { GROUP_FIGURES, "HasForecast" },
                { GROUP_FIGURES, "RunsOutAt" },
                { GROUP_FIGURES, "SpareBytes" },
                { GROUP_FIGURES, "MissingBytes" },
                { GROUP_FIGURES, "HasSafe" },
                { GROUP_FIGURES, "SafeTodayBytes" },
                { GROUP_FIGURES, "SafeDailyBytes" },
                { GROUP_STATE, "RateLimit" },
                { GROUP_STATE, "LiftsAt" },
                { GROUP_FIGURES, "Charged" },
                { GROUP_STATE, "Currency" },
                { GROUP_STATE, "KeepAliveUntil" },
                { GROUP_STATE, "TopUpUrl" },
                { GROUP_STATE, "Support" },
                { GROUP_FIGURES, "Buckets" },
                { 0 },
        },
};

static const Kind kind_carrier = {
        BUS_CARRIER_INTERFACE,
        (const Member[]){
                { GROUP_STATE, "QueryMethod" },
                { GROUP_STATE, "QueryState" },
                { GROUP_STATE, "QueryError" },
                { GROUP_STATE, "HasReport" },
                { GROUP_STATE, "ReportedAt" },
                { GROUP_STATE, "ReportedRemainingBytes" },
                { GROUP_STATE, "ReportsUsed" },
                { GROUP_STATE, "ReportedUsedBytes" },
                { GROUP_STATE, "ReportedExpiresAt" },
                { GROUP_STATE, "ReportState" },
                { GROUP_STATE, "OwnBytes" },
                { GROUP_STATE, "DriftPercent" },
                { 0 },
        },
};

static const Kind kind_modem = {
        BUS_MODEM_INTERFACE,
        (const Member[]){
                { GROUP_STATE, "Model" },
                { GROUP_STATE, "State" },
                { GROUP_STATE, "Problem" },
                { GROUP_STATE, "Sim" },
                { GROUP_STATE, "Links" },
                { GROUP_STATE, "Source" },
                { GROUP_STATE, "CounterDispute" },
                { GROUP_FIGURES, "UnassignedRxBytes" },
                { GROUP_FIGURES, "UnassignedTxBytes" },
                { 0 },
        },
};

/* An object's interface: what was told of it, and what is to be told. */
typedef struct Subject {
        char *key, *path;
        const Kind *kind;
        bool is_new;      /* the object itself is to be told of */
        Group changed;    /* to be told with this turn; never figures */
        bool has_figures; /* to be told when they are due */
        uint64_t bytes, told_bytes;
        uint64_t step;     /* so many bytes are worth a word */
        int64_t told_usec; /* 0: never */
        char *state;       /* a modem's or a plan's, in a form that can be compared */
} Subject;

struct BusEmitter {
        Bus *bus;             /* not owned */
        GHashTable *subjects; /* "path interface" -> Subject */
        Group manager_changed;
        bool is_switched; /* another SIM is the current one */
        char *current;    /* slug of the current SIM, or NULL */
        guint turn, timer;
        int64_t timer_usec;
};

static void subject_free(void *data) {
        Subject *s = data;

        g_free(s->key);
        g_free(s->path);
        g_free(s->state);
        g_free(s);
}

static char *current_slug(Bus *b) {
        Account *current = manager_current_sim(b->manager);

        return current ? g_strdup(account_slug(current)) : NULL;
}

BusEmitter *bus_emitter_new(Bus *b) {
        BusEmitter *e = g_new0(BusEmitter, 1);

        e->bus = b;
        e->subjects = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, subject_free);
        e->current = current_slug(b);
        return e;
}

BusEmitter *bus_emitter_free(BusEmitter *e) {
        if (!e)
                return NULL;

        g_clear_handle_id(&e->turn, g_source_remove);
        g_clear_handle_id(&e->timer, g_source_remove);
        g_hash_table_unref(e->subjects);
        g_free(e->current);
        g_free(e);
        return NULL;
}

static char *subject_key(const char *path, const Kind *kind) {
        return g_strconcat(path, " ", kind->interface, NULL);
}

/* Takes the path. */
static Subject *find_subject(BusEmitter *e, char *path, const Kind *kind) {
        g_autofree char *key = subject_key(path, kind);
        Subject *s = g_hash_table_lookup(e->subjects, key);

        if (s) {
                g_free(path);
                return s;
        }

        s = g_new0(Subject, 1);
        s->key = g_steal_pointer(&key);
        s->path = path;
        s->kind = kind;
        s->step = FIGURE_BYTES;
        g_hash_table_insert(e->subjects, s->key, s);
        return s;
}

static void remove_subject(BusEmitter *e, const char *path, const Kind *kind) {
        g_autofree char *key = subject_key(path, kind);

        (void) g_hash_table_remove(e->subjects, key);
}

static void tell(BusEmitter *e, const char *path, const Kind *kind, Group groups) {
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        int r;

        for (const Member *m = kind->members; m->name; m++)
                if (m->group & groups)
                        g_ptr_array_add(names, (char *) m->name);
        if (names->len == 0)
                return;

        g_ptr_array_add(names, NULL);
        r = sd_bus_emit_properties_changed_strv(e->bus->bus, path, kind->interface,
                                                (char **) names->pdata);
        if (r < 0)
                g_debug("Failed to tell of changes at %s: %s", path, g_strerror(-r));
}

/* The alias tells what its SIM tells; after a switch it tells everything by itself. */
static void tell_subject(BusEmitter *e, const Subject *s, Group groups) {
        const char *slug = bus_path_slug(s->path, BUS_SIM_PATH);

        tell(e, s->path, s->kind, groups);
        if (slug && !e->is_switched && g_strcmp0(slug, e->current) == 0)
                tell(e, BUS_CURRENT_PATH, s->kind, groups);
}

static void tell_new(BusEmitter *e, Subject *s) {
        int r;

        r = sd_bus_emit_object_added(e->bus->bus, s->path);
        if (r < 0)
                g_debug("Failed to tell of %s: %s", s->path, g_strerror(-r));

        s->is_new = s->has_figures = false;
        s->changed = 0;
        s->told_bytes = s->bytes;
        s->told_usec = g_get_monotonic_time();
}

static void tell_figures(BusEmitter *e, Subject *s) {
        s->has_figures = false;
        s->told_bytes = s->bytes;
        s->told_usec = g_get_monotonic_time();
        tell_subject(e, s, GROUP_FIGURES);
}

static int64_t figures_due(const Subject *s) {
        uint64_t moved = MAX(s->bytes, s->told_bytes) - MIN(s->bytes, s->told_bytes);

        if (s->told_usec == 0)
                return 0;
        return s->told_usec + (moved >= s->step ? FIGURE_FAST_USEC : FIGURE_SLOW_USEC);
}

static void tell_due_figures(BusEmitter *e, int64_t now) {
        GHashTableIter i;
        void *value;

        g_hash_table_iter_init(&i, e->subjects);
        while (g_hash_table_iter_next(&i, NULL, &value)) {
                Subject *s = value;

                if (s->has_figures && figures_due(s) <= now)
                        tell_figures(e, s);
        }
}

static gboolean on_timer(void *data);

/* The timer runs for the figures that are due first, and not at all where none wait. */
static void schedule(BusEmitter *e) {
        int64_t due = INT64_MAX, now = g_get_monotonic_time();
        GHashTableIter i;
        void *value;

        g_hash_table_iter_init(&i, e->subjects);
        while (g_hash_table_iter_next(&i, NULL, &value)) {
                Subject *s = value;

                if (s->has_figures)
                        due = MIN(due, figures_due(s));
        }

        if (e->timer > 0 && due == e->timer_usec)
                return;

        g_clear_handle_id(&e->timer, g_source_remove);
        if (due == INT64_MAX)
                return;

        e->timer_usec = due;
        e->timer = g_timeout_add((guint) (MAX(due - now, 0) / 1000 + 1), on_timer, e);
}

static gboolean on_timer(void *data) {
        BusEmitter *e = data;

        e->timer = 0;
        tell_due_figures(e, g_get_monotonic_time());
        schedule(e);
        return G_SOURCE_REMOVE;
}

/* New objects come first: what is told after may name them. */
static void tell_states(BusEmitter *e) {
        GHashTableIter i;
        void *value;

        g_hash_table_iter_init(&i, e->subjects);
        while (g_hash_table_iter_next(&i, NULL, &value))
                if (((Subject *) value)->is_new)
                        tell_new(e, value);

        tell(e, BUS_PATH, &kind_manager, e->manager_changed);
        e->manager_changed = 0;

        g_hash_table_iter_init(&i, e->subjects);
        while (g_hash_table_iter_next(&i, NULL, &value)) {
                Subject *s = value;

                tell_subject(e, s, s->changed);
                s->changed = 0;
        }

        if (e->is_switched) {
                tell(e, BUS_CURRENT_PATH, &kind_sim, GROUP_ALL);
                tell(e, BUS_CURRENT_PATH, &kind_plan, GROUP_ALL);
                tell(e, BUS_CURRENT_PATH, &kind_carrier, GROUP_ALL);
        }
        e->is_switched = false;
}

static gboolean on_turn(void *data) {
        BusEmitter *e = data;

        e->turn = 0;
        tell_states(e);
        tell_due_figures(e, g_get_monotonic_time());
        schedule(e);
        return G_SOURCE_REMOVE;
}

void bus_emit_states(BusEmitter *e) {
        e->bus->is_fresh = true; /* as it stands: nothing may change while it is told */
        tell_states(e);
}

void bus_emit_rest(BusEmitter *e) {
        tell_states(e);
        tell_due_figures(e, INT64_MAX);
}

/* Not with idle priority: a busy bus must not hold back what it is waiting for. */
static void wake(BusEmitter *e) {
        if (e->turn == 0)
                e->turn = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, e, NULL);
}

void bus_emit_sim_added(BusEmitter *e, Account *a) {
        Subject *s = find_subject(e, bus_sim_path(a), &kind_sim);

        s->is_new = true;
        e->manager_changed |= GROUP_SIMS;
        wake(e);
}

void bus_emit_sim_removed(BusEmitter *e, Account *a) {
        g_autofree char *path = bus_sim_path(a);
        int r;

        /* At once: which interfaces it had is asked of the object itself. */
        r = sd_bus_emit_object_removed(e->bus->bus, path);
        if (r < 0)
                g_debug("Failed to tell that %s is gone: %s", path, g_strerror(-r));

        remove_subject(e, path, &kind_sim);
        remove_subject(e, path, &kind_plan);
        remove_subject(e, path, &kind_carrier);
        e->manager_changed |= GROUP_SIMS;
        wake(e);
}

static char *describe_plan(Account *a, const TallyAnswer *t) {
        return g_strdup_printf("%d|%d|%s|%s|%d|%d|%s|%s|%s|%" PRIu64 "|%" PRIu64 "|%" PRIi64
                               "|%" PRIi64 "|%" PRIi64 "|%" PRIi64 "|%" PRIi64 "|%" PRIi64,
                               t->state, account_has_fleet_plan(a),
                               t->plan && t->plan->name ? t->plan->name : "",
                               t->plan && t->plan->zone ? t->plan->zone : "",
                               t->plan && t->plan->is_shared, t->is_unlimited, t->currency,
                               t->plan && t->plan->top_up_url ? t->plan->top_up_url : "",
                               t->plan && t->plan->support ? t->plan->support : "", t->limit,
                               t->rate_bps, t->contract_since, t->period_start, t->period_end,
                               t->expires_at, t->lifts_at, t->keep_alive);
}

/* What is another is found by comparing. Takes the state. */
static bool set_subject_state(Subject *s, char *state) {
        g_autofree char *owned = state;

        if (g_strcmp0(s->state, state) == 0)
                return false;

        g_free(s->state);
        s->state = g_steal_pointer(&owned);
        return true;
}

/* Its figures are told with it. */
static void emit_plan(BusEmitter *e, Account *a) {
        Subject *s = find_subject(e, bus_sim_path(a), &kind_plan);
        const TallyAnswer *t = account_answer(a, manager_now(e->bus->manager));

        if (!t->plan && !s->state)
                return;

        s->bytes = traffic_saturated(t->used, t->over);
        s->step = t->limit > 0 ? CLAMP(t->limit / 1000, 1, FIGURE_BYTES) : FIGURE_BYTES;
        s->has_figures = true;
        if (!set_subject_state(s, describe_plan(a, t)))
                return;

        s->changed |= GROUP_STATE;
        s->told_usec = 0;
}

static void emit_carrier(BusEmitter *e, Account *a) {
        Subject *s = find_subject(e, bus_sim_path(a), &kind_carrier);

        if (set_subject_state(s, bus_describe_carrier(e->bus, a)))
                s->changed |= GROUP_STATE;
}

void bus_emit_sim(BusEmitter *e, Account *a, AccountChange what) {
        Subject *s = find_subject(e, bus_sim_path(a), &kind_sim);

        if (what & ACCOUNT_CHANGED_IDENTITY)
                s->changed |= GROUP_IDENTITY;
        if (what & ACCOUNT_CHANGED_PRESENCE)
                s->changed |= GROUP_STATE;
        if (what & ACCOUNT_CHANGED_FIGURES) {
                s->bytes = traffic_sum(account_total(a));
                s->has_figures = true;
        }
        if (what & ACCOUNT_CHANGED_ALERTS)
                s->changed |= GROUP_ALERTS;
        if (what & (ACCOUNT_CHANGED_FIGURES | ACCOUNT_CHANGED_PLAN))
                emit_plan(e, a);
        if (what & (ACCOUNT_CHANGED_PLAN | ACCOUNT_CHANGED_CARRIER))
                emit_carrier(e, a);
        wake(e);
}

static char *describe_modem(Meter *m) {
        Account *sim = meter_account(m);
        g_auto(GStrv) names = meter_links(m);
        g_autofree char *links = g_strjoinv(" ", names);

        return g_strdup_printf("%d|%s|%s|%s|%s|%s|%d", meter_state(m), meter_problem(m),
                               meter_model(m), sim ? account_slug(sim) : "", links, meter_source(m),
                               meter_disputed(m));
}

void bus_emit_modem_added(BusEmitter *e, Meter *m) {
        Subject *s = find_subject(e, bus_modem_path(m), &kind_modem);

        s->is_new = true;
        e->manager_changed |= GROUP_MODEMS;
        wake(e);
}

/* A meter says only that something is new: what, is found by comparing. */
void bus_emit_modem(BusEmitter *e, Meter *m) {
        Subject *s = find_subject(e, bus_modem_path(m), &kind_modem);
        uint64_t bytes = traffic_sum(account_total(meter_unassigned(m)));

        if (set_subject_state(s, describe_modem(m)))
                s->changed |= GROUP_STATE;
        if (s->bytes != bytes) {
                s->bytes = bytes;
                s->has_figures = true;
        }
        if (s->changed || s->has_figures)
                wake(e);
}

void bus_emit_manager(BusEmitter *e, ManagerChange what) {
        if (what & MANAGER_CHANGED_PROBLEMS)
                e->manager_changed |= GROUP_PROBLEMS;

        if (what & MANAGER_CHANGED_CURRENT) {
                Account *before =
                        e->current ? manager_find_sim_by_slug(e->bus->manager, e->current) : NULL;
                Account *now = manager_current_sim(e->bus->manager);

                /* "Current" is a property of both. */
                if (before)
                        bus_emit_sim(e, before, ACCOUNT_CHANGED_PRESENCE);
                if (now)
                        bus_emit_sim(e, now, ACCOUNT_CHANGED_PRESENCE);

                g_free(e->current);
                e->current = current_slug(e->bus);
                e->manager_changed |= GROUP_CURRENT;
                e->is_switched = true;
        }
        wake(e);
}
