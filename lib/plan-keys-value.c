/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the key to its field and back: which reader and writer is whose. */

#include <errno.h>
#include <string.h>

#include "plan-keys.h"
#include "plan-values.h"
#include "plmn.h"

#define MAX_ORDER      1000
#define MAX_NAME_BYTES 128
#define MAX_NOTE_BYTES 1024
#define MAX_ICCID      20

/* Words that stand for the values of an enum from 0 on; NULL where nothing is written. */
typedef struct Words {
        const char *const *words;
        int n;
} Words;

static const char *const directions[] = { NULL, "rx", "tx" };
static const char *const sessions[] = { NULL, "start", "end" };
static const char *const billings[] = { NULL, "prepaid", "postpaid" };
static const char *const limit_ends[] = { NULL, "home-use", "next-period" };

#define WORDS(table) ((Words){ table, (int) G_N_ELEMENTS(table) })

static int read_word(const char *text, Words words) {
        for (int i = 0; i < words.n; i++)
                if (words.words[i] && strcmp(text, words.words[i]) == 0)
                        return i;

        return -EINVAL;
}

/* Enums are as large as an int, and none of them has a value below 0. */
static int read_enum(const char *text, Words words, void *field) {
        int r = read_word(text, words);

        if (r < 0)
                return r;

        memcpy(field, &r, sizeof(r));
        return 0;
}

static char *write_enum(const void *field, Words words) {
        int value;

        memcpy(&value, field, sizeof(value));
        return g_strdup(words.words[value]);
}

static int read_yes(const char *text, bool *ret) {
        if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
                return -EINVAL;

        *ret = text[0] == 'y';
        return 0;
}

static int read_yes_or_no(const char *text, int *ret) {
        bool yes;
        int r;

        r = read_yes(text, &yes);
        if (r < 0)
                return r;

        *ret = yes ? 1 : 0;
        return 0;
}

static int read_direction(const char *text, CountDirection *ret) {
        if (strcmp(text, "total") != 0)
                return read_enum(text, WORDS(directions), ret);

        *ret = COUNT_TOTAL;
        return 0;
}

static int read_int(const char *text, int least, int most, int *ret) {
        int64_t n;
        int r;

        r = value_read_number(text, least, most, &n);
        if (r < 0)
                return r;

        *ret = (int) n;
        return 0;
}

static int read_order(const char *text, int *ret) {
        int n, r;

        r = read_int(text[0] == '-' ? text + 1 : text, 0, MAX_ORDER, &n);
        if (r < 0)
                return r;

        *ret = text[0] == '-' ? -n : n;
        return 0;
}

static int read_step(const char *text, Length *ret) {
        Length length;
        int r;

        r = value_read_length(text, &length);
        if (r < 0)
                return r;
        if (length.unit == LENGTH_CALENDAR_MONTHS)
                return -EINVAL;

        *ret = length;
        return 0;
}

/* A value with fixed words around it; NULL where they are not there. */
static char *between(const char *text, const char *before, const char *after) {
        g_autofree char *start = value_without_suffix(text, after);

        if (!start || !g_str_has_prefix(start, before))
                return NULL;
        return g_strdup(start + strlen(before));
}

static int read_per_session(const char *text, uint64_t *ret) {
        g_autofree char *size = between(text, "", " per session");

        return size ? value_read_size(size, ret) : -EINVAL;
}

static int read_after_event(const char *text, const char *after, Length *ret) {
        g_autofree char *length = between(text, "", after);

        return length ? read_step(length, ret) : -EINVAL;
}

static int read_until_time(const char *text, int *ret) {
        g_autofree char *time = between(text, "until ", "");

        return time ? value_read_time_of_day(time, 1440, ret) : -EINVAL;
}

static int read_day_end(const char *text, bool *ret) {
        if (strcmp(text, "day-end") != 0)
                return -EINVAL;

        *ret = true;
        return 0;
}

static int read_iccid(const char *text, char **ret) {
        if (strlen(text) > MAX_ICCID || strspn(text, "0123456789") != strlen(text))
                return -EINVAL;

        *ret = g_strdup(text);
        return 0;
}

static int read_plmn(const char *text, char **ret) {
        Plmn plmn;
        int r;

        r = plmn_parse(text, &plmn);
        if (r < 0)
                return r;

        *ret = plmn_format(plmn);
        return 0;
}

/* One line for each kind: long, but there is nothing in it to take apart. */
int plan_value_read(const PlanKey *key, const char *text, void *group) {
        void *field = (char *) group + key->offset;

        switch (key->value) {
        case VALUE_BYTES:
                return value_read_bytes(text, field);
        case VALUE_SIZE:
                return value_read_size(text, field);
        case VALUE_PER_SESSION:
                return read_per_session(text, field);
        case VALUE_LENGTH:
                return value_read_length(text, field);
        case VALUE_STEP:
                return read_step(text, field);
        case VALUE_LENGTHS:
                return value_read_lengths(text, field);
        case VALUE_AFTER_TOP_UP:
                return read_after_event(text, " after top-up", field);
        case VALUE_AFTER_EXPIRY:
                return read_after_event(text, " after expiry", field);
        case VALUE_LOCAL_TIME:
                return value_read_local_time(text, field);
        case VALUE_DAY:
                return read_int(text, 1, 31, field);
        case VALUE_TIME:
                return value_read_time_of_day(text, 1439, field);
        case VALUE_UNTIL_TIME:
                return read_until_time(text, field);
        case VALUE_MONEY:
                return value_read_money(text, field);
        case VALUE_TIERS:
                return value_read_tiers(text, field);
        case VALUE_AT_ZERO:
                return value_read_at_zero(text, field);
        case VALUE_WARN:
                return value_read_warn(text, field);
        case VALUE_YES:
                return read_yes(text, field);
        case VALUE_YES_OR_NO:
                return read_yes_or_no(text, field);
        case VALUE_DIRECTION:
                return read_direction(text, field);
        case VALUE_SESSION:
                return read_enum(text, WORDS(sessions), field);
        case VALUE_BILLING:
                return read_enum(text, WORDS(billings), field);
        case VALUE_DAY_END:
                return read_day_end(text, field);
        case VALUE_LIMIT_UNTIL:
                return read_enum(text, WORDS(limit_ends), field);
        case VALUE_START:
                return value_read_start(text, field);
        case VALUE_ROLL_OVER:
                return value_read_roll_over(text, field);
        case VALUE_WHERE:
                return value_read_where(text, field);
        case VALUE_WINDOWS:
                return value_read_windows(text, field);
        case VALUE_ORDER:
                return read_order(text, field);
        case VALUE_ZONE:
                return value_read_zone(text, field);
        case VALUE_NAME:
                return value_read_text(text, MAX_NAME_BYTES, field);
        case VALUE_NOTE:
                return value_read_text(text, MAX_NOTE_BYTES, field);
        case VALUE_URL:
                return value_read_url(text, field);
        case VALUE_BUCKET:
                return value_read_text(text, PLAN_MAX_NAME, field);
        case VALUE_ICCID:
                return read_iccid(text, field);
        case VALUE_PLMN:
                return read_plmn(text, field);
        case VALUE_OVER:
                return value_read_over(text, field);
        case VALUE_AFTER:
                return value_read_after(text, field);
        case VALUE_THEN:
                return value_read_then(text, field);
        case VALUE_DURING:
                return value_read_during(text, field);
        }

        g_assert_not_reached();
}

static char *write_bytes(const uint64_t *bytes, const char *after) {
        g_autofree char *text = *bytes > 0 ? value_write_bytes(*bytes) : NULL;

        return text ? g_strconcat(text, after, NULL) : NULL;
}

static char *write_cap(const uint64_t *bytes) {
        return *bytes != PLAN_UNLIMITED ? value_write_bytes(*bytes) : NULL;
}

static char *write_length(const Length *length, const char *after) {
        g_autofree char *text = value_write_length(length);

        return text ? g_strconcat(text, after, NULL) : NULL;
}

static char *write_int(const int *n) {
        return *n != 0 ? g_strdup_printf("%d", *n) : NULL;
}

static char *write_time(const int *minutes, const char *before) {
        g_autofree char *text = *minutes != TIME_NONE ? value_write_time_of_day(*minutes) : NULL;

        return text ? g_strconcat(before, text, NULL) : NULL;
}

static char *write_yes(const bool *yes, const char *word) {
        return *yes ? g_strdup(word) : NULL;
}

static char *write_yes_or_no(const int *said) {
        return *said >= 0 ? g_strdup(*said > 0 ? "yes" : "no") : NULL;
}

static char *write_date(const LocalTime *time) {
        return time->year > 0 ? value_write_local_time(time) : NULL;
}

static char *write_money(const Money *money) {
        return money->currency[0] != '\0' ? value_write_money(money) : NULL;
}

static char *write_list(GArray *const *list, char *(*write)(const GArray *list)) {
        return *list ? write(*list) : NULL;
}

char *plan_value_write(const PlanKey *key, const void *group) {
        const void *field = (const char *) group + key->offset;

        switch (key->value) {
        case VALUE_BYTES:
                return write_bytes(field, "");
        case VALUE_SIZE:
                return write_cap(field);
        case VALUE_PER_SESSION:
                return write_bytes(field, " per session");
        case VALUE_LENGTH:
        case VALUE_STEP:
                return write_length(field, "");
        case VALUE_AFTER_TOP_UP:
                return write_length(field, " after top-up");
        case VALUE_AFTER_EXPIRY:
                return write_length(field, " after expiry");
        case VALUE_LENGTHS:
                return write_list(field, value_write_lengths);
        case VALUE_LOCAL_TIME:
                return write_date(field);
        case VALUE_DAY:
        case VALUE_ORDER:
                return write_int(field);
        case VALUE_TIME:
                return write_time(field, "");
        case VALUE_UNTIL_TIME:
                return write_time(field, "until ");
        case VALUE_MONEY:
                return write_money(field);
        case VALUE_TIERS:
                return write_list(field, value_write_tiers);
        case VALUE_AT_ZERO:
                return value_write_at_zero(field);
        case VALUE_WARN:
                return write_list(field, value_write_warn);
        case VALUE_YES:
                return write_yes(field, "yes");
        case VALUE_YES_OR_NO:
                return write_yes_or_no(field);
        case VALUE_DIRECTION:
                return write_enum(field, WORDS(directions));
        case VALUE_SESSION:
                return write_enum(field, WORDS(sessions));
        case VALUE_BILLING:
                return write_enum(field, WORDS(billings));
        case VALUE_DAY_END:
                return write_yes(field, "day-end");
        case VALUE_LIMIT_UNTIL:
                return write_enum(field, WORDS(limit_ends));
        case VALUE_START:
                return value_write_start(field);
        case VALUE_ROLL_OVER:
                return value_write_roll_over(*(const int *) field);
        case VALUE_WHERE:
                return value_write_where(field);
        case VALUE_WINDOWS:
                return write_list(field, value_write_windows);
        case VALUE_ZONE:
        case VALUE_NAME:
        case VALUE_NOTE:
        case VALUE_URL:
        case VALUE_BUCKET:
        case VALUE_ICCID:
        case VALUE_PLMN:
                return g_strdup(*(char *const *) field);
        case VALUE_OVER:
                return value_write_over(field);
        case VALUE_AFTER:
                return value_write_after(field);
        case VALUE_THEN:
                return value_write_then(field);
        case VALUE_DURING:
                return value_write_during(field);
        }

        g_assert_not_reached();
}
