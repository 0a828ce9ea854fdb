// SPDX-License-Identifier: Apache-2.0
//
// The stream against the parsers of whole files, as ../unit/stream_oracle.h has them. The first
// byte says how large the pieces are, the second whether the size is announced, and which hashes
// there are; what follows is the file. A file as it is, such as a fixture, begins with a byte that
// no input of the first kind does, and is tried announced and not, with all hashes. Bit 7 of the
// second byte says that the file has a hole of zeros with which it ends around 4 GiB: 4 bytes more
// say where, and how much around. Laws: a stream tells what the parsers give, or refuses for the
// same reason; it tells the same however the bytes are cut; it tells nothing that is not in the
// file; FINISHED comes when every part that has begun has ended, and they are all of the file.
#include "fuzz.h"

#include "../unit/stream_oracle.h"
#include "../unit/stream_run.h"

static void print_and_abort(const char *what, const struct run *r, const struct told_list *list,
                            struct outcome other)
{
    fprintf(stderr, "%s\n", what);
    told_print("the stream", &r->list, r->outcome);
    told_print("the other", list, other);
    abort();
}

static void law_kept(const struct run *r)
{
    if (r->broken != NULL) {
        print_and_abort(r->broken, r, &r->list, r->outcome);
    }
    LAW(r->outcome.code == OTAPACK_OK || r->outcome.field[0] != '\0');
    LAW(r->outcome.code != OTAPACK_READ_FAILED && r->outcome.code != OTAPACK_REFUSED);
    LAW(r->calls > 0 && (r->outcome.code != OTAPACK_OK || r->list.n > 0));
}

static void law_like_oracle(const struct run *r, const struct oracle *o)
{
    const char *wrong = differs(o, &r->list, r->outcome);
    if (wrong != NULL) {
        print_and_abort(wrong, r, &o->list, o->outcome);
    }
}

// Where the bytes are cut makes no difference.
static void law_same_run(const struct run *a, const struct run *b)
{
    if (!told_all_same(&a->list, &b->list) || !outcome_same(a->outcome, b->outcome)) {
        print_and_abort("other pieces", a, &b->list, b->outcome);
    }
}

// A callback that says no: the stream ends there, and what it told before is the same.
static void law_refused(struct run *r, const struct sparse *file, const struct run *whole,
                        struct how how)
{
    how.refuse = 1 + (unsigned)(file->n % (whole->calls + 1));
    run_sparse(r, file, &how);
    LAW(r->calls <= how.refuse + 1);
    LAW(told_common(&r->list, &whole->list) == r->list.n);
    LAW(r->outcome.code != OTAPACK_OK || how.refuse > r->calls);
}

// With an observer of signatures all else is told as without. Where it has SHA-384, it may find a
// digest that is wrong; each block that it tells is as stream_run.h promises.
static void law_signatures(struct run *r, const struct sparse *file, const struct run *whole,
                           struct how how)
{
    how.signatures = true;
    how.no_sha384 = true;
    run_sparse(r, file, &how);
    law_kept(r);
    law_same_run(r, whole);
    how.no_sha384 = false;
    run_sparse(r, file, &how);
    law_kept(r);
    LAW(r->outcome.code != OTAPACK_OK || whole->outcome.code == OTAPACK_OK);
}

static struct how how_of(uint8_t pieces, uint8_t options, size_t n)
{
    struct how how = {.announced = n, .unannounced = (options & 1) == 0};
    how.chunk = pieces < 128 ? pieces : (size_t)(pieces - 127) * 16;
    how.seed = (options & 2) != 0 && how.chunk > 0 ? UINT64_C(0x9E3779B97F4A7C15) + n : 0;
    // Most changes would be found by a hash and nothing else: usually there is none.
    how.hashes = (options & 0x40) != 0 ? ALL_HASHES : (options >> 2) & ALL_HASHES & (options >> 3);
    return how;
}

static void law_all(struct sparse *file, struct how how)
{
    static struct run first, second;
    static struct oracle o;
    struct how whole = how, bytewise = how;
    run_sparse(&first, file, &how);
    law_kept(&first);
    run_oracle_sparse(&o, file, !how.unannounced, how.hashes);
    law_like_oracle(&first, &o);
    whole.chunk = 0;
    whole.seed = 0;
    run_sparse(&second, file, &whole);
    law_kept(&second);
    law_same_run(&first, &second);
    if (file->n < 4096) {
        bytewise.chunk = 1;
        bytewise.seed = 0;
        run_sparse(&second, file, &bytewise);
        law_kept(&second);
        law_same_run(&first, &second);
    }
    law_refused(&second, file, &first, how);
    if (file->hole == 0) { // where no one looks at what is signed, and each run takes its time
        law_signatures(&second, file, &first, how);
    }
}

// What a Matter image, a combined image and an app begin with.
static bool is_file(const uint8_t *data, size_t size)
{
    return size > 0 && (data[0] == 0x1E || data[0] == 0xFF || data[0] == OTAPACK_ESP_MAGIC);
}

// A file whose size is 32 KiB at most away from 4 GiB.
static void law_sparse(const uint8_t *data, size_t size)
{
    struct how how = how_of(data[0], data[1], size);
    const uint8_t *bytes = data + 6;
    size_t n = size - 6;
    uint64_t whole = UINT64_C(0x100008000) - otapack_le16(data + 4);
    if (n >= 0x8000) {
        return;
    }
    struct sparse file = {bytes, n, otapack_le16(data + 2) % (n + 1), whole - n};
    how.hashes = 0;
    how.announced = whole;
    law_all(&file, how);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (is_file(data, size)) {
        struct sparse file = sparse_plain(data, size);
        struct how how = {.announced = size, .chunk = 7, .hashes = ALL_HASHES};
        law_all(&file, how);
        how.unannounced = true;
        law_all(&file, how);
    } else if (size >= 6 && (data[1] & 0x80) != 0) {
        law_sparse(data, size);
    } else if (size >= 2) {
        struct sparse file = sparse_plain(data + 2, size - 2);
        law_all(&file, how_of(data[0], data[1], size - 2));
    }
    return 0;
}
