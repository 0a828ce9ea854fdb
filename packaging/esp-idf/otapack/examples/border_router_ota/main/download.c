/* SPDX-License-Identifier: Apache-2.0 */
#include "download.h"
#include "esp_crt_bundle.h"
#include "esp_http_client.h"
#include "esp_log.h"
#include "update.h"

#define TIMEOUT_MS 10000
#define MAX_SILENCES 6 /* of TIMEOUT_MS each, one after the other */
#define MAX_REDIRECTS 5
#define REQUEST_SIZE 2048 /* addresses that a server signed are long */

static const char TAG[] = "download";

static char piece[1024];

/* ---- The question ---------------------------------------------------------------------------- */

static bool is_redirect(int status)
{
    return status == HttpStatus_MovedPermanently || status == HttpStatus_Found ||
           status == HttpStatus_SeeOther || status == HttpStatus_TemporaryRedirect ||
           status == HttpStatus_PermanentRedirect;
}

/* The server answered, but not with the file. */
static esp_err_t refused(int status)
{
    static const struct {
        int status;
        esp_err_t err;
        const char *why;
    } known[] = {
        {401, ESP_ERR_INVALID_RESPONSE, "it asks for a name and a password, and there are none"},
        {403, ESP_ERR_INVALID_RESPONSE, "this device may not have it"},
        {404, ESP_ERR_NOT_FOUND, "there is no such file"},
        {410, ESP_ERR_NOT_FOUND, "the file is no longer there"},
        {429, ESP_ERR_INVALID_RESPONSE, "too many ask; try again later"},
        {503, ESP_ERR_INVALID_RESPONSE, "it is busy; try again later"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].status == status) {
            ESP_LOGE(TAG, "the server says %d: %s", status, known[i].why);
            return known[i].err;
        }
    }
    ESP_LOGE(TAG, "the server says %d, not 200", status);
    return ESP_ERR_INVALID_RESPONSE;
}

/* Asks once. The length is that of the answer's body, or 0 if the server does not say. */
static esp_err_t ask(esp_http_client_handle_t client, int64_t *length)
{
    if (esp_http_client_get_transport_type(client) != HTTP_TRANSPORT_OVER_SSL) {
        ESP_LOGE(TAG, "the address is not https");
        return ESP_ERR_NOT_SUPPORTED;
    }
    esp_err_t err = esp_http_client_open(client, 0);
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "cannot connect: %s", esp_err_to_name(err));
        return err;
    }
    *length = -ESP_ERR_HTTP_EAGAIN;
    for (int i = 0; i < MAX_SILENCES && *length == -ESP_ERR_HTTP_EAGAIN; i++) {
        *length = esp_http_client_fetch_headers(client);
    }
    if (*length < 0) {
        ESP_LOGE(TAG, "the server does not answer");
        return *length == -ESP_ERR_HTTP_EAGAIN ? ESP_ERR_TIMEOUT : ESP_FAIL;
    }
    return ESP_OK;
}

/* Goes where the answer says. ask() looks whether that is https. */
static esp_err_t follow(esp_http_client_handle_t client)
{
    /* What came together with the headers is kept, and would begin the next answer's body. */
    (void)esp_http_client_read(client, piece, sizeof(piece));
    esp_err_t err = esp_http_client_set_redirection(client);
    (void)esp_http_client_close(client);
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "the server redirects to nowhere");
        return ESP_ERR_INVALID_RESPONSE;
    }
    return ESP_OK;
}

/* Asks, there and where it is redirected to, until the file comes. */
static esp_err_t find(esp_http_client_handle_t client, int64_t *length)
{
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        esp_err_t err = ask(client, length);
        if (err != ESP_OK) {
            return err;
        }
        int status = esp_http_client_get_status_code(client);
        if (status == HttpStatus_Ok) {
            return ESP_OK;
        }
        err = is_redirect(status) ? follow(client) : refused(status);
        if (err != ESP_OK) {
            return err;
        }
    }
    ESP_LOGE(TAG, "the server redirects more than %d times", MAX_REDIRECTS);
    return ESP_ERR_HTTP_MAX_REDIRECT;
}

/* ---- The answer ------------------------------------------------------------------------------ */

/* As esp_http_client_read, and patient. */
static int read_piece(esp_http_client_handle_t client)
{
    int n = -ESP_ERR_HTTP_EAGAIN;
    for (int i = 0; i < MAX_SILENCES && n == -ESP_ERR_HTTP_EAGAIN; i++) {
        n = esp_http_client_read(client, piece, sizeof(piece));
    }
    return n;
}

static esp_err_t receive(esp_http_client_handle_t client, struct update *update)
{
    unsigned long received = 0;
    int n;
    while ((n = read_piece(client)) > 0) {
        esp_err_t err = update_receive(update, piece, (size_t)n);
        if (err != ESP_OK) {
            return err;
        }
        received += (unsigned long)n;
    }
    if (n == -ESP_ERR_HTTP_EAGAIN) {
        ESP_LOGE(TAG, "nothing more comes after %lu bytes", received);
        return ESP_ERR_TIMEOUT;
    }
    if (n < 0 || !esp_http_client_is_complete_data_received(client)) {
        ESP_LOGE(TAG, "the connection ended after %lu bytes, before the file did", received);
        return ESP_ERR_INVALID_SIZE;
    }
    return ESP_OK;
}

static esp_err_t update_from(esp_http_client_handle_t client)
{
    static struct update update;
    int64_t length = 0;
    esp_err_t err = find(client, &length);
    if (err != ESP_OK) {
        return err;
    }
    struct update_options options = {.size_known = length > 0, .size = (uint64_t)length};
    err = update_begin(&update, &options);
    err = err == ESP_OK ? receive(client, &update) : err;
    if (err != ESP_OK) {
        update_abort(&update);
        return err;
    }
    return update_end(&update);
}

esp_err_t download(const char *url)
{
    esp_http_client_config_t config = {
        .url = url,
        .timeout_ms = TIMEOUT_MS,
        .buffer_size = sizeof(piece),
        .buffer_size_tx = REQUEST_SIZE,
        .keep_alive_enable = true,
        .crt_bundle_attach = esp_crt_bundle_attach,
    };
    esp_http_client_handle_t client = esp_http_client_init(&config);
    if (client == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = update_from(client);
    (void)esp_http_client_cleanup(client);
    return err;
}
