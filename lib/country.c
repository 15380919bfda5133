/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "country.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "plmn.h"

#define EUROPE_FIRST 200 /* ITU-T E.212, annex A: the first digit is the region */
#define EUROPE_LAST  299
#define LAST_MCC     799

/*
 * ISO 3166-1's letters, the first code (ITU-T E.212, "List of Mobile Country or Geographical Area
 * Codes"), and names, the usual one first. Areas that have no code of their own share one.
 */
static const struct {
        char letters[3];
        uint16_t mcc;
        const char *names;
} countries[] = {
        { "gr", 202, "greece" },
        { "nl", 204, "netherlands|holland" },
        { "be", 206, "belgium" },
        { "fr", 208, "france" },
        { "mc", 212, "monaco" },
        { "ad", 213, "andorra" },
        { "es", 214, "spain" },
        { "hu", 216, "hungary" },
        { "ba", 218, "bosnia and herzegovina|bosnia" },
        { "hr", 219, "croatia" },
        { "rs", 220, "serbia" },
        { "xk", 221, "kosovo" },
        { "it", 222, "italy" },
        { "va", 225, "vatican|vatican city" },
        { "ro", 226, "romania" },
        { "ch", 228, "switzerland" },
        { "cz", 230, "czechia|czech republic" },
        { "sk", 231, "slovakia" },
        { "at", 232, "austria" },
        { "gb", 234,
          "united kingdom|uk|great britain|britain|england|scotland|wales|northern ireland" },
        { "gg", 234, "guernsey" },
        { "im", 234, "isle of man" },
        { "je", 234, "jersey" },
        { "dk", 238, "denmark" },
        { "se", 240, "sweden" },
        { "no", 242, "norway" },
        { "sj", 242, "svalbard" },
        { "fi", 244, "finland" },
        { "ax", 244, "aland|åland" },
        { "lt", 246, "lithuania" },
        { "lv", 247, "latvia" },
        { "ee", 248, "estonia" },
        { "ru", 250, "russia|russian federation" },
        { "ua", 255, "ukraine" },
        { "by", 257, "belarus" },
        { "md", 259, "moldova" },
        { "pl", 260, "poland" },
        { "de", 262, "germany" },
        { "gi", 266, "gibraltar" },
        { "pt", 268, "portugal" },
        { "lu", 270, "luxembourg" },
        { "ie", 272, "ireland" },
        { "is", 274, "iceland" },
        { "al", 276, "albania" },
        { "mt", 278, "malta" },
        { "cy", 280, "cyprus" },
        { "ge", 282, "georgia" },
        { "am", 283, "armenia" },
        { "bg", 284, "bulgaria" },
        { "tr", 286, "turkey|türkiye|turkiye" },
        { "fo", 288, "faroe islands|faroes" },
        { "gl", 290, "greenland" },
        { "sm", 292, "san marino" },
        { "si", 293, "slovenia" },
        { "mk", 294, "north macedonia|macedonia" },
        { "li", 295, "liechtenstein" },
        { "me", 297, "montenegro" },
        { "ca", 302, "canada" },
        { "pm", 308, "saint pierre and miquelon" },
        { "us", 310, "united states|usa|united states of america|america" },
        { "gu", 310, "guam" },
        { "mp", 310, "northern mariana islands|saipan" },
        { "pr", 330, "puerto rico" },
        { "vi", 332, "us virgin islands" },
        { "mx", 334, "mexico|méxico" },
        { "jm", 338, "jamaica" },
        { "gp", 340, "guadeloupe" },
        { "mq", 340, "martinique" },
        { "bl", 340, "saint barthelemy" },
        { "mf", 340, "saint martin" },
        { "bb", 342, "barbados" },
        { "ag", 344, "antigua and barbuda|antigua" },
        { "ky", 346, "cayman islands" },
        { "vg", 348, "british virgin islands" },
        { "bm", 350, "bermuda" },
        { "gd", 352, "grenada" },
        { "ms", 354, "montserrat" },
        { "kn", 356, "saint kitts and nevis" },
        { "lc", 358, "saint lucia" },
        { "vc", 360, "saint vincent and the grenadines|saint vincent" },
        { "cw", 362, "curacao|curaçao" },
        { "sx", 362, "sint maarten" },
        { "bq", 362, "bonaire" },
        { "aw", 363, "aruba" },
        { "bs", 364, "bahamas" },
        { "ai", 365, "anguilla" },
        { "dm", 366, "dominica" },
        { "cu", 368, "cuba" },
        { "do", 370, "dominican republic" },
        { "ht", 372, "haiti" },
        { "tt", 374, "trinidad and tobago|trinidad" },
        { "tc", 376, "turks and caicos islands|turks and caicos" },
        { "az", 400, "azerbaijan" },
        { "kz", 401, "kazakhstan" },
        { "bt", 402, "bhutan" },
        { "in", 404, "india" },
        { "pk", 410, "pakistan" },
        { "af", 412, "afghanistan" },
        { "lk", 413, "sri lanka" },
        { "mm", 414, "myanmar|burma" },
        { "lb", 415, "lebanon" },
        { "jo", 416, "jordan" },
        { "sy", 417, "syria" },
        { "iq", 418, "iraq" },
        { "kw", 419, "kuwait" },
        { "sa", 420, "saudi arabia" },
        { "ye", 421, "yemen" },
        { "om", 422, "oman" },
        { "ae", 424, "united arab emirates|uae|emirates|dubai|abu dhabi" },
        { "il", 425, "israel" },
        { "ps", 425, "palestine" },
        { "bh", 426, "bahrain" },
        { "qa", 427, "qatar" },
        { "mn", 428, "mongolia" },
        { "np", 429, "nepal" },
        { "ir", 432, "iran" },
        { "uz", 434, "uzbekistan" },
        { "tj", 436, "tajikistan" },
        { "kg", 437, "kyrgyzstan" },
        { "tm", 438, "turkmenistan" },
        { "jp", 440, "japan" },
        { "kr", 450, "south korea|korea" },
        { "vn", 452, "vietnam|viet nam" },
        { "hk", 454, "hong kong|hongkong" },
        { "mo", 455, "macao|macau" },
        { "kh", 456, "cambodia" },
        { "la", 457, "laos" },
        { "cn", 460, "china|mainland china" },
        { "tw", 466, "taiwan" },
        { "kp", 467, "north korea" },
        { "bd", 470, "bangladesh" },
        { "mv", 472, "maldives" },
        { "my", 502, "malaysia" },
        { "au", 505, "australia" },
        { "nf", 505, "norfolk island" },
        { "cx", 505, "christmas island" },
        { "id", 510, "indonesia|bali" },
        { "tl", 514, "timor-leste|east timor" },
        { "ph", 515, "philippines" },
        { "th", 520, "thailand" },
        { "sg", 525, "singapore" },
        { "bn", 528, "brunei" },
        { "nz", 530, "new zealand" },
        { "nr", 536, "nauru" },
        { "pg", 537, "papua new guinea" },
        { "to", 539, "tonga" },
        { "sb", 540, "solomon islands" },
        { "vu", 541, "vanuatu" },
        { "fj", 542, "fiji" },
        { "wf", 543, "wallis and futuna" },
        { "as", 544, "american samoa" },
        { "ki", 545, "kiribati" },
        { "nc", 546, "new caledonia" },
        { "pf", 547, "french polynesia|tahiti" },
        { "ck", 548, "cook islands" },
        { "ws", 549, "samoa" },
        { "fm", 550, "micronesia" },
        { "mh", 551, "marshall islands" },
        { "pw", 552, "palau" },
        { "tv", 553, "tuvalu" },
        { "tk", 554, "tokelau" },
        { "nu", 555, "niue" },
        { "eg", 602, "egypt" },
        { "dz", 603, "algeria" },
        { "ma", 604, "morocco" },
        { "tn", 605, "tunisia" },
        { "ly", 606, "libya" },
        { "gm", 607, "gambia" },
        { "sn", 608, "senegal" },
        { "mr", 609, "mauritania" },
        { "ml", 610, "mali" },
        { "gn", 611, "guinea" },
        { "ci", 612, "ivory coast|cote d'ivoire|côte d'ivoire" },
        { "bf", 613, "burkina faso" },
        { "ne", 614, "niger" },
        { "tg", 615, "togo" },
        { "bj", 616, "benin" },
        { "mu", 617, "mauritius" },
        { "lr", 618, "liberia" },
        { "sl", 619, "sierra leone" },
        { "gh", 620, "ghana" },
        { "ng", 621, "nigeria" },
        { "td", 622, "chad" },
        { "cf", 623, "central african republic" },
        { "cm", 624, "cameroon" },
        { "cv", 625, "cape verde|cabo verde" },
        { "st", 626, "sao tome and principe|são tomé and príncipe" },
        { "gq", 627, "equatorial guinea" },
        { "ga", 628, "gabon" },
        { "cg", 629, "congo|republic of the congo" },
        { "cd", 630, "democratic republic of the congo|dr congo" },
        { "ao", 631, "angola" },
        { "gw", 632, "guinea-bissau" },
        { "sc", 633, "seychelles" },
        { "sd", 634, "sudan" },
        { "rw", 635, "rwanda" },
        { "et", 636, "ethiopia" },
        { "so", 637, "somalia" },
        { "dj", 638, "djibouti" },
        { "ke", 639, "kenya" },
        { "tz", 640, "tanzania|zanzibar" },
        { "ug", 641, "uganda" },
        { "bi", 642, "burundi" },
        { "mz", 643, "mozambique" },
        { "zm", 645, "zambia" },
        { "mg", 646, "madagascar" },
        { "re", 647, "reunion|réunion" },
        { "yt", 647, "mayotte" },
        { "zw", 648, "zimbabwe" },
        { "na", 649, "namibia" },
        { "mw", 650, "malawi" },
        { "ls", 651, "lesotho" },
        { "bw", 652, "botswana" },
        { "sz", 653, "eswatini|swaziland" },
        { "km", 654, "comoros" },
        { "za", 655, "south africa" },
        { "er", 657, "eritrea" },
        { "sh", 658, "saint helena" },
        { "ss", 659, "south sudan" },
        { "bz", 702, "belize" },
        { "gt", 704, "guatemala" },
        { "sv", 706, "el salvador" },
        { "hn", 708, "honduras" },
        { "ni", 710, "nicaragua" },
        { "cr", 712, "costa rica" },
        { "pa", 714, "panama" },
        { "pe", 716, "peru" },
        { "ar", 722, "argentina" },
        { "br", 724, "brazil" },
        { "cl", 730, "chile" },
        { "co", 732, "colombia" },
        { "ve", 734, "venezuela" },
        { "bo", 736, "bolivia" },
        { "gy", 738, "guyana" },
        { "ec", 740, "ecuador" },
        { "gf", 742, "french guiana" },
        { "py", 744, "paraguay" },
        { "sr", 746, "suriname" },
        { "uy", 748, "uruguay" },
        { "fk", 750, "falkland islands|falklands" },
};

static const char *const eu[] = { "at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es",
                                  "fi", "fr", "gr", "hr", "hu", "ie", "it", "lt", "lu",
                                  "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk" };
static const char *const eea[] = { "is", "li", "no" }; /* and all of the EU */

/* Some countries have several codes, and some share one. */
static void add_country(uint16_t mcc, GArray *mccs) {
        for (guint i = 0; i < mccs->len; i++)
                if (g_array_index(mccs, uint16_t, i) == mcc)
                        return;

        for (uint16_t other = mcc; other <= LAST_MCC; other++)
                if (plmn_same_country((Plmn){ .mcc = mcc }, (Plmn){ .mcc = other }))
                        g_array_append_val(mccs, other);
}

static bool is_among(const char *name, const char *names) {
        g_auto(GStrv) each = g_strsplit(names, "|", -1);

        return g_strv_contains((const char *const *) each, name);
}

static int add_one(const char *name, GArray *mccs) {
        for (size_t i = 0; i < G_N_ELEMENTS(countries); i++)
                if (strcmp(name, countries[i].letters) == 0 || is_among(name, countries[i].names)) {
                        add_country(countries[i].mcc, mccs);
                        return 0;
                }

        return -ENOENT;
}

static void add_each(const char *const *letters, size_t n, GArray *mccs) {
        for (size_t i = 0; i < n; i++)
                (void) add_one(letters[i], mccs);
}

int country_add_mccs(const char *name, GArray *mccs) {
        bool is_eea = strcmp(name, "eea") == 0;

        if (strcmp(name, "europe") == 0) {
                for (size_t i = 0; i < G_N_ELEMENTS(countries); i++)
                        if (countries[i].mcc >= EUROPE_FIRST && countries[i].mcc <= EUROPE_LAST)
                                add_country(countries[i].mcc, mccs);
                return 0;
        }
        if (is_eea || strcmp(name, "eu") == 0 || strcmp(name, "european union") == 0) {
                add_each(eu, G_N_ELEMENTS(eu), mccs);
                if (is_eea)
                        add_each(eea, G_N_ELEMENTS(eea), mccs);
                return 0;
        }

        return add_one(g_str_has_prefix(name, "the ") ? name + strlen("the ") : name, mccs);
}
