/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What was bought for a SIM, what is left of it, and what its owner should know.
 *
 * The tally is kept in memory and fed with each charge; whatever changes the past makes a new one
 * from all facts. An account without an ICCID has no plan, and nothing here is asked of it.
 */

#include "account.h"
#include "alert.h"
#include "forecast.h"
#include "tally.h"

/* The most events of a SIM that count. */
#define ACCOUNT_MAX_EVENTS 4096

/* The kinds of events, as they stand in the ledger. */
#define EVENT_PLAN       "plan"         /* a contract; the body is its text, "" where it ends */
#define EVENT_AMENDMENT  "plan-amended" /* the text of the contract in force */
#define EVENT_TOP_UP     "top-up"
#define EVENT_CORRECTION "correction"
#define EVENT_REPORT     "report"

/*
 * Reads events and alerts, and works all out: to be done first, but for account_set_fleet_plan().
 * Errors are the ledger's.
 */
int account_load_plan(Account *a);

/* A plan that its machine's administrator gives (taken over; NULL: none) stands for the owner's. */
void account_set_fleet_plan(Account *a, char *text);
bool account_has_fleet_plan(const Account *a);

/* The ledger has another event since `now`, or one less: all is worked out anew. */
int account_reload_events(Account *a, int64_t now);

/*
 * Now, as an event's instant that is after all that is known: seconds are coarse, and what is told
 * of the SIM again and again within one gets ahead of the clock by as many.
 */
int64_t account_next_instant(const Account *a);

/*
 * Bytes from here on are in slices of their own, which begin at this instant or later, and are
 * dated so: bytes of the second of an event, but after it, are of the next one.
 */
void account_close_slice(Account *a, int64_t from);

/* What is so at an instant; borrowed, and valid until something of the account is changed. */
const TallyAnswer *account_answer(Account *a, int64_t now);
const Forecast *account_forecast(Account *a, int64_t now);

/* The text of the plan in force; "": none. */
const char *account_plan_text(const Account *a);

/* See tally_periods(). */
GArray *account_periods(const Account *a, int64_t since, int64_t until, int64_t now);

/* LedgerEvent by at and id, removed ones included. */
const GArray *account_events(const Account *a);

/* The next instant at which something may happen by itself; PERIOD_NEVER. */
int64_t account_boundary(const Account *a);

/* It has come: the bytes until then must have been read before. Errors are the ledger's. */
int account_pass_boundary(Account *a, int64_t now);

/* The fewest bytes until something is to be told; UINT64_MAX: never. */
uint64_t account_bytes_to_level(const Account *a);

/* Looks what is due now: the pace is not a matter of levels. */
void account_judge(Account *a, int64_t now);

/* Something was reached, or is to be told: it is to be written at once. */
bool account_is_urgent(const Account *a);

/* An alert that stands, was written, and was not acknowledged. */
typedef struct AccountAlert {
        const LedgerAlert *row;
        const Alert *alert; /* NULL: nothing is known but its key */
} AccountAlert;

GArray *account_alerts(const Account *a); /* AccountAlert; the caller's to unref */

/*
 * The owner has seen it, or wants to be told again later (UTC seconds). To be written by the
 * caller; account_restore_alert() with what *ret_before was set to if that fails. -ENOENT.
 */
int account_acknowledge(Account *a, int64_t id, int64_t now, LedgerAlert *ret_before);
int account_snooze(Account *a, int64_t id, int64_t until, LedgerAlert *ret_before);
void account_restore_alert(Account *a, const LedgerAlert *before);

/* What the carrier said last. -ENOENT: nothing yet. */
typedef struct AccountReport {
        int64_t at;
        bool is_used; /* so much is used, not left */
        uint64_t bytes, resolution;
        int64_t expires_at; /* 0: not said */
} AccountReport;

int account_last_report(const Account *a, AccountReport *ret);
