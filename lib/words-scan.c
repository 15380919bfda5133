/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "words-scan.h"

#include <errno.h>
#include <string.h>

#include "country.h"
#include "plan-values.h"
#include "sentence.h"

#define DIGITS          "0123456789"
#define MAX_PLACE_WORDS 6 /* saint vincent and the grenadines */

/* So few words cannot name more places than a list may have. */
G_STATIC_ASSERT(WORDS_MAX_BYTES / 4 + 150 <= VALUE_MAX_MCCS);

static void word_free(void *data) {
        Word *w = data;

        g_free(w->text);
        g_free(w->lower);
        g_free(w);
}

void scan_clear(Scan *s) {
        if (s->words)
                g_ptr_array_unref(s->words);
        s->words = NULL;
}

static void add_word(Scan *s, const char *text, gsize length, bool is_quoted) {
        Word *w = g_new(Word, 1);

        *w = (Word){ .text = g_strndup(text, length),
                     .lower = is_quoted ? g_strdup("\"") : g_ascii_strdown(text, (gssize) length),
                     .is_quoted = is_quoted };
        g_ptr_array_add(s->words, w);
}

static int refuse_comma(Scan *s, const char *where) {
        return sentence_refuse(s->ret_error,
                               "\"%c,%c\": decimals have a point, such as 6.3GB, and a comma "
                               "between words has a space after it",
                               where[-1], where[1]);
}

/* 1GB/day is 1GB per day. */
static gsize without_slash(const char *word, gsize length) {
        static const char *const endings[] = { "/day", "/week", "/month", "/year" };

        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
                gsize n = strlen(endings[i]);

                if (length > n && g_ascii_strncasecmp(word + length - n, endings[i], n) == 0)
                        return length - n;
        }

        return length;
}

/* One word, or what stands between quotation marks. */
static int take_word(Scan *s, const char **text) {
        const char *start = *text, *end;
        gsize length;

        if (*start == '"') {
                end = strchr(start + 1, '"');
                if (!end)
                        return sentence_refuse(s->ret_error,
                                               "a quotation mark (\") has no second one");
                add_word(s, start + 1, (gsize) (end - start - 1), true);
                *text = end + 1;
                return 0;
        }

        end = start + strcspn(start, " \t\n,\"");
        if (*end == ',' && end > start && g_ascii_isdigit(end[-1]) && g_ascii_isdigit(end[1]))
                return refuse_comma(s, end);

        length = without_slash(start, (gsize) (end - start));
        add_word(s, start, length, false);
        if (start + length < end) {
                add_word(s, "per", strlen("per"), false);
                add_word(s, start + length + 1, (gsize) (end - start) - length - 1, false);
        }
        *text = end;
        return 0;
}

int scan_init(Scan *s, const char *text, char **ret_error) {
        int r;

        *s = (Scan){ .words = g_ptr_array_new_with_free_func(word_free), .ret_error = ret_error };

        if (strlen(text) > WORDS_MAX_BYTES)
                return sentence_refuse(ret_error, "longer than %d bytes", WORDS_MAX_BYTES);
        if (!g_utf8_validate(text, -1, NULL))
                return sentence_refuse(ret_error, "this is not UTF-8");

        for (;;) {
                for (; *text && strchr(" \t\n,", *text); text++)
                        if (*text == ',' && s->words->len > 0)
                                ((Word *) s->words->pdata[s->words->len - 1])->has_comma = true;
                if (*text == '\0')
                        return 0;
                r = take_word(s, &text);
                if (r < 0)
                        return r;
        }
}

const char *scan_peek(const Scan *s, guint n) {
        if (s->next + n >= s->words->len)
                return "";
        return ((const Word *) s->words->pdata[s->next + n])->lower;
}

const char *scan_written(const Scan *s) {
        return scan_is_done(s) ? "" : ((const Word *) s->words->pdata[s->next])->text;
}

bool scan_is_done(const Scan *s) {
        return s->next >= s->words->len;
}

bool scan_is_after_comma(const Scan *s) {
        return s->next > 0 && ((const Word *) s->words->pdata[s->next - 1])->has_comma;
}

bool scan_accept(Scan *s, const char *word) {
        if (strcmp(scan_peek(s, 0), word) != 0)
                return false;

        s->next++;
        return true;
}

char *scan_join(const Scan *s, guint n) {
        GString *text = g_string_new(NULL);

        if (n > s->words->len - s->next) {
                g_string_free(text, TRUE);
                return NULL;
        }
        for (guint i = 0; i < n; i++)
                g_string_append_printf(text, "%s%s", i > 0 ? " " : "", scan_peek(s, i));

        return g_string_free(text, FALSE);
}

static int refuse_value(Scan *s, const char *text, const char *bounds) {
        g_autofree char *quoted = sentence_quote(text);

        return sentence_refuse(s->ret_error, "%s is too little or too much; %s", quoted,
                               sentence_translate(bounds));
}

/* 5gb, 5 gb */
int scan_size(Scan *s, uint64_t *ret) {
        for (guint n = 1; n <= 2; n++) {
                g_autofree char *text = scan_join(s, n);
                int r = text ? value_read_size(text, ret) : -EINVAL;

                if (r == -ERANGE)
                        return refuse_value(s, text, "a size is from 1B to 1000000TB");
                if (r >= 0) {
                        s->next += n;
                        return 1;
                }
        }

        return 0;
}

/* 128kbit/s, 128 kbit/s, and the 128kbps that carriers write. */
int scan_rate(Scan *s, uint64_t *ret_bps) {
        for (guint n = 1; n <= 2; n++) {
                g_autofree char *text = scan_join(s, n);
                g_autofree char *bits = text ? value_without_suffix(text, "bps") : NULL;
                g_autofree char *rate = bits ? g_strconcat(bits, "bit/s", NULL) : g_strdup(text);
                int r = rate ? value_read_rate(rate, ret_bps) : -EINVAL;

                if (r == -ERANGE)
                        return refuse_value(s, text, "say block where nothing goes any more");
                if (r >= 0) {
                        s->next += n;
                        return 1;
                }
        }

        return 0;
}

/* 220 jpy, 220jpy, 220 yen */
int scan_money(Scan *s, Money *ret) {
        for (guint n = 1; n <= 2; n++) {
                g_autofree char *text = scan_join(s, n), *money = NULL;
                gsize digits = text ? strspn(text, DIGITS ".") : 0;
                g_autofree char *number = g_strndup(text, digits), *currency = NULL;
                int r;

                if (digits == 0)
                        return 0;
                currency = g_ascii_strup(text + digits + strspn(text + digits, " "), -1);
                money = g_strconcat(number, " ", strcmp(currency, "YEN") == 0 ? "JPY" : currency,
                                    NULL);
                r = value_read_money(money, ret);
                if (r == -ERANGE)
                        return refuse_value(s, text, "a price has at most six decimals");
                if (r >= 0) {
                        s->next += n;
                        return 1;
                }
        }

        return 0;
}

/* A number that is written out, or has no space before its unit. */
static char *plain_length(const char *text) {
        gsize digits = strspn(text, DIGITS);

        if (g_str_has_prefix(text, "a ") || g_str_has_prefix(text, "an ") ||
            g_str_has_prefix(text, "one "))
                return g_strconcat("1", strchr(text, ' '), NULL);
        if (digits > 0 && g_ascii_isalpha(text[digits]) && strcmp(text + digits, "h") != 0 &&
            text[digits] != 'x')
                return g_strdup_printf("%.*s %s", (int) digits, text, text + digits);
        return g_strdup(text);
}

int scan_length(Scan *s, Length *ret) {
        for (guint n = 3; n >= 1; n--) {
                g_autofree char *text = scan_join(s, n);
                g_autofree char *length = text ? plain_length(text) : NULL;
                int r = length ? value_read_length(length, ret) : -EINVAL;

                if (r == -ERANGE)
                        return refuse_value(s, text, "a length is at most 100 years");
                if (r >= 0) {
                        s->next += n;
                        return 1;
                }
        }

        return 0;
}

/* 1:00, 01:00 */
int scan_time(Scan *s, int *ret_minutes) {
        const char *word = scan_peek(s, 0);
        g_autofree char *text = g_strconcat(strlen(word) == 4 ? "0" : "", word, NULL);
        int r;

        r = value_read_time_of_day(text, 1439, ret_minutes);
        if (r == -ERANGE)
                return refuse_value(s, word, "a time of day is from 00:00 to 23:59");
        if (r < 0)
                return 0;

        s->next++;
        return 1;
}

static bool read_day_number(const char *word, int *ret) {
        gsize digits = strspn(word, DIGITS);
        const char *ending = word + digits;
        int day;

        if (digits < 1 || digits > 2)
                return false;
        if (*ending != '\0' && strcmp(ending, "st") != 0 && strcmp(ending, "nd") != 0 &&
            strcmp(ending, "rd") != 0 && strcmp(ending, "th") != 0)
                return false;
        day = word[0] - '0';
        if (digits == 2)
                day = day * 10 + (word[1] - '0');

        *ret = day;
        return true;
}

int scan_day_number(Scan *s, int *ret) {
        guint skip = strcmp(scan_peek(s, 0), "the") == 0 ? 1 : 0;
        int day;

        if (!read_day_number(scan_peek(s, skip), &day))
                return 0;
        if (day < 1 || day > 31)
                return refuse_value(s, scan_peek(s, skip), "a day of the month is from 1 to 31");

        s->next += skip + 1;
        *ret = day;
        return 1;
}

/* Whole, or its first letters. */
static int find_name(const char *word, const char *const *names, int n) {
        gsize length = strlen(word);

        for (int i = 0; length >= 3 && i < n; i++)
                if (strncmp(names[i], word, length) == 0)
                        return i;

        return -1;
}

int scan_weekday(Scan *s, int *ret) {
        static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday" };
        int day = find_name(scan_peek(s, 0), names, (int) G_N_ELEMENTS(names));

        if (day < 0)
                return 0;

        s->next++;
        *ret = day;
        return 1;
}

static int month_of(const char *word) {
        static const char *const names[] = { "january",   "february", "march",    "april",
                                             "may",       "june",     "july",     "august",
                                             "september", "october",  "november", "december" };

        return find_name(word, names, (int) G_N_ELEMENTS(names)) + 1;
}

static int scan_iso_date(Scan *s, WordsDate *ret) {
        g_autofree char *text = g_strdup(scan_peek(s, 0));
        LocalTime date;
        int r;

        if (strlen(text) > 10 && text[10] == 't')
                text[10] = ' ';
        r = value_read_local_time(text, &date);
        if (r == -ERANGE)
                return sentence_refuse(s->ret_error,
                                       "there is no %s; dates are of the years 1971 to 9998", text);
        if (r < 0)
                return 0;

        s->next++;
        *ret = (WordsDate){ .is_said = true, .date = date };
        return 1;
}

/* 19 nov, 19th of november 2026, nov 19, the 19th of nov */
static int scan_named_date(Scan *s, WordsDate *ret) {
        guint next = strcmp(scan_peek(s, 0), "the") == 0 ? 1 : 0;
        int month = month_of(scan_peek(s, next)), day, year = 0;
        gsize digits;

        if (month > 0)
                next++;
        if (!read_day_number(scan_peek(s, next++), &day))
                return 0;
        if (month == 0) {
                if (strcmp(scan_peek(s, next), "of") == 0)
                        next++;
                month = month_of(scan_peek(s, next++));
                if (month == 0)
                        return 0;
        }

        digits = strspn(scan_peek(s, next), DIGITS);
        if (digits == 4 && scan_peek(s, next)[4] == '\0')
                year = (int) g_ascii_strtoll(scan_peek(s, next++), NULL, 10);
        if (!g_date_valid_dmy((GDateDay) day, (GDateMonth) month,
                              year > 0 ? (GDateYear) year : 2000) ||
            (year > 0 && (year < 1971 || year > 9998)))
                return sentence_refuse(s->ret_error, "there is no such day: the %d. of month %d",
                                       day, month);

        s->next += next;
        *ret = (WordsDate){
                .is_said = true,
                .date = { .year = (int16_t) year, .month = (uint8_t) month, .day = (uint8_t) day }
        };
        return 1;
}

static bool scan_relative_date(Scan *s, WordsDate *ret) {
        static const struct {
                const char *word;
                int days;
        } words[] = { { "yesterday", -1 }, { "today", 0 }, { "tomorrow", 1 } };

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (scan_accept(s, words[i].word)) {
                        *ret = (WordsDate){ .is_said = true,
                                            .is_relative = true,
                                            .days = words[i].days };
                        return true;
                }

        return false;
}

int scan_date(Scan *s, WordsDate *ret) {
        const char *word = scan_peek(s, 0);
        WordsDate date;
        int minutes, r;

        if (g_ascii_isdigit(*word) && strpbrk(word, "/.")) {
                g_autofree char *quoted = sentence_quote(word);

                return sentence_refuse(s->ret_error,
                                       "%s: which is the day, and which the month? Say for "
                                       "example 19 Nov or 2026-11-19",
                                       quoted);
        }

        r = scan_relative_date(s, &date) ? 1 : scan_iso_date(s, &date);
        if (r == 0)
                r = scan_named_date(s, &date);
        if (r <= 0)
                return r;

        r = date.date.has_time ? 0 : scan_time(s, &minutes);
        if (r < 0)
                return r;
        if (r > 0) {
                date.date.has_time = true;
                date.date.hour = (uint8_t) (minutes / 60);
                date.date.minute = (uint8_t) (minutes % 60);
        }

        *ret = date;
        return 1;
}

/* The longest name that is one, or a country code. */
int scan_place(Scan *s, GArray *mccs) {
        const char *word = scan_peek(s, 0);

        for (guint n = MAX_PLACE_WORDS; n >= 1; n--) {
                g_autofree char *name = scan_join(s, n);

                if (name && country_add_mccs(name, mccs) >= 0) {
                        s->next += n;
                        return 1;
                }
        }

        if (strlen(word) == 3 && strspn(word, DIGITS) == 3 && strcmp(word, "000") != 0) {
                uint16_t mcc = (uint16_t) g_ascii_strtoull(word, NULL, 10);

                g_array_append_val(mccs, mcc);
                s->next++;
                return 1;
        }

        return 0;
}
