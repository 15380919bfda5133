/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "tally-script.h"

#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "plan-values.h"
#include "size.h"

static void free_plan(void *plan) {
        (void) plan_free(plan);
}

GPtrArray *script_plans(void) {
        return g_ptr_array_new_with_free_func(free_plan);
}

Plan *script_plan(const char *text) {
        g_autofree char *error = NULL;
        Plan *plan = NULL;

        if (plan_parse(text, strlen(text), &plan, &error) < 0)
                g_error("%s: %s", text, error);
        return plan;
}

int64_t script_instant(GTimeZone *zone, const char *local) {
        int year, month, day, hour = 0, minute = 0, second = 0, n;
        GDate date;

        n = sscanf(local, "%d-%d-%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second);
        if (n != 3 && n != 5 && n != 6)
                g_error("%s is no time", local);

        g_date_clear(&date, 1);
        g_date_set_dmy(&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
        return calendar_instant(zone, ((int64_t) g_date_get_julian(&date) - 719163) * 86400 +
                                              hour * 3600 + minute * 60 + second);
}

/* A row's words, taken one after the other. */
typedef struct Reader {
        char **words, **next;
        GTimeZone *zone;
        const char *row;
} Reader;

static void reader_clear(Reader *r) {
        g_strfreev(r->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

static Reader reader(const char *text, GTimeZone *zone) {
        Reader r = { .words = g_strsplit(text, " ", -1), .zone = zone, .row = text };

        r.next = r.words;
        return r;
}

static bool accept(Reader *r, const char *word) {
        if (!*r->next || strcmp(*r->next, word) != 0)
                return false;

        r->next++;
        return true;
}

static const char *word(Reader *r) {
        if (!*r->next)
                g_error("\"%s\" ends early", r->row);
        return *r->next++;
}

static uint64_t size(Reader *r) {
        const char *text = word(r);
        uint64_t bytes;

        if (size_parse(text, &bytes) < 0)
                g_error("\"%s\" in \"%s\" is no size", text, r->row);
        return bytes;
}

/* A date, and a time if the next word is one; "-" is none. */
static int64_t when(Reader *r) {
        g_autofree char *text = NULL;
        const char *date = word(r);

        if (strcmp(date, "-") == 0)
                return 0;
        text = *r->next && strchr(*r->next, ':') ? g_strconcat(date, " ", word(r), NULL)
                                                 : g_strdup(date);
        return script_instant(r->zone, text);
}

static TallyPlace place(Reader *r) {
        TallyPlace place = { 0 };

        place.is_abroad = accept(r, "abroad");
        if (!place.is_abroad)
                (void) accept(r, "in");
        place.mcc = (uint16_t) g_ascii_strtoull(word(r), NULL, 10);
        return place;
}

static void read_use(Reader *r, TallyItem *item) {
        item->kind = TALLY_USAGE;
        item->usage = (TallyUsage){ .place = { 440, false }, .session = 1 };
        item->usage.bytes.rx = size(r);
        if (accept(r, "up"))
                item->usage.bytes.tx = size(r);
        while (*r->next)
                if (accept(r, "session"))
                        item->usage.session = g_ascii_strtoll(word(r), NULL, 10);
                else
                        item->usage.place = place(r);
}

static void read_top_up(Reader *r, TallyItem *item, bool is_named) {
        item->kind = TALLY_TOP_UP;
        if (is_named)
                item->top_up.name = word(r);
        else
                item->top_up.bytes = accept(r, "unlimited") ? PLAN_UNLIMITED : size(r);
        if (accept(r, "until"))
                item->top_up.expires_at = when(r);
        if (accept(r, "for")) {
                g_autofree char *length = g_strjoinv(" ", r->next);

                g_assert_cmpint(value_read_length(length, &item->top_up.lasts), ==, 0);
        }
}

static void read_figure(Reader *r, TallyItem *item) {
        TallyFigure *f = &item->figure;

        item->kind = accept(r, "report") ? TALLY_REPORT : TALLY_CORRECTION;
        while (*r->next)
                if (accept(r, "left")) {
                        f->has_remaining = true;
                        f->remaining = size(r);
                } else if (accept(r, "used")) {
                        f->has_used = true;
                        f->used = size(r);
                } else if (accept(r, "of")) {
                        f->bucket = word(r);
                } else if (accept(r, "to")) {
                        f->resolution = size(r);
                } else if (accept(r, "good")) {
                        g_assert_true(accept(r, "until"));
                        f->expires_at = when(r);
                } else {
                        g_error("\"%s\" in \"%s\"?", *r->next, r->row);
                }
}

static void feed(Tally *t, Reader *r, int64_t at, int64_t id) {
        TallyItem item = { .at = at, .id = id };

        if (accept(r, "use"))
                read_use(r, &item);
        else if (accept(r, "topup"))
                read_top_up(r, &item, true);
        else if (accept(r, "buy"))
                read_top_up(r, &item, false);
        else if (accept(r, "install"))
                item.kind = TALLY_INSTALLED;
        else if (accept(r, "network")) {
                item.kind = TALLY_NETWORK;
                item.place = place(r);
        } else
                read_figure(r, &item);

        tally_feed(t, &item);
}

static void expect_bytes(const char *row, const char *what, uint64_t is, uint64_t wanted) {
        if (is != wanted)
                g_error("%s: %s is %" G_GUINT64_FORMAT ", not %" G_GUINT64_FORMAT, row, what, is,
                        wanted);
}

static void expect_instant(Reader *r, const char *row, const char *what, int64_t is) {
        int64_t wanted = when(r);

        if (is != wanted)
                g_error("%s: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT
                        " (%" G_GINT64_FORMAT " s later)",
                        row, what, is, wanted, is - wanted);
}

static uint64_t rate(Reader *r) {
        const char *text = word(r);
        uint64_t bps = 0;

        if (strcmp(text, "-") != 0 && size_parse_rate(text, &bps) < 0)
                g_error("%s is no rate", text);
        return bps;
}

static void check_bucket(Reader *r, const char *row, const TallyBucket *b) {
        while (*r->next)
                if (accept(r, "left"))
                        expect_bytes(row, "left", b->remaining, size(r));
                else if (accept(r, "used"))
                        expect_bytes(row, "used", b->used, size(r));
                else if (accept(r, "over"))
                        expect_bytes(row, "over", b->over, size(r));
                else if (accept(r, "rolled"))
                        expect_bytes(row, "rolled", b->rolled_over, size(r));
                else if (accept(r, "start"))
                        expect_instant(r, row, "start", b->period_start);
                else if (accept(r, "end"))
                        expect_instant(r, row, "end", b->period_end);
                else if (accept(r, "by"))
                        expect_instant(r, row, "by", b->start_by);
                else if (accept(r, "lifted"))
                        expect_instant(r, row, "lifted", b->lifted_at);
                else if (accept(r, "expires"))
                        expect_instant(r, row, "expires", b->expires_at);
                else if (accept(r, "rate"))
                        expect_bytes(row, "rate", b->rate_bps, rate(r));
                else if (accept(r, "begun"))
                        expect_bytes(row, "begun", b->has_begun, true);
                else if (accept(r, "waiting"))
                        expect_bytes(row, "waiting", b->has_begun || b->has_expired, false);
                else if (accept(r, "expired"))
                        expect_bytes(row, "expired", b->has_expired, true);
                else if (accept(r, "lapsed"))
                        expect_bytes(row, "lapsed", b->has_lapsed, true);
                else
                        g_error("%s: \"%s\"?", row, *r->next);
}

static void check_answer(Reader *r, const char *row, const TallyAnswer *a) {
        const char *what = word(r);

        if (strcmp(what, "left") == 0)
                expect_bytes(row, what, a->remaining, size(r));
        else if (strcmp(what, "used") == 0)
                expect_bytes(row, what, a->used, size(r));
        else if (strcmp(what, "over") == 0)
                expect_bytes(row, what, a->over, size(r));
        else if (strcmp(what, "after") == 0)
                expect_bytes(row, what, a->after_expiry, size(r));
        else if (strcmp(what, "limit") == 0)
                expect_bytes(row, what, a->limit, size(r));
        else if (strcmp(what, "unlimited") == 0)
                expect_bytes(row, what, a->is_unlimited, true);
        else if (strcmp(what, "start") == 0)
                expect_instant(r, row, what, a->period_start);
        else if (strcmp(what, "end") == 0)
                expect_instant(r, row, what, a->period_end);
        else if (strcmp(what, "expires") == 0)
                expect_instant(r, row, what, a->expires_at);
        else if (strcmp(what, "lifts") == 0)
                expect_instant(r, row, what, a->lifts_at);
        else if (strcmp(what, "alive") == 0)
                expect_instant(r, row, what, a->keep_alive);
        else if (strcmp(what, "rate") == 0)
                expect_bytes(row, what, a->rate_bps, rate(r));
        else if (strcmp(what, "charged") == 0)
                expect_bytes(row, what, (uint64_t) a->charged_micros,
                             g_ascii_strtoull(word(r), NULL, 10) * 1000000);
        else if (strcmp(what, "differs") == 0)
                expect_bytes(row, what, a->report.differs, true);
        else if (strcmp(what, "question") == 0)
                expect_bytes(row, what, a->report.is_jump, true);
        else if (strcmp(what, "agrees") == 0)
                expect_bytes(row, what, a->report.differs || a->report.is_jump, false);
        else if (strcmp(what, "drift") == 0)
                g_assert_cmpfloat_with_epsilon(a->drift_percent, g_ascii_strtod(word(r), NULL),
                                               0.01);
        else if (strcmp(what, "nothing") == 0)
                expect_bytes(row, "covered", a->is_covered, !accept(r, "here"));
        else
                g_error("%s: \"%s\"?", row, what);
}

static const TallyBucket *find_bucket(const TallyAnswer *a, const char *row, const char *name) {
        for (guint i = 0; i < a->buckets->len; i++)
                if (strcmp(g_array_index(a->buckets, TallyBucket, i).name, name) == 0)
                        return &g_array_index(a->buckets, TallyBucket, i);

        g_error("%s: no bucket is called %s", row, name);
}

static void check(const Tally *t, int64_t now, GTimeZone *zone, const ScriptRow *row) {
        g_autofree char *title = g_strdup_printf("%s \"%s\": %s", row->at,
                                                 row->happens ? row->happens : "", row->expected);
        g_auto(GStrv) clauses = g_strsplit(row->expected, ", ", -1);
        g_auto(TallyAnswer) a = tally_at(t, now);

        if (strcmp(clauses[0], tally_state_to_string(a.state)) != 0)
                g_error("%s: the state is %s (%s)", title, tally_state_to_string(a.state),
                        row->words);

        for (char **clause = clauses + 1; *clause; clause++) {
                char *colon = strstr(*clause, ": ");
                g_auto(Reader) r = reader(colon ? colon + 2 : *clause, zone);

                if (!colon) {
                        check_answer(&r, title, &a);
                        continue;
                }
                *colon = '\0';
                check_bucket(&r, title, find_bucket(&a, title, *clause));
        }
}

static Tally *run(const char *text, const ScriptRow *rows, gsize n_rows, GPtrArray *plans,
                  bool is_checked) {
        g_autoptr(GTimeZone) zone = NULL;
        Plan *plan = script_plan(text);
        Tally *t;

        g_ptr_array_add(plans, plan);
        g_assert_cmpint(calendar_zone(plan->zone ? plan->zone : "UTC", &zone), ==, 0);
        t = tally_new(plan, script_instant(zone, rows[0].at));

        for (gsize i = 0; i < n_rows; i++) {
                int64_t at = script_instant(zone, rows[i].at);

                if (rows[i].happens && rows[i].happens[0] == '[') {
                        TallyItem item = { .kind = TALLY_PLAN, .at = at, .id = (int64_t) i };

                        item.contract.plan = plan = script_plan(rows[i].happens);
                        g_ptr_array_add(plans, plan);
                        tally_feed(t, &item);
                } else if (rows[i].happens) {
                        g_auto(Reader) r = reader(rows[i].happens, zone);

                        feed(t, &r, at, (int64_t) i);
                }
                if (is_checked && rows[i].expected)
                        check(t, at, zone, &rows[i]);
        }

        return t;
}

void script_check(const char *plan, const ScriptRow *rows, gsize n_rows) {
        g_autoptr(GPtrArray) plans = script_plans();

        (void) tally_free(run(plan, rows, n_rows, plans, true));
}

Tally *script_tally(const char *plan, const ScriptRow *rows, gsize n_rows, GPtrArray *plans) {
        return run(plan, rows, n_rows, plans, false);
}
