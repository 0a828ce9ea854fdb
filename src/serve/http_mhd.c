// SPDX-License-Identifier: Apache-2.0
//
// http.h by libmicrohttpd, in one thread: the program's own. What one client can make it keep is
// bounded: so many bytes of headers, one piece of a file. So is how many there are: where there is
// no more room, the connection that has waited for a request for the longest time is ended, or
// those that take nothing of what they asked for.
#ifdef OTAPACK_HAVE_MICROHTTPD
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "http_library.h"
#include "os.h"

enum {
    CONNECTIONS_MOST = 1024,
    CONNECTIONS_LEAST = 64,
    FILES_BESIDE = 512,              // that can be open beside the connections
    MEMORY_EACH = 16 * 1024,         // for the headers of a request and of its answer
    SILENT_SECONDS = 30,             // in which nothing is sent or taken
    ASKING_MILLISECONDS = 20 * 1000, // in which a request has to be there
    STALLED_MILLISECONDS = 5 * 1000, // in which nothing is taken, where there is no more room
    SWEEP_MILLISECONDS = 1000,
};

// One connection, in a list of those that wait and those that are busy, by when that began.
struct link {
    struct link *previous, *next;
    os_socket fd;
    uint64_t since, moved; // and when something was last taken of what is answered
    bool busy;             // something is being answered
    uint64_t number;
};

struct exchange {
    struct http_request request;
    struct http_answer answer;
    struct arena arena;
    struct http *server;
    struct link *link;
    struct MHD_Connection *connection;
    bool answered;
    uint64_t sent;
};

struct http {
    const struct http_library *library;
    struct MHD_Daemon *daemon;
    struct http_handler handler;
    struct link *first, *last;
    size_t count, most, busy;
    uint64_t swept, numbers;
};

// ---- Connections --------------------------------------------------------------------------------

static void take_out(struct http *s, struct link *l)
{
    *(l->previous == NULL ? &s->first : &l->previous->next) = l->next;
    *(l->next == NULL ? &s->last : &l->next->previous) = l->previous;
    s->count--;
    s->busy -= l->busy;
}

static void put_last(struct http *s, struct link *l, bool busy)
{
    l->previous = s->last;
    l->next = NULL;
    l->since = l->moved = os_milliseconds();
    l->busy = busy;
    *(s->last == NULL ? &s->first : &s->last->next) = l;
    s->last = l;
    s->count++;
    s->busy += busy;
}

// So many are there at once without anybody making room.
static size_t room_for(const struct http *s)
{
    return s->most - s->most / 8;
}

// The library closes it when it sees that. The last one has just come, and is to have its turn.
static void hang_up_oldest(struct http *s)
{
    struct link *l = s->first;
    while (l != NULL && l->busy) {
        l = l->next;
    }
    if (l != NULL && l != s->last) {
        os_end_both(l->fd);
        take_out(s, l);
        put_last(s, l, false);
    }
}

static void sweep(struct http *s)
{
    uint64_t now = os_milliseconds();
    if (now - s->swept < SWEEP_MILLISECONDS) {
        return;
    }
    s->swept = now;
    size_t room = room_for(s), excess = s->count > room ? s->count - room : 0;
    for (struct link *l = s->first; l != NULL; l = l->next) {
        bool stalled = l->busy && excess > 0 && now - l->moved > STALLED_MILLISECONDS;
        if (stalled || (!l->busy && now - l->since > ASKING_MILLISECONDS)) {
            os_end_both(l->fd);
            excess -= stalled;
        }
    }
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **link,
                          enum MHD_ConnectionNotificationCode what)
{
    struct http *s = ctx;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        struct link *l = *link;
        if (l != NULL) {
            take_out(s, l);
            free(l);
        }
        return;
    }
    const union MHD_ConnectionInfo *info =
        s->library->connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct link *l = info == NULL ? NULL : calloc(1, sizeof(*l));
    *link = l;
    if (l != NULL) {
        l->fd = info->connect_fd;
        l->number = ++s->numbers;
        put_last(s, l, false);
    }
    if (s->count > room_for(s)) {
        hang_up_oldest(s);
    }
}

// ---- Requests -----------------------------------------------------------------------------------

static const char *header_of(const struct http_request *r, const char *name)
{
    const struct exchange *x = r->connection;
    return x->server->library->lookup(x->connection, MHD_HEADER_KIND, name);
}

static void *on_target(void *ctx, const char *target, struct MHD_Connection *connection)
{
    struct http *s = ctx;
    struct arena a = ARENA_EMPTY;
    const union MHD_ConnectionInfo *info =
        s->library->connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct exchange *x = ARENA_NEW(&a, struct exchange);
    x->server = s;
    x->link = info == NULL ? NULL : info->socket_context;
    x->request = (struct http_request){
        .target = arena_string(&a, target), .header = header_of, .connection = x};
    x->arena = a;
    x->request.arena = &x->arena;
    return x;
}

static void on_end(void *ctx, struct MHD_Connection *connection, void **exchange,
                   enum MHD_RequestTerminationCode how)
{
    struct http *s = ctx;
    struct exchange *x = *exchange;
    (void)connection;
    if (x == NULL) {
        return;
    }
    if (x->answered) {
        s->handler.ended(s->handler.ctx, &x->request, &x->answer, x->sent,
                         how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    }
    if (x->link != NULL) {
        take_out(s, x->link);
        put_last(s, x->link, false);
    }
    struct arena a = x->arena; // which has the exchange, too
    arena_free(&a);
    *exchange = NULL;
}

static ssize_t on_read(void *ctx, uint64_t at, char *to, size_t n)
{
    struct exchange *x = ctx;
    uint64_t left = x->answer.size - at;
    if (x->link != NULL) {
        x->link->moved = os_milliseconds();
    }
    ssize_t got = x->answer.read(x->answer.ctx, to, left < n ? (size_t)left : n, x->answer.at + at);
    if (got > 0) {
        x->sent = at + (uint64_t)got;
    }
    return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *response_of(struct exchange *x)
{
    const struct http_library *library = x->server->library;
    struct http_answer *answer = &x->answer;
    struct MHD_Response *r;
    if (answer->text != NULL || answer->size == 0) {
        const char *text = answer->text == NULL ? "" : answer->text;
        void *copied = arena_string(&x->arena, text); // the library asks for one to write to
        x->sent = strlen(text);
        r = library->response_of_buffer(strlen(text), copied, MHD_RESPMEM_MUST_COPY);
    } else {
        r = library->response_of_callback(answer->size, HTTP_PIECE, on_read, x, NULL);
    }
    for (size_t i = 0; r != NULL && i < answer->header_count; i++) {
        (void)library->add_header(r, answer->headers[i][0], answer->headers[i][1]);
    }
    return r;
}

// Who is at the other end; "-": nobody knows.
static const char *peer_of(struct arena *a, const struct link *l)
{
    struct os_address at;
    char host[OS_HOST_ROOM];
    uint16_t port;
    bool known = l != NULL && os_other_address(l->fd, &at) && os_address_text(&at, host, &port);
    return known ? arena_string(a, host) : "-";
}

// Whether a body follows, which nobody wants: the answer does not wait for it.
static bool has_body(const struct http *s, struct MHD_Connection *connection)
{
    static const char *const headers[] = {"Content-Length", "Transfer-Encoding"};
    const char *value = NULL;
    for (size_t i = 0; value == NULL && i < sizeof(headers) / sizeof(headers[0]); i++) {
        value = s->library->lookup(connection, MHD_HEADER_KIND, headers[i]);
    }
    return value != NULL && strcmp(value, "0") != 0;
}

// Called when the headers are there, with each piece of a body, and at its end.
// NOLINTBEGIN(readability-function-size,readability-non-const-parameter): as the library has it
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *body,
                                  size_t *body_size, void **exchange)
{
    struct http *s = ctx;
    struct exchange *x = *exchange;
    (void)url;
    (void)body;
    if (x == NULL || *body_size > 0) {
        return MHD_NO;
    }
    if (x->request.method == NULL) {
        x->request.method = arena_string(&x->arena, method);
        x->request.version = arena_string(&x->arena, version);
        x->request.from = peer_of(&x->arena, x->link);
        x->request.by = x->link == NULL ? 0 : x->link->number;
        if (!has_body(s, connection)) {
            return MHD_YES;
        }
    }
    x->connection = connection;
    if (x->link != NULL) {
        take_out(s, x->link);
        put_last(s, x->link, true);
    }
    x->answered = true;
    s->handler.answer(s->handler.ctx, &x->request, &x->answer);
    struct MHD_Response *r = response_of(x);
    enum MHD_Result good = r == NULL ? MHD_NO : s->library->queue(connection, x->answer.status, r);
    if (r != NULL) {
        s->library->destroy(r);
    }
    return good;
}
// NOLINTEND(readability-function-size,readability-non-const-parameter)

// Escapes stay as they are: what they mean is for one place to say, which knows what a path is.
static size_t keep_escapes(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx;
    (void)connection;
    return strlen(text);
}

// ---- The server ---------------------------------------------------------------------------------

bool http_is_there(struct err *e)
{
    return http_library(e) != NULL;
}

static bool start(struct http *s, os_socket listening, const struct http_tls *tls, struct err *e)
{
    bool secure = tls->certificate != NULL;
    struct MHD_OptionItem of_tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, tls->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    if (secure && s->library->supports(MHD_FEATURE_TLS) != MHD_YES) {
        return err_set(e, STATUS_CANNOT,
                       "--tls-cert: the libmicrohttpd installed here was built without TLS; "
                       "install one with it, or leave the option out");
    }
    unsigned how = s->library->supports(MHD_FEATURE_EPOLL) == MHD_YES ? MHD_USE_EPOLL : 0;
    s->daemon = s->library->start(
        how | (secure ? (unsigned)MHD_USE_TLS : 0), 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, (MHD_socket)listening, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)s->most, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_EACH,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENT_SECONDS, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, s, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_NOTIFY_COMPLETED, on_end, s,
        MHD_OPTION_ARRAY, secure ? of_tls : none, MHD_OPTION_END);
    return s->daemon != NULL ||
           (secure ? err_set(e, STATUS_CANNOT,
                             "--tls-cert, --tls-key: no server starts with these; is it the key of "
                             "the certificate, not encrypted, and are both PEM?")
                   : err_set(e, STATUS_CANNOT,
                             "libmicrohttpd starts no server; is there memory left?"));
}

static size_t connections_most(size_t files)
{
    size_t n = files > FILES_BESIDE + CONNECTIONS_LEAST ? files - FILES_BESIDE : CONNECTIONS_LEAST;
    return n < CONNECTIONS_MOST ? n : CONNECTIONS_MOST;
}

struct http *http_open(os_socket listening, const struct http_tls *tls,
                       const struct http_handler *h, struct err *e)
{
    const struct http_library *library = http_library(e);
    struct http *s = library == NULL ? NULL : calloc(1, sizeof(*s));
    if (s != NULL) {
        *s = (struct http){.library = library, .handler = *h, .swept = os_milliseconds()};
        s->most = connections_most(os_open_most());
    }
    if (s == NULL || !start(s, listening, tls, e)) {
        os_hang_up(listening);
        free(s);
        return NULL;
    }
    return s;
}

bool http_run(struct http *s, unsigned milliseconds)
{
    sweep(s);
    return s->library->run_wait(s->daemon, (int32_t)milliseconds) == MHD_YES;
}

void http_stop_listening(struct http *s)
{
    os_hang_up((os_socket)s->library->quiesce(s->daemon));
}

size_t http_busy(const struct http *s)
{
    return s->busy;
}

void http_close(struct http *s)
{
    if (s != NULL) {
        s->library->stop(s->daemon);
        free(s);
    }
}

#endif
