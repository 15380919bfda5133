/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan-input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "i18n.h"
#include "plan-values.h"
#include "tally.h"
#include "verbs.h"

void plan_input_clear(PlanInput *input) {
        plan_free(input->plan);
        words_free(input->words);
        g_free(input->text);
        *input = (PlanInput){ 0 };
}

/* Clocks are this system's where a plan names none; the daemon's need not be set like ours. */
static void fill_zone(Plan *plan) {
        g_autofree char *zone = zone_name();

        if (!plan->zone && *zone)
                plan->zone = g_steal_pointer(&zone);
}

ExitCode plan_input_parse(const char *text, const char *where, PlanInput *ret) {
        g_autofree char *error = NULL;
        Plan *plan;

        if (plan_parse(text, strlen(text), &plan, &error) < 0)
                return failed("%s: %s", where, error);

        *ret = (PlanInput){ .plan = plan, .text = g_strdup(text) };
        fill_zone(ret->plan);
        return EXIT_CODE_OK;
}

ExitCode plan_input_say(const char *text, int64_t now, PlanInput *ret) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_local();
        g_autofree char *error = NULL;
        Words *words;

        if (words_read(text, now, zone, &words, &error) < 0)
                return failed("%s", error);

        fill_zone(words->plan);
        *ret = (PlanInput){ .words = words, .plan = g_steal_pointer(&words->plan) };
        ret->text = plan_print(ret->plan);
        return EXIT_CODE_OK;
}

/* Words in quotation marks are one word as well: what has spaces is a file only if it is there. */
static bool is_file(const char *word) {
        bool looks_like_one = strchr(word, '/') || g_str_has_suffix(word, ".plan");

        return g_str_equal(word, "-") || (looks_like_one && !strchr(word, ' ')) ||
               g_file_test(word, G_FILE_TEST_IS_REGULAR);
}

/* A text that cannot be a plan is refused by its size. */
static ExitCode read_file(const char *name, char **ret_text) {
        bool is_input = g_str_equal(name, "-");
        g_autoptr(FILE) file = is_input ? NULL : fopen(name, "re");
        g_autofree char *text = g_malloc0(PLAN_MAX_BYTES + 2);
        FILE *from = is_input ? stdin : file;
        size_t n;

        if (!from)
                return failed(_("%s cannot be read: %s"), name, g_strerror(errno));
        n = fread(text, 1, PLAN_MAX_BYTES + 1, from);
        if (ferror(from))
                return failed(_("%s cannot be read: %s"), name, g_strerror(errno));
        if (n > PLAN_MAX_BYTES)
                return failed(_("%s: a plan has at most 64 KiB"), name);
        if (memchr(text, '\0', n))
                return failed(_("%s: a plan is a text, and this is none"), name);

        *ret_text = g_steal_pointer(&text);
        return EXIT_CODE_OK;
}

ExitCode plan_input_read(char **words, int64_t now, PlanInput *ret) {
        g_autofree char *text = NULL;
        ExitCode code;

        if (words[1] || !is_file(words[0])) {
                text = g_strjoinv(" ", words);
                return plan_input_say(text, now, ret);
        }

        code = read_file(words[0], &text);
        if (code != EXIT_CODE_OK)
                return code;
        return plan_input_parse(text, g_str_equal(words[0], "-") ? _("the plan") : words[0], ret);
}

static void feed_figures(Tally *tally, const Words *words, int64_t now) {
        for (guint i = 0; words && i < words->figures->len; i++) {
                const WordsFigure *f = words->figures->pdata[i];

                tally_feed(tally, &(TallyItem){ .kind = TALLY_CORRECTION,
                                                .at = now,
                                                .figure = { .bucket = f->bucket,
                                                            .has_remaining = f->is_left,
                                                            .has_used = !f->is_left,
                                                            .remaining = f->bytes,
                                                            .used = f->bytes } });
        }
}

static uint64_t instant(int64_t at) {
        return at > 0 ? (uint64_t) at : 0;
}

/* As the daemon says it on the bus. */
static RemoteBucket *see_bucket(const TallyBucket *b) {
        RemoteBucket *bucket = g_new(RemoteBucket, 1);

        *bucket = (RemoteBucket){
                .name = g_strdup(b->name),
                .at_zero = value_write_at_zero(&b->at_zero) ?: g_strdup("block"),
                .where = value_write_where(b->where) ?: g_strdup("anywhere"),
                .unlimited = b->is_unlimited,
                .begun = b->has_begun,
                .expired = b->has_expired,
                .here = b->is_here,
                .counted = b->is_counted,
                .bytes = b->bytes,
                .used_bytes = b->used,
                .remaining_bytes = b->remaining,
                .over_bytes = b->over,
                .rolled_over_bytes = b->rolled_over,
                .period_start = instant(b->period_start),
                .period_end = instant(b->period_end),
                .begun_at = instant(b->has_begun ? b->begun_at : 0),
                .expires_at = instant(b->expires_at),
                .start_by = instant(b->start_by),
                .used_up_at = instant(b->used_up_at),
                .rate_limit = b->rate_bps,
        };
        return bucket;
}

GPtrArray *plan_input_buckets(const PlanInput *input, int64_t since, int64_t now) {
        g_autoptr(Tally) tally = tally_new(input->plan, since);
        g_auto(TallyAnswer) answer = { 0 };
        GPtrArray *buckets = remote_new_buckets();

        now = MAX(now, since);
        feed_figures(tally, input->words, now);
        answer = tally_at(tally, now);
        for (guint i = 0; i < answer.buckets->len; i++)
                g_ptr_array_add(buckets,
                                see_bucket(&g_array_index(answer.buckets, TallyBucket, i)));
        return buckets;
}
