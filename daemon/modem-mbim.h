/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the MBIM driver share: one opening of a port, and its questions. */

#include <libmbim-glib.h>

#include "frame.h"
#include "modem-driver.h"

#define MBIM_TEXT_BYTES    64 /* the longest name that is taken over */
#define MBIM_MOST_SESSIONS 16

typedef struct MbimSession MbimSession;

typedef enum MbimOutcome {
        MBIM_ANSWERED,
        MBIM_REFUSED,   /* by the modem */
        MBIM_NO_ANSWER, /* or none that is fit to be read: it is worth asking again */
} MbimOutcome;

/*
 * The end of a question. reply has been checked and is the caller's to parse: NULL unless it was
 * answered, with contents that are known. Not called any more once the session is over.
 */
typedef void (*MbimThen)(MbimSession *s, MbimOutcome outcome, const MbimMessage *reply,
                         unsigned about);

/* Asks once more after a while, more and more rarely, as long as the session lasts. */
typedef struct MbimRetry {
        MbimSession *session; /* not owned: the session stops it */
        void (*ask)(MbimSession *s);
        guint source, delay, n_tries;
} MbimRetry;

typedef enum MbimUssdState {
        MBIM_USSD_NONE,
        MBIM_USSD_ASKED, /* the network is to say something */
        MBIM_USSD_WAITS, /* for our answer */
} MbimUssdState;

struct MbimSession {
        unsigned refs; /* each call under way holds one */
        bool is_opening, is_started;
        bool is_over; /* failed or closing: what still comes is of no interest */
        bool is_closing;
        char *path;
        ModemEvents events;

        MbimDevice *device;
        GCancellable *cancellable;
        unsigned n_timeouts;                    /* in a row */
        MbimStatusError refusal;                /* why, while MbimThen is told MBIM_REFUSED */
        unsigned n_sessions;                    /* that the modem can have at once */
        bool has_slots, has_messages, has_ussd; /* it tells of them */
        void (*closed)(void *userdata);
        void *closed_userdata;

        /* modem-mbim-sim.c */
        unsigned sim_serial; /* of the last hint: answers to older questions are not believed */
        bool sim_was_told;   /* and no hint has come since */
        char *iccid;         /* that was told; NULL: there is none */
        char *imsi, *operator;
        Plmn home;
        SimKind kind;
        unsigned slot;       /* that the data goes through */
        unsigned slot_state; /* a MbimUiccSlotState */
        MbimRetry sim_retry;

        /* modem-mbim-network.c */
        bool network_was_told;
        ModemNetwork network;
        char *network_name;
        MbimRetry network_retry;

        /* modem-mbim-data.c */
        bool is_connected[MBIM_MOST_SESSIONS][N_IP_FAMILIES];
        bool data_was_told[N_IP_FAMILIES], data_connected[N_IP_FAMILIES];
        bool session_is_known[MBIM_MOST_SESSIONS]; /* asked for, or told of */
        MbimRetry data_retry;
        bool statistics_are_asked, statistics_ask_again;

        /* modem-mbim-sms.c */
        bool listens;

        /* modem-mbim-ussd.c */
        MbimUssdState ussd;
        unsigned ussd_serial; /* of what was sent last: answers to older ones are not believed */
        char *ussd_menu;      /* the last question, to know its copies */
        gint64 ussd_menu_usec;
};

MbimSession *mbim_session_ref(MbimSession *s);
void mbim_session_unref(MbimSession *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MbimSession, mbim_session_unref)

#define MBIM_SILENT "The modem does not answer"

/* modem-mbim.c: the session is over, which is told from the main loop. */
void mbim_fail(MbimSession *s, const char *why);

/* Begin to ask, once the port is open. */
void mbim_sim_start(MbimSession *s);
void mbim_network_start(MbimSession *s);
void mbim_data_start(MbimSession *s);

/* Indications, which have been checked. */
void mbim_sim_ready(MbimSession *s, const MbimMessage *indication);
void mbim_sim_slot(MbimSession *s, const MbimMessage *indication);
void mbim_network_registered(MbimSession *s, const MbimMessage *indication);
void mbim_data_connect(MbimSession *s, const MbimMessage *indication);
void mbim_data_packet_service(MbimSession *s);
void mbim_sms_stored(MbimSession *s, const MbimMessage *indication);
void mbim_sms_handed(MbimSession *s, const MbimMessage *indication);
void mbim_ussd_words(MbimSession *s, const MbimMessage *indication);

/* Asks for the counters. */
void mbim_data_query(MbimSession *s);

/* modem-mbim-sms.c, modem-mbim-ussd.c: as in ModemDriver. */
void mbim_sms_listen(MbimSession *s, bool listen);
void mbim_sms_read(MbimSession *s);
int mbim_sms_send(MbimSession *s, const uint8_t *pdu, size_t size);
int mbim_ussd_send(MbimSession *s, const char *text, bool is_answer);
void mbim_ussd_cancel(MbimSession *s);

/* modem-mbim-sms.c: what a refusal of a message or a USSD code is to its sender. */
int mbim_refusal(const MbimSession *s, const char *what, char **ret_why);

/* modem-mbim-ask.c: checks and mends a message on its bytes; ret is given if it is good. */
FrameVerdict mbim_check(const MbimSession *s, const MbimMessage *message, MbimMessage **ret);

/*
 * Sends a command, which it takes over. MBIMEx messages are laid out as the device has agreed with
 * whichever host asked for it: see mbim_version().
 */
void mbim_ask(MbimSession *s, MbimMessage *command, MbimThen then, unsigned about);

/* The same where the modem asks the network: seconds, of which it says nothing if they pass. */
void mbim_ask_network(MbimSession *s, MbimMessage *command, unsigned seconds, MbimThen then,
                      unsigned about);

/* The version of Microsoft's extensions that the device speaks by now; 1: none. */
unsigned mbim_version(const MbimSession *s);

bool mbim_is_indication(const MbimMessage *message);

void mbim_retry_init(MbimRetry *r, MbimSession *s, void (*ask)(MbimSession *s));
void mbim_retry_later(MbimRetry *r);
void mbim_retry_stop(MbimRetry *r); /* and begins with the shortest delay again */

/* Text of the modem's as it may be kept and shown; "" for NULL. */
char *mbim_text(const char *text);
