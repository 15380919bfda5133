/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is charged beside the plan's price: steps past the limit, and tiers by use. */

#include <string.h>

#include "tally-internal.h"

static int64_t money_times(int64_t micros, uint64_t n) {
        int64_t product;

        if (n > INT64_MAX || __builtin_mul_overflow(micros, (int64_t) n, &product))
                return INT64_MAX;
        return product;
}

static int64_t money_add(int64_t a, int64_t b) {
        return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* How many steps the ceiling allows; UINT64_MAX: any number. */
static uint64_t steps_allowed(const AtZero *bill) {
        if (bill->ceiling.currency[0] == '\0' || bill->price.micros <= 0)
                return UINT64_MAX;
        return (uint64_t) (bill->ceiling.micros / bill->price.micros);
}

static uint64_t steps_begun(const AtZero *bill, uint64_t over) {
        uint64_t step = MAX(bill->step_bytes, 1);

        return MIN(over / step + (over % step > 0), steps_allowed(bill));
}

/* No further step will be sold, and the last one is used. */
bool price_is_at_ceiling(const AtZero *bill, uint64_t over) {
        uint64_t allowed = steps_allowed(bill);

        return allowed != UINT64_MAX && over / MAX(bill->step_bytes, 1) >= allowed;
}

/* What the tiers go by. */
static uint64_t total_used(const Tally *t) {
        uint64_t total = 0;

        for (int i = 0; i < n_live(t); i++)
                if (live(t, i)->phase == PHASE_RUNNING && live(t, i)->within == NO_BUCKET)
                        total = traffic_saturated(
                                total, traffic_saturated(live_used(live(t, i)), live(t, i)->over));

        return total;
}

void price_charge(const Tally *t, TallyAnswer *a) {
        uint64_t total = total_used(t);

        for (int i = 0; i < n_live(t); i++) {
                const LiveBucket *b = live(t, i);
                AtZero bill = order_at_zero(t, i);
                uint64_t steps;

                if (b->phase != PHASE_RUNNING || bill.kind != AT_ZERO_BILL || b->over == 0)
                        continue;
                steps = steps_begun(&bill, b->over);
                a->charged_steps = traffic_saturated(a->charged_steps, steps);
                a->charged_micros =
                        money_add(a->charged_micros, money_times(bill.price.micros, steps));
                memcpy(a->currency, bill.price.currency, sizeof(a->currency));
        }

        for (guint k = 0; t->plan && t->plan->tiers && k < t->plan->tiers->len; k++) {
                const Tier *tier = &g_array_index(t->plan->tiers, Tier, k);

                if (total > tier->bytes && k + 1 < t->plan->tiers->len)
                        continue;
                a->charged_micros = money_add(a->charged_micros, tier->price.micros);
                memcpy(a->currency, tier->price.currency, sizeof(a->currency));
                break;
        }
}

/* Bytes until the bill's next step begins, or the ceiling is reached. */
uint64_t price_bytes_to_step(const AtZero *bill, uint64_t over) {
        uint64_t step = MAX(bill->step_bytes, 1), rest = over % step;

        if (price_is_at_ceiling(bill, over))
                return UINT64_MAX;
        if (rest == 0)
                return 1;
        return step - rest + (steps_begun(bill, over) < steps_allowed(bill));
}

/* Bytes until the next tier's price holds. */
uint64_t price_bytes_to_tier(const Tally *t) {
        uint64_t total = total_used(t);

        for (guint k = 0; t->plan && t->plan->tiers && k + 1 < t->plan->tiers->len; k++) {
                const Tier *tier = &g_array_index(t->plan->tiers, Tier, k);

                if (total <= tier->bytes)
                        return traffic_saturated(tier->bytes - total, 1);
        }

        return UINT64_MAX;
}
