/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The modem of a phone: a node on the QRTR bus, which several programs share without a proxy. */

#include <gio/gio.h>

#include "modem-qmi.h"

#define NODE_MSEC 10000 /* until it is on the bus */

/* Ends with the device, which keeps the node and with it the bus. */
static void on_device(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(GTask) task = data;
        GError *error = NULL;
        QmiDevice *device = qmi_device_new_from_node_finish(result, &error);

        if (device)
                g_task_return_pointer(task, device, g_object_unref);
        else
                g_task_return_error(task, error);
}

static void on_node(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(GTask) task = data;
        GError *error = NULL;
        g_autoptr(QrtrNode) node = qrtr_bus_wait_for_node_finish(QRTR_BUS(object), result, &error);

        if (node)
                qmi_device_new_from_node(node, g_task_get_cancellable(task), on_device,
                                         g_steal_pointer(&task));
        else
                g_task_return_error(task, error);
}

static void on_bus(GObject *object, GAsyncResult *result, void *data) {
        g_autoptr(GTask) task = data;
        GError *error = NULL;
        g_autoptr(QrtrBus) bus = qrtr_bus_new_finish(result, &error);

        if (!bus) {
                g_task_return_error(task, error);
                return;
        }

        qrtr_bus_wait_for_node(bus, GPOINTER_TO_UINT(g_task_get_task_data(task)), NODE_MSEC,
                               g_task_get_cancellable(task), on_node, task);
        (void) g_steal_pointer(&task);
}

void qmi_node_open(uint32_t node, GCancellable *cancellable, GAsyncReadyCallback then, void *data) {
        GTask *task = g_task_new(NULL, cancellable, then, data);

        g_task_set_task_data(task, GUINT_TO_POINTER(node), NULL);
        qrtr_bus_new(NODE_MSEC, cancellable, on_bus, task);
}

QmiDevice *qmi_node_open_finish(GAsyncResult *result, GError **error) {
        return g_task_propagate_pointer(G_TASK(result), error);
}
