/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "print.h"

#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDEST    78
#define NARROWEST 30

static unsigned terminal_width(void) {
        struct winsize size;

        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
                return WIDEST;
        return MIN(size.ws_col, WIDEST);
}

void style_init(Style *s, SizeUnit unit, unsigned width) {
        *s = (Style){
                .unit = unit,
                .width = MAX(width > 0 ? width : terminal_width(), NARROWEST),
                .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
                .now = g_get_real_time() / G_USEC_PER_SEC,
                .zone = g_time_zone_new_local(),
        };
}

void style_clear(Style *s) {
        g_clear_pointer(&s->zone, g_time_zone_unref);
}

char *style_tail(const Style *s, const char *digits) {
        return *digits ? g_strconcat(s->ascii ? ".." : "··", digits, NULL) : g_strdup("");
}

void sim_values(const RemoteSim *sim, Value values[N_SIM_VALUES]) {
        const Value all[N_SIM_VALUES] = {
                { "path", 's', sim->path, 0 }, { "label", 's', sim->label, 0 },
                { "iccid_tail", 's', sim->iccid_tail, 0 }, { "kind", 's', sim->kind, 0 },
                {
                        "operator",
                        's',
                        sim->operator,
                        0 },
                        { "home_plmn", 's', sim->home_plmn, 0 },
                        { "network_plmn", 's', sim->network_plmn, 0 },
                        { "network_name", 's', sim->network_name, 0 },
                        { "present", 'b', NULL, sim->present },
                        { "connected", 'b', NULL, sim->connected },
                        { "current", 'b', NULL, sim->current },
                        { "roaming", 'b', NULL, sim->roaming },
                        { "rx_bytes", 't', NULL, sim->rx_bytes },
                        { "tx_bytes", 't', NULL, sim->tx_bytes },
                        { "today_rx_bytes", 't', NULL, sim->today_rx_bytes },
                        { "today_tx_bytes", 't', NULL, sim->today_tx_bytes },
                        { "last_used_at", 'T', NULL, sim->last_used_at },
                };

        memcpy(values, all, sizeof(all));
}

void modem_values(const RemoteModem *modem, Value values[N_MODEM_VALUES]) {
        const Value all[N_MODEM_VALUES] = {
                { "path", 's', modem->path, 0 },
                { "device", 's', modem->device, 0 },
                { "protocol", 's', modem->protocol, 0 },
                { "model", 's', modem->model, 0 },
                { "state", 's', modem->state, 0 },
                { "problem", 's', modem->problem, 0 },
                { "sim", 's', modem->sim, 0 },
                { "links", 's', modem->links, 0 },
                { "source", 's', modem->source, 0 },
                { "counter_dispute", 'b', NULL, modem->counter_dispute },
                { "unassigned_rx_bytes", 't', NULL, modem->unassigned_rx_bytes },
                { "unassigned_tx_bytes", 't', NULL, modem->unassigned_tx_bytes },
        };

        memcpy(values, all, sizeof(all));
}
