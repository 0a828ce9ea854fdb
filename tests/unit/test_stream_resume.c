// SPDX-License-Identifier: Apache-2.0
//
// A file that is cut off, at every byte, and gone on with as otapack/stream.h says: what is in
// flash goes through a new stream whose `on` writes nothing of it, the rest comes from where that
// is.
#include "stream_build.h"
#include "stream_files.h"

// A device. Its flash has each part where it stands in the file, and what is kept in front of them.
static struct {
    struct bytes file;
    uint8_t *flash;
    size_t have;  // bytes that are there, from the first on
    size_t first; // where the first part begins that is told after all
    bool finished;
    struct hashes hashes;
    bool over;
    struct otapack_stream stream;
    struct otapack_stream_hooks hooks;
} device;

static bool write_flash(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    device.finished |= e->type == OTAPACK_EVENT_FINISHED;
    if (e->type == OTAPACK_EVENT_FIELD && e->field == OTAPACK_MATTER_IMAGE_DIGEST_TYPE &&
        device.hooks.hash[OTAPACK_HASH_IMAGE] != NULL) {
        hashes_set(&device.hashes, OTAPACK_HASH_PAYLOAD, payload_digest(e->value), &device.over);
        device.hooks.hash[OTAPACK_HASH_PAYLOAD] = &device.hashes.watched[OTAPACK_HASH_PAYLOAD].hash;
    }
    if (e->type == OTAPACK_EVENT_DATA) {
        size_t skip = device.have > e->at ? device.have - e->at : 0;
        device.first = e->at < device.first ? e->at : device.first;
        skip = skip < e->size ? skip : e->size;
        assert_memory_equal(device.flash + e->at, e->bytes, skip);
        memcpy(device.flash + e->at + skip, e->bytes + skip, e->size - skip);
    }
    return true;
}

static void start(bool with_hashes)
{
    memset(&device.hooks, 0, sizeof(device.hooks));
    device.hooks.on = write_flash;
    hashes_start(&device.hashes, &device.over);
    for (unsigned use = 0; with_hashes && use < OTAPACK_HASH_COUNT; use++) {
        device.hooks.hash[use] =
            use == OTAPACK_HASH_PAYLOAD ? NULL : &device.hashes.watched[use].hash;
    }
    device.finished = false;
    device.first = device.file.n;
    otapack_stream_start(&device.stream, &device.hooks);
    assert_int_equal(otapack_stream_announce(&device.stream, device.file.n), OTAPACK_OK);
}

// The parts' bytes that a stream has told once it has taken `cut` of the file; 0: none, and then
// what is in front of them is not kept either.
static size_t *told_at_each_cut(void)
{
    size_t *told = (size_t *)calloc(device.file.n + 1, sizeof(*told)), last = 0;
    assert_non_null(told);
    device.have = 0;
    start(false);
    for (size_t at = 0; at < device.file.n; at++) {
        assert_int_equal(otapack_stream_push(&device.stream, device.file.at + at, 1), OTAPACK_OK);
        const struct otapack_event *e = &device.stream.event;
        last = e->type == OTAPACK_EVENT_DATA ? e->at + e->size : last;
        told[at + 1] = last;
    }
    return told;
}

// Of `have` bytes in flash the first `again` are pushed once more.
static void go_on(size_t have, size_t again, bool with_hashes)
{
    memset(device.flash, 0xFF, device.file.n);
    memcpy(device.flash, device.file.at, have);
    device.have = have;
    start(with_hashes);
    assert_int_equal(otapack_stream_push(&device.stream, device.flash, again), OTAPACK_OK);
    size_t at = otapack_stream_at(&device.stream);
    assert_int_equal(at, again);
    assert_int_equal(otapack_stream_push(&device.stream, device.file.at + at, device.file.n - at),
                     OTAPACK_OK);
    assert_int_equal(otapack_stream_finish(&device.stream), OTAPACK_OK);
    assert_true(device.finished);
    have = device.first > have ? device.first : have; // a header is no part
    assert_memory_equal(device.flash + have, device.file.at + have, device.file.n - have);
    assert_int_equal(hashes_misused(&device.hashes), 0);
}

static void at_every_cut(const char *name)
{
    device.file = load_fixture(name);
    device.flash = (uint8_t *)malloc(device.file.n);
    assert_non_null(device.flash);
    size_t *told = told_at_each_cut(), tried = SIZE_MAX;
    for (size_t cut = 0; cut <= device.file.n; cut++) {
        size_t have = told[cut];
        if (have == tried) {
            continue; // the same flash as before
        }
        tried = have;
        bool with_hashes = is_long() || cut % 61 == 0;
        go_on(have, have, with_hashes);
        if (with_hashes) {
            go_on(have, have & ~(size_t)4095, true); // whole sectors
            go_on(have, have / 2, true);
        }
    }
    free(told);
    free(device.flash);
    free(device.file.at);
}

TEST(an_app)
{
    at_every_cut("esp_image/good-app-esp32c6.bin");
}

TEST(a_signed_app)
{
    at_every_cut("secure_boot/good-ecdsa-p256-x2.bin");
}

TEST(a_combined_image)
{
    at_every_cut("rcp_image/good-with-host.bin");
}

TEST(a_matter_image_around_one)
{
    at_every_cut("matter/good-rcp.bin");
}

// What is in flash need not be what was written: it is looked at again as if it came.
TEST(flash_that_is_damaged_is_found)
{
    device.file = load_fixture("esp_image/good-app-esp32c6.bin");
    device.flash = (uint8_t *)malloc(device.file.n);
    assert_non_null(device.flash);
    size_t have = device.have = 400;
    memcpy(device.flash, device.file.at, have);
    device.flash[300] ^= 1;
    start(true);
    assert_int_equal(otapack_stream_push(&device.stream, device.flash, have), OTAPACK_OK);
    assert_int_equal(
        otapack_stream_push(&device.stream, device.file.at + have, device.file.n - have),
        OTAPACK_MISMATCH);
    free(device.flash);
    free(device.file.at);
}

UNIT(stream_resume)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_app),
        cmocka_unit_test(a_signed_app),
        cmocka_unit_test(a_combined_image),
        cmocka_unit_test(a_matter_image_around_one),
        cmocka_unit_test(flash_that_is_damaged_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
