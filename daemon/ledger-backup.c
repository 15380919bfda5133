/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A copy of the book, whole and consistent, while it is written on. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "cleanup.h"
#include "ledger-internal.h"

static int copy_pages(Ledger *l, const char *path) {
        sqlite3 *copy = NULL;
        sqlite3_backup *backup = NULL;
        int code;

        code = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
        if (code == SQLITE_OK) {
                backup = sqlite3_backup_init(copy, "main", l->db, "main");
                code = backup ? sqlite3_backup_step(backup, -1) : sqlite3_errcode(copy);
                (void) sqlite3_backup_finish(backup);
        }
        (void) sqlite3_close(copy);

        if (code == SQLITE_OK || code == SQLITE_DONE)
                return 0;
        g_warning("Failed to copy the ledger: %s", sqlite3_errstr(code));
        return (code & 0xff) == SQLITE_FULL ? -ENOSPC : -EIO;
}

static int send_file(const char *path, int to) {
        g_auto(Fd) from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        ssize_t n;

        if (from < 0)
                return -errno;

        do
                n = sendfile(to, from, NULL, 1 << 20);
        while (n > 0 || (n < 0 && errno == EINTR));
        return n < 0 ? -errno : 0;
}

int ledger_export(Ledger *l, int fd) {
        g_autofree char *path = g_strconcat(l->path, ".export", NULL);
        int r;

        (void) g_unlink(path);
        r = copy_pages(l, path);
        if (r >= 0)
                r = send_file(path, fd);
        (void) g_unlink(path);
        return r;
}
