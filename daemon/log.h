/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What libraries say of a modem's messages is kept to a few lines a minute, not a thousand. */
void log_begin(void);
