/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What was used in a period, as a picture. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "i18n.h"
#include "picture.h"
#include "verbs.h"

/* PNG is of another program, so that no other verb loads fonts. */
static ExitCode print_png(const char *lines) {
        const char *folder = g_getenv("SIMTALLY_LIBEXEC_DIR") ?: LIBEXEC_DIR;
        g_autofree char *program = g_build_filename(folder, "simtally-png", NULL);
        FILE *pipe;

        if (isatty(STDOUT_FILENO))
                return usage(_("a PNG is no text: write it to a file, with > month.png"));
        if (access(program, X_OK) < 0)
                return failed(_("%s is not installed; -o svg needs nothing more"), program);

        fflush(stdout);
        signal(SIGPIPE, SIG_IGN);
        pipe = popen(program, "we");
        if (!pipe)
                return failed(_("%s cannot be run: %s"), program, g_strerror(errno));
        fputs(lines, pipe);
        return pclose(pipe) == 0 ? EXIT_CODE_OK : failed(_("%s failed"), program);
}

static ExitCode print_picture(const Options *o, const Style *s, const RemoteSim *sim,
                              const Month *month) {
        bool is_dark = o->theme && g_str_equal(o->theme, "dark");
        g_autofree char *text = NULL;

        if (o->theme && !is_dark && !g_str_equal(o->theme, "light"))
                return usage(_("%s is no theme: light or dark"), o->theme);
        if (wants(o, "chart")) {
                print_chart(s, sim, month);
                return EXIT_CODE_OK;
        }
        if (wants(o, "png")) {
                text = picture_lines(s, sim, month, is_dark);
                return print_png(text);
        }

        text = picture_svg(s, sim, month, is_dark);
        fputs(text, stdout);
        return EXIT_CODE_OK;
}

ExitCode history_picture(const Options *o) {
        g_autoptr(GArray) rows = NULL;
        g_autoptr(Remote) r = NULL;
        g_auto(Style) style = { 0 };
        g_auto(Month) month = { 0 };
        const RemoteSim *sim;
        ExitCode code;

        if (o->since || o->until || (o->by && !g_str_equal(o->by, "day")))
                return usage(_("a picture is of the running period, day by day"));
        options_style(o, &style);
        code = load_sim(o, &r, &sim);
        if (code != EXIT_CODE_OK)
                return code;

        month_init(&month, &style, sim);
        code = remote_history(r, sim->path, "day", month.start, month.end, sim->plan.zone, &rows);
        if (code != EXIT_CODE_OK)
                return code;

        month_add(&month, &style, sim, rows);
        return print_picture(o, &style, sim, &month);
}
