// SPDX-License-Identifier: Apache-2.0
#include "espota.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "espota_reply.h"
#include "os.h"
#include "progress.h"

enum {
    PIECE = 1460,       // what fits one packet of theirs
    VERDICT_FACTOR = 6, // a device looks at the whole file before it says OK
    LINE_ENDS = 1000,   // milliseconds, after which no more of a line is to come
};

struct upload {
    const struct espota *x;
    os_socket device;
    struct espota_reply reply;
    uint64_t sent;
    struct err *e;
};

static enum espota_end lost(const struct upload *u, const char *what, const char *todo)
{
    const char *all = u->sent == u->x->file.size ? "all" : "";
    struct arena a = ARENA_EMPTY;
    const char *count =
        *all != '\0' ? all : arena_printf(&a, "%" PRIu64 " of %" PRIu64, u->sent, u->x->file.size);
    err_set(u->e, STATUS_CANNOT, "%s: was sent %s bytes, and %s; %s", u->x->host, count, what,
            todo);
    arena_free(&a);
    return ESPOTA_LOST;
}

// Hears what comes next. False: nothing does, for so long or ever again, and errno says which; 0 is
// that it was closed.
static bool hear(struct upload *u, unsigned milliseconds)
{
    char bytes[64];
    ssize_t n = os_receive(u->device, bytes, sizeof(bytes), milliseconds);
    if (n > 0) {
        espota_hear(&u->reply, bytes, (size_t)n);
    } else if (n == 0) {
        errno = 0;
    }
    return n > 0;
}

// The line that has begun, to its end.
static enum espota_end refused(struct upload *u)
{
    while (espota_said(&u->reply) == ESPOTA_PART && hear(u, LINE_ENDS)) {
    }
    return espota_said(&u->reply) == ESPOTA_OK ? ESPOTA_TAKEN
                                               : espota_refused(u->x, u->reply.text, u->e);
}

static enum espota_end silent(const struct upload *u)
{
    static const char *const todo = "see that it stays in reach, and push again";
    return errno == ETIMEDOUT ? lost(u, "answers no more", todo) : lost(u, "hung up", todo);
}

static bool send_all(struct upload *u, const uint8_t *bytes, size_t n)
{
    size_t at = 0;
    while (at < n) {
        ssize_t sent = os_send(u->device, bytes + at, n - at, u->x->timeout);
        if (sent <= 0) {
            return false;
        }
        at += (size_t)sent;
    }
    return true;
}

// One piece, and the answer to it. A device answers whatever it has read, which may be a part of a
// piece: the answers are no more than a sign that it still reads.
static enum espota_end send_piece(struct upload *u)
{
    uint8_t bytes[PIECE];
    uint64_t left = u->x->file.size - u->sent;
    size_t n = left < PIECE ? (size_t)left : PIECE;
    if (otapack_read(&u->x->file, u->sent, bytes, n, "").code != OTAPACK_OK) {
        err_set(u->e, STATUS_CANNOT, "%s: cannot be read any more; push it again", u->x->name);
        return ESPOTA_CANNOT;
    }
    if (!send_all(u, bytes, n)) {
        return silent(u);
    }
    u->sent += n;
    if (!hear(u, u->x->timeout)) {
        return espota_said(&u->reply) == ESPOTA_COUNTS ? silent(u) : refused(u);
    }
    return espota_said(&u->reply) == ESPOTA_COUNTS ? ESPOTA_TAKEN : refused(u);
}

// What it says of the whole file. Its counts may come one by one, and give it no more time.
static enum espota_end verdict(struct upload *u)
{
    uint64_t end = os_milliseconds() + VERDICT_FACTOR * (uint64_t)u->x->timeout, now;
    while (espota_said(&u->reply) == ESPOTA_COUNTS) {
        now = os_milliseconds();
        if (now >= end || !hear(u, (unsigned)(end - now))) {
            return lost(u, "does not say whether it takes them", "see whether it starts anew");
        }
    }
    return refused(u);
}

enum espota_end espota_upload(const struct espota *x, os_socket device, struct err *e)
{
    struct upload u = {.x = x, .device = device, .e = e};
    struct progress progress = progress_begin(x->quiet);
    enum espota_end end = ESPOTA_TAKEN;
    while (end == ESPOTA_TAKEN && u.sent < x->file.size) {
        progress_at(&progress, x->name, u.sent, x->file.size);
        end = send_piece(&u);
        if (espota_said(&u.reply) == ESPOTA_OK && u.sent < x->file.size) {
            end = lost(&u, "says OK too early", "see that this is a device with ArduinoOTA");
        }
    }
    end = end == ESPOTA_TAKEN ? verdict(&u) : end;
    progress_clear(&progress);
    return end;
}
