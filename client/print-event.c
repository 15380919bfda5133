/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was told of a SIM, and what can be taken for a plan. */

#include <stdio.h>
#include <string.h>

#include "i18n.h"
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

        if (*bucket)
                return g_strdup_printf(left ? C_("event", "%s left of %s")
                                            : C_("event", "%s used of %s"),
                                       size, bucket);
        return g_strdup_printf(left ? _("%s left") : _("%s used"), size);
}

/* A plan's name, or its first amount, is enough to know it by. */
static char *plan_text(const GArray *body) {
        const RemoteValue *amends = remote_value(body, "amends");
        bool is_amended = amends && amends->number;
        const char *how = is_amended ? C_("event", "amended") : C_("event", "set");
        g_autofree char *error = NULL;
        g_autoptr(Plan) plan = NULL;
        const Bucket *first;

        if (!*text(body, "text"))
                return g_strdup(C_("event", "cleared"));
        if (plan_parse(text(body, "text"), strlen(text(body, "text")), &plan, &error) < 0)
                return g_strdup(how);
        first = plan->buckets->len > 0 ? plan->buckets->pdata[0] : NULL;
        return g_strdup_printf(_("%s: %s"), how, plan->name ?: first ? first->name : "");
}

static char *event_text(const Style *s, const RemoteEvent *event) {
        if (g_str_equal(event->kind, "plan"))
                return plan_text(event->body);
        if (g_str_equal(event->kind, "top-up"))
                return g_strdup(text(event->body, "text"));
        return figure_text(s, event->body);
}

static const char *kind_name(const char *kind) {
        static const char *const names[] = {
                NC_("event", "plan"),
                NC_("event", "top-up"),
                NC_("event", "correction"),
                NC_("event", "report"),
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_str_equal(names[i], kind))
                        return g_dpgettext2(NULL, "event", names[i]);

        return kind;
}

void print_events(const Style *s, const RemoteSim *sim, const GPtrArray *events) {
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        printf("%s %s\n", sim->label, tail);
        if (events->len == 0)
                printf(_("  Nothing was told of it yet.\n"));
        for (guint i = 0; i < events->len; i++) {
                const RemoteEvent *event = events->pdata[i];
                g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, event->id);
                g_autofree char *when = style_instant(s, event->at);
                g_autofree char *what = event_text(s, event);

                print_entry(s, id,
                            (const char *const[]){ when, kind_name(event->kind), what, NULL },
                            style_dot(s));
        }
}

void print_presets(const Style *s, const GPtrArray *presets) {
        g_autofree char *use = NULL;
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
        if (presets->len == 0) {
                printf(_("There are no presets.\n"));
                return;
        }

        use = g_strdup_printf("simtally plan use %s", (char *) presets->pdata[0]);
        print_folded(s, (const char *const[]){ _("To begin with one:"), use, NULL }, " ", 0);
}
