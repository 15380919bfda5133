/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How carriers are asked, out of the providers' database. */

#include "providers.h"

#include <errno.h>
#include <string.h>

#define HEAD         "<?xml version=\"1.0\"?><serviceproviders format=\"2.0\"><country code=\"jp\">"
#define TAIL         "</country></serviceproviders>"
#define NETWORK      "<network-id mcc=\"440\" mnc=\"10\"/>"
#define CHECK(ways)  "<balance-check>" ways "</balance-check>"
#define BLUE(inside) "<provider><name>Blue</name><gsm>" inside "</gsm></provider>"

static const Plmn home = { 440, 10, 2 };

/* In pieces of so many bytes; the ways as lines. */
static int read_all(const char *text, size_t piece, char **ret) {
        g_autoptr(Providers) p = providers_new(home);
        g_autoptr(GString) lines = g_string_new(NULL);
        g_autoptr(GArray) ways = NULL;
        size_t n = strlen(text);
        int r;

        for (size_t i = 0; i < n; i += piece) {
                r = providers_feed(p, text + i, MIN(piece, n - i));
                if (r < 0)
                        return r;
        }
        r = providers_end(p, &ways);
        if (r < 0)
                return r;

        for (guint i = 0; i < ways->len; i++) {
                const ProviderWay *way = &g_array_index(ways, ProviderWay, i);
                QueryMethod method = way->query->methods[0];
                g_autofree char *sent = query_sent_text(way->query, method);

                g_assert_cmpuint(way->query->n_methods, ==, 1);
                g_string_append_printf(lines, "%s %s %s>%s\n", way->name,
                                       query_method_to_string(method), sent,
                                       query_sent_to(way->query, method));
        }
        *ret = g_string_free(g_steal_pointer(&lines), FALSE);
        return 0;
}

static void test_read(void) {
        static const struct {
                const char *inside, *ways;
        } cases[] = {
                { "", "" },
                { BLUE(NETWORK), "" },
                { BLUE(NETWORK CHECK("<ussd>*100#</ussd>")), "Blue ussd *100#>\n" },
                { BLUE(NETWORK CHECK("<ussd>\n *100# </ussd>")), "Blue ussd *100#>\n" },
                { BLUE(NETWORK CHECK("<ussd><![CDATA[*100#]]></ussd>")), "Blue ussd *100#>\n" },
                { BLUE(NETWORK CHECK("<sms text=\"DATA\">111</sms>")), "Blue sms DATA>111\n" },
                { BLUE(NETWORK CHECK("<sms text=\"A &amp; B\">111</sms>")),
                  "Blue sms A & B>111\n" },
                /* all ways, in their order, but each once */
                { BLUE(NETWORK CHECK("<ussd>*1#</ussd><dtmf>950</dtmf><sms text=\"A\">111</sms>"
                                     "<sms text=\"B\">111</sms>") CHECK("<ussd>*1#</ussd>")),
                  "Blue ussd *1#>\nBlue sms A>111\nBlue sms B>111\n" },
                /* the networks may come last, and be several */
                { BLUE(CHECK("<ussd>*1#</ussd>") "<network-id mcc=\"440\" mnc=\"20\"/>" NETWORK),
                  "Blue ussd *1#>\n" },
                { BLUE(NETWORK "<network-id mcc=\"440\" mnc=\"20\"/>" CHECK("<ussd>*1#</ussd>")),
                  "Blue ussd *1#>\n" },
                /* others at the same network */
                { BLUE(NETWORK CHECK("<ussd>*1#</ussd>")) "<provider><name>Red</name><gsm>" NETWORK
                          CHECK("<ussd>*1#</ussd>") "</gsm></provider>",
                  "Blue ussd *1#>\nRed ussd *1#>\n" },
                /* the first name is in no language */
                { "<provider><name>Blue</name><name xml:lang=\"ja\">Ao</name><gsm>" NETWORK CHECK(
                          "<ussd>*1#</ussd>") "<apn value=\"a\"><name>Net</name></apn></gsm></provider>",
                  "Blue ussd *1#>\n" },

                /* not of this network */
                { BLUE("<network-id mcc=\"440\" mnc=\"010\"/>" CHECK("<ussd>*1#</ussd>")), "" },
                { BLUE("<network-id mcc=\"44\" mnc=\"010\"/>" CHECK("<ussd>*1#</ussd>")), "" },
                { BLUE("<network-id mcc=\"4401\" mnc=\"0\"/>" CHECK("<ussd>*1#</ussd>")), "" },
                { BLUE("<network-id mcc=\"440\"/>" CHECK("<ussd>*1#</ussd>")), "" },
                { BLUE(CHECK("<ussd>*1#</ussd>")) BLUE(NETWORK), "" },

                /* it asks for something else */
                { BLUE(NETWORK "<balance-top-up><ussd>*2#</ussd></balance-top-up>"), "" },
                { BLUE(NETWORK "<msisdn-query><ussd>*3#</ussd></msisdn-query>"), "" },
                { BLUE(NETWORK CHECK("<ussd replacement=\"CODE\">*2*CODE#</ussd>")), "" },
                { BLUE(NETWORK CHECK("<ussd-response>*100#</ussd-response>")), "" },

                /* what no owner could have written */
                { BLUE(NETWORK CHECK("<ussd>**21*0#</ussd>")), "" },
                { BLUE(NETWORK CHECK("<ussd>call us</ussd><ussd></ussd>")), "" },
                { BLUE(NETWORK CHECK("<sms text=\"\">1150</sms><sms>1150</sms>")), "" },
                { BLUE(NETWORK CHECK("<sms text=\"A\">11&#10;Abroad=yes</sms>")), "" },
                { BLUE(NETWORK CHECK("<sms text=\"A&#10;Abroad=yes\">111</sms>")), "" },
                { "<provider><gsm>" NETWORK CHECK("<ussd>*1#</ussd>") "</gsm></provider>", "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strconcat(HEAD, cases[i].inside, TAIL, NULL);

                for (size_t piece = 1; piece < 2000; piece *= 7) {
                        g_autofree char *ways = NULL;

                        g_assert_cmpint(read_all(text, piece, &ways), ==, 0);
                        if (strcmp(ways, cases[i].ways) != 0)
                                g_error("%s: %s", cases[i].inside, ways);
                }
        }
}

static void test_refused(void) {
        static const char *const cases[] = {
                "",    "no markup",      HEAD, HEAD BLUE(NETWORK), HEAD "<provider></country>",
                "<a>", "<a>\xff\xfe</a>"
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char *ways = NULL;

                if (read_all(cases[i], 3, &ways) != -EBADMSG)
                        g_error("%s", cases[i]);
                g_assert_null(ways);
        }
}

static void repeat(GString *text, const char *what, size_t n) {
        for (size_t i = 0; i < n; i++)
                g_string_append(text, what);
}

static void test_bounds(void) {
        g_autoptr(GString) deep = g_string_new(NULL), large = g_string_new(NULL);
        g_autoptr(GString) many = g_string_new(HEAD), longest = g_string_new(HEAD);
        g_auto(GStrv) lines = NULL;
        g_autofree char *ways = NULL, *none = NULL;

        repeat(deep, "<a>", 100000);
        g_assert_cmpint(read_all(deep->str, 5000, &ways), ==, -EFBIG);
        repeat(large, "<a><b/></a><!-- more -->", 400000);
        g_string_prepend(large, "<top>");
        g_assert_cmpint(read_all(large->str, 65536, &ways), ==, -EFBIG);

        for (unsigned i = 0; i < 500; i++)
                g_string_append_printf(many, BLUE(NETWORK CHECK("<ussd>*%u#</ussd>")), 100 + i);
        g_string_append(many, TAIL);
        g_assert_cmpint(read_all(many->str, 1000, &ways), ==, 0);
        lines = g_strsplit(ways, "\n", -1);
        g_assert_cmpuint(g_strv_length(lines), ==, 64 + 1);

        g_string_append(longest,
                        "<provider><name>Blue</name><gsm>" NETWORK "<balance-check><ussd>*");
        repeat(longest, "1", 100000);
        g_string_append(longest, "#</ussd></balance-check></gsm></provider>" TAIL);
        g_assert_cmpint(read_all(longest->str, 1000, &none), ==, 0);
        g_assert_cmpstr(none, ==, "");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/providers/read", test_read);
        g_test_add_func("/providers/refused", test_refused);
        g_test_add_func("/providers/bounds", test_bounds);

        return g_test_run();
}
