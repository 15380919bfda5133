/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The owner's own text: "{label} {left} until {until}". */

#include <string.h>

#include "feed.h"
#include "utf8.h"

#define LONGEST 1024

/* What is made to be read; all that is not here is a field, as -g has it. The caller's to free. */
static char *readable(const char *name, const Feed *f, const Style *s, const RemoteSim *sim) {
        const RemotePlan *p = &sim->plan;

        if (g_str_equal(name, "text"))
                return g_strdup(f->text);
        if (g_str_equal(name, "state"))
                return g_strdup(f->state);
        if (g_str_equal(name, "left"))
                return size_format(p->remaining_bytes, s->unit);
        if (g_str_equal(name, "limit"))
                return size_format(p->limit_bytes, s->unit);
        if (g_str_equal(name, "used"))
                return size_format(p->used_bytes, s->unit);
        if (g_str_equal(name, "today"))
                return size_format(sim_today(sim), s->unit);
        if (g_str_equal(name, "percent"))
                return g_strdup_printf("%u", f->percentage);
        if (g_str_equal(name, "rate"))
                return p->rate_limit > 0 ? size_format_rate(p->rate_limit) : g_strdup("");
        if (g_str_equal(name, "until"))
                return plan_end(p) == 0 ? g_strdup("")
                       : plan_resets(p) ? style_instant(s, p->period_end)
                                        : style_end_short(s, p->expires_at);
        return NULL;
}

char *feed_template(const char *template, const Feed *f, const Style *s, const RemoteSim *sim,
                    char **ret_unknown) {
        g_autoptr(GString) out = g_string_new(NULL);

        while (*template) {
                const char *end = *template == '{' ? strchr(template, '}') : NULL;
                g_autofree char *name = NULL, *value = NULL;

                if (template[0] == '{' && template[1] == '{')
                        end = NULL, template ++;
                if (!end) {
                        g_string_append_c(out, *template ++);
                        continue;
                }

                name = g_strndup(template + 1, (size_t) (end - template - 1));
                value = readable(name, f, s, sim) ?: field_text(sim, name);
                if (!value) {
                        *ret_unknown = g_steal_pointer(&name);
                        return NULL;
                }
                g_string_append(out, value);
                template = end + 1;
        }

        return utf8_sanitize(out->str, out->len, LONGEST);
}
