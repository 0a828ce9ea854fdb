// SPDX-License-Identifier: Apache-2.0
//
// What esp8266_sign.h declares: the files, and what a signed one has to be.
#include "esp8266_sign.h"

int sign_begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    (void)unsetenv("OTAPACK_PASSPHRASE");
    take_key("rsa2048");
    take_key("rsa2048-b");
    take_key("rsa3072-a");
    take_key("ecdsa-p256-a");
    copy_file(GOOD "good-arduino.bin", "sketch.bin", 0644);
    copy_file(GOOD "good-gzip.bin", "sketch.gz", 0644);
    copy_file(GOOD "good-v1.bin", "v1.bin", 0644);
    return 0;
}

void made_by(const char *file, const char *covered, const char *key, enum rsa_form form)
{
    struct image bytes = image_load(covered), expected = update_signed(&bytes, key, form);
    want_bytes(file, expected.p, expected.n);
    image_free(&bytes);
    image_free(&expected);
}

void sign_with(const char *key, enum rsa_form form, const char *file)
{
    struct image bytes = image_load(file), signature = rsa_signature(key, form, &bytes);
    image_save(&signature, "signature.bin");
    image_free(&bytes);
    image_free(&signature);
}

static void refused_line(int status, const char *regex, const char *words)
{
    expect(status, "sign %s -o made/signed.bin", words);
    want_no_out();
    // Failed checks have a line each, and one at the end.
    if (strstr(last_run()->err, ": not written: ") == NULL) {
        want_one_line();
    }
    want_err(regex);
    want_err("; .|cannot (open|read): "); // the system's words have no remedy
}

void refuse_sign(int status, const char *regex, const char *words)
{
    static const char earlier[] = "an earlier image\n";
    fresh_folder("made");
    refused_line(status, regex, words);
    want_folder("made", 0);
    text_file("made/signed.bin", "%s", earlier);
    refused_line(status, regex, words);
    want_bytes("made/signed.bin", earlier, strlen(earlier));
    want_folder("made", 1);
}
