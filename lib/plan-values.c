/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plan-values.h"

#include <errno.h>
#include <string.h>

#include "calendar.h"
#include "size.h"
#include "utf8.h"

#define DIGITS        "0123456789"
#define MINUTE        60
#define HOUR          (60 * MINUTE)
#define DAY           (24 * HOUR)
#define MICROS        1000000
#define MAX_DECIMALS  6
#define MAX_MONEY     INT64_C(1000000000000) /* units */
#define FIRST_YEAR    1971                   /* so that every instant is positive, … */
#define LAST_YEAR     9998                   /* … and not after 9999 anywhere */
#define MAX_URL_BYTES 1024

char *value_squeeze(const char *text) {
        GString *squeezed = g_string_new(NULL);

        for (; *text; text++)
                if (*text != ' ' && *text != '\t')
                        g_string_append_c(squeezed, *text);
                else if (squeezed->len > 0 && squeezed->str[squeezed->len - 1] != ' ')
                        g_string_append_c(squeezed, ' ');
        if (squeezed->len > 0 && squeezed->str[squeezed->len - 1] == ' ')
                g_string_truncate(squeezed, squeezed->len - 1);

        return g_string_free(squeezed, FALSE);
}

int value_read_number(const char *text, int64_t least, int64_t most, int64_t *ret) {
        int64_t n = 0;

        if (*text == '\0' || text[strspn(text, DIGITS)] != '\0')
                return -EINVAL;
        for (; *text; text++) {
                n = n * 10 + (*text - '0');
                if (n > most)
                        return -ERANGE;
        }
        if (n < least)
                return -ERANGE;

        *ret = n;
        return 0;
}

int value_read_size(const char *text, uint64_t *ret) {
        uint64_t bytes;
        int r;

        r = size_parse(text, &bytes);
        if (r < 0)
                return r;
        if (bytes == 0 || bytes > VALUE_MAX_BYTES)
                return -ERANGE;

        *ret = bytes;
        return 0;
}

int value_read_bytes(const char *text, uint64_t *ret) {
        if (strcmp(text, "unlimited") != 0)
                return value_read_size(text, ret);

        *ret = PLAN_UNLIMITED;
        return 0;
}

/* So many thousandths of a unit, without zeros at the end. */
static char *write_thousandths(uint64_t thousandths, const char *unit) {
        unsigned rest = (unsigned) (thousandths % 1000), n_decimals = 3;

        if (rest == 0)
                return g_strdup_printf("%" G_GUINT64_FORMAT "%s", thousandths / 1000, unit);
        for (; rest % 10 == 0; rest /= 10)
                n_decimals--;
        return g_strdup_printf("%" G_GUINT64_FORMAT ".%0*u%s", thousandths / 1000, (int) n_decimals,
                               rest, unit);
}

/* The shorter of two texts, both owned; the first where they are alike. NULL is none. */
static char *shorter(char *a, char *b) {
        if (!a || !b)
                return a ? a : b;
        if (strlen(b) < strlen(a)) {
                g_free(a);
                return b;
        }

        g_free(b);
        return a;
}

/* The shortest way to say it exactly, with three decimals at most; the last unit is 1. */
static char *write_decimal(uint64_t value, const char *const *units, uint64_t step) {
        char *text = NULL;

        for (; step > 1; step /= 1000, units++)
                if (value >= step && value % (step / 1000) == 0)
                        text = shorter(text, write_thousandths(value / (step / 1000), *units));

        return shorter(text, g_strdup_printf("%" G_GUINT64_FORMAT "%s", value, *units));
}

static char *write_binary(uint64_t value) {
        static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
        uint64_t n = value >> 10;
        int i = 0;

        if (value % 1024 != 0 || value == 0)
                return NULL;
        for (; n % 1024 == 0 && i < 3; i++)
                n >>= 10;
        return g_strdup_printf("%" G_GUINT64_FORMAT "%s", n, units[i]);
}

/* What was meant is the shorter one: 5GiB, not 5368709120B; 512kB, not 500KiB. */
char *value_write_bytes(uint64_t bytes) {
        static const char *const units[] = { "TB", "GB", "MB", "kB", "B" };

        if (bytes == PLAN_UNLIMITED)
                return g_strdup("unlimited");

        return shorter(write_decimal(bytes, units, UINT64_C(1000000000000)), write_binary(bytes));
}

int value_read_rate(const char *text, uint64_t *ret_bps) {
        uint64_t bps;
        int r;

        r = size_parse_rate(text, &bps);
        if (r < 0)
                return r;
        if (bps == 0 || bps > VALUE_MAX_BPS)
                return -ERANGE;

        *ret_bps = bps;
        return 0;
}

char *value_write_rate(uint64_t bps) {
        static const char *const units[] = { "Gbit/s", "Mbit/s", "kbit/s", "bit/s" };

        return write_decimal(bps, units, 1000000000);
}

int value_read_money(const char *text, Money *ret) {
        size_t digits = strspn(text, DIGITS), n_decimals = 0;
        g_autofree char *whole = g_strndup(text, digits);
        const char *rest = text + digits, *decimals = rest + 1;
        int64_t units, micros = 0, scale = MICROS;
        int r;

        if (*rest == '.') {
                n_decimals = strspn(decimals, DIGITS);
                if (n_decimals == 0)
                        return -EINVAL;
                rest = decimals + n_decimals;
        }
        if (digits == 0 || *rest != ' ' || strlen(rest + 1) != 3 ||
            strspn(rest + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
                return -EINVAL;

        r = value_read_number(whole, 0, MAX_MONEY, &units);
        if (r < 0)
                return r;
        if (n_decimals > MAX_DECIMALS)
                return -ERANGE;
        for (size_t i = 0; i < n_decimals; i++) {
                scale /= 10;
                micros += (decimals[i] - '0') * scale;
        }

        *ret = (Money){ .micros = units * MICROS + micros };
        memcpy(ret->currency, rest + 1, sizeof(ret->currency));
        return 0;
}

/* Cents in full: 2.50 EUR. */
char *value_write_money(const Money *money) {
        int64_t rest = money->micros % MICROS;
        int n_decimals = 6;

        if (rest == 0)
                return g_strdup_printf("%" G_GINT64_FORMAT " %s", money->micros / MICROS,
                                       money->currency);
        for (; rest % 10 == 0 && n_decimals > 2; rest /= 10)
                n_decimals--;
        return g_strdup_printf("%" G_GINT64_FORMAT ".%0*d %s", money->micros / MICROS, n_decimals,
                               (int) rest, money->currency);
}

static const struct {
        const char *name;
        LengthUnit unit;
        int64_t times, most;
} length_units[] = {
        { "second", LENGTH_SECONDS, 1, VALUE_MAX_YEARS *INT64_C(366) * DAY },
        { "minute", LENGTH_SECONDS, MINUTE, VALUE_MAX_YEARS *INT64_C(366) * DAY },
        { "hour", LENGTH_SECONDS, HOUR, VALUE_MAX_YEARS *INT64_C(366) * DAY },
        { "day", LENGTH_DAYS, 1, VALUE_MAX_YEARS *INT64_C(366) },
        { "week", LENGTH_WEEKS, 1, VALUE_MAX_YEARS *INT64_C(52) },
        { "month", LENGTH_MONTHS, 1, VALUE_MAX_YEARS *INT64_C(12) },
        { "year", LENGTH_MONTHS, 12, VALUE_MAX_YEARS *INT64_C(12) },
        { "calendar month", LENGTH_CALENDAR_MONTHS, 1, VALUE_MAX_YEARS *INT64_C(12) },
};

/* 24h, 10x24h: the number has been read. */
static int read_hours(const char *rest, int64_t n, Length *ret) {
        g_autofree char *hours = NULL;
        int64_t each = 1;
        int r;

        if (*rest == 'x') {
                size_t digits = strspn(rest + 1, DIGITS);

                hours = g_strndup(rest + 1, digits);
                r = value_read_number(hours, 1, VALUE_MAX_YEARS * INT64_C(366) * 24, &each);
                if (r < 0)
                        return r;
                rest += 1 + digits;
        }
        if (strcmp(rest, "h") != 0)
                return -EINVAL;
        if (n > VALUE_MAX_YEARS * INT64_C(366) * 24 / each)
                return -ERANGE;

        *ret = (Length){ LENGTH_SECONDS, n * each * HOUR };
        return 0;
}

int value_read_length(const char *text, Length *ret) {
        size_t digits = strspn(text, DIGITS);
        g_autofree char *number = g_strndup(text, digits);
        const char *rest = text + digits;
        int64_t n;
        int r;

        r = value_read_number(number, 1, VALUE_MAX_YEARS * INT64_C(366) * DAY, &n);
        if (r < 0)
                return r;
        if (*rest != ' ')
                return read_hours(rest, n, ret);
        rest++;

        for (size_t i = 0; i < G_N_ELEMENTS(length_units); i++) {
                const char *name = length_units[i].name;
                size_t length = strlen(name);

                if (strncmp(rest, name, length) != 0 ||
                    (rest[length] != '\0' && strcmp(rest + length, "s") != 0))
                        continue;
                if (n > length_units[i].most / length_units[i].times)
                        return -ERANGE;
                *ret = (Length){ length_units[i].unit, n * length_units[i].times };
                return 0;
        }

        return -EINVAL;
}

static char *write_count(int64_t n, const char *unit) {
        return g_strdup_printf("%" G_GINT64_FORMAT " %s%s", n, unit, n == 1 ? "" : "s");
}

char *value_write_length(const Length *length) {
        int64_t n = length->n;

        switch (length->unit) {
        case LENGTH_DAYS:
                return write_count(n, "day");
        case LENGTH_WEEKS:
                return write_count(n, "week");
        case LENGTH_MONTHS:
                return write_count(n, "month");
        case LENGTH_CALENDAR_MONTHS:
                return write_count(n, "calendar month");
        case LENGTH_SECONDS:
                if (n % DAY == 0 && n > DAY)
                        return g_strdup_printf("%" G_GINT64_FORMAT "x24h", n / DAY);
                if (n % HOUR == 0)
                        return g_strdup_printf("%" G_GINT64_FORMAT "h", n / HOUR);
                return n % MINUTE == 0 ? write_count(n / MINUTE, "minute")
                                       : write_count(n, "second");
        case LENGTH_NONE:
                break;
        }

        return NULL;
}

/* Digits alone, so many of them. */
static bool read_digits(const char *text, size_t n, int *ret) {
        int sum = 0;

        for (size_t i = 0; i < n; i++) {
                if (!g_ascii_isdigit(text[i]))
                        return false;
                sum = sum * 10 + (text[i] - '0');
        }

        *ret = sum;
        return true;
}

int value_read_time_of_day(const char *text, int most, int *ret) {
        int hour, minute;

        if (strlen(text) != 5 || !read_digits(text, 2, &hour) || text[2] != ':' ||
            !read_digits(text + 3, 2, &minute))
                return -EINVAL;
        if (minute > 59 || hour * 60 + minute > most)
                return -ERANGE;

        *ret = hour * 60 + minute;
        return 0;
}

char *value_write_time_of_day(int minutes) {
        return g_strdup_printf("%02d:%02d", minutes / 60, minutes % 60);
}

int value_read_local_time(const char *text, LocalTime *ret) {
        int year, month, day, minutes = 0, r;
        bool has_time = strlen(text) > 10;

        if (strlen(text) < 10 || !read_digits(text, 4, &year) || text[4] != '-' ||
            !read_digits(text + 5, 2, &month) || text[7] != '-' || !read_digits(text + 8, 2, &day))
                return -EINVAL;
        if (has_time) {
                if (text[10] != ' ')
                        return -EINVAL;
                r = value_read_time_of_day(text + 11, 1439, &minutes);
                if (r < 0)
                        return r;
        }
        if (year < FIRST_YEAR || year > LAST_YEAR ||
            !g_date_valid_dmy((GDateDay) day, (GDateMonth) month, (GDateYear) year))
                return -ERANGE;

        *ret = (LocalTime){ .year = (int16_t) year,
                            .month = (uint8_t) month,
                            .day = (uint8_t) day,
                            .hour = (uint8_t) (minutes / 60),
                            .minute = (uint8_t) (minutes % 60),
                            .has_time = has_time };
        return 0;
}

char *value_write_local_time(const LocalTime *time) {
        g_autofree char *date =
                g_strdup_printf("%04d-%02d-%02d", time->year, time->month, time->day);

        if (!time->has_time)
                return g_steal_pointer(&date);
        return g_strdup_printf("%s %02d:%02d", date, time->hour, time->minute);
}

int value_read_zone(const char *text, char **ret) {
        g_autoptr(GTimeZone) zone = NULL;
        int r;

        r = calendar_zone(text, &zone);
        if (r < 0)
                return r;

        *ret = g_strdup(text);
        return 0;
}

int value_read_text(const char *text, size_t most_bytes, char **ret) {
        g_autofree char *shown = NULL, *squeezed = NULL;

        if (strlen(text) > most_bytes)
                return -ERANGE;

        shown = utf8_sanitize(text, SIZE_MAX, most_bytes);
        squeezed = value_squeeze(shown);
        if (*squeezed == '\0')
                return -EINVAL;

        *ret = g_steal_pointer(&squeezed);
        return 0;
}

int value_read_url(const char *text, char **ret) {
        g_autoptr(GUri) uri = NULL;
        const char *host;

        if (strlen(text) > MAX_URL_BYTES)
                return -ERANGE;
        if (!g_str_has_prefix(text, "https://"))
                return -EINVAL;
        for (const char *c = text; *c; c++)
                if (!g_ascii_isgraph(*c))
                        return -EINVAL;

        uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
        host = uri ? g_uri_get_host(uri) : NULL;
        if (!host || *host == '\0' || g_uri_get_userinfo(uri))
                return -EINVAL;

        *ret = g_strdup(text);
        return 0;
}
