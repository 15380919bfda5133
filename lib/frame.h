/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages of an MBIM modem, checked on their raw bytes before a library parses them. */

#include <stddef.h>
#include <stdint.h>

typedef enum FrameVerdict {
        FRAME_BAD,     /* it lies about its size, or points to what is not there */
        FRAME_REFUSED, /* whole; the modem refuses the command: there are no contents to parse */
        FRAME_UNKNOWN, /* its headers are right, its contents are nothing that is read here */
        FRAME_GOOD,    /* and so is all that a parser of this service and command will look at */
} FrameVerdict;

/*
 * Checks one whole message from the modem (fragments joined): its header, its fragment header, and
 * of a COMMAND_DONE or INDICATE_STATUS the information buffer, as Universal Serial Bus
 * Communications Class Subclass Specification for Mobile Broadband Interface Model 1.0, sections 9
 * and 10, and Microsoft's extensions lay them out. Counts are held against the bytes that are
 * there, each offset and length likewise, and what a message's pairs lead to may not be many times
 * the message: libmbim 1.28 believes a count, and crashes.
 *
 * version is the major number of the extensions that the device has agreed to (1: none), which
 * decides how some messages are laid out; the parser that is called must be that version's.
 */
FrameVerdict frame_check(const uint8_t *message, size_t n, unsigned version);

/*
 * The same; and in the texts of a good message, U+FFFD is put in the place of what is not valid
 * UTF-16, for which libmbim would give up the whole message. The verdict is on what has become of
 * it: a text may lie over a count.
 */
FrameVerdict frame_mend(uint8_t *message, size_t n, unsigned version);
