/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "counter.h"

#define NO_BOUND UINT64_MAX
#define ONES     UINT64_MAX
#define GIB4     (UINT64_C(4) << 30)
#define MB       UINT64_C(1000000)

static void test_feed(void) {
        static const struct {
                Traffic seen, reading;
                uint64_t most;
                Traffic delta, after;
                unsigned faults;
        } cases[] = {
                { { 0, 0 }, { 0, 0 }, NO_BOUND, { 0, 0 }, { 0, 0 }, 0 },
                { { 5, 7 }, { 9, 7 }, NO_BOUND, { 4, 0 }, { 9, 7 }, 0 },
                /* one direction goes back: the other counts */
                { { 5, 7 }, { 4, 9 }, NO_BOUND, { 0, 2 }, { 5, 9 }, COUNTER_WENT_BACK },
                { { 5, 7 }, { 4, 6 }, NO_BOUND, { 0, 0 }, { 5, 7 }, COUNTER_WENT_BACK },
                { { 5 * GIB4, 7 },
                  { 4 * GIB4, 8 },
                  NO_BOUND,
                  { 0, 1 },
                  { 5 * GIB4, 8 },
                  COUNTER_WENT_BACK },
                /* not available */
                { { 5, 7 }, { ONES, 8 }, NO_BOUND, { 0, 1 }, { 5, 8 }, COUNTER_UNAVAILABLE },
                { { 5, 7 }, { ONES, ONES }, NO_BOUND, { 0, 0 }, { 5, 7 }, COUNTER_UNAVAILABLE },
                /* more than can be */
                { { 5, 7 }, { 106, 8 }, 100, { 0, 1 }, { 5, 8 }, COUNTER_LEAPT },
                { { 5, 7 }, { 105, 8 }, 100, { 100, 1 }, { 105, 8 }, 0 },
                { { 5, 7 },
                  { UINT64_C(1) << 60, UINT64_C(1) << 60 },
                  GIB4,
                  { 0, 0 },
                  { 5, 7 },
                  COUNTER_LEAPT },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Counter c = counter_from(cases[i].seen);
                Traffic delta = { 99, 99 };

                g_assert_cmpuint(counter_feed(&c, cases[i].reading, cases[i].most, &delta), ==,
                                 cases[i].faults);
                g_assert_cmpuint(delta.rx, ==, cases[i].delta.rx);
                g_assert_cmpuint(delta.tx, ==, cases[i].delta.tx);
                g_assert_cmpuint(c.seen.rx, ==, cases[i].after.rx);
                g_assert_cmpuint(c.seen.tx, ==, cases[i].after.tx);
        }
}

/* What a sequence of readings adds, from a counter that stands at `from`. */
static Traffic sum_of(Traffic from, const Traffic *readings, size_t n, uint64_t most) {
        Counter c = counter_from(from);
        Traffic sum = { 0 }, delta;

        for (size_t i = 0; i < n; i++) {
                (void) counter_feed(&c, readings[i], most, &delta);
                sum = traffic_add(sum, delta);
        }

        return sum;
}

static void test_glitches_cost_nothing(void) {
        static const struct {
                Traffic readings[4];
                Traffic sum;
        } cases[] = {
                /* a passing glitch: all that came is counted in the end */
                { { { 110, 110 }, { 3, 3 }, { 120, 130 }, { 121, 131 } }, { 21, 31 } },
                { { { 110, 110 }, { ONES, ONES }, { 120, 130 }, { 121, 131 } }, { 21, 31 } },
                { { { 110, 110 }, { 1 << 30, 112 }, { 120, 130 }, { 121, 131 } }, { 21, 31 } },
                /* set anew: only what moves after the first sight of it */
                { { { 110, 110 }, { 3, 4 }, { 5, 5 }, { 6, 7 } }, { 13, 13 } },
                { { { 110, 110 },
                    { 1 << 30, 1 << 30 },
                    { (1 << 30) + 5, (1 << 30) + 6 },
                    { (1 << 30) + 5, (1 << 30) + 7 } },
                  { 15, 17 } },
                /* one direction alone never begins anew */
                { { { 110, 110 }, { 3, 111 }, { 4, 112 }, { 5, 113 } }, { 10, 13 } },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Traffic sum = sum_of((Traffic){ 100, 100 }, cases[i].readings, 4, 1000);

                g_assert_cmpuint(sum.rx, ==, cases[i].sum.rx);
                g_assert_cmpuint(sum.tx, ==, cases[i].sum.tx);
        }
}

/* However the way is sliced into readings, the sum is the way. */
static void test_slicing(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261115);

        for (int round = 0; round < 200; round++) {
                Counter c = counter_at_zero();
                Traffic at = { 0 }, sum = { 0 }, delta;

                for (int i = 0; i < 50; i++) {
                        at.rx += g_rand_int(random) % 100000;
                        at.tx += g_rand_int(random) % 1000;
                        g_assert_cmpuint(counter_feed(&c, at, NO_BOUND, &delta), ==, 0);
                        sum = traffic_add(sum, delta);
                }
                g_assert_cmpuint(sum.rx, ==, at.rx);
                g_assert_cmpuint(sum.tx, ==, at.tx);
        }
}

typedef struct Step {
        Traffic link;
        bool modem_is_read;
        Traffic modem;
        uint64_t charge_rx;
        Source believed;
} Step;

/* The modem, if it was asked, has answered at once. */
static Traffic feed(Belief *b, Traffic link, const Traffic *modem) {
        Traffic bytes = belief_feed(b, link);

        if (!modem)
                return bytes;
        belief_ask(b);
        return traffic_add(bytes, belief_hear(b, *modem, &(Traffic){ 0 }, true));
}

/* They are aligned; so much has moved on the link since the modem was asked. */
static void align(Belief *b, Traffic since) {
        b->since = since;
        belief_unalign(b);
        g_assert_true(traffic_is_zero(belief_hear(b, (Traffic){ 0 }, &(Traffic){ 0 }, true)));
}

static void assert_steps(bool has_link, const Step *steps, size_t n) {
        Belief b = belief_new(has_link, SOURCE_SESSION);

        for (size_t i = 0; i < n; i++) {
                Traffic charge =
                        feed(&b, steps[i].link, steps[i].modem_is_read ? &steps[i].modem : NULL);

                g_assert_cmpuint(charge.rx, ==, steps[i].charge_rx);
                g_assert_cmpint(b.believed, ==, steps[i].believed);
        }
}

static void test_belief(void) {
        static const Step agree[] = {
                { { 5 * MB, 0 }, true, { 5 * MB, 0 }, 5 * MB, SOURCE_LINK },
                /* many readings of the link between two of the modem */
                { { 50 * MB, 0 }, false, { 0, 0 }, 50 * MB, SOURCE_LINK },
                { { 1, 0 }, true, { 50 * MB, 0 }, 1, SOURCE_LINK },
                { { 9 * MB, 0 }, true, { 8 * MB, 0 }, 9 * MB, SOURCE_LINK },
        };
        static const Step bypassed[] = {
                { { 5 * MB, 0 }, true, { 5 * MB, 0 }, 5 * MB, SOURCE_LINK },
                { { 0, 0 }, true, { MB - 1, 0 }, 0, SOURCE_LINK },
                { { 0, 0 }, true, { 1, 0 }, MB, SOURCE_SESSION },
                { { 0, 0 }, true, { 7, 0 }, 7, SOURCE_SESSION },
                /* both again: never the two of them */
                { { 3 * MB, 0 }, true, { 3 * MB, 0 }, 3 * MB, SOURCE_SESSION },
                { { 3 * MB, 0 }, false, { 0, 0 }, 0, SOURCE_SESSION },
                { { 0, 0 }, true, { 3 * MB, 0 }, 3 * MB, SOURCE_SESSION },
        };
        static const Step modem_is_broken[] = {
                { { 5 * MB, 0 }, true, { 0, 0 }, 5 * MB, SOURCE_LINK },
                { { 5 * MB, 0 }, true, { 0, 0 }, 5 * MB, SOURCE_LINK },
        };
        static const Step no_link[] = {
                { { 0, 0 }, true, { 10, 0 }, 10, SOURCE_SESSION },
                { { 0, 0 }, true, { 5 * MB, 0 }, 5 * MB, SOURCE_SESSION },
        };

        assert_steps(true, agree, G_N_ELEMENTS(agree));
        assert_steps(true, bypassed, G_N_ELEMENTS(bypassed));
        assert_steps(true, modem_is_broken, G_N_ELEMENTS(modem_is_broken));
        assert_steps(false, no_link, G_N_ELEMENTS(no_link));
}

/* What the link has told of already, and the modem's answer is too old to know. */
static void test_belief_in_old_answers(void) {
        Belief b = belief_new(true, SOURCE_SESSION);
        Traffic burst = { 5 * MB, 1 * MB }, none = { 0 };

        for (int i = 0; i < 3; i++) {
                belief_ask(&b);
                (void) belief_feed(&b, burst);
                g_assert_true(traffic_is_zero(belief_hear(&b, none, &none, true)));
                g_assert_false(b.is_disputed);
                g_assert_cmpint(b.believed, ==, SOURCE_LINK);
                g_assert_true(traffic_is_zero(feed(&b, none, &burst)));
                g_assert_false(b.is_disputed);
                g_assert_cmpint(b.believed, ==, SOURCE_LINK);
        }

        /* Nor is it a sign that the modem's does not count. */
        g_assert_cmpuint(feed(&b, none, &burst).rx, ==, 5 * MB);
        g_assert_cmpint(b.believed, ==, SOURCE_SESSION);
        belief_ask(&b);
        (void) belief_feed(&b, burst);
        g_assert_true(traffic_is_zero(belief_hear(&b, none, &none, true)));
        g_assert_cmpint(b.believed, ==, SOURCE_SESSION);
}

/* It does not answer, and then it does: no less than the link, over all that time. */
static void test_belief_in_silence(void) {
        Belief b = belief_new(true, SOURCE_SESSION);
        Traffic burst = { 5 * MB, 1 * MB }, none = { 0 };

        (void) feed(&b, burst, NULL);
        (void) belief_hear(&b, none, &none, false);
        g_assert_cmpint(b.believed, ==, SOURCE_LINK);
        (void) feed(&b, none, &burst);
        g_assert_cmpint(b.believed, ==, SOURCE_LINK);

        g_assert_cmpuint(feed(&b, none, &burst).rx, ==, 5 * MB);
        g_assert_cmpint(b.believed, ==, SOURCE_SESSION);
        (void) belief_hear(&b, none, &none, false);
        g_assert_cmpint(b.believed, ==, SOURCE_SESSION);
        g_assert_true(traffic_is_zero(feed(&b, burst, NULL)));
        (void) belief_hear(&b, none, &none, false);
        g_assert_cmpint(b.believed, ==, SOURCE_LINK);
        (void) feed(&b, burst, NULL);
        g_assert_cmpuint(b.charged.rx, ==, MAX(b.link.rx, b.modem.rx));
}

/* Never more is charged than the greater of the two has counted. */
static void test_belief_never_doubles(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261116);

        for (int round = 0; round < 500; round++) {
                Belief b = belief_new(true, SOURCE_SESSION);
                uint64_t charged = 0;

                for (int i = 0; i < 60; i++) {
                        bool offload = g_rand_boolean(random), broken = g_rand_int(random) % 5 == 0;
                        uint64_t bytes = g_rand_int(random) % (4 * MB);
                        Traffic link = { offload ? 0 : bytes, 0 };
                        Traffic modem = { broken ? 0 : bytes, 0 };

                        charged += feed(&b, link, g_rand_boolean(random) ? &modem : NULL).rx;
                        g_assert_cmpuint(charged, ==, b.charged.rx);
                        g_assert_cmpuint(charged, <=, MAX(b.link.rx, b.modem.rx));
                }
        }
}

/* The link goes in mid-session and another comes: nothing is charged twice, nothing is left out. */
static void test_belief_link_goes(void) {
        Belief b = belief_new(true, SOURCE_SESSION);
        Traffic none = { 0, 0 }, modem = { 7 * MB, 0 };

        g_assert_cmpuint(feed(&b, (Traffic){ 5 * MB, 0 }, NULL).rx, ==, 5 * MB);
        belief_link_gone(&b, false);
        /* 5 MB of these the link has told of before it went */
        g_assert_cmpuint(feed(&b, none, &modem).rx, ==, 2 * MB);
        belief_link_came(&b, false);
        g_assert_cmpuint(feed(&b, (Traffic){ 3 * MB, 0 }, NULL).rx, ==, 3 * MB);
        g_assert_cmpuint(feed(&b, none, &(Traffic){ 3 * MB, 0 }).rx, ==, 0);
}

/* The link is moved out of sight, and comes back with what the modem has told of meanwhile. */
static void test_belief_link_is_away(void) {
        Belief b = belief_new(true, SOURCE_SESSION);
        Traffic none = { 0, 0 };

        g_assert_cmpuint(feed(&b, (Traffic){ 5 * MB, 0 }, NULL).rx, ==, 5 * MB);
        belief_link_gone(&b, true);
        g_assert_cmpuint(feed(&b, none, &(Traffic){ 7 * MB, 0 }).rx, ==, 2 * MB);
        belief_link_came(&b, true);
        g_assert_cmpuint(feed(&b, (Traffic){ 3 * MB, 0 }, NULL).rx, ==, 1 * MB);

        /* Other SIMs come while it is away. */
        belief_link_gone(&b, true);
        g_assert_cmpuint(feed(&b, none, &(Traffic){ 2 * MB, 0 }).rx, ==, 1 * MB);
        belief_begin(&b);
        g_assert_cmpuint(feed(&b, none, &(Traffic){ 4 * MB, 0 }).rx, ==, 4 * MB);
        belief_begin(&b);
        belief_link_came(&b, true);
        g_assert_cmpuint(feed(&b, (Traffic){ 6 * MB, 0 }, NULL).rx, ==, 1 * MB);
}

/* Started anew while the link is out of sight. */
static void test_belief_resume(void) {
        Belief b = belief_new(false, SOURCE_SESSION);
        Traffic none = { 0, 0 };

        belief_resume(&b, (Traffic){ 2 * MB, 0 }, (Traffic){ 5 * MB, 0 });
        g_assert_cmpuint(feed(&b, none, &(Traffic){ 1 * MB, 0 }).rx, ==, 0);
        g_assert_cmpuint(feed(&b, none, &(Traffic){ 4 * MB, 0 }).rx, ==, 2 * MB);
        belief_link_came(&b, true);
        g_assert_cmpuint(feed(&b, (Traffic){ 3 * MB, 0 }, NULL).rx, ==, 1 * MB);
}

/* The same, and it was another link all the time: it counts what the modem has told of since. */
static void test_belief_resume_other_link(void) {
        Belief b = belief_new(false, SOURCE_SESSION);

        belief_resume(&b, (Traffic){ 2 * MB, 0 }, (Traffic){ 2 * MB, 0 });
        g_assert_cmpuint(feed(&b, (Traffic){ 0, 0 }, &(Traffic){ 1 * MB, 0 }).rx, ==, 1 * MB);
        belief_link_came(&b, false);
        g_assert_cmpuint(feed(&b, (Traffic){ 4 * MB, 0 }, NULL).rx, ==, 3 * MB);
}

/* Out of step after a restart: the link has told of all, the modem of what it has since the start.
 */
static void test_belief_align(void) {
        Belief b = belief_new(true, SOURCE_SESSION);

        g_assert_cmpuint(feed(&b, (Traffic){ 50 * MB, 0 }, NULL).rx, ==, 50 * MB);
        align(&b, (Traffic){ 0 });
        g_assert_cmpuint(feed(&b, (Traffic){ 0, 0 }, &(Traffic){ 2 * MB, 0 }).rx, ==, 2 * MB);
        g_assert_cmpint(b.believed, ==, SOURCE_SESSION);
}

/* The modem is believed for a while, but its total is short: the link's last word makes it good. */
static void test_belief_last_word(void) {
        Belief b = belief_new(true, SOURCE_DEVICE);

        (void) feed(&b, (Traffic){ 3 * MB, 0 }, NULL);
        align(&b, (Traffic){ 3 * MB, 0 }); /* it had told of them all the same */
        g_assert_cmpuint(feed(&b, (Traffic){ 0 }, &(Traffic){ 0 }).rx, ==, 0);
        g_assert_cmpuint(feed(&b, (Traffic){ 0 }, &(Traffic){ 2 * MB, 0 }).rx, ==, 0);
        g_assert_cmpint(b.believed, ==, SOURCE_DEVICE);
        g_assert_cmpuint(feed(&b, (Traffic){ 2 * MB, 0 }, NULL).rx, ==, 0);
        g_assert_cmpuint(belief_last_word(&b).rx, ==, 2 * MB);
        belief_link_gone(&b, false);
        (void) belief_hear(&b, (Traffic){ 3 * MB, 0 }, NULL, true);
        g_assert_cmpuint(feed(&b, (Traffic){ 0 }, &(Traffic){ 1, 0 }).rx, ==, 1);
}

/* Bytes move while the modem is on its way to say what it has: it says them the next time. */
static void test_belief_align_under_traffic(void) {
        Belief b = belief_new(true, SOURCE_DEVICE);

        (void) feed(&b, (Traffic){ 5 * MB, 0 }, NULL);
        align(&b, (Traffic){ 3 * MB, 0 });
        belief_link_gone(&b, false);
        g_assert_cmpuint(feed(&b, (Traffic){ 0 }, &(Traffic){ 3 * MB, 0 }).rx, ==, 0);
        g_assert_cmpuint(feed(&b, (Traffic){ 0 }, &(Traffic){ 7, 0 }).rx, ==, 7);
        g_assert_cmpint(b.believed, ==, SOURCE_DEVICE);
}

/* They move, and then another stint begins, before the answer is there. */
static void test_belief_align_of_the_stint_before(void) {
        Belief b = belief_new(true, SOURCE_DEVICE);

        (void) feed(&b, (Traffic){ 3 * MB, 0 }, NULL);
        belief_begin(&b);
        g_assert_cmpuint(feed(&b, (Traffic){ 1 * MB, 5 }, NULL).rx, ==, 1 * MB);
        align(&b, (Traffic){ 4 * MB, 5 });
        g_assert_cmpuint(feed(&b, (Traffic){ 2 * MB, 0 }, NULL).rx, ==, 2 * MB);
        belief_link_gone(&b, false);
        g_assert_true(traffic_is_zero(feed(&b, (Traffic){ 0 }, &(Traffic){ 6 * MB, 5 })));
        g_assert_cmpuint(feed(&b, (Traffic){ 0 }, &(Traffic){ 7, 0 }).rx, ==, 7);
}

/* What really moves, and who has told of how much of it. */
typedef struct World {
        GRand *random;
        Belief belief;
        bool has_link, is_asked;
        Traffic moved, link, link_seen, modem_seen; /* link: of the present one */
        Traffic answer;                             /* the modem's figure, on its way */
        Traffic charged;
} World;

static Traffic some(World *w) {
        uint32_t most = g_rand_boolean(w->random) ? 4 * MB : 1000;

        return (Traffic){ g_rand_int(w->random) % most, g_rand_int(w->random) % most };
}

static void move(World *w) {
        Traffic bytes = some(w);

        w->moved = traffic_add(w->moved, bytes);
        if (w->has_link)
                w->link = traffic_add(w->link, bytes);
}

static Traffic link_adds(World *w) {
        Traffic bytes = traffic_beyond(w->link, w->link_seen);

        w->link_seen = w->link;
        return bytes;
}

static void read_link(World *w) {
        w->charged = traffic_add(w->charged, belief_feed(&w->belief, link_adds(w)));
}

static void ask(World *w) {
        if (w->is_asked)
                return;

        w->is_asked = true;
        belief_ask(&w->belief);
        if (g_rand_boolean(w->random))
                move(w); /* before the modem looks */
        w->answer = w->moved;
}

static void answer(World *w, bool is_lost) {
        Traffic modem = is_lost ? (Traffic){ 0 } : traffic_beyond(w->answer, w->modem_seen);
        Traffic link;

        if (!w->is_asked)
                return;

        w->is_asked = false;
        link = link_adds(w);
        if (!is_lost)
                w->modem_seen = w->answer;
        w->charged = traffic_add(w->charged, belief_hear(&w->belief, modem, &link, !is_lost));
}

static void begin_stint(World *w) {
        read_link(w);
        belief_begin(&w->belief);
}

static void lose_link(World *w) {
        if (!w->has_link)
                return;

        read_link(w);
        w->charged = traffic_add(w->charged, belief_last_word(&w->belief));
        belief_link_gone(&w->belief, false);
        w->has_link = false;
        w->link = w->link_seen = (Traffic){ 0 };
}

static void find_link(World *w) {
        if (w->has_link)
                return;

        w->has_link = true;
        belief_link_came(&w->belief, false);
}

static void step(World *w, unsigned kinds) {
        switch (g_rand_int(w->random) % kinds) {
        case 0:
        case 1:
                move(w);
                break;
        case 2:
                read_link(w);
                break;
        case 3:
                ask(w);
                break;
        case 4:
                answer(w, g_rand_int(w->random) % 4 == 0);
                break;
        case 5:
                begin_stint(w);
                break;
        case 6:
                lose_link(w);
                break;
        default:
                find_link(w);
                break;
        }
}

static bool is_within(Traffic part, Traffic all) {
        return part.rx <= all.rx && part.tx <= all.tx;
}

/*
 * Two counters that count all, answers that come late or not at all, SIMs that change, links that
 * come and go: never more is charged than has moved, and all of it as long as there is a link.
 */
static void test_belief_in_disorder(void) {
        g_autoptr(GRand) random = g_rand_new_with_seed(20261125);

        for (int round = 0; round < 4000; round++) {
                bool has_links = round % 2 == 0; /* that come and go */
                World w = { .random = random,
                            .has_link = true,
                            .belief = belief_new(true, SOURCE_DEVICE) };

                for (int i = 0; i < 60; i++) {
                        step(&w, has_links ? 8 : 6);
                        g_assert_true(is_within(w.charged, w.moved));
                }
                answer(&w, false);
                read_link(&w);
                ask(&w);
                answer(&w, false);
                g_assert_true(is_within(w.charged, w.moved));
                if (!has_links)
                        g_assert_true(traffic_equal(w.charged, w.moved));
        }
}

static void test_belief_begin(void) {
        Belief b = belief_new(true, SOURCE_SESSION);

        (void) feed(&b, (Traffic){ 50 * MB, 0 }, &(Traffic){ 20 * MB, 0 });
        g_assert_true(b.is_disputed);
        belief_begin(&b);
        g_assert_false(b.is_disputed);
        (void) feed(&b, (Traffic){ 0 }, &(Traffic){ 0 }); /* aligns them */
        g_assert_cmpuint(feed(&b, (Traffic){ 3 * MB, 0 }, NULL).rx, ==, 3 * MB);

        /* What the link counted ahead of the modem is not charged again on the modem's word. */
        belief_link_gone(&b, false);
        belief_begin(&b);
        g_assert_cmpuint(feed(&b, (Traffic){ 0, 0 }, &(Traffic){ 4 * MB, 0 }).rx, ==, 1 * MB);
}

static void test_dispute(void) {
        Belief b = belief_new(true, SOURCE_SESSION);
        Traffic modem = { 100 * MB, 0 };

        (void) feed(&b, (Traffic){ 95 * MB, 0 }, &modem);
        g_assert_false(b.is_disputed);
        (void) feed(&b, (Traffic){ 60 * MB, 0 }, NULL); /* the modem was not asked */
        g_assert_false(b.is_disputed);
        (void) feed(&b, (Traffic){ 0, 0 }, &modem);
        g_assert_true(b.is_disputed);

        /* What was charged before on the link's word says nothing of a modem that counts nothing.
         */
        align(&b, (Traffic){ 0 });
        (void) feed(&b, (Traffic){ 90 * MB, 0 }, &(Traffic){ 0 });
        g_assert_false(b.is_disputed);
        (void) feed(&b, (Traffic){ 0 }, &(Traffic){ 7 * MB, 0 });
        g_assert_true(b.is_disputed);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/counter/feed", test_feed);
        g_test_add_func("/counter/glitches", test_glitches_cost_nothing);
        g_test_add_func("/counter/slicing", test_slicing);
        g_test_add_func("/belief/steps", test_belief);
        g_test_add_func("/belief/in-old-answers", test_belief_in_old_answers);
        g_test_add_func("/belief/in-silence", test_belief_in_silence);
        g_test_add_func("/belief/never-doubles", test_belief_never_doubles);
        g_test_add_func("/belief/link-goes", test_belief_link_goes);
        g_test_add_func("/belief/link-is-away", test_belief_link_is_away);
        g_test_add_func("/belief/resume", test_belief_resume);
        g_test_add_func("/belief/resume-other-link", test_belief_resume_other_link);
        g_test_add_func("/belief/align", test_belief_align);
        g_test_add_func("/belief/align-under-traffic", test_belief_align_under_traffic);
        g_test_add_func("/belief/align-of-the-stint-before", test_belief_align_of_the_stint_before);
        g_test_add_func("/belief/last-word", test_belief_last_word);
        g_test_add_func("/belief/in-disorder", test_belief_in_disorder);
        g_test_add_func("/belief/begin", test_belief_begin);
        g_test_add_func("/belief/dispute", test_dispute);
        return g_test_run();
}
