/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Control ports come and go: those that were named on the command line, or those that udev finds.
 */

#include "modem.h"

typedef struct Ports Ports;

typedef struct PortsListener {
        /* The node is there. The port is borrowed and stays valid, at the same address, until
         * ports_free(); a port that returns is the same Port, with its path and link as they are
         * then. A link that comes late or is renamed makes a port vanish and appear. */
        void (*appeared)(const Port *port, void *userdata);
        void (*vanished)(const Port *port, void *userdata);
} PortsListener;

/*
 * Reads "qmi:PATH[@LINK]", "mbim:PATH[@LINK]", "qrtr:NODE[@LINK]", or "link:@LINK=LABEL": a modem
 * that cannot be spoken to, whose SIM the owner names. Returns -EINVAL with a sentence in *ret_why
 * that says what is wrong.
 */
int port_parse(const char *spec, Port **ret, char **ret_why);
Port *port_free(Port *port);

/*
 * Watches the ports in the array, which it takes over (their nodes may come later), and where
 * search is set, every QMI and MBIM port that udev knows. The listener is called from the main
 * loop, never from within ports_new().
 */
int ports_new(Port **ports, size_t n_ports, bool search, const PortsListener *listener,
              void *userdata, Ports **ret);
Ports *ports_free(Ports *p);
