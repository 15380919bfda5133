/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Short messages as they go through a modem: 3GPP TS 23.040, with the message centre's address
 * first (TS 27.005), in the alphabets of TS 23.038.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What carries a text (UTF-8) to a number: GBytes of one SMS-SUBMIT. Who has not delivered it
 * within an hour does so no more. -EINVAL: no number, or no text; -E2BIG: more than one message
 * holds.
 */
int sms_submit_new(const char *to, const char *text, GPtrArray **ret);

/* A message that came, or a part of one. */
typedef struct SmsDeliver {
        char *sender; /* a number, with + where it is an international one; or a name */
        char *text;
        int64_t at;            /* when the centre got it, UTC seconds; 0: not known */
        uint8_t part, n_parts; /* from 1 on; 0 of 0: it is whole */
        uint16_t reference;    /* the same for all parts of one message */
} SmsDeliver;

void sms_deliver_clear(SmsDeliver *d);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SmsDeliver, sms_deliver_clear)

/* -EBADMSG: damaged; -ENOTSUP: no SMS-DELIVER, or in a coding that is no text. */
int sms_deliver_parse(const uint8_t *pdu, size_t size, bool has_smsc, SmsDeliver *ret);

/* The parts of long messages, in any order, until all are there; few, and not for long. */
typedef struct SmsJoin SmsJoin;

SmsJoin *sms_join_new(void);
SmsJoin *sms_join_free(SmsJoin *j);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmsJoin, sms_join_free)

/* now: in any seconds. 1: *ret is whole with this part; 0: more has to come. */
int sms_join_add(SmsJoin *j, const SmsDeliver *part, int64_t now, SmsDeliver *ret);
