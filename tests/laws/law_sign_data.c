// SPDX-License-Identifier: Apache-2.0
//
// sign --digest-only -o FILE writes the data that is to be signed elsewhere: over none of the files
// that the same command line names; and what can be asked so.
#include "product.h"

#include <unistd.h>

#define KEYS "fixtures/keys/"
#define P256 KEYS "ecdsa-p256-a.pub.pem"
#define RSA KEYS "rsa3072-a.pub.pem"

TEST(data_over_an_input)
{
    static const struct {
        const char *file, *from, *options;
    } rows[] = {
        {"app.bin", "fixtures/br/demo_br.bin", "--public-key " KEYS "ecdsa-p256-a.pub.pem"},
        {"key.pem", KEYS "ecdsa-p256-a.pem", "--key key.pem"},
        {"pub.pem", KEYS "ecdsa-p256-a.pub.pem", "--public-key pub.pem"},
        {"words.txt", KEYS "passphrase.txt",
         "--key " KEYS "ecdsa-p256-a.encrypted.pem --passphrase-file words.txt"},
        {"table.bin", "fixtures/br/partition-table.bin",
         "--public-key " KEYS "ecdsa-p256-a.pub.pem --partition-table table.bin"},
    };
    copy_file("fixtures/br/demo_br.bin", "app.bin", 0644);
    for (size_t i = 0; i < COUNT(rows); i++) {
        copy_file(rows[i].from, rows[i].file, 0600);
        (void)expect(2, "sign app.bin --digest-only %s -o %s", rows[i].options, rows[i].file);
        want_no_out();
        want_one_line();
        want_same(rows[i].from, rows[i].file);
        (void)expect(0, "sign app.bin --digest-only %s -o data.bin", rows[i].options);
        assert_int_equal(unlink("data.bin"), 0);
    }
}

// What --digest-only does nothing with is refused, and what no signature can come back for.
TEST(what_cannot_be_asked_for)
{
    static const struct {
        const char *options, *says;
    } rows[] = {
        {"--public-key " P256 " --signature signature.bin", "--signature does nothing"},
        {"--public-key " P256 " --remove 0", "--remove does nothing"},
        {"--public-key " P256 " --order 0", "--order does nothing"},
        {"--public-key " P256 " --replace --block 0", "--block does nothing"},
        {"--public-key " P256 " --public-key " RSA, "one key at a time"},
        {"--public-key " P256 " --key key.pem", "one key at a time"},
        {"--public-key " RSA " --scheme secure-boot-v1", "rsa3072-a.pub.pem: is an RSA-3072 key"},
    };
    copy_file("fixtures/esp_image/good-app-esp32.bin", "app.bin", 0644);
    // That the device has Secure Boot is why it is signed.
    (void)expect(0, "sign app.bin --digest-only --public-key " RSA " --secure-boot v2");
    (void)expect(1, "sign app.bin --digest-only --append --public-key " RSA);
    want(strstr(last_run()->err, "app.bin: has no signatures to keep") != NULL, "it is kept");
    (void)expect(1, "sign fixtures/secure_boot/good-rsa3072-x3.bin --digest-only --append "
                    "--public-key " RSA);
    want(strstr(last_run()->err, "no room for more") != NULL, "there is room");
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)expect(2, "sign app.bin --digest-only %s", rows[i].options);
        want_no_out();
        want_one_line();
        want(strstr(last_run()->err, rows[i].says) != NULL, "%s", rows[i].says);
    }
}

// Messages name the file that they are about: the image, or the key and not the signature.
TEST(what_messages_name)
{
    static const struct {
        int status;
        const char *options, *says;
    } rows[] = {
        {1, "app.bin --remove 0", "app.bin: is not signed: "},
        {1, "app.bin --order 0", "app.bin: is not signed: "},
        {1, "app.bin --append --key key.pem", "app.bin: has no signatures to keep"},
        {1, "signed.bin --replace --block 5 --key key.pem",
         "signed.bin: has no signature block '5'"},
        {1, "signed.bin --append --key key.pem", "key.pem: this key has signed the image already"},
        {2, "app.bin --scheme secure-boot-v1 --signature app.bin --public-key " RSA,
         RSA ": is an RSA-3072 key"},
    };
    copy_file("fixtures/esp_image/good-app-esp32c6.bin", "app.bin", 0644);
    copy_file(KEYS "ecdsa-p256-a.pem", "key.pem", 0600);
    (void)expect(0, "sign app.bin --key key.pem -o signed.bin -q");
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)expect(rows[i].status, "sign %s -o none.bin", rows[i].options);
        want_one_line();
        want(strstr(last_run()->err, rows[i].says) != NULL, "%s", rows[i].says);
        want(access("none.bin", F_OK) != 0, "it is written");
    }
}

UNIT(sign_data)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_over_an_input),
        cmocka_unit_test(what_cannot_be_asked_for),
        cmocka_unit_test(what_messages_name),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
