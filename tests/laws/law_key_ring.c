// SPDX-License-Identifier: Apache-2.0
//
// --keys and --require-key: by whose name each signature is, whatever the scheme, and whether that
// is what is asked for.
#include "run.h"

#include <sys/stat.h>
#include <unistd.h>

#define KEYS "fixtures/keys/"
#define APP "fixtures/secure_boot/good-rsa3072.bin"            // by PROD
#define THREE "fixtures/secure_boot/good-rsa3072-x3.bin"       // by PROD, DEV, and another
#define TWO_P256 "fixtures/secure_boot/good-ecdsa-p256-x2.bin" // by V1, and another
#define P384 "fixtures/secure_boot/good-ecdsa-p384.bin"        // by another
#define V1 "fixtures/secure_boot/good-v1.bin"
#define DATA "fixtures/signed_data/good-rsa3072.bin"
#define SKETCH "fixtures/esp8266/good-signed.bin"
#define LEGACY "fixtures/esp8266/good-signed-legacy.bin"
#define GIVEN(name) " --key " KEYS name ".pub.pem"

static void write_text(const char *name, const char *text)
{
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void write_digest(const char *file, const char *key, int digits)
{
    char text[65 + 1];
    (void)snprintf(text, sizeof(text), "%.*s\n", digits,
                   expect(0, "key digest " KEYS "%s.pub.pem", key)->out);
    write_text(file, text);
}

// Four rings: `ring` with all keys, `digests` with none but digests, `half` as an ESP32-C2 has
// them, `others` with one that signed nothing.
static int make_rings(void **group)
{
    static const char *const links[][2] = {{"ring/PROD.pub.pem", "rsa3072-a.pub.pem"},
                                           {"ring/V1.pub.pem", "ecdsa-p256-a.pub.pem"},
                                           {"ring/SKETCH.pem", "rsa2048.pub.pem"},
                                           {"others/OTHER.pem", "rsa2048-b.pub.pem"}};
    static const char *const folders[] = {"ring", "digests", "half", "others"};
    int failed = run_begin(group);
    char target[4096], cwd[2048];
    assert_non_null(getcwd(cwd, sizeof(cwd)));
    for (size_t i = 0; i < COUNT(folders); i++) {
        assert_int_equal(mkdir(folders[i], 0777), 0);
    }
    for (size_t i = 0; i < COUNT(links); i++) {
        (void)snprintf(target, sizeof(target), "%s/" KEYS "%s", cwd, links[i][1]);
        assert_int_equal(symlink(target, links[i][0]), 0);
    }
    write_text("ring/README.md", "no key");
    write_digest("ring/DEV.digest", "rsa3072-b", 64);
    write_digest("digests/PROD.digest", "rsa3072-a", 64);
    write_digest("digests/V1.digest", "ecdsa-p256-a", 64);
    write_digest("half/PROD.digest", "rsa3072-a", 32);
    return failed;
}

// ---- verify -------------------------------------------------------------------------------------

static const struct row {
    int status;
    const char *words, *says; // a line of what is printed, or of what is said
} rows[] = {
    // One of the ring.
    {0, APP " --keys ring", "signatures\\[0\\]: rsa3072, .*, by PROD$"},
    {0, APP " --keys digests", "by PROD$"},
    {0, APP " --keys half", "by PROD$"},
    {0, DATA " --keys ring", "by PROD$"},
    {0, TWO_P256 " --keys ring", "not signed: signatures\\[1\\]$"},
    {0, V1 " --keys ring", "signatures\\[0\\]: ecdsa-p256, by V1$"},
    {0, SKETCH " --keys ring", "by SKETCH$"},
    {0, LEGACY " --keys ring", "by SKETCH, in the legacy format"},
    {1, P384 " --keys ring",
     "is signed by a key with the digest [0-9a-f]{16}\\.\\.\\., and by none of the keys in ring "
     "\\(DEV, PROD, SKETCH, V1\\); ."},
    {1, V1 " --keys digests", "public keys there in place of digests"},
    {1, "fixtures/esp_image/good-app-esp32.bin --keys ring", "is not signed"},
    {1, "fixtures/esp8266/good-arduino.bin --keys digests", "is not signed"},
    {1, "fixtures/secure_boot/bad-sig-digest.bin --keys ring",
     "names the key of PROD, but does not"},
    // Those that are named.
    {0, APP " --keys ring --require-key PROD", "by PROD$"},
    {0, THREE " --keys ring --require-key DEV --require-key PROD", "signatures\\[1\\]: .*by DEV$"},
    {0, V1 " --keys ring --require-key V1", "by V1$"},
    {0, SKETCH " --keys ring --require-key SKETCH", "by SKETCH$"},
    {1, APP " --keys ring --require-key DEV", "is signed by PROD, and not by DEV; ."},
    {1, APP " --keys ring --require-key PROD --require-key DEV", "and not by DEV; ."},
    {1, V1 " --keys ring --require-key PROD", "is signed by V1, and not by PROD; ."},
    {1, V1 " --keys digests --require-key V1", "of V1 only the digest is known"},
    {1, SKETCH " --keys ring --require-key PROD", "is signed by SKETCH, and not by PROD"},
    // With keys and digests that are given: each asks for itself.
    {0, APP " --keys ring" GIVEN("rsa3072-a"), "by PROD$"},
    {1, APP " --keys ring" GIVEN("rsa3072-b"), "no good signature by .*rsa3072-b"},
    {1, P384 " --keys ring" GIVEN("ecdsa-p384-a"), "by none of the keys in ring"},
    {0, THREE " --keys ring --require-key DEV" GIVEN("rsa3072-c"),
     "signatures\\[2\\]: .*rsa3072-c"},
    {1, APP " --keys ring --require-key PROD --key-digest 00112233445566778899aabbccddeeff",
     "with this digest"},
    {0, SKETCH " --keys ring" GIVEN("rsa2048"), "by SKETCH$"},
    {1, SKETCH " --keys ring" GIVEN("rsa2048-b"), "no signature by .*rsa2048-b"},
    {1, SKETCH " --keys others" GIVEN("rsa2048"), "by none of the keys in others \\(OTHER\\); ."},
    // So many, whichever; the same key twice is one.
    {0, THREE " --keys ring --require 2", "by DEV$"},
    {1, THREE " --keys ring --require 3", "signed by 2 of the keys"},
    {0, THREE " --keys ring --require 3" GIVEN("rsa3072-c"), "by .*rsa3072-c"},
    {1, THREE " --keys ring --require 3" GIVEN("rsa3072-a"), "signed by 2 of the keys"},
    {0, P384 " --keys ring --require 1" GIVEN("ecdsa-p384-a"), "by .*ecdsa-p384-a"},
    {1, APP " --keys ring --require 1 --require-key DEV", "and not by DEV"},
    {0, SKETCH " --keys ring --require 1", "by SKETCH$"},
    {1, SKETCH " --keys ring --require 2", "has one signature"},
    {0, SKETCH " --keys others --require 1" GIVEN("rsa2048"), "by .*rsa2048"},
    // The first one alone.
    {0, THREE " --keys ring --trust first-block", "by PROD$"},
    {0, THREE " --keys ring --trust first-block --require-key PROD", "by PROD$"},
    {1, THREE " --keys ring --trust first-block --require-key DEV", "not by DEV, whose is behind"},
    {1, APP " --keys ring --trust first-block --require-key DEV", "device looks, is by PROD; ."},
    // Parts.
    {0, "fixtures/rcp_image/good-with-signed-host.bin --part host --keys ring", "host: .*by PROD$"},
    // What cannot be done.
    {2, APP " --keys ring --require-key prod", "'prod' in ring; did you mean 'PROD'\\?"},
    {2, APP " --keys ring --require-key release", "it has DEV, PROD, SKETCH, V1$"},
    {2, APP " --require-key PROD", "add --keys$"},
    {2, APP " --keys nowhere", "nowhere: cannot"},
    {2, APP " --keys fixtures/secure_boot", "secure_boot: has no keys in it; ."},
    {2, APP " --keys " KEYS "rsa3072-a.pub.pem", "is one key.*give --key$"},
    {2, THREE " --keys ring --trust first-block --require-key DEV --require-key PROD",
     "give it once"},
    {2, APP " --keys ring --require-key SKETCH", "SKETCH: is no key that Secure Boot knows"},
    {2, SKETCH " --keys digests", "there is none in digests; ."},
    {2, SKETCH " --keys ring --require-key DEV", "of DEV only the digest is known"},
};

TEST(who_must_have_signed)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        const struct run *said = run("verify %s", r->words);
        if (said->status != r->status || !(says(said->out, r->says) || says(said->err, r->says))) {
            complain("verify %s: %d, not %d with '%s':\n%s%s", r->words, said->status, r->status,
                     r->says, said->out, said->err);
        }
    }
    complaints_end();
}

TEST(json_has_the_name)
{
    want(says(expect(0, "verify " APP " --keys ring --json")->out, "\"by\": \"PROD\""), "no name");
    want(says(expect(0, "inspect " APP " --keys ring --json")->out, "\"value\": \"PROD\""),
         "no name");
}

// ---- inspect ------------------------------------------------------------------------------------

static const struct {
    const char *words, *says;
} shown[] = {
    {THREE " --get signatures[0].key", "^PROD$"},
    {THREE " --get signatures[1].key", "^DEV$"},
    {THREE " --get signatures[1]", ", by DEV$"},
    {THREE " --get signatures[2]", "by none"},
    {V1 " --get signatures[0].key", "^V1$"},
    {SKETCH " --get signature.key", "^SKETCH$"},
    {SKETCH, "by SKETCH$"},
    {P384 " --get signatures[0]", "none of the keys"},
    {P384 GIVEN("ecdsa-p384-a") " --get signatures[0].key", "^" KEYS "ecdsa-p384-a.pub.pem$"},
    {APP GIVEN("rsa3072-a") " --get signatures[0].key", "^PROD$"},
};

TEST(each_signature_has_its_name)
{
    for (size_t i = 0; i < COUNT(shown); i++) {
        const struct run *said = run("inspect --keys ring %s", shown[i].words);
        want(says(said->out, shown[i].says), "it should say %s", shown[i].says);
    }
    expect(2, "inspect " P384 " --keys ring --get signatures[0].key");
    expect(2, "inspect " APP " --keys nowhere");
}

UNIT(key_ring)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_must_have_signed),
        cmocka_unit_test(json_has_the_name),
        cmocka_unit_test(each_signature_has_its_name),
    };
    return cmocka_run_group_tests(tests, make_rings, run_end);
}
