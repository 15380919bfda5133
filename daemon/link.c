/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "link.h"

#include <errno.h>
#include <glib-unix.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/stat.h>

#define ANSWER_SECONDS 1
#define EVENT_BUFFER   (1 << 20) /* a dump of a few thousand links */
#define BUFFER_SIZE    32768

struct LinkMonitor {
        struct mnl_socket *events;   /* what the kernel announces */
        struct mnl_socket *requests; /* what we ask, and wait for */
        unsigned sequence;
        guint source;
        GHashTable *links; /* ifindex -> Link */
        int max_ifindex;
        const LinkListener *listener;
        void *userdata;
};

/* What an rtnetlink message says of a link. */
typedef struct LinkMessage {
        int ifindex;
        const char *name;
        LinkNature nature;        /* as far as it is said */
        bool parent_is_elsewhere; /* in another network namespace */
        bool has_stats;
        Traffic stats, packets;
        bool moved; /* to another network namespace */
} LinkMessage;

/* Of its kind: which session of the link below it is. */
static int parse_kind_data(const struct nlattr *attribute, void *data) {
        LinkNature *nature = data;
        /* Both are the first of their kind, and of 16 bits. */
        bool is_id =
                mnl_attr_get_type(attribute) ==
                (nature->kind == LINK_KIND_VLAN ? (int) IFLA_VLAN_ID : (int) IFLA_RMNET_MUX_ID);

        if (is_id && mnl_attr_validate(attribute, MNL_TYPE_U16) >= 0)
                nature->mux = mnl_attr_get_u16(attribute);
        return MNL_CB_OK;
}

static int parse_kind(const struct nlattr *attribute, void *data) {
        LinkNature *nature = data;

        switch (mnl_attr_get_type(attribute)) {
        case IFLA_INFO_KIND:
                if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) < 0)
                        break;
                if (g_str_equal(mnl_attr_get_str(attribute), "vlan"))
                        nature->kind = LINK_KIND_VLAN;
                else if (g_str_equal(mnl_attr_get_str(attribute), "rmnet"))
                        nature->kind = LINK_KIND_MUX;
                break;
        case IFLA_INFO_DATA: /* comes after the kind */
                if (nature->kind != LINK_KIND_PLAIN)
                        (void) mnl_attr_parse_nested(attribute, parse_kind_data, nature);
                break;
        }

        return MNL_CB_OK;
}

static int parse_link_attribute(const struct nlattr *attribute, void *data) {
        LinkMessage *m = data;

        switch (mnl_attr_get_type(attribute)) {
        case IFLA_IFNAME:
                if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
                        m->name = mnl_attr_get_str(attribute);
                break;
        case IFLA_STATS64:
                /* Older kernels know fewer counters; the bytes are among the first. */
                if (mnl_attr_get_payload_len(attribute) >=
                    offsetof(struct rtnl_link_stats64, rx_errors)) {
                        struct rtnl_link_stats64 stats = { 0 };

                        memcpy(&stats, mnl_attr_get_payload(attribute),
                               MIN(sizeof(stats), mnl_attr_get_payload_len(attribute)));
                        m->has_stats = true;
                        m->stats = (Traffic){ stats.rx_bytes, stats.tx_bytes };
                        m->packets = (Traffic){ stats.rx_packets, stats.tx_packets };
                }
                break;
        case IFLA_LINK:
                if (mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
                        m->nature.parent = (int) mnl_attr_get_u32(attribute);
                break;
        case IFLA_LINK_NETNSID:
                m->parent_is_elsewhere = true;
                break;
        case IFLA_LINKINFO:
                (void) mnl_attr_parse_nested(attribute, parse_kind, &m->nature);
                break;
        case IFLA_NEW_NETNSID:
                m->moved = true;
                break;
        }

        return MNL_CB_OK;
}

static void parse_link(const struct nlmsghdr *header, LinkMessage *ret) {
        const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);

        ret->ifindex = info->ifi_index;
        ret->nature.has_ethernet = info->ifi_type == ARPHRD_ETHER;
        (void) mnl_attr_parse(header, sizeof(*info), parse_link_attribute, ret);
        if (ret->nature.parent == ret->ifindex || ret->parent_is_elsewhere)
                ret->nature.parent = 0;
}

static void forget(LinkMonitor *m, const LinkMessage *message) {
        Link *link = g_hash_table_lookup(m->links, GINT_TO_POINTER(message->ifindex));
        Traffic last;
        Link gone;

        if (!link)
                return;

        gone = *link;
        gone.packets = message->packets;
        last = link_nature_take_headers_off(&gone.nature, message->stats, message->packets);
        g_hash_table_remove(m->links, GINT_TO_POINTER(message->ifindex));
        m->listener->vanished(&gone, message->has_stats && !message->moved ? &last : NULL,
                              m->userdata);
}

/* Returns the link if there is something new about it to be told. */
static const Link *remember(LinkMonitor *m, const LinkMessage *message, bool is_new) {
        Link *link = g_hash_table_lookup(m->links, GINT_TO_POINTER(message->ifindex));
        LinkNature nature = message->nature;
        bool is_same;

        m->max_ifindex = MAX(m->max_ifindex, message->ifindex);
        if (!message->name)
                return NULL;

        is_same = link && g_str_equal(link->name, message->name);
        /* qmi_wwan's links have Ethernet headers until somebody sets their port up for raw IP. */
        if (is_same && nature.has_ethernet != link->nature.has_ethernet)
                link_nature_change(&link->nature, link->name, nature.has_ethernet,
                                   message->packets);
        /* A QMAP link stands on another only a moment after it is announced. */
        if (is_same && (link->nature.kind != LINK_KIND_MUX || link->nature.parent > 0))
                return NULL;

        link_nature_look(&nature, message->name);
        if (is_same && nature.parent == link->nature.parent)
                return NULL;

        if (!link) {
                link = g_new0(Link, 1);
                link->ifindex = message->ifindex;
                link->is_new = is_new;
                g_hash_table_insert(m->links, GINT_TO_POINTER(link->ifindex), link);
        }

        (void) g_strlcpy(link->name, message->name, sizeof(link->name));
        nature.before = link->nature.before;
        link->nature = nature;
        return link;
}

static int on_event(const struct nlmsghdr *header, void *data) {
        const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
        LinkMonitor *m = data;
        LinkMessage message = { 0 };
        const Link *link = NULL;

        if (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK)
                return MNL_CB_OK;
        /* Bridges announce their ports in the same words. */
        if (mnl_nlmsg_get_payload_len(header) < sizeof(*info) || info->ifi_family != AF_UNSPEC)
                return MNL_CB_OK;

        parse_link(header, &message);

        if (header->nlmsg_type == RTM_DELLINK)
                forget(m, &message);
        else /* one that came from another namespace brings its counter along */
                link = remember(m, &message, message.has_stats && traffic_is_zero(message.stats));
        if (link)
                m->listener->appeared(link, m->userdata);

        return MNL_CB_OK;
}

/* One round of question and answers; each message goes to the callback. */
static int ask(LinkMonitor *m, struct nlmsghdr *request, mnl_cb_t callback, void *data) {
        char buffer[BUFFER_SIZE];
        unsigned port = mnl_socket_get_portid(m->requests);
        ssize_t n;
        int r;

        request->nlmsg_seq = ++m->sequence;
        if (mnl_socket_sendto(m->requests, request, request->nlmsg_len) < 0)
                return -errno;

        do {
                n = mnl_socket_recvfrom(m->requests, buffer, sizeof(buffer));
                if (n < 0)
                        return errno == EAGAIN ? -EIO : -errno;

                r = mnl_cb_run(buffer, (size_t) n, m->sequence, port, callback, data);
                if (r < 0 && (errno == ESRCH || errno == EPROTO))
                        r = MNL_CB_OK; /* the late answer to an earlier question */
                else if (r < 0)
                        return -errno;
        } while (r > MNL_CB_STOP);

        return 0;
}

/* Listeners may ask questions of their own: they are told when the dump is over. */
static int on_dumped(const struct nlmsghdr *header, void *data) {
        const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
        LinkMessage message = { 0 };
        GArray *links = data;

        if (header->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(header) < sizeof(*info))
                return MNL_CB_OK;

        parse_link(header, &message);
        message.name = g_strdup(message.name);
        g_array_append_val(links, message);
        return MNL_CB_OK;
}

static void link_message_clear(void *data) {
        g_free((char *) ((LinkMessage *) data)->name);
}

static bool is_among(const GArray *links, int ifindex) {
        for (guint i = 0; i < links->len; i++)
                if (g_array_index(links, LinkMessage, i).ifindex == ifindex)
                        return true;

        return false;
}

/* Looks at all links, and finds out which came and went unheard. */
static int dump_links(LinkMonitor *m, int known_ifindex) {
        g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(LinkMessage));
        g_autoptr(GArray) news = g_array_new(FALSE, FALSE, sizeof(Link));
        g_autoptr(GList) indexes = NULL;
        char buffer[256];
        struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
        struct ifinfomsg *info;
        int r;

        g_array_set_clear_func(links, link_message_clear);
        request->nlmsg_type = RTM_GETLINK;
        request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
        info->ifi_family = AF_UNSPEC;

        r = ask(m, request, on_dumped, links);
        if (r < 0)
                return r;

        indexes = g_hash_table_get_keys(m->links);
        for (GList *i = indexes; i; i = i->next)
                if (!is_among(links, GPOINTER_TO_INT(i->data)))
                        forget(m, &(LinkMessage){ .ifindex = GPOINTER_TO_INT(i->data) });
        for (guint i = 0; i < links->len; i++) {
                const LinkMessage *message = &g_array_index(links, LinkMessage, i);
                const Link *link = remember(m, message, message->ifindex > known_ifindex);

                if (link)
                        g_array_append_val(news, *link);
        }
        for (guint i = 0; i < news->len; i++)
                m->listener->appeared(&g_array_index(news, Link, i), m->userdata);

        return 0;
}

/* Reads all that waits. Returns -EAGAIN, or why there is no more of it. */
static int drain(LinkMonitor *m) {
        char buffer[BUFFER_SIZE];
        ssize_t n;

        do {
                n = mnl_socket_recvfrom(m->events, buffer, sizeof(buffer));
                if (n >= 0)
                        (void) mnl_cb_run(buffer, (size_t) n, 0, 0, on_event, m);
        } while (n >= 0 || errno == EINTR);

        return -errno;
}

static gboolean on_readable(int fd, GIOCondition condition, void *data) {
        LinkMonitor *m = data;
        bool is_deaf = false;
        int r;

        /* Once news were dropped, more are, and without a word, until all that waits is read. */
        while ((r = drain(m)) == -ENOBUFS)
                is_deaf = true;
        if (r != -EAGAIN)
                g_warning("Failed to hear of links: %s", g_strerror(-r));
        if (!is_deaf)
                return G_SOURCE_CONTINUE;

        g_info("The kernel dropped news of links; looking at all of them");
        r = dump_links(m, m->max_ifindex);
        if (r < 0)
                g_warning("Failed to list the links: %s", g_strerror(-r));
        return G_SOURCE_CONTINUE;
}

static int open_socket(struct mnl_socket **ret, unsigned groups, int flags) {
        struct mnl_socket *s = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | flags);

        if (!s)
                return -errno;
        if (mnl_socket_bind(s, groups, MNL_SOCKET_AUTOPID) < 0) {
                int error = errno;

                (void) mnl_socket_close(s);
                return -error;
        }

        *ret = s;
        return 0;
}

int link_monitor_new(const LinkListener *listener, void *userdata, LinkMonitor **ret) {
        struct timeval patience = { .tv_sec = ANSWER_SECONDS };
        int size = EVENT_BUFFER, r;
        LinkMonitor *m = g_new0(LinkMonitor, 1);

        m->listener = listener;
        m->userdata = userdata;
        m->links = g_hash_table_new_full(NULL, NULL, NULL, g_free);

        r = open_socket(&m->events, RTMGRP_LINK, SOCK_NONBLOCK);
        if (r >= 0)
                r = open_socket(&m->requests, 0, 0);
        if (r < 0) {
                g_warning("Failed to open a netlink socket: %s", g_strerror(-r));
                link_monitor_free(m);
                return r;
        }

        /* Without the privilege for the one, the other goes up to net.core.rmem_max. */
        if (setsockopt(mnl_socket_get_fd(m->events), SOL_SOCKET, SO_RCVBUFFORCE, &size,
                       sizeof(size)) < 0)
                (void) setsockopt(mnl_socket_get_fd(m->events), SOL_SOCKET, SO_RCVBUF, &size,
                                  sizeof(size));
        (void) setsockopt(mnl_socket_get_fd(m->requests), SOL_SOCKET, SO_RCVTIMEO, &patience,
                          sizeof(patience));

        *ret = m;
        return 0;
}

LinkMonitor *link_monitor_free(LinkMonitor *m) {
        if (!m)
                return NULL;

        if (m->source)
                g_source_remove(m->source);
        if (m->events)
                (void) mnl_socket_close(m->events);
        if (m->requests)
                (void) mnl_socket_close(m->requests);
        g_hash_table_unref(m->links);
        g_free(m);
        return NULL;
}

int link_monitor_start(LinkMonitor *m, int known_ifindex) {
        m->source = g_unix_fd_add(mnl_socket_get_fd(m->events), G_IO_IN | G_IO_ERR, on_readable, m);
        return dump_links(m, known_ifindex);
}

const Link *link_monitor_find(LinkMonitor *m, const char *name) {
        GHashTableIter i;
        void *link;

        g_hash_table_iter_init(&i, m->links);
        while (g_hash_table_iter_next(&i, NULL, &link))
                if (g_str_equal(((Link *) link)->name, name))
                        return link;

        return NULL;
}

void link_monitor_foreach_above(LinkMonitor *m, int ifindex,
                                void (*call)(const Link *link, void *userdata), void *userdata) {
        GHashTableIter i;
        void *link;

        g_hash_table_iter_init(&i, m->links);
        while (g_hash_table_iter_next(&i, NULL, &link))
                if (((Link *) link)->nature.parent == ifindex)
                        call(link, userdata);
}

int link_monitor_max_ifindex(const LinkMonitor *m) {
        return m->max_ifindex;
}

uint64_t link_namespace(void) {
        struct stat st;

        return stat("/proc/self/ns/net", &st) < 0 ? 0 : st.st_ino;
}

typedef struct StatsAnswer {
        bool has_stats;
        Traffic stats, packets;
} StatsAnswer;

static int parse_stats_attribute(const struct nlattr *attribute, void *data) {
        StatsAnswer *answer = data;
        struct rtnl_link_stats64 stats = { 0 };

        if (mnl_attr_get_type(attribute) != IFLA_STATS_LINK_64 ||
            mnl_attr_get_payload_len(attribute) < offsetof(struct rtnl_link_stats64, rx_errors))
                return MNL_CB_OK;

        memcpy(&stats, mnl_attr_get_payload(attribute),
               MIN(sizeof(stats), mnl_attr_get_payload_len(attribute)));
        *answer = (StatsAnswer){ true,
                                 { stats.rx_bytes, stats.tx_bytes },
                                 { stats.rx_packets, stats.tx_packets } };
        return MNL_CB_OK;
}

static int on_stats(const struct nlmsghdr *header, void *data) {
        (void) mnl_attr_parse(header, sizeof(struct if_stats_msg), parse_stats_attribute, data);
        return MNL_CB_STOP;
}

int link_monitor_read(LinkMonitor *m, int ifindex, Traffic *ret, Traffic *ret_packets) {
        static const LinkNature unknown;
        const Link *link = g_hash_table_lookup(m->links, GINT_TO_POINTER(ifindex));
        char buffer[256];
        struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
        struct if_stats_msg *message;
        StatsAnswer answer = { 0 };
        int r;

        request->nlmsg_type = RTM_GETSTATS;
        request->nlmsg_flags = NLM_F_REQUEST;
        message = mnl_nlmsg_put_extra_header(request, sizeof(*message));
        message->ifindex = (uint32_t) ifindex;
        message->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);

        r = ask(m, request, on_stats, &answer);
        if (r < 0)
                return r;
        if (!answer.has_stats)
                return -EIO;

        *ret = link_nature_take_headers_off(link ? &link->nature : &unknown, answer.stats,
                                            answer.packets);
        if (ret_packets)
                *ret_packets = answer.packets;
        return 0;
}

static int parse_route_attribute(const struct nlattr *attribute, void *data) {
        if (mnl_attr_get_type(attribute) == RTA_OIF &&
            mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
                *(int *) data = (int) mnl_attr_get_u32(attribute);
        return MNL_CB_OK;
}

static int on_route(const struct nlmsghdr *header, void *data) {
        if (header->nlmsg_type == RTM_NEWROUTE)
                (void) mnl_attr_parse(header, sizeof(struct rtmsg), parse_route_attribute, data);
        return MNL_CB_STOP;
}

/* Asks the kernel where it would send a packet to this address; nothing is sent. */
static int route_ifindex(LinkMonitor *m, int family, const void *address, size_t length) {
        char buffer[256];
        struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
        struct rtmsg *message;
        int ifindex = 0;

        request->nlmsg_type = RTM_GETROUTE;
        request->nlmsg_flags = NLM_F_REQUEST;
        message = mnl_nlmsg_put_extra_header(request, sizeof(*message));
        message->rtm_family = (unsigned char) family;
        message->rtm_dst_len = (unsigned char) (length * 8);
        mnl_attr_put(request, RTA_DST, length, address);

        return ask(m, request, on_route, &ifindex) < 0 ? 0 : ifindex;
}

int link_monitor_default_ifindex(LinkMonitor *m) {
        /* Any global address does: no network has a route of its own to these documentation ones.
         */
        static const uint8_t v4[4] = { 203, 0, 113, 1 };
        static const uint8_t v6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
        int ifindex = route_ifindex(m, AF_INET, v4, sizeof(v4));

        return ifindex > 0 ? ifindex : route_ifindex(m, AF_INET6, v6, sizeof(v6));
}
