/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the QMI driver share: one opening of a port, and its clients. */

#include <libqmi-glib.h>

#include "modem-driver.h"
#include "modem-retry.h"

#define QMI_TIMEOUT_SECONDS 10
#define QMI_TEXT_BYTES      64 /* the longest name that is taken over */

typedef struct QmiSession QmiSession;

/*
 * A client that is there only while it is needed, for a modem has few ids to give. then() is told
 * that it is there, or why not (error); not while the session is over. Its signals are connected
 * with the same data.
 */
typedef struct QmiLoan {
        QmiSession *session; /* not owned: it gives back what is lent */
        QmiService service;
        void (*then)(void *data, const GError *error);
        void *data;
        QmiClient *client; /* NULL: not there (yet) */
        bool is_asked, is_wanted;
} QmiLoan;

/* What is known of one IP family's data session; those of a mux id stand side by side. */
typedef struct QmiData {
        QmiSession *session; /* not owned: it has this */
        unsigned mux;        /* 0: the modem's own session, or the only one */
        IpFamily family;
        QmiClientWds *wds; /* owned; that of a mux id is the loan's */
        QmiLoan loan;
        bool is_known, connected;
        bool is_told;              /* no session runs, and what the last one carried was told */
        unsigned serial;           /* of the connection, to know its answers from an older one's */
        unsigned n_begun;          /* sessions whose beginning was heard of */
        Traffic reported;          /* the figures that were pushed last */
        bool is_running, is_ended; /* of the last answer, as in ModemStatistics … */
        Traffic counted;           /* … and what it counted */
        ModemRetry retry;
} QmiData;

/* A mux id whose sessions are asked for, too. */
typedef struct QmiMux {
        unsigned id; /* 0: none */
        QmiData data[N_IP_FAMILIES];
} QmiMux;

/* Where a message is stored. */
typedef struct QmiPlace {
        QmiWmsStorageType store;
        uint32_t index;
} QmiPlace;

/* modem-qmi-wms.c */
typedef struct QmiMessages {
        QmiLoan wms;
        bool listens, is_registering, is_registered;
        bool is_sending;     /* to_send is with the modem */
        GByteArray *to_send; /* NULL: nothing */
        GQueue *to_read;     /* of QmiPlace: messages in the modem's stores */
        bool is_reading, wants_list;
        QmiPlace reading;
        unsigned n_tries; /* to read it */
        GSList *acks;     /* of Ack: that will be due */
        ModemRetry retry;
} QmiMessages;

typedef enum QmiUssdState {
        QMI_USSD_NONE,
        QMI_USSD_PREPARED, /* nothing has been sent: the client is to be had and to be registered */
        QMI_USSD_ASKED,    /* the network is to say something */
        QMI_USSD_WAITS,    /* for our answer */
} QmiUssdState;

/* modem-qmi-ussd.c */
typedef struct QmiUssd {
        QmiLoan voice;
        QmiUssdState state;
        char *text;  /* that was sent, or is to be */
        char *heard; /* what may be the last word, unless it turns out to be a question */
        char *menu;  /* the last question, to know its copies */
        gint64 menu_usec;
        guint grace, deadline;
} QmiUssd;

struct QmiSession {
        unsigned refs; /* each call under way holds one */
        bool is_opening, is_started;
        unsigned n_failed; /* openings before this one */
        unsigned n_probes; /* questions of which one is to be answered */
        bool is_probed;    /* … and one was, or none will be */
        bool is_over;      /* failed or closing: what still comes is of no interest */
        bool is_removed;   /* the port hung up: there is nobody to give client ids back to */
        bool is_closing;
        bool is_node; /* on the QRTR bus, not in the file system */
        char *path, *link;
        ModemEvents events;

        QmiDevice *device;
        GCancellable *cancellable, *probing;
        QmiClientDms *dms;
        QmiClientUim *uim;
        QmiClientNas *nas;
        char *life; /* modem-qmi-ids.c: of the proxy and the port, as text */
        unsigned n_releasing;
        void (*closed)(void *userdata);
        void *closed_userdata;

        /* modem-qmi-sim.c */
        unsigned sim_serial; /* of the last hint: answers to older questions are not believed */
        bool sim_was_told;   /* and no hint has come since */
        char *iccid;         /* that was told; NULL: there is none */
        char *slots_seen, *cards_seen, *applications_seen; /* to know repetitions */
        QmiUimEventRegistrationFlag sim_events;
        ModemRetry sim_retry, events_retry, refresh_retry;

        /* modem-qmi-nas.c */
        bool network_is_asked, network_ask_again, network_was_told;
        ModemNetwork network;
        char *network_name;
        ModemRetry network_retry, indications_retry;

        /* modem-qmi-wds.c */
        QmiData data[N_IP_FAMILIES];
        QmiMux muxes[MODEM_MOST_MUXES]; /* modem-qmi-mux.c */
        unsigned n_statistics;          /* answers that are still to come */
        bool statistics_ask_again, statistics_wait;

        QmiMessages messages;
        QmiUssd ussd;
};

QmiSession *qmi_session_ref(QmiSession *s);
void qmi_session_unref(QmiSession *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QmiSession, qmi_session_unref)

/* Begin to listen and ask, once the clients are there. Clients may be missing. */
void qmi_sim_start(QmiSession *s);
void qmi_network_start(QmiSession *s);
void qmi_data_start(QmiSession *s);
void qmi_messages_start(QmiSession *s);
void qmi_ussd_start(QmiSession *s);

/* Stop what would go on by itself, and free what was kept. */
void qmi_sim_stop(QmiSession *s);
void qmi_network_stop(QmiSession *s);
void qmi_data_stop(QmiSession *s);
void qmi_messages_stop(QmiSession *s);
void qmi_ussd_stop(QmiSession *s);

/* modem-qmi-ids.c: remembers the client ids that we hold; gives back what was left by a kill. */
void qmi_ids_save(QmiSession *s);
void qmi_ids_forget(QmiSession *s);
void qmi_ids_give_back(QmiSession *s);

/* modem-qmi-node.c: finds the modem that is a node on the QRTR bus. */
void qmi_node_open(uint32_t node, GCancellable *cancellable, GAsyncReadyCallback then, void *data);
QmiDevice *qmi_node_open_finish(GAsyncResult *result, GError **error);

/* modem-qmi-wds.c: asks for the counters. */
void qmi_data_query(QmiSession *s);

/* modem-qmi-wds.c: a session may have begun that is not told yet; one that ended is asked for, too.
 */
void qmi_data_doubt(QmiSession *s);

/* modem-qmi-wds.c: one client, whatever session it stands for; tells is_known in the end. */
void qmi_data_init(QmiData *d, QmiSession *s, unsigned mux, IpFamily family, void (*ask)(void *d));
void qmi_data_listen(QmiData *d); /* once, however often it is called */
void qmi_data_set_family(void *data);
void qmi_data_drop(QmiData *d);

/* modem-qmi-mux.c: which mux ids are asked for, too; what was counted of them. */
void qmi_mux_start(QmiSession *s);
void qmi_mux_stop(QmiSession *s);
void qmi_mux_watch(QmiSession *s, const unsigned *ids, size_t n);
void qmi_mux_tell(QmiSession *s, ModemStatistics *statistics);

/* modem-qmi-wms.c, modem-qmi-ussd.c: as in ModemDriver. */
void qmi_messages_listen(QmiSession *s, bool listen);
void qmi_messages_read(QmiSession *s);
void qmi_messages_send(QmiSession *s, const uint8_t *pdu, size_t size);
int qmi_ussd_send(QmiSession *s, const char *text, bool is_answer);
void qmi_ussd_cancel(QmiSession *s);

/* modem-qmi.c: gives a client id back before the session ends; takes over the client. */
void qmi_drop_client(QmiSession *s, QmiClient *client);

/* modem-qmi.c: the same while the session is closed, which ends with the last of them. */
void qmi_release(QmiSession *s, void *client);
void qmi_release_ends(QmiSession *s);

/* modem-qmi-loan.c: what is borrowed is given back as soon as it is there, or with the session. */
void qmi_loan_init(QmiLoan *l, QmiSession *s, QmiService service,
                   void (*then)(void *data, const GError *error), void *data);
void qmi_loan_take(QmiLoan *l); /* then() is called later; or now, where the client is there */
void qmi_loan_give_back(QmiLoan *l);

/* Whether a call failed because nothing came back: it is worth asking again. */
bool qmi_is_timeout(const GError *error);

/* modem-qmi-refusal.c: what an error of a message or a USSD code is to its sender; what: is
 * refused. */
int qmi_refusal(const GError *error, const char *what, char **ret_why);

/* Text of the modem's as it may be kept and shown; "" for NULL. */
char *qmi_text(const char *text);

/* A network number as QMI writes it: digits_known says whether three_digits does. */
Plmn qmi_plmn(uint16_t mcc, uint16_t mnc, bool digits_known, bool three_digits);
