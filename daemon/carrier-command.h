/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The owner's own program, which knows how to ask the carrier: it says on its standard output what
 * it has found. It runs as nobody, with no more than its name; and only where nobody but root can
 * have written it.
 */

#include <glib.h>

#define COMMAND_SECONDS    60 /* that it may take */
#define COMMAND_MOST_BYTES (16 * 1024)

typedef struct Command Command;

/*
 * How a program is started, in a place of its own. start(): its standard output goes to a
 * descriptor that is borrowed; ended() is told once, never from within: 0, or what went wrong, as
 * an errno and a sentence; -ENOSYS: it cannot be started in this way here. stop(): it is to end,
 * and nothing more is told.
 */
typedef void (*CommandEnded)(int result, const char *why, void *data);

typedef struct CommandStarter {
        int (*start)(const char *path, int output, CommandEnded ended, void *data, void **ret_run,
                     void *userdata);
        void (*stop)(void *run, void *userdata);
} CommandStarter;

/*
 * Runs a program, by way of a starter, or by ourselves where that cannot (or is NULL). done() is
 * told once, never from within: 0 and its output, or a negative errno and a sentence that says why.
 * The command ends with that, or with command_stop(). Where it may not be run at all, that is what
 * done() says.
 */
Command *command_run(const char *path, const CommandStarter *starter, void *starter_userdata,
                     void (*done)(int result, const char *text, void *userdata), void *userdata);
Command *command_stop(Command *c);

/* May a file be run? -EPERM, and the sentence says what would have to be so. */
int command_check(const char *path, char **ret_why);
