/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "iccid.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#define LEAST_DIGITS 18
#define MOST_DIGITS  20
#define TAIL         4

int iccid_normalize(const char *text, char **ret_iccid) {
        char digits[MOST_DIGITS];
        bool is_filled = false;
        size_t n = 0;

        for (; *text; text++) {
                if (g_ascii_isspace(*text))
                        continue;
                if (*text == 'F' || *text == 'f') {
                        is_filled = true;
                        continue;
                }
                if (!g_ascii_isdigit(*text) || is_filled || n == MOST_DIGITS)
                        return -EINVAL;
                digits[n++] = *text;
        }
        if (n < LEAST_DIGITS)
                return -EINVAL;

        *ret_iccid = g_strndup(digits, n);
        return 0;
}

int iccid_from_bcd(const uint8_t *bytes, size_t n, char **ret_iccid) {
        char text[MOST_DIGITS + 1];

        if (n > MOST_DIGITS / 2)
                return -EINVAL;

        for (size_t i = 0; i < n; i++) {
                text[2 * i] = "0123456789XXXXXF"[bytes[i] & 0xf];
                text[2 * i + 1] = "0123456789XXXXXF"[bytes[i] >> 4];
        }
        text[2 * n] = '\0';

        return iccid_normalize(text, ret_iccid);
}

bool iccid_same(const char *a, const char *b) {
        size_t a_length = strlen(a), b_length = strlen(b);

        if (a_length == b_length)
                return strcmp(a, b) == 0;
        if (MIN(a_length, b_length) != MOST_DIGITS - 1 || MAX(a_length, b_length) != MOST_DIGITS)
                return false;

        return strncmp(a, b, MOST_DIGITS - 1) == 0;
}

const char *iccid_tail(const char *iccid) {
        size_t length = strlen(iccid);

        if (!g_ascii_isdigit(iccid[0]))
                return iccid + length;
        return length > TAIL ? iccid + length - TAIL : iccid;
}

char *iccid_mask(const char *identifier) {
        if (strlen(identifier) < 2 * TAIL || !g_ascii_isdigit(identifier[0]))
                return g_strdup("..");

        return g_strconcat("..", iccid_tail(identifier), NULL);
}
