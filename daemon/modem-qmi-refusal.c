/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What an error means to whoever wanted to send something. */

#include "modem-qmi.h"

#include <errno.h>

#include "sentence.h"

typedef struct Refusal {
        QmiProtocolError code;
        int result;
        const char *why; /* NULL: the modem's own word */
} Refusal;

static const Refusal refusals[] = {
        { QMI_PROTOCOL_ERROR_WMS_SMSC_ADDRESS, -EDESTADDRREQ,
          N_("The SIM does not know the number of a message centre") },
        { QMI_PROTOCOL_ERROR_NO_SIM, -ENOMEDIUM, N_("There is no SIM") },
        { QMI_PROTOCOL_ERROR_UIM_UNINITIALIZED, -ENOMEDIUM, N_("The SIM is not ready") },
        { QMI_PROTOCOL_ERROR_DEVICE_NOT_READY, -ENOMEDIUM, N_("The SIM is not ready") },
        { QMI_PROTOCOL_ERROR_NO_NETWORK_FOUND, -ENETDOWN, N_("There is no network") },
        { QMI_PROTOCOL_ERROR_NETWORK_NOT_READY, -ENETDOWN, N_("There is no network") },
        { QMI_PROTOCOL_ERROR_NO_RADIO, -ENETDOWN, N_("The radio is off") },
        { QMI_PROTOCOL_ERROR_INVALID_SERVICE_TYPE, -EOPNOTSUPP, NULL },
        { QMI_PROTOCOL_ERROR_INVALID_QMI_COMMAND, -EOPNOTSUPP, NULL },
        { QMI_PROTOCOL_ERROR_NOT_SUPPORTED, -EOPNOTSUPP, NULL },
        { QMI_PROTOCOL_ERROR_DEVICE_UNSUPPORTED, -EOPNOTSUPP, NULL },
        { QMI_PROTOCOL_ERROR_NO_SUBSCRIPTION, -EOPNOTSUPP, NULL },
        { QMI_PROTOCOL_ERROR_SUPS_FAILURE_CASE, -ENOENT, N_("The network does not know the code") },
        { QMI_PROTOCOL_ERROR_NETWORK_ABORTED, -ECANCELED, N_("The network ended the dialogue") },
};

static int refusal_of_protocol(int code, const char *what, char **ret_why) {
        for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
                if ((int) refusals[i].code == code) {
                        *ret_why = refusals[i].why
                                           ? g_strdup(refusals[i].why)
                                           : g_strdup_printf("This modem, or its SIM, has no %s",
                                                             what);
                        return refusals[i].result;
                }

        *ret_why = g_strdup_printf("The modem refused the %s: %s", what,
                                   qmi_protocol_error_get_string((QmiProtocolError) code)
                                           ?: N_("for no known reason"));
        return -EREMOTEIO;
}

int qmi_refusal(const GError *error, const char *what, char **ret_why) {
        if (error->domain == QMI_PROTOCOL_ERROR)
                return refusal_of_protocol(error->code, what, ret_why);

        if (g_error_matches(error, QMI_CORE_ERROR, QMI_CORE_ERROR_UNSUPPORTED)) {
                *ret_why = g_strdup_printf("This modem has no %s", what);
                return -EOPNOTSUPP;
        }
        if (qmi_is_timeout(error)) {
                *ret_why = g_strdup(N_("The modem did not answer; it may have been sent"));
                return -ETIMEDOUT;
        }

        *ret_why = g_strdup(N_("The connection to the modem broke; it may have been sent"));
        return -ECONNRESET;
}
