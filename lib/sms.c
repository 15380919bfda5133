/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One message out of its bytes, and into them. */

#include "sms.h"

#include <errno.h>
#include <string.h>

#include "gsm.h"

#define SUBMIT        0x11 /* with a relative validity */
#define ONE_HOUR      0x0b
#define DELIVER       0x00
#define TYPE_MASK     0x03
#define HAS_HEADER    0x40
#define NATIONAL      0x81
#define INTERNATIONAL 0x91
#define KIND_MASK     0x70
#define KIND_NAME     0x50
#define KIND_GLOBAL   0x10
#define MOST_DIGITS   20
#define MOST_CODES    160
#define MOST_BYTES    140
#define STAMP_BYTES   7
#define REFERENCE_8   0x00
#define REFERENCE_16  0x08
#define DIGITS        "0123456789*#abc"

typedef enum Coding {
        CODING_7_BIT,
        CODING_8_BIT,
        CODING_UCS2,
} Coding;

void sms_deliver_clear(SmsDeliver *d) {
        g_clear_pointer(&d->sender, g_free);
        g_clear_pointer(&d->text, g_free);
}

/* 9.1.2.5: the number of digits, what they are, and two of them in each byte. */
static int append_address(GByteArray *pdu, const char *to) {
        const char *digits = *to == '+' ? to + 1 : to;
        size_t n = strlen(digits);
        uint8_t head[2] = { (uint8_t) n, *to == '+' ? INTERNATIONAL : NATIONAL };

        if (n == 0 || n > MOST_DIGITS || strspn(digits, "0123456789") != n)
                return -EINVAL;

        g_byte_array_append(pdu, head, sizeof(head));
        for (size_t i = 0; i < n; i += 2) {
                uint8_t high = i + 1 < n ? (uint8_t) (digits[i + 1] - '0') : 0xf;
                uint8_t both = (uint8_t) (high << 4 | (digits[i] - '0'));

                g_byte_array_append(pdu, &both, 1);
        }
        return 0;
}

static int append_ucs2(GByteArray *pdu, const char *text) {
        glong n;
        g_autofree gunichar2 *units = g_utf8_to_utf16(text, -1, NULL, &n, NULL);
        uint8_t head[] = { 0, 0x08, ONE_HOUR, (uint8_t) (2 * n) };

        if (!units)
                return -EINVAL;
        if (2 * n > MOST_BYTES)
                return -E2BIG;

        g_byte_array_append(pdu, head, sizeof(head));
        for (glong i = 0; i < n; i++) {
                uint8_t bytes[] = { (uint8_t) (units[i] >> 8), (uint8_t) units[i] };

                g_byte_array_append(pdu, bytes, sizeof(bytes));
        }
        return 0;
}

static int append_text(GByteArray *pdu, const char *text) {
        g_autoptr(GByteArray) codes = NULL, packed = NULL;
        uint8_t head[] = { 0, 0, ONE_HOUR, 0 };

        if (gsm_codes(text, &codes) < 0)
                return append_ucs2(pdu, text);
        if (codes->len > MOST_CODES)
                return -E2BIG;

        head[3] = (uint8_t) codes->len;
        packed = gsm_pack(codes);
        g_byte_array_append(pdu, head, sizeof(head));
        g_byte_array_append(pdu, packed->data, packed->len);
        return 0;
}

static void unref_bytes(void *data) {
        g_bytes_unref(data);
}

int sms_submit_new(const char *to, const char *text, GPtrArray **ret) {
        static const uint8_t head[] = { 0, SUBMIT, 0 }; /* the SIM's own centre; no reference */
        g_autoptr(GByteArray) pdu = g_byte_array_new();
        int r;

        if (!*text || !g_utf8_validate(text, -1, NULL))
                return -EINVAL;

        g_byte_array_append(pdu, head, sizeof(head));
        r = append_address(pdu, to);
        if (r >= 0)
                r = append_text(pdu, text);
        if (r < 0)
                return r;

        *ret = g_ptr_array_new_with_free_func(unref_bytes);
        g_ptr_array_add(*ret, g_byte_array_free_to_bytes(g_steal_pointer(&pdu)));
        return 0;
}

/* What is still to be read. */
typedef struct Scan {
        const uint8_t *next;
        size_t left;
} Scan;

/* So many bytes; NULL: they are not there. */
static const uint8_t *take(Scan *s, size_t n) {
        const uint8_t *bytes = s->next;

        if (n > s->left)
                return NULL;

        s->next += n;
        s->left -= n;
        return bytes;
}

static char *read_digits(const uint8_t *bytes, size_t n, bool is_international) {
        GString *text = g_string_new(is_international ? "+" : NULL);

        for (size_t i = 0; i < n; i++) {
                uint8_t digit = i % 2 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xf;

                if (digit < strlen(DIGITS))
                        g_string_append_c(text, DIGITS[digit]);
        }

        return g_string_free(text, FALSE);
}

static int read_sender(Scan *s, char **ret) {
        const uint8_t *head = take(s, 2), *bytes;
        size_t n = head ? head[0] : 0;

        if (!head || n > MOST_DIGITS || !(head[1] & 0x80))
                return -EBADMSG;
        bytes = take(s, (n + 1) / 2);
        if (!bytes)
                return -EBADMSG;

        *ret = (head[1] & KIND_MASK) == KIND_NAME
                       ? gsm_unpack(bytes, (n + 1) / 2, n * 4 / 7, 0)
                       : read_digits(bytes, n, (head[1] & KIND_MASK) == KIND_GLOBAL);
        return 0;
}

/* Two decimal digits, the first one in the lower half; -1. */
static int pair(uint8_t byte) {
        int tens = byte & 0xf, ones = byte >> 4;

        return tens > 9 || ones > 9 ? -1 : tens * 10 + ones;
}

/* 9.2.3.11; 0: it is none. */
static int64_t read_stamp(const uint8_t b[static STAMP_BYTES]) {
        int year = pair(b[0]), quarters = pair(b[6] & (uint8_t) ~0x08);
        g_autoptr(GDateTime) time = NULL;

        if (year < 0 || quarters < 0)
                return 0;

        time = g_date_time_new_utc(year + (year < 90 ? 2000 : 1900), pair(b[1]), pair(b[2]),
                                   pair(b[3]), pair(b[4]), pair(b[5]));
        if (!time)
                return 0;
        return g_date_time_to_unix(time) - (b[6] & 0x08 ? -quarters : quarters) * 900;
}

/* TS 23.038, section 4. -ENOTSUP: compressed. */
static int read_coding(uint8_t dcs, Coding *ret) {
        if ((dcs & 0xc0) == 0x00 || (dcs & 0xc0) == 0x40) {
                if (dcs & 0x20)
                        return -ENOTSUP;
                *ret = (dcs >> 2 & 3) == 1   ? CODING_8_BIT
                       : (dcs >> 2 & 3) == 2 ? CODING_UCS2
                                             : CODING_7_BIT;
        } else if ((dcs & 0xf0) == 0xf0) {
                *ret = dcs & 0x04 ? CODING_8_BIT : CODING_7_BIT;
        } else {
                *ret = (dcs & 0xf0) == 0xe0 ? CODING_UCS2 : CODING_7_BIT;
        }

        return 0;
}

/* 9.2.3.24: which part it is. What else may be said is passed over. */
static int read_header(const uint8_t *bytes, size_t n, SmsDeliver *d) {
        Scan s = { bytes, n };

        while (s.left > 0) {
                const uint8_t *head = take(&s, 2);
                const uint8_t *body = head ? take(&s, head[1]) : NULL;
                bool is_wide = head && head[0] == REFERENCE_16;

                if (!body)
                        return -EBADMSG;
                if ((head[0] != REFERENCE_8 && !is_wide) || head[1] != (is_wide ? 4 : 3))
                        continue;

                d->reference = is_wide ? (uint16_t) (body[0] << 8 | body[1]) : body[0];
                d->n_parts = body[is_wide ? 2 : 1];
                d->part = body[is_wide ? 3 : 2];
        }

        if (d->n_parts <= 1)
                d->part = d->n_parts = 0;
        return d->part > d->n_parts || (d->n_parts > 0 && d->part == 0) ? -EBADMSG : 0;
}

static char *read_ucs2(const uint8_t *bytes, size_t n) {
        g_autofree gunichar2 *units = g_new(gunichar2, n / 2 + 1);
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < n / 2; i++)
                units[i] = (gunichar2) (bytes[2 * i] << 8 | bytes[2 * i + 1]);
        for (size_t i = 0; i < n / 2; i++) {
                gunichar c = units[i];

                if (c >= 0xd800 && c < 0xdc00 && i + 1 < n / 2 && units[i + 1] >= 0xdc00 &&
                    units[i + 1] < 0xe000)
                        c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00U);
                g_string_append_unichar(text, c > 0 && g_unichar_validate(c) ? c : 0xfffd);
        }

        return g_string_free(text, FALSE);
}

/* Its length is in characters of 7 bits, or in bytes; a header comes first, and counts. */
static int read_text(Scan *s, Coding coding, uint8_t length, bool has_header, SmsDeliver *d) {
        size_t n_bytes = coding == CODING_7_BIT ? (length * 7U + 7) / 8 : length;
        const uint8_t *bytes = take(s, n_bytes);
        size_t header = 0, header_codes;
        int r;

        if (!bytes || n_bytes > MOST_BYTES)
                return -EBADMSG;
        if (has_header) {
                header = n_bytes > 0 ? bytes[0] + 1U : 1;
                if (header > n_bytes)
                        return -EBADMSG;
                r = read_header(bytes + 1, header - 1, d);
                if (r < 0)
                        return r;
        }

        if (coding == CODING_UCS2) {
                d->text = read_ucs2(bytes + header, n_bytes - header);
                return 0;
        }
        header_codes = (header * 8 + 6) / 7;
        if (header_codes > length)
                return -EBADMSG;
        d->text = gsm_unpack(bytes + header, n_bytes - header, length - header_codes,
                             (unsigned) (header_codes * 7 - header * 8));
        return 0;
}

static int read_deliver(Scan *s, SmsDeliver *d) {
        const uint8_t *first = take(s, 1), *middle;
        Coding coding;
        int r;

        if (!first)
                return -EBADMSG;
        if ((first[0] & TYPE_MASK) != DELIVER)
                return -ENOTSUP;
        r = read_sender(s, &d->sender);
        if (r < 0)
                return r;

        middle = take(s, 2 + STAMP_BYTES + 1);
        if (!middle)
                return -EBADMSG;
        r = read_coding(middle[1], &coding);
        if (r < 0)
                return r;
        if (coding == CODING_8_BIT)
                return -ENOTSUP;

        d->at = read_stamp(middle + 2);
        return read_text(s, coding, middle[9], first[0] & HAS_HEADER, d);
}

int sms_deliver_parse(const uint8_t *pdu, size_t size, bool has_smsc, SmsDeliver *ret) {
        g_auto(SmsDeliver) d = { 0 };
        Scan s = { pdu, size };
        const uint8_t *n;
        int r;

        if (has_smsc) {
                n = take(&s, 1);
                if (!n || !take(&s, n[0]))
                        return -EBADMSG;
        }
        r = read_deliver(&s, &d);
        if (r < 0)
                return r;

        *ret = d;
        d = (SmsDeliver){ 0 };
        return 0;
}
