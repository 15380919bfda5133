/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* sd-bus on a GLib main loop. */

#include <glib.h>
#include <systemd/sd-bus.h>

/*
 * A source that processes the bus; attach it with g_source_attach(). It holds a reference to the
 * bus. lost() is called once, with a negative errno, when the connection breaks; the source is gone
 * then.
 */
GSource *bus_source_new(sd_bus *bus, void (*lost)(int error, void *userdata), void *userdata);
