// SPDX-License-Identifier: Apache-2.0
//
// The seal of a radio's firmware, compared while it arrives: of every fixture, in pieces of any
// size, what rcp_seal.h says of the whole file; a wrong one before a byte behind it is told.
#include "stream_build.h"
#include "stream_files.h"

#include <otapack/stream_seal.h>

enum { NO_SEAL = 77 };

struct receiver {
    struct otapack_stream stream;
    struct otapack_seal seal;
    struct otapack_stream_hooks hooks;
    bool wants_seal, any_app, finished;
    unsigned errors;
    uint32_t host_told; // bytes of the host
    uint32_t host_at;
};

static bool on(void *ctx, const struct otapack_event *e)
{
    struct receiver *r = ctx;
    if (e->part == OTAPACK_RCP_HOST && e->type == OTAPACK_EVENT_BEGIN) {
        r->host_at = e->at;
    }
    if (e->part == OTAPACK_RCP_HOST && e->type == OTAPACK_EVENT_DATA) {
        r->host_told = e->offset + e->size;
    }
    r->errors += e->type == OTAPACK_EVENT_ERROR;
    r->finished |= e->type == OTAPACK_EVENT_FINISHED;
    if (r->wants_seal && e->type == OTAPACK_EVENT_END && e->part == OTAPACK_PART_COMBINED) {
        return r->seal.state == OTAPACK_SEAL_HOLDS || otapack_stream_refuse(&r->stream, NO_SEAL);
    }
    return true;
}

// Pieces of so many bytes; 0: all at once.
static enum otapack_code receive(struct receiver *r, const struct bytes *b, size_t chunk,
                                 bool wants_seal, bool observed)
{
    static struct otapack_hash sha256; // which outlives the stream
    sha256 = kept_digest(DIGEST_SHA256, 0);
    *r = (struct receiver){.wants_seal = wants_seal, .any_app = r->any_app};
    r->hooks.ctx = r;
    r->hooks.on = on;
    if (observed) {
        otapack_seal_watch(&r->seal, &r->stream, &r->hooks, &sha256);
    }
    otapack_stream_start(&r->stream, &r->hooks);
    if (r->any_app) {
        otapack_stream_take_any_app(&r->stream);
    }
    (void)otapack_stream_announce(&r->stream, b->n);
    for (size_t at = 0; at < b->n; at += chunk) {
        chunk = chunk == 0 ? b->n : chunk;
        if (otapack_stream_push(&r->stream, b->at + at, b->n - at < chunk ? b->n - at : chunk) !=
            OTAPACK_OK) {
            break;
        }
    }
    return otapack_stream_finish(&r->stream);
}

// ---- Against the parser -------------------------------------------------------------------------

struct expected {
    enum otapack_code code;
    enum otapack_seal_state state;
    uint32_t at; // of the seal in the host
};

// Of a file that a stream takes, with its host at this offset; what is before it may be in a Matter
// image.
static struct expected expect_of(const struct bytes *b, uint32_t begin, uint32_t host_at)
{
    const struct otapack_hash sha256 = kept_digest(DIGEST_SHA256, 0);
    struct otapack_source file = otapack_memory(b->at, b->n);
    struct otapack_source image = otapack_part(&file, begin, b->n),
                          host = otapack_part(&file, host_at, b->n);
    struct otapack_rcp_seal seal = {.at = 0};
    uint8_t buffer[100];
    struct expected x = {OTAPACK_OK, OTAPACK_SEAL_NONE, 0};
    if (host_at == 0 || otapack_rcp_seal_find(&host, &seal).code != OTAPACK_OK) {
        return x;
    }
    x.at = seal.at;
    if (otapack_rcp_seal_judge(&seal).code == OTAPACK_OK && seal.kind != OTAPACK_SEAL_RCP) {
        return x; // it is of something else
    }
    x.state = OTAPACK_SEAL_BLANK;
    if (!otapack_rcp_seal_is_empty(&seal)) {
        enum otapack_code code =
            otapack_rcp_seal_check(&seal, &image, &sha256, buffer, sizeof(buffer)).code;
        bool unknown = otapack_rcp_seal_judge(&seal).code != OTAPACK_OK;
        x.state = code == OTAPACK_OK ? OTAPACK_SEAL_HOLDS : OTAPACK_SEAL_NONE;
        x.code = code == OTAPACK_OK ? OTAPACK_OK : unknown ? OTAPACK_FORBIDDEN : OTAPACK_MISMATCH;
    }
    return x;
}

static struct receiver plain, r;
static unsigned states[3], wrong;

static void hold_to(const char *name, const struct bytes *b, const struct expected *x, size_t chunk)
{
    enum otapack_code code = receive(&r, b, chunk, false, true);
    if (code != x->code || (code == OTAPACK_OK && r.seal.state != x->state)) {
        fail_msg("%s, pieces of %zu: %d and %d, not %d and %d", name, chunk, code, r.seal.state,
                 x->code, x->state);
    }
    assert_int_equal(r.finished, code == OTAPACK_OK);
    if (code != OTAPACK_OK) {
        assert_int_equal(r.errors, 1);
        assert_string_equal(r.stream.fault.field, "seal");
        assert_int_equal(r.stream.fault.at, r.host_at + x->at);
        assert_true(r.host_told < x->at + OTAPACK_SEAL_SIZE);
    }
    code = receive(&r, b, chunk, true, true);
    bool combined = plain.stream.seen != 0, sealed = x->state == OTAPACK_SEAL_HOLDS;
    assert_int_equal(code == OTAPACK_OK, x->code == OTAPACK_OK && (!combined || sealed));
    assert_int_equal(otapack_stream_reason(&r.stream), code == OTAPACK_REFUSED ? NO_SEAL : 0);
}

static void try_file(const char *name, const uint8_t *bytes, size_t n)
{
    static const size_t chunks[] = {0, 1, 7, 64, 500};
    struct bytes b = {n, (uint8_t *)(uintptr_t)bytes};
    if (n > 100000 || receive(&plain, &b, 0, false, false) != OTAPACK_OK) {
        return; // how streams refuse, others look at
    }
    uint32_t begin = 0;
    while (plain.host_at != 0 && otapack_le32(bytes + begin) != OTAPACK_RCP_TABLE) {
        begin++; // behind a Matter header
    }
    struct expected x = expect_of(&b, begin, plain.host_at);
    states[x.state] += x.code == OTAPACK_OK;
    wrong += x.code != OTAPACK_OK;
    for (size_t k = 0; k < COUNT(chunks); k++) {
        hold_to(name, &b, &x, chunks[k]);
    }
}

TEST(every_file_as_the_parser_has_it)
{
    memset(states, 0, sizeof(states));
    wrong = 0;
    (void)each_file(FIXTURES "/rcp_seal", try_file);
    (void)each_file(FIXTURES "/rcp_image", try_file);
    (void)each_file(FIXTURES "/esp_image", try_file);
    (void)each_file(FIXTURES "/matter", try_file);
    assert_true(states[OTAPACK_SEAL_NONE] > 20);
    assert_int_equal(states[OTAPACK_SEAL_BLANK], 1);
    assert_int_equal(states[OTAPACK_SEAL_HOLDS], 4);
    assert_int_equal(wrong, 6);
}

// ---- Where it may lie ---------------------------------------------------------------------------

// The host of a sealed image with what lies behind its description moved, and its checksum as it
// was: a rotation of the bytes of a segment keeps their XOR.
static void rotate(uint8_t *host, uint32_t by)
{
    uint8_t moved[OTAPACK_SEAL_ROOM] = {0};
    uint32_t size = otapack_le32(host + 28) - OTAPACK_APP_DESC_SIZE;
    size = size < sizeof(moved) ? size : (uint32_t)sizeof(moved);
    for (uint32_t i = 0; i < size; i++) {
        moved[(i + by) % size] = host[OTAPACK_SEAL_FROM + i];
    }
    memcpy(host + OTAPACK_SEAL_FROM, moved, size);
}

TEST(wherever_the_seal_lies)
{
    struct bytes b = load_fixture("rcp_seal/good-sealed-fields.bin");
    unsigned holds = 0;
    for (uint32_t by = 0; by < 100; by++) {
        (void)receive(&plain, &b, 0, false, false);
        struct expected x = expect_of(&b, 0, plain.host_at);
        holds += x.state == OTAPACK_SEAL_HOLDS;
        // Without a hash of the image, which is another one now.
        hold_to("rotated", &b, &x, 1 + by);
        rotate(b.at + plain.host_at, 1);
    }
    assert_in_range(holds, 4, 30);
    free(b.at);
}

// A stream can be told to take such apps: two bits that are others keep the checksum.
TEST(an_app_without_a_description_has_no_seal)
{
    struct bytes b = load_fixture("rcp_seal/good-sealed.bin");
    plain.any_app = r.any_app = true;
    for (unsigned at = 0; at < 4; at++) {
        assert_int_equal(receive(&plain, &b, 0, true, true), OTAPACK_OK);
        uint8_t *desc = b.at + plain.host_at + OTAPACK_APP_DESC_AT;
        desc[at] ^= 1;
        desc[8] ^= 1;
        struct expected x = expect_of(&b, 0, plain.host_at);
        assert_int_equal(x.state, OTAPACK_SEAL_NONE);
        hold_to("no description", &b, &x, 1 + at);
        desc[at] ^= 1;
        desc[8] ^= 1;
    }
    plain.any_app = r.any_app = false;
    free(b.at);
}

// Every byte that is sealed, and every one of the seal.
TEST(every_byte_of_what_is_sealed)
{
    struct bytes b = load_fixture("rcp_seal/good-sealed.bin");
    assert_int_equal(receive(&plain, &b, 0, true, true), OTAPACK_OK);
    const uint32_t host_at = plain.host_at;
    for (uint32_t at = 0; at < host_at + OTAPACK_SEAL_FROM + OTAPACK_SEAL_SIZE; at++) {
        if (at == host_at) {
            at += OTAPACK_SEAL_FROM;
        }
        b.at[at] ^= 0x10;
        assert_int_not_equal(receive(&r, &b, 0, true, true), OTAPACK_OK);
        assert_false(r.finished);
        b.at[at] ^= 0x10;
    }
    free(b.at);
}

// What is sealed counts from where the combined image begins.
TEST(in_a_matter_image)
{
    struct bytes good = load_fixture("rcp_seal/good-sealed.bin"),
                 bad = load_fixture("rcp_seal/bad-rcp-seal.bin");
    const struct header_parts h = header_parts();
    struct made m = make_matter(&h, good.at, good.n), w = make_matter(&h, bad.at, bad.n);
    struct bytes whole = {m.n, m.bytes}, damaged = {w.n, w.bytes};
    assert_int_equal(receive(&r, &whole, 100, true, true), OTAPACK_OK);
    assert_int_equal(receive(&r, &damaged, 100, false, true), OTAPACK_MISMATCH);
    assert_string_equal(r.stream.fault.field, "seal");
    free(m.bytes);
    free(w.bytes);
    free(good.at);
    free(bad.at);
}

// A stream that is used again has forgotten what was there before.
TEST(one_file_after_the_other)
{
    struct bytes good = load_fixture("rcp_seal/good-sealed.bin"),
                 none = load_fixture("rcp_image/good-with-host.bin");
    assert_int_equal(receive(&r, &good, 100, true, true), OTAPACK_OK);
    struct otapack_seal seal = r.seal;
    otapack_stream_start(&r.stream, &r.hooks);
    assert_int_equal(seal.state, OTAPACK_SEAL_HOLDS);
    assert_int_equal(otapack_stream_push(&r.stream, none.at, none.n), OTAPACK_REFUSED);
    assert_int_equal(otapack_stream_reason(&r.stream), NO_SEAL);
    assert_int_equal(r.seal.state, OTAPACK_SEAL_NONE);
    // Nor has an app alone the state of what came before it.
    struct bytes app = load_fixture("rcp_seal/host.bin");
    assert_int_equal(receive(&r, &good, 100, true, true), OTAPACK_OK);
    otapack_stream_start(&r.stream, &r.hooks);
    assert_int_equal(otapack_stream_push(&r.stream, app.at, app.n), OTAPACK_OK);
    assert_int_equal(otapack_stream_finish(&r.stream), OTAPACK_OK);
    assert_int_equal(r.seal.state, OTAPACK_SEAL_NONE);
    free(app.at);
    free(good.at);
    free(none.at);
}

UNIT(stream_seal)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_as_the_parser_has_it),
        cmocka_unit_test(wherever_the_seal_lies),
        cmocka_unit_test(an_app_without_a_description_has_no_seal),
        cmocka_unit_test(every_byte_of_what_is_sealed),
        cmocka_unit_test(in_a_matter_image),
        cmocka_unit_test(one_file_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
