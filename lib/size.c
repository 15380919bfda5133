/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "size.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define DIGITS        "0123456789"
#define DECIMALS_FROM 3 /* GB */

/* Units, each `base` times the one before. */
typedef struct Scale {
        uint64_t base;
        int n_names;
        const char *names[5];
} Scale;

static const Scale si = { 1000, 5, { "B", "kB", "MB", "GB", "TB" } };
static const Scale iec = { 1024, 5, { "B", "KiB", "MiB", "GiB", "TiB" } };
static const Scale plain = { 1000, 1, { "B" } };
static const Scale rates = { 1000, 4, { "bit/s", "kbit/s", "Mbit/s", "Gbit/s" } };

static const Scale *scale_of(SizeUnit unit) {
        if (unit == SIZE_BYTES)
                return &plain;
        return unit == SIZE_IEC ? &iec : &si;
}

/* The number alone; its unit is a text of the scale's. */
static char *format_number(uint64_t value, const Scale *scale, const char **ret_unit) {
        uint64_t step = 1, whole, tenth;
        int i = 0;

        while (i < scale->n_names - 1 && value / step >= scale->base) {
                step *= scale->base;
                i++;
        }

        whole = value / step;
        tenth = value % step * 10 / step; /* below 2^44, and exact for powers of 1024 as well */

        *ret_unit = scale->names[i];
        if (tenth > 0 && (whole < 10 || (i >= DECIMALS_FROM && whole < 100)))
                return g_strdup_printf("%" G_GUINT64_FORMAT ".%u", whole, (unsigned) tenth);
        return g_strdup_printf("%" G_GUINT64_FORMAT, whole);
}

static char *format(uint64_t value, const Scale *scale) {
        const char *unit;
        g_autofree char *number = format_number(value, scale, &unit);

        return g_strconcat(number, " ", unit, NULL);
}

char *size_format(uint64_t bytes, SizeUnit unit) {
        return format(bytes, scale_of(unit));
}

char *size_format_rate(uint64_t bps) {
        return format(bps, &rates);
}

void size_format_halves(uint64_t part, uint64_t whole, SizeUnit unit, char **ret_part,
                        char **ret_whole) {
        const char *part_unit, *whole_unit;
        g_autofree char *part_number = format_number(part, scale_of(unit), &part_unit);
        g_autofree char *whole_number = format_number(whole, scale_of(unit), &whole_unit);

        *ret_part = part_unit == whole_unit ? g_steal_pointer(&part_number)
                                            : g_strconcat(part_number, " ", part_unit, NULL);
        *ret_whole = g_strconcat(whole_number, " ", whole_unit, NULL);
}

char *size_format_pair(uint64_t part, uint64_t whole, SizeUnit unit) {
        g_autofree char *a = NULL, *b = NULL;

        size_format_halves(part, whole, unit, &a, &b);
        return g_strconcat(a, " of ", b, NULL);
}

static bool find_unit(const char *name, const Scale *scale, uint64_t *ret_step) {
        uint64_t step = 1;

        for (int i = 0; i < scale->n_names; i++, step *= scale->base)
                if (g_ascii_strcasecmp(name, scale->names[i]) == 0) {
                        *ret_step = step;
                        return true;
                }

        return false;
}

/* How much of a step the decimals are, cut off: digit by digit from the last, which is exact. */
static uint64_t fraction_of(const char *decimals, size_t n, uint64_t step) {
        uint64_t sum = 0;

        while (n-- > 0)
                sum = (sum + (uint64_t) (decimals[n] - '0') * step) / 10;

        return sum;
}

static int parse(const char *text, const Scale *scale, const Scale *other, uint64_t *ret) {
        size_t digits = strspn(text, DIGITS), n_decimals = 0;
        const char *decimals = text + digits + 1, *unit = text + digits;
        uint64_t step, sum = 0;

        if (*unit == '.') {
                n_decimals = strspn(decimals, DIGITS);
                if (n_decimals == 0)
                        return -EINVAL;
                unit = decimals + n_decimals;
        }
        unit += strspn(unit, " ");
        if (digits == 0 || (!find_unit(unit, scale, &step) && !find_unit(unit, other, &step)))
                return -EINVAL;

        for (size_t i = 0; i < digits; i++)
                if (!g_uint64_checked_mul(&sum, sum, 10) ||
                    !g_uint64_checked_add(&sum, sum, (uint64_t) (text[i] - '0')))
                        return -ERANGE;
        if (!g_uint64_checked_mul(&sum, sum, step) ||
            !g_uint64_checked_add(&sum, sum, fraction_of(decimals, n_decimals, step)))
                return -ERANGE;

        *ret = sum;
        return 0;
}

int size_parse(const char *text, uint64_t *ret_bytes) {
        return parse(text, &si, &iec, ret_bytes);
}

int size_parse_rate(const char *text, uint64_t *ret_bps) {
        return parse(text, &rates, &rates, ret_bps);
}
