// SPDX-License-Identifier: Apache-2.0
//
// The seal of a Matter bundle, compared while it arrives: of every fixture, in pieces of any size,
// what bundle_seal.h says of the whole file; a wrong one before a byte behind it is told. Beside a
// bundle it is what stream_seal.h does.
#include "stream_build.h"
#include "stream_files.h"

#include <otapack/stream_bundle_seal.h>

enum { ROOM = 8 };

struct receiver {
    struct otapack_bundle_stream stream;
    struct otapack_seal seal;
    struct otapack_bundle_hooks hooks;
    bool finished, wants_all;
    unsigned errors;
    uint32_t bundle_at, app_at, app_told;
    uint8_t table[OTAPACK_BUNDLE_ROOM(ROOM)];
};

static bool on(void *ctx, const struct otapack_event *e)
{
    struct receiver *r = ctx;
    bool begin = e->type == OTAPACK_EVENT_BEGIN;
    r->bundle_at = begin && e->part == OTAPACK_PART_BUNDLE ? e->at : r->bundle_at;
    r->app_at = begin && e->part == OTAPACK_PART_APP ? e->at : r->app_at;
    if (e->part == OTAPACK_PART_APP && e->type == OTAPACK_EVENT_DATA) {
        r->app_told = e->offset + e->size;
    }
    r->errors += e->type == OTAPACK_EVENT_ERROR;
    r->finished |= e->type == OTAPACK_EVENT_FINISHED;
    return true;
}

// Of the images before the application, those of the radio alone.
static bool wants(void *ctx, const struct otapack_bundle_entry *image)
{
    const struct receiver *r = ctx;
    return r->wants_all || image->id <= OTAPACK_BUNDLE_RCP;
}

// Pieces of so many bytes; 0: all at once. One hash serves table and images.
static enum otapack_code receive(struct receiver *r, const struct bytes *b, size_t chunk,
                                 bool wants_all, bool observed)
{
    static struct otapack_hash sha256;
    sha256 = kept_digest(DIGEST_SHA256, 0);
    *r = (struct receiver){.wants_all = wants_all};
    r->hooks = (struct otapack_bundle_hooks){{.ctx = r, .on = on}, &sha256, r, wants, r->table,
                                             sizeof(r->table)};
    if (observed) {
        otapack_bundle_seal_watch(&r->seal, &r->stream, &r->hooks, &sha256);
    }
    otapack_bundle_stream_start(&r->stream, &r->hooks);
    (void)otapack_bundle_stream_announce(&r->stream, b->n);
    for (size_t at = 0; at < b->n; at += chunk) {
        chunk = chunk == 0 ? b->n : chunk;
        size_t n = b->n - at < chunk ? b->n - at : chunk;
        if (otapack_bundle_stream_push(&r->stream, b->at + at, n) != OTAPACK_OK) {
            break;
        }
    }
    return otapack_bundle_stream_finish(&r->stream);
}

struct expected {
    enum otapack_code code;
    enum otapack_seal_state state;
    uint32_t at; // of the seal in the application
};

static struct expected expect_of(const struct bytes *b, const struct receiver *plain)
{
    const struct otapack_hash sha256 = kept_digest(DIGEST_SHA256, 0);
    struct otapack_source file = otapack_memory(b->at, b->n);
    struct otapack_source bundle = otapack_part(&file, plain->bundle_at, b->n),
                          app = otapack_part(&file, plain->app_at, b->n);
    struct otapack_rcp_seal seal = {.at = 0};
    uint8_t buffer[100];
    struct expected x = {OTAPACK_OK, OTAPACK_SEAL_NONE, 0};
    if (plain->bundle_at == 0 || otapack_rcp_seal_find(&app, &seal).code != OTAPACK_OK) {
        return x;
    }
    x.at = seal.at;
    if (otapack_rcp_seal_judge(&seal).code == OTAPACK_OK && seal.kind != OTAPACK_SEAL_BUNDLE) {
        return x; // it is of something else
    }
    x.state = OTAPACK_SEAL_BLANK;
    if (!otapack_rcp_seal_is_empty(&seal)) {
        enum otapack_code code =
            otapack_bundle_seal_check(&seal, &bundle, &sha256, buffer, sizeof(buffer)).code;
        bool unknown = otapack_rcp_seal_judge(&seal).code != OTAPACK_OK;
        x.state = code == OTAPACK_OK ? OTAPACK_SEAL_HOLDS : OTAPACK_SEAL_NONE;
        x.code = code == OTAPACK_OK ? OTAPACK_OK : unknown ? OTAPACK_FORBIDDEN : OTAPACK_MISMATCH;
    }
    return x;
}

static struct receiver plain, r;
static unsigned states[3], wrong;

static void hold_to(const char *name, const struct bytes *b, const struct expected *x, size_t chunk,
                    bool wants_all)
{
    enum otapack_code code = receive(&r, b, chunk, wants_all, true);
    if (code != x->code || (code == OTAPACK_OK && r.seal.state != x->state)) {
        fail_msg("%s, pieces of %zu: %d and %d, not %d and %d", name, chunk, code, r.seal.state,
                 x->code, x->state);
    }
    assert_int_equal(r.finished, code == OTAPACK_OK);
    if (code != OTAPACK_OK) {
        assert_int_equal(r.errors, 1);
        assert_string_equal(r.stream.stream.fault.field, "seal");
        assert_int_equal(r.stream.stream.fault.at, r.app_at + x->at);
        assert_true(r.app_told < x->at + OTAPACK_SEAL_SIZE);
    }
}

// A bundle by itself in a Matter image, in which alone a stream takes one.
static void try_bundle(const char *name, const struct bytes *b)
{
    static const size_t chunks[] = {0, 1, 7, 64, 500};
    if (receive(&plain, b, 0, true, false) != OTAPACK_OK || plain.bundle_at == 0) {
        return; // how streams refuse, others look at
    }
    struct expected x = expect_of(b, &plain);
    states[x.state] += x.code == OTAPACK_OK;
    wrong += x.code != OTAPACK_OK;
    for (size_t k = 0; k < COUNT(chunks); k++) {
        hold_to(name, b, &x, chunks[k], true);
        hold_to(name, b, &x, chunks[k], false);
    }
}

static void try_file(const char *name, const uint8_t *bytes, size_t n)
{
    struct bytes b = {n, (uint8_t *)(uintptr_t)bytes};
    if (n > 100000 || n < 4) {
        return;
    }
    if (otapack_le32(bytes) == OTAPACK_BUNDLE_MAGIC) {
        const struct header_parts h = header_parts();
        struct made m = make_matter(&h, bytes, n);
        const struct bytes whole = {m.n, m.bytes};
        try_bundle(name, &whole);
        free(m.bytes);
        return;
    }
    try_bundle(name, &b);
}

TEST(every_file_as_the_parser_has_it)
{
    memset(states, 0, sizeof(states));
    wrong = 0;
    (void)each_file(FIXTURES "/rcp_seal", try_file);
    (void)each_file(FIXTURES "/matter_bundle", try_file);
    assert_true(states[OTAPACK_SEAL_NONE] >= 4);
    assert_int_equal(states[OTAPACK_SEAL_BLANK], 1);
    assert_int_equal(states[OTAPACK_SEAL_HOLDS], 3);
    assert_int_equal(wrong, 2);
}

// Every byte of the bundle up to the end of the seal: those of an image that nobody wants alone go
// by.
TEST(every_byte_of_what_is_sealed)
{
    struct bytes b = load_fixture("rcp_seal/good-bundle-matter.bin");
    assert_int_equal(receive(&r, &b, 0, true, true), OTAPACK_OK);
    assert_int_equal(r.seal.state, OTAPACK_SEAL_HOLDS);
    const uint32_t bundle_at = r.bundle_at, app_at = r.app_at;
    const uint8_t *other = b.at + bundle_at + otapack_bundle_entry_at(1);
    const struct otapack_bundle_entry unwanted = otapack_bundle_entry_decode(other);
    for (uint32_t at = bundle_at; at < app_at + OTAPACK_SEAL_FROM + OTAPACK_SEAL_SIZE; at++) {
        at += at == app_at ? OTAPACK_SEAL_FROM : 0;
        bool of_other =
            at - bundle_at >= unwanted.offset && at - bundle_at < unwanted.offset + unwanted.length;
        b.at[at] ^= 0x10;
        if (receive(&r, &b, 0, true, true) == OTAPACK_OK) {
            fail_msg("byte %u of the file is nobody's", (unsigned)at);
        }
        assert_false(r.finished);
        assert_int_equal(receive(&r, &b, 0, false, true) == OTAPACK_OK, of_other);
        b.at[at] ^= 0x10;
    }
    free(b.at);
}

// The images of one bundle with the application of another.
TEST(the_seal_of_another_bundle)
{
    struct bytes b = load_fixture("rcp_seal/good-bundle-matter.bin");
    assert_int_equal(receive(&r, &b, 0, true, true), OTAPACK_OK);
    uint8_t *bundle = b.at + r.bundle_at;
    struct otapack_bundle_entry other = otapack_bundle_entry_decode(bundle + 8 + 48);
    const struct otapack_hash sha256 = kept_digest(DIGEST_SHA256, 0);
    bundle[other.offset] ^= 1;
    sha256.start(sha256.ctx);
    sha256.update(sha256.ctx, bundle + other.offset, other.length);
    sha256.finish(sha256.ctx, bundle + 8 + 48 + OTAPACK_BUNDLE_SHA256_AT);
    assert_int_equal(receive(&plain, &b, 0, true, false), OTAPACK_OK);
    assert_int_equal(receive(&r, &b, 0, true, true), OTAPACK_MISMATCH);
    assert_string_equal(r.stream.stream.fault.field, "seal");
    free(b.at);
}

// What is no bundle it holds to the seal of a combined image.
TEST(a_combined_image_in_no_bundle)
{
    static const struct {
        const char *name;
        enum otapack_code code;
        enum otapack_seal_state state;
    } files[] = {{"rcp_seal/good-sealed.bin", OTAPACK_OK, OTAPACK_SEAL_HOLDS},
                 {"rcp_seal/bad-rcp-seal.bin", OTAPACK_MISMATCH, OTAPACK_SEAL_NONE},
                 {"rcp_seal/bad-rcp-seal-empty.bin", OTAPACK_OK, OTAPACK_SEAL_BLANK},
                 {"rcp_image/good-with-host.bin", OTAPACK_OK, OTAPACK_SEAL_NONE}};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct bytes b = load_fixture(files[i].name);
        assert_int_equal(receive(&r, &b, 100, true, true), files[i].code);
        assert_int_equal(r.seal.state, files[i].state);
        free(b.at);
    }
}

static void go_on_with(const struct bytes *b, enum otapack_seal_state state)
{
    otapack_bundle_stream_start(&r.stream, &r.hooks);
    assert_int_equal(otapack_bundle_stream_push(&r.stream, b->at, b->n), OTAPACK_OK);
    assert_int_equal(otapack_bundle_stream_finish(&r.stream), OTAPACK_OK);
    assert_int_equal(r.seal.state, state);
}

// A stream that is used again has forgotten what was there before.
TEST(one_file_after_the_other)
{
    struct bytes good = load_fixture("rcp_seal/good-bundle-matter.bin"),
                 none = load_fixture("matter_bundle/in-matter-rcp.bin");
    assert_int_equal(receive(&r, &good, 100, true, true), OTAPACK_OK);
    assert_int_equal(r.seal.state, OTAPACK_SEAL_HOLDS);
    go_on_with(&none, OTAPACK_SEAL_NONE);
    free(none.at);
    // What comes behind a bundle may be none.
    static const struct {
        const char *name;
        enum otapack_seal_state state;
    } files[] = {{"esp_image/good-app-esp32s3.bin", OTAPACK_SEAL_NONE},
                 {"rcp_image/good-with-host.bin", OTAPACK_SEAL_NONE},
                 {"rcp_seal/good-sealed.bin", OTAPACK_SEAL_HOLDS},
                 {"rcp_seal/host.bin", OTAPACK_SEAL_NONE}};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct bytes b = load_fixture(files[i].name);
        go_on_with(&good, OTAPACK_SEAL_HOLDS);
        go_on_with(&b, files[i].state);
        free(b.at);
    }
    free(good.at);
}

UNIT(stream_bundle_seal)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_as_the_parser_has_it),
        cmocka_unit_test(every_byte_of_what_is_sealed),
        cmocka_unit_test(the_seal_of_another_bundle),
        cmocka_unit_test(a_combined_image_in_no_bundle),
        cmocka_unit_test(one_file_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
