/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "level.h"

Levels levels_of(const Plan *plan, const Bucket *bucket, bool is_daily) {
        static const WarnLevel usual[] = { { false, 80 }, { false, 95 } };

        if (bucket && bucket->warn)
                return (Levels){ (const WarnLevel *) (void *) bucket->warn->data,
                                 bucket->warn->len };
        if (is_daily)
                return (Levels){ NULL, 0 };
        if (plan && plan->warn)
                return (Levels){ (const WarnLevel *) (void *) plan->warn->data, plan->warn->len };
        return (Levels){ usual, G_N_ELEMENTS(usual) };
}

/* What must be used for it; UINT64_MAX: it says nothing of such a limit. */
static uint64_t threshold(WarnLevel level, uint64_t limit) {
        uint64_t whole, rest;

        if (level.is_left)
                return limit > level.value ? limit - level.value : UINT64_MAX;

        /* limit × percent ÷ 100, rounded up, without overflow */
        whole = limit / 100;
        rest = limit % 100 * level.value;
        if (level.value > 0 && whole > UINT64_MAX / 2 / level.value)
                return UINT64_MAX;
        return whole * level.value + (rest + 99) / 100;
}

bool level_is_reached(WarnLevel level, uint64_t limit, uint64_t used) {
        uint64_t needed = threshold(level, limit);

        return needed != UINT64_MAX && used >= needed;
}

uint64_t level_distance(WarnLevel level, uint64_t limit, uint64_t used) {
        uint64_t needed = threshold(level, limit);

        return needed == UINT64_MAX || used >= needed ? UINT64_MAX : needed - used;
}
