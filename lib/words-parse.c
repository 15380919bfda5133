/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parts of a sentence: each begins with a word that says what it is about. */

#include <errno.h>
#include <string.h>

#include "plan-values.h"
#include "sentence.h"
#include "words-clause.h"

#define EXAMPLE "20GB monthly on 15"

static int read_within(Reader *r) {
        if (r->said->n_parts < 2)
                return sentence_refuse(r->scan.ret_error,
                                       "within what? Say for example 20GB monthly on 1 and 1GB "
                                       "daily within it");
        if (!scan_accept(&r->scan, "it"))
                return clause_refuse(r, "within",
                                     "say it, for example 20GB monthly on 1 and 1GB daily "
                                     "within it");

        r->part->is_within = true;
        return 0;
}

static int read_called(Reader *r);

static const struct {
        const char *word;
        int (*read)(Reader *r);
} clauses[] = {
        { "daily", clause_daily },
        { "weekly", clause_weekly },
        { "monthly", clause_monthly },
        { "yearly", clause_yearly },
        { "every", clause_every },
        { "each", clause_every },
        { "per", clause_every },
        { "a", clause_every },
        { "on", clause_on },
        { "at", clause_at },
        { "for", clause_for },
        { "from", clause_from },
        { "starting", clause_from },
        { "since", clause_from },
        { "until", clause_until },
        { "till", clause_until },
        { "then", clause_then },
        { "in", clause_in },
        { "abroad", clause_abroad },
        { "home", clause_home },
        { "anywhere", clause_anywhere },
        { "rollover", clause_rollover },
        { "zone", clause_zone },
        { "left", clause_left },
        { "used", clause_used },
        { "within", read_within },
        { "called", read_called },
        { "named", read_called },
};

static int find_clause(const char *word) {
        for (size_t i = 0; i < G_N_ELEMENTS(clauses); i++)
                if (strcmp(word, clauses[i].word) == 0)
                        return (int) i;

        return -1;
}

/* Whether the next words are 59GB left, or 3GB used. */
static bool is_figure(const Reader *r) {
        g_autofree char *error = NULL;
        Scan trial = r->scan;
        uint64_t bytes;

        trial.ret_error = &error;
        return scan_size(&trial, &bytes) > 0 &&
               (scan_accept(&trial, "left") || scan_accept(&trial, "used"));
}

/* Whether a clause begins here, which is read on trial. */
static bool is_clause(const Reader *r) {
        g_auto(WordsRead) said = { .n_parts = 2 };
        g_autofree char *error = NULL;
        Reader trial = { .scan = r->scan, .said = &said, .part = &said.parts[0] };
        int i = find_clause(scan_peek(&r->scan, 0));
        uint64_t bytes;

        trial.scan.ret_error = &error;
        words_part_init(trial.part, 1);
        if (i >= 0 && clauses[i].read != read_called) {
                trial.scan.next++;
                return clauses[i].read(&trial) >= 0;
        }

        if (scan_accept(&trial.scan, "and"))
                return scan_size(&trial.scan, &bytes) > 0;
        return is_figure(r);
}

/* To a comma, or to where something else is said; what stands in quotation marks is kept whole. */
static int read_called(Reader *r) {
        Scan *s = &r->scan;
        g_autoptr(GString) name = g_string_new(NULL);
        int k;

        if (r->said->name)
                return clause_refuse_twice(r, "called");

        while (!scan_is_done(s) && (name->len == 0 || (!scan_is_after_comma(s) && !is_clause(r)))) {
                const Word *w = s->words->pdata[s->next++];

                g_string_append_printf(name, "%s%s", name->len > 0 ? " " : "", w->text);
                if (w->is_quoted)
                        break;
        }

        k = value_read_text(name->str, 128, &r->said->name);
        if (k == -ERANGE)
                return sentence_refuse(s->ret_error, "called: this name is longer than 128 bytes");
        if (k < 0)
                return sentence_refuse(s->ret_error,
                                       "called: what? Say for example called Work SIM");
        return 0;
}

/* SIZE or unlimited, with which each part begins. */
static int read_amount(Reader *r) {
        Scan *s = &r->scan;
        uint64_t bytes = PLAN_UNLIMITED;
        int k;

        k = scan_accept(s, "unlimited") ? 1 : scan_size(s, &bytes);
        if (k < 0)
                return k;
        if (k == 0) {
                g_autofree char *quoted = sentence_quote(scan_written(s));

                if (scan_is_done(s))
                        return sentence_refuse(s->ret_error, "say what was bought, for example %s",
                                               EXAMPLE);
                return sentence_refuse(s->ret_error,
                                       "%s is no amount; begin with one such as 5GB, 500MB or "
                                       "unlimited, for example %s",
                                       quoted, EXAMPLE);
        }
        if (r->said->n_parts == WORDS_MAX_PARTS)
                return sentence_refuse(s->ret_error, "more than %d amounts", WORDS_MAX_PARTS);

        r->part = &r->said->parts[r->said->n_parts++];
        words_part_init(r->part, bytes);
        return 0;
}

static int refuse_word(Reader *r) {
        static const char *const more[] = { "unlimited", "and" };
        const char *known[G_N_ELEMENTS(clauses) + G_N_ELEMENTS(more)], *nearest;
        g_autofree char *quoted = sentence_quote(scan_written(&r->scan));
        size_t n = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(clauses); i++)
                if (strlen(clauses[i].word) > 2)
                        known[n++] = clauses[i].word;
        for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
                known[n++] = more[i];

        nearest = sentence_nearest(scan_peek(&r->scan, 0), known, n);
        if (nearest)
                return sentence_refuse(r->scan.ret_error,
                                       "%s is not understood; did you mean %s? An example: %s",
                                       quoted, nearest, EXAMPLE);
        return sentence_refuse(r->scan.ret_error,
                               "%s is not understood; an example: 10GB for 10 days from 19 Nov, in "
                               "Japan, then 128kbit/s, left 6.3GB",
                               quoted);
}

/* A length alone is how long it lasts, or how often it begins again. */
static int refuse_length(Reader *r) {
        g_autofree char *error = NULL, *text = NULL, *quoted = NULL;
        Scan trial = r->scan;
        Length length;

        trial.ret_error = &error;
        if (scan_length(&trial, &length) <= 0)
                return refuse_word(r);

        text = scan_join(&r->scan, trial.next - r->scan.next);
        quoted = sentence_quote(text);
        return sentence_refuse(r->scan.ret_error,
                               "%s: say for %s, if it lasts so long, or every %s, if it begins "
                               "again then",
                               quoted, text, text);
}

/* 59GB left */
static int read_size_left(Reader *r) {
        guint start = r->scan.next;
        uint64_t bytes;
        bool is_left;
        int k;

        k = scan_size(&r->scan, &bytes);
        if (k <= 0)
                return k < 0 ? k : refuse_length(r);

        is_left = scan_accept(&r->scan, "left");
        if (!is_left && !scan_accept(&r->scan, "used")) {
                r->scan.next = start;
                return clause_refuse(
                        r, "one amount after another",
                        "say and between them, for example 20GB monthly on 1 and 1GB daily "
                        "within it");
        }
        if (r->part->has_figure)
                return clause_refuse_twice(r, "left or used");

        r->part->has_figure = true;
        r->part->is_left = is_left;
        r->part->figure = bytes;
        return 0;
}

static int read_clause(Reader *r) {
        Scan *s = &r->scan;
        int i;

        if (scan_accept(s, "with") || scan_accept(s, "valid"))
                return 0;
        if (scan_accept(s, "and")) {
                /* A second amount, or only one thing more about this one. */
                if (find_clause(scan_peek(s, 0)) >= 0)
                        return 0;
                return is_figure(r) ? read_size_left(r) : read_amount(r);
        }

        i = find_clause(scan_peek(s, 0));
        if (i < 0)
                return read_size_left(r);
        s->next++;
        return clauses[i].read(r);
}

int words_parse(const char *text, WordsRead *ret, char **ret_error) {
        g_auto(Scan) scan = { 0 };
        Reader r = { .said = ret };
        int k;

        k = scan_init(&scan, text, ret_error);
        if (k < 0)
                return k;

        r.scan = scan;
        k = read_amount(&r);
        while (k >= 0 && !scan_is_done(&r.scan))
                k = read_clause(&r);

        return k < 0 ? k : 0;
}
