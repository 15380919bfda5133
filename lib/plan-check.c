/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include <errno.h>
#include <string.h>

#include "plan-source.h"
#include "sentence.h"

#define HOUR    3600
#define TOP_UPS "topup-" /* names of buckets that were bought */

static const struct {
        PlanGroup group;
        const char *key, *other, *why;
} conflicts[] = {
        { GROUP_BUCKET, "Until", "Lasts", N_("say its end in one way") },
        { GROUP_BUCKET, "Rolling", "Every",
          N_("a length that goes along with time has no periods") },
        { GROUP_BUCKET, "Rolling", "Day", N_("a length that goes along with time has no periods") },
        { GROUP_BUCKET, "Rolling", "At", N_("a length that goes along with time has no periods") },
        { GROUP_BUCKET, "Rolling", "RollOver", N_("nothing is left over without periods") },
        { GROUP_LIMIT, "After", "Over", N_("make a limit of each") },
        { GROUP_MATCH, "Any", "Iccid", N_("any SIM is any") },
        { GROUP_MATCH, "Any", "Operator", N_("any SIM is any") },
        { GROUP_MATCH, "Any", "Plmn", N_("any SIM is any") },
};

static const struct {
        PlanGroup group;
        const char *key, *other, *example;
} needs[] = {
        { GROUP_BUCKET, "Day", "Every", "Every=1 month" },
        { GROUP_BUCKET, "At", "Every", "Every=1 day" },
        { GROUP_BUCKET, "RollOver", "Every", "Every=1 month" },
        { GROUP_BUCKET, "RollOverCap", "RollOver", "RollOver=1 period" },
        { GROUP_BUCKET, "RollOverLasts", "RollOver", "RollOver=1 period" },
        { GROUP_BUCKET, "Round", "Lasts", "Lasts=30x24h" },
        { GROUP_PLAN, "SupportCost", "Support", "Support=0120-000-000" },
        { GROUP_TOP_UP, "Lasts", "Bytes", "Bytes=1GB" },
};

/* The line of a key, or of its group where it is not said. */
static unsigned line_of(const KeyfileGroup *group, const char *key) {
        const KeyfileEntry *entry = keyfile_find(group, key);

        return entry ? entry->line : group->line;
}

static int check_keys(PlanGroup kind, const KeyfileGroup *group, char **ret_error) {
        for (size_t i = 0; i < G_N_ELEMENTS(conflicts); i++) {
                const KeyfileEntry *key = keyfile_find(group, conflicts[i].key);
                const KeyfileEntry *other = keyfile_find(group, conflicts[i].other);

                if (kind == conflicts[i].group && key && other)
                        return sentence_refuse(ret_error,
                                               "line %u: %s: does not go with %s (line %u); %s",
                                               key->line, key->key, other->key, other->line,
                                               sentence_translate(conflicts[i].why));
        }

        for (size_t i = 0; i < G_N_ELEMENTS(needs); i++) {
                const KeyfileEntry *key = keyfile_find(group, needs[i].key);

                if (kind == needs[i].group && key && !keyfile_find(group, needs[i].other))
                        return sentence_refuse(ret_error,
                                               "line %u: %s: means nothing without %s; say for "
                                               "example %s",
                                               key->line, key->key, needs[i].other,
                                               needs[i].example);
        }

        return 0;
}

static int compare_times(const LocalTime *a, const LocalTime *b) {
        const int left[] = { a->year, a->month, a->day, a->hour, a->minute };
        const int right[] = { b->year, b->month, b->day, b->hour, b->minute };

        for (size_t i = 0; i < G_N_ELEMENTS(left); i++)
                if (left[i] != right[i])
                        return left[i] < right[i] ? -1 : 1;

        return 0;
}

/* Every boundary is a place where slices break, and a step of the tally. */
static bool is_short(const Length *length) {
        return length->unit == LENGTH_SECONDS && length->n < HOUR;
}

static int check_times(const Bucket *b, const KeyfileGroup *group, char **ret_error) {
        const LocalTime *start = b->starts.kind == START_AT ? &b->starts.at : &b->from;

        if (is_short(&b->every))
                return sentence_refuse(ret_error, "line %u: Every: a period is at least 1h",
                                       line_of(group, "Every"));
        if (is_short(&b->rolling))
                return sentence_refuse(ret_error, "line %u: Rolling: the least is 1h",
                                       line_of(group, "Rolling"));
        if (b->day > 0 && b->every.unit != LENGTH_MONTHS)
                return sentence_refuse(ret_error,
                                       "line %u: Day: a day of the month is for periods of "
                                       "months; say Every=1 month, or From= a date",
                                       line_of(group, "Day"));
        if (b->activate_within.unit != LENGTH_NONE &&
            (b->starts.kind == START_UNSAID || b->starts.kind == START_AT ||
             b->starts.kind == START_NOW))
                return sentence_refuse(ret_error,
                                       "line %u: ActivateWithin: is for a start that waits; say "
                                       "for example Starts=first-use",
                                       line_of(group, "ActivateWithin"));
        if (b->until.year > 0 && start->year > 0 && compare_times(&b->until, start) <= 0)
                return sentence_refuse(ret_error,
                                       "line %u: Until: is not after the start; a date alone is "
                                       "its first instant",
                                       line_of(group, "Until"));
        return 0;
}

static int check_bucket(const Bucket *b, const KeyfileGroup *group, char **ret_error) {
        int r;

        if (b->bytes == 0)
                return sentence_refuse(ret_error,
                                       "line %u: [%s]: how much is it? Say for example Bytes=5GB, "
                                       "or Bytes=unlimited",
                                       group->line, group->name);
        if (g_str_has_prefix(b->name, TOP_UPS))
                return sentence_refuse(ret_error,
                                       "line %u: [%s]: names that begin with %s are for what is "
                                       "bought later; take another",
                                       group->line, group->name, TOP_UPS);

        r = check_keys(GROUP_BUCKET, group, ret_error);
        if (r < 0)
                return r;
        if (b->roll_over != 0 && b->bytes == PLAN_UNLIMITED)
                return sentence_refuse(ret_error,
                                       "line %u: RollOver: nothing is left over of unlimited",
                                       line_of(group, "RollOver"));
        return check_times(b, group, ret_error);
}

static int check_limit(const Limit *l, const KeyfileGroup *group, char **ret_error) {
        int r;

        r = check_keys(GROUP_LIMIT, group, ret_error);
        if (r < 0)
                return r;

        if (l->window.unit == LENGTH_NONE)
                return sentence_refuse(ret_error,
                                       "line %u: [%s]: a limit of what? Say for example Over=15GB "
                                       "in 3 days, or After=15 days from first-use",
                                       group->line, group->name);
        if (!keyfile_find(group, "Then"))
                return sentence_refuse(ret_error,
                                       "line %u: [%s]: what happens then? Say for example "
                                       "Then=throttle 128kbit/s",
                                       group->line, group->name);
        if (is_short(&l->window))
                return sentence_refuse(ret_error, "line %u: [%s]: the least length is 1h",
                                       group->line, group->name);
        return 0;
}

static int check_top_up(const TopUp *t, const KeyfileGroup *group, char **ret_error) {
        if (t->bytes == 0 && t->adds.unit == LENGTH_NONE)
                return sentence_refuse(ret_error,
                                       "line %u: [%s]: what is bought? Say for example Bytes=1GB, "
                                       "or Adds=1 day",
                                       group->line, group->name);
        return check_keys(GROUP_TOP_UP, group, ret_error);
}

static int check_plan(const Plan *p, const KeyfileGroup *group, char **ret_error) {
        if (p->at_zero.kind == AT_ZERO_NEXT)
                return sentence_refuse(ret_error,
                                       "line %u: AtZero: no bucket is left for next; say block, "
                                       "throttle 300kbit/s, or for example bill 220 JPY per 1GB",
                                       line_of(group, "AtZero"));
        if (p->tiers && p->buckets->len == 0)
                return sentence_refuse(ret_error,
                                       "line %u: Tiers: of what? Say a bucket, for example "
                                       "[Bucket monthly] with Bytes=unlimited and Every=1 month",
                                       line_of(group, "Tiers"));
        return check_keys(GROUP_PLAN, group, ret_error);
}

static int check_match(const PlanMatch *match, const KeyfileGroup *group, char **ret_error) {
        if (!match->iccid && !match->operator&& !match->plmn && !match->any)
                return sentence_refuse(ret_error,
                                       "line %u: [Match]: which SIM? Say Iccid=, Operator=, Plmn= "
                                       "or Any=yes",
                                       group->line);
        return check_keys(GROUP_MATCH, group, ret_error);
}

/* Where buckets name each other: both ways are one graph, and it may have no circle. */
typedef struct Links {
        int after, within; /* -1: none */
        bool is_free;      /* from circles */
} Links;

static int index_of(const Plan *p, const char *name) {
        for (guint i = 0; i < p->buckets->len; i++) {
                const Bucket *b = p->buckets->pdata[i];

                if (strcmp(b->name, name) == 0)
                        return (int) i;
        }

        return -1;
}

static int refuse_link(const Plan *p, const KeyfileGroup *group, const char *key, const char *name,
                       char **ret_error) {
        const char *names[PLAN_MAX_BUCKETS], *nearest;
        g_autofree char *quoted = sentence_quote(name);

        for (guint i = 0; i < p->buckets->len; i++)
                names[i] = ((const Bucket *) p->buckets->pdata[i])->name;
        nearest = sentence_nearest(name, names, p->buckets->len);
        if (nearest)
                return sentence_refuse(ret_error,
                                       "line %u: %s: there is no bucket %s; did you mean %s?",
                                       line_of(group, key), key, quoted, nearest);
        return sentence_refuse(ret_error, "line %u: %s: there is no bucket %s", line_of(group, key),
                               key, quoted);
}

static int find_links(const PlanSource *source, Links *links, char **ret_error) {
        const Plan *p = source->plan;

        for (guint i = 0; i < p->buckets->len; i++) {
                const Bucket *b = p->buckets->pdata[i];
                const KeyfileGroup *group = source->groups[GROUP_BUCKET]->pdata[i];

                links[i] = (Links){ .after = -1, .within = -1 };
                if (b->starts.after) {
                        links[i].after = index_of(p, b->starts.after);
                        if (links[i].after < 0)
                                return refuse_link(p, group, "Starts", b->starts.after, ret_error);
                }
                if (b->within) {
                        links[i].within = index_of(p, b->within);
                        if (links[i].within < 0)
                                return refuse_link(p, group, "Within", b->within, ret_error);
                }
        }

        return 0;
}

static bool is_free(const Links *links, int i) {
        return i < 0 || links[i].is_free;
}

static int check_links(const PlanSource *source, char **ret_error) {
        Links links[PLAN_MAX_BUCKETS];
        guint n = source->plan->buckets->len;
        bool moved = true;
        int r;

        r = find_links(source, links, ret_error);
        if (r < 0)
                return r;

        while (moved) {
                moved = false;
                for (guint i = 0; i < n; i++)
                        if (!links[i].is_free && is_free(links, links[i].after) &&
                            is_free(links, links[i].within)) {
                                links[i].is_free = true;
                                moved = true;
                        }
        }

        for (guint i = 0; i < n; i++)
                if (!links[i].is_free) {
                        const KeyfileGroup *group = source->groups[GROUP_BUCKET]->pdata[i];
                        const char *key = is_free(links, links[i].after) ? "Within" : "Starts";

                        return sentence_refuse(ret_error,
                                               "line %u: %s: leads back to [%s]; buckets follow, "
                                               "or are within, each other in one direction",
                                               line_of(group, key), key, group->name);
                }
        return 0;
}

/* The first currency that is named is that of all prices. */
static int check_currency(const Money *money, const char **currency, const KeyfileGroup *group,
                          const char *key, char **ret_error) {
        if (money->currency[0] == '\0')
                return 0;
        if (!*currency)
                *currency = money->currency;
        if (strcmp(*currency, money->currency) == 0)
                return 0;

        return sentence_refuse(ret_error, "line %u: %s: %s beside %s; a plan has one currency",
                               line_of(group, key), key, money->currency, *currency);
}

static int check_currencies(const PlanSource *source, char **ret_error) {
        const Plan *p = source->plan;
        const char *currency = NULL;
        int r = 0;

        for (guint i = 0; r >= 0 && i < source->groups[GROUP_PLAN]->len; i++) {
                const KeyfileGroup *group = source->groups[GROUP_PLAN]->pdata[i];

                r = check_currency(&p->price, &currency, group, "Price", ret_error);
                if (r >= 0)
                        r = check_currency(&p->at_zero.price, &currency, group, "AtZero",
                                           ret_error);
                if (r >= 0 && p->tiers)
                        r = check_currency(&g_array_index(p->tiers, Tier, 0).price, &currency,
                                           group, "Tiers", ret_error);
        }
        for (guint i = 0; r >= 0 && i < p->buckets->len; i++)
                r = check_currency(&((const Bucket *) p->buckets->pdata[i])->at_zero.price,
                                   &currency, source->groups[GROUP_BUCKET]->pdata[i], "AtZero",
                                   ret_error);
        for (guint i = 0; r >= 0 && i < p->top_ups->len; i++)
                r = check_currency(&((const TopUp *) p->top_ups->pdata[i])->price, &currency,
                                   source->groups[GROUP_TOP_UP]->pdata[i], "Price", ret_error);

        return r;
}

static int check_group(const PlanSource *source, PlanGroup kind, guint i, char **ret_error) {
        const KeyfileGroup *group = source->groups[kind]->pdata[i];
        const Plan *p = source->plan;

        switch (kind) {
        case GROUP_PLAN:
                return check_plan(p, group, ret_error);
        case GROUP_BUCKET:
                return check_bucket(p->buckets->pdata[i], group, ret_error);
        case GROUP_LIMIT:
                return check_limit(p->limits->pdata[i], group, ret_error);
        case GROUP_TOP_UP:
                return check_top_up(p->top_ups->pdata[i], group, ret_error);
        case GROUP_MATCH:
                return check_match(&p->match, group, ret_error);
        case N_GROUPS:
                break;
        }

        g_assert_not_reached();
}

int plan_check(const PlanSource *source, char **ret_error) {
        const Plan *p = source->plan;
        int r;

        for (PlanGroup kind = 0; kind < N_GROUPS; kind++)
                for (guint i = 0; i < source->groups[kind]->len; i++) {
                        r = check_group(source, kind, i, ret_error);
                        if (r < 0)
                                return r;
                }

        if (p->buckets->len == 0 && p->limits->len == 0 && p->top_ups->len == 0 &&
            p->at_zero.kind == AT_ZERO_UNSAID)
                return sentence_refuse(ret_error,
                                       "this says nothing of what was bought; begin with [Bucket "
                                       "monthly], Bytes=5GB and Every=1 month");

        r = check_links(source, ret_error);
        if (r < 0)
                return r;
        return check_currencies(source, ret_error);
}
