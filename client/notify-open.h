/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Opens an address in the person's browser. */

#include <systemd/sd-bus.h>

/*
 * Through the desktop portal, else by xdg-open; the caller has made sure that the address is one
 * that may be opened. What fails is logged.
 */
void open_url(sd_bus *session, const char *url);
