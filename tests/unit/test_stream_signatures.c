// SPDX-License-Identifier: Apache-2.0
//
// The signatures behind an image, as they are told while it arrives: which blocks, of which key,
// over which digest. That each is what the file has is a promise of stream_run.h; here is how many
// there are, when there are none, and that a file is told as it is without them.
#include "stream_build.h"
#include "stream_files.h"

static struct run run, plain;

static const size_t chunks[] = {0, 1, 7, 53, 1216, 4096};

static void run_signed(const struct bytes *b, struct how how)
{
    how.announced = b->n;
    how.signatures = true;
    run_stream(&run, b->at, b->n, &how);
    if (run.broken != NULL) {
        told_print(run.broken, &run.list, run.outcome);
        fail_msg("%s", run.broken);
    }
}

// ---- How many -----------------------------------------------------------------------------------

static const struct {
    const char *file;
    uint32_t blocks;
    enum otapack_sb_scheme scheme;
} signed_files[] = {
    {"secure_boot/good-rsa3072.bin", 1, OTAPACK_SB_RSA3072},
    {"secure_boot/good-rsa3072-x3.bin", 3, OTAPACK_SB_RSA3072},
    {"secure_boot/good-esp32-rsa3072.bin", 1, OTAPACK_SB_RSA3072},
    {"secure_boot/good-ecdsa-p192.bin", 1, OTAPACK_SB_P192},
    {"secure_boot/good-ecdsa-p256.bin", 1, OTAPACK_SB_P256},
    {"secure_boot/good-ecdsa-p256-x2.bin", 2, OTAPACK_SB_P256},
    {"secure_boot/good-ecdsa-p384.bin", 1, OTAPACK_SB_P384},
    {"secure_boot/good-v1.bin", 0, OTAPACK_SB_RSA3072},
    {"esp_image/good-app-esp32c6.bin", 0, OTAPACK_SB_RSA3072},
    {"rcp_image/good-with-host.bin", 0, OTAPACK_SB_RSA3072},
    {"rcp_image/good-with-signed-host.bin", 1, OTAPACK_SB_RSA3072},
};

TEST(each_block_is_told_in_whatever_pieces)
{
    for (size_t i = 0; i < COUNT(signed_files); i++) {
        struct bytes b = load_fixture(signed_files[i].file);
        for (size_t k = 0; k < 2 * COUNT(chunks); k++) {
            struct how how = {.chunk = chunks[k / 2], .hashes = ALL_HASHES};
            how.unannounced = k % 2 == 1;
            run_signed(&b, how);
            assert_int_equal(run.outcome.code, OTAPACK_OK);
            assert_int_equal(run.blocks, signed_files[i].blocks);
            if (run.blocks > 0) {
                assert_int_equal(run.scheme, signed_files[i].scheme);
            }
        }
        free(b.at);
    }
}

// Blocks that are damaged, but not so that the stream refuses them: those before are told.
TEST(none_is_told_that_the_stream_refuses)
{
    static const struct {
        const char *file;
        uint32_t blocks;
    } rows[] = {
        {"secure_boot/bad-sig-crc.bin", 0},
        {"secure_boot/bad-sig-digest.bin", 0},
        {"secure_boot/bad-sig-digest-p384.bin", 0},
        {"secure_boot/bad-sig-block-first.bin", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bytes b = load_fixture(rows[i].file);
        run_signed(&b, (struct how){.hashes = ALL_HASHES});
        assert_int_not_equal(run.outcome.code, OTAPACK_OK);
        assert_int_equal(run.blocks, rows[i].blocks);
        free(b.at);
    }
}

// ---- Without a hash -----------------------------------------------------------------------------

TEST(without_a_hash_none_is_told)
{
    struct bytes b = load_fixture("secure_boot/good-rsa3072.bin");
    struct how how = {.hashes = ALL_HASHES & ~HASH_BIT(OTAPACK_HASH_SIGNED)};
    run_signed(&b, how);
    assert_int_equal(run.outcome.code, OTAPACK_OK);
    assert_int_equal(run.blocks, 0);
    free(b.at);
    b = load_fixture("secure_boot/good-ecdsa-p384.bin");
    run_signed(&b, (struct how){.hashes = ALL_HASHES, .no_sha384 = true});
    assert_int_equal(run.outcome.code, OTAPACK_OK);
    assert_int_equal(run.blocks, 0);
    free(b.at);
}

// ---- P-384 --------------------------------------------------------------------------------------

static bool last_end_is_checked(void)
{
    const struct told *end = &run.list.told[run.list.n - 2]; // FINISHED is behind it
    assert_int_equal(end->type, OTAPACK_EVENT_END);
    return end->checked;
}

// A digest of SHA-384 is compared only with the hash that an observer brings.
TEST(the_digest_of_a_block_for_p384)
{
    struct bytes b = load_fixture("secure_boot/bad-sig-digest-p384.bin");
    for (size_t k = 0; k < COUNT(chunks); k++) {
        struct how how = {.chunk = chunks[k], .hashes = ALL_HASHES};
        run_signed(&b, how);
        assert_int_equal(run.outcome.code, OTAPACK_MISMATCH);
        assert_string_equal(run.outcome.field, "signed_digest");
        assert_int_equal(b.at[run.outcome.at - OTAPACK_SB_DIGEST_AT], OTAPACK_SB_MAGIC);
        how.no_sha384 = true;
        run_signed(&b, how);
        assert_int_equal(run.outcome.code, OTAPACK_OK);
    }
    free(b.at);
}

// Of an image without a hash of its own it is what `checked` speaks of.
TEST(what_checked_means_for_p384)
{
    struct made m = make_app(&(struct image_parts){.chip = H2, .no_hash = true});
    put_fill(&m, 0xFF, (size_t)otapack_sb_sector_at(m.n) - m.n);
    uint8_t digest[48], raw[OTAPACK_SB_BLOCK_SIZE];
    static const uint8_t numbers[96] = {1};
    struct otapack_hash sha384 = kept_digest(DIGEST_SHA384, 1);
    sha384.start(sha384.ctx);
    sha384.update(sha384.ctx, m.bytes, m.n);
    sha384.finish(sha384.ctx, digest);
    otapack_sb_block_write(&(struct otapack_sb_parts){OTAPACK_SB_P384, digest, numbers, 0, numbers},
                           raw);
    put(&m, raw, sizeof(raw));
    put_fill(&m, 0xFF, OTAPACK_SB_SECTOR_SIZE - sizeof(raw));
    struct bytes b = {m.n, m.bytes};
    run_signed(&b, (struct how){.hashes = ALL_HASHES});
    assert_int_equal(run.blocks, 1);
    assert_true(last_end_is_checked());
    run_signed(&b, (struct how){.hashes = ALL_HASHES, .no_sha384 = true});
    assert_false(last_end_is_checked());
    free(m.bytes);
}

// ---- Otherwise nothing changes ------------------------------------------------------------------

static void same_without(const char *name, const uint8_t *bytes, size_t n)
{
    static const uint32_t hashes[] = {ALL_HASHES, 0};
    for (size_t i = 0; i < COUNT(hashes); i++) {
        struct how how = {.announced = n, .chunk = 100, .hashes = hashes[i], .no_sha384 = true};
        run_stream(&plain, bytes, n, &how);
        how.signatures = true;
        run_stream(&run, bytes, n, &how);
        if (run.broken != NULL || !told_all_same(&run.list, &plain.list) ||
            !outcome_same(run.outcome, plain.outcome)) {
            complain(name, &how, run.broken == NULL ? "it is told otherwise" : run.broken);
            fail();
        }
    }
}

TEST(all_else_is_told_as_without)
{
    char name[NAME_ROOM];
    static const char *const folders[] = {"secure_boot", "rcp_image", "esp_image"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        (void)snprintf(name, sizeof(name), "%s/%s", FIXTURES, folders[i]);
        assert_true(each_file(name, same_without) > 20);
    }
}

// ---- Refusals -----------------------------------------------------------------------------------

static struct {
    struct otapack_stream stream;
    struct otapack_stream_hooks hooks;
    struct otapack_signatures signatures;
    struct otapack_stream_link before, behind; // of observers in front of it, and behind it
    unsigned seen[2][OTAPACK_EVENT_SIGNATURE + 1], told[OTAPACK_EVENT_SIGNATURE + 1];
    enum otapack_event_type refused;
    int32_t reason;
} chain;

static bool chain_before(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    chain.seen[0][e->type]++;
    return otapack_stream_tell_on(&chain.before, e);
}

static bool chain_behind(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    chain.seen[1][e->type]++;
    return otapack_stream_tell_on(&chain.behind, e);
}

static bool chain_on(void *ctx, const struct otapack_event *e)
{
    assert_ptr_equal(ctx, &chain);
    chain.told[e->type]++;
    if (e->type == OTAPACK_EVENT_ERROR) {
        assert_int_equal(otapack_stream_reason(&chain.stream), chain.reason);
        assert_true(chain.reason == 0 || (e->has_reason && e->value == (uint32_t)chain.reason));
    }
    if (e->type != chain.refused || chain.reason == 0) {
        return e->type != chain.refused;
    }
    return otapack_stream_refuse(&chain.stream, chain.reason);
}

static void chain_start(enum otapack_event_type refused, int32_t reason)
{
    static struct otapack_hash sha256;
    sha256 = kept_digest(DIGEST_SHA256, 1);
    memset(&chain, 0, sizeof(chain));
    chain.refused = refused;
    chain.reason = reason;
    chain.hooks = (struct otapack_stream_hooks){&chain, chain_on, {NULL, NULL, &sha256}};
    otapack_stream_watch(&chain.behind, &chain.stream, &chain.hooks, NULL, chain_behind);
    otapack_signatures_watch(&chain.signatures, &chain.stream, &chain.hooks, NULL);
    otapack_stream_watch(&chain.before, &chain.stream, &chain.hooks, NULL, chain_before);
    otapack_stream_start(&chain.stream, &chain.hooks);
}

// Observers in front of it are told what the stream tells, those behind it of signatures, too.
TEST(observers_stand_in_a_row)
{
    struct bytes b = load_fixture("secure_boot/good-ecdsa-p256-x2.bin");
    chain_start(OTAPACK_EVENT_ERROR, 0);
    assert_int_equal(otapack_stream_push(&chain.stream, b.at, b.n), OTAPACK_OK);
    assert_int_equal(otapack_stream_finish(&chain.stream), OTAPACK_OK);
    assert_int_equal(chain.told[OTAPACK_EVENT_SIGNATURE], 2);
    assert_int_equal(chain.seen[0][OTAPACK_EVENT_SIGNATURE], 0);
    assert_memory_equal(chain.seen[1], chain.told, sizeof(chain.told));
    chain.seen[0][OTAPACK_EVENT_SIGNATURE] = 2;
    assert_memory_equal(chain.seen[0], chain.told, sizeof(chain.told));
    assert_int_equal(otapack_stream_at(&chain.stream), b.n);
    free(b.at);
}

TEST(a_block_may_be_refused_with_a_reason)
{
    static const int32_t reasons[] = {0, 1, -1, INT32_MIN, INT32_MAX};
    struct bytes b = load_fixture("secure_boot/good-ecdsa-p256-x2.bin");
    for (size_t i = 0; i < COUNT(reasons); i++) {
        chain_start(OTAPACK_EVENT_SIGNATURE, reasons[i]);
        assert_int_equal(otapack_stream_reason(&chain.stream), 0);
        assert_int_equal(otapack_stream_push(&chain.stream, b.at, b.n), OTAPACK_REFUSED);
        assert_int_equal(otapack_stream_reason(&chain.stream), reasons[i]);
        assert_int_equal(chain.told[OTAPACK_EVENT_SIGNATURE], 1);
        assert_int_equal(chain.told[OTAPACK_EVENT_ERROR], 1);
    }
    free(b.at);
}

// What `on` says no to is not refused by the block behind it, too.
TEST(data_that_is_refused_is_no_block)
{
    struct bytes b = load_fixture("secure_boot/good-ecdsa-p256.bin");
    chain_start(OTAPACK_EVENT_DATA, 5);
    assert_int_equal(otapack_stream_push(&chain.stream, b.at, b.n), OTAPACK_REFUSED);
    assert_int_equal(chain.told[OTAPACK_EVENT_DATA], 1);
    assert_int_equal(chain.told[OTAPACK_EVENT_SIGNATURE], 0);
    free(b.at);
}

// A reason is that of a refusal, and of nothing else that ends a stream.
TEST(no_reason_is_given_for_what_is_damaged)
{
    struct bytes b = load_fixture("secure_boot/good-ecdsa-p256.bin");
    b.at[300] ^= 1;
    chain_start(OTAPACK_EVENT_SIGNATURE, 0);
    assert_false(otapack_stream_refuse(&chain.stream, 7)); // and nobody says no
    assert_int_equal(otapack_stream_push(&chain.stream, b.at, b.n), OTAPACK_MISMATCH);
    assert_int_equal(chain.told[OTAPACK_EVENT_ERROR], 1);
    free(b.at);
}

// ---- Not from the one before --------------------------------------------------------------------

// A file that ended within a block leaves nothing behind for the next one, even where the hooks are
// not filled anew.
TEST(a_block_is_not_made_of_two_files)
{
    struct bytes b = load_fixture("secure_boot/good-ecdsa-p256.bin");
    struct bytes other = load_fixture("br/demo_br.bin");
    size_t sector = b.n - OTAPACK_SB_SECTOR_SIZE;
    chain_start(OTAPACK_EVENT_ERROR, 0);
    assert_int_equal(otapack_stream_push(&chain.stream, b.at, sector + 600), OTAPACK_OK);
    otapack_stream_start(&chain.stream, &chain.hooks);
    for (size_t i = 0; i < other.n; i++) {
        assert_int_equal(otapack_stream_push(&chain.stream, other.at + i, 1), OTAPACK_OK);
    }
    assert_int_equal(otapack_stream_finish(&chain.stream), OTAPACK_OK);
    assert_int_equal(chain.told[OTAPACK_EVENT_SIGNATURE], 0);
    free(b.at);
    free(other.at);
}

// What no stream tells: a piece that reaches beyond its place.
TEST(a_piece_that_is_too_large_ends_the_sector)
{
    static const uint8_t bytes[OTAPACK_SB_BLOCK_SIZE + 1] = {OTAPACK_SB_MAGIC, 2};
    struct otapack_event e = {.type = OTAPACK_EVENT_DATA, .bytes = bytes, .size = sizeof(bytes)};
    chain_start(OTAPACK_EVENT_ERROR, 0);
    uint8_t digest[OTAPACK_MATTER_MAX_DIGEST];
    const struct otapack_hash *hash = chain.hooks.hash[OTAPACK_HASH_SIGNED];
    hash->start(hash->ctx);
    hash->finish(hash->ctx, digest);
    assert_true(chain.hooks.on(chain.hooks.ctx, &e));
    e.size = OTAPACK_SB_BLOCK_SIZE;
    assert_true(chain.hooks.on(chain.hooks.ctx, &e));
    assert_int_equal(chain.told[OTAPACK_EVENT_SIGNATURE], 0);
    hash->start(hash->ctx);
    hash->finish(hash->ctx, digest);
    assert_true(chain.hooks.on(chain.hooks.ctx, &e));
    assert_int_equal(chain.told[OTAPACK_EVENT_SIGNATURE], 1);
}

UNIT(stream_signatures)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_is_told_in_whatever_pieces),
        cmocka_unit_test(none_is_told_that_the_stream_refuses),
        cmocka_unit_test(without_a_hash_none_is_told),
        cmocka_unit_test(the_digest_of_a_block_for_p384),
        cmocka_unit_test(what_checked_means_for_p384),
        cmocka_unit_test(all_else_is_told_as_without),
        cmocka_unit_test(observers_stand_in_a_row),
        cmocka_unit_test(a_block_may_be_refused_with_a_reason),
        cmocka_unit_test(data_that_is_refused_is_no_block),
        cmocka_unit_test(no_reason_is_given_for_what_is_damaged),
        cmocka_unit_test(a_block_is_not_made_of_two_files),
        cmocka_unit_test(a_piece_that_is_too_large_ends_the_sector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
