# SPDX-License-Identifier: Apache-2.0
# Tokens with troubles that SoftHSM does not have, by a module around it: a PIN that is locked, or at
# its last try; a token that goes away when it should sign, or signs in a way that is of no use.
. "$SOURCE/tests/softhsm-lib.sh"

with_shim

new_token release
import_key release 01 rsa "$KEYS/rsa3072-a.pem"
import_key release 02 ec "$KEYS/ecdsa-p256-a.pem"
echo 9999 >wrong
ec='token=release;object=ec'

unsigned good-rsa3072.bin app.bin
SHIM=no-pss
refused 'cannot make such signatures; ' "$(uri 'token=release;object=rsa')"

unsigned good-ecdsa-p256.bin app.bin
SHIM=locked
refused 'PIN is locked; ' "$(uri "$ec")"
SHIM=no-pin
refused 'no user PIN yet; ' "$(uri "$ec")"
SHIM=final
refused 'PIN is wrong.* one try is left' "$(uri "$ec" pin-source=wrong)"
SHIM=removed
refused 'was removed.*; ' "$(uri "$ec")"
SHIM=error
refused 'PKCS#11 error 0x80000007.*; ' "$(uri "$ec")"
SHIM=short
refused 'signature of 63 bytes.*; ' "$(uri "$ec")"

# With a warning first, so in two lines: the last try.
SHIM=locks
expect_exit 2 otapack sign app.bin --key "$(uri "$ec" pin-source=wrong)" -o made/signed.bin
expect_err 'warning: one try is left'
expect_err 'PIN is wrong and the token has locked it; '
folder_is made
expect_exit 0 otapack sign app.bin --key "$(uri "$ec")" -o signed.bin
expect_err 'warning: one try is left'

# No trouble, though unusual: a PIN that is entered at the token; a point without a wrapping.
SHIM=keypad
expect_exit 0 otapack sign app.bin --key "$(uri "$ec" pin-source=nofile)" -o signed.bin
expect_err 'keypad'
SHIM=raw
expect_exit 0 otapack key public "$(uri "$ec")"
same "$KEYS/ecdsa-p256-a.pub.pem" out
