/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "frame.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* Types of message that a modem sends. */
#define OPEN_DONE       0x80000001u
#define CLOSE_DONE      0x80000002u
#define COMMAND_DONE    0x80000003u
#define FUNCTION_ERROR  0x80000004u
#define INDICATE_STATUS 0x80000007u

#define HEADER_BYTES      12 /* type, length, transaction */
#define STATUS_BYTES      16 /* with the status of OPEN_DONE, CLOSE_DONE or an error */
#define UUID_AT           20 /* after total and current of the fragment header */
#define UUID_BYTES        16
#define COMMAND_AT        36
#define DONE_STATUS_AT    40
#define DONE_BYTES        48 /* with status and length of the information buffer */
#define INDICATION_BYTES  44 /* with the length of the information buffer */
#define PAIR_BYTES        8  /* offset and size */
#define TLV_BYTES         8  /* type, reserved, padding, length */
#define MOST_BYTES_TIMES  4  /* what pairs lead to, against the information buffer */
#define MOST_BYTES_BESIDE 1024
#define REPLACEMENT       0xfffd /* a UTF-16 unit */

static const uint8_t basic_connect[UUID_BYTES] = { 0xa2, 0x89, 0xcc, 0x33, 0xbc, 0xbb, 0x8b, 0x4f,
                                                   0xb6, 0xb0, 0x13, 0x3e, 0xc2, 0xaa, 0xe6, 0xdf };
static const uint8_t sms[UUID_BYTES] = { 0x53, 0x3f, 0xbe, 0xeb, 0x14, 0xfe, 0x44, 0x67,
                                         0x9f, 0x90, 0x33, 0xa2, 0x23, 0xe5, 0x6c, 0x3f };
static const uint8_t ussd[UUID_BYTES] = { 0xe5, 0x50, 0xa0, 0xc8, 0x5e, 0x82, 0x47, 0x9e,
                                          0x82, 0xf7, 0x10, 0xab, 0xf4, 0xc3, 0x35, 0x1f };
static const uint8_t extensions[UUID_BYTES] = { 0x3d, 0x01, 0xdc, 0xc5, 0xfe, 0xf5, 0x4d, 0x05,
                                                0x0d, 0x3a, 0xbe, 0xf7, 0x05, 0x8e, 0x9a, 0xaf };

/*
 * What the information buffer of a message has in it, in order:
 *
 *     h w d u    16, 32, 64 bits; a UUID
 *     z          32 bits that are zero
 *     s b        offset and size of a text in UTF-16; of bytes
 *     n          32 bits: how many of the next W, S or R there are
 *     W S        so many words; so many s
 *     R(…)       so many pairs of offset and size, each of which leads to a structure of these
 *     t          a TLV
 *     l          TLVs, up to the end
 *
 * Offsets count from the beginning of the structure that they stand in.
 */
typedef struct Layout {
        const uint8_t *service;
        uint32_t command;
        unsigned since; /* of the extensions; a later one takes the place of an earlier */
        const char *fields;
} Layout;

static const Layout layouts[] = {
        { basic_connect, 1, 1, "wwwwwwwwssss" }, /* device capabilities */
        { basic_connect, 2, 1, "wsswnS" },       /* subscriber ready status */
        { basic_connect, 2, 3, "wwsswnS" },      /* … with flags */
        { basic_connect, 3, 1, "ww" },           /* radio state */
        { basic_connect, 6, 1, "swswww" },       /* home provider */
        { basic_connect, 8, 1, "nR(swswww)" },   /* visible providers */
        { basic_connect, 9, 1, "wwwwwsssw" },    /* register state */
        { basic_connect, 9, 2, "wwwwwsssww" },   /* … with preferred data classes */
        { basic_connect, 10, 1, "wwwdd" },       /* packet service */
        { basic_connect, 10, 2, "wwwddw" },      /* … with the frequency range */
        { basic_connect, 10, 3, "wwwddwwhhw" },  /* … and the tracking area */
        { basic_connect, 12, 1, "wwwwuw" },      /* connect */
        { basic_connect, 12, 3, "wwwwuwwtl" },   /* … with the access string */
        { basic_connect, 13, 1, "nR(wusssww)" }, /* provisioned contexts */
        { basic_connect, 16, 1, "nwR(uwwnW)" },  /* device services */
        { basic_connect, 20, 1, "wwddddww" },    /* packet statistics */
        { sms, 1, 1, "wwwws" },                  /* configuration */
        { sms, 2, 1, "znR(wwb)" },               /* read, as PDUs */
        { sms, 3, 1, "w" },                      /* send */
        { sms, 5, 1, "ww" },                     /* message store status */
        { ussd, 1, 1, "wwwb" },                  /* USSD */
        { extensions, 5, 1, "wwwd" },            /* system capabilities */
        { extensions, 7, 1, "nR(w)" },           /* slot mappings */
        { extensions, 8, 1, "ww" },              /* slot status */
        { extensions, 15, 1, "hh" },             /* version */
};

typedef struct Area {
        const uint8_t *bytes;
        size_t n;
        size_t budget;    /* of bytes that pairs may still lead to */
        uint8_t *to_mend; /* the bytes again, where texts are to be mended; NULL: only checked */
        bool has_mended;
} Area;

static uint16_t unit_at(const uint8_t *bytes) {
        return (uint16_t) (bytes[0] | bytes[1] << 8);
}

static void mend(Area *a, uint8_t *text, size_t size) {
        for (size_t i = 0; i + 2 <= size; i += 2) {
                uint16_t unit = unit_at(text + i);

                if ((unit & 0xf800) != 0xd800)
                        continue;
                if (unit < 0xdc00 && i + 4 <= size && (unit_at(text + i + 2) & 0xfc00) == 0xdc00) {
                        i += 2; /* a pair */
                        continue;
                }
                text[i] = REPLACEMENT & 0xff;
                text[i + 1] = REPLACEMENT >> 8;
                a->has_mended = true;
        }
}

static uint32_t word_at(const uint8_t *bytes, size_t at) {
        uint32_t word;

        memcpy(&word, bytes + at, sizeof(word));
        return GUINT32_FROM_LE(word);
}

/* Moves *at behind what is there; false where it is not. */
static bool take(const Area *a, size_t *at, size_t n) {
        if (n > a->n || *at > a->n - n)
                return false;

        *at += n;
        return true;
}

/* Where a pair leads to, from the beginning of its structure; nothing, where the size is zero. */
static bool take_pair(Area *a, size_t start, size_t *at, size_t *ret_where) {
        size_t where, size, end;

        if (!take(a, at, PAIR_BYTES))
                return false;

        where = start + word_at(a->bytes, *at - PAIR_BYTES);
        size = word_at(a->bytes, *at - PAIR_BYTES + 4);
        end = where;
        if (size > 0 && (!take(a, &end, size) || size > a->budget))
                return false;

        a->budget -= size;
        *ret_where = where;
        return true;
}

static bool take_text(Area *a, size_t start, size_t *at) {
        size_t where, pair = *at;

        if (!take_pair(a, start, at, &where))
                return false;

        if (a->to_mend && word_at(a->bytes, pair + 4) > 0)
                mend(a, a->to_mend + where, word_at(a->bytes, pair + 4));
        return true;
}

static bool take_tlv(const Area *a, size_t *at) {
        size_t begin = *at;

        return take(a, at, TLV_BYTES) && take(a, at, word_at(a->bytes, begin + 4)) &&
               take(a, at, a->bytes[begin + 3]);
}

/* What is left over, and is less than the head of a TLV, is nobody's. */
static bool take_tlvs(const Area *a, size_t *at) {
        while (a->n - *at >= TLV_BYTES)
                if (!take_tlv(a, at))
                        return false;
        return true;
}

static bool check_fields(Area *a, size_t start, const char *fields, size_t n_fields);

static bool take_structures(Area *a, size_t start, size_t *at, uint32_t count, const char *inner,
                            size_t n_inner) {
        size_t where;

        for (uint32_t i = 0; i < count; i++)
                if (!take_pair(a, start, at, &where) || !check_fields(a, where, inner, n_inner))
                        return false;
        return true;
}

static bool take_texts(Area *a, size_t start, size_t *at, uint32_t count) {
        for (uint32_t i = 0; i < count; i++)
                if (!take_text(a, start, at))
                        return false;
        return true;
}

static bool take_number(const Area *a, size_t *at, uint32_t *ret) {
        if (!take(a, at, 4))
                return false;

        *ret = word_at(a->bytes, *at - 4);
        return true;
}

static bool take_field(Area *a, size_t start, size_t *at, char field, uint32_t *count) {
        uint32_t number = 0;
        size_t where;

        switch (field) {
        case 'h':
                return take(a, at, 2);
        case 'w':
                return take(a, at, 4);
        case 'd':
                return take(a, at, 8);
        case 'u':
                return take(a, at, UUID_BYTES);
        case 'z':
                return take_number(a, at, &number) && number == 0;
        case 'n':
                return take_number(a, at, count);
        case 's':
                return take_text(a, start, at);
        case 'b':
                return take_pair(a, start, at, &where);
        case 'W':
                return take(a, at, (size_t) *count * 4);
        case 'S':
                return take_texts(a, start, at, *count);
        case 't':
                return take_tlv(a, at);
        case 'l':
                return take_tlvs(a, at);
        }
        g_assert_not_reached();
}

static bool check_fields(Area *a, size_t start, const char *fields, size_t n_fields) {
        const char *end = fields + n_fields, *inner;
        uint32_t count = 0;
        size_t at = start;

        for (const char *f = fields; f < end; f++) {
                if (*f != 'R') {
                        if (!take_field(a, start, &at, *f, &count))
                                return false;
                        continue;
                }

                inner = f + strlen("R(");
                f = strchr(inner, ')');
                if (!take_structures(a, start, &at, count, inner, (size_t) (f - inner)))
                        return false;
        }

        return true;
}

static const Layout *find_layout(const uint8_t *service, uint32_t command, unsigned version) {
        const Layout *found = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(layouts); i++)
                if (memcmp(layouts[i].service, service, UUID_BYTES) == 0 &&
                    layouts[i].command == command && layouts[i].since <= version)
                        found = &layouts[i];
        return found;
}

static bool is_reply(const uint8_t *message) {
        return word_at(message, 0) == COMMAND_DONE;
}

static const Layout *layout_of(const uint8_t *message, unsigned version) {
        return find_layout(message + UUID_AT, word_at(message, COMMAND_AT), version);
}

/* A parser goes as far as the message does, whatever the length of the buffer says. */
static Area area_of(const uint8_t *message, size_t n) {
        size_t head = is_reply(message) ? DONE_BYTES : INDICATION_BYTES;

        return (Area){ .bytes = message + head,
                       .n = n - head,
                       .budget = MOST_BYTES_TIMES * (n - head) + MOST_BYTES_BESIDE };
}

/* A message of a service: a reply to a command, or an indication. */
static FrameVerdict check_service(const uint8_t *message, size_t n, unsigned version) {
        size_t head = is_reply(message) ? DONE_BYTES : INDICATION_BYTES;
        const Layout *layout;
        Area a;

        if (n < head || word_at(message, HEADER_BYTES) != 1 ||
            word_at(message, HEADER_BYTES + 4) != 0 || word_at(message, head - 4) > n - head)
                return FRAME_BAD;
        if (is_reply(message) && word_at(message, DONE_STATUS_AT) != 0)
                return FRAME_REFUSED;

        layout = layout_of(message, version);
        if (!layout)
                return FRAME_UNKNOWN;

        a = area_of(message, n);
        return check_fields(&a, 0, layout->fields, strlen(layout->fields)) ? FRAME_GOOD : FRAME_BAD;
}

FrameVerdict frame_check(const uint8_t *message, size_t n, unsigned version) {
        if (n < HEADER_BYTES || word_at(message, 4) != n)
                return FRAME_BAD;

        switch (word_at(message, 0)) {
        case COMMAND_DONE:
        case INDICATE_STATUS:
                return check_service(message, n, version);
        case OPEN_DONE:
        case CLOSE_DONE:
                if (n < STATUS_BYTES)
                        return FRAME_BAD;
                return word_at(message, HEADER_BYTES) == 0 ? FRAME_UNKNOWN : FRAME_REFUSED;
        case FUNCTION_ERROR:
                return n < STATUS_BYTES ? FRAME_BAD : FRAME_REFUSED;
        default:
                return FRAME_BAD;
        }
}

FrameVerdict frame_mend(uint8_t *message, size_t n, unsigned version) {
        FrameVerdict verdict = frame_check(message, n, version);
        const char *fields;
        Area a;

        if (verdict != FRAME_GOOD)
                return verdict;

        fields = layout_of(message, version)->fields;
        a = area_of(message, n);
        a.to_mend = message + (a.bytes - message);
        (void) check_fields(&a, 0, fields, strlen(fields));
        return a.has_mended ? frame_check(message, n, version) : verdict;
}
