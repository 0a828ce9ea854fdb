// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure encrypt_flash_data and decrypt_flash_data: the bytes that the hardware has in
// flash, for every kind of key, wherever they begin and however many they are; and back. What
// cannot be there is refused.
#include "flash_crypt.h"
#include "product.h"

#include <unistd.h>

#define ENCRYPT "compat espsecure encrypt_flash_data "
#define DECRYPT "compat espsecure decrypt_flash_data "
#define REAL "vectors/flash_encryption/"

enum { BLOCK = 16 };

static bool has_key(bool xts, size_t size)
{
    return xts ? size != 24 : size == 24 || size == 32;
}

// ---- Right bytes --------------------------------------------------------------------------------

// One case: as the hardware has it, and back.
static void judge(const struct flash_crypt *c, size_t n)
{
    char words[200];
    uint8_t *expected = malloc(n + 1);
    assert_non_null(expected);
    memcpy(expected, flash_data, n);
    flash_crypt(c, expected, n);
    flash_file("plain.bin", flash_data, n);
    (void)snprintf(words, sizeof(words), "-k key%zu.bin -a 0x%" PRIx64 " --flash_crypt_conf %u%s",
                   c->key_size, c->address, c->config, c->xts ? " -x" : "");
    (void)expect(0, ENCRYPT "plain.bin -o new.bin %s", words);
    want_bytes("new.bin", expected, n);
    (void)expect(0, DECRYPT "new.bin -o back.bin %s", words);
    want_bytes("back.bin", flash_data, n);
    free(expected);
}

static void judge_keys(uint64_t address, unsigned config, size_t n)
{
    for (int xts = 0; xts < 2; xts++) {
        for (size_t i = 0; i < FLASH_KEYS; i++) {
            struct flash_crypt c = {xts != 0, flash_keys[i], flash_key_sizes[i], address, config};
            if (has_key(c.xts, flash_key_sizes[i])) {
                judge(&c, n);
            }
        }
    }
}

// Where blocks, units, spans, the pieces that are worked on at once and those that are read end.
TEST(everywhere)
{
    static const uint64_t addresses[] = {0, 0x10, 0x20, 0x70, 0x80, 0xFF0, 0x10000, 0x10050};
    static const size_t sizes[] = {16, 32, 48, 112, 128, 144, 4080, 4096, 4112};
    for (size_t i = 0; i < COUNT(addresses); i++) {
        for (size_t k = 0; k < COUNT(sizes); k++) {
            judge_keys(addresses[i], 0xF, sizes[k]);
        }
    }
    for (size_t n = 65520; n <= 65552; n += BLOCK) {
        judge_keys(0x10, 0xF, n);
        judge_keys(0x1000, 0x5, 2 * n);
    }
}

TEST(every_config)
{
    for (unsigned config = 0; config <= 0xF; config++) {
        judge_keys(0xABCDE0, config, 96);
    }
}

// Each bit of an address has its own say.
TEST(every_address_bit)
{
    for (unsigned bit = 4; bit < 32; bit++) {
        for (size_t i = 0; i < FLASH_KEYS; i++) {
            struct flash_crypt c = {bit >= 24, flash_keys[i], flash_key_sizes[i],
                                    UINT64_C(1) << bit, 0xF};
            if (has_key(c.xts, flash_key_sizes[i])) {
                judge(&c, 48);
            }
        }
    }
}

TEST(at_random)
{
    uint64_t x = random_seed("flash_encryption");
    for (int i = 0; i < (is_long() ? 5000 : 150); i++) {
        size_t n = BLOCK * (size_t)(1 + random_below(&x, random_below(&x, 8) == 0 ? 4500 : 40));
        uint64_t address = BLOCK * random_below(&x, ((UINT64_C(1) << 24) - n) / BLOCK + 1);
        judge_keys(address, (unsigned)random_below(&x, 16), n);
    }
}

// Only the last block of an ESP32 may be filled up: with what nobody can guess, and differently
// each time.
TEST(padding)
{
    for (size_t n = 1; n < 3 * BLOCK; n++) {
        size_t whole = n / BLOCK * BLOCK, all = (n + BLOCK - 1) / BLOCK * BLOCK;
        flash_file("plain.bin", flash_data, n);
        (void)expect(0, ENCRYPT "-k key32.bin -a 0x10000 -o new.bin plain.bin");
        if (n > whole) {
            char regex[100];
            (void)snprintf(regex, sizeof(regex), "^Note: Padding with %zu bytes of random data \\(",
                           all - n);
            want_out(regex);
        }
        (void)expect(0, DECRYPT "-k key32.bin -a 0x10000 -o back.bin new.bin");
        struct image back = image_load("back.bin");
        want(back.n == all && memcmp(back.p, flash_data, n) == 0, "%zu bytes do not come back", n);
        (void)expect(0, ENCRYPT "-k key32.bin -a 0x10000 -o other.bin plain.bin");
        struct image new = image_load("new.bin"), other = image_load("other.bin");
        want(memcmp(new.p, other.p, whole) == 0, "whole blocks differ");
        want(all - n < 8 || memcmp(new.p + whole, other.p + whole, all - whole) != 0,
             "the padding of %zu bytes is the same again", n);
        image_free(&new);
        image_free(&other);
        image_free(&back);
    }
}

TEST(nothing)
{
    flash_file("empty.bin", flash_data, 0);
    (void)expect(0, ENCRYPT "-k key32.bin -a 0 -o new.bin empty.bin");
    want_bytes("new.bin", flash_data, 0);
    (void)expect(0, DECRYPT "-k key32.bin -a 0 -o new.bin empty.bin");
    want_bytes("new.bin", flash_data, 0);
}

// Up to the last address there is.
TEST(ends)
{
    struct flash_crypt esp32 = {false, flash_keys[2], 32, (1 << 24) - 48, 0xF};
    struct flash_crypt xts = {true, flash_keys[3], 64, (UINT64_C(1) << 32) - 48, 0xF};
    judge(&esp32, 48);
    judge(&xts, 48);
}

// ---- Espressif's own answers --------------------------------------------------------------------

enum { COLUMNS = 9 };
enum column { OUTPUT, PLAIN, KEY, ADDRESS, OPTIONS, ENCRYPTS, DECRYPTS, DECRYPTED, SHA256 };

static void judge_row(char *const *column)
{
    char words[400];
    bool padded = strcmp(column[DECRYPTED], "starts with it") == 0;
    (void)snprintf(words, sizeof(words), "%s --keyfile " REAL "%s --address %s", column[OPTIONS],
                   column[KEY], column[ADDRESS]);
    remove_all("new.bin");
    (void)expect(column[ENCRYPTS][0] - '0', ENCRYPT "%s -o new.bin " REAL "%s", words,
                 column[PLAIN]);
    if (strcmp(column[OUTPUT], "-") == 0) {
        want(!there_is("new.bin") || strcmp(column[PLAIN], "empty.bin") == 0, "it was written");
        return;
    }
    char theirs[200], plain[200];
    (void)snprintf(theirs, sizeof(theirs), REAL "%s", column[OUTPUT]);
    (void)snprintf(plain, sizeof(plain), REAL "%s", column[PLAIN]);
    if (!padded) {
        want_same(theirs, "new.bin");
    }
    (void)expect(column[DECRYPTS][0] - '0', DECRYPT "%s -o back.bin %s", words, theirs);
    if (padded) {
        struct image im = image_load(plain);
        copy_range("back.bin", 0, im.n, "begin.bin");
        image_free(&im);
    }
    want_same(plain, padded ? "begin.bin" : "back.bin");
}

TEST(espressifs)
{
    if (access(REAL "table.tsv", R_OK) != 0) {
        puts("skipped: Espressif's answers: OTAPACK_VECTORS has no flash_encryption/");
        skip();
    }
    struct image table = image_load(REAL "table.tsv");
    image_append(&table, "", 1);
    char *rest = (char *)table.p;
    (void)strsep(&rest, "\n"); // the heads
    unsigned count = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; count++) {
        char *columns[COLUMNS];
        for (size_t i = 0; i < COLUMNS; i++) {
            columns[i] = strsep(&line, "\t");
            assert_non_null(columns[i]);
        }
        judge_row(columns);
    }
    assert_true(count >= 40);
    image_free(&table);
}

UNIT(flash_encryption)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everywhere),
        cmocka_unit_test(every_config),
        cmocka_unit_test(every_address_bit),
        cmocka_unit_test(at_random),
        cmocka_unit_test(ends),
        cmocka_unit_test(padding),
        cmocka_unit_test(nothing),
        cmocka_unit_test(espressifs),
    };
    return cmocka_run_group_tests(tests, flash_files_begin, run_end);
}
