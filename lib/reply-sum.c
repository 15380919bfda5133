/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A total with its parts: "5 GB left in total, 3 GB main and 2 GB bonus" is one figure. */

#include "reply-internal.h"

#define MIN_PARTS 2

/* The word of a total beside it, with no other amount between them; REPLY_NO_ITEM. */
static guint find_total_word(const ReplyText *t, guint i) {
        for (int step = -1; step <= 1; step += 2)
                for (guint k = i; step < 0 ? k > 0 : k + 1 < t->items->len;) {
                        const ReplyItem *item = reply_item(t, k += (guint) step);

                        if (item->kind == REPLY_ITEM_AMOUNT || item->kind >= REPLY_ITEM_BREAK)
                                break;
                        if (item->kind == REPLY_ITEM_WORD &&
                            (item->words & REPLY_BIT(REPLY_WORD_TOTAL)))
                                return k;
                }

        return REPLY_NO_ITEM;
}

static bool is_part(const ReplyText *t, guint i, ReplyRole role, bool of_any_words) {
        const ReplyItem *item = reply_item(t, i);

        if (item->kind != REPLY_ITEM_AMOUNT)
                return false;
        return item->role == role || item->role == REPLY_ROLE_UNKNOWN ||
               (of_any_words &&
                (item->role == REPLY_ROLE_LIMIT || item->role == REPLY_ROLE_IGNORED));
}

/* Do all parts come to it, as exactly as their words are? */
static bool is_sum(const ReplyText *t, guint total, ReplyRole role, bool of_any_words) {
        const ReplyItem *whole = reply_item(t, total);
        uint64_t resolution = whole->amount.resolution, sum = 0;
        guint n = 0;

        for (guint i = 0; i < t->items->len; i++) {
                const ReplyItem *item = reply_item(t, i);

                if (i == total || !is_part(t, i, role, of_any_words))
                        continue;
                if (item->amount.is_unclear || item->amount.bytes > UINT64_MAX - sum)
                        return false;
                n++;
                sum += item->amount.bytes;
                resolution = MAX(resolution, item->amount.resolution);
        }

        return n >= MIN_PARTS && !whole->amount.is_unclear &&
               MAX(sum, whole->amount.bytes) - MIN(sum, whole->amount.bytes) < resolution;
}

/* In "total 5 GB left: 3 GB", left is both's; in "total 5 GB, left 3 GB" it is not. */
static bool has_role(const ReplyText *t, guint i, ReplyRole role) {
        const ReplyItem *item = reply_item(t, i), *next = item + 1;
        const ReplyWordKind kind = role == REPLY_ROLE_LEFT ? REPLY_WORD_LEFT : REPLY_WORD_USED;
        const char *after;

        if (item->role != REPLY_ROLE_LIMIT || i + 1 == t->items->len)
                return item->role == role;
        after = t->text + next->end;
        return next->kind == REPLY_ITEM_WORD && (next->words & REPLY_BIT(kind)) &&
               strspn(t->text + item->end, " ") == next->start - item->end &&
               after[strspn(after, " ")] == ':';
}

static bool take_total(ReplyText *t, ReplyRole role, bool of_any_words) {
        for (guint total = 0; total < t->items->len; total++) {
                ReplyItem *whole = reply_item(t, total);
                guint word = find_total_word(t, total);

                if (whole->kind != REPLY_ITEM_AMOUNT || !has_role(t, total, role) ||
                    word == REPLY_NO_ITEM || !is_sum(t, total, role, of_any_words))
                        continue;

                for (guint i = 0; i < t->items->len; i++)
                        if (is_part(t, i, role, of_any_words))
                                reply_decide(t, i, REPLY_ROLE_PART, REPLY_RULE_PART,
                                             reply_span(t, total));
                reply_decide(t, total, role, REPLY_RULE_TOTAL, reply_span(t, word));
                return true;
        }

        return false;
}

void reply_find_total(ReplyText *t, ReplyRole role) {
        /* Parts are called many things: a plan's, or a gift. */
        if (!take_total(t, role, false))
                (void) take_total(t, role, true);
}
