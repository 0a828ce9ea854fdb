// SPDX-License-Identifier: Apache-2.0
//
// What tamper.h declares of files, and the law itself. Nothing here is otapack's own code.
#include "tamper.h"

#include "run.h"

enum { SECTOR = 4096, BLOCK = 1216, BLOCK_MAGIC = 0xE7, HOST_TAG = 5, MATTER_HEADER = 16 };

// ---- Subjects -----------------------------------------------------------------------------------

void subject_begin(struct subject *s, const char *file, const char *donor, const char *const *modes)
{
    *s = (struct subject){.name = file, .modes = modes, .im = image_load(file), .step = 5};
    s->donor = image_load(donor == NULL ? file : donor);
    edge_add(s, 0);
    edge_add(s, s->im.n);
}

void subject_end(struct subject *s)
{
    for (size_t i = 0; i < s->good_count; i++) {
        image_free(&s->goods[i].im);
    }
    image_free(&s->im);
    image_free(&s->donor);
}

struct sealed *subject_seal_whole(struct subject *s, const struct image *im)
{
    assert_true(s->good_count < GOODS_MOST);
    struct sealed *good = &s->goods[s->good_count++];
    *good = (struct sealed){.im = image_copy(im), .own = -1};
    return good;
}

struct sealed *subject_seal(struct subject *s, const struct image *im, int own)
{
    struct sealed *good = subject_seal_whole(s, im);
    good->signed_end = im->n - SECTOR;
    good->own = own;
    good->erased = true;
    while (good->blocks < BLOCKS_MOST &&
           im->p[good->signed_end + good->blocks * BLOCK] == BLOCK_MAGIC) {
        good->blocks++;
    }
    assert_true(good->blocks > 0 && own < (int)good->blocks);
    return good;
}

void edge_add(struct subject *s, size_t at)
{
    size_t i = 0;
    while (i < s->count && s->edges[i] < at) {
        i++;
    }
    if (at > s->im.n || (i < s->count && s->edges[i] == at)) {
        return;
    }
    assert_true(s->count < EDGES_MOST);
    memmove(s->edges + i + 1, s->edges + i, (s->count - i) * sizeof(*s->edges));
    s->edges[i] = at;
    s->count++;
}

void edges_of_app(struct subject *s, const struct image *im, size_t base)
{
    // In a block: version, digest, key, signature, CRC, fill.
    static const size_t inside[] = {0, 1, 4, 36, 812, 1196, 1200};
    struct esp_walk w = esp_walk(im);
    size_t at = AT_FIRST_SEGMENT, sector = (w.end + SECTOR - 1) / SECTOR * SECTOR;
    for (unsigned left = u8_at(im, AT_SEGMENT_COUNT); left > 0; left--) {
        edge_add(s, base + at);
        edge_add(s, base + at + 8);
        at += 8 + u32_at(im, at + 4);
    }
    edge_add(s, base + w.data_end);
    edge_add(s, base + w.checksum + 1);
    edge_add(s, base + w.end);
    for (size_t i = 0; i < BLOCKS_MOST && sector + SECTOR <= im->n; i++) {
        if (im->p[sector + i * BLOCK] == BLOCK_MAGIC) {
            for (size_t k = 0; k < COUNT(inside); k++) {
                edge_add(s, base + sector + i * BLOCK + inside[k]);
            }
            edge_add(s, base + sector + (i + 1) * BLOCK);
        }
    }
    edge_add(s, base + im->n);
}

void edges_of_combined(struct subject *s, const struct image *im, size_t base)
{
    for (size_t at = 0; at < u32_at(im, 4); at += 12) {
        edge_add(s, base + at);
        if (at > 0) {
            edge_add(s, base + u32_at(im, at + 8));
        }
    }
    struct image host = rcp_part(im, HOST_TAG);
    edges_of_app(s, &host, base + u32_at(im, rcp_entry(im, HOST_TAG) + 8));
    image_free(&host);
}

// ---- What may be a yes --------------------------------------------------------------------------

static uint32_t word(const struct image *im, size_t at)
{
    return im->n < 4 || at > im->n - 4 ? 0 : u32_at(im, at);
}

static bool is_filled(const uint8_t *p, size_t n)
{
    return n == 0 || (p[0] == 0xFF && memcmp(p, p + 1, n - 1) == 0);
}

// The only host of a combined image, which ends with it.
static bool host_of(struct image *at)
{
    struct image host = {NULL, 0};
    unsigned hosts = 0;
    for (size_t entry = 12; entry + 12 <= word(at, 4) && entry + 12 <= at->n; entry += 12) {
        uint32_t n = word(at, entry + 4), from = word(at, entry + 8);
        if (word(at, entry) == HOST_TAG) {
            hosts++;
            host = n <= at->n && from == at->n - n ? (struct image){at->p + from, n} : host;
        }
    }
    *at = host.p != NULL ? host : *at;
    return host.p != NULL && hosts == 1;
}

// The part that a device would find behind a Matter header, or as a combined image's host.
static bool step_in(unsigned into, struct image *at)
{
    if (into == IN_MATTER) {
        size_t header = MATTER_HEADER + (size_t)word(at, 12);
        bool fits = header < at->n && word(at, 4) == at->n && word(at, 8) == 0;
        *at = fits ? (struct image){at->p + header, at->n - header} : *at;
        return fits;
    }
    return host_of(at);
}

// What verify was asked.
struct question {
    bool anybody; // by whomever it is signed
    bool first;   // the first block counts
};

static struct question question_of(const char *mode)
{
    return (struct question){strstr(mode, "--key") == NULL, strstr(mode, "first-block") != NULL};
}

// Is this block one of this image's? And one that is asked for?
static bool is_block(const struct sealed *good, const uint8_t *slot, bool anybody, bool *own)
{
    bool known = false;
    for (unsigned k = 0; k < good->blocks; k++) {
        if (memcmp(slot, good->im.p + good->signed_end + k * BLOCK, BLOCK) == 0) {
            known = true;
            *own = *own || anybody || good->own == (int)k;
        }
    }
    return known;
}

// The sector: blocks that were made over this image, in any order, the wanted one among them, and
// nothing else.
static bool sector_fits(const struct subject *s, const struct sealed *good, const uint8_t *sector,
                        struct question q)
{
    bool is_own = false;
    for (size_t i = 0; i < BLOCKS_MOST; i++) {
        const uint8_t *slot = sector + i * BLOCK;
        bool known = is_filled(slot, BLOCK), own = false;
        for (size_t k = 0; k < s->good_count; k++) {
            const struct sealed *other = &s->goods[k];
            bool same = other->signed_end == good->signed_end &&
                        memcmp(other->im.p, good->im.p, good->signed_end) == 0;
            known = (same && is_block(other, slot, q.anybody, &own)) || known;
        }
        if (!known) {
            return false;
        }
        is_own = is_own || (own && (i == 0 || !q.first));
    }
    return is_own && is_filled(sector + BLOCKS_MOST * BLOCK, SECTOR - BLOCKS_MOST * BLOCK);
}

static bool is_sealed(const struct subject *s, const struct sealed *good, const struct image *t,
                      struct question q)
{
    size_t same = good->signed_end > 0 ? good->signed_end : good->im.n;
    if (t->n < good->im.n || memcmp(t->p, good->im.p, same) != 0) {
        return false;
    }
    bool more = t->n > good->im.n;
    return (!more || (good->erased && is_filled(t->p + good->im.n, t->n - good->im.n))) &&
           (good->signed_end == 0 || sector_fits(s, good, t->p + good->signed_end, q));
}

static bool may_be_yes(const struct subject *s, const struct image *t, struct question q)
{
    struct image part = *t;
    if (((s->inside & IN_MATTER) != 0 && !step_in(IN_MATTER, &part)) ||
        ((s->inside & IN_COMBINED) != 0 && !step_in(IN_COMBINED, &part))) {
        return false;
    }
    for (size_t i = 0; i < s->good_count; i++) {
        if (is_sealed(s, &s->goods[i], &part, q)) {
            return true;
        }
    }
    return false;
}

// ---- Trying -------------------------------------------------------------------------------------

static unsigned tried, turns;

bool tamper_turn(unsigned step)
{
    return is_long() || turns++ % step == 0;
}

void tamper_count(unsigned least)
{
    want(tried >= least, "only %u files were tried", tried);
    tried = 0;
}

static int verify_file(const char *mode)
{
    return run("verify -q t.bin %s", mode)->status;
}

static int verify_pipe(const struct image *t, const char *mode)
{
    run_pipe(t->p, t->n, 0);
    return run("verify -q - %s", mode)->status;
}

static struct image wrapped(const struct subject *s, const struct image *t)
{
    return s->wrap == NULL ? image_copy(t) : s->wrap(s, t);
}

void tamper_control(const struct subject *s)
{
    struct image t = wrapped(s, &s->im);
    image_save(&t, "t.bin");
    for (const char *const *mode = s->modes; *mode != NULL; mode++) {
        want(verify_file(*mode) == 0, "%s: not a yes with %s", s->name, *mode);
        want(verify_pipe(&t, *mode) == 0, "%s: not a yes with %s, by a pipe", s->name, *mode);
        want(may_be_yes(s, &t, question_of(*mode)), "%s: the law does not let it pass", s->name);
    }
    image_free(&t);
}

// Is it one of what the answer itself says is signed? `verify --json` says where that is.
static void look_at_answer(const struct subject *s, const struct image *t, const char *mode,
                           const char *what)
{
    const json_t *list, *span;
    size_t i;
    struct image covered = image_fill(0, 0);
    if (run("verify --json t.bin %s", mode)->status != 0) {
        complain("%s: %s: is a yes, and with --json none", s->name, what);
    } else if ((list = at(document(), "files[0].signed.covered")) == NULL) {
        complain("%s: %s: is a yes, and does not say of what", s->name, what);
    } else {
        json_array_foreach(list, i, span)
        {
            size_t from = (size_t)number_at(span, "offset"), n = (size_t)number_at(span, "size");
            assert_true(from <= t->n && n <= t->n - from);
            image_append(&covered, t->p + from, n);
        }
        bool same = false;
        for (i = 0; i < s->good_count; i++) {
            const struct image *good = &s->goods[i].im;
            same = same || (covered.n <= good->n && covered.n >= s->goods[i].signed_end &&
                            memcmp(covered.p, good->p, covered.n) == 0);
        }
        if (!same) {
            complain("%s: %s: what the answer calls signed, nobody signed", s->name, what);
        }
    }
    image_free(&covered);
}

static void judge(const struct subject *s, const struct image *t, const char *mode,
                  const char *what)
{
    if (!may_be_yes(s, t, question_of(mode))) {
        complain("%s: %s: is a yes with %s", s->name, what, mode);
    } else {
        look_at_answer(s, t, mode, what);
    }
}

static void try_file(const struct subject *s, const struct image *t, const char *what)
{
    size_t modes = 0;
    while (s->modes[modes] != NULL) {
        modes++;
    }
    image_save(t, "t.bin");
    int status = verify_file(s->modes[0]);
    if (status == 0) {
        judge(s, t, s->modes[0], what);
    }
    // What else is asked takes turns: a pipe, the other options.
    unsigned turn = tried++;
    const char *other = s->modes[turn / 3 % modes];
    if (turn % 3 != 0) {
        return;
    }
    if (other == s->modes[0] && verify_pipe(t, other) != status) {
        complain("%s: %s: %d, and by a pipe another status", s->name, what, status);
    } else if (other != s->modes[0] && verify_file(other) == 0) {
        judge(s, t, other, what);
    }
}

void tamper_try(const struct subject *s, const struct image *t, const char *format, ...)
{
    char what[200];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    if (t->n != s->im.n || memcmp(t->p, s->im.p, t->n) != 0) {
        struct image file = wrapped(s, t);
        try_file(s, &file, what);
        image_free(&file);
    }
}
