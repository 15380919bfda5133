/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is said of places, of what happens at zero, and of what is left. */

#include <errno.h>
#include <string.h>

#include "plan-values.h"
#include "sentence.h"
#include "words-clause.h"

/* Refuses the words that come next, with what they ought to be. */
int clause_refuse(Reader *r, const char *before, const char *wanted) {
        g_autofree char *quoted = sentence_quote(scan_written(&r->scan));

        if (scan_is_done(&r->scan))
                return sentence_refuse(r->scan.ret_error, "%s: what? %s", before,
                                       sentence_translate(wanted));
        return sentence_refuse(r->scan.ret_error, "%s %s: %s", before, quoted,
                               sentence_translate(wanted));
}

int clause_refuse_twice(Reader *r, const char *what) {
        return sentence_refuse(r->scan.ret_error, "%s is said twice; say it once for each amount",
                               what);
}

static int set_where(Reader *r, WhereKind kind) {
        if (r->part->is_where_said)
                return clause_refuse_twice(r, "where");

        r->part->is_where_said = true;
        r->part->where.kind = kind;
        return 0;
}

int clause_home(Reader *r) {
        return set_where(r, WHERE_HOME);
}

int clause_anywhere(Reader *r) {
        return set_where(r, WHERE_ANYWHERE);
}

/* 220 JPY per 1GB up to 2200 JPY: the price has been read. */
static int read_bill(Reader *r, AtZero *bill) {
        Scan *s = &r->scan;
        int k;

        if (!scan_accept(s, "per"))
                return clause_refuse(r, "then", "a price is per SIZE, for example 220 JPY per 1GB");

        (void) scan_accept(s, "each");
        k = scan_size(s, &bill->step_bytes);
        if (k == 0) {
                /* per GB */
                g_autofree char *one = g_strconcat("1", scan_peek(s, 0), NULL);

                if (value_read_size(one, &bill->step_bytes) < 0)
                        return clause_refuse(r, "per", "say a size, for example 220 JPY per 1GB");
                s->next++;
        }
        if (k < 0)
                return k;

        if (strcmp(scan_peek(s, 0), "up") == 0 && strcmp(scan_peek(s, 1), "to") == 0) {
                s->next += 2;
                k = scan_money(s, &bill->ceiling);
                if (k == 0)
                        return clause_refuse(r, "up to", "say a price, for example up to 2200 JPY");
                if (k < 0)
                        return k;
                if (strcmp(bill->ceiling.currency, bill->price.currency) != 0)
                        return sentence_refuse(s->ret_error, "%s beside %s: say one currency",
                                               bill->ceiling.currency, bill->price.currency);
        }

        bill->kind = AT_ZERO_BILL;
        return 1;
}

/* block, 128kbit/s, throttled to 128kbit/s, 220 JPY per 1GB */
int clause_then(Reader *r) {
        static const char *const fillers[] = { "throttle", "throttled", "slow", "slowed", "limited",
                                               "bill",     "billed",    "down", "to",     "at" };
        Scan *s = &r->scan;
        AtZero then = { .kind = AT_ZERO_BLOCK };
        int k;

        if (r->part->then.kind != AT_ZERO_UNSAID)
                return clause_refuse_twice(r, "then");

        for (size_t i = 0; i < G_N_ELEMENTS(fillers); i++)
                (void) scan_accept(s, fillers[i]);
        if (scan_accept(s, "block") || scan_accept(s, "blocked") || scan_accept(s, "nothing") ||
            scan_accept(s, "stop")) {
                r->part->then = then;
                return 0;
        }

        k = scan_rate(s, &then.rate_bps);
        if (k > 0)
                then.kind = AT_ZERO_THROTTLE;
        if (k == 0) {
                k = scan_money(s, &then.price);
                if (k > 0)
                        k = read_bill(r, &then);
        }
        if (k == 0)
                return clause_refuse(r, "then",
                                     "say what happens at zero: block, a rate such as "
                                     "128kbit/s, or for example 220 JPY per 1GB");
        if (k > 0)
                r->part->then = then;
        return k;
}

/* A word that begins what is no place: "in Japan at 01:00", though AT is Austria. */
static bool is_end_of_places(const Reader *r) {
        return strcmp(scan_peek(&r->scan, 0), "at") == 0 && strchr(scan_peek(&r->scan, 1), ':');
}

/* Whether one more place comes: after "and", "or" or "in", or after nothing. */
static int read_more_places(Reader *r, GArray *mccs) {
        Scan *s = &r->scan;
        guint start = s->next;
        int k;

        if (is_end_of_places(r))
                return 0;
        if (scan_accept(s, "and") || scan_accept(s, "or") || scan_accept(s, "in")) {
                k = scan_place(s, mccs);
                if (k != 0)
                        return k;
                s->next = start;
        }

        return scan_place(s, mccs);
}

static int read_places(Reader *r, const char *before) {
        g_autoptr(GArray) mccs = g_array_new(FALSE, FALSE, sizeof(uint16_t));
        int k;

        k = scan_place(&r->scan, mccs);
        if (k == 0)
                return clause_refuse(r, before,
                                     "no such country is known; say for example in Japan, in "
                                     "JP, in EU, or a country code (MCC) such as in 440");
        while (k > 0)
                k = read_more_places(r, mccs);
        if (k < 0)
                return k;

        k = set_where(r, WHERE_MCCS);
        if (k >= 0)
                r->part->where.mccs = g_steal_pointer(&mccs);
        return k;
}

int clause_in(Reader *r) {
        if (scan_accept(&r->scan, "abroad"))
                return set_where(r, WHERE_ABROAD);
        if (scan_accept(&r->scan, "home"))
                return clause_home(r);
        return read_places(r, "in");
}

/* abroad; abroad in Japan; abroad Japan */
int clause_abroad(Reader *r) {
        g_autoptr(GArray) mccs = g_array_new(FALSE, FALSE, sizeof(uint16_t));
        guint start = r->scan.next;
        bool is_place = !scan_is_after_comma(&r->scan) && !is_end_of_places(r) &&
                        scan_place(&r->scan, mccs) > 0;

        r->scan.next = start;
        if (scan_accept(&r->scan, "in"))
                return clause_in(r);
        return is_place ? read_places(r, "abroad") : set_where(r, WHERE_ABROAD);
}

int clause_rollover(Reader *r) {
        int n, k;

        if (r->part->roll_over != 0)
                return clause_refuse_twice(r, "rollover");

        r->part->roll_over = 1;
        if (scan_accept(&r->scan, "forever"))
                r->part->roll_over = ROLL_FOREVER;
        else if (g_str_has_prefix(scan_peek(&r->scan, 1), "period")) {
                k = scan_day_number(&r->scan, &n);
                if (k <= 0)
                        return k < 0 ? k
                                     : clause_refuse(r, "rollover", "say for example 2 periods");
                r->part->roll_over = n;
                r->scan.next++;
        }

        return 0;
}

/* tzdata's way to write a name that came in any case; some small words stay small. */
static char *spell_zone(const char *lower) {
        static const char *const small[] = { "au", "es", "of" };
        char *zone = g_strdup(lower);
        bool is_start = true;

        for (char *c = zone; *c; c++) {
                bool is_small = false;

                for (size_t i = 0; is_start && i < G_N_ELEMENTS(small); i++)
                        is_small |= strncmp(c, small[i], 2) == 0 && !g_ascii_isalpha(c[2]);
                if (is_start && !is_small)
                        *c = g_ascii_toupper(*c);
                is_start = strchr("/_-", *c) != NULL;
        }

        return zone;
}

int clause_zone(Reader *r) {
        Scan *s = &r->scan;
        g_autofree char *spelt = NULL, *upper = NULL;
        const char *text;

        if (r->said->zone)
                return clause_refuse_twice(r, "zone");
        if (scan_is_done(s))
                return clause_refuse(r, "zone", "say for example zone Asia/Tokyo or zone +09:00");

        text = scan_written(s);
        spelt = spell_zone(scan_peek(s, 0));
        upper = g_ascii_strup(text, -1);
        if (value_read_zone(text, &r->said->zone) < 0 &&
            value_read_zone(spelt, &r->said->zone) < 0 &&
            value_read_zone(upper, &r->said->zone) < 0)
                return clause_refuse(r, "zone",
                                     "is no zone; say a name such as Asia/Tokyo, or an offset "
                                     "such as +08:00");
        s->next++;
        return 0;
}

static int read_figure(Reader *r, bool is_left) {
        const char *word = is_left ? "left" : "used";
        int k;

        if (r->part->has_figure)
                return clause_refuse_twice(r, "left or used");

        (void) scan_accept(&r->scan, "is");
        k = scan_size(&r->scan, &r->part->figure);
        if (k == 0) {
                if (strspn(scan_peek(&r->scan, 0), "0123456789") == 0)
                        return clause_refuse(r, word, "say how much, for example left 6.3GB");
                return clause_refuse(r, word,
                                     "is no size; say for example left 6.3GB or used 500MB");
        }
        r->part->has_figure = k > 0;
        r->part->is_left = is_left;
        return k;
}

int clause_left(Reader *r) {
        return read_figure(r, true);
}

int clause_used(Reader *r) {
        return read_figure(r, false);
}
