// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure encrypt_flash_data and decrypt_flash_data: how they are called, and what they
// refuse, because a device could not have it in its flash.
#include "flash_crypt.h"
#include "product.h"

#include <unistd.h>

#define ENCRYPT "compat espsecure encrypt_flash_data "
#define DECRYPT "compat espsecure decrypt_flash_data "

// ---- What is refused ----------------------------------------------------------------------------

struct row {
    int status;
    const char *regex, *words;
};

static void refused(const struct row *row, const char *command)
{
    (void)expect(row->status, "%s -o never.bin %s", command, row->words);
    want_no_out();
    want_one_line();
    want_err(row->regex);
    want_no_file("never.bin");
}

TEST(mistakes)
{
    static const struct row rows[] = {
        {2, "--keyfile", "-a 0 plain48.bin"},
        {2, "--address", "-k key32.bin plain48.bin"},
        {2, ".", "-k key32.bin -a 0"},
        {2, ".", "-k key32.bin -a 0 plain48.bin plain48.bin"},
        {2, "'start' is not a valid integer; ", "-k key32.bin -a start plain48.bin"},
        {2, "'-16' is not a valid integer; ", "-k key32.bin -a -16 plain48.bin"},
        {2, "'' is not a valid integer; ", "-k key32.bin -a= plain48.bin"},
        {2, "'x' is not a valid integer; ", "-k key32.bin -a 0 --flash-crypt-conf x plain48.bin"},
        {2, "'x' is not a valid integer; ", "-xk key32.bin -a 0 --flash-crypt-conf x plain48.bin"},
        {2, "0x10 is more than the four bits",
         "-k key32.bin -a 0 --flash_crypt_conf 16 plain48.bin"},
        {2, "^otapack: missing\\.bin: ", "-k missing.bin -a 0 plain48.bin"},
        {2, "^otapack: missing\\.bin: ", "-k key32.bin -a 0 missing.bin"},
        {2, "folder", "-k folder -a 0 plain48.bin"},
        {2, "folder", "-k key32.bin -a 0 folder"},
        {2, "both key and data; ", "-k - -a 0 -"},
        {2, "Key file contains wrong length \\(0 bytes\\), 16, 24, 32 or 64 expected; ",
         "-k empty.bin -a 0 plain48.bin"},
        {2, "Key file contains wrong length \\(48 bytes\\)", "-k plain48.bin -a 0 plain48.bin"},
        {2, "Key file contains wrong length \\(48 bytes\\)", "-xk plain48.bin -a 0 plain48.bin"},
        {2, "more than the 1024 bytes", "-k large.bin -a 0 plain48.bin"},
        {2, "ESP32 supports only 192 and 256-bit keys\\. Provided key is 128 bits\\. Use --aes_xts",
         "-k key16.bin -a 0 plain48.bin"},
        {2, "ESP32 supports only 192 and 256-bit keys\\. Provided key is 512 bits",
         "-k key64.bin -a 0 plain48.bin"},
        {2, "AES_XTS supports only 128, 256, and 512-bit keys\\. Provided key is 192 bits",
         "--aes-xts -k key24.bin -a 0 plain48.bin"},
        {2, "Starting flash address 0x10008 must be a multiple of 16; ",
         "-k key32.bin -a 0x10008 plain48.bin"},
        {2, "Starting flash address 0xf must be a multiple of 16; ",
         "-xk key32.bin -a 15 plain48.bin"},
        {2, "Input data length \\(37\\) must be a multiple of 16; ",
         "-xk key32.bin -a 0 plain37.bin"},
        {2, "Input data must be longer than 0; ", "-xk key32.bin -a 0 empty.bin"},
        {2, "48 bytes at 0xffffe0 end beyond the 16 MiB.*--aes_xts",
         "-k key32.bin -a 0xffffe0 plain48.bin"},
        {2, "48 bytes at 0xffffffe0 end beyond the 4 GiB",
         "-xk key32.bin -a 0xffffffe0 plain48.bin"},
        {2, "end beyond", "-xk key32.bin -a 0xfffffffffffffff0 plain48.bin"},
        {2, "nofolder", "-k key32.bin -a 0 -o nofolder/x plain48.bin"},
        {2, "--iv", "-k key32.bin -a 0 --iv x plain48.bin"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        refused(&rows[i], ENCRYPT);
        refused(&rows[i], DECRYPT);
    }
    static const struct row odd = {2, "plain37\\.bin: Data length is not a multiple of 16 bytes; ",
                                   "-k key32.bin -a 0 plain37.bin"};
    refused(&odd, DECRYPT);
}

// Nothing is encrypted with one key for data and tweaks; what is in a chip can be read.
TEST(halves_of_a_key)
{
    static const struct row rows[] = {
        {1, "twice\\.bin: In XTS mode duplicated keys are not allowed.*; ",
         "--aes_xts -k twice.bin -a 0 plain48.bin"},
        {1, "zeros\\.bin: In XTS mode duplicated keys are not allowed.*; ",
         "-x -k zeros.bin -a 0 plain48.bin"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        refused(&rows[i], ENCRYPT);
        (void)expect(0, DECRYPT "-o new.bin %s", rows[i].words);
        want_no_err();
    }
    uint8_t zeros[32] = {0};
    struct flash_crypt c = {true, zeros, sizeof(zeros), 0, 0};
    struct image im = image_load("new.bin");
    flash_crypt(&c, im.p, im.n);
    want(memcmp(im.p, flash_data, 48) == 0, "not decrypted");
    image_free(&im);
    (void)expect(0, ENCRYPT "-k zeros.bin -a 0 -o new.bin plain48.bin"); // an ESP32's
}

// Whatever its name, an input is not written over.
TEST(over_an_input)
{
    char name[ITEM_ROOM];
    copy_file("key32.bin", "key.bin", 0600);
    assert_int_equal(symlink("key.bin", "key-symbolic.bin"), 0);
    assert_int_equal(link("key.bin", "key-other.bin"), 0);
    EACH_ITEM(name, "key.bin|./key.bin|key-symbolic.bin|key-other.bin")
    {
        for (int i = 0; i < 2; i++) {
            (void)run(i == 0 ? ENCRYPT "-k key.bin -a 0 -o %s plain48.bin"
                             : DECRYPT "-xk key32.bin -a 0 -o %s key.bin",
                      name);
            want(last_run()->status == 2, "exit status %d", last_run()->status);
            want_one_line();
            want_err("should not be the same!; ");
            want_same("key32.bin", "key.bin");
        }
    }
}

// Nothing of it depends on FLASH_CRYPT_CONFIG with AES-XTS; 0 is no good idea with an ESP32.
TEST(config)
{
    (void)expect(0, ENCRYPT "-x -k key32.bin -a 0 -o one.bin plain48.bin");
    char config[ITEM_ROOM];
    EACH_ITEM(config, "0|0x3|16|0b1111")
    {
        (void)expect(0, ENCRYPT "-x -k key32.bin -a 0 --flash_crypt_conf %s -o two.bin plain48.bin",
                     config);
        want_no_err();
        want_same("one.bin", "two.bin");
    }
    (void)expect(0, ENCRYPT "-k key32.bin -a 0 --flash_crypt_conf 0 -o two.bin plain48.bin");
    want_one_line();
    want_err("warning: Setting FLASH_CRYPT_CONF to zero is not recommended");
    want_out_is("Using 256-bit key.");
}

TEST(readable_key)
{
    copy_file("key32.bin", "open.bin", 0644);
    (void)expect(0, ENCRYPT "-k open.bin -a 0 -o one.bin plain48.bin");
    want_one_line();
    want_err("^otapack: open\\.bin: "
             "warning: others than its owner can read this flash encryption key; ");
    (void)expect(0, ENCRYPT "-k key32.bin -a 0 -o two.bin plain48.bin");
    want_no_err();
    want_same("one.bin", "two.bin");
}

// ---- Words and pipes ----------------------------------------------------------------------------

TEST(words)
{
    char words[ITEM_ROOM];
    (void)expect(0, ENCRYPT "-xk key32.bin -a 0x10000 -o expected.bin plain48.bin");
    EACH_ITEM(words,
              "encrypt_flash_data --aes_xts --keyfile key32.bin --address 0x10000 --output new.bin|"
              "encrypt-flash-data --aes-xts --keyfile=key32.bin --address=65536 --output=new.bin|"
              "encrypt-flash-data -x -kkey32.bin -a0x10000 -onew.bin|"
              "encrypt_flash-data --aes --key key32.bin --addr 0o200000 --out new.bin|"
              "encrypt_flash_data -xa 0X1_0000 -k nothing -k key32.bin -o=new.bin|"
              "encrypt_flash_data -x -x --a=0x10000 --k=key32.bin -o never.bin -o new.bin|"
              "encrypt_flash_data -xk key32.bin -a 0x10000 --flash-crypt-conf 0xF -o new.bin|"
              "encrypt_flash_data -xk key32.bin -a 0x10000 --flash_crypt_conf=1 -o new.bin --")
    {
        remove_all("new.bin");
        if (strstr(words, "--a=") != NULL) { // --address or --aes-xts
            (void)expect(2, "compat espsecure.py %s plain48.bin", words);
            continue;
        }
        (void)expect(0, "compat espsecure.py %s plain48.bin", words);
        want_out_is("Using 256-bit key.");
        want_same("expected.bin", "new.bin");
    }
    (void)expect(0, "compat espsecure encrypt_flash_data --help");
    want_out("--flash-crypt-conf N");
    (void)expect(0, "compat espsecure decrypt-flash-data -h");
    want_out("^usage: otapack compat espsecure decrypt_flash_data ");
}

// Through pipes, in which nothing stands that is not encrypted.
TEST(pipes)
{
    (void)expect(0, ENCRYPT "-k key24.bin -a 0x1000 -o expected.bin plain.bin");
    struct image plain = image_load("plain.bin"), expected = image_load("expected.bin");
    run_pipe(plain.p, plain.n, 1000);
    const struct run *r = expect(0, ENCRYPT "-k key24.bin -a 0x1000 -o - -");
    want(r->out_size == expected.n && memcmp(r->out, expected.p, expected.n) == 0, "not the bytes");
    run_pipe(flash_keys[1], 24, 5);
    (void)expect(0, DECRYPT "-k - -a 0x1000 -o new.bin expected.bin");
    want_same("plain.bin", "new.bin");
    image_free(&plain);
    image_free(&expected);
}

UNIT(flash_refused)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes),      cmocka_unit_test(halves_of_a_key),
        cmocka_unit_test(over_an_input), cmocka_unit_test(config),
        cmocka_unit_test(readable_key),  cmocka_unit_test(words),
        cmocka_unit_test(pipes),
    };
    return cmocka_run_group_tests(tests, flash_files_begin, run_end);
}
