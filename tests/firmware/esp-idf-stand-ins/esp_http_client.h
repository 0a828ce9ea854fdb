/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_HTTP_CLIENT_H
#define STAND_IN_ESP_HTTP_CLIENT_H

#include "esp_err.h"
#include <stdbool.h>
#include <stdint.h>

#define ESP_ERR_HTTP_MAX_REDIRECT 0x7001
#define ESP_ERR_HTTP_CONNECT 0x7002
#define ESP_ERR_HTTP_EAGAIN 0x7007

typedef enum {
    HttpStatus_Ok = 200,
    HttpStatus_MovedPermanently = 301,
    HttpStatus_Found = 302,
    HttpStatus_SeeOther = 303,
    HttpStatus_TemporaryRedirect = 307,
    HttpStatus_PermanentRedirect = 308,
} HttpStatus_Code;

typedef enum {
    HTTP_TRANSPORT_UNKNOWN,
    HTTP_TRANSPORT_OVER_TCP,
    HTTP_TRANSPORT_OVER_SSL,
} esp_http_client_transport_t;

typedef struct esp_http_client *esp_http_client_handle_t;

typedef struct {
    const char *url;
    int timeout_ms;
    int buffer_size;
    int buffer_size_tx;
    bool keep_alive_enable;
    esp_err_t (*crt_bundle_attach)(void *conf);
} esp_http_client_config_t;

esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t *config);
esp_http_client_transport_t esp_http_client_get_transport_type(esp_http_client_handle_t client);
esp_err_t esp_http_client_open(esp_http_client_handle_t client, int write_len);
int64_t esp_http_client_fetch_headers(esp_http_client_handle_t client);
int esp_http_client_get_status_code(esp_http_client_handle_t client);
esp_err_t esp_http_client_set_redirection(esp_http_client_handle_t client);
int esp_http_client_read(esp_http_client_handle_t client, char *buffer, int len);
bool esp_http_client_is_complete_data_received(esp_http_client_handle_t client);
esp_err_t esp_http_client_close(esp_http_client_handle_t client);
esp_err_t esp_http_client_cleanup(esp_http_client_handle_t client);

#endif
