/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A period as people see it at a glance: a picture for other programs, or blocks on a terminal. */

#include "month.h"

char *picture_svg(const Style *s, const RemoteSim *sim, const Month *month, bool is_dark);

/* The same for simtally-png. */
char *picture_lines(const Style *s, const RemoteSim *sim, const Month *month, bool is_dark);

/* The same in blocks. */
void print_chart(const Style *s, const RemoteSim *sim, const Month *month);
