/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the account share. */

#include "account-plan.h"

typedef struct AlertRow {
        LedgerAlert row;
        bool is_dirty;
} AlertRow;

/* What is told of an alert once it is written. */
typedef struct AlertNews {
        int64_t id;
        Alert *alert; /* owned; NULL: it was cleared */
} AlertNews;

struct Account {
        LedgerSim row; /* the total holds what is written; see unwritten */
        char *imsi, *eid;
        Presence presence;

        GArray *unwritten; /* LedgerUsage */
        GArray *visits;    /* LedgerVisit, unwritten */
        bool row_is_dirty;

        int64_t day_start, day_end; /* of the cached figure; 0: not known */
        Traffic day_written;
        Traffic undated_written; /* of this boot, while the clock was not trusted */

        /* account-plan.c; of SIMs only */
        bool is_loaded;
        GArray *events;     /* LedgerEvent */
        GPtrArray *plans;   /* Plan, which the tally borrows */
        char *fleet_text;   /* NULL: the owner's plan */
        Tally *tally;       /* NULL: an account of unassigned bytes */
        int64_t fed_at;     /* the last instant that it knows of */
        int64_t slice_from; /* no slice begins before */
        int64_t pending_at; /* an event that has not come yet; PERIOD_NEVER */
        int64_t boundary;   /* of the tally or a pending event; PERIOD_NEVER */
        uint64_t to_level;  /* fewest bytes until something is reached */
        TallyState state;   /* when it was judged last */
        bool is_urgent;

        TallyAnswer answer;
        Forecast forecast;
        int64_t answer_at; /* INT64_MIN: there is none */

        /* account-alert.c */
        GArray *alerts;   /* AlertRow */
        GArray *due;      /* Alert, when it was judged last */
        GArray *news;     /* AlertNews */
        int64_t alert_at; /* when another may be due; PERIOD_NEVER */

        Ledger *ledger; /* not owned */
        const AccountListener *listener;
        void *userdata;
};

void account_tell(Account *a, AccountChange what);

/* account-plan.c */
void account_plan_init(Account *a);
void account_plan_clear(Account *a);
int account_replay(Account *a);
void account_forget_answer(Account *a);
void account_update_boundary(Account *a, int64_t now);
void account_plan_visit(Account *a, const LedgerVisit *visit);

/* When bytes that are read at an instant were carried: before a boundary that is just passed. */
int64_t account_date(Account *a, int64_t at);
void account_plan_charge(Account *a, const LedgerUsage *usage);

/* account-replay.c */
GPtrArray *account_plans_new(void);
bool account_is_contract(const LedgerEvent *e);
bool account_is_reckoned(const Account *a); /* else the bytes need not be read */
int account_replay_at(Account *a, int64_t now);
TallyPlace account_tally_place(const char *plmn, bool is_abroad);
TallyUsage account_tally_usage(const LedgerUsage *u, Traffic bytes);

/* account-alert.c */
void account_alerts_init(Account *a);
int account_load_alerts(Account *a);
void account_judge_alerts(Account *a, int64_t now);
bool account_alerts_are_dirty(const Account *a);
int account_write_alerts(Account *a);
void account_alerts_written(Account *a);
void account_alerts_clear(Account *a);
