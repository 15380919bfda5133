/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What an alert says, out of its numbers: the same words in every place that shows it. */

#include "print.h"

/*
 * The headline follows a SIM's label: "3.6 GB left". The body says more, in whole sentences: "82 %
 * of 20 GB used. At this pace it ends Friday, 10 days early."; it may be empty. Both are the
 * caller's to free.
 */
void alert_text(const Style *s, const RemoteSim *sim, const GArray *alert, char **ret_headline,
                char **ret_body);

/* "3.6 GB left. 82 % of 20 GB used." */
char *alert_sentence(const Style *s, const RemoteSim *sim, const GArray *alert);

/* A number of an alert, or a text; 0 and "" where it says nothing. */
uint64_t alert_number(const GArray *alert, const char *name);
const char *alert_word(const GArray *alert, const char *name);

/* Whether what "expires" is something that must begin by then, and has no end yet. */
bool alert_is_to_begin(const RemoteSim *sim, const GArray *alert);
