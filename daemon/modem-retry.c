/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "modem-retry.h"

#define FIRST_SECONDS 2
#define LAST_SECONDS  64

void modem_retry_init(ModemRetry *r, void (*ask)(void *session), void *session,
                      const bool *session_is_over) {
        *r = (ModemRetry){ .ask = ask,
                           .session = session,
                           .session_is_over = session_is_over,
                           .delay = FIRST_SECONDS };
}

static gboolean on_time(void *data) {
        ModemRetry *r = data;

        r->source = 0;
        r->ask(r->session);
        return G_SOURCE_REMOVE;
}

void modem_retry_later(ModemRetry *r) {
        if (r->source > 0 || *r->session_is_over)
                return;

        r->source = g_timeout_add_seconds(r->delay, on_time, r);
        r->delay = MIN(r->delay * 2, LAST_SECONDS);
        r->n_tries++;
}

void modem_retry_hold(ModemRetry *r) {
        g_clear_handle_id(&r->source, g_source_remove);
}

void modem_retry_stop(ModemRetry *r) {
        modem_retry_hold(r);
        r->delay = FIRST_SECONDS;
        r->n_tries = 0;
}
