// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <string.h>

#include "asked_path.h"
#include "range.h"
#include "serve_state.h"
#include "text.h"

enum {
    OK = 200,
    PARTIAL = 206,
    NOT_MODIFIED = 304,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    NOT_ALLOWED = 405,
    NOT_SATISFIABLE = 416,
    SERVER_ERROR = 500,
};

// ---- What is not served -------------------------------------------------------------------------

static void refuse(struct transfer *t, struct http_answer *out, unsigned status, const char *why)
{
    out->status = status;
    out->text = arena_printf(t->request->arena, "%u %s\n", status, http_status_text(status));
    t->why = why;
    http_add(out, "Content-Type", "text/plain; charset=utf-8");
}

static void refuse_for(struct transfer *t, struct http_answer *out, unsigned no,
                       const struct err *e)
{
    refuse(t, out, e->status == STATUS_NO ? no : SERVER_ERROR,
           arena_string(t->request->arena, e->text));
}

// ---- What is ------------------------------------------------------------------------------------

static ssize_t read_offer(void *ctx, void *to, size_t n, uint64_t at)
{
    struct transfer *t = ctx;
    progress_at(&t->serve->progress, t->shown, at, t->offer->size);
    return offer_read(t->offer, to, n, at);
}

// Is the version that who asks has, by one of the tags of this header, the one there is?
static bool has_version(const char *tags, const struct offer *offer)
{
    return tags != NULL && (strcmp(tags, "*") == 0 || strstr(tags, offer->etag) != NULL);
}

static void use(struct transfer *t, struct offer *offer) // which is kept
{
    offer_let_go(t->offer);
    t->offer = offer;
}

// The part that is asked for, and of which version: a later part is one of what the device began
// with, or, where that is not there any more, no part but the whole.
static enum range_answer find_part(struct serve *s, struct transfer *t, struct range *part)
{
    const struct http_request *r = t->request;
    const char *version = r->header(r, "If-Range");
    const char *text = strcmp(r->method, "GET") != 0 ? NULL : r->header(r, "Range");
    enum range_answer answer = range_read(text, t->offer->size, part);
    if (version != NULL && !has_version(version, t->offer)) {
        answer = RANGE_WHOLE;
    } else if (answer == RANGE_PART && part->at > 0 && version == NULL) {
        struct offer *first = begun_find(s->begun, &t->asker, t->offer);
        if (first == NULL) {
            answer = RANGE_WHOLE;
        } else {
            use(t, first);
            answer = range_read(text, t->offer->size, part);
        }
    }
    if (answer == RANGE_WHOLE) {
        *part = (struct range){0, t->offer->size};
    }
    return answer;
}

static void send_part(struct serve *s, struct transfer *t, struct http_answer *out)
{
    const struct http_request *r = t->request;
    struct range part;
    enum range_answer answer = find_part(s, t, &part);
    http_add(out, "ETag", t->offer->etag);
    http_add(out, "Accept-Ranges", "bytes");
    http_add(out, "Cache-Control", "no-cache");
    if (answer == RANGE_BEHIND) {
        http_add(out, "Content-Range", arena_printf(r->arena, "bytes */%" PRIu64, t->offer->size));
        refuse(t, out, NOT_SATISFIABLE, "the range that is asked for begins behind the file's end");
        return;
    }
    if (answer == RANGE_PART) {
        http_add(out, "Content-Range",
                 arena_printf(r->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, part.at,
                              part.at + part.size - 1, t->offer->size));
    }
    if (part.at == 0 && strcmp(r->method, "GET") == 0) {
        begun_note(s->begun, &t->asker, t->offer, part.size == 1);
    }
    http_add(out, "Content-Type", "application/octet-stream");
    out->status = answer == RANGE_PART ? PARTIAL : OK;
    out->at = part.at;
    out->size = part.size;
    t->shown = arena_printf(r->arena, "%s to %s", t->offer->file, r->from);
    out->read = read_offer;
}

static void answer_with(struct serve *s, struct transfer *t, struct http_answer *out)
{
    if (has_version(t->request->header(t->request, "If-None-Match"), t->offer)) {
        out->status = NOT_MODIFIED;
        http_add(out, "ETag", t->offer->etag);
        return;
    }
    send_part(s, t, out);
}

static void answer_updater(struct serve *s, struct transfer *t, struct http_answer *out)
{
    struct err e = ERR_NONE;
    unsigned status = OK;
    if (!serve_updater(s, t, &status, &e)) {
        refuse_for(t, out, status, &e);
    } else if (status == NOT_MODIFIED) {
        out->status = status;
    } else {
        http_add(out, "x-MD5", t->offer->md5);
        answer_with(s, t, out);
    }
}

// Whoever asks for a file by its name; what only a table names is for updaters.
static void answer_path(struct serve *s, struct transfer *t, struct http_answer *out)
{
    struct err e = ERR_NONE;
    t->offer = offers_find(s->offers, t->path, &e);
    if (t->offer != NULL) {
        answer_with(s, t, out);
    } else if (s->table != NULL && update_table_has(s->table, t->path)) {
        refuse(t, out, FORBIDDEN,
               "is for the updaters of the Arduino cores, which say what device they are");
    } else {
        refuse_for(t, out, NOT_FOUND, &e);
    }
}

void serve_answer(void *ctx, const struct http_request *r, struct http_answer *out)
{
    struct serve *s = ctx;
    struct err e = ERR_NONE;
    struct transfer *t = ARENA_NEW(r->arena, struct transfer);
    *t = (struct transfer){.serve = s, .request = r, .path = asked_path(r->arena, r->target)};
    t->asker = (struct asker){r->from, r->by, t->path};
    out->ctx = t;
    if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0) {
        http_add(out, "Allow", "GET, HEAD");
        refuse(t, out, NOT_ALLOWED, "files are only read here: GET and HEAD");
    } else if (t->path == NULL) {
        refuse(t, out, NOT_FOUND, "is no address of a file; the name of one stands behind the /");
    } else if (!updater_read(r, &t->updater, &e)) {
        refuse_for(t, out, FORBIDDEN, &e);
    } else if (t->updater.asks) {
        answer_updater(s, t, out);
    } else {
        answer_path(s, t, out);
    }
    if (t->why != NULL && !s->options->quiet) {
        progress_clear(&s->progress);
        say("%s from %s: %u: %s", text_printable(r->arena, r->target), r->from, out->status,
            t->why);
    }
}

void serve_ended(void *ctx, const struct http_request *r, const struct http_answer *answer,
                 uint64_t sent, bool whole)
{
    struct serve *s = ctx;
    struct transfer *t = answer->ctx;
    bool has_body = strcmp(r->method, "HEAD") != 0 && answer->status != NOT_MODIFIED;
    bool to_the_end =
        answer->read != NULL && has_body && whole && answer->at + answer->size == t->offer->size;
    progress_clear(&s->progress);
    access_log(s->options->log, &(struct access_line){
                                    .request = r,
                                    .status = answer->status,
                                    .bytes = has_body ? sent : 0,
                                    .whole = whole,
                                    .file = t->offer == NULL ? NULL : t->offer->file,
                                    .sha256 = t->offer == NULL ? NULL : t->offer->sha256,
                                    .why = t->why,
                                });
    s->sent_one = s->sent_one || to_the_end;
    if (to_the_end) {
        begun_end(s->begun, &t->asker, t->offer);
    }
    offer_let_go(t->offer);
}
