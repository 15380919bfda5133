/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What each amount of a reply is: left, used, the whole, or none of it. */

#include <string.h>

#include "reply-internal.h"

#define STRONG (REPLY_BIT(REPLY_WORD_LEFT) | REPLY_BIT(REPLY_WORD_USED))
#define NONE   REPLY_NO_ITEM

/* Items from .. to - 1, without breaks. */
typedef struct Clause {
        ReplyText *reply;
        guint from, to;
        unsigned words;  /* kinds */
        guint n_words;   /* of LEFT or USED, not counting one that says the same again */
        guint n_amounts; /* that have no role by their neighbours, and percentages */
        bool has_quantity;
} Clause;

/* What earlier clauses of a sentence leave to those that say nothing themselves. */
typedef struct Context {
        ReplyRole role;
        bool is_offer;
        guint because;  /* the word of either */
        guint sentence; /* its first item */
} Context;

void reply_decide(ReplyText *t, guint i, ReplyRole role, ReplyRule rule, ReplySpan because) {
        ReplyItem *item = reply_item(t, i);

        item->role = role;
        item->rule = rule;
        item->because = because;
}

/* Because of a word, which may be NONE. */
static void decide(ReplyText *t, guint i, ReplyRole role, ReplyRule rule, guint word) {
        reply_decide(t, i, role, rule, reply_span(t, word));
}

static void decide_by_word(ReplyText *t, guint i, ReplyRole role, guint word) {
        decide(t, i, role, word < i ? REPLY_RULE_WORD_BEFORE : REPLY_RULE_WORD_AFTER, word);
}

/* Nothing but these stands between two items. */
static bool touches(const ReplyText *t, guint a, guint b, const char *between) {
        const ReplyItem *first, *second;

        if (a >= t->items->len || b >= t->items->len)
                return false;
        first = reply_item(t, a);
        second = reply_item(t, b);
        return strspn(t->text + first->end, between) >= second->start - first->end;
}

static bool is_word(const ReplyText *t, guint i, unsigned kinds) {
        return i < t->items->len && reply_item(t, i)->kind == REPLY_ITEM_WORD &&
               (reply_item(t, i)->words & kinds);
}

static bool is_percentage(const ReplyText *t, guint i) {
        const ReplyItem *item = reply_item(t, i);
        const char *after = t->text + item->end;

        return item->kind == REPLY_ITEM_NUMBER && after[strspn(after, " ")] == '%';
}

static bool is_quantity(const ReplyText *t, guint i) {
        const ReplyItem *item = reply_item(t, i);

        if (item->kind == REPLY_ITEM_AMOUNT)
                return item->role != REPLY_ROLE_LIMIT && item->role != REPLY_ROLE_IGNORED;
        return item->kind == REPLY_ITEM_NUMBER || item->kind == REPLY_ITEM_MONEY;
}

static ReplyRole role_of_word(const ReplyText *t, guint i) {
        return reply_item(t, i)->words & REPLY_BIT(REPLY_WORD_LEFT) ? REPLY_ROLE_LEFT
                                                                    : REPLY_ROLE_USED;
}

/* In "3 of 10 GB" and "3/10 GB", the first has the second's unit. */
static void share_unit(ReplyText *t, guint part, guint whole) {
        ReplyItem *item = reply_item(t, part);
        size_t n = item->end - item->start;

        if (item->kind != REPLY_ITEM_NUMBER || is_percentage(t, part))
                return;

        item->kind = REPLY_ITEM_AMOUNT;
        item->unit = reply_item(t, whole)->unit;
        item->unit_words = reply_item(t, whole)->unit_words;
        reply_amount_read(t->text + item->start, n, item->unit, &t->manner, &item->amount);
}

/* Is it the whole of something in front of it, and what says so? */
static bool is_whole(ReplyText *t, guint i, ReplySpan *ret_because) {
        const unsigned passed = REPLY_BIT(REPLY_WORD_LIMIT) | REPLY_BIT(REPLY_WORD_DATA) |
                                REPLY_BIT(REPLY_WORD_NOTHING);
        const char *slash = NULL;
        guint of = i;

        if (i > 0 && touches(t, i - 1, i, " /"))
                slash = memchr(t->text + reply_item(t, i - 1)->end, '/',
                               reply_item(t, i)->start - reply_item(t, i - 1)->end);
        if (slash) {
                ret_because->start = (size_t) (slash - t->text);
                ret_because->end = ret_because->start + 1;
                share_unit(t, i - 1, i);
                return reply_item(t, i - 1)->kind == REPLY_ITEM_AMOUNT;
        }

        do {
                if (of == 0 || reply_item(t, of)->start - reply_item(t, of - 1)->end > 24)
                        return false;
                of--;
        } while (is_word(t, of, passed) && !is_word(t, of, REPLY_BIT(REPLY_WORD_OF)));
        if (!is_word(t, of, REPLY_BIT(REPLY_WORD_OF)))
                return false;

        *ret_because = reply_span(t, of);
        if (of > 0 && touches(t, of - 1, of, " "))
                share_unit(t, of - 1, i);
        for (guint part = of; part > 0 && reply_item(t, part - 1)->kind < REPLY_ITEM_BREAK; part--)
                if (reply_item(t, part - 1)->kind == REPLY_ITEM_AMOUNT ||
                    is_percentage(t, part - 1))
                        return true;
        return false;
}

/* What stands right before and after an amount settles it, whatever else is said. */
static void settle_by_neighbours(ReplyText *t, guint i) {
        bool touches_next = touches(t, i, i + 1, " ");
        ReplySpan because = { 0 };

        if (i > 0 && touches(t, i - 1, i, " :") && is_word(t, i - 1, REPLY_BIT(REPLY_WORD_BOUND)) &&
            !is_word(t, i - 1, STRONG))
                decide(t, i, REPLY_ROLE_IGNORED, REPLY_RULE_BOUND, i - 1);
        else if (touches_next && is_word(t, i + 1, REPLY_BIT(REPLY_WORD_BOUND_AFTER)))
                decide(t, i, REPLY_ROLE_IGNORED, REPLY_RULE_BOUND, i + 1);
        else if (touches_next && is_word(t, i + 1, REPLY_BIT(REPLY_WORD_PER)))
                decide(t, i, REPLY_ROLE_LIMIT, REPLY_RULE_RATE, i + 1);
        else if (touches_next && is_word(t, i + 1, REPLY_BIT(REPLY_WORD_OF_IT)))
                decide(t, i, REPLY_ROLE_LIMIT, REPLY_RULE_WHOLE, i + 1);
        else if (is_whole(t, i, &because))
                reply_decide(t, i, REPLY_ROLE_LIMIT, REPLY_RULE_WHOLE, because);
}

/* The word of a limit right beside it; NONE. */
static guint limit_beside(const ReplyText *t, guint i) {
        if (i > 0 && touches(t, i - 1, i, " :") && is_word(t, i - 1, REPLY_BIT(REPLY_WORD_LIMIT)))
                return i - 1;
        return touches(t, i, i + 1, " ") && is_word(t, i + 1, REPLY_BIT(REPLY_WORD_LIMIT)) ? i + 1
                                                                                           : NONE;
}

/* The word of these kinds before or after an item; NONE where a quantity comes first. */
static guint find_word(const Clause *c, guint i, int step, unsigned kinds, bool crosses_numbers) {
        for (guint k = i; (step > 0 ? k + 1 < c->to : k > c->from);) {
                k = step > 0 ? k + 1 : k - 1;
                if (is_word(c->reply, k, kinds))
                        return k;
                if (is_quantity(c->reply, k) && (!crosses_numbers || is_percentage(c->reply, k)))
                        return NONE;
        }

        return NONE;
}

/* Of a word between two amounts: is it this one's? */
static bool is_taken_by_other(const Clause *c, guint i, guint word) {
        const ReplyText *t = c->reply;
        bool is_before = word < i;
        guint other = is_before ? word - 1 : word + 1;
        bool touches_it, touches_other;

        if (is_before ? word <= c->from : other >= c->to)
                return false;
        if (!is_quantity(t, other) || reply_item(t, other)->kind != REPLY_ITEM_AMOUNT)
                return false;

        touches_it = is_before ? touches(t, word, i, " :=") : touches(t, i, word, " ");
        touches_other = is_before ? touches(t, other, word, " ") : touches(t, word, other, " :=");
        return touches_other && (!touches_it || limit_beside(t, i) != NONE);
}

/* As many words as quantities: each has its own, in their order. */
static bool pair(const Clause *c) {
        guint word = c->from;
        ReplyRole last = REPLY_ROLE_UNKNOWN;

        if (c->n_words < 2 || c->n_words != c->n_amounts)
                return false;

        for (guint i = c->from; i < c->to; i++) {
                bool is_amount = reply_item(c->reply, i)->kind == REPLY_ITEM_AMOUNT &&
                                 is_quantity(c->reply, i);

                if (!is_amount && !is_percentage(c->reply, i))
                        continue;
                while (word < c->to &&
                       (!is_word(c->reply, word, STRONG) || role_of_word(c->reply, word) == last))
                        word++;
                if (word == c->to)
                        return true;
                last = role_of_word(c->reply, word);
                if (is_amount)
                        decide_by_word(c->reply, i, last, word);
                word++;
        }

        return true;
}

/* The word that says what an amount is; NONE. */
static guint word_of(const Clause *c, guint i, bool crosses_numbers) {
        guint before = find_word(c, i, -1, STRONG, crosses_numbers);
        guint after = find_word(c, i, 1, STRONG, crosses_numbers);

        if (before != NONE && is_taken_by_other(c, i, before))
                before = NONE;
        if (after != NONE && is_taken_by_other(c, i, after))
                after = NONE;
        if (before == NONE || after == NONE)
                return before != NONE ? before : after;

        if (touches(c->reply, i, after, " ") != touches(c->reply, before, i, " :="))
                return touches(c->reply, i, after, " ") ? after : before;
        return role_of_word(c->reply, before) == role_of_word(c->reply, after) ? before : NONE;
}

static void decide_by_words(const Clause *c, guint i, bool crosses_numbers) {
        guint word = word_of(c, i, crosses_numbers);

        if (word != NONE)
                decide_by_word(c->reply, i, role_of_word(c->reply, word), word);
}

/* "5 GB for $10": what is bought, whatever else is said. */
static bool is_priced(const ReplyText *t, guint i) {
        return i + 1 < t->items->len && reply_item(t, i + 1)->kind == REPLY_ITEM_MONEY &&
               reply_item(t, i + 1)->start - reply_item(t, i)->end <= strlen(" for only $");
}

static guint find_money(const Clause *c) {
        for (guint i = c->from; i < c->to; i++)
                if (reply_item(c->reply, i)->kind == REPLY_ITEM_MONEY)
                        return i;

        return NONE;
}

/* What could be had, or would be, is neither left nor used. */
static bool is_supposed(const Clause *c, guint i, ReplyRule *ret_rule, guint *ret_because) {
        const unsigned offer = REPLY_BIT(REPLY_WORD_OFFER), condition = REPLY_BIT(REPLY_WORD_IF);
        ReplyRole role = reply_item(c->reply, i)->role;
        guint nearest = find_word(c, i, -1, STRONG | offer, true);

        *ret_because = find_word(c, i, -1, condition, true);
        if ((c->words & condition) && (*ret_because != NONE || role != REPLY_ROLE_LEFT)) {
                if (*ret_because == NONE)
                        *ret_because = reply_find_word(c->reply, c->from, c->to, condition);
                *ret_rule = REPLY_RULE_CONDITION;
                return true;
        }

        *ret_rule = REPLY_RULE_PRICE;
        *ret_because = is_priced(c->reply, i) ? i + 1 : find_money(c);
        if (is_priced(c->reply, i) ||
            (role == REPLY_ROLE_UNKNOWN && *ret_because != NONE && !(c->words & (STRONG | offer))))
                return true;

        *ret_rule = REPLY_RULE_OFFER;
        *ret_because = role == REPLY_ROLE_UNKNOWN ? reply_find_word(c->reply, c->from, c->to, offer)
                                                  : nearest;
        if (role == REPLY_ROLE_UNKNOWN)
                return *ret_because != NONE;
        return nearest != NONE && is_word(c->reply, nearest, offer) &&
               !is_word(c->reply, nearest, STRONG) && find_word(c, i, 1, STRONG, true) == NONE;
}

static void give_role(const Clause *c, guint i, const Context *context) {
        ReplyItem *item = reply_item(c->reply, i);
        guint limit = limit_beside(c->reply, i), because;
        ReplyRule rule;

        if (item->role == REPLY_ROLE_UNKNOWN)
                decide_by_words(c, i, false);
        if (is_supposed(c, i, &rule, &because))
                decide(c->reply, i, REPLY_ROLE_IGNORED, rule, because);
        if (item->role != REPLY_ROLE_UNKNOWN)
                return;

        if (limit != NONE)
                decide_by_word(c->reply, i, REPLY_ROLE_LIMIT, limit);
        else if ((c->words & STRONG) && c->reply->text[item->end] == ':')
                decide(c->reply, i, REPLY_ROLE_IGNORED, REPLY_RULE_NAME, NONE);
        else if (c->n_words == 1)
                decide_by_words(c, i, true);
        if (item->role != REPLY_ROLE_UNKNOWN)
                return;

        limit = reply_find_word(c->reply, c->from, c->to, REPLY_BIT(REPLY_WORD_LIMIT));
        if (limit != NONE)
                decide_by_word(c->reply, i, REPLY_ROLE_LIMIT, limit);
        else if (!(c->words & STRONG) && context->is_offer)
                decide(c->reply, i, REPLY_ROLE_IGNORED, REPLY_RULE_OFFER, context->because);
        else if (!(c->words & STRONG) && context->role != REPLY_ROLE_UNKNOWN)
                decide(c->reply, i, context->role, REPLY_RULE_SENTENCE, context->because);
}

static void survey(Clause *c) {
        ReplyRole last = REPLY_ROLE_UNKNOWN;

        for (guint i = c->from; i < c->to; i++) {
                const ReplyItem *item = reply_item(c->reply, i);

                if (item->kind == REPLY_ITEM_WORD)
                        c->words |= item->words;
                if (is_word(c->reply, i, STRONG) && role_of_word(c->reply, i) != last) {
                        c->n_words++;
                        last = role_of_word(c->reply, i);
                }
                if (!is_quantity(c->reply, i))
                        continue;
                c->has_quantity = true;
                if (item->kind == REPLY_ITEM_AMOUNT || is_percentage(c->reply, i))
                        c->n_amounts++;
        }
}

/* "3 GB, 100 min and 200 SMS left" */
static void give_backwards(const Clause *c, const Context *context) {
        bool comes_last = false;

        for (guint i = c->from; i < c->to; i++)
                if (is_quantity(c->reply, i))
                        comes_last = false;
                else if (is_word(c->reply, i, STRONG))
                        comes_last = true;
        if (!comes_last || !c->has_quantity || c->n_amounts > 0)
                return;

        for (guint i = context->sentence; i < c->from; i++) {
                ReplyItem *item = reply_item(c->reply, i);

                if (item->kind == REPLY_ITEM_AMOUNT && item->role == REPLY_ROLE_UNKNOWN)
                        decide(c->reply, i, context->role, REPLY_RULE_SENTENCE, context->because);
        }
}

static void give_clause(ReplyText *t, guint from, guint to, Context *context) {
        const unsigned offers = REPLY_BIT(REPLY_WORD_OFFER) | REPLY_BIT(REPLY_WORD_IF);
        Clause c = { .reply = t, .from = from, .to = to };

        survey(&c);
        (void) pair(&c);
        for (guint i = from; i < to; i++)
                if (reply_item(t, i)->kind == REPLY_ITEM_AMOUNT && is_quantity(t, i))
                        give_role(&c, i, context);

        if (c.n_words > 0) {
                context->role = REPLY_ROLE_UNKNOWN;
                context->is_offer = false;
        } else if ((c.words & offers) && !c.has_quantity && !context->is_offer) {
                context->is_offer = true;
                context->because = reply_find_word(t, from, to, offers);
        }
        if (c.n_words == 1) {
                context->because = reply_find_word(t, from, to, STRONG);
                context->role =
                        c.words & REPLY_BIT(REPLY_WORD_LEFT) ? REPLY_ROLE_LEFT : REPLY_ROLE_USED;
                give_backwards(&c, context);
        }
}

/* The brackets of "3 GB (of 10 GB) left" part nothing. */
static void join_asides(ReplyText *t) {
        for (guint i = 0; i < t->items->len; i++) {
                ReplyItem *item = reply_item(t, i);
                guint end = i + 1;

                if (item->kind != REPLY_ITEM_BREAK || t->text[item->start] != '(' ||
                    !is_word(t, i + 1, REPLY_BIT(REPLY_WORD_OF)))
                        continue;
                while (end < t->items->len && reply_item(t, end)->kind < REPLY_ITEM_BREAK)
                        end++;
                if (end == t->items->len || t->text[reply_item(t, end)->start] != ')')
                        continue;
                item->kind = reply_item(t, end)->kind = REPLY_ITEM_WORD;
        }
}

void reply_give_roles(ReplyText *t) {
        Context context = { 0 };
        guint from = 0;

        join_asides(t);

        for (guint i = 0; i < t->items->len; i++)
                if (reply_item(t, i)->kind == REPLY_ITEM_AMOUNT &&
                    reply_item(t, i)->role == REPLY_ROLE_UNKNOWN)
                        settle_by_neighbours(t, i);

        for (guint i = 0; i <= t->items->len; i++) {
                if (i < t->items->len && reply_item(t, i)->kind < REPLY_ITEM_BREAK)
                        continue;
                give_clause(t, from, i, &context);
                if (i < t->items->len && reply_item(t, i)->kind == REPLY_ITEM_STOP)
                        context = (Context){ .sentence = i + 1 };
                from = i + 1;
        }
}
