/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The kernel's links and their counters, over rtnetlink. */

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "link-nature.h"

typedef struct LinkMonitor LinkMonitor;

typedef struct Link {
        int ifindex;
        char name[IFNAMSIZ];
        LinkNature nature;
        /* Its counter began at zero after our last sighting of the links: it is charged in full. */
        bool is_new;
        Traffic packets; /* of its last word */
} Link;

typedef struct LinkListener {
        /* A link is there, or has another name or link below it now. All that are there when the
         * monitor starts are known to it before the first is told. */
        void (*appeared)(const Link *link, void *userdata);
        /*
         * It is gone. last is its counter's last word; NULL when the counter is not over but only
         * out of sight (the link moved to another network namespace), or nothing was said.
         */
        void (*vanished)(const Link *link, const Traffic *last, void *userdata);
} LinkListener;

/*
 * Links with an index up to known_ifindex were there at our last sighting in this boot and network
 * namespace; INT_MAX: there was none ever, so that what is there now may be old. Returns a negative
 * errno.
 */
int link_monitor_new(const LinkListener *listener, void *userdata, LinkMonitor **ret);
LinkMonitor *link_monitor_free(LinkMonitor *m);

/* Tells of all links there are, and from now on of each that comes and goes. */
int link_monitor_start(LinkMonitor *m, int known_ifindex);

/* The link of that name; NULL: none. Valid until the next turn of the main loop. */
const Link *link_monitor_find(LinkMonitor *m, const char *name);

/* Calls back for each link that stands on this one. They must not come or go meanwhile. */
void link_monitor_foreach_above(LinkMonitor *m, int ifindex,
                                void (*call)(const Link *link, void *userdata), void *userdata);

/* The largest index of any link that was seen. */
int link_monitor_max_ifindex(const LinkMonitor *m);

/* This network namespace, as distinct from others of the same boot. */
uint64_t link_namespace(void);

/*
 * The link's counter, now: bytes of IP packets, without headers that it counts as well, and the
 * number of packets (may be NULL). -ENODEV when it is gone, -EIO when the kernel does not answer.
 */
int link_monitor_read(LinkMonitor *m, int ifindex, Traffic *ret, Traffic *ret_packets);

/* The link that this machine reaches the Internet by; 0: none. */
int link_monitor_default_ifindex(LinkMonitor *m);
