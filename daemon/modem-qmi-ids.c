/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Client ids that a former life of ours, killed, has left with the modem. A modem has few to give,
 * so they are given back at the next start: as long as the same proxy serves the same port, nobody
 * else can have got them since.
 */

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cleanup.h"
#include "modem-qmi.h"

#define MOST_IDS     32
#define MOST_BYTES   4096
#define AGAIN_MILLIS 100 /* the proxy is busy with others that begin at the same time */

static char *ids_path(const QmiSession *s) {
        const char *directory = g_getenv("RUNTIME_DIRECTORY") ?: g_getenv("STATE_DIRECTORY");
        g_autofree char *name = NULL;

        if (!directory || !*directory)
                return NULL;

        name = g_compute_checksum_for_string(G_CHECKSUM_SHA256, s->path, -1);
        return g_strdup_printf("%s/clients-%.16s", directory, name);
}

/* The process behind the proxy's socket. -EAGAIN: it is busy. */
static int proxy_pid(pid_t *ret) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        socklen_t length = sizeof(struct ucred);
        struct ucred peer = { 0 };
        g_auto(Fd) fd = -1;

        /* An abstract name: it begins with a zero byte, and has no other. */
        memcpy(address.sun_path + 1, QMI_PROXY_SOCKET_PATH, strlen(QMI_PROXY_SOCKET_PATH));
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return -errno;

        if (connect(fd, (struct sockaddr *) &address,
                    (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 +
                                 strlen(QMI_PROXY_SOCKET_PATH))) < 0 ||
            getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
                return -errno;

        *ret = peer.pid;
        return 0;
}

/* When a process began, in ticks since boot: field 22 of proc(5)'s stat, after the name. */
static uint64_t start_of(pid_t pid) {
        g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int) pid);
        g_autofree char *text = NULL;
        g_auto(GStrv) fields = NULL;
        const char *rest;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                return 0;
        rest = strrchr(text, ')');
        if (!rest)
                return 0;

        fields = g_strsplit(rest, " ", -1);
        return g_strv_length(fields) > 20 ? g_ascii_strtoull(fields[20], NULL, 10) : 0;
}

/* The life of the proxy and of the port's node: ids are known within both only. */
static int read_life(const QmiSession *s, char **ret) {
        struct stat st;
        uint64_t start;
        pid_t pid = 0;
        int r;

        if (stat(s->path, &st) < 0)
                return -errno;
        r = proxy_pid(&pid);
        if (r < 0)
                return r;
        start = start_of(pid);
        if (start == 0)
                return -ESRCH;

        *ret = g_strdup_printf("%d %" PRIu64 " %ju %ju %jd.%09ld", (int) pid, start,
                               (uintmax_t) st.st_rdev, (uintmax_t) st.st_ino,
                               (intmax_t) st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
        return 0;
}

static void add_id(GString *text, void *client) {
        if (client)
                g_string_append_printf(text, "%u %u\n", qmi_client_get_service(QMI_CLIENT(client)),
                                       qmi_client_get_cid(QMI_CLIENT(client)));
}

/*
 * Whoever is killed leaves the old text or the new one, and at most one file beside it, since that
 * has always the same name. Not to survive a power cut, and not worth a flush: the modem forgets
 * them, too.
 */
static void write_text(const char *path, const GString *text) {
        g_autofree char *next = g_strconcat(path, ".new", NULL);
        g_auto(Fd) fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0)
                return;

        if (write(fd, text->str, text->len) != (ssize_t) text->len || rename(next, path) < 0)
                (void) g_unlink(next);
}

void qmi_ids_save(QmiSession *s) {
        g_autofree char *path = ids_path(s);
        g_autoptr(GString) text = NULL;

        if (!path || !s->life)
                return; /* if it will be known, they are saved then */

        text = g_string_new(s->life);
        g_string_append_c(text, '\n');
        add_id(text, s->dms);
        add_id(text, s->uim);
        add_id(text, s->nas);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                add_id(text, s->data[f].wds);
        add_id(text, s->messages.wms.client);
        add_id(text, s->ussd.voice.client);
        for (size_t i = 0; i < MODEM_MOST_MUXES; i++)
                for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                        add_id(text, s->muxes[i].data[f].loan.client);

        write_text(path, text);
}

void qmi_ids_forget(QmiSession *s) {
        g_autofree char *path = ids_path(s);

        if (path)
                (void) g_unlink(path);
}

static void on_given_back(GObject *object, GAsyncResult *result, void *data) {
        (void) qmi_device_release_client_finish(QMI_DEVICE(object), result, NULL);
        qmi_session_unref(data);
}

static void on_taken_up(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(QmiSession) s = data;
        g_autoptr(QmiClient) client =
                qmi_device_allocate_client_finish(QMI_DEVICE(object), result, NULL);

        if (client)
                qmi_device_release_client(
                        s->device, client, QMI_DEVICE_RELEASE_CLIENT_FLAGS_RELEASE_CID,
                        QMI_TIMEOUT_SECONDS, NULL, on_given_back, qmi_session_ref(s));
}

static bool is_ours(unsigned service) {
        return service == QMI_SERVICE_DMS || service == QMI_SERVICE_UIM ||
               service == QMI_SERVICE_NAS || service == QMI_SERVICE_WDS ||
               service == QMI_SERVICE_WMS || service == QMI_SERVICE_VOICE;
}

static void give_back(QmiSession *s) {
        g_autofree char *path = ids_path(s), *text = NULL;
        g_auto(GStrv) lines = NULL;
        gsize length;

        if (!path || !g_file_get_contents(path, &text, &length, NULL) || length > MOST_BYTES)
                return;

        lines = g_strsplit(text, "\n", MOST_IDS);
        if (!lines[0] || !g_str_equal(lines[0], s->life))
                return;

        for (char **line = lines + 1; *line; line++) {
                unsigned service, cid;

                if (sscanf(*line, "%u %u", &service, &cid) == 2 && is_ours(service) && cid > 0 &&
                    cid < 255)
                        qmi_device_allocate_client(s->device, (QmiService) service, (uint8_t) cid,
                                                   QMI_TIMEOUT_SECONDS, NULL, on_taken_up,
                                                   qmi_session_ref(s));
        }
        /* The first id that we are given takes their place: killed before, we try again. */
}

static gboolean on_again(void *data) {
        QmiSession *s = data;
        int r;

        if (s->is_over)
                return G_SOURCE_REMOVE;
        r = read_life(s, &s->life);
        if (r == -EAGAIN)
                return G_SOURCE_CONTINUE;
        if (r < 0)
                return G_SOURCE_REMOVE;

        give_back(s);
        qmi_ids_save(s);
        return G_SOURCE_REMOVE;
}

void qmi_ids_give_back(QmiSession *s) {
        int r = read_life(s, &s->life);

        if (r == -EAGAIN)
                (void) g_timeout_add_full(G_PRIORITY_DEFAULT, AGAIN_MILLIS, on_again,
                                          qmi_session_ref(s), (GDestroyNotify) qmi_session_unref);
        else if (r >= 0)
                give_back(s);
}
