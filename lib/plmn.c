/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "plmn.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

/* A network of no country: ITU-T E.212, shared codes. */
#define SHARED_MCC 901

/*
 * Countries and geographical areas with more than one MCC, known by their first: ITU, "List of
 * Mobile Country or Geographical Area Codes" (complement to ITU-T E.212, 1 February 2017).
 */
static const struct {
        uint16_t first, last, country;
} several[] = {
        { 234, 235, 234 },                    /* United Kingdom */
        { 310, 316, 310 },                    /* United States; its islands are other areas */
        { 404, 406, 404 },                    /* India */
        { 424, 424, 424 }, { 430, 431, 424 }, /* United Arab Emirates */
        { 440, 441, 440 },                    /* Japan */
        { 460, 461, 460 },                    /* China; Hong Kong and Macao are other areas */
};

int plmn_parse(const char *text, Plmn *ret) {
        size_t mcc_digits = strspn(text, "0123456789"), mnc_digits;
        const char *mnc;
        Plmn plmn;

        if (mcc_digits < 3 || (mcc_digits > 3 && text[mcc_digits] != '\0'))
                return -EINVAL;

        mnc = text + 3;
        if (mcc_digits == 3 && *mnc == '-')
                mnc++;
        mnc_digits = strspn(mnc, "0123456789");
        if (mnc_digits < 2 || mnc_digits > 3 || mnc[mnc_digits] != '\0')
                return -EINVAL;

        plmn = (Plmn){ .mcc = (uint16_t) ((text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] -
                                          '0'),
                       .mnc = (uint16_t) g_ascii_strtoull(mnc, NULL, 10),
                       .mnc_digits = (uint8_t) mnc_digits };
        if (plmn.mcc == 0)
                return -EINVAL;

        *ret = plmn;
        return 0;
}

int plmn_from_bcd(const uint8_t bytes[PLMN_BYTES], Plmn *ret) {
        static const char digits[] = "0123456789XXXXX"; /* and F ends it */
        const char text[] = {
                digits[bytes[0] & 0xf],
                digits[bytes[0] >> 4],
                digits[bytes[1] & 0xf],
                digits[bytes[2] & 0xf],
                digits[bytes[2] >> 4],
                digits[bytes[1] >> 4],
                '\0',
        };

        return plmn_parse(text, ret);
}

char *plmn_format(Plmn plmn) {
        if (plmn.mcc == 0)
                return g_strdup("");

        return g_strdup_printf("%03u%0*u", plmn.mcc, plmn.mnc_digits == 3 ? 3 : 2, plmn.mnc);
}

bool plmn_equal(Plmn a, Plmn b) {
        return a.mcc == b.mcc && a.mnc == b.mnc && a.mnc_digits == b.mnc_digits;
}

static uint16_t country(uint16_t mcc) {
        for (size_t i = 0; i < G_N_ELEMENTS(several); i++)
                if (mcc >= several[i].first && mcc <= several[i].last)
                        return several[i].country;

        return mcc;
}

bool plmn_same_country(Plmn a, Plmn b) {
        if (a.mcc == SHARED_MCC && b.mcc == SHARED_MCC)
                return a.mnc == b.mnc;

        return country(a.mcc) == country(b.mcc);
}

bool plmn_is_abroad(Plmn serving, Plmn home) {
        return serving.mcc > 0 && home.mcc > 0 && !plmn_same_country(serving, home);
}
