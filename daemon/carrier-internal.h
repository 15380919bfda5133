/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the carrier share: what is known of it, and the question that is under way. */

#include "carrier.h"

struct Carrier {
        LedgerQuery row; /* its state is written when the row is: see carrier_row() */
        CarrierState state;
        Query *query;        /* NULL */
        GArray *sendings;    /* LedgerSending, all as of this boot, oldest first */
        unsigned n_answered; /* of the USSD menus */
        bool is_in_dialogue; /* USSD */
        const CarrierActions *actions;
        void *userdata;
};

bool carrier_is_under_way(const Carrier *c);
void carrier_set_error(Carrier *c, const char *error);
void carrier_set_reply(Carrier *c, const char *text, int64_t at);
LedgerQuery *carrier_row(Carrier *c);
int carrier_write(Carrier *c);

int64_t carrier_seconds_since_sent(const Carrier *c, const CarrierNow *now); /* INT64_MAX: never */
void carrier_add_sending(Carrier *c, const CarrierNow *now);
void carrier_remove_sending(Carrier *c);
CarrierRefusal carrier_find_method(const Carrier *c, const CarrierNow *now, unsigned from,
                                   unsigned *ret);

/* carrier-ask.c: from sending to the answer. Negative: it could not be written, or sent. */
int carrier_begin(Carrier *c, unsigned method, const CarrierNow *now);
