/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "log.h"

#include <glib.h>
#include <string.h>

#include "clock.h"

#define LINES_PER_MINUTE 6
#define MINUTE_USEC      (60 * G_USEC_PER_SEC)

static struct {
        int64_t minute; /* when it began */
        unsigned n_lines, n_hidden;
} the_log;

static bool is_librarys(const GLogField *fields, gsize n_fields) {
        static const char *const domains[] = { "Qmi", "Mbim", "Qrtr" };

        for (gsize i = 0; i < n_fields; i++)
                for (size_t j = 0; j < G_N_ELEMENTS(domains); j++)
                        if (g_str_equal(fields[i].key, "GLIB_DOMAIN") && fields[i].length < 0 &&
                            g_str_equal(fields[i].value, domains[j]))
                                return true;

        return false;
}

/* Within a line of a library's, g_warning() would be taken for an endless recursion, and end us. */
static void tell_hidden(unsigned n) {
        g_autofree char *text =
                g_strdup_printf("%u more complaints about what a modem said are not shown", n);
        const GLogField fields[] = { { "GLIB_DOMAIN", G_LOG_DOMAIN, -1 },
                                     { "PRIORITY", "4", -1 },
                                     { "MESSAGE", text, -1 } };

        (void) g_log_writer_default(G_LOG_LEVEL_WARNING, fields, G_N_ELEMENTS(fields), NULL);
}

static bool may_be_said(void) {
        int64_t now = clock_boottime_usec();
        unsigned n_hidden = the_log.n_hidden;

        if (the_log.n_lines > 0 && now - the_log.minute < MINUTE_USEC) {
                if (the_log.n_lines >= LINES_PER_MINUTE) {
                        the_log.n_hidden++;
                        return false;
                }
                the_log.n_lines++;
                return true;
        }

        the_log.minute = now;
        the_log.n_lines = 1;
        the_log.n_hidden = 0;
        if (n_hidden > 0)
                tell_hidden(n_hidden);
        return true;
}

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                                  void *userdata) {
        if (!(level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) && is_librarys(fields, n_fields) &&
            !may_be_said())
                return G_LOG_WRITER_HANDLED;

        return g_log_writer_default(level, fields, n_fields, NULL);
}

void log_begin(void) {
        g_log_set_writer_func(write_log, NULL, NULL);
}
