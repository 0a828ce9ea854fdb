// SPDX-License-Identifier: Apache-2.0
//
// foreign.h: each kind that has a row has a sample, and is named; what is cut or has a byte more is
// read without harm; what has half of a mark is not named.
#include "foreign_samples.h"

#include "foreign.h"
#include "foreign_row.h"

static struct foreign named(struct arena *a, const struct bytes *b)
{
    struct otapack_source src = otapack_memory(b->p, b->n);
    return foreign_find(a, &src);
}

TEST(each_sample_is_named)
{
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < foreign_sample_count; i++) {
        struct bytes b = {.n = 0};
        foreign_samples[i].make(&b);
        struct foreign f = named(&a, &b);
        if (strcmp(f.kind, foreign_samples[i].kind) != 0) {
            fail_msg("sample %zu is %s, not %s", i, f.kind, foreign_samples[i].kind);
        }
        assert_true((foreign_samples[i].instead == NULL) == (f.instead == NULL));
        if (f.instead != NULL && strstr(f.instead, foreign_samples[i].instead) == NULL) {
            fail_msg("%s: %s, not %s", f.kind, f.instead, foreign_samples[i].instead);
        }
    }
    arena_free(&a);
}

// Of what has no marks: what flash encryption made has a length that is a multiple of 16, and all
// values about equally often.
TEST(all_bytes_together)
{
    struct arena a = ARENA_EMPTY;
    struct bytes b = {.n = 0};
    assert_string_equal(named(&a, &b).kind, "empty");
    put_fill(&b, 0, 4096);
    assert_string_equal(named(&a, &b).kind, "zeros");
    memset(b.p, 0xFF, b.n);
    assert_string_equal(named(&a, &b).kind, "erased");
    b.n = 0;
    for (uint32_t i = 0; i < 2048; i++) {
        put_fill(&b, (uint8_t)((i * i * 31 + i * 7) >> 3), 1);
    }
    assert_string_equal(named(&a, &b).kind, "encrypted");
    b.n -= 15;
    assert_string_equal(named(&a, &b).kind, "unknown");
    b.n = 512 - 16;
    assert_string_equal(named(&a, &b).kind, "unknown");
    b.n = 512;
    memset(b.p, 0x5A, 256);
    assert_string_equal(named(&a, &b).kind, "unknown");
    arena_free(&a);
}

// As often as chance has 0x0D and 0x0A, and never both: a sign of an image that is damaged, and
// none of what is no image.
// Words that are addresses in the words themselves, at 0x10000 of the flash; fewer are there by
// chance.
TEST(code_of_an_esp8266)
{
    struct arena a = ARENA_EMPTY;
    struct bytes b = {.n = 0};
    put_fill(&b, 0x5A, 2048);
    for (uint32_t i = 0; i < 7; i++) {
        otapack_put_le32(b.p + (size_t)i * 64, 0x40210000 + i * 256);
    }
    assert_string_equal(named(&a, &b).kind, "unknown");
    otapack_put_le32(b.p + 1024, 0x40210400);
    struct foreign f = named(&a, &b);
    assert_string_equal(f.kind, "ESP8266 code");
    assert_non_null(strstr(f.instead, "0x10000"));
    put_fill(&b, 0x5A, 32 * 1024); // far apart
    assert_string_equal(named(&a, &b).kind, "unknown");
    arena_free(&a);
}

TEST(line_ends_lost)
{
    struct arena a = ARENA_EMPTY;
    struct bytes b = {.n = 0};
    for (size_t i = 0; i < 20000; i++) {
        put_fill(&b, i % 40 == 0 ? '\r' : i % 40 == 20 ? '\n' : (uint8_t)(i % 2 * 0x91), 1);
    }
    struct otapack_source src = otapack_memory(b.p, b.n);
    assert_string_equal(foreign_find(&a, &src).kind, "unknown");
    assert_non_null(strstr(foreign_text_mode_of_image(&src), "next to no 0x0A has 0x0D"));
    b.p[19 + 40] = '\r'; // of 12 by chance, one is left
    assert_non_null(foreign_text_mode_of_image(&src));
    b.p[19 + 80] = '\r';
    assert_null(foreign_text_mode_of_image(&src));
    b.p[19 + 40] = b.p[19 + 80] = 1;
    src.size = 19000; // 475 of each: 11.9 by chance
    assert_null(foreign_text_mode_of_image(&src));
    arena_free(&a);
}

// A digest is random: a text that is filled up is none.
TEST(no_digest)
{
    struct arena a = ARENA_EMPTY;
    struct bytes b = {.n = 0};
    for (size_t i = 0; i < 192; i++) {
        put_fill(&b, (uint8_t)(i % 95 + 0x20), 1);
    }
    put_fill(&b, 0xFF, 4096 - b.n);
    assert_string_equal(named(&a, &b).kind, "unknown");
    b.p[0] = 0x80; // one value more
    assert_string_equal(named(&a, &b).kind, "Secure Boot v1 digest");
    arena_free(&a);
}

// One byte that is of no letter, and it was not written as UTF-8; nor where it begins with none.
TEST(letters_in_a_binary)
{
    struct bytes b = {.n = 0};
    put_bytes(&b, "\xE9\x96\xA2", 3);
    put_fill(&b, 0, 16);
    for (size_t i = 0; i < 15; i++) {
        put_bytes(&b, "\xCE\x98", 2);
    }
    struct otapack_source src = otapack_memory(b.p, b.n);
    assert_non_null(foreign_text_mode(&src));
    src.size -= 2;
    assert_null(foreign_text_mode(&src));
    put_fill(&b, 0x98, 1);
    src.size = b.n;
    assert_null(foreign_text_mode(&src));
    b.p[b.n - 1] = 'x';
    assert_non_null(foreign_text_mode(&src));
    b.p[0] = b.p[1] = b.p[2] = 'x';
    put_bytes(&b, "\xCE\x98", 2);
    src.size = b.n;
    assert_null(foreign_text_mode(&src));
}

static bool has_sample(const char *kind)
{
    for (size_t i = 0; i < foreign_sample_count; i++) {
        if (strcmp(foreign_samples[i].kind, kind) == 0) {
            return true;
        }
    }
    return false;
}

static void each_has_a_sample(const struct foreign_row *rows)
{
    for (const struct foreign_row *row = rows; row->kind != NULL; row++) {
        if (!has_sample(row->kind)) {
            fail_msg("%s has no sample", row->kind);
        }
        assert_true((row->instead == NULL) == (row->tell != NULL));
    }
}

TEST(each_row_has_a_sample)
{
    each_has_a_sample(foreign_updates);
    each_has_a_sample(foreign_data);
}

// A magic number alone is enough, and no row is behind another that takes its files.
TEST(each_magic_number_is_named)
{
    struct arena a = ARENA_EMPTY;
    for (const struct foreign_magic *m = foreign_magics; m->bytes != NULL; m++) {
        struct bytes b = {.n = 0};
        put_fill(&b, 0x5A, 300);
        memcpy(b.p + m->at, m->bytes, m->n);
        struct foreign f = named(&a, &b);
        if (f.kind != m->row.kind) {
            fail_msg("%s is named %s", m->row.kind, f.kind);
        }
        b.p[m->at + m->n - 1] ^= 0x40;
        assert_string_not_equal(named(&a, &b).kind, m->row.kind);
        assert_true(m->n >= 4 || m->row.kind[0] == 'g' || m->row.kind[0] == 'V');
    }
    arena_free(&a);
}

// However a sample is cut, and whatever follows, it is read to its end and no further.
TEST(cut_and_longer)
{
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < foreign_sample_count; i++) {
        struct bytes b = {.n = 0};
        foreign_samples[i].make(&b);
        size_t whole = b.n;
        for (size_t n = 0; n <= whole; n += n < 600 || n > whole - 20 ? 1 : 997) {
            uint8_t *exact = malloc(n + 1);
            memcpy(exact, b.p, n);
            struct otapack_source src = otapack_memory(exact, n);
            assert_non_null(foreign_find(&a, &src).kind);
            free(exact);
        }
        put_fill(&b, 0x42, 1);
        assert_non_null(named(&a, &b).kind);
        arena_free(&a);
    }
}

// What a mark is made of, one thing less.
TEST(half_a_mark_is_none)
{
    static const struct {
        const char *kind;
        size_t at;
        uint8_t value;
    } rows[] = {
        {"MCUboot image", 8, 31},
        {"DFU file", 100 + 7, 9},
        {"UF2", 4, 0},
        {"Arduino OTA file", 11, 0x44},
        {"Arduino OTA file", 0, 1},
        {"Arduino OTA file", 0, 100 - 9},
        {"bzip2", 9, 'X'},
        {"LZMA", 13, 1},
        {"squashfs", 28, 5},
        {"Windows program", 0x80, 'Q'},
        {"Arm Cortex-M firmware", 32, 1},
        {"Arm Cortex-M firmware", 3, 0x40},
        {"NVS partition", 0, 0xFD},
        {"NVS partition", 20, 0},
        {"NVS keys", 64, 0},
        {"NVS keys", 1000, 0},
        {"PHY init data", 7, '0'},
        {"LittleFS", 8, 'L'},
        {"LittleFS", 4, '<'},
        {"SPIFFS", 252, 0},
        {"FAT file system", 511, 0},
        {"FAT file system", 13, 3},
        {"core dump", 12, 0},
        {"Secure Boot v1 digest", 300, 0},
        {"Secure Boot v1 digest", 191, 0xFF},
        {"OTA data", 10, 0},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct bytes b = {.n = 0};
        const struct sample *sample = foreign_samples;
        while (strcmp(sample->kind, rows[i].kind) != 0) {
            sample++;
        }
        sample->make(&b);
        b.p[rows[i].at] = rows[i].value;
        if (strcmp(named(&a, &b).kind, rows[i].kind) == 0) {
            fail_msg("row %zu is %s still", i, rows[i].kind);
        }
    }
    arena_free(&a);
}

UNIT(foreign)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sample_is_named),       cmocka_unit_test(line_ends_lost),
        cmocka_unit_test(letters_in_a_binary),        cmocka_unit_test(no_digest),
        cmocka_unit_test(all_bytes_together),         cmocka_unit_test(code_of_an_esp8266),
        cmocka_unit_test(each_row_has_a_sample),      cmocka_unit_test(cut_and_longer),
        cmocka_unit_test(each_magic_number_is_named), cmocka_unit_test(half_a_mark_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
