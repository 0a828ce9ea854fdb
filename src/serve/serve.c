// SPDX-License-Identifier: Apache-2.0
#include "serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file_path.h"
#include "os.h"
#include "serve_state.h"
#include "text.h"

enum {
    TURN_MILLISECONDS = 200,       // after which it looks whether it is to end
    GRACE_MILLISECONDS = 8 * 1000, // for what is being sent at its end
};

struct serve *serve_open(const struct serve_options *options, struct err *e)
{
    struct serve *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    s->options = options;
    s->progress = progress_begin(options->quiet);
    s->offers = offers_open(options->paths, options->count, &options->terms, e);
    s->begun = begun_open();
    s->table =
        s->offers == NULL || options->table == NULL ? NULL : update_table_open(options->table, e);
    if (s->offers == NULL || (options->table != NULL && s->table == NULL)) {
        serve_close(s);
        return NULL;
    }
    return s;
}

void serve_close(struct serve *s)
{
    if (s != NULL) {
        update_table_close(s->table);
        begun_close(s->begun);
        offers_close(s->offers);
        free(s);
    }
}

static bool listen_failed(const struct serve_options *o, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *address = text_printable(&a, o->bind);
    switch (errno) {
    case EINVAL:
        err_set(e, STATUS_CANNOT,
                "--bind %s: is no address; write one of this machine in figures, or 0.0.0.0 for "
                "all of them",
                address);
        break;
    case EADDRINUSE:
        err_set(e, STATUS_CANNOT,
                "--port %u: something listens there already; end it, or give another port, 0 for "
                "any that is free",
                (unsigned)o->port);
        break;
    case EACCES:
        err_set(e, STATUS_CANNOT,
                "--port %u: only the administrator may listen there; give one above 1023",
                (unsigned)o->port);
        break;
    case EADDRNOTAVAIL:
        err_set(e, STATUS_CANNOT,
                "--bind %s: is no address of this machine; give one of its own, or 0.0.0.0 for all "
                "of them",
                address);
        break;
    default:
        (void)err_errno(e, address, "listen");
    }
    arena_free(&a);
    return false;
}

static void say_ready(const struct serve_options *o, uint16_t port)
{
    struct arena a = ARENA_EMPTY;
    bool six = strchr(o->bind, ':') != NULL;
    access_log_ready(o->log, arena_printf(&a, "%s://%s%s%s:%u/",
                                          o->tls.certificate == NULL ? "http" : "https",
                                          six ? "[" : "", o->bind, six ? "]" : "", (unsigned)port));
    arena_free(&a);
}

// A file that was named and does not pass is said at once; it is served as soon as it passes.
static void say_what_fails(struct serve *s)
{
    const struct serve_options *o = s->options;
    struct os_info info;
    for (size_t i = 0; !o->quiet && i < o->count; i++) {
        struct err e = ERR_NONE;
        bool is_file = os_info(o->paths[i], &info) && info.kind == OS_FILE;
        struct offer *offer =
            is_file ? offers_find(s->offers, file_path_name(o->paths[i]), &e) : NULL;
        offer_let_go(offer);
        if (e.text[0] != '\0') {
            err_print(&e);
        }
    }
}

// Those that are being sent something get the rest of it.
static void finish(struct http *http)
{
    uint64_t asked = os_milliseconds();
    http_stop_listening(http);
    while (http_busy(http) > 0 && os_milliseconds() - asked < GRACE_MILLISECONDS &&
           http_run(http, TURN_MILLISECONDS)) {
    }
}

static enum status run(struct serve *s, struct http *http, struct err *e)
{
    const struct serve_options *o = s->options;
    uint64_t began = os_milliseconds();
    bool good = true, late = false;
    while (good && !late && !os_end_is_asked() && !(o->once && s->sent_one)) {
        uint64_t past = os_milliseconds() - began;
        uint64_t left = o->deadline == 0 ? TURN_MILLISECONDS : o->deadline - past;
        late = o->deadline != 0 && past >= o->deadline;
        good =
            late || http_run(http, left < TURN_MILLISECONDS ? (unsigned)left : TURN_MILLISECONDS);
    }
    finish(http);
    if (!good) {
        err_set(e, STATUS_CANNOT, "the server cannot go on; start it again");
        return STATUS_CANNOT;
    }
    if (o->once && !s->sent_one && late) {
        err_set(e, STATUS_NO, "nobody fetched a whole file before the time was over");
        return STATUS_NO;
    }
    return STATUS_OK;
}

// The port too, where any would do. -1: it cannot be.
static os_socket listen_at(const struct serve_options *options, uint16_t *port)
{
    struct os_address at;
    char host[OS_HOST_ROOM];
    bool good = os_read_address(options->bind, options->port, &at);
    os_socket s = good ? os_listen(&at, options->port) : -1;
    errno = good ? errno : EINVAL;
    if (s >= 0 && os_own_address(s, &at)) {
        (void)os_address_text(&at, host, port);
    }
    return s;
}

enum status serve(const struct serve_options *options, struct err *e)
{
    struct serve *s = serve_open(options, e);
    enum status status = STATUS_CANNOT;
    if (s == NULL || !http_is_there(e)) {
        serve_close(s);
        return status;
    }
    const struct http_handler handler = {s, serve_answer, serve_ended};
    uint16_t port = 0;
    os_socket listening = listen_at(options, &port);
    struct http *http = listening < 0 ? NULL : http_open(listening, &options->tls, &handler, e);
    if (listening < 0) {
        (void)listen_failed(options, e);
    } else if (http != NULL) {
        os_catch_end();
        say_what_fails(s);
        say_ready(options, port);
        status = run(s, http, e);
    }
    http_close(http);
    progress_clear(&s->progress);
    serve_close(s);
    return status;
}
