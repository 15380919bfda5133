/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The carrier's last figure, as it stands among the events. */

#include <errno.h>

#include "account-internal.h"
#include "event.h"

int account_last_report(const Account *a, AccountReport *ret) {
        TallyFigure figure;

        for (guint i = a->events ? a->events->len : 0; i > 0; i--) {
                const LedgerEvent *e = &g_array_index(a->events, LedgerEvent, i - 1);

                if (e->removed_at > 0 || !g_str_equal(e->kind, EVENT_REPORT) ||
                    event_read_figure(e->body, &figure) < 0)
                        continue;

                *ret = (AccountReport){ .at = e->at,
                                        .is_used = figure.has_used,
                                        .bytes = figure.has_used ? figure.used : figure.remaining,
                                        .resolution = figure.resolution,
                                        .expires_at = figure.expires_at };
                event_figure_clear(&figure);
                return 0;
        }

        return -ENOENT;
}
