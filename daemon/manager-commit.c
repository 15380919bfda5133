/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* When what is written: commits, slots of the journal between them, and dates set right. */

#include <inttypes.h>

#include "manager-internal.h"

#define COMMIT_SECONDS (5 * 60)
#define RETRY_SECONDS  10                    /* after a commit that failed */
#define LOSS_USEC      (29 * G_USEC_PER_SEC) /* the most that may move between what is written */

/* Something of a SIM: that a session began in which nothing has moved yet can wait. */
static bool has_news(const Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                if (account_is_dirty(m->sims->pdata[i]))
                        return true;
        for (guint i = 0; i < m->unassigned->len; i++)
                if (account_is_dirty(m->unassigned->pdata[i]))
                        return true;

        return false;
}

static gboolean on_commit(void *userdata) {
        Manager *m = userdata;

        m->commit = 0;
        for (guint i = 0; i < m->sims->len; i++)
                if (account_is_dirty(m->sims->pdata[i]))
                        account_judge(m->sims->pdata[i], clock_now());
        if (has_news(m) || m->failure < 0 || m->must_redate)
                (void) manager_flush(m);
        return G_SOURCE_REMOVE;
}

void manager_commit_later(Manager *m) {
        if (m->commit == 0)
                m->commit = g_timeout_add_seconds(COMMIT_SECONDS, on_commit, m);
}

static bool is_dirty(const Manager *m) {
        if (has_news(m))
                return true;
        for (guint i = 0; i < m->meters->len; i++)
                if (meter_is_dirty(m->meters->pdata[i]))
                        return true;

        return false;
}

char *manager_boot(void) {
        return g_strdup_printf("%s:%" PRIu64, clock_boot_id(), link_namespace());
}

static int write_all(Manager *m) {
        g_auto(LedgerSighting) sighting = {
                .boot = manager_boot(),
                .ifindex = link_monitor_max_ifindex(m->links),
                .at = clock_now(),
                .boottime = clock_boottime_usec() / G_USEC_PER_SEC,
                .trusted_at = clock_trusted_at(),
        };
        int r = 0;

        for (guint i = 0; r >= 0 && i < m->sims->len; i++)
                r = account_write(m->sims->pdata[i]);
        for (guint i = 0; r >= 0 && i < m->unassigned->len; i++)
                r = account_write(m->unassigned->pdata[i]);
        for (guint i = 0; r >= 0 && i < m->meters->len; i++)
                r = meter_write(m->meters->pdata[i]);

        return r < 0 ? r : ledger_put_sighting(m->ledger, &sighting);
}

static void all_written(Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                account_written(m->sims->pdata[i]);
        for (guint i = 0; i < m->unassigned->len; i++)
                account_written(m->unassigned->pdata[i]);
        for (guint i = 0; i < m->meters->len; i++)
                meter_written(m->meters->pdata[i]);
        if (m->journal)
                journal_note_commit(m->journal);
}

static int write_sequence(Manager *m) {
        return m->journal ? ledger_put_sequence(m->ledger, journal_sequence(m->journal)) : 0;
}

static int write_transaction(Manager *m) {
        int r;

        r = ledger_begin(m->ledger);
        if (r < 0)
                return r;

        r = write_all(m);
        if (r >= 0)
                r = write_sequence(m);
        if (r < 0) {
                ledger_rollback(m->ledger);
                return r;
        }

        return ledger_commit(m->ledger);
}

/* Charges and checkpoints of all modems in one transaction. What cannot be written stays. */
static int commit(Manager *m) {
        int r;

        r = write_transaction(m);
        if (r >= 0)
                all_written(m);

        m->saved_usec = clock_boottime_usec();
        g_clear_handle_id(&m->commit, g_source_remove);
        if (r < 0)
                m->commit = g_timeout_add_seconds(RETRY_SECONDS, on_commit, m);

        if (m->failure != r) {
                m->failure = r;
                manager_tell(m, MANAGER_CHANGED_PROBLEMS);
        }
        return r;
}

/* The clock was set by shift seconds, and is right now. */
static int redate_ledger(Manager *m) {
        int64_t up = clock_boottime_usec() / G_USEC_PER_SEC + 1; /* the present second has begun */
        int64_t booted_at = clock_now() - m->shift - up;

        return ledger_redate(m->ledger, clock_boot_id(), m->shift,
                             MAX(booted_at, m->trusted_at + 1));
}

/* What was booked in this boot before is dated. */
static int redate(Manager *m) {
        int r;

        r = redate_ledger(m);
        if (r < 0)
                return r;

        m->must_redate = false;
        for (guint i = 0; i < m->sims->len; i++)
                (void) account_reload(m->sims->pdata[i]); /* logged there */
        for (guint i = 0; i < m->unassigned->len; i++)
                (void) account_reload(m->unassigned->pdata[i]);
        return 0;
}

int manager_flush(Manager *m) {
        int r = 0;

        if (is_dirty(m))
                r = commit(m);
        if (r >= 0 && m->must_redate)
                r = redate(m);
        return r;
}

static void on_clock_changing(void *userdata) {
        Manager *m = userdata;

        if (!clock_is_trusted())
                m->trusted_at = clock_trusted_at();
        for (guint i = 0; i < m->meters->len; i++)
                meter_read(m->meters->pdata[i]);
        (void) manager_flush(m); /* what cannot be written now keeps its dates */
}

static void on_clock_stepped(int64_t shift, bool was_trusted, void *userdata) {
        Manager *m = userdata;

        for (guint i = 0; i < m->meters->len; i++)
                meter_break_session(m->meters->pdata[i]);

        if (!was_trusted && clock_is_trusted()) {
                m->shift = shift;
                m->must_redate = true;
                (void) manager_flush(m); /* tried again with the next commit */
        }

        for (guint i = 0; i < m->sims->len; i++)
                account_clock_stepped(m->sims->pdata[i]);
        manager_tell(m, MANAGER_CHANGED_PROBLEMS);
}

static void on_clock_due(void *userdata) {
        manager_pass_boundary(userdata);
}

const ClockListener manager_clock_listener = {
        .changing = on_clock_changing,
        .stepped = on_clock_stepped,
        .due = on_clock_due,
};

/* Whatever a slot names must be in the ledger already. */
static bool is_only_counting(const Manager *m) {
        for (guint i = 0; i < m->sims->len; i++)
                if (!account_is_only_counting(m->sims->pdata[i]))
                        return false;
        for (guint i = 0; i < m->unassigned->len; i++)
                if (!account_is_only_counting(m->unassigned->pdata[i]))
                        return false;
        for (guint i = 0; i < m->meters->len; i++)
                if (!meter_is_only_counting(m->meters->pdata[i]))
                        return false;

        return true;
}

static void write_slot(Manager *m) {
        g_auto(Slot) slot = { 0 };

        slot_init(&slot);
        for (guint i = 0; i < m->sims->len; i++)
                account_add_usages(m->sims->pdata[i], &slot);
        for (guint i = 0; i < m->unassigned->len; i++)
                account_add_usages(m->unassigned->pdata[i], &slot);
        for (guint i = 0; i < m->meters->len; i++)
                meter_add_readings(m->meters->pdata[i], &slot);

        (void) journal_write(m->journal, &slot); /* logged there; the next tick tries again */
        m->saved_usec = clock_boottime_usec();
}

void manager_save(Manager *m, unsigned next_seconds) {
        int64_t next_usec = clock_boottime_usec() + next_seconds * G_USEC_PER_SEC;

        if (!m->journal || next_usec - m->saved_usec < LOSS_USEC || !has_news(m))
                return;

        if (is_only_counting(m))
                write_slot(m);
        else if (m->failure == 0) /* else it is tried again soon enough */
                (void) manager_flush(m);
}

int manager_recover(Manager *m) {
        g_auto(Slot) slot = { 0 };

        slot_init(&slot);
        if (!m->journal || journal_read(m->journal, &slot) < 0)
                return 0;

        g_info("The journal is ahead of the ledger, and is read");
        return ledger_replay(m->ledger, &slot);
}

void manager_begin_clock(Manager *m) {
        bool is_same_boot = m->sighting.boot && g_str_has_prefix(m->sighting.boot, clock_boot_id());
        const ClockPast past = { .trusted_at = m->sighting.trusted_at,
                                 .at = m->sighting.at,
                                 .boottime = is_same_boot ? m->sighting.boottime : -1 };

        m->shift = clock_begin(&past);
        m->trusted_at = past.trusted_at;
        if (clock_is_trusted() && is_same_boot)
                m->must_redate = redate_ledger(m) < 0; /* tried again with the next commit */
}
