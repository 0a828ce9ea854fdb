// SPDX-License-Identifier: Apache-2.0
//
// littlefs_make.h: files of all sizes around those of blocks, read back by otapack/littlefs_file.h;
// names. What littlefs itself makes of it is for tests/interop/littlefs.sh.
#include "unit.h"

#include <otapack/littlefs_file.h>

#include "littlefs_make.h"

enum { MOST = 20 * LITTLEFS_BLOCK };

static uint8_t content[MOST];

// The file is found, and has these bytes.
static void assert_holds(const uint8_t *image, size_t n, uint32_t blocks, const char *name,
                         size_t size)
{
    struct otapack_source src = otapack_memory(image, n);
    struct otapack_littlefs fs;
    struct otapack_littlefs_walk walk;
    struct otapack_littlefs_file file;
    uint8_t to[LITTLEFS_BLOCK];
    uint32_t got;
    bool more;
    assert_good(otapack_littlefs_open(&src, &fs));
    assert_true(fs.version == 0x00020000 && fs.block_size == LITTLEFS_BLOCK);
    assert_int_equal(fs.block_count, blocks);
    assert_good(otapack_littlefs_root(&src, &fs, &walk));
    assert_good(otapack_littlefs_next(&src, &fs, &walk, &file, &more));
    assert_true(more && file.size == size && file.name_size == strlen(name));
    assert_memory_equal(image + file.name_at, name, file.name_size);
    assert_good(otapack_littlefs_check(&src, &fs, &file));
    for (uint32_t at = 0; at < size; at += got) {
        assert_good(otapack_littlefs_read(&src, &fs, &file, at, to, sizeof(to), &got));
        assert_true(got > 0);
        assert_memory_equal(to, content + at, got);
    }
    assert_good(otapack_littlefs_next(&src, &fs, &walk, &file, &more));
    assert_false(more);
}

// The last size that fits so many blocks, and the first one that does not.
TEST(every_size)
{
    static const struct {
        size_t size;
        uint32_t blocks;
    } rows[] = {
        {1, 3},     {4096, 3},  {4097, 4},  {8188, 4},   {8189, 5},
        {12276, 5}, {12277, 6}, {16368, 6}, {79781, 22}, {MOST, 23},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < MOST; i++) {
        content[i] = (uint8_t)(i * 13 + i / 255);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(littlefs_blocks_needed(rows[i].size), rows[i].blocks);
        const uint8_t *image =
            littlefs_make(&a, rows[i].blocks + 7, "a.bin", content, rows[i].size);
        assert_holds(image, (size_t)rows[i].blocks * LITTLEFS_BLOCK, rows[i].blocks + 7, "a.bin",
                     rows[i].size);
    }
    arena_free(&a);
}

TEST(every_length_of_a_name)
{
    struct arena a = ARENA_EMPTY;
    char name[LITTLEFS_NAME_MOST + 2] = "";
    assert_false(littlefs_name_is_good(name));
    for (size_t n = 1; n <= LITTLEFS_NAME_MOST; n++) {
        name[n - 1] = 'n';
        assert_true(littlefs_name_is_good(name));
        const uint8_t *image = littlefs_make(&a, 3, name, content, 1);
        assert_holds(image, (size_t)3 * LITTLEFS_BLOCK, 3, name, 1);
    }
    name[LITTLEFS_NAME_MOST] = 'n';
    assert_false(littlefs_name_is_good(name));
    assert_false(littlefs_name_is_good("."));
    assert_false(littlefs_name_is_good(".."));
    assert_false(littlefs_name_is_good("a/b"));
    assert_true(littlefs_name_is_good("..."));
    arena_free(&a);
}

UNIT(littlefs_make)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size),
        cmocka_unit_test(every_length_of_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
