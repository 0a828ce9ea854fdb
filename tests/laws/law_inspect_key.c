// SPDX-License-Identifier: Apache-2.0
//
// inspect --key: by which of the keys each signature is, whatever the scheme.
#include "run.h"

#define KEY(name) " --key fixtures/keys/" name ".pub.pem"

static const struct row {
    const char *file, *keys, *path, *says; // the value of this field; or, of a part, its line
} rows[] = {
    {"secure_boot/good-rsa3072-x3.bin", KEY("rsa3072-b"), "signatures[1].key",
     "fixtures/keys/rsa3072-b.pub.pem\n"},
    {"secure_boot/good-rsa3072-x3.bin", KEY("rsa3072-a") KEY("rsa3072-b"), "signatures[0].key",
     "fixtures/keys/rsa3072-a.pub.pem\n"},
    {"secure_boot/good-rsa3072-x3.bin", KEY("rsa3072-b"), "signatures[0]", "by none"},
    {"secure_boot/good-ecdsa-p256.bin", KEY("rsa3072-a") KEY("ecdsa-p256-a"), "signatures[0].key",
     "fixtures/keys/ecdsa-p256-a.pub.pem\n"},
    {"secure_boot/good-v1.bin", KEY("ecdsa-p256-a"), "signatures[0].key",
     "fixtures/keys/ecdsa-p256-a.pub.pem\n"},
    {"secure_boot/good-v1.bin", KEY("ecdsa-p256-b"), "signatures[0]", "by none"},
    {"secure_boot/bad-sig-digest.bin", KEY("rsa3072-a"), "signatures[0]", "names"},
    {"esp8266/good-signed.bin", KEY("rsa2048"), "signature.key", "fixtures/keys/rsa2048.pub.pem\n"},
};

TEST(each_signature_has_its_key)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *r = &rows[i];
        const struct run *said = run("inspect fixtures/%s%s --get %s", r->file, r->keys, r->path);
        want(strstr(said->out, r->says) != NULL, "%s: %s is not '%s'", r->file, r->path, r->says);
    }
}

// What does not count, or is another's, has no key.
TEST(no_key_is_named_in_vain)
{
    expect(2, "inspect fixtures/secure_boot/bad-sig-digest.bin" KEY(
                  "rsa3072-a") " --get signatures[0].key");
    expect(2, "inspect fixtures/secure_boot/good-v1.bin" KEY(
                  "ecdsa-p256-b") " --get signatures[0].key");
    expect(2, "inspect fixtures/secure_boot/good-rsa3072.bin --get signatures[0].key");
    expect(2, "inspect fixtures/secure_boot/good-rsa3072.bin --key nowhere.pem");
}

UNIT(inspect_key)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_signature_has_its_key),
        cmocka_unit_test(no_key_is_named_in_vain),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
