/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was used, slice by slice. */

#include "verbs.h"

#define SINCE_EVER 0

/* Slices that do not fit into one answer by far are not asked for from the beginning of time. */
static uint64_t default_since(const char *slice) {
        static const struct {
                const char *slice;
                unsigned days;
        } spans[] = { { "15min", 1 }, { "hour", 2 }, { "day", 31 } };

        for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
                if (g_str_equal(spans[i].slice, slice))
                        return (uint64_t) (g_get_real_time() / G_USEC_PER_SEC) -
                               spans[i].days * UINT64_C(86400);

        return SINCE_EVER;
}

ExitCode verb_history(Options *o, char **words) {
        const char *slice = o->by ?: "day";
        g_autofree char *zone = zone_name();
        g_autoptr(GArray) rows = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        const RemoteSim *sim;
        uint64_t since, until;
        ExitCode code;

        if (words[0]) {
                g_free(o->sim);
                o->sim = g_strdup(words[0]);
        }
        if (wants(o, "svg") || wants(o, "png") || wants(o, "chart"))
                return history_picture(o);
        if (g_str_equal(slice, "period"))
                return history_by_period(o);

        code = parse_instant(o->since, default_since(slice), &since);
        if (code == EXIT_CODE_OK)
                code = parse_instant(o->until, 0, &until);
        if (code == EXIT_CODE_OK)
                code = load_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = find_sim(r, o->sim, &sim);
        if (code == EXIT_CODE_OK)
                code = remote_history(r, sim->path, slice, since, until, zone, &rows);
        if (code != EXIT_CODE_OK)
                return code;

        options_style(o, &style);
        if (wants(o, "json"))
                print_history_json(sim, slice, zone, rows);
        else if (wants(o, "csv"))
                print_history_csv(rows);
        else
                print_history(&style, sim, slice, rows);
        return EXIT_CODE_OK;
}
