// SPDX-License-Identifier: Apache-2.0
//
// otapack/esp_encrypted_img.h: a header typed by hand, read and written; every prefix of it; which
// bytes tell ECIES; lengths just right and not; reads that fail; what the real tool wrote.
#include "unit.h"

#include <otapack/esp_encrypted_img.h>

enum { HEADER = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE, CIPHERTEXT = 37 };

// Where each field begins and ends, by number here and by name in the header.
static const struct field {
    const char *name;
    size_t at, size;
} fields[] = {
    {"magic", 0, 4},  {"wrapped_key", 4, 384}, {"iv", 388, 16},
    {"size", 404, 4}, {"tag", 408, 16},        {"reserved", 424, 88},
};

static void golden(uint8_t bytes[HEADER + CIPHERTEXT])
{
    static const uint8_t magic[] = {0xCF, 0xB6, 0x88, 0x07}, size[] = {CIPHERTEXT, 0, 0, 0};
    for (size_t i = 0; i < HEADER + CIPHERTEXT; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 256 + 1);
    }
    memcpy(bytes, magic, sizeof(magic));
    memcpy(bytes + 404, size, sizeof(size));
}

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n,
                                        struct otapack_esp_encrypted_img *img)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_esp_encrypted_img_open(&src, img);
}

TEST(golden_header)
{
    uint8_t bytes[HEADER + CIPHERTEXT], written[HEADER];
    struct otapack_esp_encrypted_img img;
    golden(bytes);
    assert_good(open_bytes(bytes, sizeof(bytes), &img));
    assert_memory_equal(img.wrapped_key, bytes + 4, 384);
    assert_memory_equal(img.iv, bytes + 388, 16);
    assert_int_equal(img.size, CIPHERTEXT);
    assert_memory_equal(img.tag, bytes + 408, 16);
    assert_memory_equal(img.reserved, bytes + 424, 88);
    assert_int_equal(otapack_esp_encrypted_img_end(&img), sizeof(bytes));
    assert_false(otapack_esp_encrypted_img_is_ecies(&img));
    otapack_esp_encrypted_img_write(&img, written);
    assert_memory_equal(written, bytes, HEADER);
}

TEST(every_prefix)
{
    uint8_t bytes[HEADER + CIPHERTEXT];
    struct otapack_esp_encrypted_img img;
    golden(bytes);
    for (size_t i = 0; i < COUNT(fields); i++) {
        for (size_t n = fields[i].at; n < fields[i].at + fields[i].size; n++) {
            struct otapack_status s = open_bytes(bytes, n, &img);
            assert_status(s, OTAPACK_TRUNCATED, fields[i].name, fields[i].at);
            assert_int_equal(s.value, fields[i].at + fields[i].size);
            assert_int_equal(s.limit, n);
        }
    }
    assert_good(open_bytes(bytes, HEADER, &img));
}

TEST(another_magic)
{
    uint8_t bytes[HEADER + CIPHERTEXT];
    struct otapack_esp_encrypted_img img;
    for (unsigned bit = 0; bit < 32; bit++) {
        golden(bytes);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        struct otapack_status s = open_bytes(bytes, sizeof(bytes), &img);
        assert_status(s, OTAPACK_NOT_THIS, "magic", 0);
        assert_int_equal(s.value, 0x0788B6CFu ^ 1U << bit);
    }
}

TEST(which_bytes_tell_ecies)
{
    uint8_t bytes[HEADER + CIPHERTEXT];
    struct otapack_esp_encrypted_img img;
    golden(bytes);
    memset(bytes + 100, 0, 288);
    assert_good(open_bytes(bytes, sizeof(bytes), &img));
    assert_true(otapack_esp_encrypted_img_is_ecies(&img));
    for (size_t at = 100; at < 388; at++) {
        bytes[at] = at % 2 == 0 ? 1 : 0x80;
        assert_good(open_bytes(bytes, sizeof(bytes), &img));
        assert_false(otapack_esp_encrypted_img_is_ecies(&img));
        bytes[at] = 0;
    }
    memset(bytes + 4, 0, 96); // which are no point, but no RSA either
    assert_good(open_bytes(bytes, sizeof(bytes), &img));
    assert_true(otapack_esp_encrypted_img_is_ecies(&img));
}

TEST(lengths)
{
    static const uint32_t sizes[] = {0, 1, 37, 0x7FFFFFFF, 0xFFFFFE00, 0xFFFFFFFF};
    struct otapack_esp_encrypted_img img;
    memset(&img, 0, sizeof(img));
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct reading r = {.size = (uint64_t)sizes[i] + HEADER};
        struct otapack_source src = reading_source(&r);
        img.size = sizes[i];
        assert_int_equal(otapack_esp_encrypted_img_end(&img), r.size);
        assert_good(otapack_esp_encrypted_img_check_size(&src, &img));
        src.size = r.size - 1;
        struct otapack_status s = otapack_esp_encrypted_img_check_size(&src, &img);
        assert_status(s, OTAPACK_TRUNCATED, "size", 404);
        assert_true(s.value == r.size && s.limit == r.size - 1);
        src.size = r.size + 1;
        s = otapack_esp_encrypted_img_check_size(&src, &img);
        assert_status(s, OTAPACK_FORBIDDEN, "size", 404);
        assert_true(s.value == r.size + 1 && s.limit == r.size);
        assert_int_equal(r.reads, 0);
    }
}

TEST(reads_that_fail)
{
    uint8_t bytes[HEADER + CIPHERTEXT];
    struct otapack_esp_encrypted_img img;
    golden(bytes);
    for (unsigned i = 0; i < COUNT(fields); i++) {
        struct reading r = reading_of(bytes, sizeof(bytes));
        struct otapack_source src = reading_source(&r);
        r.fail_at = i + 1;
        assert_status(otapack_esp_encrypted_img_open(&src, &img), OTAPACK_READ_FAILED,
                      fields[i].name, fields[i].at);
        assert_int_equal(r.last_at, fields[i].at);
    }
}

// What esp_enc_img_gen.py wrote, and its sizes.
static const struct real {
    const char *name;
    uint32_t size;
    bool ecies;
} reals[] = {{"app-rsa.enc", 512, false},      {"app-ecies.enc", 512, true},
             {"odd-ecies-hmac.enc", 37, true}, {"odd-rsa.enc", 37, false},
             {"empty-rsa.enc", 0, false},      {"empty-ecies.enc", 0, true},
             {"delta-rsa.enc", 139, false}};

TEST(what_the_tool_wrote)
{
    const char *vectors = getenv("OTAPACK_VECTORS");
    for (size_t i = 0; i < COUNT(reals); i++) {
        uint8_t bytes[2 * HEADER], written[HEADER];
        struct otapack_esp_encrypted_img img;
        char path[512];
        (void)snprintf(path, sizeof(path), "%s/encrypted/%s", vectors, reals[i].name);
        FILE *f = vectors == NULL ? NULL : fopen(path, "rb");
        if (f == NULL) {
            printf("skipped: no pre-encrypted images: OTAPACK_VECTORS has no encrypted\n");
            return;
        }
        size_t n = fread(bytes, 1, sizeof(bytes), f);
        (void)fclose(f);
        struct otapack_source src = otapack_memory(bytes, n);
        assert_good(otapack_esp_encrypted_img_open(&src, &img));
        assert_good(otapack_esp_encrypted_img_check_size(&src, &img));
        assert_int_equal(img.size, reals[i].size);
        assert_int_equal(otapack_esp_encrypted_img_is_ecies(&img), reals[i].ecies);
        otapack_esp_encrypted_img_write(&img, written);
        assert_memory_equal(written, bytes, HEADER);
    }
}

UNIT(esp_encrypted_img)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_header),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(another_magic),
        cmocka_unit_test(which_bytes_tell_ecies),
        cmocka_unit_test(lengths),
        cmocka_unit_test(reads_that_fail),
        cmocka_unit_test(what_the_tool_wrote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
