/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* org.simtally1 on the system bus: presents what the manager owns. */

#include "manager.h"

typedef struct Bus Bus;

/*
 * Connects to the system bus (or DBUS_SYSTEM_BUS_ADDRESS), exports everything and asks for the
 * name without waiting. lost() is called from the main loop when the connection breaks or the name
 * is refused or taken away.
 */
int bus_new(Manager *manager, void (*lost)(int error, void *userdata), void *userdata, Bus **ret);

/* Sends what is still to be sent, and goes. */
Bus *bus_free(Bus *b);
