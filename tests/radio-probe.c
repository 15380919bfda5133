/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The drivers of modems, driven by hand: a command a line on standard input, what they answer and
 * tell a line each on standard output. For tests of what nothing in the daemon does by itself.
 *
 *     radio-probe qmi|mbim PATH
 *
 *     listen | deaf | read | mine | foreign      messages told from here on are waited for, or not
 *     send HEX | ussd CODE | answer TEXT | cancel | quit
 */

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#include "modem.h"

typedef struct Probe {
        Port port;
        Modem *modem;
        GMainLoop *loop;
        bool is_mine;
} Probe;

G_GNUC_PRINTF(1, 2) static void say(const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        (void) vprintf(format, arguments);
        va_end(arguments);
        (void) putchar('\n');
        (void) fflush(stdout);
}

static void on_opened(const char *model, void *userdata) {
        say("opened");
}

static void on_lost(const char *why, void *userdata) {
        say("lost %s", why);
}

static void on_sim_doubtful(void *userdata) {
}

static void on_sim(const SimIdentity *sim, void *userdata) {
}

static void on_network(const ModemNetwork *network, void *userdata) {
}

static void on_connection(IpFamily family, bool connected, const char *apn, void *userdata) {
}

static void on_active(void *userdata) {
}

static void on_statistics(const ModemStatistics *statistics, void *userdata) {
}

static bool on_message(const uint8_t *pdu, size_t size, void *userdata) {
        g_autoptr(GString) hex = g_string_new(NULL);
        const Probe *p = userdata;

        for (size_t i = 0; i < size; i++)
                g_string_append_printf(hex, "%02x", pdu[i]);
        say("message %s", hex->str);
        return p->is_mine;
}

static void on_sent(int result, const char *why, void *userdata) {
        say("sent %s: %s", result == 0 ? "ok" : g_strerror(-result), why);
}

static void on_ussd(int result, const char *text, bool wants_answer, void *userdata) {
        g_autofree char *escaped = g_strescape(text, NULL);

        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_cmpuint(strlen(text), <=, MODEM_USSD_BYTES);
        say("ussd %s%s: %s", result == 0 ? "ok" : g_strerror(-result), wants_answer ? "?" : "",
            escaped);
}

static const ModemListener listener = {
        .opened = on_opened,
        .lost = on_lost,
        .sim_doubtful = on_sim_doubtful,
        .sim = on_sim,
        .network = on_network,
        .connection = on_connection,
        .active = on_active,
        .statistics = on_statistics,
        .message = on_message,
        .sent = on_sent,
        .ussd = on_ussd,
};

static void on_closed(void *userdata) {
        Probe *p = userdata;

        g_main_loop_quit(p->loop);
}

static int send_hex(Probe *p, const char *hex) {
        g_autoptr(GByteArray) pdu = g_byte_array_new();

        for (; hex[0] && hex[1]; hex += 2) {
                uint8_t byte = (uint8_t) (g_ascii_xdigit_value(hex[0]) << 4 |
                                          g_ascii_xdigit_value(hex[1]));

                g_byte_array_append(pdu, &byte, 1);
        }
        return modem_send_message(p->modem, pdu->data, pdu->len);
}

static int run(Probe *p, const char *command, const char *argument) {
        if (g_str_equal(command, "listen") || g_str_equal(command, "deaf"))
                modem_listen_messages(p->modem, g_str_equal(command, "listen"));
        else if (g_str_equal(command, "read"))
                modem_read_messages(p->modem);
        else if (g_str_equal(command, "mine") || g_str_equal(command, "foreign"))
                p->is_mine = g_str_equal(command, "mine");
        else if (g_str_equal(command, "send"))
                return send_hex(p, argument);
        else if (g_str_equal(command, "ussd"))
                return modem_send_ussd(p->modem, argument);
        else if (g_str_equal(command, "answer"))
                return modem_answer_ussd(p->modem, argument);
        else if (g_str_equal(command, "cancel"))
                modem_cancel_ussd(p->modem);
        else if (g_str_equal(command, "quit"))
                modem_close(p->modem, on_closed, p);
        else
                g_error("no command %s", command);
        return 0;
}

static gboolean on_line(GIOChannel *channel, GIOCondition condition, void *data) {
        g_autofree char *line = NULL;
        Probe *p = data;
        char *argument;
        int r;

        if (g_io_channel_read_line(channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
                g_main_loop_quit(p->loop);
                return G_SOURCE_REMOVE;
        }

        g_strchomp(line);
        argument = strchr(line, ' ');
        if (argument)
                *argument++ = '\0';
        r = run(p, line, argument ?: "");
        if (r < 0)
                say("refused %s", g_strerror(-r));
        return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv) {
        Probe p = { 0 };
        GIOChannel *input;

        g_assert_cmpint(argc, ==, 3);
        p.port = (Port){ .key = argv[2],
                         .path = argv[2],
                         .protocol = g_str_equal(argv[1], "mbim") ? MODEM_PROTOCOL_MBIM
                                                                  : MODEM_PROTOCOL_QMI };
        p.loop = g_main_loop_new(NULL, FALSE);
        p.modem = modem_new(&p.port, &listener, &p);

        input = g_io_channel_unix_new(0);
        (void) g_io_add_watch(input, G_IO_IN | G_IO_HUP, on_line, &p);
        g_main_loop_run(p.loop);
        g_io_channel_unref(input);
        g_main_loop_unref(p.loop);
        return 0;
}
