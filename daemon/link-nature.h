/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a link is: what it stands on, whose session it carries, and what its counter counts. */

#include <stdbool.h>
#include <stdint.h>

#include "traffic.h"

typedef enum LinkKind {
        LINK_KIND_PLAIN,
        LINK_KIND_VLAN, /* an MBIM session above the modem's link, or any other VLAN */
        LINK_KIND_MUX,  /* a QMAP session: rmnet, qmi_wwan's qmimux, or a vendor's */
} LinkKind;

typedef struct LinkNature {
        LinkKind kind;
        int parent;        /* ifindex of the link below; 0: none, or not known */
        unsigned mux;      /* mux id, or VLAN id */
        bool has_ethernet; /* its frames have a header */
        /* The counter counts these headers beside IP packets, in this direction. */
        bool rx_has_header, tx_has_header;
        /* When that became so: packets, and bytes of headers, that were counted before. */
        struct {
                Traffic packets, headers;
        } before;
} LinkNature;

#define LINK_HEADER_BYTES 14

/*
 * Completes what rtnetlink has said with what sysfs says, which alone knows of qmimux links, and of
 * drivers that take the header off before they count, or after; and with what the name says.
 */
void link_nature_look(LinkNature *nature, const char *name);

/* The link of that name has, or has no longer, frames with a header, after so many packets. */
void link_nature_change(LinkNature *nature, const char *name, bool has_ethernet, Traffic packets);

/* The bytes of the IP packets, of a counter's bytes and packets. */
Traffic link_nature_take_headers_off(const LinkNature *nature, Traffic bytes, Traffic packets);
