// SPDX-License-Identifier: Apache-2.0
//
// An app for the ESP32 family in gzip may be for an app that unpacks it. Signed as an update for an
// ESP8266, which has to be said, it is none of these: eboot unpacks it, and nothing starts any
// more.
#include "product.h"

#define PACKED "fixtures/esp8266/bad-app-compressed.bin"

TEST(an_app_signed_for_an_esp8266)
{
    take_key("rsa2048");
    (void)expect(0, "verify " PACKED);
    want(says(last_run()->err, "warning: .*[[]app-compressed[]]$"), "no warning");
    (void)expect(2, "sign --quiet --key rsa2048.pem -o a.bin " PACKED);
    want(says(last_run()->err, "the app is signed before it is compressed"), "sign: no remedy");
    (void)expect(1, "sign --quiet --key rsa2048.pem --scheme esp8266-rsa -o a.bin " PACKED);
    want(says(last_run()->err, "[[]gzip-content[]]$"), "sign: another reason");
    want_no_file("a.bin");
    (void)expect(1, "compat signing --mode sign --bin " PACKED
                    " --out a.bin --privatekey rsa2048.pem");
    want(says(last_run()->err, "[[]gzip-content[]]$"), "compat signing: another reason");
    want_no_file("a.bin");
    (void)expect(0, "sign --quiet --allow gzip-content --key rsa2048.pem --scheme esp8266-rsa "
                    "-o a.bin " PACKED);
    (void)expect(1, "verify a.bin");
    want(says(last_run()->err, "[[]gzip-content[]]$"), "verify: another reason");
}

UNIT(esp8266_other_chip)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_app_signed_for_an_esp8266),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
