/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "reply-json.h"

#include <string.h>

static char *describe(const char *json) {
        g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
        g_autofree char *error = NULL;
        g_auto(Reply) r = { 0 };
        GString *text;

        if (reply_from_json(json, NULL, &(ReplyOrigin){ 1790000000, utc, 0 }, &r, &error) < 0)
                return g_steal_pointer(&error);
        text = g_string_new(r.verdict == REPLY_FIGURE ? "figure" : "none");
        if (r.has_remaining)
                g_string_append_printf(text, " left %" G_GUINT64_FORMAT, r.remaining);
        if (r.has_used)
                g_string_append_printf(text, " used %" G_GUINT64_FORMAT, r.used);
        if (r.has_limit)
                g_string_append_printf(text, " of %" G_GUINT64_FORMAT, r.limit);
        if (r.has_expires)
                g_string_append_printf(text, " until %" G_GINT64_FORMAT, r.expires_at);
        if (r.has_remaining || r.has_used)
                g_string_append_printf(text, " to %" G_GUINT64_FORMAT, r.resolution);
        return g_string_free(text, FALSE);
}

static void test_read(void) {
        static const struct {
                const char *json, *described;
        } cases[] = {
                { "{\"remaining_bytes\": 1200000000}", "figure left 1200000000 to 0" },
                { " {\n\t\"used_bytes\":0 ,\"limit_bytes\":5000,\"resolution_bytes\":10}\r\n",
                  "figure used 0 of 5000 to 10" },
                { "{\"remaining_bytes\":1,\"expires_at\":1795575513}",
                  "figure left 1 until 1795575513 to 0" },
                { "{\"remaining_bytes\":1,\"expires_at\":null,\"x\":true,\"y\":\"\\u00e9\\n\"}",
                  "figure left 1 to 0" },
                { "{\"remaining_bytes\":1.5e3}", "figure left 1500 to 0" },
                { "{\"remaining_bytes\":1e18}", "figure left 1000000000000000000 to 0" },
                { "{\"text\":\"nothing to see \\ud83d\\ude00\"}", "none" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *described = describe(cases[i].json);

                g_assert_cmpstr(described, ==, cases[i].described);
        }
}

static void test_refused(void) {
        static const struct {
                const char *json, *word;
        } cases[] = {
                { "", "no flat JSON" },
                { "1.2 GB", "no flat JSON" },
                { "{", "no flat JSON" },
                { "{}", "neither remaining_bytes" },
                { "{\"remaining_bytes\"}", "no flat JSON" },
                { "{\"remaining_bytes\":}", "no flat JSON" },
                { "{\"remaining_bytes\":1,}", "no flat JSON" },
                { "{\"remaining_bytes\":1}{", "no flat JSON" },
                { "{\"remaining_bytes\":[1]}", "no flat JSON" },
                { "{\"remaining_bytes\":{\"a\":1}}", "no flat JSON" },
                { "{\"remaining_bytes\":-1}", "whole number" },
                { "{\"remaining_bytes\":1.5}", "whole number" },
                { "{\"remaining_bytes\":1e19}", "whole number" },
                { "{\"remaining_bytes\":true}", "whole number" },
                { "{\"remaining_bytes\":1-1}", "whole number" },
                { "{\"remaining_bytes\":null}", "neither remaining_bytes" },
                { "{\"remaining_bytes\":\"1\"}", "neither remaining_bytes" },
                { "{\"remaining_bytes\":1,\"expires_at\":1e17}", "9999" },
                { "{\"text\":\"\\ud83d\"}", "no flat JSON" },
                { "{\"text\":\"\\u0000\"}", "no flat JSON" },
                { "{\"text\":\"a\nb\"}", "no flat JSON" },
                { "{\"text\":\"a\\", "no flat JSON" },
                { "{\"text\":\"\xff\"}", "not UTF-8" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *described = describe(cases[i].json);

                if (!strstr(described, cases[i].word))
                        g_error("%s: %s", cases[i].json, described);
        }
}

static void test_bounds(void) {
        g_autoptr(GString) names = g_string_new("{\"remaining_bytes\":1");
        g_autofree char *long_text = g_strnfill(REPLY_JSON_MAX_BYTES + 1, ' '), *described = NULL;

        for (int i = 0; i < 64; i++)
                g_string_append(names, ",\"a\":1");
        g_string_append_c(names, '}');
        described = describe(names->str);
        g_assert_nonnull(strstr(described, "more than 64"));
        g_free(described);
        described = describe(long_text);
        g_assert_nonnull(strstr(described, "16 KiB"));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);

        g_test_add_func("/reply-json/read", test_read);
        g_test_add_func("/reply-json/refused", test_refused);
        g_test_add_func("/reply-json/bounds", test_bounds);

        return g_test_run();
}
