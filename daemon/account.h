/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One SIM: what it is, where it is, and the bytes that it has carried. */

#include "alert.h"
#include "ledger.h"
#include "modem.h"

typedef struct Account Account;

/* Where a charge belongs, besides its SIM. */
typedef struct Place {
        int64_t session; /* ledger id */
        Plmn serving;
        bool roaming;
} Place;

/* The modem that a SIM is in, and what it does there. */
typedef struct Presence {
        const char *modem; /* slug; NULL: in no modem. Borrowed from the meter, which clears it */
        bool connected;
        bool roaming;
        Plmn serving;
        char *network; /* name of the serving network */
} Presence;

typedef enum AccountChange {
        ACCOUNT_CHANGED_IDENTITY = 1 << 0, /* label, kind, operator, home network */
        ACCOUNT_CHANGED_PRESENCE = 1 << 1, /* anything in Presence */
        ACCOUNT_CHANGED_FIGURES = 1 << 2,  /* bytes */
        ACCOUNT_CHANGED_PLAN = 1 << 3,     /* what is left of what, perhaps */
        ACCOUNT_CHANGED_ALERTS = 1 << 4,
        ACCOUNT_CHANGED_CARRIER = 1 << 5, /* what it is asked, or has said: the manager's word */
} AccountChange;

typedef struct AccountListener {
        void (*changed)(Account *a, AccountChange what, void *userdata);
        /* An alert that was written: to be told, or no longer. The alert is lent for the call. */
        void (*alert_raised)(Account *a, int64_t id, const Alert *alert, void *userdata);
        void (*alert_cleared)(Account *a, int64_t id, void *userdata);
} AccountListener;

/* is_new: the ledger does not know the row yet. */
Account *account_new(const LedgerSim *sim, bool is_new, Ledger *ledger,
                     const AccountListener *listener, void *userdata);
Account *account_free(Account *a);

int64_t account_id(const Account *a);
const char *account_slug(const Account *a);
const char *account_iccid(const Account *a);     /* NULL: a modem's unassigned bytes */
const char *account_label(const Account *a);     /* never "" but where nothing at all is known */
const char *account_own_label(const Account *a); /* as given by a person, or "" */
SimKind account_kind(const Account *a);
const char *account_operator(const Account *a);
Plmn account_home(const Account *a);
int64_t account_first_seen(const Account *a); /* UTC seconds, 0: not known: see clock.h */
int64_t account_last_used(const Account *a);  /* UTC seconds, 0: never */
const Presence *account_presence(const Account *a);
Traffic account_total(const Account *a);

/* The day's bytes, in the system's zone. now: UTC seconds. */
Traffic account_today(Account *a, int64_t now);

/* Those of the total that wait for the clock to be right: their dates are not known yet. */
Traffic account_undated(const Account *a);

/* What it has carried since an instant, unwritten bytes included. Errors are the ledger's. */
int account_traffic_since(const Account *a, int64_t since, Traffic *ret);

/* imsi and eid are remembered while the SIM is in a modem, and never written down; "" if unknown.
 */
const char *account_imsi(const Account *a);
const char *account_eid(const Account *a);

/* What a modem told of its SIM; a label that a person gave stays. */
void account_identify(Account *a, const SimIdentity *identity);

/* label: valid UTF-8, at most 128 bytes; "" goes back to the SIM's own. */
void account_set_label(Account *a, const char *label);

void account_set_presence(Account *a, const Presence *presence);

/*
 * Books bytes that were read at an instant (UTC seconds). gap_from is 0, or the earlier instant
 * since which they may have moved. They count at once, and are written with the next
 * account_write().
 */
void account_charge(Account *a, const Place *place, Traffic bytes, int64_t at, int64_t gap_from);

/* The clock was set: it may be another day, or period, than it was. */
void account_clock_stepped(Account *a);

/* The ledger was changed behind the account (an assignment): all is worked out anew. */
int account_reload(Account *a);

/* Writes what is new, inside the caller's transaction; account_written() after the commit. */
bool account_is_dirty(const Account *a);
int account_write(Account *a);
void account_written(Account *a);

/* Only bytes are new: they may go into a slot of the journal. */
bool account_is_only_counting(const Account *a);
void account_add_usages(const Account *a, Slot *slot);

/* Adds the unwritten bytes from since (inclusive) to until (exclusive) to a history. */
int account_add_unwritten(const Account *a, LedgerHistory *history);
