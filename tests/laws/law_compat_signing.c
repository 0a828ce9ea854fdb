// SPDX-License-Identifier: Apache-2.0
//
// compat signing takes the command lines of the ESP8266 core's signing.py: signed updates to the
// byte, the header of a key, and what it does in builds that have no keys.
#include "esp8266.h"
#include "product.h"

#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#define GOOD "fixtures/esp8266/"
#define REAL "vectors/esp8266/"
#define SKETCH GOOD "good-arduino.bin"
#define SIGNING "compat signing.py "
#define HEADER "build/core/Updater_Signing.h"

// Status 2, one line that says this, and nothing is written.
static void refused(const char *regex, const char *words)
{
    expect(2, SIGNING "%s", words);
    want_no_out();
    want_one_line();
    want_err(regex);
    want_no_file("new");
}

struct row {
    const char *regex, *words;
};

static void refused_all(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        refused(rows[i].regex, rows[i].words);
    }
}

static void want_err_is(const char *text)
{
    want(strcmp(last_run()->err, text) == 0, "stderr should be: %s", text);
}

// ---- The header ---------------------------------------------------------------------------------

// What the script makes of a public key, said once more.
static void header_of(const char *pem, const char *to)
{
    struct image key = image_load(pem);
    FILE *f = fopen(to, "wb");
    assert_non_null(f);
    (void)fputs("#include <pgmspace.h>\n#define ARDUINO_SIGNING 1\n"
                "static const char signing_pubkey[] PROGMEM = {\n",
                f);
    for (size_t i = 0; i < key.n; i++) {
        (void)fprintf(f, "0x%02x%s\n", key.p[i], i + 1 < key.n ? ", " : "");
    }
    (void)fputs("};\n", f);
    assert_int_equal(fclose(f), 0);
    image_free(&key);
}

// The header is as old as it was made here, and the same file: it was not written again.
static struct stat aged(void)
{
    static const struct utimbuf long_ago = {978307200, 978307200};
    struct stat st;
    assert_int_equal(utime(HEADER, &long_ago), 0);
    assert_int_equal(stat(HEADER, &st), 0);
    return st;
}

static void want_untouched(struct stat before)
{
    struct stat st;
    assert_int_equal(stat(HEADER, &st), 0);
    want(st.st_ino == before.st_ino && st.st_mtime == before.st_mtime, "it was written again");
}

TEST(header)
{
    expect(0, SIGNING "--mode header --publickey public.key --out " HEADER);
    want_no_out();
    want_err_is("Enabling binary signing\n");
    want_same("expected.h", HEADER);
    // What is there already is left alone, so that nothing is compiled anew.
    struct stat before = aged();
    expect(0, SIGNING "-m header -p public.key -o " HEADER);
    want_err_is("Enabling binary signing\n");
    want_untouched(before);
}

// No key, no signing; and the other way round.
TEST(header_of_no_key)
{
    static const char none[] = "#define ARDUINO_SIGNING 0\n";
    char missing[ITEM_ROOM];
    EACH_ITEM(missing, "missing.key|nofolder/missing.key|public.key/missing.key")
    {
        expect(0, SIGNING "--mode=header --publickey=%s --out=" HEADER, missing);
        want_no_out();
        want_no_err();
        want_bytes(HEADER, none, strlen(none));
    }
    struct stat before = aged();
    expect(0, SIGNING "--mode header --publickey missing.key --out " HEADER);
    want_untouched(before);
    expect(0, SIGNING "-mheader -ppublic.key -o" HEADER);
    want_same("expected.h", HEADER);
    expect(0, SIGNING "--mod header --pub public.key --o new.h");
    want_same("expected.h", "new.h");
}

// The script puts the bytes of any file into the header.
TEST(header_of_no_public_key)
{
    static const struct row rows[] = {
        {"ecdsa-p256-a.*ECDSA.*; ", "-m header -p fixtures/keys/ecdsa-p256-a.pub.pem -o new"},
        {"rsa2048\\.pem: is a private key.*; ", "-m header -p rsa2048.pem -o new"},
        {"text\\.key: .*; ", "-m header -p text.key -o new"},
        {"folder", "-m header -p folder -o new"},
        {"folder", "-m header -p public.key -o folder"},
        {"text\\.key", "-m header -p public.key -o text.key/new.h"},
    };
    refused_all(rows, COUNT(rows));
}

// ---- Words --------------------------------------------------------------------------------------

TEST(words)
{
    static const struct row rows[] = {
        {"--mode; ", "--bin text.key --out new --privatekey rsa2048.pem"},
        {"--mode; ", ""},
        {"--mode verify", "-m verify --out new"},
        {"--publickey; ", "-m header -o new"},
        {"--out; ", "-m header -p public.key"},
        {"--privatekey; ", "-m sign -b text.key -o new"},
        {"--bin; ", "-m sign -s rsa2048.pem -o new"},
        {"--out; ", "-m sign -s rsa2048.pem -b text.key"},
        {"--unknown", "-m sign -s rsa2048.pem -b text.key -o new --unknown"},
        {"value", "-m sign -s rsa2048.pem -b text.key -o"},
        {".", "-m sign -s rsa2048.pem -b text.key -o new operand"},
    };
    refused_all(rows, COUNT(rows));
    expect(0, SIGNING "--help");
    want_out("--privatekey FILE");
    expect(0, SIGNING "-m header --help");
    want_out("--privatekey FILE");
}

// ---- Signing ------------------------------------------------------------------------------------

// A private key that is not there: a build without signatures, which the script says nothing of.
TEST(no_private_key)
{
    expect(0, SIGNING "--mode sign --privatekey missing.key --bin text.key --out new --legacy new");
    want_no_out();
    want_one_line();
    want_err("^otapack: missing\\.key: is not there, so nothing was signed; ");
    want_no_file("new");
    expect(0, SIGNING "--mode sign --privatekey missing.key --bin missing.bin --out new");
    want_no_file("new");
}

// A file is what the script makes of this one.
static void want_signed(const char *name, const char *of, enum rsa_form form)
{
    struct image im = image_load(of), expected = update_signed(&im, "rsa2048.pem", form);
    want_bytes(name, expected.p, expected.n);
    image_free(&expected);
    image_free(&im);
}

TEST(signing)
{
    char sketch[ITEM_ROOM], legacy[ITEM_ROOM];
    expect(0, SIGNING "--mode sign --privatekey rsa2048.pem --out sketch.signed --bin " SKETCH
                      " --legacy sketch.legacy");
    want_no_out();
    want_err_is("Signed binary: sketch.signed\nLegacy signed binary: sketch.legacy\n");
    want_signed("sketch.signed", SKETCH, RSA_SHA256);
    want_signed("sketch.legacy", SKETCH, RSA_BARE);
    EACH_ITEM(sketch, SKETCH "|" GOOD "good-gzip.bin")
    {
        EACH_ITEM(legacy, "|--legacy=")
        {
            remove_all("sketch.signed");
            expect(0, SIGNING "-msign -s=rsa2048.pem --bi=%s -osketch.signed %s", sketch, legacy);
            want_err_is("Signed binary: sketch.signed\n");
            want_signed("sketch.signed", sketch, RSA_SHA256);
        }
    }
    remove_all("sketch.signed");
}

// Else all that goes wrong is said by the exit status too, where the script's is 0.
TEST(what_goes_wrong)
{
    static const struct row rows[] = {
        {"text\\.key", "-m sign -s text.key -b " SKETCH " -o new"},
        {"missing\\.bin", "-m sign -s rsa2048.pem -b missing.bin -o new"},
        {"folder", "-m sign -s folder -b " SKETCH " -o new"},
        {"public key", "-m sign -s public.key -b " SKETCH " -o new"},
        {"ecdsa-p256-a", "-m sign -s ecdsa-p256-a.pem -b " SKETCH " -o new"},
        {"text\\.key", "-m sign -s rsa2048.pem -b text.key -o new"},
    };
    refused_all(rows, COUNT(rows));
    expect(1, SIGNING "-m sign -s rsa2048.pem -b " GOOD "good-signed.bin -o new");
    want_one_line();
    want_no_file("new");
}

// Where the legacy file cannot be written or made, neither is.
TEST(both_or_none)
{
    expect(2, SIGNING "-m sign -s rsa2048.pem -b " SKETCH " -o sketch.signed -l folder");
    want_one_line();
    want_no_file("sketch.signed");
    expect(1, SIGNING "-m sign -s rsa2048.pem -b " GOOD "good-gzip.bin -o gz.signed -l gz.old");
    want_one_line();
    want_no_file("gz.signed");
    want_no_file("gz.old");
}

TEST(real_files)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    copy_file(REAL "arduino_private.key", "private.key", 0600);
    expect(0, SIGNING "--mode sign --privatekey private.key --bin " REAL
                      "sketch.bin --out real.signed --legacy real.legacy_sig");
    want_same(REAL "sketch.bin.signed", "real.signed");
    want_same(REAL "sketch.bin.legacy_sig", "real.legacy_sig");
    expect(0, SIGNING "-m sign -s private.key -b " REAL "sketch.bin.gz -o real.gz.signed");
    want_same(REAL "sketch.bin.gz.signed", "real.gz.signed");
    header_of(REAL "arduino_public.key", "real-expected.h");
    expect(0, SIGNING "-m header -p " REAL "arduino_public.key -o real.h");
    want_same("real-expected.h", "real.h");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    copy_file("fixtures/keys/rsa2048.pub.pem", "public.key", 0644);
    header_of("public.key", "expected.h");
    take_key("rsa2048");
    take_key("ecdsa-p256-a");
    text_file("text.key", "text\n");
    fresh_folder("folder");
    return 0;
}

UNIT(compat_signing)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header),
        cmocka_unit_test(header_of_no_key),
        cmocka_unit_test(header_of_no_public_key),
        cmocka_unit_test(words),
        cmocka_unit_test(no_private_key),
        cmocka_unit_test(signing),
        cmocka_unit_test(what_goes_wrong),
        cmocka_unit_test(both_or_none),
        cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
