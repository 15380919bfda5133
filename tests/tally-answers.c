/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reads facts on stdin and prints answers: what tests/model compares with its own. Each case:
 *
 *     plan SINCE            the lines of the text follow, each after "|"
 *     contract AT           the same, from then on
 *     use AT RX TX SESSION MCC ABROAD
 *     buy AT ID NAME|- BYTES LENGTH|- EXPIRES     (LENGTH with _ for spaces; 0: not said)
 *     fix AT NAME|- left|used|- BYTES EXPIRES
 *     report AT NAME|- left|used|- BYTES EXPIRES RESOLUTION
 *     install AT
 *     network AT MCC ABROAD
 *     ask NOW               prints the answer
 *     next NOW              prints the next boundary and the bytes to the next level
 *     end
 */

#include <stdio.h>
#include <string.h>

#include "plan-values.h"
#include "tally.h"

typedef struct Case {
        GPtrArray *plans;
        Tally *tally;
        GString *text; /* of the plan that is being read */
        char **words;  /* of the line that it belongs to */
} Case;

static int64_t number(const char *word) {
        if (!word)
                g_error("a line ends early");
        return g_ascii_strtoll(word, NULL, 10);
}

static const char *name(const char *word) {
        return strcmp(word, "-") == 0 ? NULL : word;
}

static void free_plan(void *plan) {
        (void) plan_free(plan);
}

static void take_plan(Case *c) {
        g_autofree char *error = NULL;
        Plan *plan = NULL;

        if (!c->text)
                return;
        if (plan_parse(c->text->str, c->text->len, &plan, &error) < 0)
                g_error("%s\n%s", error, c->text->str);
        g_ptr_array_add(c->plans, plan);

        if (strcmp(c->words[0], "plan") == 0) {
                c->tally = tally_new(plan, number(c->words[1]));
        } else {
                TallyItem item = { .kind = TALLY_PLAN, .at = number(c->words[1]) };

                item.contract.plan = plan;
                tally_feed(c->tally, &item);
        }

        g_string_free(g_steal_pointer(&c->text), TRUE);
        g_strfreev(g_steal_pointer(&c->words));
}

static void print_bucket(const TallyBucket *b) {
        printf(" | %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
               " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
               " %" G_GINT64_FORMAT " %d %d",
               b->name, b->bytes, b->rolled_over, b->used, b->remaining, b->over, b->period_start,
               b->period_end, b->expires_at, b->has_begun, b->has_expired);
}

static void ask(const Tally *t, int64_t now) {
        g_auto(TallyAnswer) a = tally_at(t, now);

        printf("%s %d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
               " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
               " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
               tally_state_to_string(a.state), a.is_unlimited, a.limit, a.used, a.remaining, a.over,
               a.period_start, a.period_end, a.expires_at, a.rate_bps, a.lifts_at,
               a.charged_micros / 1000000);
        for (guint i = 0; i < a.buckets->len; i++)
                print_bucket(&g_array_index(a.buckets, TallyBucket, i));
        putchar('\n');
}

static void use(Case *c, char **w) {
        TallyUsage usage = {
                .bytes = { (uint64_t) number(w[2]), (uint64_t) number(w[3]) },
                .session = number(w[4]),
                .place = { (uint16_t) number(w[5]), number(w[6]) != 0 },
        };

        tally_charge(c->tally, number(w[1]), usage);
}

static void buy(Case *c, char **w) {
        TallyItem item = { .kind = TALLY_TOP_UP, .at = number(w[1]), .id = number(w[2]) };
        g_autofree char *length = g_strdelimit(g_strdup(w[5]), "_", ' ');

        item.top_up.name = name(w[3]);
        item.top_up.bytes =
                strcmp(w[4], "unlimited") == 0 ? PLAN_UNLIMITED : (uint64_t) number(w[4]);
        if (name(length))
                g_assert_cmpint(value_read_length(length, &item.top_up.lasts), ==, 0);
        item.top_up.expires_at = number(w[6]);
        tally_feed(c->tally, &item);
}

static void figure(Case *c, char **w, TallyKind kind) {
        TallyItem item = { .kind = kind, .at = number(w[1]) };

        item.figure.bucket = name(w[2]);
        item.figure.has_remaining = strcmp(w[3], "left") == 0;
        item.figure.has_used = strcmp(w[3], "used") == 0;
        item.figure.remaining = item.figure.used = (uint64_t) number(w[4]);
        item.figure.expires_at = number(w[5]);
        if (kind == TALLY_REPORT)
                item.figure.resolution = (uint64_t) number(w[6]);
        tally_feed(c->tally, &item);
}

static void feed(Case *c, char **w) {
        TallyItem item = { .at = number(w[1]) };

        if (strcmp(w[0], "use") == 0) {
                use(c, w);
        } else if (strcmp(w[0], "buy") == 0) {
                buy(c, w);
        } else if (strcmp(w[0], "fix") == 0) {
                figure(c, w, TALLY_CORRECTION);
        } else if (strcmp(w[0], "report") == 0) {
                figure(c, w, TALLY_REPORT);
        } else if (strcmp(w[0], "install") == 0) {
                item.kind = TALLY_INSTALLED;
                tally_feed(c->tally, &item);
        } else if (strcmp(w[0], "network") == 0) {
                item.kind = TALLY_NETWORK;
                item.place = (TallyPlace){ (uint16_t) number(w[2]), number(w[3]) != 0 };
                tally_feed(c->tally, &item);
        } else {
                g_error("\"%s\"?", w[0]);
        }
}

static void read_line(Case *c, const char *line) {
        g_auto(GStrv) w = NULL;

        if (line[0] == '|') {
                g_string_append_printf(c->text, "%s\n", line + 1);
                return;
        }

        take_plan(c);
        w = g_strsplit(line, " ", -1);
        if (strcmp(w[0], "plan") == 0 || strcmp(w[0], "contract") == 0) {
                c->text = g_string_new(NULL);
                c->words = g_steal_pointer(&w);
        } else if (strcmp(w[0], "ask") == 0) {
                ask(c->tally, number(w[1]));
        } else if (strcmp(w[0], "next") == 0) {
                printf("%" G_GINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                       tally_next_boundary(c->tally, number(w[1])),
                       tally_bytes_to_next_level(c->tally, number(w[1])));
        } else if (strcmp(w[0], "end") == 0) {
                c->tally = tally_free(c->tally);
                g_ptr_array_set_size(c->plans, 0);
        } else {
                feed(c, w);
        }
}

int main(void) {
        Case c = { .plans = g_ptr_array_new_with_free_func(free_plan) };
        char line[4096];

        while (fgets(line, sizeof(line), stdin)) {
                g_strchomp(line);
                read_line(&c, line);
        }

        (void) tally_free(c.tally);
        g_ptr_array_unref(c.plans);
        return 0;
}
