/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was read of a carrier's words, or why nothing was. */

#include <stdio.h>

#include "i18n.h"
#include "print.h"
#include "sentence.h"

static void print_bytes(const Style *s, const char *name, uint64_t bytes) {
        g_autofree char *size = size_format(bytes, s->unit);

        print_sentence(s, name, size);
}

static void print_figure(const Style *s, const Reply *reply) {
        printf("%s\n", _("It is understood:"));
        if (reply->has_remaining)
                print_bytes(s, _("Left"), reply->remaining);
        if (reply->has_used)
                print_bytes(s, _("Used"), reply->used);
        if (reply->has_limit)
                print_bytes(s, _("Limit"), reply->limit);
        if (reply->resolution > 1)
                print_bytes(s, _("Exact to"), reply->resolution);
        if (reply->has_expires) {
                g_autofree char *until = style_end(s, (uint64_t) reply->expires_at, "", "");

                print_sentence(s, _("Until"), until);
        }
}

void print_reply(const Style *s, const Reply *reply) {
        /* Texts of lib know their translations; those of the daemon have none. */
        const char *why = reply->why && *reply->why ? sentence_translate(reply->why) : "";

        switch (reply->verdict) {
        case REPLY_FIGURE:
                print_figure(s, reply);
                if (*why)
                        print_sentence(s, _("Why"), why);
                return;
        case REPLY_AMBIGUOUS:
                printf(_("Nothing is taken of it, for it is not clear: %s\n"), why);
                return;
        case REPLY_NONE:
        default:
                printf(_("Nothing is taken of it: %s\n"), why);
                return;
        }
}
