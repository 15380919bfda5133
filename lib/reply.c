/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "reply.h"

#include <string.h>

#include "reply-internal.h"
#include "sentence.h"

#define MAX_REACH          40 /* bytes between "valid until" and its date */
#define MAX_RELATIVE_REACH 12 /* and between it and "tomorrow", which other things can be */

const char *reply_verdict_to_string(ReplyVerdict verdict) {
        static const char *const verdicts[] = {
                [REPLY_NONE] = "none",
                [REPLY_FIGURE] = "figure",
                [REPLY_AMBIGUOUS] = "ambiguous",
        };

        return verdicts[verdict];
}

void reply_clear(Reply *r) {
        g_clear_pointer(&r->why, g_free);
}

/* Where a clause or a sentence ends, from an item on. */
static guint find_end(const ReplyText *t, guint i, ReplyItemKind least) {
        while (i < t->items->len && reply_item(t, i)->kind < least)
                i++;
        return i;
}

static guint find_start(const ReplyText *t, guint i, ReplyItemKind least) {
        while (i > 0 && reply_item(t, i - 1)->kind < least)
                i--;
        return i;
}

static unsigned words_between(const ReplyText *t, guint from, guint to) {
        unsigned words = 0;

        for (guint i = from; i < to; i++)
                if (reply_item(t, i)->kind == REPLY_ITEM_WORD)
                        words |= reply_item(t, i)->words;

        return words;
}

/* The nearest amount in front of an item and after another; -1. */
static int amount_before(const ReplyText *t, guint from, guint i) {
        while (i > from && reply_item(t, i - 1)->kind != REPLY_ITEM_AMOUNT)
                i--;
        return i > from ? (int) i - 1 : -1;
}

/* "3 GB used until 1 Dec" is a figure's own date, and no expiry. */
static bool is_of_use(const ReplyText *t, guint i) {
        const unsigned used = REPLY_BIT(REPLY_WORD_USED), left = REPLY_BIT(REPLY_WORD_LEFT);
        guint from = find_start(t, i, REPLY_ITEM_BREAK), to = find_end(t, i, REPLY_ITEM_BREAK);
        int amount = amount_before(t, from, i);

        if (!(words_between(t, from, to) & used))
                return false;
        if (!(words_between(t, from, to) & left))
                return true;
        if (amount >= 0 && reply_item(t, (guint) amount)->role == REPLY_ROLE_USED)
                return true;

        for (guint k = i + 1; k < to && reply_item(t, k)->kind != REPLY_ITEM_AMOUNT; k++)
                if (words_between(t, k, k + 1) & (used | left))
                        return (words_between(t, k, k + 1) & left) == 0;
        return false;
}

/* It speaks of what can be had, of a plan, or of a part, and not of what is left. */
static bool is_of_other(const ReplyText *t, guint i) {
        bool is_length = reply_item(t, i)->is_length;
        guint start = find_start(t, i, REPLY_ITEM_STOP);
        int amount = amount_before(t, start, i);
        unsigned others = REPLY_BIT(REPLY_WORD_OFFER) | REPLY_BIT(REPLY_WORD_IF);

        if (amount >= 0 && reply_item(t, (guint) amount)->role == REPLY_ROLE_PART)
                return amount_before(t, find_start(t, i, REPLY_ITEM_BREAK), i) >= 0;
        if (amount >= 0 && is_length)
                return reply_item(t, (guint) amount)->role != REPLY_ROLE_LEFT;
        if (amount >= 0)
                return reply_item(t, (guint) amount)->role == REPLY_ROLE_IGNORED;

        if (is_length)
                others |= REPLY_BIT(REPLY_WORD_LIMIT);
        return words_between(t, start, i) & others;
}

/* After a date. */
static bool is_ended_by(const ReplyText *t, guint i, unsigned kinds) {
        const ReplyItem *next = i + 1 < t->items->len ? reply_item(t, i + 1) : NULL;

        return next && next->kind == REPLY_ITEM_WORD && (next->words & kinds) &&
               next->start - reply_item(t, i)->end <= strlen("(日) ");
}

static bool is_expiry(const ReplyText *t, guint i) {
        const ReplyItem *date = reply_item(t, i);
        size_t reach = date->is_relative ? MAX_RELATIVE_REACH : MAX_REACH;
        unsigned ends = REPLY_BIT(REPLY_WORD_UNTIL_BEFORE);

        if (date->is_relative)
                ends |= REPLY_BIT(REPLY_WORD_LASTS_BEFORE);
        if (date->is_length)
                return true;
        if (is_ended_by(t, i, ends))
                return !is_of_use(t, i);

        for (guint k = i; k > 0; k--) {
                const ReplyItem *before = reply_item(t, k - 1);

                if (before->kind == REPLY_ITEM_DATE || before->kind == REPLY_ITEM_STOP ||
                    date->start - before->end > reach)
                        return false;
                if (before->kind != REPLY_ITEM_WORD)
                        continue;
                if (before->words & REPLY_BIT(REPLY_WORD_UNTIL))
                        return true;
                if (before->words & REPLY_BIT(REPLY_WORD_UNTIL_DATE))
                        return !is_of_use(t, i) &&
                               date->start - before->end <= strlen(" 23:59 of ");
        }

        return false;
}

/*
 * The one date on which something ends there. 0: there is none; false: there are several. A length
 * of time is that of a plan, but where the figure is what is left.
 */
static bool find_expiry(const ReplyText *t, guint from, guint to, bool is_left, int64_t *ret) {
        int64_t found = 0;

        for (guint i = from; i < to; i++) {
                const ReplyItem *item = reply_item(t, i);

                if (item->kind != REPLY_ITEM_DATE || !is_expiry(t, i) || is_of_other(t, i) ||
                    (item->is_length && !is_left))
                        continue;
                if (item->expires_at == 0 || (found > 0 && found != item->expires_at))
                        return false;
                found = item->expires_at;
        }

        *ret = found;
        return true;
}

/* In the figure's clause, else in its line, its sentence, or anywhere. */
static void take_expiry(const ReplyText *t, guint figure, Reply *r) {
        static const ReplyItemKind reaches[] = { REPLY_ITEM_BREAK, REPLY_ITEM_LINE, REPLY_ITEM_STOP,
                                                 REPLY_ITEM_STOP + 1 };
        int64_t found = 0;

        for (size_t i = 0; found == 0 && i < G_N_ELEMENTS(reaches); i++)
                if (!find_expiry(t, find_start(t, figure, reaches[i]),
                                 find_end(t, figure, reaches[i]),
                                 reply_item(t, figure)->role == REPLY_ROLE_LEFT, &found))
                        return;

        r->has_expires = found > 0;
        r->expires_at = found;
}

/* The amounts of one role: which, if all of them say the same. */
typedef struct Figure {
        guint n, item;
        bool is_several, is_unclear;
} Figure;

static Figure find_figure(const ReplyText *t, ReplyRole role) {
        Figure f = { 0 };

        for (guint i = 0; i < t->items->len; i++) {
                const ReplyItem *item = reply_item(t, i);

                if (item->kind != REPLY_ITEM_AMOUNT || item->role != role)
                        continue;
                f.is_unclear = f.is_unclear || item->amount.is_unclear;
                f.is_several =
                        f.is_several ||
                        (f.n > 0 && item->amount.bytes != reply_item(t, f.item)->amount.bytes);
                if (f.n++ == 0 ||
                    item->amount.resolution < reply_item(t, f.item)->amount.resolution)
                        f.item = i;
        }

        return f;
}

/* A balance that says no word of it: "11.17 GB DATA until 13.06.2023". */
static bool is_bare_balance(const ReplyText *t, guint i) {
        guint from = find_start(t, i, REPLY_ITEM_BREAK), to = find_end(t, i, REPLY_ITEM_BREAK);
        int64_t until = 0;

        return (words_between(t, from, to) & REPLY_BIT(REPLY_WORD_DATA)) &&
               find_expiry(t, from, to, false, &until) && until > 0;
}

static void refuse(Reply *r, ReplyVerdict verdict, const char *why) {
        *r = (Reply){ .verdict = verdict, .why = g_strdup(why) };
}

static void take_limit(const ReplyText *t, Reply *r) {
        Figure limit = find_figure(t, REPLY_ROLE_LIMIT);

        if (limit.n == 0 || limit.is_several || limit.is_unclear)
                return;
        r->has_limit = true;
        r->limit = reply_item(t, limit.item)->amount.bytes;
}

static void conclude(const ReplyText *t, Reply *r) {
        Figure left = find_figure(t, REPLY_ROLE_LEFT), used = find_figure(t, REPLY_ROLE_USED);
        Figure unknown = find_figure(t, REPLY_ROLE_UNKNOWN);
        guint figure;

        if (left.n == 0 && used.n == 0 && unknown.n == 1 && is_bare_balance(t, unknown.item)) {
                left = unknown;
                unknown = (Figure){ 0 };
        }

        if (left.n + used.n + unknown.n == 0)
                return refuse(r, REPLY_NONE, N_("there is no amount of data in it"));
        if (left.is_several || (left.n == 0 && used.is_several) ||
            (unknown.n > 0 && left.n + used.n > 0) || unknown.is_several)
                return refuse(r, REPLY_AMBIGUOUS,
                              N_("there are several amounts in it: say which one with Pattern"));
        if (unknown.n > 0)
                return refuse(r, REPLY_AMBIGUOUS,
                              N_("it does not say whether that is left or used: say so with "
                                 "Pattern"));
        if (left.is_unclear || (left.n == 0 && used.is_unclear))
                return refuse(r, REPLY_AMBIGUOUS, N_("its number can be read in two ways"));

        figure = left.n > 0 ? left.item : used.item;
        *r = (Reply){ .verdict = REPLY_FIGURE,
                      .resolution = reply_item(t, figure)->amount.resolution };
        r->has_remaining = left.n > 0;
        r->remaining = left.n > 0 ? reply_item(t, left.item)->amount.bytes : 0;
        r->has_used = used.n > 0 && !used.is_several && !used.is_unclear;
        r->used = r->has_used ? reply_item(t, used.item)->amount.bytes : 0;
        take_limit(t, r);
        take_expiry(t, figure, r);
}

int reply_read(const char *text, const char *pattern, const ReplyOrigin *origin, Reply *ret) {
        g_autofree char *folded = NULL;
        g_auto(ReplyText) t = { 0 };
        Reply r = { 0 };

        if (strlen(text) > REPLY_MAX_BYTES || !g_utf8_validate(text, -1, NULL)) {
                refuse(ret, REPLY_NONE, N_("it is too long, or not UTF-8"));
                return 0;
        }

        folded = reply_fold(text);
        reply_scan(folded, origin, &t);
        if (!pattern || !reply_read_pattern(text, pattern, &t.manner, &r)) {
                reply_give_roles(&t);
                reply_find_total(&t, REPLY_ROLE_LEFT);
                reply_find_total(&t, REPLY_ROLE_USED);
                conclude(&t, &r);
        }
        *ret = r;
        return 0;
}
