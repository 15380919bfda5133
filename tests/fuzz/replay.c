/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs a fuzzer over the files of a folder, so that what was once found stays fixed. */

#include <glib.h>
#include <stdio.h>

#include "fuzz.h"

int main(int argc, char **argv) {
        g_autoptr(GDir) folder = NULL;
        const char *name;
        int n = 0;

        folder = argc == 2 ? g_dir_open(argv[1], 0, NULL) : NULL;
        if (!folder) {
                fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
                return 2;
        }

        (void) LLVMFuzzerTestOneInput((const uint8_t *) "", 0);
        for (; (name = g_dir_read_name(folder)); n++) {
                g_autofree char *path = g_build_filename(argv[1], name, NULL), *data = NULL;
                gsize length;

                if (!g_file_get_contents(path, &data, &length, NULL)) {
                        fprintf(stderr, "Cannot read %s\n", path);
                        return 1;
                }
                (void) LLVMFuzzerTestOneInput((const uint8_t *) data, length);
        }

        printf("%d inputs\n", n);
        return n > 0 ? 0 : 1;
}
