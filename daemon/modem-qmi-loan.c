/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Clients that are there only while they are needed. */

#include "modem-qmi.h"

void qmi_loan_init(QmiLoan *l, QmiSession *s, QmiService service,
                   void (*then)(void *data, const GError *error), void *data) {
        *l = (QmiLoan){ .session = s, .service = service, .then = then, .data = data };
}

static void on_lent(GObject *object, GAsyncResult *result, void *data) {
        QmiLoan *l = data;
        g_autoptr(QmiSession) s = l->session;
        g_autoptr(GError) error = NULL;

        l->is_asked = false;
        l->client = qmi_device_allocate_client_finish(QMI_DEVICE(object), result, &error);
        if (s->is_closing) {
                qmi_release(s, l->client);
                qmi_release_ends(s);
                return;
        }

        if (l->client)
                qmi_ids_save(s);
        if (l->client && !l->is_wanted)
                qmi_loan_give_back(l);
        else if (l->is_wanted && !s->is_over)
                l->then(l->data, error);
}

void qmi_loan_take(QmiLoan *l) {
        l->is_wanted = true;
        if (l->client)
                l->then(l->data, NULL);
        if (l->client || l->is_asked)
                return;

        /* Not to be cancelled: the id that comes has to be given back. */
        l->is_asked = true;
        qmi_device_allocate_client(l->session->device, l->service, QMI_CID_NONE,
                                   QMI_TIMEOUT_SECONDS, NULL, on_lent, l);
        (void) qmi_session_ref(l->session);
}

void qmi_loan_give_back(QmiLoan *l) {
        l->is_wanted = false;
        if (!l->client)
                return;

        g_signal_handlers_disconnect_by_data(l->client, l->data);
        qmi_drop_client(l->session, g_steal_pointer(&l->client));
}
