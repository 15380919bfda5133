/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was told of a SIM, and what can be taken for a plan. */

#include <stdio.h>
#include <string.h>

#include "print.h"

static const char *text(const GArray *body, const char *name) {
        const RemoteValue *v = remote_value(body, name);

        return v ? v->text : "";
}

static char *figure_text(const Style *s, const GArray *body) {
        const RemoteValue *left = remote_value(body, "remaining_bytes");
        const RemoteValue *used = remote_value(body, "used_bytes");
        const RemoteValue *v = left ?: used;
        g_autofree char *size = size_format(v ? v->number : 0, s->unit);
        const char *bucket = text(body, "bucket");

        return g_strdup_printf("%s %s%s%s", size, left ? "left" : "used", *bucket ? " of " : "",
                               bucket);
}

/* A plan's name, or its first amount, is enough to know it by. */
static char *plan_text(const GArray *body) {
        const RemoteValue *amends = remote_value(body, "amends");
        const char *how = amends && amends->number ? "amended" : "set";
        g_autofree char *error = NULL;
        g_autoptr(Plan) plan = NULL;
        const Bucket *first;

        if (!*text(body, "text"))
                return g_strdup("cleared");
        if (plan_parse(text(body, "text"), strlen(text(body, "text")), &plan, &error) < 0)
                return g_strdup(how);
        first = plan->buckets->len > 0 ? plan->buckets->pdata[0] : NULL;
        return g_strdup_printf("%s: %s", how, plan->name ?: first ? first->name : "");
}

static char *event_text(const Style *s, const RemoteEvent *event) {
        if (g_str_equal(event->kind, "plan"))
                return plan_text(event->body);
        if (g_str_equal(event->kind, "top-up"))
                return g_strdup(text(event->body, "text"));
        return figure_text(s, event->body);
}

void print_events(const Style *s, const RemoteSim *sim, const GPtrArray *events) {
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        printf("%s %s\n", sim->label, tail);
        if (events->len == 0)
                printf("  Nothing was told of it yet.\n");
        for (guint i = 0; i < events->len; i++) {
                const RemoteEvent *event = events->pdata[i];
                g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, event->id);
                g_autofree char *when = style_instant(s, event->at);
                g_autofree char *what = event_text(s, event);

                print_entry(s, id, (const char *const[]){ when, event->kind, what, NULL },
                            style_dot(s));
        }
}

void print_presets(const Style *s, const GPtrArray *presets) {
        size_t widest = 0;

        for (guint i = 0; i < presets->len; i += 3)
                widest = MAX(widest, strlen(presets->pdata[i]));
        for (guint i = 0; i + 2 < presets->len; i += 3) {
                const char *note = presets->pdata[i + 2];

                print_column(presets->pdata[i], widest + 2);
                print_folded(
                        s,
                        (const char *const[]){ presets->pdata[i + 1], *note ? note : NULL, NULL },
                        style_dot(s), widest + 2);
        }
        if (presets->len == 0)
                printf("There are no presets.\n");
        else
                printf("To begin with one: simtally plan use %s\n", (char *) presets->pdata[0]);
}
