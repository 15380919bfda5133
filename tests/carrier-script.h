/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A question to the carrier, as tables: after so many seconds something happens, and this is what
 * was done and how it stands then. Everything is kept in a real ledger, so that a restart is one.
 *
 * What happens: "ask"; "sent", "sent TIMEDOUT why"; "ussd words", "ussd? words" (a menu),
 * "ussd-fails ENOENT why"; "sms SENDER words", "old-sms SENDER words" (made two hours ago);
 * "command {…}", "command-fails why"; "test words", "test-last" (its last ones: how they would be
 * read); "tick"; "restart", "reboot"; "clock N" (set by so many seconds), "untrusted", "trusted";
 * "absent", "offline", "abroad", "home"; "full" (the disk), "room"; "fails ERRNO" (all that is sent
 * from here on is refused at once), "works".
 */

#include "carrier.h"

#define START INT64_C(1790000000)

typedef struct World {
        char *directory;
        Ledger *ledger;
        Carrier *carrier;
        GString *done; /* what it did */
        int64_t wall, boottime;
        int boot;
        char boot_id[16];
        bool is_absent, is_offline, is_abroad, is_untrusted;
        int write_error, send_error;
        GTimeZone *utc;
} World;

typedef struct CarrierRow {
        int64_t after; /* seconds */
        const char *what;
        const char *expected; /* what was done; the state; and whether it listens: "+" */
        const char *error;    /* a word of it; NULL: not asked */
} CarrierRow;

/* One with a query ("Method=…\n"), whose texts are confirmed. */
void world_begin(World *w, const char *query);
void world_end(World *w);

void carrier_check_row(World *w, const CarrierRow *row);
void carrier_check(const char *query, const CarrierRow *rows, size_t n_rows);
