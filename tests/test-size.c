/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "size.h"

#include <errno.h>
#include <glib.h>

static void test_format(void) {
        static const struct {
                uint64_t bytes;
                SizeUnit unit;
                const char *text;
        } cases[] = {
                { 0, SIZE_SI, "0 B" },
                { 999, SIZE_SI, "999 B" },
                { 1000, SIZE_SI, "1 kB" },
                { 1999, SIZE_SI, "1.9 kB" },
                { 999949, SIZE_SI, "999 kB" },
                { 999950, SIZE_SI, "999 kB" },
                { 999999, SIZE_SI, "999 kB" },
                { 1000000, SIZE_SI, "1 MB" },
                { 9999999, SIZE_SI, "9.9 MB" },
                { 10500000, SIZE_SI, "10 MB" },
                { 412345678, SIZE_SI, "412 MB" },
                { UINT64_C(15199999999), SIZE_SI, "15.1 GB" },
                { UINT64_C(20000000000), SIZE_SI, "20 GB" },
                { UINT64_C(120900000000), SIZE_SI, "120 GB" },
                { UINT64_C(1500000000000), SIZE_SI, "1.5 TB" },
                { UINT64_MAX, SIZE_SI, "18446744 TB" },
                { 1023, SIZE_IEC, "1023 B" },
                { 1024, SIZE_IEC, "1 KiB" },
                { 1942, SIZE_IEC, "1.8 KiB" }, /* 1.896 */
                { 1945, SIZE_IEC, "1.8 KiB" },
                { 1946, SIZE_IEC, "1.9 KiB" },
                { 2047, SIZE_IEC, "1.9 KiB" },
                { 1024 * 1024 - 1, SIZE_IEC, "1023 KiB" },
                { UINT64_C(5) << 30, SIZE_IEC, "5 GiB" },
                { UINT64_C(15100000000), SIZE_BYTES, "15100000000 B" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = size_format(cases[i].bytes, cases[i].unit);

                g_assert_cmpstr(text, ==, cases[i].text);
        }
}

static void test_parse(void) {
        static const struct {
                const char *text;
                int result;
                uint64_t bytes;
        } cases[] = {
                { "5GB", 0, UINT64_C(5000000000) },
                { "5 GiB", 0, UINT64_C(5) << 30 },
                { "1.2GB", 0, 1200000000 },
                { "0.5kB", 0, 500 },
                { "1.0005kB", 0, 1000 },
                { "300B", 0, 300 },
                { "7mb", 0, 7000000 },
                { "18446744073709551615B", 0, UINT64_MAX },
                { "18446744073709551616B", -ERANGE, 0 },
                { "18446745TB", -ERANGE, 0 },
                { "99999999999999999999999B", -ERANGE, 0 },
                { "1.999999999999999999TiB", 0, UINT64_C(2199023255551) },
                { "", -EINVAL, 0 },
                { "GB", -EINVAL, 0 },
                { "5", -EINVAL, 0 },
                { "5.GB", -EINVAL, 0 },
                { ".5GB", -EINVAL, 0 },
                { "-5GB", -EINVAL, 0 },
                { "5,5GB", -EINVAL, 0 },
                { "5GBs", -EINVAL, 0 },
                { "5 G B", -EINVAL, 0 },
                { "1.0000000000000000001B", 0, 1 },
                { "0.00000000000000000000000000001TiB", 0, 0 },
                { "000000000000000000000000005GB", 0, UINT64_C(5000000000) },
                { "0.29GB", 0, 290000000 }, /* not a binary fraction */
                { "1.1KiB", 0, 1126 },      /* 1126.4 */
                { "18446744073709551.615kB", 0, UINT64_MAX },
                { "18446744073709551.616kB", -ERANGE, 0 },
                { "5  MiB", 0, 5 << 20 },
                { "5 bit/s", -EINVAL, 0 },
                { " 5GB", -EINVAL, 0 },
                { "5GB ", -EINVAL, 0 },
                { "5\tGB", -EINVAL, 0 },
                { "5.5.5GB", -EINVAL, 0 },
                { "99999999999999999999999XB", -EINVAL, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                uint64_t bytes = 0;

                g_assert_cmpint(size_parse(cases[i].text, &bytes), ==, cases[i].result);
                g_assert_cmpuint(bytes, ==, cases[i].bytes);
        }
}

static void test_pair(void) {
        static const struct {
                uint64_t part, whole;
                SizeUnit unit;
                const char *text;
        } cases[] = {
                { UINT64_C(6300000000), UINT64_C(10000000000), SIZE_SI, "6.3 of 10 GB" },
                { UINT64_C(5000000000), UINT64_C(5000000000), SIZE_SI, "5 of 5 GB" },
                { 412000000, UINT64_C(10000000000), SIZE_SI, "412 MB of 10 GB" },
                { 0, UINT64_C(10000000000), SIZE_SI, "0 B of 10 GB" },
                { 0, 0, SIZE_SI, "0 of 0 B" },
                { UINT64_C(1) << 30, UINT64_C(3) << 30, SIZE_IEC, "1 of 3 GiB" },
                { 1000, 5000, SIZE_BYTES, "1000 of 5000 B" },
        };
        g_autofree char *part = NULL, *whole = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text =
                        size_format_pair(cases[i].part, cases[i].whole, cases[i].unit);

                g_assert_cmpstr(text, ==, cases[i].text);
        }

        size_format_halves(2100000000, 3000000000, SIZE_SI, &part, &whole);
        g_assert_cmpstr(part, ==, "2.1");
        g_assert_cmpstr(whole, ==, "3 GB");
}

static void test_rates(void) {
        static const struct {
                const char *text;
                int result;
                uint64_t bps;
                const char *written;
        } cases[] = {
                { "300kbit/s", 0, 300000, "300 kbit/s" },
                { "128 kbit/s", 0, 128000, "128 kbit/s" },
                { "1Mbit/s", 0, 1000000, "1 Mbit/s" },
                { "1.5mbit/s", 0, 1500000, "1.5 Mbit/s" },
                { "0.5Mbit/s", 0, 500000, "500 kbit/s" },
                { "2.5Gbit/s", 0, UINT64_C(2500000000), "2.5 Gbit/s" },
                { "0bit/s", 0, 0, "0 bit/s" },
                { "300kB", -EINVAL, 0, NULL },
                { "300kbit", -EINVAL, 0, NULL },
                { "300 kbit /s", -EINVAL, 0, NULL },
                { "300", -EINVAL, 0, NULL },
                { "-1kbit/s", -EINVAL, 0, NULL },
                { "99999999999Gbit/s", -ERANGE, 0, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *written = NULL;
                uint64_t bps = 0;

                g_assert_cmpint(size_parse_rate(cases[i].text, &bps), ==, cases[i].result);
                g_assert_cmpuint(bps, ==, cases[i].bps);
                if (cases[i].written) {
                        written = size_format_rate(bps);
                        g_assert_cmpstr(written, ==, cases[i].written);
                }
        }
}

/* What is shown is never more than what is there, and reads back to less than one step below. */
static void test_rounds_down(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261117);

        for (int i = 0; i < 20000; i++) {
                SizeUnit unit = (SizeUnit) (i % 3);
                uint64_t bytes = (uint64_t) g_rand_int(random) << 32 | g_rand_int(random), back;
                g_autofree char *text = NULL, *again = NULL;

                bytes >>= g_rand_int_range(random, 0, 64);
                text = size_format(bytes, unit);
                g_assert_cmpint(size_parse(text, &back), ==, 0);
                g_assert_cmpuint(back, <=, bytes);
                g_assert_cmpuint(bytes - back, <=, bytes / 10);
                if (unit == SIZE_BYTES)
                        g_assert_cmpuint(back, ==, bytes);

                /* A tenth of 1024 is cut off when read, so that IEC may come back a tenth lower. */
                again = size_format(back, unit);
                if (unit != SIZE_IEC)
                        g_assert_cmpstr(again, ==, text);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/size/format", test_format);
        g_test_add_func("/size/parse", test_parse);
        g_test_add_func("/size/pair", test_pair);
        g_test_add_func("/size/rates", test_rates);
        g_test_add_func("/size/rounds-down", test_rounds_down);
        return g_test_run();
}
