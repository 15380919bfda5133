/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which of a reply's dates is the one on which what is left ends. */

#include <string.h>

#include "reply-internal.h"

#define MAX_REACH          40 /* bytes between "valid until" and its date */
#define MAX_RELATIVE_REACH 12 /* and between it and "tomorrow", which other things can be */
#define MAX_JOINT          16 /* between the dates of a range */

guint reply_find_end(const ReplyText *t, guint i, ReplyItemKind least) {
        while (i < t->items->len && reply_item(t, i)->kind < least)
                i++;
        return i;
}

guint reply_find_start(const ReplyText *t, guint i, ReplyItemKind least) {
        while (i > 0 && reply_item(t, i - 1)->kind < least)
                i--;
        return i;
}

unsigned reply_words_between(const ReplyText *t, guint from, guint to) {
        unsigned words = 0;

        for (guint i = from; i < to; i++)
                if (reply_item(t, i)->kind == REPLY_ITEM_WORD)
                        words |= reply_item(t, i)->words;

        return words;
}

guint reply_find_word(const ReplyText *t, guint from, guint to, unsigned kinds) {
        for (guint i = from; i < to; i++)
                if (reply_words_between(t, i, i + 1) & kinds)
                        return i;

        return REPLY_NO_ITEM;
}

/* The nearest amount in front of an item and after another; -1. */
static int amount_before(const ReplyText *t, guint from, guint i) {
        while (i > from && reply_item(t, i - 1)->kind != REPLY_ITEM_AMOUNT)
                i--;
        return i > from ? (int) i - 1 : -1;
}

/* "3 GB used until 1 Dec" is a figure's own date, and no expiry. */
static bool is_of_use(const ReplyText *t, guint i, ReplySpan *ret_because) {
        const unsigned used = REPLY_BIT(REPLY_WORD_USED), left = REPLY_BIT(REPLY_WORD_LEFT);
        guint from = reply_find_start(t, i, REPLY_ITEM_BREAK),
              to = reply_find_end(t, i, REPLY_ITEM_BREAK);
        int amount = amount_before(t, from, i);

        *ret_because = reply_span(t, reply_find_word(t, from, to, used));
        if (!(reply_words_between(t, from, to) & used))
                return false;
        if (!(reply_words_between(t, from, to) & left))
                return true;
        if (amount >= 0 && reply_item(t, (guint) amount)->role == REPLY_ROLE_USED)
                return true;

        for (guint k = i + 1; k < to && reply_item(t, k)->kind != REPLY_ITEM_AMOUNT; k++)
                if (reply_words_between(t, k, k + 1) & (used | left))
                        return (reply_words_between(t, k, k + 1) & left) == 0;
        return false;
}

/* It speaks of what can be had, of a plan, or of a part, and not of what is left. */
static bool is_of_other(const ReplyText *t, guint i, ReplyRule *ret_rule, ReplySpan *ret_because) {
        bool is_length = reply_item(t, i)->is_length;
        guint start = reply_find_start(t, i, REPLY_ITEM_STOP);
        int amount = amount_before(t, start, i);
        unsigned others = REPLY_BIT(REPLY_WORD_OFFER) | REPLY_BIT(REPLY_WORD_IF);

        *ret_rule = REPLY_RULE_OTHER;
        *ret_because = reply_span(t, amount >= 0 ? (guint) amount : REPLY_NO_ITEM);
        if (amount >= 0 && reply_item(t, (guint) amount)->role == REPLY_ROLE_PART)
                return amount_before(t, reply_find_start(t, i, REPLY_ITEM_BREAK), i) >= 0;
        if (amount >= 0 && is_length)
                return reply_item(t, (guint) amount)->role != REPLY_ROLE_LEFT;
        if (amount >= 0)
                return reply_item(t, (guint) amount)->role == REPLY_ROLE_IGNORED;

        if (is_length)
                others |= REPLY_BIT(REPLY_WORD_LIMIT);
        *ret_rule = REPLY_RULE_OFFER;
        *ret_because = reply_span(t, reply_find_word(t, start, i, others));
        return reply_words_between(t, start, i) & others;
}

/* After a date. */
static bool is_ended_by(const ReplyText *t, guint i, unsigned kinds) {
        const ReplyItem *next = i + 1 < t->items->len ? reply_item(t, i + 1) : NULL;

        return next && next->kind == REPLY_ITEM_WORD && (next->words & kinds) &&
               next->start - reply_item(t, i)->end <= strlen("(日) ");
}

/* "From 1 Nov": something begins, or a range does, whose end is the next date. */
static bool is_start(const ReplyText *t, guint i) {
        static const char joints[] =
                "-|~|〜|to|till|until|al|hasta|hasta el|au|jusqu'au|bis|bis zum|"
                "ate|a|s/d|s.d.|sampai|hingga|den|den ngay|do|по|до|ถึง|至|到|から";
        const ReplyItem *date = reply_item(t, i);
        const char *between = t->text + date->end;
        size_t n;

        if (is_ended_by(t, i, REPLY_BIT(REPLY_WORD_SINCE_BEFORE)))
                return true;

        for (guint next = i + 1; next < t->items->len; next++) {
                const ReplyItem *item = reply_item(t, next);

                if (item->start - date->end > MAX_JOINT)
                        return false;
                if (item->kind != REPLY_ITEM_DATE)
                        continue;
                between += strspn(between, " ");
                n = reply_longest_of(joints, between, true);
                return n > 0 && between + n + strspn(between + n, " ") == t->text + item->start;
        }

        return false;
}

/* The word in front of a date, or of the length that it is, which makes it an expiry. */
static ReplyRule word_before_date(const ReplyText *t, guint i, ReplySpan *ret_because) {
        const ReplyItem *date = reply_item(t, i);
        size_t reach = date->is_relative ? MAX_RELATIVE_REACH : MAX_REACH;
        ReplySpan used;

        for (guint k = i; k > 0; k--) {
                const ReplyItem *before = reply_item(t, k - 1);

                *ret_because = reply_span(t, k - 1);
                if (before->kind == REPLY_ITEM_DATE && is_start(t, k - 1))
                        date = before; /* of the same range */
                else if (before->kind == REPLY_ITEM_DATE || before->kind == REPLY_ITEM_STOP ||
                         date->start - before->end > reach)
                        return REPLY_RULE_UNSAID;
                if (before->kind != REPLY_ITEM_WORD)
                        continue;
                if (before->words & REPLY_BIT(REPLY_WORD_UNTIL))
                        return REPLY_RULE_WORD_BEFORE;
                if (!(before->words & REPLY_BIT(REPLY_WORD_UNTIL_DATE)))
                        continue;
                if (date->start - before->end > strlen(" 23:59 of "))
                        return REPLY_RULE_UNSAID;
                if (!is_of_use(t, i, &used))
                        return REPLY_RULE_WORD_BEFORE;
                *ret_because = used;
                return REPLY_RULE_USE;
        }

        return REPLY_RULE_UNSAID;
}

static ReplyRule rule_of_date(const ReplyText *t, guint i, ReplySpan *ret_because) {
        const ReplyItem *date = reply_item(t, i);
        unsigned ends = REPLY_BIT(REPLY_WORD_UNTIL_BEFORE);
        unsigned lasts = REPLY_BIT(REPLY_WORD_LASTS_BEFORE);

        if (date->is_length) {
                bool is_after = is_ended_by(t, i, lasts);

                *ret_because = reply_span(t, is_after ? i + 1 : i - 1); /* as it was scanned */
                return is_after ? REPLY_RULE_WORD_AFTER : REPLY_RULE_WORD_BEFORE;
        }
        if (is_start(t, i))
                return REPLY_RULE_BEGINS;
        if (is_ended_by(t, i, date->is_relative ? ends | lasts : ends)) {
                if (is_of_use(t, i, ret_because))
                        return REPLY_RULE_USE;
                *ret_because = reply_span(t, i + 1);
                return REPLY_RULE_WORD_AFTER;
        }

        return word_before_date(t, i, ret_because);
}

bool reply_judge_date(const ReplyText *t, guint i, bool is_left, ReplyRule *ret_rule,
                      ReplySpan *ret_because) {
        ReplySpan because = { 0 };
        ReplyRule other;

        *ret_rule = rule_of_date(t, i, ret_because);
        if (*ret_rule == REPLY_RULE_UNSAID || *ret_rule == REPLY_RULE_BEGINS)
                *ret_because = (ReplySpan){ 0 };
        if (*ret_rule != REPLY_RULE_WORD_BEFORE && *ret_rule != REPLY_RULE_WORD_AFTER)
                return false;

        if (is_of_other(t, i, &other, &because)) {
                *ret_rule = other;
                *ret_because = because;
                return false;
        }
        if (reply_item(t, i)->is_length && !is_left) {
                *ret_rule = REPLY_RULE_OTHER;
                return false;
        }
        return true;
}

bool reply_find_expiry(const ReplyText *t, guint from, guint to, bool is_left, guint *ret) {
        guint found = REPLY_NO_ITEM;

        for (guint i = from; i < to; i++) {
                const ReplyItem *item = reply_item(t, i);
                ReplySpan because;
                ReplyRule rule;

                if (item->kind != REPLY_ITEM_DATE ||
                    !reply_judge_date(t, i, is_left, &rule, &because))
                        continue;
                if (item->date.expires_at == 0 ||
                    (found != REPLY_NO_ITEM &&
                     reply_item(t, found)->date.expires_at != item->date.expires_at))
                        return false;
                found = i;
        }

        *ret = found;
        return true;
}

void reply_take_expiry(ReplyText *t, guint figure, Reply *r) {
        static const ReplyItemKind reaches[] = { REPLY_ITEM_BREAK, REPLY_ITEM_LINE, REPLY_ITEM_STOP,
                                                 REPLY_ITEM_STOP + 1 };
        guint found = REPLY_NO_ITEM;

        for (size_t i = 0; found == REPLY_NO_ITEM && i < G_N_ELEMENTS(reaches); i++)
                if (!reply_find_expiry(t, reply_find_start(t, figure, reaches[i]),
                                       reply_find_end(t, figure, reaches[i]),
                                       reply_item(t, figure)->role == REPLY_ROLE_LEFT, &found))
                        return;
        if (found == REPLY_NO_ITEM)
                return;

        reply_item(t, found)->is_taken = true;
        r->has_expires = true;
        r->expires_at = reply_item(t, found)->date.expires_at;
}
