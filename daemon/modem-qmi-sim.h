/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which SIM is in the modem: what the files that find it out share. */

#include "modem-qmi.h"

/* modem-qmi-sim.c: it may be another one from here on; asks which; there is none for certain. */
void sim_doubt(QmiSession *s);
void sim_look_again(QmiSession *s);
void sim_gone(QmiSession *s);

/* What the slots' status says, in a form that can be compared. */
char *sim_describe_slots(const GArray *slots);

/* modem-qmi-hints.c */
void sim_hints_start(QmiSession *s);
void sim_hints_stop(QmiSession *s);

typedef struct SimQuery SimQuery;

/*
 * One run of questions. A hint of a change makes it stale: what it found until then is not told.
 */
struct SimQuery {
        QmiSession *session;
        unsigned serial;
        bool has_timed_out; /* some question of it: it is worth asking again */
        size_t n_sessions_tried;
        char *iccid, *imsi, *eid, *provider, *home_name; /* NULL: not known */
        SimKind kind;
        Plmn home;
        void (*then)(SimQuery *q); /* at the end of the details */
};

/* modem-qmi-identity.c */
SimQuery *sim_query_new(QmiSession *s);
void sim_query_free(SimQuery *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SimQuery, sim_query_free)

bool sim_query_is_stale(const SimQuery *q);

/* Takes note of a failure. error may be NULL. */
void sim_query_failed(SimQuery *q, const GError *error);

/* Reads a file of the card in the active slot. then() owns the query; bytes is NULL on failure. */
void sim_query_read_file(SimQuery *q, QmiUimSessionType type, uint16_t directory, uint16_t file,
                         void (*then)(SimQuery *q, const GArray *bytes));

/* Asks for everything but the ICCID. then() owns the query, which may be stale. */
void sim_query_details(SimQuery *q, void (*then)(SimQuery *q));
