/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * When counters are read: seldom where nothing depends on it, and in time before a level of a plan
 * can be reached. Nothing runs where nothing can move.
 */

#include "manager-internal.h"

/* Between readings: with what a timer and a slot take, within what a power cut may cost, 30 s. */
#define NORMAL_MSEC (27 * 1000)
#define NEAR_MSEC   (10 * 1000) /* a level that can be reached so soon is near … */
#define CLOSE_MSEC  1000        /* … and looked for so often, quiet or not */
#define LEAST_MSEC  50

/* 300 Mbit/s, which a modem may do at any time; one that did more is reckoned with more. */
#define USUAL_BYTES_PER_SECOND UINT64_C(37500000)

static gboolean on_tick(void *userdata);

/* How fast it can go: half as much more than was seen lately. */
static void note_rate(Manager *m) {
        int64_t now = clock_boottime_usec(), usec = now - m->read_usec;
        uint64_t bytes = 0, moved, rate;

        for (guint i = 0; i < m->sims->len; i++)
                bytes = traffic_saturated(bytes, traffic_sum(account_total(m->sims->pdata[i])));

        moved = bytes > m->read_bytes && m->read_usec > 0 ? bytes - m->read_bytes : 0;
        rate = (uint64_t) ((double) moved * 1.5 * G_USEC_PER_SEC / (double) MAX(usec, 1));
        m->fastest = MAX(m->fastest - m->fastest / 16, USUAL_BYTES_PER_SECOND);
        if (usec >= LEAST_MSEC * 1000)
                m->fastest = MAX(m->fastest, rate);

        m->quiet = moved > 0 ? 0 : m->quiet + 1;
        m->read_bytes = bytes;
        m->read_usec = now;
}

static uint64_t bytes_to_level(const Manager *m) {
        uint64_t least = UINT64_MAX;

        for (guint i = 0; i < m->meters->len; i++) {
                Account *a = meter_account(m->meters->pdata[i]);

                if (a && meter_is_live(m->meters->pdata[i]))
                        least = MIN(least, account_bytes_to_level(a));
        }

        return least;
}

static unsigned next_reading_msec(const Manager *m) {
        uint64_t fastest = MAX(m->fastest, USUAL_BYTES_PER_SECOND);
        double msec = (double) bytes_to_level(m) * 1000 / (double) fastest;

        if (msec >= NORMAL_MSEC)
                return NORMAL_MSEC;
        if (msec < NEAR_MSEC)
                msec = MIN(msec, CLOSE_MSEC);
        if (m->quiet > 0) /* more and more so, and never less often than once a second */
                msec = MAX(msec, (double) MIN(LEAST_MSEC << MIN(m->quiet, 5U), CLOSE_MSEC));
        return (unsigned) MAX(msec, LEAST_MSEC);
}

void manager_update_tick(Manager *m) {
        unsigned msec = next_reading_msec(m);
        int64_t due = clock_boottime_usec() + msec * INT64_C(1000);
        bool is_live = false;

        for (guint i = 0; i < m->meters->len; i++)
                is_live |= meter_is_live(m->meters->pdata[i]);
        if (m->tick > 0 && is_live && due >= m->tick_usec)
                return;

        g_clear_handle_id(&m->tick, g_source_remove);
        if (!is_live)
                return;

        m->tick_usec = due;
        m->tick = msec == NORMAL_MSEC ? g_timeout_add_seconds(msec / 1000, on_tick, m)
                                      : g_timeout_add(msec, on_tick, m);
}

static gboolean on_tick(void *userdata) {
        Manager *m = userdata;

        m->tick = 0;
        for (guint i = 0; i < m->meters->len; i++)
                meter_tick(m->meters->pdata[i]);
        if (!clock_is_trusted())
                clock_check(); /* nobody tells when it is synchronised without a step */
        note_rate(m);
        manager_save(m, next_reading_msec(m) / 1000 + 1);

        manager_update_tick(m);
        return G_SOURCE_REMOVE;
}
