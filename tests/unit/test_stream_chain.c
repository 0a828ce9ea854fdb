// SPDX-License-Identifier: Apache-2.0
//
// What stands in front of a stream: an applier of patches that pushes the app that it makes, alone,
// and between two streams, where the patch is an element of a Zigbee file.
#include "container_build.h"
#include "stream_files.h"

#include <otapack/delta.h>

enum { BAD_PATCH = 41, BAD_APP = 42 };

// A device that has an app, and is sent a patch for it.
static struct {
    struct bytes base, patch;
    struct otapack_zigbee_stream outer; // of the Zigbee file
    struct otapack_stream_link link;    // the observer there
    struct otapack_delta_applier applier;
    struct otapack_delta_hooks made;
    struct otapack_stream stream; // of the app that is made
    struct otapack_stream_hooks hooks;
    struct otapack_hash sha256;
    unsigned finished, images;
    size_t written;
} device;

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    device.images += e->type == OTAPACK_EVENT_IMAGE;
    device.finished += e->type == OTAPACK_EVENT_FINISHED;
    device.written += e->type == OTAPACK_EVENT_DATA ? e->size : 0;
    return true;
}

static bool push_on(void *ctx, const uint8_t *bytes, size_t n)
{
    return otapack_stream_push((struct otapack_stream *)ctx, bytes, n) == OTAPACK_OK;
}

static void start(void)
{
    device.sha256 = kept_digest(DIGEST_SHA256, 0);
    device.hooks = (struct otapack_stream_hooks){NULL, on, {&device.sha256}};
    device.made = (struct otapack_delta_hooks){&device.stream, push_on,
                                               otapack_memory(device.base.at, device.base.n), NULL};
    device.finished = device.images = 0;
    device.written = 0;
    otapack_stream_start(&device.stream, &device.hooks);
    otapack_delta_start(&device.applier, &device.made);
}

static void load(void)
{
    device.base = load_fixture("esp_image/good-app-esp32c6.bin");
    device.patch = load_fixture("delta/good-update.bin");
}

static void unload(void)
{
    free(device.base.at);
    free(device.patch.at);
}

// ---- A patch that is the whole file -------------------------------------------------------------

static enum otapack_code push_patch(size_t chunk)
{
    start();
    for (size_t at = 0; at < device.patch.n; at += chunk) {
        size_t n = device.patch.n - at < chunk ? device.patch.n - at : chunk;
        if (otapack_delta_push(&device.applier, device.patch.at + at, n) != OTAPACK_OK) {
            break;
        }
    }
    enum otapack_code made = otapack_delta_finish(&device.applier);
    return made == OTAPACK_OK        ? otapack_stream_finish(&device.stream)
           : made == OTAPACK_REFUSED ? device.stream.fault.code
                                     : made;
}

TEST(an_app_that_a_patch_makes)
{
    static const size_t pieces[] = {1, 7, 100, 4096};
    load();
    for (size_t i = 0; i < COUNT(pieces); i++) {
        assert_int_equal(push_patch(pieces[i]), OTAPACK_OK);
        assert_int_equal(device.finished, 1);
        assert_int_equal(device.written, device.applier.size);
        device.base.at[200] ^= 1; // another app is the base: what is made is damaged
        assert_int_equal(push_patch(pieces[i]), OTAPACK_MISMATCH);
        assert_int_equal(device.finished, 0);
        device.base.at[200] ^= 1;
    }
    device.patch.n--;
    assert_int_equal(push_patch(100), OTAPACK_TRUNCATED);
    assert_int_equal(device.finished, 0);
    unload();
}

// ---- A patch in a Zigbee file -------------------------------------------------------------------

// The observer of the Zigbee file: what the element has is applied, and made whole at its end.
static bool undo(void *ctx, const struct otapack_event *e)
{
    struct otapack_stream *s = &device.outer.stream;
    (void)ctx;
    if (e->part == OTAPACK_PART_ZIGBEE_ELEMENT && e->type == OTAPACK_EVENT_DATA &&
        otapack_delta_push(&device.applier, e->bytes, e->size) != OTAPACK_OK) {
        return otapack_stream_refuse(s,
                                     device.stream.fault.code == OTAPACK_OK ? BAD_PATCH : BAD_APP);
    }
    if (e->part == OTAPACK_PART_ZIGBEE_ELEMENT && e->type == OTAPACK_EVENT_END) {
        if (otapack_delta_finish(&device.applier) != OTAPACK_OK) {
            return otapack_stream_refuse(s, BAD_PATCH);
        }
        if (otapack_stream_finish(&device.stream) != OTAPACK_OK) {
            return otapack_stream_refuse(s, BAD_APP);
        }
    }
    return otapack_stream_tell_on(&device.link, e);
}

static unsigned outer_events;

static bool outer_on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    outer_events += e->type != OTAPACK_EVENT_ERROR;
    return true;
}

static int32_t push_zigbee(size_t chunk)
{
    const struct content element = {0, device.patch.at, device.patch.n};
    struct made m = make_zigbee(0, 0x1011, &element, 1);
    struct otapack_stream_hooks hooks = {NULL, outer_on, {NULL}};
    start();
    outer_events = 0;
    otapack_stream_watch(&device.link, &device.outer.stream, &hooks, NULL, undo);
    otapack_zigbee_stream_start(&device.outer, &hooks);
    for (size_t at = 0; at < m.n; at += chunk) {
        size_t n = m.n - at < chunk ? m.n - at : chunk;
        if (otapack_zigbee_stream_push(&device.outer, m.bytes + at, n) != OTAPACK_OK) {
            break;
        }
    }
    enum otapack_code code = otapack_zigbee_stream_finish(&device.outer);
    free(m.bytes);
    assert_int_equal(code == OTAPACK_OK, device.finished == 1);
    return otapack_stream_reason(&device.outer.stream);
}

TEST(an_app_that_a_patch_in_a_zigbee_file_makes)
{
    static const size_t pieces[] = {1, 13, 4096};
    load();
    for (size_t i = 0; i < COUNT(pieces); i++) {
        assert_int_equal(push_zigbee(pieces[i]), 0);
        assert_int_equal(device.images, 1);
        assert_true(outer_events > 5);
        device.base.at[200] ^= 1;
        assert_int_equal(push_zigbee(pieces[i]), BAD_APP);
        device.base.at[200] ^= 1;
        device.patch.n--;
        assert_int_equal(push_zigbee(pieces[i]), BAD_PATCH);
        device.patch.n++;
    }
    unload();
}

UNIT(stream_chain)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_app_that_a_patch_makes),
        cmocka_unit_test(an_app_that_a_patch_in_a_zigbee_file_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
