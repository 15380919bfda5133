/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is new of a meter goes to the ledger, or its readings to a slot of the journal. */

#include "meter-internal.h"

static bool above_is_dirty(const Meter *m) {
        for (guint i = 0; i < m->above->len; i++) {
                const MeterAbove *above = m->above->pdata[i];

                if (above->counter.is_dirty || above->session_is_dirty)
                        return true;
        }

        return false;
}

static bool counter_is_dirty(const Meter *m) {
        return above_is_dirty(m) || m->link.is_dirty || m->family[IP_FAMILY_4].is_dirty ||
               m->family[IP_FAMILY_6].is_dirty || m->device.is_dirty;
}

bool meter_is_dirty(const Meter *m) {
        return m->row_is_dirty || m->stint_is_dirty || m->session_is_dirty || counter_is_dirty(m) ||
               m->old_stints->len > 0 || m->old_sessions->len > 0 || m->old_counters->len > 0;
}

static bool above_is_new(const Meter *m) {
        for (guint i = 0; i < m->above->len; i++) {
                const MeterAbove *above = m->above->pdata[i];

                if (above->counter.is_new || above->session_is_dirty)
                        return true;
        }

        return false;
}

/* The modem's counter is only said to be where there is a link that could be believed instead. */
static bool is_believed(const Meter *m, const MeterCounter *c) {
        bool is_own =
                c == &m->device || c == &m->family[IP_FAMILY_4] || c == &m->family[IP_FAMILY_6];

        if (!is_own)
                return m->belief.believed == SOURCE_LINK && !m->own_is_awaited;
        return c->is_stale ? c->row.believed : meter_believes_own(m);
}

static int write_counter(Meter *m, MeterCounter *c) {
        if (!c->is_dirty)
                return 0;

        c->row.seen = c->counter.seen;
        c->row.believed = is_believed(m, c);
        return ledger_put_counter(m->context.ledger, &c->row);
}

static int write_counters(Meter *m) {
        int r = 0;

        for (guint i = 0; r >= 0 && i < m->old_counters->len; i++)
                r = ledger_put_counter(m->context.ledger,
                                       &g_array_index(m->old_counters, LedgerCounter, i));
        if (r >= 0)
                r = write_counter(m, &m->link);
        for (guint i = 0; r >= 0 && i < m->above->len; i++)
                r = write_counter(m, &((MeterAbove *) m->above->pdata[i])->counter);
        for (IpFamily f = 0; r >= 0 && f < N_IP_FAMILIES; f++)
                r = write_counter(m, &m->family[f]);
        if (r >= 0)
                r = write_counter(m, &m->device);
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
        return !m->row_is_dirty && !m->stint_is_dirty && !m->session_is_dirty && !m->link.is_new &&
               !m->family[IP_FAMILY_4].is_new && !m->family[IP_FAMILY_6].is_new &&
               !m->device.is_new && !above_is_new(m) && m->old_stints->len == 0 &&
               m->old_sessions->len == 0 && m->old_counters->len == 0;
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
        add_reading(m, &m->link, slot);
        for (guint i = 0; i < m->above->len; i++)
                add_reading(m, &((MeterAbove *) m->above->pdata[i])->counter, slot);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                add_reading(m, &m->family[f], slot);
        add_reading(m, &m->device, slot);
}

static void counter_written(MeterCounter *c) {
        c->is_new = c->is_dirty = false;
}

void meter_written(Meter *m) {
        m->row_is_dirty = m->stint_is_dirty = m->session_is_dirty = false;
        counter_written(&m->link);
        for (guint i = 0; i < m->above->len; i++) {
                MeterAbove *above = m->above->pdata[i];

                counter_written(&above->counter);
                above->session_is_dirty = false;
        }
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                counter_written(&m->family[f]);
        counter_written(&m->device);
        g_array_set_size(m->old_stints, 0);
        g_array_set_size(m->old_sessions, 0);
        g_array_set_size(m->old_counters, 0);
}
