/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The configuration file: which modems there are beside those that are found. */

#include "modem.h"

#define CONFIG_PATH "/etc/simtally/simtally.conf"

typedef struct Config {
        GPtrArray *ports; /* Port, which whoever takes them frees */
        bool search;      /* for more, with udev */
} Config;

/*
 * Reads a file in GKeyFile's format:
 *
 *     [Ports]
 *     Named=qmi:/dev/cdc-wdm0@wwan0;link:@usb0=Pocket router
 *     Search=true
 *
 * parse() reads a port; see port_parse(). A file that does not exist is an empty one where
 * may_be_missing. Returns -EINVAL, or the errno of reading it, with a sentence in *ret_why.
 */
int config_load(const char *path, bool may_be_missing,
                int (*parse)(const char *spec, Port **ret, char **ret_why), Config *ret,
                char **ret_why);
