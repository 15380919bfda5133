/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What modem.c wants from the driver of a protocol: one opening of a port, from start to end. */

#include "modem.h"

typedef struct ModemEvents {
        const ModemListener *listener; /* all but opened() and lost(), which are modem.c's */
        void *userdata;
        void (*opened)(const char *model, void *data);
        /* The port could not be opened or broke; said once, then the session is to be closed. */
        void (*failed)(const char *why, void *data);
        void *data;
} ModemEvents;

typedef struct ModemDriver {
        const char *name;
        /* Begins to open the port, which is borrowed; whatever comes of it is told from the main
         * loop. */
        void *(*open)(const Port *port, const ModemEvents *events);
        void (*query_statistics)(void *session);
        /*
         * Ends the session in any state, and frees it: nothing is told any more but closed(), when
         * everything that can be given back to the modem is given back. It may be called at once.
         */
        void (*close)(void *session, void (*closed)(void *userdata), void *userdata);
} ModemDriver;

extern const ModemDriver modem_qmi_driver;
extern const ModemDriver modem_mbim_driver;
extern const ModemDriver modem_link_driver;
