// SPDX-License-Identifier: Apache-2.0
#include "http.h"

#include <stdlib.h>
#include <string.h>

#include "os.h"

void http_add(struct http_answer *answer, const char *name, const char *value)
{
    if (answer->header_count < HTTP_HEADERS_MOST) {
        answer->headers[answer->header_count][0] = name;
        answer->headers[answer->header_count++][1] = value;
    }
}

const char *http_status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        {200, "OK"},
        {206, "Partial Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {416, "Range Not Satisfiable"},
        {500, "Internal Server Error"},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].status == status) {
            return texts[i].text;
        }
    }
    return "";
}

#ifndef OTAPACK_HAVE_MICROHTTPD

bool http_is_there(struct err *e)
{
    return err_set(e, STATUS_CANNOT,
                   "serve cannot be used: this otapack was built without libmicrohttpd, as the "
                   "static one and that for Windows are; use one that was built with it");
}

struct http *http_open(os_socket listening, const struct http_tls *tls,
                       const struct http_handler *h, struct err *e)
{
    (void)tls;
    (void)h;
    os_hang_up(listening);
    (void)http_is_there(e);
    return NULL;
}

bool http_run(struct http *s, unsigned milliseconds)
{
    (void)s;
    (void)milliseconds;
    return false;
}

void http_stop_listening(struct http *s)
{
    (void)s;
}

size_t http_busy(const struct http *s)
{
    (void)s;
    return 0;
}

void http_close(struct http *s)
{
    (void)s;
}

#endif
