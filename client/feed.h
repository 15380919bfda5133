/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a status bar shows of one SIM, and how each bar wants it said. */

#include "print.h"

/* How urgent it is: the colour, and the state where a bar knows but a few. */
typedef enum FeedLevel {
        FEED_CALM,
        FEED_WARNING,
        FEED_CRITICAL,
        FEED_UNKNOWN, /* nobody can say */
} FeedLevel;

/* Texts are valid UTF-8 without control characters, except for the line ends of the tooltip. */
typedef struct Feed {
        char *text;        /* "" where there is nothing to show, and the bar hides it */
        char *tooltip;     /* lines */
        const char *state; /* the plan's, or "unknown" */
        FeedLevel level;
        bool roaming;
        bool has_percentage;
        unsigned percentage; /* used, rounded down */
} Feed;

/* Of a SIM, as it is at s->now. */
void feed_init(Feed *f, const Style *s, Remote *r, const RemoteSim *sim);

/* When time alone changes what is said of a plan: INT64_MAX, or after s->now. */
int64_t style_changes_at(const Style *s, const RemotePlan *p);

/* Where there is no SIM, and perhaps no modem; and where it cannot be known, for that reason. */
void feed_init_hidden(Feed *f, bool has_modem);
void feed_init_unknown(Feed *f, const char *why);
void feed_clear(Feed *f);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Feed, feed_clear)

/*
 * The owner's own text instead of ours: {left}, {until} and others, and each name that -g knows;
 * {{ is a brace. Returns NULL, and the name, where one is not known (the caller's to free).
 */
char *feed_template(const char *template, const Feed *f, const Style *s, const RemoteSim *sim,
                    char **ret_unknown);

/* Exactly so many columns, as bars that must not twitch want them; 0: as it is. */
void feed_fit(Feed *f, const Style *s, size_t columns);

/* A bar's format. */
typedef struct FeedFormat {
        const char *name;
        const char *head, *separator, *tail; /* around all, and between two; "" for most */
        bool hides_empty;                    /* an empty line stands for nothing to show */
        void (*write)(GString *out, const Style *s, const Feed *f);
} FeedFormat;

/* NULL: no bar is called that. */
const FeedFormat *feed_format(const char *name);

/* The text with which the bar shows the feed, which ends a line. */
char *feed_format_text(const FeedFormat *format, const Style *s, const Feed *f);
