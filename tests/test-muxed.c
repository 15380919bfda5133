/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "muxed.h"

typedef enum Step {
        END,
        BELOW,    /* the link below has moved so much */
        ABOVE,    /* those above have, and it cost so much in headers at most */
        OWN,      /* all are read: so much is the link's own */
        PUT_BACK, /* not all are: so much waits */
        LATE,     /* one was heard of late: of so much, so much was charged already */
        BACK,     /* one came back: the same */
        OVER,     /* nothing above any more: so much is still to be counted below */
} Step;

typedef struct Case {
        const char *what;
        uint64_t ahead;
        struct {
                Step step;
                uint64_t bytes, also;
        } steps[12];
} Case;

static const Case cases[] = {
        { "alone", 0, { { BELOW, 100 }, { OWN, 100 }, { BELOW, 7 }, { OWN, 7 } } },
        { "all is of those above",
          0,
          { { BELOW, 100 }, { ABOVE, 60 }, { ABOVE, 40 }, { OWN, 0 }, { OVER, 0 } } },
        { "below minus above", 0, { { BELOW, 1000 }, { ABOVE, 700, 0 }, { OWN, 300 } } },
        { "counted above first",
          0,
          { { ABOVE, 100 },
            { OWN, 0 },
            { BELOW, 60 },
            { OWN, 0 },
            { BELOW, 50 },
            { OWN, 10 },
            { OVER, 0 } } },
        { "headers are nobody's",
          0,
          { { BELOW, 108 }, { ABOVE, 100, 16 }, { OWN, 0 }, { BELOW, 5 }, { OWN, 5 } } },
        { "headers come with their packets",
          0,
          { { ABOVE, 100, 16 },
            { OWN, 0 },
            { BELOW, 50 },
            { OWN, 0 },
            { BELOW, 58 },
            { OWN, 0 } } },
        { "more than headers is the link's own",
          0,
          { { BELOW, 1108 }, { ABOVE, 100, 16 }, { OWN, 1008 } } },
        { "one is about to go",
          0,
          { { BELOW, 100 },
            { ABOVE, 60 },
            { PUT_BACK, 40 },
            { BELOW, 40 },
            { ABOVE, 40 },
            { OWN, 0 } } },
        { "ahead before a restart", 50, { { BELOW, 70 }, { OWN, 20 } } },
        { "heard of late: it was taken for the link's own",
          0,
          { { BELOW, 100 }, { OWN, 100 }, { ABOVE, 100 }, { OWN, 0 }, { LATE, 100, 100 } } },
        { "heard of late, and in part only",
          0,
          { { BELOW, 30 },
            { OWN, 30 },
            { BELOW, 70 },
            { ABOVE, 100 },
            { OWN, 0 },
            { LATE, 100, 30 },
            { BELOW, 9 },
            { OWN, 9 } } },
        { "the link below does not count it: nothing was charged",
          0,
          { { ABOVE, 100 }, { OWN, 0 }, { LATE, 100, 0 } } },
        { "comes back, and we were down in between",
          0,
          { { ABOVE, 100 }, { OWN, 0 }, { BACK, 100, 100 }, { BELOW, 5 }, { OWN, 5 } } },
        { "some is still under way",
          0,
          { { BELOW, 90 }, { ABOVE, 100 }, { OVER, 10 }, { BELOW, 15 }, { OWN, 5 } } },
        { "it will never be counted below",
          0,
          { { BELOW, 5 }, { ABOVE, 100, 16 }, { OVER, 0 }, { BELOW, 15 }, { OWN, 15 } } },
};

/* The two directions are reckoned apart, and alike. */
static Traffic both(uint64_t bytes) {
        return (Traffic){ bytes, 2 * bytes };
}

static void assert_both(const Case *c, guint step, Traffic got, uint64_t wanted) {
        if (got.rx != wanted || got.tx != 2 * wanted)
                g_error("%s, step %u: %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT
                        " instead of %" G_GUINT64_FORMAT " and twice that",
                        c->what, step, got.rx, got.tx, wanted);
}

static void take_step(const Case *c, guint i, Muxed *m) {
        uint64_t bytes = c->steps[i].bytes, also = c->steps[i].also;

        switch (c->steps[i].step) {
        case END:
                break;
        case BELOW:
                muxed_move_below(m, both(bytes));
                break;
        case ABOVE:
                muxed_move_above(m, both(bytes), both(also));
                break;
        case OWN:
                assert_both(c, i, muxed_take_own(m), bytes);
                break;
        case PUT_BACK:
                assert_both(c, i, muxed_put_back(m), bytes);
                break;
        case LATE:
        case BACK:
                assert_both(c, i, muxed_take_charged(m, both(bytes), c->steps[i].step == BACK),
                            also);
                break;
        case OVER:
                muxed_end(m);
                assert_both(c, i, m->ahead, bytes);
                break;
        }
}

static void test_steps(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Muxed m = muxed_begin(both(cases[i].ahead));

                for (guint s = 0; s < G_N_ELEMENTS(cases[i].steps); s++)
                        take_step(&cases[i], s, &m);
        }
}

static void test_doubt(void) {
        Muxed m = muxed_begin((Traffic){ 0 });

        muxed_move_below(&m, both(10));
        g_assert_false(muxed_is_in_doubt(&m)); /* there is nothing above */
        muxed_move_above(&m, both(5), both(5));
        g_assert_false(muxed_is_in_doubt(&m));
        muxed_move_below(&m, (Traffic){ 0, 1 });
        g_assert_true(muxed_is_in_doubt(&m));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/muxed/steps", test_steps);
        g_test_add_func("/muxed/doubt", test_doubt);
        return g_test_run();
}
