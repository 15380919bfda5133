/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Owns modems, meters and accounts, and gives each charge to its SIM. */

#include "account-plan.h"
#include "calendar.h"
#include "carrier-command.h"
#include "carrier.h"
#include "journal.h"
#include "meter.h"
#include "ports.h"

typedef struct Manager Manager;

typedef enum ManagerChange {
        MANAGER_CHANGED_CURRENT = 1 << 0,
        MANAGER_CHANGED_PROBLEMS = 1 << 1,
} ManagerChange;

/* What the bus is told. SIMs and modems that exist when it attaches are found by iterating. */
typedef struct ManagerListener {
        void (*sim_added)(Account *a, void *userdata);
        void (*sim_removed)(Account *a, void *userdata); /* still valid during the call */
        void (*sim_changed)(Account *a, AccountChange what, void *userdata);
        void (*alert_raised)(Account *a, int64_t id, const Alert *alert, void *userdata);
        void (*alert_cleared)(Account *a, int64_t id, void *userdata);
        void (*modem_added)(Meter *m, void *userdata);
        void (*modem_changed)(Meter *m, void *userdata);
        void (*changed)(ManagerChange what, void *userdata);
} ManagerListener;

/* journal may be NULL: nothing is saved between commits. Both are borrowed. */
int manager_new(Ledger *ledger, Journal *journal, Manager **ret);
Manager *manager_free(Manager *m);
void manager_set_listener(Manager *m, const ManagerListener *listener, void *userdata);

/* Starts watching ports; see ports_new(). */
int manager_start(Manager *m, Port **ports, size_t n_ports, bool search);

/* Reads, commits and closes all modems; stopped() is called when that is done. */
void manager_stop(Manager *m, void (*stopped)(void *userdata), void *userdata);

/* The SIMs (Account *, without the modems' unassigned bytes) and the modems (Meter *). */
GPtrArray *manager_sims(Manager *m);
GPtrArray *manager_modems(Manager *m);

/* The SIM behind the default route, else the last that carried data, else NULL. */
Account *manager_current_sim(Manager *m);

/* NULL-terminated words for Manager.Problems. */
const char *const *manager_problems(Manager *m);

Account *manager_find_sim_by_slug(Manager *m, const char *slug);
Meter *manager_find_modem_by_slug(Manager *m, const char *slug);

/* By label, slug or exactly four tail digits: -ENOENT, or -ENOTUNIQ where several fit. */
int manager_find_sim(Manager *m, const char *text, Account **ret);

int64_t manager_now(Manager *m);

/* Someone looks: all links' counters are read now, and the modems are asked for theirs soon. */
void manager_refresh(Manager *m);

/* The machine is about to sleep, or has woken up: read, and committed. */
void manager_suspend(Manager *m);
void manager_resume(Manager *m);

/* Changes are committed before these return. -ENOSPC, -EBUSY, … when the ledger refuses. */
int manager_set_label(Manager *m, Account *a, const char *label);

/* Removes the SIM and its bytes. -EBUSY: it is in a modem. */
int manager_forget(Manager *m, Account *a);

/*
 * Gives the modem's unassigned bytes from since to until (UTC seconds, exclusive; 0: no bound) to a
 * SIM. Bytes that were assigned by hand before are moved along, so that it can be undone or
 * corrected; to == NULL makes them unassigned again.
 */
int manager_assign(Manager *m, Meter *meter, Account *to, int64_t since, int64_t until);

/* Writes a copy of the ledger to a regular file; what is pending is committed first. */
int manager_export(Manager *m, int fd);

/* See ledger_history_new(); the unwritten bytes are included. -E2BIG: over max_rows. */
int manager_history(Manager *m, Account *a, CalendarUnit unit, GTimeZone *zone, int64_t since,
                    int64_t until, size_t max_rows, GArray **ret);

/*
 * Something is told of a SIM, with an EVENT_… kind and a body that was checked, as of an instant
 * (0: now). What was counted until then is read and closed before, and all that is told of the SIM
 * is right when this returns.
 */
int manager_record_event(Manager *m, Account *a, int64_t at, const char *kind, const char *body,
                         int64_t *ret_id);

/* Undoes one. -ENOENT. */
int manager_remove_event(Manager *m, Account *a, int64_t id);

/* The owner has seen an alert, or wants to be told again (0: not in this period). -ENOENT. */
int manager_acknowledge_alert(Manager *m, Account *a, int64_t id);
int manager_snooze_alert(Manager *m, Account *a, int64_t id, int64_t until);

/* What a SIM's carrier is asked, and how that stands; NULL: it has no query. */
const Carrier *manager_carrier(const Manager *m, const Account *a);

/* The owner's, which was checked; see carrier_set() and carrier_confirm(). Or the ledger's errors.
 */
int manager_set_query(Manager *m, Account *a, const char *text);
int manager_confirm_query(Manager *m, Account *a, const char *text, const char *to);

/* Asks, where it may; see carrier_ask(). */
CarrierRefusal manager_query(Manager *m, Account *a, int *ret_errno);
int64_t manager_seconds_to_query(const Manager *m, const Account *a);

/* What would be read out of a text, for this SIM. */
void manager_test_reply(Manager *m, Account *a, const char *text, Reply *ret);

/* Who starts commands; NULL: nobody but ourselves. */
void manager_set_starter(Manager *m, const CommandStarter *starter, void *userdata);
