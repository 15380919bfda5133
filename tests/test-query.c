/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "query.h"

#include <string.h>

#define SMS  "Method=sms\nTo=111\nText=DATA\n"
#define USSD "Method=ussd\nCode=*111#\n"

static Query *parse(const char *text) {
        g_autofree char *error = NULL;
        Query *q = NULL;

        if (query_parse(text, strlen(text), &q, &error) < 0)
                g_error("%s: %s", text, error);
        return q;
}

static char *print_again(const char *text) {
        g_autoptr(Query) q = parse(text);

        return query_print(q);
}

static void test_print(void) {
        static const struct {
                const char *text, *printed; /* NULL: as it was */
        } cases[] = {
                { "[Query]\nMethod=none\n", NULL },
                { "[Query]\n" SMS, NULL },
                { "[Query]\n" USSD "Answers=1;2\nSenders=111;My Carrier\n", NULL },
                { "[Query]\nMethod=command\nCommand=/usr/local/bin/data left\n", NULL },
                { "# mine\n[Query]\n Text = DATA  LEFT \nTo=+81 \n Method = ussd ; sms\nCode=*1#\n"
                  "Answers= 1 ; 2\n",
                  "[Query]\nMethod=ussd;sms\nTo=+81\nText=DATA  LEFT\nCode=*1#\nAnswers=1;2\n" },
                { "[Query]\n" SMS "Pattern=(?<remaining>\\d+) MB = all#\nCost=about 3 JPY\n"
                  "Abroad=no\nMinimumDelay=3 hours\nDailyMaximum=2\nLag=30 minutes\n"
                  "Ask=2 days before  expiry;after 1 day and 0.5GB\n",
                  "[Query]\n" SMS "Pattern=(?<remaining>\\d+) MB = all#\nCost=about 3 JPY\n"
                  "Abroad=no\nMinimumDelay=3h\nDailyMaximum=2\nLag=30 minutes\n"
                  "Ask=after 1 day and 500MB;2 days before expiry\n" },
                { "[Query]\n" USSD "Ask=by hand\n", NULL },
                { "[Query]\n" USSD "Ask=after 24h\n", NULL },
                { "[Query]\n" USSD "Abroad=yes\n", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *printed = print_again(cases[i].text);
                g_autofree char *twice = print_again(printed);

                g_assert_cmpstr(printed, ==, cases[i].printed ?: cases[i].text);
                g_assert_cmpstr(twice, ==, printed);
        }
}

static void test_refused(void) {
        static const struct {
                const char *text, *sentence; /* the beginning and a word of it */
                const char *word;
        } cases[] = {
                { "", "there is nothing in it", "[Query]" },
                { "[Query]\n", "line 1: Method is missing", "sms" },
                { "[Plan]\nName=x\n", "line 1: \"Plan\" is no group", "[Query]" },
                { "[Query]\n" SMS "[Query]\n", "line 5: [Query] is there already", "line 1" },
                { "[Query]\n" SMS "[Other]\n", "line 5: \"Other\" is no group", "[Query]" },
                { "[Query]\nMethod=ums\n", "line 2: Method: \"ums\" is no way to ask", "ussd;sms" },
                { "[Query]\nMethod=sms;sms\n", "line 2: Method: ", "no way" },
                { "[Query]\nMethod=sms;none\n", "line 2: Method: ", "no way" },
                { "[Query]\nMethod=sms;\n", "line 2: Method: ", "no way" },
                { "[Query]\nMethod=sms\nTo=111\n", "line 2: Method: sms needs Text", "Text=DATA" },
                { "[Query]\nMethod=sms\nText=x\n", "line 2: Method: sms needs To", "To=111" },
                { "[Query]\nMethod=ussd\n", "line 2: Method: ussd needs Code", "*111#" },
                { "[Query]\nMethod=command\n", "line 2: Method: command needs Command", "/usr" },
                { "[Query]\n" USSD "To=111\n", "line 4: To is of the method sms", "add it there" },
                { "[Query]\n" SMS "Answers=1\n", "line 5: Answers is of the method ussd", "leave" },
                { "[Query]\nMethod=none\nCode=*1#\n", "line 3: Code is of the method ussd", "add" },
                { "[Query]\n" SMS "Sender=111\n", "line 5: \"Sender\" is no key of [Query]",
                  "did you mean Senders?" },
                { "[Query]\n" SMS "Zzzzzzzz=1\n", "line 5: \"Zzzzzzzz\" is no key", "Method" },
                { "[Query]\nMethod=sms\nTo=call me\nText=x\n", "line 3: To: ", "digits" },
                { "[Query]\nMethod=sms\nTo=1\nText=x\n", "line 3: To: ", "2 to 20" },
                { "[Query]\nMethod=sms\nTo=+123456789012345678901\nText=x\n",
                  "line 3: To: ", "2 to 20" },
                { "[Query]\nMethod=sms\nTo=111\nText=a\tb\n", "line 4: Text: ", "shown" },
                { "[Query]\nMethod=ussd\nCode=111\n", "line 3: Code: ", "*111#" },
                { "[Query]\nMethod=ussd\nCode=*111\n", "line 3: Code: ", "*111#" },
                { "[Query]\nMethod=ussd\nCode=*1a1#\n", "line 3: Code: ", "*111#" },
                /* Forwards all calls, or forgets to: nothing that a question may do. */
                { "[Query]\nMethod=ussd\nCode=**21*0190123456#\n",
                  "line 3: Code: ", "change the line's settings" },
                { "[Query]\nMethod=ussd\nCode=##002#\n", "line 3: Code: ", "change the line's" },
                { "[Query]\n" USSD "Answers=1;;2\n", "line 4: Answers: ", "1;2" },
                { "[Query]\n" USSD "Answers=\xe3\x81\x82\n", "line 4: Answers: ", "1;2" },
                { "[Query]\nMethod=command\nCommand=data-left\n", "line 3: Command: ", "path" },
                { "[Query]\nMethod=command\nCommand=/usr/../tmp/x\n", "line 3: Command: ", "path" },
                { "[Query]\nMethod=command\nCommand=/usr/\n", "line 3: Command: ", "path" },
                { "[Query]\n" USSD "MinimumDelay=1 minute\n",
                  "line 4: MinimumDelay: ", "5 minutes to" },
                { "[Query]\n" USSD "MinimumDelay=1 month\n", "line 4: MinimumDelay: ", "3 hours" },
                { "[Query]\n" USSD "DailyMaximum=0\n", "line 4: DailyMaximum: ", "1 to 24" },
                { "[Query]\n" USSD "DailyMaximum=often\n", "line 4: DailyMaximum: ", "no number" },
                { "[Query]\n" USSD "Abroad=maybe\n", "line 4: Abroad: ", "yes nor no" },
                { "[Query]\n" USSD "Ask=often\n", "line 4: Ask: ", "by hand" },
                { "[Query]\n" USSD "Ask=by hand;after 24h\n", "line 4: Ask: ", "by hand" },
                { "[Query]\n" USSD "Ask=after 24h;after 25h\n", "line 4: Ask: ", "by hand" },
                { "[Query]\n" USSD "Ask=after 1 minute\n", "line 4: Ask: ", "5 minutes" },
                { "[Query]\n" USSD "Ask=after 24h and much\n", "line 4: Ask: ", "500MB" },
                { "[Query]\n" USSD "Code=*1#\n", "line 4: Code is said already", "line 3" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *error = NULL;
                Query *q;

                g_assert_cmpint(query_parse(cases[i].text, strlen(cases[i].text), &q, &error), <,
                                0);
                if (!g_str_has_prefix(error, cases[i].sentence) || !strstr(error, cases[i].word))
                        g_error("%s: %s", cases[i].text, error);
        }
}

static void test_bounds(void) {
        g_autoptr(GString) text = g_string_new("[Query]\n" SMS "#");
        g_autofree char *error = NULL;
        Query *q;

        while (text->len <= QUERY_MAX_BYTES)
                g_string_append(text, "\n#");
        g_assert_cmpint(query_parse(text->str, text->len, &q, &error), <, 0);
        g_assert_cmpstr(error, ==, "longer than 8 KiB");
}

/* What the owner has to confirm, word for word. */
static void test_sent(void) {
        g_autoptr(Query) q = parse("[Query]\nMethod=ussd;sms;command\nCode=*1#\nAnswers=1;2\n"
                                   "To=+81 \nText=What is left?\nCommand=/bin/x\n");
        static const struct {
                QueryMethod method;
                const char *text, *to;
        } cases[] = {
                { QUERY_USSD, "*1#;1;2", "" },
                { QUERY_SMS, "What is left?", "+81" },
                { QUERY_COMMAND, "/bin/x", "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = query_sent_text(q, cases[i].method);

                g_assert_cmpstr(text, ==, cases[i].text);
                g_assert_cmpstr(query_sent_to(q, cases[i].method), ==, cases[i].to);
        }
}

static void test_not_sent(void) {
        g_autoptr(Query) q = parse("[Query]\n" USSD);
        g_autofree char *text = query_sent_text(q, QUERY_USSD);

        g_assert_cmpstr(text, ==, "*111#");
        g_assert_null(query_sent_text(q, QUERY_SMS));
        g_assert_null(query_sent_text(q, QUERY_COMMAND));
}

static void test_limits(void) {
        g_autoptr(Query) usual = parse("[Query]\n" USSD);
        g_autoptr(Query) said = parse("[Query]\n" USSD "MinimumDelay=2 days\nDailyMaximum=9\n");

        g_assert_cmpint(query_minimum_delay(usual), ==, 3 * 3600);
        g_assert_cmpint(query_daily_maximum(usual), ==, 4);
        g_assert_cmpint(query_minimum_delay(said), ==, 2 * 86400);
        g_assert_cmpint(query_daily_maximum(said), ==, 9);
}

static void test_senders(void) {
        static const struct {
                const char *keys, *sender;
                bool is_accepted;
        } cases[] = {
                { SMS, "111", true },
                { SMS, "+111", false }, /* abroad this is somebody else */
                { SMS, "0111", false },
                { SMS, "1111", false },
                { SMS, "11", false },
                { SMS, "", false },
                { SMS "Senders=My Carrier;+81 90-1234-5678\n", "111", false },
                { SMS "Senders=My Carrier;+81 90-1234-5678\n", "MYCARRIER", true },
                { SMS "Senders=My Carrier;+81 90-1234-5678\n", "My Carrier", true },
                { SMS "Senders=My Carrier;+81 90-1234-5678\n", "+819012345678", true },
                { SMS "Senders=My Carrier;+81 90-1234-5678\n", "My Carrier!", false },
                { USSD, "111", false }, /* nobody was named */
                { USSD "Senders=111\n", "111", true },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strconcat("[Query]\n", cases[i].keys, NULL);
                g_autoptr(Query) q = parse(text);

                g_assert_cmpint(query_accepts_sender(q, cases[i].sender), ==, cases[i].is_accepted);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/query/print", test_print);
        g_test_add_func("/query/refused", test_refused);
        g_test_add_func("/query/bounds", test_bounds);
        g_test_add_func("/query/sent", test_sent);
        g_test_add_func("/query/not-sent", test_not_sent);
        g_test_add_func("/query/limits", test_limits);
        g_test_add_func("/query/senders", test_senders);

        return g_test_run();
}
