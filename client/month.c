/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "month.h"

#include "calendar.h"
#include "traffic.h"

#define DAY         86400
#define USUAL_DAYS  31
#define FEWEST_DAYS 2

static unsigned days_between(GTimeZone *zone, uint64_t start, uint64_t end) {
        int64_t days = calendar_day(zone, (int64_t) end - 1) - calendar_day(zone, (int64_t) start);

        return (unsigned) CLAMP(days + 1, 0, G_MAXINT);
}

static bool take_period(Month *m, const RemotePlan *p) {
        uint64_t end = plan_end(p);
        unsigned n_days;

        if (!p->has_plan || p->period_start == 0 || end <= p->period_start || end > CALENDAR_LAST)
                return false;
        n_days = days_between(m->zone, p->period_start, end);
        if (n_days < FEWEST_DAYS || n_days > MONTH_MAX_DAYS)
                return false;

        m->start = p->period_start;
        m->end = end;
        m->n_days = n_days;
        m->limit = p->unlimited ? 0 : p->limit_bytes;
        return true;
}

static void take_last_days(Month *m, const Style *s) {
        int64_t today, next, start;

        if (calendar_floor(CALENDAR_DAY, m->zone, s->now, &today) < 0 ||
            calendar_next(CALENDAR_DAY, m->zone, s->now, &next) < 0)
                today = next = s->now;
        start = MAX(today - (USUAL_DAYS - 1) * DAY, 0);
        (void) calendar_floor(CALENDAR_DAY, m->zone, start + DAY / 2, &start);
        m->start = (uint64_t) start;
        m->end = (uint64_t) MAX(next, start + 1);
        m->n_days = MIN(days_between(m->zone, m->start, m->end), MONTH_MAX_DAYS);
}

static double day_of(const Month *m, uint64_t instant) {
        double length = (double) (m->end - m->start);

        return ((double) instant - (double) m->start) / length * m->n_days;
}

void month_init(Month *m, const Style *s, const RemoteSim *sim) {
        *m = (Month){ 0 };
        if (!*sim->plan.zone || calendar_zone(sim->plan.zone, &m->zone) < 0)
                m->zone = g_time_zone_ref(s->zone);
        if (!take_period(m, &sim->plan))
                take_last_days(m, s);
        m->first_day = calendar_day(m->zone, (int64_t) m->start);
        m->now = day_of(m, (uint64_t) s->now);
}

void month_clear(Month *m) {
        g_clear_pointer(&m->zone, g_time_zone_unref);
}

static void take_forecast(Month *m, const Style *s, const RemotePlan *p) {
        if (m->limit == 0 || !p->has_forecast || m->now >= m->n_days)
                return;

        m->has_forecast = true;
        if (p->runs_out_at > (uint64_t) s->now && p->runs_out_at < m->end) {
                m->forecast_day = day_of(m, p->runs_out_at);
                m->forecast_bytes = m->limit;
        } else {
                m->forecast_day = m->n_days;
                m->forecast_bytes = m->limit - MIN(p->spare_bytes, m->limit);
        }
}

void month_add(Month *m, const Style *s, const RemoteSim *sim, const GArray *rows) {
        uint64_t sum = 0;

        for (guint i = 0; i < rows->len; i++) {
                const RemoteRow *row = &g_array_index(rows, RemoteRow, i);
                int64_t day = calendar_day(m->zone, (int64_t) row->start) - m->first_day;
                uint64_t home = traffic_saturated(row->home_rx, row->home_tx);
                uint64_t abroad = traffic_saturated(row->roaming_rx, row->roaming_tx);

                if (day < 0 || day >= m->n_days)
                        continue;
                m->home[day] = traffic_saturated(m->home[day], home);
                m->abroad[day] = traffic_saturated(m->abroad[day], abroad);
                sum = traffic_saturated(sum, traffic_saturated(home, abroad));
        }
        if (m->limit > 0 && sim->plan.used_bytes > sum)
                m->before = sim->plan.used_bytes - sum;
        take_forecast(m, s, &sim->plan);
}

uint64_t month_sum(const Month *m, unsigned day, uint64_t *ret_abroad) {
        uint64_t home = m->before, abroad = 0;

        for (unsigned i = 0; i <= day && i < m->n_days; i++) {
                home = traffic_saturated(home, m->home[i]);
                abroad = traffic_saturated(abroad, m->abroad[i]);
        }
        if (ret_abroad)
                *ret_abroad = abroad;
        return traffic_saturated(home, abroad);
}

unsigned month_days_counted(const Month *m) {
        return m->now < 0 ? 0 : MIN((unsigned) m->now + 1, m->n_days);
}

uint64_t month_most(const Month *m) {
        uint64_t sum = month_sum(m, m->n_days, NULL);

        return MAX(MAX(MAX(m->limit, sum), m->forecast_bytes), 1);
}

double month_forecast(const Month *m, double day) {
        double used = (double) month_sum(m, m->n_days, NULL);
        double share = m->forecast_day > m->now ? (day - m->now) / (m->forecast_day - m->now) : 1;

        return used + CLAMP(share, 0, 1) * ((double) m->forecast_bytes - used);
}

double month_pace(const Month *m, double day) {
        return (double) m->limit * day / m->n_days;
}

uint64_t month_day(const Month *m, unsigned day) {
        return (uint64_t) MAX(calendar_instant(m->zone, (m->first_day + day) * DAY), 0);
}
