/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Whether a caller may do what it asks for. */

#include <systemd/sd-bus.h>

#define POLKIT_MODIFY_PLAN       "org.simtally1.modify-plan"
#define POLKIT_IDENTIFY          "org.simtally1.identify"
#define POLKIT_READ_PRIVATE      "org.simtally1.read-private"
#define POLKIT_SEND_QUERY        "org.simtally1.send-query"
#define POLKIT_CONFIGURE_CARRIER "org.simtally1.configure-carrier"

typedef struct Polkit Polkit; /* the questions that are open */

Polkit *polkit_new(void);
Polkit *polkit_free(Polkit *p); /* drops the questions */

/*
 * Asks polkit, and calls then() with the same message when it says yes; else the caller gets an
 * AccessDenied error. root is not asked about. Returns what a method handler returns. Whatever the
 * message is about is looked up in then(): it may be gone by the time a person has typed a
 * password. At most 16 questions per caller are open (LimitsExceeded); they are dropped when it
 * leaves.
 */
int polkit_check(Polkit *p, sd_bus_message *call, const char *action, sd_bus_message_handler_t then,
                 void *userdata, sd_bus_error *error);
