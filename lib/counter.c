/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "counter.h"

#define ALL_ONES         UINT64_MAX
#define COMPARE_BYTES    (1000 * 1000)
#define FLAT_FRACTION    16 /* a link is flat when it moves less than this part of the modem's */
#define DISPUTE_BYTES    (1000 * 1000)
#define DISPUTE_FRACTION 10

static unsigned judge(uint64_t seen, uint64_t value, uint64_t most) {
        if (value == ALL_ONES)
                return COUNTER_UNAVAILABLE;
        if (value < seen)
                return COUNTER_WENT_BACK;
        if (value - seen > most)
                return COUNTER_LEAPT;
        return 0;
}

/* Is this what the refused reading would have become, had it been right? */
static bool agrees(Traffic doubtful, Traffic reading, uint64_t most) {
        return judge(doubtful.rx, reading.rx, most) == 0 &&
               judge(doubtful.tx, reading.tx, most) == 0;
}

static unsigned feed_again(Counter *c, Traffic reading, Traffic *ret_delta) {
        *ret_delta = traffic_beyond(reading, c->doubtful);
        *c = (Counter){ .seen = reading };
        return COUNTER_RESTARTED;
}

unsigned counter_feed(Counter *c, Traffic reading, uint64_t most, Traffic *ret_delta) {
        unsigned rx = judge(c->seen.rx, reading.rx, most);
        unsigned tx = judge(c->seen.tx, reading.tx, most);
        unsigned faults = rx | tx;
        bool set_anew =
                (rx == COUNTER_WENT_BACK && tx == COUNTER_WENT_BACK) || (faults & COUNTER_LEAPT);

        if (c->is_doubtful && set_anew && agrees(c->doubtful, reading, most))
                return feed_again(c, reading, ret_delta) | faults;

        *ret_delta = (Traffic){ 0 };
        if (rx == 0) {
                ret_delta->rx = reading.rx - c->seen.rx;
                c->seen.rx = reading.rx;
        }
        if (tx == 0) {
                ret_delta->tx = reading.tx - c->seen.tx;
                c->seen.tx = reading.tx;
        }

        c->is_doubtful = set_anew && !(faults & COUNTER_UNAVAILABLE);
        c->doubtful = c->is_doubtful ? reading : (Traffic){ 0 };
        return faults;
}

const char *source_to_string(Source source) {
        switch (source) {
        case SOURCE_LINK:
                return "link";
        case SOURCE_SESSION:
                return "session";
        case SOURCE_DEVICE:
                return "device";
        }
        g_assert_not_reached();
}

/* So much has moved since the mark. */
static uint64_t moved(Traffic total, Traffic mark) {
        return traffic_sum(traffic_beyond(total, mark));
}

/* One stands still while the other moves. */
static bool is_flat(uint64_t bytes, uint64_t other) {
        return bytes < other / FLAT_FRACTION;
}

/* When the modem read its counter, the link's total stood between least and most. */
static void compare(Belief *b) {
        Traffic least = traffic_beyond(b->link, b->since), most = b->link;
        uint64_t link_most = moved(most, b->link_mark_least);
        uint64_t link_least = moved(least, b->link_mark);
        uint64_t modem = moved(b->modem, b->modem_mark);

        if (!b->has_link || MAX(link_most, modem) < COMPARE_BYTES)
                return;

        if (is_flat(link_most, modem))
                b->believed = b->own;
        else if (is_flat(modem, link_least))
                b->believed = SOURCE_LINK;

        b->link_mark = most;
        b->link_mark_least = least;
        b->modem_mark = b->modem;
}

/* Nothing to compare with: the modem is believed no longer than the link's word allows. */
static void miss(Belief *b) {
        uint64_t link = moved(b->link, b->link_mark), modem = moved(b->modem, b->modem_mark);

        if (b->has_link && link >= COMPARE_BYTES && is_flat(modem, link))
                b->believed = SOURCE_LINK;
}

static bool differ_much(const Belief *b) {
        uint64_t link = moved(b->link, b->aligned), modem = moved(b->modem, b->aligned);
        uint64_t old = MIN(traffic_sum(b->since), link > modem ? link - modem : 0);
        uint64_t more = MAX(link - old, modem), less = MIN(link - old, modem);

        return less > 0 && more - less > DISPUTE_BYTES && more - less > more / DISPUTE_FRACTION;
}

static void align(Belief *b) {
        Traffic before = traffic_beyond(b->since, b->link);

        b->link = traffic_add(b->link, before);
        b->charged = traffic_add(b->charged, before);
        b->modem = traffic_beyond(b->link, b->since);
        b->is_unaligned = b->is_disputed = false;
        b->link_mark = b->link;
        b->link_mark_least = b->modem_mark = b->aligned = b->modem;
}

static Traffic believed_total(const Belief *b) {
        return b->believed == SOURCE_LINK ? b->link : b->modem;
}

static Traffic charge(Belief *b) {
        Traffic bytes = traffic_beyond(believed_total(b), b->charged);

        b->charged = traffic_add(b->charged, bytes);
        return bytes;
}

void belief_ask(Belief *b) {
        b->since = (Traffic){ 0 };
}

Traffic belief_feed(Belief *b, Traffic link) {
        b->link = traffic_add(b->link, link);
        b->since = traffic_add(b->since, link);
        return charge(b);
}

Traffic belief_hear(Belief *b, Traffic modem, const Traffic *link, bool is_whole) {
        Traffic bytes = { 0 };

        if (link)
                bytes = belief_feed(b, *link);
        if (!b->is_unaligned) {
                b->modem = traffic_add(b->modem, modem);
                if (!is_whole)
                        miss(b);
                else if (link) {
                        compare(b);
                        b->is_disputed = differ_much(b);
                }
                bytes = traffic_add(bytes, charge(b));
        } else if (is_whole)
                align(b);

        return bytes;
}

Traffic belief_last_word(Belief *b) {
        Traffic charge = traffic_beyond(b->link, b->charged);

        b->charged = traffic_add(b->charged, charge);
        return charge;
}

void belief_link_gone(Belief *b, bool is_away) {
        b->has_link = false;
        b->link_is_away = is_away;
        b->believed = b->own;
}

void belief_link_came(Belief *b, bool goes_on) {
        b->has_link = true;
        b->believed = SOURCE_LINK;
        if (!goes_on && !b->is_resumed)
                b->link = traffic_most(b->link, b->charged);
        b->link_is_away = b->is_resumed = false;
}

void belief_resume(Belief *b, Traffic seen, Traffic charged) {
        b->modem = traffic_add(b->modem, seen);
        b->charged = traffic_most(b->charged, charged);
        b->link = b->charged;
        b->link_is_away = b->is_resumed = true;
}

void belief_begin(Belief *b) {
        Traffic ahead = traffic_beyond(b->charged, believed_total(b)), link_ahead = { 0 };
        Traffic charged = ahead;

        if (b->link_is_away) {
                link_ahead = traffic_beyond(b->charged, b->link);
                charged = traffic_most(ahead, link_ahead);
        }

        *b = (Belief){ .believed = b->believed,
                       .own = b->own,
                       .has_link = b->has_link,
                       .link_is_away = b->link_is_away,
                       .is_resumed = b->is_resumed,
                       .since = b->since,
                       .is_unaligned = b->is_unaligned || b->believed == SOURCE_LINK,
                       .charged = charged };
        if (b->link_is_away) {
                b->link = traffic_beyond(charged, link_ahead);
                b->modem = traffic_beyond(charged, ahead);
        }
}
