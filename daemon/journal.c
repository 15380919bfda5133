/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"

#define N_SLOTS 2

struct Journal {
        int fd;
        char *path;
        uint8_t ledger[SLOT_UUID_SIZE];
        uint64_t sequence;
        uint8_t buffer[SLOT_MAX_BYTES];
        GBytes *last;    /* the last slot since the last commit, whole */
        bool is_failing; /* said once, not at each slot */
};

static int write_at(int fd, const uint8_t *data, size_t size, off_t offset) {
        while (size > 0) {
                ssize_t n = pwrite(fd, data, size, offset);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;

                data += n;
                size -= (size_t) n;
                offset += n;
        }

        return 0;
}

static size_t read_at(int fd, uint8_t *data, size_t size, off_t offset) {
        size_t sum = 0;

        while (sum < size) {
                ssize_t n = pread(fd, data + sum, size - sum, offset + (off_t) sum);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        break;
                sum += (size_t) n;
        }

        return sum;
}

/* All its blocks, so that a slot can be written when the disk is full. */
static int preallocate(Journal *j) {
        struct stat st;
        int r = 0;

        if (fstat(j->fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EBADF;
        if (st.st_size == N_SLOTS * SLOT_MAX_BYTES)
                return 0;

        memset(j->buffer, 0, sizeof(j->buffer));
        for (int i = 0; r >= 0 && i < N_SLOTS; i++)
                r = write_at(j->fd, j->buffer, sizeof(j->buffer), i * SLOT_MAX_BYTES);
        if (r >= 0 && ftruncate(j->fd, N_SLOTS * SLOT_MAX_BYTES) < 0)
                r = -errno;
        if (r >= 0 && fsync(j->fd) < 0)
                r = -errno;
        return r;
}

static void parse_uuid(const char *text, uint8_t ret[static SLOT_UUID_SIZE]) {
        size_t n = 0;

        for (const char *c = text; *c && n < 2 * SLOT_UUID_SIZE; c++) {
                int digit = g_ascii_xdigit_value(*c);

                if (digit < 0)
                        continue;
                ret[n / 2] = (uint8_t) (ret[n / 2] << 4 | digit);
                n++;
        }
}

int journal_open(const char *directory, const char *ledger, uint64_t sequence, Journal **ret) {
        g_autoptr(Journal) j = g_new0(Journal, 1);
        int r;

        j->path = g_build_filename(directory, "journal", NULL);
        j->sequence = sequence;
        parse_uuid(ledger, j->ledger);

        j->fd = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        r = j->fd < 0 ? -errno : preallocate(j);
        if (r < 0) {
                g_warning("Failed to open %s: %s; a power cut may cost up to five minutes", j->path,
                          g_strerror(-r));
                return r;
        }

        *ret = g_steal_pointer(&j);
        return 0;
}

Journal *journal_free(Journal *j) {
        if (!j)
                return NULL;

        if (j->fd >= 0)
                (void) close(j->fd);
        g_clear_pointer(&j->last, g_bytes_unref);
        g_free(j->path);
        g_free(j);
        return NULL;
}

int journal_read(Journal *j, Slot *ret) {
        int r = -ENOENT;

        for (int i = 0; i < N_SLOTS; i++) {
                g_auto(Slot) slot = { 0 };
                size_t size = read_at(j->fd, j->buffer, sizeof(j->buffer), i * SLOT_MAX_BYTES);

                slot_init(&slot);
                if (slot_decode(j->buffer, size, &slot) < 0 ||
                    memcmp(slot.ledger, j->ledger, sizeof(slot.ledger)) != 0 ||
                    slot.sequence <= j->sequence)
                        continue;

                j->sequence = slot.sequence;
                slot_clear(ret);
                *ret = slot;
                slot = (Slot){ 0 };
                r = 0;
        }

        return r;
}

static int encode(Journal *j, Slot *slot, uint64_t sequence) {
        memcpy(slot->ledger, j->ledger, sizeof(slot->ledger));
        slot->sequence = sequence;
        return slot_encode(slot, j->buffer);
}

/* It says what the last one says. */
static bool is_known(Journal *j, Slot *slot) {
        int size = j->last ? encode(j, slot, j->sequence) : -ENOENT;
        gsize last_size;
        const void *last = size > 0 ? g_bytes_get_data(j->last, &last_size) : NULL;

        return last && last_size == (gsize) size && memcmp(last, j->buffer, last_size) == 0;
}

int journal_write(Journal *j, Slot *slot) {
        off_t offset = (off_t) ((j->sequence + 1) % N_SLOTS) * SLOT_MAX_BYTES;
        int size, r;

        if (is_known(j, slot))
                return 0;

        g_clear_pointer(&j->last, g_bytes_unref);
        size = encode(j, slot, j->sequence + 1);
        r = size < 0 ? size : write_at(j->fd, j->buffer, (size_t) size, offset);
        if (r >= 0 && fdatasync(j->fd) < 0)
                r = -errno;

        if (r < 0 && !j->is_failing)
                g_warning("Failed to write %s: %s; a power cut may cost up to five minutes",
                          j->path, g_strerror(-r));
        j->is_failing = r < 0;
        if (r < 0)
                return r; /* the same slot is tried again: the other one is whole */

        j->sequence++;
        j->last = g_bytes_new(j->buffer, (gsize) size);
        return 0;
}

void journal_note_commit(Journal *j) {
        g_clear_pointer(&j->last, g_bytes_unref);
}

uint64_t journal_sequence(const Journal *j) {
        return j->sequence;
}
