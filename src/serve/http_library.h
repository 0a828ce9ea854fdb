// SPDX-License-Identifier: Apache-2.0
//
// libmicrohttpd, loaded when the first server is opened: who serves nothing needs neither it nor
// the library that it has for TLS.
#ifndef HTTP_LIBRARY_H
#define HTTP_LIBRARY_H

#include <microhttpd.h>

#include "err.h"

// FUNCTION(name in libmicrohttpd, the same here)
#define HTTP_LIBRARY(FUNCTION)                                                                     \
    FUNCTION(MHD_start_daemon, start)                                                              \
    FUNCTION(MHD_stop_daemon, stop)                                                                \
    FUNCTION(MHD_quiesce_daemon, quiesce)                                                          \
    FUNCTION(MHD_run_wait, run_wait)                                                               \
    FUNCTION(MHD_is_feature_supported, supports)                                                   \
    FUNCTION(MHD_lookup_connection_value, lookup)                                                  \
    FUNCTION(MHD_get_connection_info, connection_info)                                             \
    FUNCTION(MHD_create_response_from_buffer, response_of_buffer)                                  \
    FUNCTION(MHD_create_response_from_callback, response_of_callback)                              \
    FUNCTION(MHD_add_response_header, add_header)                                                  \
    FUNCTION(MHD_queue_response, queue)                                                            \
    FUNCTION(MHD_destroy_response, destroy)

struct http_library {
#define MEMBER(name, here) __typeof__(&name) here;
    HTTP_LIBRARY(MEMBER)
#undef MEMBER
};

// NULL with `e` set (status 2): it is not installed, or too old.
const struct http_library *http_library(struct err *e);

#endif
