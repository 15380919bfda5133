/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Asks a modem once more after a while, more and more rarely. */

#include <glib.h>
#include <stdbool.h>

typedef struct ModemRetry {
        void (*ask)(void *session);
        void *session;               /* not owned: it stops this before it goes */
        const bool *session_is_over; /* then it is not asked any more */
        guint source, delay, n_tries;
} ModemRetry;

void modem_retry_init(ModemRetry *r, void (*ask)(void *session), void *session,
                      const bool *session_is_over);
void modem_retry_later(ModemRetry *r); /* unless it is to be asked already */
void modem_retry_hold(ModemRetry *r);  /* it is being asked; the delay stays what it is */
void modem_retry_stop(ModemRetry *r);  /* and begins with the shortest delay again */
