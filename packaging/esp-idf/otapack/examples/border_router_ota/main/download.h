/* SPDX-License-Identifier: Apache-2.0
 *
 * An update from a server, by HTTPS, from its first byte to the switch.
 */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "esp_err.h"

/* What a task that calls download() needs: a TLS handshake, and the host's image verified. */
#define DOWNLOAD_STACK 8192

/*
 * ESP_OK: both halves run after a restart. Else nothing has changed, and the log says why:
 *
 *   ESP_ERR_NOT_SUPPORTED      the address, or one that it redirects to, is not https
 *   ESP_ERR_HTTP_MAX_REDIRECT  too many redirections
 *   ESP_ERR_NOT_FOUND          the server has no such file
 *   ESP_ERR_INVALID_RESPONSE   the server said something else in place of the file
 *   ESP_ERR_TIMEOUT            the server said nothing for a minute
 *   ESP_ERR_INVALID_SIZE       the connection ended before the file did
 *
 * or what esp_http_client_open said, or update_receive and update_end in update.h.
 *
 * Call it from one task.
 */
esp_err_t download(const char *url);

#endif
