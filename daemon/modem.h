/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* All that a modem is to us: a control port to open, and the few things it may say. */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plmn.h"
#include "traffic.h"

typedef enum ModemProtocol {
        MODEM_PROTOCOL_QMI,
        MODEM_PROTOCOL_MBIM,
        MODEM_PROTOCOL_LINK, /* none that we speak: its link is all there is */
} ModemProtocol;

/* Where a modem is found. */
typedef struct Port {
        char *key; /* stays the same when the modem is plugged in again */
        ModemProtocol protocol;
        char *path;       /* control port, e.g. /dev/cdc-wdm0; qrtr:NODE; or the link's name */
        char *link;       /* kernel's name of the interface with its data; NULL: not known */
        char *label;      /* of its SIM, where no modem can tell; else NULL */
        bool has_no_node; /* in the file system: it is always there */
} Port;

#define PORT_QRTR "qrtr:"

/* Before the name of a SIM whose ICCID no modem tells: the owner's name is what it is known by. */
#define SIM_NAME_PREFIX "@"

typedef enum SimKind {
        SIM_KIND_UNKNOWN,
        SIM_KIND_PHYSICAL,
        SIM_KIND_ESIM,
} SimKind;

/* Strings are valid UTF-8, bounded, and "" where not known. */
typedef struct SimIdentity {
        const char
                *iccid; /* as iccid_normalize() gives it: digits only; or a name with its prefix */
        SimKind kind;
        const char *imsi;
        const char *eid;
        const char *label;    /* the profile's nickname, else its provider's name */
        const char *operator; /* name of the home network */
        Plmn home;            /* mcc 0: not known */
} SimIdentity;

typedef struct ModemNetwork {
        bool registered;
        bool roaming; /* the network's own word; national partners say it too */
        Plmn serving; /* mcc 0: not known */
        const char *name;
} ModemNetwork;

typedef enum IpFamily {
        IP_FAMILY_4,
        IP_FAMILY_6,
        N_IP_FAMILIES,
} IpFamily;

/*
 * With more sessions at once than these, the first ones are asked for. Some modems have ten client
 * ids to give for data: we hold two, each session takes two more, and two of whoever began it.
 */
#define MODEM_MOST_MUXES 2

static inline bool modem_mux_is_among(const unsigned *ids, size_t n, unsigned id) {
        for (size_t i = 0; i < n; i++)
                if (ids[i] == id)
                        return true;

        return false;
}

/* What the modem itself has counted of the sessions of a mux id. */
typedef struct ModemMuxStatistics {
        unsigned mux;
        bool is_expected[N_IP_FAMILIES]; /* a session runs, whether its count is told or not */
        bool running[N_IP_FAMILIES];     /* … and counted[] is it */
        bool ended[N_IP_FAMILIES]; /* no session runs, and counted[] is that of the last one */
        Traffic counted[N_IP_FAMILIES];
        unsigned n_begun[N_IP_FAMILIES]; /* sessions that began before our eyes */
} ModemMuxStatistics;

/*
 * What the modem itself has counted: for each IP family, since that family's session began (QMI);
 * or of all sessions together, since it got power or began anew (MBIM).
 */
typedef struct ModemStatistics {
        bool running[N_IP_FAMILIES]; /* a session runs, and total[] is its count */
        Traffic total[N_IP_FAMILIES];
        bool ended[N_IP_FAMILIES]; /* no session runs, and last[] is the count of the last one */
        Traffic last[N_IP_FAMILIES];
        bool has_device;
        Traffic device;
        ModemMuxStatistics muxes[MODEM_MOST_MUXES];
        size_t n_muxes;
} ModemStatistics;

#define MODEM_MESSAGE_BYTES 176  /* of a PDU: 12 for the message centre, and 164 (TS 23.040) */
#define MODEM_USSD_BYTES    1024 /* of a text; in the air it has 160 bytes (TS 22.090) */

typedef struct Modem Modem;

/*
 * What a modem tells. Everything may be said twice (the proxies deliver copies), so the listener is
 * idempotent. Nothing is called from within a function of this header but lost(), with what was
 * under way, from modem_port_vanished(). The last three may be missing.
 */
typedef struct ModemListener {
        /* The port is open and answers. Model is for people. The state follows by itself:
         * sim(), network() and connection() for each family are called soon after. */
        void (*opened)(const char *model, void *userdata);

        /* The port does not work (any more): one sentence says why. It is opened again by itself.
         */
        void (*lost)(const char *why, void *userdata);

        /* Something hints at another card or profile: sim() follows when it is known, or lost(). */
        void (*sim_doubtful)(void *userdata);

        /* The SIM is this one; NULL: there is none. Called again when more becomes known of it. */
        void (*sim)(const SimIdentity *sim, void *userdata);

        void (*network)(const ModemNetwork *network, void *userdata);

        /* A data session of this family begins or ends, or runs when the port is opened. Said at
         * once, and again when the APN is known ("" until then). The counters of the ended session
         * are to be had with modem_query_statistics(). */
        void (*connection)(IpFamily family, bool connected, const char *apn, void *userdata);

        /* A session of a mux id that is watched begins or ends, or was found to run. */
        void (*muxed)(void *userdata);

        /* The modem counts on its own account that data moved; a query will tell how much. */
        void (*active)(void *userdata);

        /* The answer to modem_query_statistics(), asked after the call; also when it is empty. */
        void (*statistics)(const ModemStatistics *statistics, void *userdata);

        /*
         * A short message came in while they are listened to, or was read for
         * modem_read_messages(): its PDU with the message centre's address first (3GPP TS 23.040,
         * 27.005), at most MODEM_MESSAGE_BYTES, and not looked into. It may be told twice. Returns
         * whether it was waited for. One that the modem does not store has to be acknowledged to
         * the network by somebody, and is by us only then: what is another's comes again.
         */
        bool (*message)(const uint8_t *pdu, size_t size, void *userdata);

        /*
         * The one answer to each modem_send_message() that returned 0: 0, or a negative errno and a
         * sentence that says why. With -ETIMEDOUT and -ECONNRESET it may have been sent all the
         * same; with all others it was not. -EOPNOTSUPP: the modem, or its SIM, has no messages;
         * -EDESTADDRREQ: the SIM knows no message centre; -ENOMEDIUM: there is no SIM; -ENETDOWN:
         * there is no network; -EREMOTEIO: it was refused for another reason.
         */
        void (*sent)(int result, const char *why, void *userdata);

        /*
         * The network's words in a USSD dialogue, at most MODEM_USSD_BYTES, in valid UTF-8.
         * wants_answer: it waits for modem_answer_ussd(); else the dialogue is over. result is
         * negative where it failed, and text says why: errors as with sent(), and -ENOENT: the
         * network knows no such code; -ECANCELED: it ended the dialogue without a word.
         */
        void (*ussd)(int result, const char *text, bool wants_answer, void *userdata);
} ModemListener;

/*
 * Opens the port as soon as it can be, and again with a growing delay (1 s to 60 s) whenever it
 * stops working, until modem_close(). port and listener are borrowed and must outlive the modem.
 */
Modem *modem_new(const Port *port, const ModemListener *listener, void *userdata);

/* Tries again at once: the port's node has just (re)appeared. */
void modem_port_appeared(Modem *m);

/* The port's node is gone: no further try until modem_port_appeared(). */
void modem_port_vanished(Modem *m);

/*
 * These mux ids have links of their own, and what the modem counts of their sessions is to be in
 * its statistics, from now on and when the port is opened again: all that are watched, and no more
 * than MODEM_MOST_MUXES. Modems may know nothing of it.
 */
void modem_watch_muxes(Modem *m, const unsigned *ids, size_t n);

/* Asks the modem for its own counters. While the port is not open there is no answer. */
void modem_query_statistics(Modem *m);

/*
 * What a carrier is asked by. A modem sends nothing but what these three are told to, once each;
 * whether the owner wants it is for the caller to know. They return 0, and their answer follows;
 * or, and nothing was sent: -ENOTCONN: the port is not open; -EBUSY: the last one is still under
 * way; -EOPNOTSUPP: there is no such thing with this modem; -EINVAL or -EMSGSIZE: it cannot be
 * sent.
 */
int modem_send_message(Modem *m, const uint8_t *pdu, size_t size); /* as message() has it */
int modem_send_ussd(Modem *m, const char *code);                   /* begins a dialogue */
int modem_answer_ussd(Modem *m, const char *text); /* -ENOENT: nobody waits for it */

/* Ends the dialogue, if there is one; of it nothing more is told. */
void modem_cancel_ussd(Modem *m);

/*
 * Listens to short messages, or no longer; until then none are told. Those that come are read, and
 * neither deleted nor marked as read (but by an MBIM modem itself): other programs find them. Goes
 * on by itself when the port is opened again; what came in between has to be asked for with
 * modem_read_messages().
 */
void modem_listen_messages(Modem *m, bool listen);

/*
 * Tells the received messages that the modem keeps, read or not, and however old. Only while they
 * are listened to.
 */
void modem_read_messages(Modem *m);

/*
 * Releases the client ids, closes the port and frees the modem; the listener hears nothing more.
 * closed() is called when all is done, at the latest after 3 s.
 */
void modem_close(Modem *m, void (*closed)(void *userdata), void *userdata);
