/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Writes JSON (RFC 8259) on one line. A status bar starts the program again and again, and a JSON
 * library would take longer to load than everything else together.
 *
 * A name is given inside an object, and is NULL inside an array. Texts are valid UTF-8; control
 * characters come out escaped.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Json {
        GString *text;
        bool needs_comma;
} Json;

void json_init(Json *j);
void json_clear(Json *j);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Json, json_clear)

/* bracket: '{' or '['; the end's '}' or ']' */
void json_begin(Json *j, const char *name, char bracket);
void json_end(Json *j, char bracket);

void json_add_text(Json *j, const char *name, const char *text); /* NULL: null */
void json_add_number(Json *j, const char *name, uint64_t number);
void json_add_real(Json *j, const char *name, double real);
void json_add_boolean(Json *j, const char *name, bool value);
