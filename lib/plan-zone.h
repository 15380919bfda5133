/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A zone written into the text of a plan that names none, and everything else left as it is. */

char *plan_write_zone(const char *text, const char *zone);
