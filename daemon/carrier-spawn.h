/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A program that we start ourselves, where no systemd does: as nobody, and with nothing of ours. */

#include "carrier-command.h"

typedef struct Spawn Spawn;

/* As a CommandStarter does. */
int spawn_start(const char *path, int output, CommandEnded ended, void *data, Spawn **ret);
void spawn_stop(Spawn *s);
