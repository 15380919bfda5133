/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "verbs.h"

#include <stdio.h>
#include <string.h>

void options_clear(Options *o) {
        g_free(o->sim);
        g_free(o->output);
        g_free(o->fields);
        g_free(o->unit);
        g_free(o->by);
        g_free(o->since);
        g_free(o->until);
        g_free(o->at);
}

ExitCode usage(const char *format, ...) {
        va_list arguments;

        fputs("simtally: ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputs("; see simtally --help\n", stderr);
        return EXIT_CODE_USAGE;
}

ExitCode failed(const char *format, ...) {
        va_list arguments;

        fputs("simtally: ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputc('\n', stderr);
        return EXIT_CODE_FAILED;
}

ExitCode connect_remote(const Options *o, Remote **ret) {
        return remote_new((uint64_t) o->wait_seconds * G_USEC_PER_SEC, ret);
}

ExitCode load_remote(const Options *o, Remote **ret) {
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = connect_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = remote_load(r);
        if (code == EXIT_CODE_OK)
                *ret = g_steal_pointer(&r);
        return code;
}

ExitCode find_sim(Remote *r, const char *text, const RemoteSim **ret) {
        g_autofree char *path = NULL;
        const RemoteSim *sim;
        ExitCode code;

        code = remote_find_sim(r, text, &path);
        if (code != EXIT_CODE_OK)
                return code;

        sim = remote_sim_by_path(r, path);
        if (!sim) {
                fprintf(stderr, "simtally: that SIM has just been forgotten\n");
                return EXIT_CODE_NO_SIM;
        }

        *ret = sim;
        return EXIT_CODE_OK;
}

void options_style(const Options *o, Style *s) {
        style_init(s, o->size_unit, (unsigned) o->width);
}

bool wants(const Options *o, const char *output) {
        return g_str_equal(o->output, output);
}

ExitCode parse_instant(const char *text, uint64_t absent, uint64_t *ret) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_local();
        g_autoptr(GDateTime) time = NULL;
        g_autofree char *iso = NULL;

        if (!text) {
                *ret = absent;
                return EXIT_CODE_OK;
        }

        iso = strlen(text) == 10   ? g_strconcat(text, "T00:00:00", NULL)
              : strlen(text) == 16 ? g_strconcat(text, ":00", NULL)
                                   : g_strdup(text);
        if (strlen(iso) > 10 && iso[10] == ' ')
                iso[10] = 'T';
        time = g_date_time_new_from_iso8601(iso, zone);
        if (!time || g_date_time_to_unix(time) < 0)
                return usage("%s is no time: say 2026-11-24, or 2026-11-24 18:30", text);

        *ret = (uint64_t) g_date_time_to_unix(time);
        return EXIT_CODE_OK;
}

char *zone_name(void) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_local();
        const char *id = g_time_zone_get_identifier(zone);

        return g_strdup(id && g_ascii_isalpha(id[0]) ? id : "");
}

bool confirm(const char *question) {
        char answer[8];

        printf("%s [y/N] ", question);
        fflush(stdout);
        return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}
