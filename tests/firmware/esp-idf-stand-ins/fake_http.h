/* SPDX-License-Identifier: Apache-2.0
 *
 * The server that the example asks.
 */
#ifndef STAND_IN_FAKE_HTTP_H
#define STAND_IN_FAKE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fake_length {
    FAKE_ANNOUNCED, /* by Content-Length */
    FAKE_CHUNKED,
    FAKE_UNTIL_CLOSE, /* nothing says where it ends */
};

struct fake_answer {
    const char *url;
    int status;
    const char *location; /* NULL: none */
    const uint8_t *body;
    size_t size;
    enum fake_length length;
    size_t cut;        /* the connection ends after so many bytes of the body */
    int silent_before; /* so many reads time out before the headers come */
    int silent_within; /* and in the body, after its first bytes */
};

struct fake_server {
    struct fake_answer answers[16];
    int count;
    int asked;
};

extern struct fake_server fake_server;

#endif
