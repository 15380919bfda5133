/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the manager share: what there is, and when it is written. */

#include "carrier-command.h"
#include "clock.h"
#include "manager.h"
#include "sms.h"

#define MANAGER_MOST_PROBLEMS 3

struct Manager {
        Ledger *ledger;
        Journal *journal; /* NULL: none */
        LinkMonitor *links;
        Ports *ports;
        LedgerSighting sighting; /* of the last run */

        GPtrArray *sims;               /* Account, owned */
        GHashTable *sims_by_slug;      /* the same, not owned */
        GPtrArray *unassigned;         /* Account, owned: one per modem */
        GPtrArray *meters;             /* Meter, owned */
        Account *current;              /* not owned */
        GArray *fleet;                 /* Preset: what the administrator gives to SIMs */
        GPtrArray *carriers;           /* Asked, owned: of the SIMs that have a query */
        const CommandStarter *starter; /* NULL: commands are started by ourselves */
        void *starter_userdata;
        int failure;      /* of the last commit; 0: it worked */
        bool must_redate; /* by shift seconds, what was booked while the clock was not trusted */
        int64_t shift;
        int64_t trusted_at; /* the last instant before it was not */

        guint tick, commit, look, plan;
        int64_t tick_usec;   /* when the next reading is due, since boot */
        int64_t read_usec;   /* when the last one was … */
        uint64_t read_bytes; /* … and what all SIMs had carried by then */
        uint64_t fastest;    /* bytes per second that must be reckoned with */
        unsigned quiet;      /* readings in a row that found nothing */
        int64_t route_usec;
        int64_t saved_usec; /* the last commit or slot */

        const char *problems[MANAGER_MOST_PROBLEMS + 1];
        GSList *quarantine; /* Quarantine: ports that are not opened yet */
        guint forgive;

        int n_closing;
        void (*stopped)(void *userdata);
        void *stopped_userdata;

        const ManagerListener *listener;
        void *userdata;
};

void manager_tell(Manager *m, ManagerChange what);
void manager_update_current(Manager *m);

/* A SIM's account, or a modem's unassigned one, by its id; NULL: there is none. */
Account *manager_account(Manager *m, int64_t id);

/* The modem of this port, as the ledger knows it, or a new one. */
int manager_add_meter(Manager *m, const Port *port, Meter **ret);

/* manager-commit.c: when what is written */

/* Charges and checkpoints of all modems in one transaction. What cannot be written stays. */
int manager_flush(Manager *m);

/* There is news, to be committed in a while. */
void manager_commit_later(Manager *m);

/* Between commits: so that a power cut costs little. The next chance is so many seconds ahead. */
void manager_save(Manager *m, unsigned next_seconds);

/* What was counted after the last commit, and lost with the power or our life. */
int manager_recover(Manager *m);

/* How the clock stood when we stopped; what was booked then is dated, if it can be now. */
void manager_begin_clock(Manager *m);

/* Boot id and network namespace: the life of the kernel's counters. Newly allocated. */
char *manager_boot(void);

extern const ClockListener manager_clock_listener;

/* manager-tick.c: when counters are read */

/* What can move, and how far it is to a level, is another than it was. */
void manager_update_tick(Manager *m);

/* manager-plan.c: what plans bring about */

/* Something of a plan changed: to be written and waited for, once charges and counters agree. */
void manager_plan_later(Manager *m);
void manager_pass_boundary(Manager *m);
void manager_match_plan(Manager *m, Account *a); /* more is known of the SIM */

/* manager-ports.c: modems come and go */

extern const PortsListener manager_ports_listener;
void manager_ports_done(Manager *m);

/* A row of the carrier's, written in the same transaction as an event. */
typedef struct ManagerRow {
        const LedgerQuery *query;
        const GArray *sendings;
} ManagerRow;

/* As manager_record_event(); also: NULL, or what is written with it. */
int manager_record(Manager *m, Account *a, int64_t at, const char *kind, const char *body,
                   const ManagerRow *also, int64_t *ret_id);
int manager_put_row(Manager *m, const ManagerRow *row); /* inside a transaction */

/* manager-carrier.c: what the carriers are asked goes out, and what they answer comes in */

/* A SIM's carrier. */
typedef struct Asked {
        Manager *manager; /* not owned, as the next two */
        Account *account;
        Meter *meter; /* that the question went through; NULL: none is under way */
        Carrier *carrier;
        Command *command;
        SmsJoin *parts; /* of long messages */
        guint timer, consider;
        bool must_read;        /* messages may have come while nobody listened */
        int64_t checked_usec;  /* whether it is time to ask by itself … */
        int64_t tried_seconds; /* … and when it was, since boot; 0: never */
} Asked;

GPtrArray *manager_carriers_new(void);
Asked *manager_asked(const Manager *m, const Account *a); /* NULL: it has no query */
Asked *manager_new_asked(Manager *m, Account *a);
CarrierNow asked_look(const Asked *asked);           /* without a zone */
GTimeZone *manager_zone_of(Account *a, int64_t now); /* in which a carrier's dates are */
int manager_load_carriers(Manager *m);
void manager_forget_carrier(Manager *m, const Account *a);

/* Modems, SIMs or questions are others than they were: who is listened to, until when. */
void manager_update_carriers(Manager *m);

extern const MeterAnswers manager_meter_answers;

/* manager-query.c: when they are asked without being told to */

int64_t manager_next_asking(Manager *m); /* PERIOD_NEVER */
void manager_consider_asking(Manager *m, const Account *a);
