/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was read of a carrier's words, and why; or why nothing was. */

#include <inttypes.h>
#include <stdio.h>

#include "i18n.h"
#include "print.h"
#include "sentence.h"
#include "utf8.h"

#define MOST_QUOTE_COLUMNS 26

static bool is_amount(const ReplyReason *reason) {
        return reason->unit_bytes > 0;
}

/* What makes a piece what it is. */
static char *say_word(const ReplyReason *reason, const char *because) {
        switch (reason->rule) {
        case REPLY_RULE_WORD_BEFORE:
                return g_strdup_printf(_("%s stands before it"), because);
        case REPLY_RULE_WORD_AFTER:
                return g_strdup_printf(_("%s stands after it"), because);
        case REPLY_RULE_SENTENCE:
                return g_strdup_printf(_("its sentence says %s"), because);
        case REPLY_RULE_WHOLE:
                return g_strdup_printf(_("%s makes it the whole of another"), because);
        case REPLY_RULE_RATE:
                return g_strdup_printf(_("so much is to be had %s"), because);
        case REPLY_RULE_TOTAL:
                return g_strdup_printf(_("it is called %s, and the others come to it"), because);
        case REPLY_RULE_BALANCE:
                return g_strdup(_("it is of data, and has a last day"));
        case REPLY_RULE_GROUP:
                return g_strdup_printf(_("the group %s of Pattern finds it"), because);
        default:
                return NULL;
        }
}

/* What else it is. */
static char *say_other(const ReplyReason *reason, const char *because) {
        switch (reason->rule) {
        case REPLY_RULE_BOUND:
                return g_strdup_printf(_("only a bound: %s"), because);
        case REPLY_RULE_RANGE:
                return g_strdup(_("a range, or less than nothing"));
        case REPLY_RULE_CONDITION:
                return g_strdup_printf(_("what would be: %s"), because);
        case REPLY_RULE_OFFER:
                return g_strdup_printf(_("an offer, or what was bought: %s"), because);
        case REPLY_RULE_PRICE:
                return g_strdup_printf(_("it has a price: %s"), because);
        case REPLY_RULE_NAME:
                return g_strdup(_("the name of a plan"));
        case REPLY_RULE_PART:
                return g_strdup_printf(_("a part of %s"), because);
        case REPLY_RULE_MONEY:
                return g_strdup(_("money"));
        case REPLY_RULE_PERCENTAGE:
                return g_strdup(_("a percentage"));
        case REPLY_RULE_NO_UNIT:
                return g_strdup(_("a number without a unit of data"));
        case REPLY_RULE_BEGINS:
                return g_strdup(_("the day on which something begins"));
        case REPLY_RULE_USE:
                return g_strdup_printf(_("a day of use: %s"), because);
        case REPLY_RULE_OTHER:
                return reason->because ? g_strdup_printf(_("it is that of %s"), because)
                                       : g_strdup(_("it is that of a plan"));
        default:
                return g_strdup(is_amount(reason) ? _("nothing says whether that is left or used")
                                                  : _("nothing says that something ends then"));
        }
}

static char *say_rule(const ReplyReason *reason) {
        g_autofree char *because = sentence_quote(reason->because ?: "");

        return say_word(reason, because) ?: say_other(reason, because);
}

/* NULL: there is nothing to say. */
static const char *say_doubt(const ReplyReason *reason) {
        switch (reason->doubt) {
        case REPLY_DOUBT_SEVERAL:
                return _("but others say otherwise");
        case REPLY_DOUBT_SAME:
                return _("another says the same");
        case REPLY_DOUBT_UNCLEAR:
                return is_amount(reason) || reason->date.is_counted
                               ? _("but that can be read in two ways")
                               : _("but which number is the day cannot be told");
        case REPLY_DOUBT_UNDATED:
                return _("but on which day that was said is not known");
        case REPLY_DOUBT_IMPOSSIBLE:
                return _("but there is no such day");
        case REPLY_DOUBT_UNREAD:
                return _("but that cannot be read");
        case REPLY_DOUBT_NONE:
        default:
                return NULL;
        }
}

/* Which of its numbers is the day, and why. */
static const char *say_order(const ReplyDate *date) {
        switch (date->by) {
        case REPLY_DATE_BY_SIZE:
                return _("only one of its numbers can be the month");
        case REPLY_DATE_BY_POINTS:
                return _("with points the day comes first");
        case REPLY_DATE_BY_OTHER:
                return date->is_month_first ? _("the month comes first, as in another date there")
                                            : _("the day comes first, as in another date there");
        case REPLY_DATE_BY_LANGUAGE:
                return date->is_month_first ? _("the month comes first, as in its language")
                                            : _("the day comes first, as in its language");
        case REPLY_DATE_BY_COUNTRY:
                return date->is_month_first ? _("the month comes first, as in the SIM's country")
                                            : _("the day comes first, as in the SIM's country");
        case REPLY_DATE_BY_ITSELF:
        default:
                return NULL;
        }
}

/* After the first part, all that there is to say. */
static void print_parts(const Style *s, const char *first, const ReplyReason *reason,
                        size_t indent) {
        const char *parts[6] = { first }, *order = say_order(&reason->date);
        const char *doubt = say_doubt(reason);
        size_t n = 1;

        if (reason->piece == REPLY_PIECE_EXPIRES && order)
                parts[n++] = order;
        if (reason->piece == REPLY_PIECE_EXPIRES && reason->date.has_no_year)
                parts[n++] = _("it has no year, so it is the next one");
        if (reason->piece == REPLY_PIECE_EXPIRES && reason->date.is_counted)
                parts[n++] = _("counted from when it was said");
        if (doubt)
                parts[n++] = doubt;
        /* Between the reasons of one line. */
        print_folded(s, parts, _("; "), indent);
}

static const char *name_of(ReplyPiece piece) {
        switch (piece) {
        case REPLY_PIECE_REMAINING:
                return _("Left");
        case REPLY_PIECE_USED:
                return _("Used");
        case REPLY_PIECE_LIMIT:
                return _("Limit");
        case REPLY_PIECE_EXPIRES:
                return _("Until");
        case REPLY_PIECE_NOTHING:
        default:
                return NULL;
        }
}

static const ReplyReason *find_taken(const Reply *reply, ReplyPiece piece) {
        for (guint i = 0; reply->reasons && i < reply->reasons->len; i++) {
                const ReplyReason *reason = reply->reasons->pdata[i];

                if (reason->is_taken && reason->piece == piece)
                        return reason;
        }

        return NULL;
}

static void print_piece(const Style *s, const Reply *reply, ReplyPiece piece, const char *value) {
        const ReplyReason *reason = find_taken(reply, piece);
        g_autofree char *words = NULL, *rule = NULL, *first = NULL;

        print_sentence(s, name_of(piece), value);
        if (!reason)
                return;

        words = sentence_quote(reason->words);
        rule = say_rule(reason);
        first = g_strdup_printf(_("from %s: %s"), words, rule);
        printf("%*s", ENTRY_INDENT, "");
        print_parts(s, first, reason, ENTRY_INDENT);
}

static void print_bytes(const Style *s, const Reply *reply, ReplyPiece piece, uint64_t bytes) {
        g_autofree char *size = size_format(bytes, s->unit);

        print_piece(s, reply, piece, size);
}

/* Of the figure that counts: in what it was said, and how exactly. */
static void print_unit(const Style *s, const Reply *reply) {
        const ReplyReason *reason =
                find_taken(reply, REPLY_PIECE_REMAINING) ?: find_taken(reply, REPLY_PIECE_USED);
        g_autofree char *size = size_format(reply->resolution, s->unit), *unit = NULL;

        if (reply->resolution > 1)
                print_sentence(s, _("Exact to"), size);
        if (!reason || !reason->unit)
                return;
        unit = g_strdup_printf(_("1 %s is %" PRIu64 " B"), reason->unit, reason->unit_bytes);
        print_sentence(s, _("Unit"), unit);
}

static void print_figure(const Style *s, const Reply *reply) {
        printf("%s\n", _("It is understood:"));
        if (reply->has_remaining)
                print_bytes(s, reply, REPLY_PIECE_REMAINING, reply->remaining);
        if (reply->has_used)
                print_bytes(s, reply, REPLY_PIECE_USED, reply->used);
        if (reply->has_limit)
                print_bytes(s, reply, REPLY_PIECE_LIMIT, reply->limit);
        print_unit(s, reply);
        if (reply->has_expires) {
                g_autofree char *until = style_end(s, (uint64_t) reply->expires_at, "", "");

                print_piece(s, reply, REPLY_PIECE_EXPIRES, until);
        }
}

/* What could have been taken, had it been clear. */
static bool is_candidate(const ReplyReason *reason) {
        return reason->piece != REPLY_PIECE_NOTHING ||
               (is_amount(reason) && reason->rule == REPLY_RULE_UNSAID);
}

static bool is_listed(const Reply *reply, const ReplyReason *reason, bool candidates) {
        if (reason->is_taken)
                return false;
        return reply->verdict != REPLY_AMBIGUOUS || is_candidate(reason) == candidates;
}

static void print_list(const Style *s, const Reply *reply, const char *title, bool candidates) {
        size_t columns = 0;

        for (guint i = 0; reply->reasons && i < reply->reasons->len; i++) {
                const ReplyReason *reason = reply->reasons->pdata[i];
                g_autofree char *words = sentence_quote(reason->words);

                if (is_listed(reply, reason, candidates))
                        columns = MAX(columns, MIN(utf8_width(words), MOST_QUOTE_COLUMNS) + 2);
        }
        if (columns == 0)
                return;

        printf("%s\n", title);
        for (guint i = 0; i < reply->reasons->len; i++) {
                const ReplyReason *reason = reply->reasons->pdata[i];
                g_autofree char *words = sentence_quote(reason->words), *rule = say_rule(reason);
                const char *name = name_of(reason->piece);
                g_autofree char *named = name ? g_strdup_printf(_("%s: %s"), name, rule) : NULL;
                size_t width = MAX(columns, utf8_width(words) + 1);

                if (!is_listed(reply, reason, candidates))
                        continue;
                printf("  ");
                print_column(words, width);
                print_parts(s, named ?: rule, reason, 2 + width);
        }
}

/* Takes the line. */
static void print_why(const Style *s, char *line) {
        print_folded(s, (const char *const[]){ g_strchomp(line), NULL }, "", 0);
        g_free(line);
}

void print_reply(const Style *s, const Reply *reply) {
        /* Texts of lib know their translations; those of the daemon have none. */
        const char *why = reply->why && *reply->why ? sentence_translate(reply->why) : "";

        switch (reply->verdict) {
        case REPLY_FIGURE:
                print_figure(s, reply);
                if (*why)
                        print_sentence(s, _("Why"), why);
                break;
        case REPLY_AMBIGUOUS:
                print_why(s, g_strdup_printf(_("Nothing is taken of it, for it is not clear: %s\n"),
                                             why));
                print_list(s, reply, _("It could be:"), true);
                break;
        case REPLY_NONE:
        default:
                print_why(s, g_strdup_printf(_("Nothing is taken of it: %s\n"), why));
                break;
        }
        print_list(s, reply, _("Passed over:"), false);
}
