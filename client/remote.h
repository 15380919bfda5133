/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon, seen from outside: what it says on the bus, as plain values. */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

/* Exit codes, after nmcli's. */
typedef enum ExitCode {
        EXIT_CODE_OK = 0,
        EXIT_CODE_FAILED = 1,
        EXIT_CODE_USAGE = 2,
        EXIT_CODE_TIMED_OUT = 3,
        EXIT_CODE_NOT_ALLOWED = 4,
        EXIT_CODE_NO_DAEMON = 8,
        EXIT_CODE_NO_SIM = 10,
} ExitCode;

/* Strings are sanitized, bounded and never NULL. Instants are UNIX seconds, 0: none. */
typedef struct RemoteSim {
        char *path;
        char *label, *iccid_tail, *kind, *operator, * home_plmn, *network_plmn, *network_name,
                *modem;
        bool present, connected, current, roaming;
        uint64_t rx_bytes, tx_bytes, today_rx_bytes, today_tx_bytes, last_used_at;
} RemoteSim;

typedef struct RemoteModem {
        char *path;
        char *device, *protocol, *model, *state, *problem, *sim, *links, *source;
        bool counter_dispute;
        uint64_t unassigned_rx_bytes, unassigned_tx_bytes;
} RemoteModem;

typedef struct RemoteRow {
        uint64_t start, home_rx, home_tx, roaming_rx, roaming_tx;
} RemoteRow;

typedef struct Remote Remote;

/* Connects to the bus. timeout_usec bounds each call. Says why on stderr when it fails. */
ExitCode remote_new(uint64_t timeout_usec, Remote **ret);
Remote *remote_free(Remote *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)

/* Reads everything that there is, in two calls. */
ExitCode remote_load(Remote *r);

GPtrArray *remote_sims(Remote *r);   /* RemoteSim, the current one first, then by label */
GPtrArray *remote_modems(Remote *r); /* RemoteModem, by device */
const char *const *remote_problems(Remote *r);

/* The SIM of a label, slug or four digits, else (text NULL) the current one. */
ExitCode remote_find_sim(Remote *r, const char *text, char **ret_path);
const RemoteSim *remote_sim_by_path(Remote *r, const char *path);
const RemoteModem *remote_modem_by_path(Remote *r, const char *path);

ExitCode remote_set_label(Remote *r, const char *path, const char *label);
ExitCode remote_forget(Remote *r, const char *path);
ExitCode remote_export(Remote *r, int fd);
ExitCode remote_assign(Remote *r, const char *modem, const char *sim, uint64_t since,
                       uint64_t until);

/* *ret_identity: text -> text (Iccid, Imsi, Eid). */
ExitCode remote_identify(Remote *r, const char *path, GHashTable **ret_identity);

/* *ret_rows: RemoteRow, in the order of time. zone "": the system's. */
ExitCode remote_history(Remote *r, const char *path, const char *slice, uint64_t since,
                        uint64_t until, const char *zone, GArray **ret_rows);
