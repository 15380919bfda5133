/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is new of a meter goes to the ledger, or its readings to a slot of the journal. */

#include "meter-internal.h"

#define N_EACH (1 + N_IP_FAMILIES) /* counters of a link above: its own, and the modem's of it */

static MeterCounter *counter_above(MeterAbove *above, guint i) {
        return i == 0 ? &above->counter : &above->family[i - 1];
}

/* One counter after the other, in the order in which they are written; NULL after the last one. */
static MeterCounter *counter_at(const Meter *m, guint i) {
        Meter *meter = (Meter *) m;

        if (i == 0)
                return &meter->link;
        i--;
        if (i < m->above->len * N_EACH)
                return counter_above(m->above->pdata[i / N_EACH], i % N_EACH);
        i -= m->above->len * N_EACH;
        if (i < N_IP_FAMILIES)
                return &meter->family[i];
        return i == N_IP_FAMILIES ? &meter->device : NULL;
}

static bool counter_is_dirty(const Meter *m) {
        const MeterCounter *c;

        for (guint i = 0; (c = counter_at(m, i)); i++)
                if (c->is_dirty)
                        return true;

        return false;
}

static bool counter_is_new(const Meter *m) {
        const MeterCounter *c;

        for (guint i = 0; (c = counter_at(m, i)); i++)
                if (c->is_new)
                        return true;

        return false;
}

static bool session_is_dirty(const Meter *m) {
        for (guint i = 0; i < m->above->len; i++)
                if (((MeterAbove *) m->above->pdata[i])->session_is_dirty)
                        return true;

        return m->session_is_dirty;
}

bool meter_is_dirty(const Meter *m) {
        return m->row_is_dirty || m->stint_is_dirty || session_is_dirty(m) || counter_is_dirty(m) ||
               m->old_stints->len > 0 || m->old_sessions->len > 0 || m->old_counters->len > 0;
}

/* The link whose session the modem's counter is of; NULL: another counter. */
static const MeterAbove *find_mux(const Meter *m, const MeterCounter *c) {
        for (guint i = 0; i < m->above->len; i++) {
                const MeterAbove *above = m->above->pdata[i];

                if (c == &above->family[IP_FAMILY_4] || c == &above->family[IP_FAMILY_6])
                        return above;
        }

        return NULL;
}

/*
 * The modem's counter is only said to be where there is a link that could be believed instead; and
 * not while something was charged that it has not told of: after a restart, that would be charged
 * again on its word.
 */
static bool is_believed(const Meter *m, const MeterCounter *c) {
        const MeterAbove *above = find_mux(m, c);
        bool is_own =
                c == &m->device || c == &m->family[IP_FAMILY_4] || c == &m->family[IP_FAMILY_6];

        if (above)
                return meter_mux_is_believed(above, c);
        if (!is_own)
                return m->belief.has_link && !meter_own_goes_on(m);
        return (c->is_stale ? c->row.believed : meter_believes_own(m)) && !meter_own_is_behind(m);
}

static int write_counter(Meter *m, MeterCounter *c) {
        if (!c->is_dirty)
                return 0;

        c->row.seen = c->counter.seen;
        c->row.believed = is_believed(m, c);
        return ledger_put_counter(m->context.ledger, &c->row);
}

static int write_counters(Meter *m) {
        MeterCounter *c;
        int r = 0;

        for (guint i = 0; r >= 0 && i < m->old_counters->len; i++)
                r = ledger_put_counter(m->context.ledger,
                                       &g_array_index(m->old_counters, LedgerCounter, i));
        for (guint i = 0; r >= 0 && (c = counter_at(m, i)); i++)
                r = write_counter(m, c);
        return r;
}

int meter_write(Meter *m) {
        Ledger *l = m->context.ledger;
        int r = 0;

        if (m->row_is_dirty)
                r = ledger_put_modem(l, &m->row);
        for (guint i = 0; r >= 0 && i < m->old_stints->len; i++)
                r = ledger_put_stint(l, &g_array_index(m->old_stints, LedgerStint, i));
        if (r >= 0 && m->stint_is_dirty)
                r = ledger_put_stint(l, &m->stint);
        for (guint i = 0; r >= 0 && i < m->old_sessions->len; i++)
                r = ledger_put_session(l, &g_array_index(m->old_sessions, LedgerSession, i));
        if (r >= 0 && m->session_is_dirty)
                r = ledger_put_session(l, &m->session);
        for (guint i = 0; r >= 0 && i < m->above->len; i++) {
                const MeterAbove *above = m->above->pdata[i];

                if (above->session_is_dirty)
                        r = ledger_put_session(l, &above->session);
        }
        if (r >= 0)
                r = write_counters(m);
        return r;
}

bool meter_is_only_counting(const Meter *m) {
        return !m->row_is_dirty && !m->stint_is_dirty && !session_is_dirty(m) &&
               !counter_is_new(m) && m->old_stints->len == 0 && m->old_sessions->len == 0 &&
               m->old_counters->len == 0;
}

static void add_reading(const Meter *m, const MeterCounter *c, Slot *slot) {
        const SlotCounter reading = {
                .id = c->row.id,
                .seen = c->counter.seen,
                .charged = c->row.charged,
                .believed = is_believed(m, c),
        };

        if (c->is_open && c->is_dirty)
                g_array_append_val(slot->counters, reading);
}

void meter_add_readings(const Meter *m, Slot *slot) {
        const MeterCounter *c;

        for (guint i = 0; (c = counter_at(m, i)); i++)
                add_reading(m, c, slot);
}

void meter_written(Meter *m) {
        MeterCounter *c;

        m->row_is_dirty = m->stint_is_dirty = m->session_is_dirty = false;
        for (guint i = 0; i < m->above->len; i++)
                ((MeterAbove *) m->above->pdata[i])->session_is_dirty = false;
        for (guint i = 0; (c = counter_at(m, i)); i++)
                c->is_new = c->is_dirty = false;
        g_array_set_size(m->old_stints, 0);
        g_array_set_size(m->old_sessions, 0);
        g_array_set_size(m->old_counters, 0);
}
