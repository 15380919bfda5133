/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One modem: which SIM is in it, which counter to believe, and the bytes to charge. */

#include "account.h"
#include "link.h"

typedef struct Meter Meter;

typedef enum MeterState {
        METER_ABSENT,  /* the port's node is not there */
        METER_FAILED,  /* it is, and does not answer: see meter_problem() */
        METER_OPENING, /* not asked yet */
        METER_NO_SIM,
        METER_DISCONNECTED,
        METER_CONNECTED,
} MeterState;

const char *meter_state_to_string(MeterState state);

typedef struct MeterListener {
        /* Which account has this ICCID? It is made if need be. */
        Account *(*account_of)(const char *iccid, void *userdata);
        Account *(*account_by_id)(int64_t id, void *userdata); /* NULL: forgotten */
        /* Something about the modem itself changed: state, SIM, source, links, unassigned bytes. */
        void (*changed)(Meter *m, void *userdata);
        /* There is news to be written: in a while, or now. */
        void (*dirty)(Meter *m, void *userdata);
        int (*flush)(Meter *m, void *userdata);
} MeterListener;

/* What its modem says of messages and codes: see ModemListener. */
typedef struct MeterAnswers {
        bool (*message)(Meter *m, const uint8_t *pdu, size_t size, void *userdata);
        void (*sent)(Meter *m, int result, const char *why, void *userdata);
        void (*ussd)(Meter *m, int result, const char *text, bool wants_answer, void *userdata);
} MeterAnswers;

typedef struct MeterContext {
        Ledger *ledger;
        LinkMonitor *links;
        LedgerSighting *sighting; /* the last one before this start, boot "" if there was none */
        const MeterListener *listener;
        const MeterAnswers *answers;
        void *userdata;
} MeterContext;

/*
 * port is borrowed. unassigned is the account for bytes of this modem that no SIM can be shown to
 * have carried. is_known: the modem was seen before this start. Errors are the ledger's.
 */
int meter_new(const Port *port, const LedgerModem *row, bool is_known, Account *unassigned,
              const MeterContext *context, Meter **ret);
Meter *meter_free(Meter *m);

int64_t meter_id(const Meter *m);
const char *meter_slug(const Meter *m);
const char *meter_device(const Meter *m);   /* the control port's path */
const char *meter_protocol(const Meter *m); /* qmi, mbim, link */
const char *meter_model(const Meter *m);
MeterState meter_state(const Meter *m);
const char *meter_problem(const Meter *m); /* a sentence, or "" */
const char *meter_link(const Meter *m);    /* the kernel's name, or "" */
const char *meter_source(const Meter *m);  /* the counter that is believed: link, session, device */
bool meter_disputed(const Meter *m);       /* the two counters differ lastingly */
Account *meter_account(const Meter *m);    /* the SIM in it, NULL: none or not known yet */
Account *meter_unassigned(const Meter *m);
const Port *meter_port(const Meter *m);
int meter_ifindex(const Meter *m);  /* 0: no link */
Modem *meter_modem(const Meter *m); /* NULL: its port never was there */

/* The port's node came or went. */
void meter_port_appeared(Meter *m);
void meter_port_vanished(Meter *m);

/* The port is there, but is not opened yet: it may have made us crash. */
void meter_port_quarantined(Meter *m, unsigned seconds);

/* Reads the link's counter now, and charges what it adds. Cheap (one system call), and exact. */
void meter_read(Meter *m);

/* Time to look: reads the link's counter, and asks the modem for its own now and then. */
void meter_tick(Meter *m);

/* Bytes from here on are a session's of their own: the clock was set. */
void meter_break_session(Meter *m);

/* Someone wants to know: asks the modem for its own counter, unless it was asked just now. */
void meter_look(Meter *m);

/* Whether bytes may be moving: the meter wants to be read again before long. */
bool meter_is_live(const Meter *m);

/* A link came, changed or went; the last word of one that went. */
void meter_link_appeared(Meter *m, const Link *link);
void meter_link_vanished(Meter *m, const Link *link, const Traffic *last);

/* Whether bytes are, or may soon be, booked to this account. */
bool meter_needs(const Meter *m, const Account *a);

/* The account goes: nothing of it may be held. */
void meter_forget(Meter *m, const Account *a);

/* Writes what is new, inside the caller's transaction; meter_written() after the commit. */
bool meter_is_dirty(const Meter *m);
int meter_write(Meter *m);
void meter_written(Meter *m);

/* Only counters have moved: their readings in a slot of the journal will do. */
bool meter_is_only_counting(const Meter *m);
void meter_add_readings(const Meter *m, Slot *slot);

/* Closes the modem's port; closed() once its client ids are released. */
void meter_close(Meter *m, void (*closed)(void *userdata), void *userdata);
