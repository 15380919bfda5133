/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Numbers as carriers write them: with either decimal mark, and units in many languages. */

#include <string.h>

#include "reply-internal.h"

#define DIGITS     "0123456789"
#define MAX_DIGITS 18
#define MOST_BYTES UINT64_C(1000000000000000000)
#define KB         UINT64_C(1000)
#define MB         (1000 * KB)
#define GB         (1000 * MB)
#define TB         (1000 * GB)
#define KIB        (UINT64_C(1) << 10)
#define MIB        (UINT64_C(1) << 20)
#define GIB        (UINT64_C(1) << 30)
#define TIB        (UINT64_C(1) << 40)

static const struct {
        const char *names;
        uint64_t bytes;
} units[] = {
        { "byte|bytes|octets|バイト|字节", 1 },
        { "kb|kbyte|kbytes|kilobyte|kilobytes|ko|кб|kbs|キロバイト", KB },
        { "mb|mbyte|mbytes|megabyte|megabytes|megas|mega|megs|meg|mo|мб|mbs|メガ|メガバイト|兆|"
          "เมกะไบต์",
          MB },
        { "gb|gbyte|gbytes|gigabyte|gigabytes|gigas|giga|gigs|gig|go|гб|gbs|ギガ|ギガバイト|"
          "กิกะไบต์",
          GB },
        { "tb|tbyte|tbytes|terabyte|terabytes|тб|テラバイト", TB },
        { "kib", KIB },
        { "mib|mio", MIB },
        { "gib|gio", GIB },
        { "tib|tio", TIB },
};

/* Where it is followed by "/s" or the like, it is a speed. */
static bool is_speed(const char *after) {
        after += strspn(after, " ");
        if (after[0] == '/' && after[1] == 's')
                return reply_is_boundary('s', g_utf8_get_char(after + 2));
        if (g_str_has_prefix(after, "/秒"))
                return true;
        return g_str_has_prefix(after, "per second") || g_str_has_prefix(after, "par seconde") ||
               g_str_has_prefix(after, "pro sekunde") || g_str_has_prefix(after, "por segundo");
}

size_t reply_unit_at(const char *text, uint64_t *ret_bytes, bool *ret_is_bare) {
        size_t blanks = strspn(text, " "), longest = 0;
        const char *unit = text + blanks;
        uint64_t bytes = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
                size_t n = reply_longest_of(units[i].names, unit, false);

                if (n > longest) {
                        longest = n;
                        bytes = units[i].bytes;
                }
        }
        *ret_is_bare = longest == 0;
        if (longest == 0 && reply_longest_of("g|m", unit, false) > 0) {
                longest = 1;
                bytes = *unit == 'g' ? GB : MB;
        }
        if (longest == 0 || is_speed(unit + longest))
                return 0;

        *ret_bytes = bytes;
        return blanks + longest;
}

/* Three digits that end there. */
static bool is_group(const char *text) {
        return strspn(text, DIGITS) == 3;
}

size_t reply_number_at(const char *text, char *ret_decimal) {
        size_t n = strspn(text, DIGITS), marks = 0, decimals = 0;
        char last = 0;
        bool is_mixed = false;

        *ret_decimal = 0;
        if (n == 0)
                return 0;

        while (strchr(".,' ", text[n]) && text[n] && g_ascii_isdigit(text[n + 1])) {
                /* Blanks and apostrophes only part thousands, and only whole groups. */
                if (strchr("' ", text[n]) &&
                    (!is_group(text + n + 1) || n > 15 ||
                     (marks == 0 && strspn(text, DIGITS) > 3) || (marks > 0 && last != text[n])))
                        break;
                is_mixed = is_mixed || (marks > 0 && last != text[n]);
                last = text[n];
                marks++;
                decimals = strspn(text + n + 1, DIGITS);
                n += 1 + decimals;
        }

        if (last == '.' || last == ',') {
                if (is_mixed || (marks == 1 && decimals != 3) || (marks == 1 && *text == '0'))
                        *ret_decimal = last;
                else if (marks > 1)
                        *ret_decimal = last == '.' ? ',' : '.';
        }
        return n;
}

/* Where the number's decimals begin: a byte's index, or n where it has none. -1: not to be told. */
static ssize_t find_decimal(const char *number, size_t n, uint64_t unit, char decimal) {
        const char *last = NULL;
        size_t marks = 0;
        bool is_mixed = false;

        for (size_t i = 0; i < n; i++)
                if (strchr(".,' ", number[i])) {
                        is_mixed = is_mixed || (last && *last != number[i]);
                        last = number + i;
                        marks++;
                }

        if (marks == 0 || (marks > 1 && !is_mixed))
                return (ssize_t) n;
        if (is_mixed || *number == '0' || number + n - last - 1 != 3)
                return last - number;
        if (*last == ' ' || *last == '\'')
                return *last == '\'' ? (ssize_t) n : -1;
        if (*last == decimal)
                return last - number;
        /* Nobody has thousands of GB left. */
        return decimal != 0 && unit < GB ? (ssize_t) n : -1;
}

/* Between marks of thousands there are three digits. */
static bool has_whole_groups(const char *number, size_t n) {
        size_t since = 0, n_groups = 0;

        for (size_t i = 0; i <= n; i++) {
                if (i < n && g_ascii_isdigit(number[i])) {
                        since++;
                        continue;
                }
                if (n_groups > 0 ? since != 3 : since > 3 && i < n)
                        return false;
                since = 0;
                n_groups++;
        }

        return true;
}

void reply_amount_read(const char *number, size_t n, uint64_t unit, const ReplyManner *manner,
                       ReplyAmount *ret) {
        bool has_blank_groups = (manner->languages & (REPLY_FR | REPLY_PL | REPLY_RU)) != 0;
        ssize_t point = find_decimal(number, n, unit, manner->decimal);
        size_t digits = 0;
        unsigned __int128 bytes = 0, resolution = unit;
        unsigned __int128 divisor = 1;

        *ret = (ReplyAmount){ .is_unclear = true };
        if (point < 0 && memchr(number, ' ', n) && has_blank_groups)
                point = (ssize_t) n;
        if (point < 0 || !has_whole_groups(number, (size_t) point) ||
            (memchr(number, ' ', n) && !has_blank_groups))
                return;

        for (size_t i = 0; i < n; i++) {
                if (!g_ascii_isdigit(number[i]))
                        continue;
                if (++digits > MAX_DIGITS)
                        return;
                bytes = bytes * 10 + (unsigned) (number[i] - '0');
                if ((ssize_t) i > point)
                        divisor *= 10;
        }

        bytes = bytes * unit / divisor;
        if (bytes > MOST_BYTES)
                return;
        resolution /= divisor;
        *ret = (ReplyAmount){ .bytes = (uint64_t) bytes,
                              .resolution = MAX((uint64_t) resolution, 1) };
}
