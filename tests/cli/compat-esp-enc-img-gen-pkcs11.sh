# SPDX-License-Identifier: Apache-2.0
# What was encrypted for a key in a token (SoftHSM) is decrypted there: RSA, and ECDH; its public key
# encrypts; what the token says of another key, or of a key that must not do it.
. "$SOURCE/tests/softhsm-lib.sh"

APP=$FIXTURES/esp_image/good-app-esp32c6.bin
gen() { otapack compat esp_enc_img_gen "$@"; }
new_token release
import_key release 01 rsa "$KEYS/rsa3072-a.pem"
import_key release 03 other-rsa "$KEYS/rsa3072-b.pem"
import_key release 05 signs "$KEYS/ecdsa-p256-a.pem"

import_derive release 02 ec "$KEYS/ecdsa-p256-a.pem"
import_derive release 04 other-ec "$KEYS/ecdsa-p256-b.pem"

for key in rsa:rsa3072-a ec:ecdsa-p256-a; do
    uri=$(uri "token=release;object=${key%%:*}")
    expect_exit 0 gen encrypt "$APP" "$KEYS/${key#*:}.pub.pem" image.enc
    expect_exit 0 gen decrypt image.enc "$uri" back.bin
    refuse_err "$PIN"
    same "$APP" back.bin
    expect_exit 0 gen encrypt "$APP" "$uri" image.enc
    expect_exit 0 gen decrypt image.enc "$KEYS/${key#*:}.pem" back.bin
    same "$APP" back.bin
    expect_exit 1 gen decrypt image.enc "$(uri "token=release;object=other-${key%%:*}")" none
    expect_one_line_err
    # OpenSSL 3.2 gives bytes by chance rather than an error, which now and then have the right length.
    expect_err 'other-(rsa|ec): (is not the key that this was encrypted for|does not decrypt this: the tag)'
    refuse_err "$PIN"
    [ ! -e none ] || fail 'written all the same'
done

# A key that may only sign.
expect_exit 0 gen encrypt "$APP" "$(uri 'token=release;object=signs')" image.enc
expect_exit 2 gen decrypt image.enc "$(uri 'token=release;object=signs')" none
expect_one_line_err
expect_err 'cannot decrypt: the key must not do that \(CKA_DECRYPT, or CKA_DERIVE, is false\); '
