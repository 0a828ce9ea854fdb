// SPDX-License-Identifier: Apache-2.0
//
// A signed app in what is compressed: with a key it is looked into, as devices do once they have
// unpacked it; and it is signed before, by what the message says.
#include "product.h"

#define APP "fixtures/br/demo_br.bin"
#define KEY "rsa3072-a.pem"
#define PUBLIC "fixtures/keys/rsa3072-a.pub.pem"
#define OTHER "fixtures/keys/rsa3072-b.pub.pem"

static const struct packed_row {
    const char *type, *lacks; // the library, as run_lacks() has it
} packed_rows[] = {{"esp-xz", "compressed"}, {"gzip", "gzip"}, {"zlib", "zlib"}};

// in.yaml, of the app as it is or signed, into this file.
static void pack(const struct packed_row *row, const char *more, const char *file)
{
    text_file("in.yaml", "otapack: 1\noutput: %s\napp: " APP "\ncompress: {type: %s}\n%s", file,
              row->type, more);
    (void)expect(0, "build in.yaml");
}

static void looked_into(const struct packed_row *row)
{
    pack(row, "sign: {keys: [" KEY "]}\n", "signed.bin");
    expect(0, "verify signed.bin --key " PUBLIC);
    want_out("^signed.bin: content: signatures\\[0\\]: rsa3072, .*, by " PUBLIC "$");
    expect(0, "verify signed.bin --part content --key " PUBLIC);
    expect(1, "verify signed.bin --key " OTHER);
    want_err("^otapack: signed.bin: content: there is no good signature by " OTHER "; ");
    expect(0, "verify signed.bin");
    want_out("; --key tells whose signature it has$");
    expect(0, "inspect --brief signed.bin");
    want_out("^  signed +RSA-3072 signature, consistent");
    pack(row, "", "plain.bin");
    expect(1, "verify plain.bin --key " PUBLIC);
    want_err("^otapack: plain.bin: content: is not signed.*; sign it with otapack sign, before it "
             "is packed$");
    expect(0, "inspect --brief plain.bin");
    want_out("^  signed +no$");
}

static void not_signed_so(const struct packed_row *row)
{
    static const char *const files[] = {"signed.bin", "plain.bin"};
    for (size_t i = 0; i < COUNT(files); i++) {
        remove_all("out");
        (void)expect(2, "sign %s --key " KEY " -o out", files[i]);
        want_one_line();
        want_err("the app is signed before it is compressed; sign it, and compress that, as a "
                 "recipe with sign and compress does");
        want(says(last_run()->err, "write --scheme secure-boot-v2-data$") ==
                 (strcmp(row->type, "esp-xz") == 0),
             "the signature behind %s", row->type);
        (void)expect(2, "sign %s --key " KEY " --part content -o out", files[i]);
        want_err("the app is signed before it is compressed; ");
        (void)expect(2, "sign %s --digest-only --public-key " PUBLIC " -o out", files[i]);
        want_err("the app is signed before it is compressed; ");
        want_no_file("out");
    }
}

TEST(packed_and_signed)
{
    take_key("rsa3072-a");
    for (size_t i = 0; i < COUNT(packed_rows); i++) {
        if (!run_lacks(packed_rows[i].lacks)) {
            looked_into(&packed_rows[i]);
            not_signed_so(&packed_rows[i]);
        }
    }
}

// What the message says of xz: the other signature, behind the compressed file; then that is the
// one which is looked at, as the bootloader does first, also behind an app's header.
TEST(signed_behind_it)
{
    take_key("rsa3072-a");
    run_needs("compressed");
    pack(&packed_rows[0], "", "plain.bin");
    expect(0, "sign plain.bin --key " KEY " --scheme secure-boot-v2-data -o behind.bin");
    expect(0, "verify behind.bin --key " PUBLIC);
    want_out("^behind.bin: signatures\\[0\\]");
    text_file("front.yaml", "otapack: 1\noutput: front.bin\nimage: behind.bin\n"
                            "compress: {type: esp-xz, app_header: true}\n");
    expect(0, "build front.yaml");
    expect(0, "verify front.bin --key " PUBLIC);
    want_out("^front.bin: image: signatures\\[0\\]");
    expect(1, "verify front.bin --key " OTHER);
}

// Layers around it are opened as ever.
TEST(packed_and_encrypted)
{
    take_key("rsa3072-a");
    take_key("ecdsa-p256-a");
    run_needs("compressed");
    pack(&packed_rows[0],
         "sign: {keys: [" KEY "]}\nencrypt: {key: fixtures/keys/ecdsa-p256-a.pub.pem}\n",
         "closed.bin");
    expect(0, "verify closed.bin --decrypt-key ecdsa-p256-a.pem --key " PUBLIC);
    want_out("^closed.bin: content.content: signatures\\[0\\]");
    expect(2, "verify closed.bin --key " PUBLIC);
    want_err("verify it with --decrypt-key");
}

UNIT(sign_packed)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(packed_and_signed),
                                       cmocka_unit_test(signed_behind_it),
                                       cmocka_unit_test(packed_and_encrypted)};
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
