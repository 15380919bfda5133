/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the carrier of one SIM is asked, from a confirmed text to its answer.
 *
 * It decides, and asks no clock; its owner writes, sends and listens when it is told to, and says
 * what came of it. What is to be sent is written down before it is sent, so that whatever happens
 * in between nothing is sent twice: after a restart it may have been sent, and an answer is
 * awaited.
 *
 * The limits go by seconds since boot: nobody can set that clock. Those of a former boot are what
 * the wall clock says they are; what it dates ahead, or was dated while it was not trusted, was
 * sent just now.
 */

#include "ledger.h"
#include "query.h"
#include "reply.h"

#define CARRIER_WAIT_SECONDS (5 * 60)  /* for an answer */
#define CARRIER_LATE_SECONDS (60 * 60) /* so late it is still one */

typedef struct Carrier Carrier;

typedef enum CarrierState {
        CARRIER_UNCONFIRMED, /* nothing to ask, or nothing that may be sent */
        CARRIER_IDLE,
        CARRIER_SENDING,
        CARRIER_WAITING,
        CARRIER_FAILED,
} CarrierState;

const char *carrier_state_to_string(CarrierState state);

/* How things stand when something happens. */
typedef struct CarrierNow {
        int64_t now; /* UTC seconds */
        bool is_trusted;
        const char *boot;
        int64_t boottime;  /* seconds since boot */
        GTimeZone *zone;   /* of the dates in an answer */
        uint16_t home_mcc; /* the country of who writes them; 0: not known */
        bool is_present;   /* the SIM is in a modem that can be talked to */
        bool has_network;
        bool is_abroad;
} CarrierNow;

typedef struct CarrierActions {
        /* Committed when 0 is returned; else the ledger's errno. */
        int (*write)(const LedgerQuery *row, const GArray *sendings, void *userdata);

        /* The same in one transaction with the carrier's figure, as of an instant. */
        int (*report)(const LedgerQuery *row, const GArray *sendings, const Reply *reply,
                      int64_t at, void *userdata);

        /* 0: its answer follows, never from within; or a negative errno, and nothing was sent. */
        int (*send_message)(const char *to, const char *text, void *userdata);
        int (*send_ussd)(const char *code, void *userdata);
        int (*answer_ussd)(const char *text, void *userdata);
        void (*cancel_ussd)(void *userdata);
        int (*run_command)(const char *path, void *userdata);
        void (*stop_command)(void *userdata);

        void (*changed)(void *userdata);
} CarrierActions;

Carrier *carrier_new(int64_t sim, const CarrierActions *actions, void *userdata);
Carrier *carrier_free(Carrier *c);

/* Reads what is known from the ledger, before anything else is done. */
int carrier_load(Carrier *c, Ledger *ledger, const CarrierNow *now);

CarrierState carrier_state(const Carrier *c);
const Query *carrier_query(const Carrier *c); /* NULL: none was set */
const char *carrier_text(const Carrier *c);   /* of the query; "" */
QueryMethod carrier_method(const Carrier *c); /* under way, or the one that would be used first */
const char *carrier_error(const Carrier *c);  /* a sentence, or "" */
const char *carrier_reply(const Carrier *c);  /* the carrier's last words: private; "" */

/*
 * The owner's text, which was checked. What was confirmed of the former one stays so, where it is
 * the same to the letter. -EBUSY: a question is under way.
 */
int carrier_set(Carrier *c, const char *text);

/*
 * The owner names what may be sent: see query_sent_text(). -ENOENT: the query sends no such thing.
 */
int carrier_confirm(Carrier *c, const char *text, const char *to, int64_t now);

/* Why nothing is asked. */
typedef enum CarrierRefusal {
        CARRIER_ASKED,
        CARRIER_HAS_NO_QUERY,
        CARRIER_NOT_CONFIRMED,
        CARRIER_BUSY,
        CARRIER_TOO_SOON,
        CARRIER_TOO_OFTEN, /* the daily maximum */
        CARRIER_NOT_PRESENT,
        CARRIER_NO_NETWORK,
        CARRIER_IS_ABROAD,
        CARRIER_NOT_WRITTEN, /* *ret_errno is the ledger's */
} CarrierRefusal;

/* Asks, by the first method that may be used. */
CarrierRefusal carrier_ask(Carrier *c, const CarrierNow *now, int *ret_errno);

/* How many seconds to wait for before the limits let it ask again; 0: they do. */
int64_t carrier_seconds_to_wait(const Carrier *c, const CarrierNow *now);

/* Whether short messages may hold its answer now: they are to be listened to. */
bool carrier_listens(const Carrier *c, const CarrierNow *now);

/* When carrier_tick() is to be called, in seconds from now; -1: not at all. */
int64_t carrier_seconds_to_tick(const Carrier *c, const CarrierNow *now);
void carrier_tick(Carrier *c, const CarrierNow *now);

/* What came of what was begun; `why` is a sentence. */
void carrier_sent(Carrier *c, int result, const char *why, const CarrierNow *now);
void carrier_ussd(Carrier *c, int result, const char *text, bool wants_answer,
                  const CarrierNow *now);
void carrier_command_done(Carrier *c, int result, const char *output, const CarrierNow *now);

/* Would a message of this sender, which was sent then (0: not known), be waited for? */
bool carrier_awaits(const Carrier *c, const char *sender, int64_t at, const CarrierNow *now);

/* A short message came, and was sent then (0: not known). true: it was waited for. */
bool carrier_message(Carrier *c, const char *sender, const char *text, int64_t at,
                     const CarrierNow *now);

/*
 * How a text would be read as an answer, without taking it: its last one as of when it came, any
 * other as of now. c: NULL where nobody said how to ask.
 */
void carrier_test_reply(const Carrier *c, const char *text, const CarrierNow *now, Reply *ret);
