/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How a person names a modem that cannot be found: qmi:PATH[@LINK] and its like. */

#include <errno.h>
#include <string.h>

#include "ports.h"
#include "utf8.h"

#define LINK_NAME_MAX 15 /* IFNAMSIZ without its end */
#define LABEL_BYTES   128

Port *port_free(Port *port) {
        if (!port)
                return NULL;

        g_free(port->key);
        g_free(port->path);
        g_free(port->link);
        g_free(port->label);
        g_free(port);
        return NULL;
}

/* What the kernel takes for the name of an interface. */
static bool is_link_name(const char *name) {
        size_t n = strlen(name);

        return n > 0 && n <= LINK_NAME_MAX && strpbrk(name, "/: \t\n\v\f\r") == NULL &&
               !g_str_equal(name, ".") && !g_str_equal(name, "..");
}

static int refuse(char **ret_why, const char *why) {
        *ret_why = g_strdup(why);
        return -EINVAL;
}

/* Takes "@LINK" off the end of where the port is; *ret_link is NULL where there is none. */
static int split_link(const char *text, char **ret_where, char **ret_link, char **ret_why) {
        const char *at = strrchr(text, '@');

        if (at && !is_link_name(at + 1))
                return refuse(ret_why, "wants the name of a network interface after the @");

        *ret_where = at ? g_strndup(text, (size_t) (at - text)) : g_strdup(text);
        *ret_link = at ? g_strdup(at + 1) : NULL;
        return 0;
}

static int parse_node(const char *text, ModemProtocol protocol, Port **ret, char **ret_why) {
        g_autofree char *path = NULL, *link = NULL;
        int r;

        if (text[0] != '/' || text[1] == '\0' || text[1] == '@')
                return refuse(ret_why, "wants an absolute path, as in qmi:/dev/cdc-wdm0@wwan0");
        r = split_link(text, &path, &link, ret_why);
        if (r < 0)
                return r;

        *ret = g_new0(Port, 1);
        **ret = (Port){ .protocol = protocol,
                        .key = g_strdup_printf("port:%s", path),
                        .path = g_steal_pointer(&path),
                        .link = g_steal_pointer(&link) };
        return 0;
}

static int parse_qrtr(const char *text, Port **ret, char **ret_why) {
        g_autofree char *node = NULL, *link = NULL;
        guint64 number;
        int r;

        r = split_link(text, &node, &link, ret_why);
        if (r < 0)
                return r;
        if (!g_ascii_string_to_unsigned(node, 10, 0, UINT32_MAX, &number, NULL))
                return refuse(ret_why, "wants the number of a node, as in qrtr:0@rmnet_ipa0");

        *ret = g_new0(Port, 1);
        **ret = (Port){ .protocol = MODEM_PROTOCOL_QMI,
                        .has_no_node = true,
                        .key = g_strdup_printf("qrtr:%s", node),
                        .path = g_strdup_printf(PORT_QRTR "%" G_GUINT64_FORMAT, number),
                        .link = g_steal_pointer(&link) };
        return 0;
}

static int parse_link(const char *text, Port **ret, char **ret_why) {
        g_autofree char *link = NULL, *label = NULL;
        const char *equals = strchr(text, '=');

        if (text[0] != '@' || !equals)
                return refuse(ret_why, "wants a network interface and a name for its SIM, as in "
                                       "link:@wwan0=Travel");
        link = g_strndup(text + 1, (size_t) (equals - text - 1));
        if (!is_link_name(link))
                return refuse(ret_why, "wants the name of a network interface after the @");
        label = utf8_sanitize(equals + 1, SIZE_MAX, LABEL_BYTES);
        if (*g_strstrip(label) == '\0')
                return refuse(ret_why, "wants a name for the SIM after the =");

        *ret = g_new0(Port, 1);
        **ret = (Port){ .protocol = MODEM_PROTOCOL_LINK,
                        .has_no_node = true,
                        .key = g_strdup_printf("link:%s", link),
                        .path = g_strdup(link),
                        .link = g_steal_pointer(&link),
                        .label = g_steal_pointer(&label) };
        return 0;
}

int port_parse(const char *spec, Port **ret, char **ret_why) {
        if (g_str_has_prefix(spec, "qmi:"))
                return parse_node(spec + strlen("qmi:"), MODEM_PROTOCOL_QMI, ret, ret_why);
        if (g_str_has_prefix(spec, "mbim:"))
                return parse_node(spec + strlen("mbim:"), MODEM_PROTOCOL_MBIM, ret, ret_why);
        if (g_str_has_prefix(spec, PORT_QRTR))
                return parse_qrtr(spec + strlen(PORT_QRTR), ret, ret_why);
        if (g_str_has_prefix(spec, "link:"))
                return parse_link(spec + strlen("link:"), ret, ret_why);

        return refuse(ret_why, "begins with its protocol, as in qmi:/dev/cdc-wdm0@wwan0, "
                               "mbim:/dev/cdc-wdm0@wwan0, qrtr:0@rmnet_ipa0 or link:@wwan0=Travel");
}
