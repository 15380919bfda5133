/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The user's language. What people read is in it: _("…"), ngettext("…", "…", n), C_("where", "…"),
 * and N_("…") where a table holds what is translated later. What programs read never is: JSON, CSV,
 * key=value, names of fields, classes and states.
 */

#include <glib/gi18n.h>

/*
 * Takes the language from the environment; call it once, before anything is said. Costs nothing
 * where the terminal shows no UTF-8, which then reads English. $SIMTALLY_LOCALE_DIR says where
 * translations are that were not installed.
 */
void i18n_init(void);
