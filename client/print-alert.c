/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The alerts of a SIM, one by one. */

#include <stdio.h>

#include "alert-text.h"
#include "i18n.h"

static void print_alert(const Style *s, const RemoteSim *sim, const GArray *alert) {
        uint64_t snoozed_until = alert_number(alert, "snoozed_until");
        g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, alert_number(alert, "id"));
        g_autofree char *sentence = alert_sentence(s, sim, alert);
        g_autofree char *raised = style_instant(s, alert_number(alert, "raised_at"));
        g_autofree char *until = style_instant(s, snoozed_until);
        g_autofree char *snoozed = g_strdup_printf(_("snoozed until %s"), until);
        const char *parts[5] = { NULL };
        int n = 0;

        if (g_str_equal(alert_word(alert, "severity"), "critical"))
                parts[n++] = _("CRITICAL");
        parts[n++] = raised;
        if (snoozed_until > 0)
                parts[n++] = snoozed;
        parts[n++] = sentence;
        print_entry(s, id, parts, style_dot(s));
}

void print_alerts(const Style *s, const RemoteSim *sim) {
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        printf("%s %s\n", sim->label, tail);
        if (sim->alerts->len == 0)
                printf(_("  Nothing to tell.\n"));
        for (guint i = 0; i < sim->alerts->len; i++)
                print_alert(s, sim, sim->alerts->pdata[i]);
}
