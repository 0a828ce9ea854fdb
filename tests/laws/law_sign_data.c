// SPDX-License-Identifier: Apache-2.0
//
// sign --digest-only -o FILE writes the data that is to be signed elsewhere: over none of the files
// that the same command line names.
#include "product.h"

#include <unistd.h>

#define KEYS "fixtures/keys/"

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

UNIT(sign_data)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(data_over_an_input)};
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
