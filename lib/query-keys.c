/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "query-keys.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "period.h"
#include "plan-values.h"
#include "sentence.h"
#include "utf8.h"

#define MINUTE      60
#define HOUR        (60 * MINUTE)
#define DAY         (24 * HOUR)
#define DIGITS      "0123456789"
#define DIALLED     "0123456789*#"
#define MAX_NUMBER  20
#define MAX_SENDER  32
#define MAX_TEXT    640 /* bytes: 160 characters of any alphabet */
#define MAX_CODE    182 /* 3GPP TS 23.038: of a USSD string */
#define MAX_ITEMS   16
#define MAX_PATTERN 1024
#define MAX_NOTE    256
#define MAX_PATH    1024
#define BY_HAND     "by hand"
#define AFTER       "after "
#define BEFORE      " before expiry"

static const char *const method_names[N_QUERY_METHODS] = {
        [QUERY_NONE] = "none",
        [QUERY_SMS] = "sms",
        [QUERY_USSD] = "ussd",
        [QUERY_COMMAND] = "command",
};

const char *query_method_to_string(QueryMethod method) {
        return method_names[method];
}

/* What can be shown is taken as it is. */
static int check_shown(const char *text, size_t most) {
        g_autofree char *shown = utf8_sanitize(text, SIZE_MAX, most);

        if (strlen(text) > most)
                return -ERANGE;
        return strcmp(shown, text) == 0 ? 0 : -EINVAL;
}

static int check_text(const char *text) {
        return check_shown(text, MAX_TEXT);
}

static int check_pattern(const char *text) {
        return check_shown(text, MAX_PATTERN);
}

static int check_note(const char *text) {
        return check_shown(text, MAX_NOTE);
}

static int check_sender(const char *text) {
        return check_shown(text, MAX_SENDER);
}

static int check_number(const char *text) {
        const char *digits = *text == '+' ? text + 1 : text;
        size_t n = strspn(digits, DIGITS);

        if (digits[n] != '\0' || n == 0)
                return -EINVAL;
        return n < 2 || n > MAX_NUMBER ? -ERANGE : 0;
}

/* 3GPP TS 22.030: what begins with two of * or # sets up, or takes away, a service of the line. */
static int check_code(const char *text) {
        size_t n = strlen(text);

        if (n < 3 || !strchr("*#", text[0]) || text[n - 1] != '#' ||
            text[strspn(text, DIALLED)] != '\0')
                return -EINVAL;
        return text[0] == text[1] || n > MAX_CODE ? -ERANGE : 0;
}

static int check_answer(const char *text) {
        for (const char *c = text; *c; c++)
                if (!g_ascii_isprint(*c))
                        return -EINVAL;

        return *text == '\0' ? -EINVAL : strlen(text) > MAX_CODE ? -ERANGE : 0;
}

static int check_path(const char *text) {
        if (check_shown(text, MAX_PATH) < 0 || *text != '/' || g_str_has_suffix(text, "/") ||
            strstr(text, "//") || strstr(text, "/./") || strstr(text, "/../"))
                return -EINVAL;
        return 0;
}

static const QueryKey keys[] = {
        { "Method", QUERY_VALUE_METHODS,
          .wanted = N_("is no way to ask; say ussd, sms or command, or "
                       "several such as ussd;sms, or none") },
        { "To", QUERY_VALUE_TEXT, offsetof(Query, to), check_number, .method = QUERY_SMS,
          .wanted = N_("is no number; say digits, such as 111 or +819012345678"),
          .bounds = N_("is too short or too long; a number has 2 to 20 digits") },
        { "Text", QUERY_VALUE_TEXT, offsetof(Query, text), check_text, .method = QUERY_SMS,
          .wanted = N_("has characters that cannot be shown"),
          .bounds = N_("is too long; one message has at most 160 characters") },
        { "Code", QUERY_VALUE_TEXT, offsetof(Query, code), check_code, .method = QUERY_USSD,
          .wanted = N_("is no code; say for example *111#"),
          .bounds =
                  "is no question: codes that begin with ** or ## change the line's settings, and "
                  "none is longer than 182 characters" },
        { "Answers", QUERY_VALUE_LIST, offsetof(Query, answers), check_answer, .method = QUERY_USSD,
          .wanted = N_("are no answers to menus; say for example 1;2"),
          .bounds = N_("are too many or too long; at most 16, of 182 characters") },
        { "Command", QUERY_VALUE_TEXT, offsetof(Query, command), check_path,
          .method = QUERY_COMMAND,
          .wanted = N_("is no program; say its path, such as /usr/local/bin/data-left") },
        { "Senders", QUERY_VALUE_LIST, offsetof(Query, senders), check_sender,
          .wanted = N_("are no senders; say for example 111;Carrier"),
          .bounds = N_("are too many or too long; at most 16, of 32 bytes") },
        { "Pattern", QUERY_VALUE_TEXT, offsetof(Query, pattern), check_pattern,
          .wanted = N_("has characters that cannot be shown"),
          .bounds = N_("is too long; a pattern has at most 1024 bytes") },
        { "Cost", QUERY_VALUE_TEXT, offsetof(Query, cost), check_note,
          .wanted = N_("has characters that cannot be shown"),
          .bounds = N_("is too long; a note has at most 256 bytes") },
        { "Abroad", QUERY_VALUE_YES_OR_NO, offsetof(Query, abroad),
          .wanted = N_("is neither yes nor no") },
        { "MinimumDelay", QUERY_VALUE_LENGTH, offsetof(Query, minimum_delay), .least = 5 * MINUTE,
          .most = 366 * DAY,
          .wanted = N_("is no length; say for example 3 hours, 30 minutes or 1 day"),
          .bounds = N_("is too short or too long; say 5 minutes to 366 days") },
        { "DailyMaximum", QUERY_VALUE_NUMBER, offsetof(Query, daily_maximum), .least = 1,
          .most = 24, .wanted = N_("is no number; say for example 4"),
          .bounds = N_("is out of range; say 1 to 24") },
        { "Lag", QUERY_VALUE_LENGTH, offsetof(Query, lag), .least = 1, .most = 31 * DAY,
          .wanted = N_("is no length; say for example 30 minutes"),
          .bounds = N_("is too short or too long; say 1 second to 31 days") },
        { "Ask", QUERY_VALUE_ASK,
          .wanted = N_("does not say when to ask; say by hand, after 24h and 500MB, or 3h before "
                       "expiry, or the last two with a semicolon"),
          .bounds = N_("is out of range; say 5 minutes to 366 days, and sizes from 1B on") },
};

const QueryKey *query_keys(size_t *ret_n) {
        *ret_n = G_N_ELEMENTS(keys);
        return keys;
}

static int read_methods(const char *text, Query *q) {
        g_auto(GStrv) words = g_strsplit(text, ";", QUERY_MAX_METHODS + 1);

        if (strcmp(text, method_names[QUERY_NONE]) == 0) {
                q->n_methods = 0;
                return 0;
        }

        for (char **word = words; *word; word++) {
                QueryMethod method = QUERY_SMS;
                const char *name = g_strstrip(*word);

                while (method < N_QUERY_METHODS && strcmp(name, method_names[method]) != 0)
                        method++;
                if (method == N_QUERY_METHODS || query_has_method(q, method))
                        return -EINVAL;
                q->methods[q->n_methods++] = method;
        }

        return 0;
}

static int read_list(const QueryKey *key, const char *text, char ***ret) {
        g_auto(GStrv) words = g_strsplit(text, ";", -1);
        guint n = g_strv_length(words);
        int r;

        if (n > MAX_ITEMS)
                return -ERANGE;

        for (guint i = 0; i < n; i++) {
                r = *g_strstrip(words[i]) ? key->check(words[i]) : -EINVAL;
                if (r < 0)
                        return r;
        }

        *ret = g_steal_pointer(&words);
        return 0;
}

/* Days are of 24 hours; months are none that can be measured. */
static int read_length(const char *text, int64_t least, int64_t most, Length *ret) {
        g_autofree char *squeezed = value_squeeze(text);
        Length length;
        int r;

        r = value_read_length(squeezed, &length);
        if (r < 0)
                return r;
        if (length.unit > LENGTH_WEEKS)
                return -EINVAL;
        if (length_seconds(length) < least || length_seconds(length) > most)
                return -ERANGE;

        *ret = length;
        return 0;
}

static int read_after(const char *text, Query *q) {
        g_autofree char *age = NULL, *bytes = NULL;
        int r;

        if (q->ask_age.unit != LENGTH_NONE)
                return -EINVAL;
        if (!value_split(text, " and ", &age, &bytes))
                return read_length(text, 5 * MINUTE, 366 * DAY, &q->ask_age);

        r = value_read_size(bytes, &q->ask_bytes);
        return r < 0 ? r : read_length(age, 5 * MINUTE, 366 * DAY, &q->ask_age);
}

static int read_ask(const char *text, Query *q) {
        g_auto(GStrv) words = g_strsplit(text, ";", 3);
        int r;

        if (strcmp(text, BY_HAND) == 0) {
                q->asks_by_hand = true;
                return 0;
        }

        for (char **word = words; *word; word++) {
                g_autofree char *item = value_squeeze(*word);
                g_autofree char *before = value_without_suffix(item, BEFORE);

                if (before && q->ask_before_expiry.unit == LENGTH_NONE)
                        r = read_length(before, 5 * MINUTE, 366 * DAY, &q->ask_before_expiry);
                else if (!before && g_str_has_prefix(item, AFTER))
                        r = read_after(item + strlen(AFTER), q);
                else
                        r = -EINVAL;
                if (r < 0)
                        return r;
        }

        return 0;
}

static int read_text(const QueryKey *key, const char *text, char **ret) {
        int r;

        r = key->check(text);
        if (r < 0)
                return r;

        *ret = g_strdup(text);
        return 0;
}

static int read_number(const QueryKey *key, const char *text, int *ret) {
        int64_t number;
        int r;

        r = value_read_number(text, key->least, key->most, &number);
        if (r < 0)
                return r;

        *ret = (int) number;
        return 0;
}

static int read_yes_or_no(const char *text, int *ret) {
        bool is_yes = strcmp(text, "yes") == 0;

        if (!is_yes && strcmp(text, "no") != 0)
                return -EINVAL;

        *ret = is_yes ? 1 : -1;
        return 0;
}

int query_value_read(const QueryKey *key, const char *text, Query *q) {
        void *where = G_STRUCT_MEMBER_P(q, key->offset);

        switch (key->value) {
        case QUERY_VALUE_TEXT:
                return read_text(key, text, where);
        case QUERY_VALUE_LIST:
                return read_list(key, text, where);
        case QUERY_VALUE_METHODS:
                return read_methods(text, q);
        case QUERY_VALUE_YES_OR_NO:
                return read_yes_or_no(text, where);
        case QUERY_VALUE_LENGTH:
                return read_length(text, key->least, key->most, where);
        case QUERY_VALUE_NUMBER:
                return read_number(key, text, where);
        case QUERY_VALUE_ASK:
                return read_ask(text, q);
        }

        g_assert_not_reached();
}

static char *write_methods(const Query *q) {
        GString *text = g_string_new(q->n_methods == 0 ? method_names[QUERY_NONE] : NULL);

        for (unsigned i = 0; i < q->n_methods; i++)
                value_append(text, g_strdup(method_names[q->methods[i]]));
        return g_string_free(text, FALSE);
}

static char *write_ask(const Query *q) {
        GString *text = g_string_new(q->asks_by_hand ? BY_HAND : NULL);

        if (q->ask_age.unit != LENGTH_NONE) {
                g_autofree char *age = value_write_length(&q->ask_age);
                g_autofree char *bytes = q->ask_bytes > 0 ? value_write_bytes(q->ask_bytes) : NULL;

                value_append(text, g_strconcat(AFTER, age, bytes ? " and " : NULL, bytes, NULL));
        }
        if (q->ask_before_expiry.unit != LENGTH_NONE) {
                g_autofree char *length = value_write_length(&q->ask_before_expiry);

                value_append(text, g_strconcat(length, BEFORE, NULL));
        }

        if (text->len > 0)
                return g_string_free(text, FALSE);
        g_string_free(text, TRUE);
        return NULL;
}

char *query_value_write(const QueryKey *key, const Query *q) {
        const void *where = G_STRUCT_MEMBER_P(q, key->offset);

        switch (key->value) {
        case QUERY_VALUE_TEXT:
                return g_strdup(*(char *const *) where);
        case QUERY_VALUE_LIST:
                return *(char **const *) where ? g_strjoinv(";", *(char **const *) where) : NULL;
        case QUERY_VALUE_METHODS:
                return write_methods(q);
        case QUERY_VALUE_YES_OR_NO:
                return *(const int *) where == 0
                               ? NULL
                               : g_strdup(*(const int *) where > 0 ? "yes" : "no");
        case QUERY_VALUE_LENGTH:
                return value_write_length(where);
        case QUERY_VALUE_NUMBER:
                return *(const int *) where == 0 ? NULL
                                                 : g_strdup_printf("%d", *(const int *) where);
        case QUERY_VALUE_ASK:
                return write_ask(q);
        }

        g_assert_not_reached();
}
