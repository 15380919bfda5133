/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "notify-text.h"

#include <string.h>

#include "i18n.h"
#include "utf8.h"

#define LABEL_COLUMNS 32
#define MOST_LINES    6 /* no server shows many more */
#define MOST_OFFERS   3
#define MORNING       9 /* o'clock */

static char *label_of(const RemoteSim *sim) {
        return utf8_ellipsize(sim->label, LABEL_COLUMNS, "…");
}

static bool is_kind(const GArray *alert, const char *const *kinds) {
        return g_strv_contains(kinds, alert_word(alert, "kind"));
}

static Urgency urgency_of(const GArray *alert) {
        const char *severity = alert_word(alert, "severity");

        return g_str_equal(severity, "critical") ? URGENCY_CRITICAL
               : g_str_equal(severity, "low")    ? URGENCY_LOW
                                                 : URGENCY_NORMAL;
}

/* News first, then what is urgent, then what came last. */
static int compare_told(const void *a, const void *b) {
        const Told *x = a, *y = b;

        if (x->is_new != y->is_new)
                return x->is_new ? -1 : 1;
        if (urgency_of(x->alert) != urgency_of(y->alert))
                return urgency_of(x->alert) > urgency_of(y->alert) ? -1 : 1;
        return alert_number(x->alert, "id") > alert_number(y->alert, "id") ? -1 : 1;
}

/* How much of an amount is used; -1 where it is not about one. */
static int percent_of(const GArray *alert) {
        static const char *const amounts[] = { "level",     "used-up", "day-cap",
                                               "throttled", "pace",    NULL };
        uint64_t limit = alert_number(alert, "limit_bytes");
        uint64_t left = alert_number(alert, "remaining_bytes");

        if (limit == 0 || !is_kind(alert, amounts))
                return -1;
        return (int) (100.0 * (double) (limit - MIN(left, limit)) / (double) limit);
}

bool is_safe_url(const char *url) {
        return g_str_has_prefix(url, "https://") && strlen(url) > strlen("https://");
}

/* To buy more helps against these; a limit that is not about an amount stays as it is. */
static bool wants_more(const RemoteSim *sim, const GArray *alert) {
        static const char *const kinds[] = { "surcharge", "expires", "expired", "sim-lifetime",
                                             NULL };

        return percent_of(alert) >= 0 || (is_kind(alert, kinds) && !alert_is_to_begin(sim, alert));
}

static void add_actions(Notice *n, const Told *first) {
        static const char *const questions[] = { "carrier-more", NULL };
        bool more = wants_more(first->sim, first->alert);

        if (more && is_safe_url(first->sim->plan.top_up_url))
                notice_add_action(n, ACTION_TOP_UP, _("Top up…"));
        if (more || is_kind(first->alert, questions))
                notice_add_action(n, ACTION_TOPPED_UP, _("I topped up"));
        notice_add_action(n, ACTION_TOMORROW, _("Tomorrow"));
}

/* How much is left and for how long: what the one says, the other need not say again. */
static bool says_the_same(const Told *first, const Told *other) {
        static const char *const kinds[] = { "level", "pace", NULL };

        return is_kind(first->alert, kinds) && is_kind(other->alert, kinds) &&
               first->sim->plan.has_forecast && first->sim->plan.runs_out_at > 0;
}

static void add_line(GString *body, const char *line) {
        if (body->len > 0)
                g_string_append_c(body, '\n');
        g_string_append(body, line);
}

/* What else there is to say of that SIM, a line each. */
static void add_others(const Style *s, const GArray *told, GString *body) {
        const Told *first = &g_array_index(told, Told, 0);

        for (guint i = 1; i < told->len && i < MOST_LINES; i++) {
                const Told *t = &g_array_index(told, Told, i);
                g_autofree char *also = NULL, *line = NULL, *more = NULL;

                if (says_the_same(first, t))
                        continue;

                alert_text(s, t->sim, t->alert, &also, &more);
                line = g_strdup_printf(_("Also: %s"), also);
                add_line(body, line);
        }
}

static Notice *notice_of_sim(const Style *s, const GArray *told) {
        const Told *first = &g_array_index(told, Told, 0);
        g_autofree char *headline = NULL, *text = NULL;
        GString *body = g_string_new(NULL);
        Notice *n;

        alert_text(s, first->sim, first->alert, &headline, &text);
        if (*text)
                add_line(body, text);
        add_others(s, told, body);

        n = notice_of_text(first->sim, headline, body->str);
        n->percent = percent_of(first->alert);
        add_actions(n, first);
        g_string_free(body, TRUE);
        return n;
}

static guint count_sims(const GArray *told) {
        g_autoptr(GHashTable) sims = g_hash_table_new(NULL, NULL);

        for (guint i = 0; i < told->len; i++)
                g_hash_table_add(sims, (void *) g_array_index(told, Told, i).sim);
        return g_hash_table_size(sims);
}

/* Several SIMs have news at once: they share a notification, with a line for each. */
static Notice *notice_of_several(const Style *s, const GArray *told, guint n_sims) {
        g_autofree char *title = g_strdup_printf(_("News of %u SIMs"), n_sims);
        GString *body = g_string_new(NULL);
        Notice *n;

        for (guint i = 0; i < told->len && i < MOST_LINES; i++) {
                const Told *t = &g_array_index(told, Told, i);
                g_autofree char *label = label_of(t->sim), *headline = NULL, *more = NULL;
                g_autofree char *line = NULL;

                alert_text(s, t->sim, t->alert, &headline, &more);
                line = g_strdup_printf(_("%s: %s"), label, headline);
                add_line(body, line);
        }

        n = notice_of_text(NULL, title, body->str);
        notice_add_action(n, ACTION_TOMORROW, _("Tomorrow"));
        g_string_free(body, TRUE);
        return n;
}

Notice *notice_of_alerts(const Style *s, GArray *told) {
        Urgency urgency = URGENCY_LOW;
        guint n_sims = count_sims(told);
        Notice *n;

        g_array_sort(told, compare_told);
        n = n_sims == 1 ? notice_of_sim(s, told) : notice_of_several(s, told, n_sims);
        for (guint i = 0; i < told->len; i++)
                urgency = MAX(urgency, urgency_of(g_array_index(told, Told, i).alert));
        n->urgency = urgency;
        return n;
}

Notice *notice_of_text(const RemoteSim *sim, const char *headline, const char *body) {
        g_autofree char *label = sim ? label_of(sim) : NULL;
        Notice *n = notice_new();

        n->title = sim ? g_strdup_printf(_("%s: %s"), label, headline) : g_strdup(headline);
        n->body = g_strdup(body);
        return n;
}

Notice *notice_of_offers(const RemoteSim *sim, const GPtrArray *offers) {
        g_autofree char *how = g_strdup_printf("simtally topup 1GB -s %s", sim->iccid_tail);
        g_autofree char *body = g_strdup_printf(_("Or say it in a terminal: %s"), how);
        Notice *n = notice_of_text(sim, _("what did you buy?"), body);

        for (guint i = 0; i < offers->len && i < MOST_OFFERS; i++) {
                g_autofree char *key = g_strdup_printf("%s%u", ACTION_OFFER, i);
                g_autofree char *label = utf8_ellipsize(offers->pdata[i], LABEL_COLUMNS, "…");

                notice_add_action(n, key, label);
        }
        return n;
}

static char *line_of(const Style *s, const RemoteSim *sim) {
        g_autofree char *today = size_format(sim_today(sim), s->unit);

        if (!sim->plan.has_plan)
                return g_strdup_printf(_("%s today; no plan yet"), today);
        return style_summary(s, sim);
}

Notice *notice_of_sims(const Style *s, const GPtrArray *sims) {
        GString *body = g_string_new(NULL);
        Notice *n;

        for (guint i = 0; i < sims->len && i < MOST_LINES; i++) {
                const RemoteSim *sim = sims->pdata[i];
                g_autofree char *label = label_of(sim), *text = line_of(s, sim);
                g_autofree char *line = g_strdup_printf(_("%s: %s"), label, text);

                add_line(body, line);
        }
        if (sims->len == 0)
                add_line(body, _("No SIM has been seen yet."));

        n = notice_of_text(NULL, _("Data left"), body->str);
        if (sims->len > 0 && ((const RemoteSim *) sims->pdata[0])->plan.has_plan)
                n->percent = (int) ((const RemoteSim *) sims->pdata[0])->plan.percent_used;
        g_string_free(body, TRUE);
        return n;
}

uint64_t tomorrow_morning(const Style *s) {
        g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(s->now);
        g_autoptr(GDateTime) here = g_date_time_to_timezone(now, s->zone);
        g_autoptr(GDateTime) next = g_date_time_add_days(here, 1);
        g_autoptr(GDateTime) morning =
                g_date_time_new(s->zone, g_date_time_get_year(next), g_date_time_get_month(next),
                                g_date_time_get_day_of_month(next), MORNING, 0, 0);

        return (uint64_t) g_date_time_to_unix(morning);
}
