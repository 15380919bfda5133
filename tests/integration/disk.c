/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Preloaded into the daemon by tests: a disk that fails. While the file in TEST_DISK is not empty,
 * nothing can be written and nothing flushed: EIO.
 */

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset);
int fdatasync(int fd);

static int fails(void) {
        const char *path = getenv("TEST_DISK");
        struct stat st;

        return path && stat(path, &st) == 0 && st.st_size > 0;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
        static ssize_t (*real)(int fd, const void *data, size_t size, off64_t offset);

        if (!real)
                *(void **) &real = dlsym(RTLD_NEXT, "pwrite64");
        if (fails()) {
                errno = EIO;
                return -1;
        }
        return real(fd, data, size, offset);
}

int fdatasync(int fd) {
        static int (*real)(int fd);

        if (!real)
                *(void **) &real = dlsym(RTLD_NEXT, "fdatasync");
        if (fails()) {
                errno = EIO;
                return -1;
        }
        return real(fd);
}
