// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp8266_signature.h: lengths at the end of a file, of every size around the limits, and
// what the Arduino core's own tool signed.
#include "unit.h"

#include <otapack/esp8266_signature.h>

enum { MOST = 600 };

// `n` bytes of which the last four say `length`.
static const uint8_t *ending(uint32_t length, size_t n)
{
    static uint8_t bytes[MOST];
    memset(bytes, 0x5A, sizeof(bytes));
    otapack_put_le32(bytes + n - 4, length);
    return bytes;
}

static struct otapack_status read_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_esp8266_signature *sig)
{
    struct otapack_source src = otapack_memory(bytes, n);
    memset(sig, 0xA5, sizeof(*sig));
    return otapack_esp8266_signature_read(&src, sig);
}

// Five bytes, a signature of 64, its length.
TEST(golden)
{
    uint8_t bytes[5 + 64 + 4] = {'i', 'm', 'a', 'g', 'e', [5] = 0x80, [68] = 0x01, 0x40, 0, 0, 0};
    struct otapack_esp8266_signature sig;
    assert_good(read_bytes(bytes, sizeof(bytes), &sig));
    assert_int_equal(sig.at, 5);
    assert_int_equal(sig.size, 64);
    assert_int_equal(bytes[sig.at], 0x80);
    assert_int_equal(bytes[sig.at + sig.size - 1], 0x01);
}

TEST(lengths)
{
    for (uint32_t length = 0; length < MOST; length++) {
        struct otapack_esp8266_signature sig;
        struct otapack_status s = read_bytes(ending(length, 590), 590, &sig);
        if (length < 64 || length > 512) {
            assert_status(s, OTAPACK_FORBIDDEN, "length", 586);
            assert_int_equal(s.value, length);
            assert_int_equal(s.limit, 512);
            assert_int_equal(sig.at, 0);
            assert_int_equal(sig.size, 0);
        } else {
            assert_good(s);
            assert_int_equal(sig.at, 586 - length);
            assert_int_equal(sig.size, length);
        }
    }
}

TEST(lengths_with_high_bytes)
{
    static const uint32_t lengths[] = {0x10000100, 0x01000100, 0x00010100, 0x00004000,
                                       0x00000100, 0x80000000, 0xFFFFFFFF};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct otapack_esp8266_signature sig;
        struct otapack_status s = read_bytes(ending(lengths[i], MOST), MOST, &sig);
        assert_int_equal(s.code, lengths[i] == 256 ? OTAPACK_OK : OTAPACK_FORBIDDEN);
    }
}

// The whole file is the signature, or there is a byte less than that.
TEST(files_as_short_as_that)
{
    static const uint32_t lengths[] = {64, 128, 256, 512};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct otapack_esp8266_signature sig;
        size_t n = lengths[i] + 4;
        assert_good(read_bytes(ending(lengths[i], n), n, &sig));
        assert_int_equal(sig.at, 0);
        assert_int_equal(sig.size, lengths[i]);
        struct otapack_status s = read_bytes(ending(lengths[i], n - 1), n - 1, &sig);
        assert_status(s, OTAPACK_FORBIDDEN, "length", n - 5);
        assert_int_equal(s.value, lengths[i]);
        assert_int_equal(sig.size, 0);
    }
}

TEST(no_room_for_a_length)
{
    for (size_t n = 0; n < 4; n++) {
        struct otapack_esp8266_signature sig;
        struct otapack_status s = read_bytes((const uint8_t *)"\x40\0\0", n, &sig);
        assert_status(s, OTAPACK_TRUNCATED, "length", 0);
        assert_int_equal(s.value, 4);
        assert_int_equal(s.limit, n);
        assert_int_equal(sig.at, 0);
        assert_int_equal(sig.size, 0);
    }
}

TEST(a_read_that_fails)
{
    struct otapack_esp8266_signature sig = {7, 7};
    struct reading r = reading_of(ending(256, MOST), MOST);
    struct otapack_source src = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_esp8266_signature_read(&src, &sig), OTAPACK_READ_FAILED, "length",
                  MOST - 4);
    assert_int_equal(sig.at, 0);
    assert_int_equal(sig.size, 0);
    src = reading_source(&r);
    r.fail_at = 2;
    assert_good(otapack_esp8266_signature_read(&src, &sig));
    assert_int_equal(r.reads, 1);
    assert_int_equal(r.last_at, MOST - 4);
}

// Behind 4 GiB, and in a part of a source, whose end counts.
TEST(far_and_in_part)
{
    uint8_t length[4] = {0};
    struct otapack_esp8266_signature sig;
    struct reading r = {.bytes = length, .fill = 0, .size = UINT64_C(0x200000000)};
    struct otapack_source src = reading_source(&r);
    assert_status(otapack_esp8266_signature_read(&src, &sig), OTAPACK_FORBIDDEN, "length",
                  UINT64_C(0x1FFFFFFFC));
    assert_int_equal(r.last_at, UINT64_C(0x1FFFFFFFC));
    struct otapack_source all = otapack_memory(ending(64, 100), MOST);
    struct otapack_source part = otapack_part(&all, 10, 90);
    assert_good(otapack_esp8266_signature_read(&part, &sig));
    assert_int_equal(sig.at, 90 - 4 - 64);
}

static size_t load_vector(const char *name, uint8_t *to, size_t room)
{
    char path[4096];
    const char *vectors = getenv("OTAPACK_VECTORS");
    (void)snprintf(path, sizeof(path), "%s/esp8266/%s", vectors == NULL ? "" : vectors, name);
    FILE *f = vectors == NULL ? NULL : fopen(path, "rb");
    size_t n = f == NULL ? 0 : fread(to, 1, room, f);
    return f != NULL && fclose(f) == 0 ? n : 0;
}

TEST(what_the_core_signed)
{
    static const char *const names[][2] = {{"sketch.bin", "sketch.bin.signed"},
                                           {"sketch.bin", "sketch.bin.legacy_sig"},
                                           {"sketch.bin.gz", "sketch.bin.gz.signed"}};
    static uint8_t image[1 << 20], bytes[1 << 20];
    for (size_t i = 0; i < COUNT(names); i++) {
        struct otapack_esp8266_signature sig;
        size_t covered = load_vector(names[i][0], image, sizeof(image));
        size_t n = load_vector(names[i][1], bytes, sizeof(bytes));
        if (n == 0) {
            printf("skipped: no real firmware: OTAPACK_VECTORS is not set, or has no sketch\n");
            skip();
        }
        assert_good(read_bytes(bytes, n, &sig));
        assert_int_equal(sig.at, covered);
        assert_int_equal(sig.size, 256);
        assert_memory_equal(bytes, image, covered);
    }
}

UNIT(esp8266_signature)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(lengths),
        cmocka_unit_test(lengths_with_high_bytes),
        cmocka_unit_test(files_as_short_as_that),
        cmocka_unit_test(no_room_for_a_length),
        cmocka_unit_test(a_read_that_fails),
        cmocka_unit_test(far_and_in_part),
        cmocka_unit_test(what_the_core_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
