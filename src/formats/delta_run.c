// SPDX-License-Identifier: Apache-2.0
#include "delta_run.h"

enum { PIECE = 4096 };

// Beyond what a number in a patch can say, no base has a byte.
#define BASE_MOST ((uint64_t)OTAPACK_DELTA_MAX_NUMBER + 1)

struct running {
    struct otapack_delta_applier applier;
    struct delta_run *run;
    uint64_t expected; // where the next byte of the base is read, unless the place moves
    uint8_t *to;       // NULL: nothing is kept
    size_t room;
};

static bool read_zeros(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    struct running *r = ctx;
    memset(to, 0, n);
    r->run->seeks += at != r->expected;
    r->expected = at + n;
    r->run->reach = r->expected > r->run->reach ? r->expected : r->run->reach;
    return true;
}

static uint64_t not_zero(const uint8_t *bytes, size_t n)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += bytes[i] != 0;
    }
    return count;
}

static bool count_piece(void *ctx, const uint8_t *bytes, size_t n)
{
    struct running *r = ctx;
    if (r->applier.step == OTAPACK_DELTA_DIFF) {
        r->run->from_base += n;
        r->run->changed += not_zero(bytes, n);
    } else {
        r->run->literals += n;
    }
    return true;
}

static bool keep_piece(void *ctx, const uint8_t *bytes, size_t n)
{
    struct running *r = ctx;
    if (n > r->room - r->applier.written) {
        return false;
    }
    memcpy(r->to + r->applier.written, bytes, n);
    return true;
}

static void go_through(struct running *r, const struct otapack_source *patch,
                       const struct otapack_delta_hooks *hooks)
{
    uint8_t piece[PIECE];
    struct otapack_status read = otapack_good();
    otapack_delta_start(&r->applier, hooks);
    for (uint64_t at = 0; at < patch->size && read.code == OTAPACK_OK; at += PIECE) {
        size_t n = patch->size - at < PIECE ? (size_t)(patch->size - at) : PIECE;
        read = otapack_read(patch, at, piece, n, "patch");
        if (read.code == OTAPACK_OK &&
            (otapack_delta_push(&r->applier, piece, n) != OTAPACK_OK || r->applier.at < at + n)) {
            break;
        }
    }
    (void)otapack_delta_finish(&r->applier);
    r->run->status = read.code == OTAPACK_OK ? r->applier.status : read;
    r->run->end = r->applier.at;
    r->run->size = r->applier.size;
    r->run->written = r->applier.written;
}

void delta_run_dry(const struct otapack_source *patch, struct delta_run *run)
{
    struct running r = {.run = run};
    struct otapack_delta_hooks hooks = {
        .ctx = &r,
        .write = count_piece,
        .base = {.read = read_zeros, .ctx = &r, .size = BASE_MOST},
    };
    *run = (struct delta_run){.status = otapack_good()};
    go_through(&r, patch, &hooks);
}

// NOLINTBEGIN(readability-non-const-parameter): keep_piece writes there
void delta_run_on(const struct otapack_source *patch, const struct otapack_source *base,
                  const uint8_t *sha256, uint8_t *to, size_t room, struct delta_run *run)
{
    struct running r = {.run = run, .to = to, .room = room};
    struct otapack_delta_hooks hooks = {
        .ctx = &r, .write = keep_piece, .base = *base, .base_sha256 = sha256};
    *run = (struct delta_run){.status = otapack_good()};
    go_through(&r, patch, &hooks);
}
// NOLINTEND(readability-non-const-parameter)
