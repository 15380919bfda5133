/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What modem.c wants from the driver of a protocol: one opening of a port, from start to end. */

#include "modem.h"

typedef struct ModemEvents {
        const ModemListener *listener; /* all but those that follow, which are modem.c's */
        void *userdata;
        void (*opened)(const char *model, void *data);
        /* The port could not be opened or broke; said once, then the session is to be closed. */
        void (*failed)(const char *why, void *data);
        /* As in ModemListener; to a session that failed or is closed modem.c gives the answers. */
        bool (*message)(const uint8_t *pdu, size_t size, void *data);
        void (*sent)(int result, const char *why, void *data);
        void (*ussd)(int result, const char *text, bool wants_answer, void *data);
        void *data;
} ModemEvents;

typedef struct ModemDriver {
        const char *name;
        /*
         * Begins to open the port, which is borrowed; whatever comes of it is told from the main
         * loop. n_failed: how often that was tried in vain since it was opened last.
         */
        void *(*open)(const Port *port, unsigned n_failed, const ModemEvents *events);
        void (*query_statistics)(void *session);
        /* Of an open session only; missing where the protocol has none. */
        void (*watch_muxes)(void *session, const unsigned *ids, size_t n);
        /*
         * Of an open session only, and nothing is told from within; no driver has some of them
         * alone: without listen_messages there is nothing of it all. modem.c sees to it that there
         * is one message, and one dialogue, at a time. text is the code that begins a dialogue, or
         * the answer to what the network asked.
         */
        void (*listen_messages)(void *session, bool listen);
        void (*read_messages)(void *session);
        int (*send_message)(void *session, const uint8_t *pdu, size_t size);
        int (*send_ussd)(void *session, const char *text, bool is_answer);
        void (*cancel_ussd)(void *session);
        /*
         * Ends the session in any state, and frees it: nothing is told any more but closed(), when
         * everything that can be given back to the modem is given back. It may be called at once.
         */
        void (*close)(void *session, void (*closed)(void *userdata), void *userdata);
} ModemDriver;

extern const ModemDriver modem_qmi_driver;
extern const ModemDriver modem_mbim_driver;
extern const ModemDriver modem_link_driver;
