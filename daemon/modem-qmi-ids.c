/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Client ids that a former life of ours, killed, has left with the modem. A modem has few to give,
 * so they are given back at the next start: as long as the same proxy serves the same port, nobody
 * else can have got them since.
 */

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "modem-qmi.h"

#define MOST_IDS   16
#define MOST_BYTES 4096

static char *ids_path(const QmiSession *s) {
        const char *directory = g_getenv("RUNTIME_DIRECTORY") ?: g_getenv("STATE_DIRECTORY");
        g_autofree char *name = NULL;

        if (!directory || !*directory)
                return NULL;

        name = g_compute_checksum_for_string(G_CHECKSUM_SHA256, s->path, -1);
        return g_strdup_printf("%s/clients-%.16s", directory, name);
}

/* The process behind the proxy's socket; 0: there is none. */
static pid_t proxy_pid(void) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        socklen_t length = sizeof(struct ucred);
        struct ucred peer = { 0 };
        int fd;

        /* An abstract name: it begins with a zero byte, and has no other. */
        memcpy(address.sun_path + 1, QMI_PROXY_SOCKET_PATH, strlen(QMI_PROXY_SOCKET_PATH));
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return 0;

        if (connect(fd, (struct sockaddr *) &address,
                    (socklen_t) (offsetof(struct sockaddr_un, sun_path) + 1 +
                                 strlen(QMI_PROXY_SOCKET_PATH))) < 0 ||
            getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
                peer.pid = 0;
        (void) close(fd);
        return peer.pid;
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
static char *life(const QmiSession *s) {
        pid_t pid = proxy_pid();
        uint64_t start = pid > 0 ? start_of(pid) : 0;
        struct stat st;

        if (start == 0 || stat(s->path, &st) < 0)
                return NULL;

        return g_strdup_printf("%d %" PRIu64 " %ju %ju %jd.%09ld", (int) pid, start,
                               (uintmax_t) st.st_rdev, (uintmax_t) st.st_ino,
                               (intmax_t) st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

static void add_id(GString *text, void *client) {
        if (client)
                g_string_append_printf(text, "%u %u\n", qmi_client_get_service(QMI_CLIENT(client)),
                                       qmi_client_get_cid(QMI_CLIENT(client)));
}

void qmi_ids_save(QmiSession *s) {
        g_autofree char *path = ids_path(s);
        g_autoptr(GString) text = NULL;

        if (!s->life)
                s->life = life(s);
        if (!path || !s->life)
                return;

        text = g_string_new(s->life);
        g_string_append_c(text, '\n');
        add_id(text, s->dms);
        add_id(text, s->uim);
        add_id(text, s->nas);
        for (IpFamily f = 0; f < N_IP_FAMILIES; f++)
                add_id(text, s->data[f].wds);
        add_id(text, s->messages.wms.client);
        add_id(text, s->ussd.voice.client);

        /* Not to survive a power cut, and not worth a flush: the modem forgets them, too. */
        (void) g_file_set_contents_full(path, text->str, (gssize) text->len,
                                        G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
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

void qmi_ids_give_back(QmiSession *s) {
        g_autofree char *path = ids_path(s), *text = NULL;
        g_auto(GStrv) lines = NULL;
        gsize length;

        s->life = life(s);
        if (!path || !s->life || !g_file_get_contents(path, &text, &length, NULL) ||
            length > MOST_BYTES)
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
