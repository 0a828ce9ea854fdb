/* SPDX-License-Identifier: Apache-2.0
 *
 * esp_http_client of ESP-IDF 5.5, of which this knows opening, headers and reading, and the server.
 */
#include "esp_crt_bundle.h"
#include "esp_http_client.h"
#include "fake.h"
#include "fake_http.h"
#include <string.h>

#define MIN_TLS_STACK 8192
#define WITH_HEADERS 100u /* bytes of the body that come together with them */

struct fake_server fake_server;

static struct esp_http_client {
    char url[256];
    const struct fake_answer *answer; /* NULL: not connected */
    int silent;                       /* reads that have yet to time out */
    bool has_headers;
    int status;
    size_t received;
    uint8_t kept[512]; /* came with the headers, and stays until it is read */
    size_t kept_size;
} client;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static const struct fake_answer *answer_to(const char *url)
{
    for (int i = 0; i < fake_server.count; i++) {
        if (strcmp(fake_server.answers[i].url, url) == 0) {
            return &fake_server.answers[i];
        }
    }
    return NULL;
}

esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t *config)
{
    if (fake.http) {
        fake_wrong("two HTTP clients");
    }
    if (fake_fails("esp_http_client_init") || strstr(config->url, "://") == NULL) {
        return NULL;
    }
    memset(&client, 0, sizeof(client));
    (void)snprintf(client.url, sizeof(client.url), "%s", config->url);
    fake.http = true;
    return &client;
}

esp_http_client_transport_t esp_http_client_get_transport_type(esp_http_client_handle_t c)
{
    return strncmp(c->url, "https://", 8) == 0  ? HTTP_TRANSPORT_OVER_SSL
           : strncmp(c->url, "http://", 7) == 0 ? HTTP_TRANSPORT_OVER_TCP
                                                : HTTP_TRANSPORT_UNKNOWN;
}

esp_err_t esp_http_client_open(esp_http_client_handle_t c, int write_len)
{
    if (write_len != 0 || esp_http_client_get_transport_type(c) != HTTP_TRANSPORT_OVER_SSL) {
        fake_wrong("something is sent that should not be");
    }
    if (fake.stack < MIN_TLS_STACK) {
        fake_wrong("TLS on a small stack");
    }
    fake_server.asked++;
    c->answer = fake_fails("esp_http_client_open") ? NULL : answer_to(c->url);
    if (c->answer == NULL) {
        return ESP_ERR_HTTP_CONNECT;
    }
    c->received = 0;
    c->has_headers = false;
    c->silent = c->answer->silent_before;
    return ESP_OK;
}

/* What came together with the headers goes behind what is there. */
int64_t esp_http_client_fetch_headers(esp_http_client_handle_t c)
{
    c->status = -1;
    if (c->answer == NULL || fake_fails("esp_http_client_fetch_headers")) {
        return ESP_FAIL;
    }
    if (c->silent > 0) {
        c->silent--;
        return -ESP_ERR_HTTP_EAGAIN;
    }
    size_t n = smaller(smaller(c->answer->size, c->answer->cut), WITH_HEADERS);
    n = smaller(n, sizeof(c->kept) - c->kept_size);
    if (n > 0) {
        memcpy(c->kept + c->kept_size, c->answer->body, n);
    }
    c->kept_size += n;
    c->received = n;
    c->has_headers = true;
    c->status = c->answer->status;
    c->silent = c->answer->silent_within;
    return c->answer->length == FAKE_ANNOUNCED ? (int64_t)c->answer->size : 0;
}

int esp_http_client_get_status_code(esp_http_client_handle_t c)
{
    return c->status;
}

bool esp_http_client_is_complete_data_received(esp_http_client_handle_t c)
{
    return c->received == c->answer->size ||
           (c->answer->length == FAKE_UNTIL_CLOSE && c->received == c->answer->cut);
}

/* From the connection. 0: it timed out; -1: it has ended. */
static int receive(esp_http_client_handle_t c, char *buffer, size_t n)
{
    if (c->silent > 0) {
        c->silent--;
        return 0;
    }
    n = smaller(n, smaller(c->answer->size, c->answer->cut) - c->received);
    if (n == 0 || fake_fails("esp_http_client_read")) {
        return -1;
    }
    memcpy(buffer, c->answer->body + c->received, n);
    c->received += n;
    return (int)n;
}

int esp_http_client_read(esp_http_client_handle_t c, char *buffer, int len)
{
    size_t room = (size_t)len, n = smaller(room, c->kept_size);
    memcpy(buffer, c->kept, n);
    memmove(c->kept, c->kept + n, c->kept_size - n);
    c->kept_size -= n;
    while (n < room && c->has_headers && !esp_http_client_is_complete_data_received(c)) {
        int more = receive(c, buffer + n, smaller(room - n, 500));
        if (more <= 0 && n == 0) {
            return more == 0 ? -ESP_ERR_HTTP_EAGAIN : ESP_FAIL;
        }
        if (more <= 0) {
            break;
        }
        n += (size_t)more;
    }
    return (int)n;
}

/* Another server: what is left of the last answer is dropped. The same one: it stays. */
static void go_to(esp_http_client_handle_t c, const char *location)
{
    size_t host =
        strcspn(strstr(c->url, "://") + 3, "/") + (size_t)(strstr(c->url, "://") + 3 - c->url);
    if (location[0] == '/') {
        (void)snprintf(c->url + host, sizeof(c->url) - host, "%s", location);
        return;
    }
    if (strncmp(location, c->url, host) != 0 || location[host] != '/') {
        c->kept_size = 0;
    }
    (void)snprintf(c->url, sizeof(c->url), "%s", location);
}

esp_err_t esp_http_client_set_redirection(esp_http_client_handle_t c)
{
    if (c->answer->location == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    go_to(c, c->answer->location);
    return fake_result("esp_http_client_set_redirection");
}

esp_err_t esp_http_client_close(esp_http_client_handle_t c)
{
    c->answer = NULL;
    c->has_headers = false;
    return ESP_OK;
}

esp_err_t esp_http_client_cleanup(esp_http_client_handle_t c)
{
    fake.http = false;
    return esp_http_client_close(c);
}

esp_err_t esp_crt_bundle_attach(void *conf)
{
    (void)conf;
    return ESP_OK;
}
