/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "reply.h"

#include <string.h>

#include "reply-internal.h"
#include "sentence.h"

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
        g_clear_pointer(&r->reasons, g_ptr_array_unref);
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
        guint from = reply_find_start(t, i, REPLY_ITEM_BREAK),
              to = reply_find_end(t, i, REPLY_ITEM_BREAK);
        guint until = REPLY_NO_ITEM;

        return (reply_words_between(t, from, to) & REPLY_BIT(REPLY_WORD_DATA)) &&
               reply_find_expiry(t, from, to, false, &until) && until != REPLY_NO_ITEM;
}

static void refuse(Reply *r, ReplyVerdict verdict, const char *why) {
        *r = (Reply){ .verdict = verdict, .why = g_strdup(why) };
}

static uint64_t take(ReplyText *t, Figure figure) {
        reply_item(t, figure.item)->is_taken = true;
        return reply_item(t, figure.item)->amount.bytes;
}

static void take_limit(ReplyText *t, Reply *r) {
        Figure limit = find_figure(t, REPLY_ROLE_LIMIT);

        if (limit.n == 0 || limit.is_several || limit.is_unclear)
                return;
        r->has_limit = true;
        r->limit = take(t, limit);
}

static bool has_amount(const ReplyText *t) {
        for (guint i = 0; i < t->items->len; i++)
                if (reply_item(t, i)->kind == REPLY_ITEM_AMOUNT)
                        return true;

        return false;
}

static void conclude(ReplyText *t, Reply *r) {
        Figure left = find_figure(t, REPLY_ROLE_LEFT), used = find_figure(t, REPLY_ROLE_USED);
        Figure unknown = find_figure(t, REPLY_ROLE_UNKNOWN);
        guint figure;

        if (left.n == 0 && used.n == 0 && unknown.n == 1 && is_bare_balance(t, unknown.item)) {
                reply_item(t, unknown.item)->rule = REPLY_RULE_BALANCE;
                left = unknown;
                unknown = (Figure){ 0 };
        }

        if (left.n + used.n + unknown.n == 0)
                return refuse(r, REPLY_NONE,
                              has_amount(t) ? N_("its amounts are of an offer or a plan, and not "
                                                 "of what is left or used")
                                            : N_("there is no amount of data in it"));
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
        r->remaining = left.n > 0 ? take(t, left) : 0;
        r->has_used = used.n > 0 && !used.is_several && !used.is_unclear;
        r->used = r->has_used ? take(t, used) : 0;
        take_limit(t, r);
        reply_take_expiry(t, figure, r);
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
                reply_take_reasons(&t, text, &r);
        }
        *ret = r;
        return 0;
}
