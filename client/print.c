/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "print.h"

#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "i18n.h"

#define WIDEST    78
#define NARROWEST 30

static unsigned terminal_width(void) {
        struct winsize size;

        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
                return WIDEST;
        return MIN(size.ws_col, WIDEST);
}

void style_init(Style *s, SizeUnit unit, unsigned width) {
        *s = (Style){
                .unit = unit,
                .width = MAX(width > 0 ? width : terminal_width(), NARROWEST),
                .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
                .is_plain = (g_getenv("NO_COLOR") ?: "")[0] != '\0',
                .now = g_get_real_time() / G_USEC_PER_SEC,
                .zone = g_time_zone_new_local(),
        };
}

void style_clear(Style *s) {
        g_clear_pointer(&s->zone, g_time_zone_unref);
}

char *style_tail(const Style *s, const char *digits) {
        return *digits ? g_strconcat(s->ascii ? ".." : "··", digits, NULL) : g_strdup("");
}

const char *style_state(const char *state) {
        static const char *const names[] = {
                NC_("state", "none"),      NC_("state", "waiting"),   NC_("state", "ok"),
                NC_("state", "low"),       NC_("state", "throttled"), NC_("state", "billing"),
                NC_("state", "exhausted"), NC_("state", "expired"),
        };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_str_equal(names[i], state))
                        return g_dpgettext2(NULL, "state", names[i]);

        return state; /* of a later version of the daemon */
}
