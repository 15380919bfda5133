/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "verbs.h"

#include "i18n.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void options_clear(Options *o) {
        g_free(o->sim);
        g_free(o->output);
        g_free(o->fields);
        g_free(o->unit);
        g_free(o->by);
        g_free(o->since);
        g_free(o->until);
        g_free(o->at);
        g_free(o->lasts);
        g_free(o->name);
        g_free(o->remaining);
        g_free(o->used);
        g_free(o->bucket);
        g_free(o->bill);
        g_free(o->template);
        g_free(o->theme);
        g_free(o->dry_run);
}

ExitCode usage(const char *format, ...) {
        va_list arguments;

        fputs("simtally: ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputs(_("; see simtally --help\n"), stderr);
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

ExitCode load_few(const Options *o, unsigned most_away, Remote **ret) {
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = connect_remote(o, &r);
        if (code != EXIT_CODE_OK)
                return code;

        remote_read_few(r, most_away);
        code = remote_load(r);
        if (code == EXIT_CODE_OK)
                *ret = g_steal_pointer(&r);
        return code;
}

ExitCode load_remote(const Options *o, Remote **ret) {
        return load_few(o, 0, ret);
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
                fprintf(stderr, _("simtally: that SIM has just been forgotten\n"));
                return EXIT_CODE_NO_SIM;
        }

        *ret = sim;
        return EXIT_CODE_OK;
}

ExitCode load_sim(const Options *o, Remote **ret, const RemoteSim **ret_sim) {
        g_autofree char *path = NULL;
        g_autoptr(Remote) r = NULL;
        ExitCode code;

        code = connect_remote(o, &r);
        if (code == EXIT_CODE_OK)
                code = remote_find_sim(r, o->sim, &path);
        if (code == EXIT_CODE_OK)
                code = remote_load_sim(r, path);
        if (code != EXIT_CODE_OK)
                return code;

        *ret_sim = remote_sim_by_path(r, path);
        *ret = g_steal_pointer(&r);
        return EXIT_CODE_OK;
}

char *sim_name(const Style *s, const RemoteSim *sim) {
        g_autofree char *tail = style_tail(s, sim->iccid_tail);

        return g_strdup_printf("%s %s", sim->label, tail);
}

ExitCode parse_size(const char *text, uint64_t *ret) {
        if (size_parse(text, ret) < 0)
                return usage(_("%s is no size: say 1.2GB, or 500MB"), text);
        return EXIT_CODE_OK;
}

ExitCode parse_number(const char *text, uint64_t *ret) {
        if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, ret, NULL))
                return usage(_("%s is no number of an event or an alert"), text);
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
                return usage(_("%s is no time: say 2026-11-24, or 2026-11-24 18:30"), text);

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

ExitCode confirm_on_terminal(const Options *o, const char *question) {
        if (o->yes)
                return EXIT_CODE_OK;
        if (!isatty(STDIN_FILENO))
                return usage(_("there is no terminal to ask on: say -y if it is right as it is"));
        if (confirm(question))
                return EXIT_CODE_OK;

        printf(_("Nothing was changed.\n"));
        return EXIT_CODE_FAILED;
}
