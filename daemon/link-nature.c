/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "link-nature.h"

#include <net/if.h>
#include <string.h>

#define SYSFS "/sys/class/net"

/* 1 to 254; 0: the link has none. The kernel writes it in hexadecimal. */
static unsigned read_mux_id(const char *name) {
        g_autofree char *path = g_build_filename(SYSFS, name, "qmap", "mux_id", NULL);
        g_autofree char *text = NULL;
        guint64 id;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                return 0;

        id = g_ascii_strtoull(text, NULL, 0);
        return id <= 254 ? (unsigned) id : 0;
}

/* The link below this one: sysfs has a symbolic link of its name. */
static int read_lower(const char *name) {
        g_autofree char *path = g_build_filename(SYSFS, name, NULL);
        g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
        const char *entry;

        while (directory && (entry = g_dir_read_name(directory)))
                if (g_str_has_prefix(entry, "lower_"))
                        return (int) if_nametoindex(entry + strlen("lower_"));

        return 0;
}

/*
 * wwan0.100 and wwan0_1 stand on wwan0: vendors' drivers have session links of such names, and tell
 * nothing more of them.
 */
static void look_at_name(LinkNature *nature, const char *name) {
        size_t end = strlen(name), mark = end;
        char parent[IFNAMSIZ] = "";

        while (mark > 0 && g_ascii_isdigit(name[mark - 1]))
                mark--;
        if (mark == end || mark < 2 || mark > sizeof(parent) ||
            (name[mark - 1] != '.' && name[mark - 1] != '_'))
                return;

        (void) g_strlcpy(parent, name, mark);
        nature->parent = (int) if_nametoindex(parent);
        if (nature->parent == 0)
                return;

        nature->kind = name[mark - 1] == '.' ? LINK_KIND_VLAN : LINK_KIND_MUX;
        nature->mux = (unsigned) g_ascii_strtoull(name + mark, NULL, 10);
}

/* NULL: none, as of links that are no device's. The caller's to free. */
static char *read_driver(const char *name) {
        g_autofree char *path = g_build_filename(SYSFS, name, "device", "driver", NULL);
        g_autofree char *target = g_file_read_link(path, NULL);

        return target ? g_path_get_basename(target) : NULL;
}

/*
 * usbnet counts what comes in after the header is off and what goes out with it, as VLANs do;
 * cdc_mbim has taken it off there too. Others count frames.
 */
static void look_at_headers(LinkNature *nature, const char *name) {
        static const char *const usbnet[] = { "cdc_eem",    "cdc_ether",      "cdc_ncm",
                                              "cdc_subset", "huawei_cdc_ncm", "qmi_wwan",
                                              "rndis_host", "rndis_wlan",     "sierra_net",
                                              NULL };
        g_autofree char *driver = read_driver(name);

        nature->rx_has_header = nature->tx_has_header = false;
        if (!nature->has_ethernet || g_strcmp0(driver, "cdc_mbim") == 0)
                return;

        nature->tx_has_header = true;
        nature->rx_has_header =
                nature->kind != LINK_KIND_VLAN && !(driver && g_strv_contains(usbnet, driver));
}

void link_nature_look(LinkNature *nature, const char *name) {
        if (nature->kind == LINK_KIND_PLAIN) {
                nature->mux = read_mux_id(name);
                if (nature->mux > 0)
                        nature->kind = LINK_KIND_MUX;
        }
        if (nature->kind == LINK_KIND_MUX && nature->parent == 0)
                nature->parent = read_lower(name);
        if (nature->kind == LINK_KIND_PLAIN)
                look_at_name(nature, name);
        look_at_headers(nature, name);
}

static uint64_t headers_of(uint64_t packets) {
        return packets > UINT64_MAX / LINK_HEADER_BYTES ? UINT64_MAX : packets * LINK_HEADER_BYTES;
}

/* Of all packets until now. */
static Traffic counted_headers(const LinkNature *nature, Traffic packets) {
        Traffic since = traffic_beyond(packets, nature->before.packets);

        return traffic_add(nature->before.headers,
                           (Traffic){ nature->rx_has_header ? headers_of(since.rx) : 0,
                                      nature->tx_has_header ? headers_of(since.tx) : 0 });
}

void link_nature_change(LinkNature *nature, const char *name, bool has_ethernet, Traffic packets) {
        nature->before.headers = counted_headers(nature, packets);
        nature->before.packets = packets;
        nature->has_ethernet = has_ethernet;
        look_at_headers(nature, name);
}

Traffic link_nature_take_headers_off(const LinkNature *nature, Traffic bytes, Traffic packets) {
        return traffic_beyond(bytes, counted_headers(nature, packets));
}
