# SPDX-License-Identifier: Apache-2.0
# What can be wrong with a key in a token: the URI, the module, the token, the key, the PIN, and that
# it goes away meanwhile. Each is said clearly, with status 2; nothing is written.
. "$SOURCE/tests/softhsm-lib.sh"

new_token release
import_key release 01 rsa "$KEYS/rsa3072-a.pem"
import_key release 02 ec "$KEYS/ecdsa-p256-a.pem"
import_key release 03 small "$KEYS/rsa2048.pem"
openssl genrsa -out rsa1536.pem 1536 2>/dev/null
import_key release 08 odd rsa1536.pem
import_key release 04 lonely "$KEYS/ecdsa-p256-b.pem"
import_key release 05 twin "$KEYS/ecdsa-p256-a.pem"
import_key release 06 twin "$KEYS/ecdsa-p256-b.pem"
import_key release 07 p521 "$KEYS/ecdsa-p521.pem"
token_tool release --delete-object --type pubkey --id 04
unsigned good-ecdsa-p256.bin app.bin

# refused_public REGEX URI: by sign, which says so in one line, "what is wrong; what to do", and by what needs only the public key.
refused_public() {
    refused "$@"
    expect_exit 2 otapack key public "$2"
    no_out
    expect_err "^otapack: .*($1)"
    expect_exit 2 otapack verify "$FIXTURES/secure_boot/good-ecdsa-p256.bin" --key "$2"
    expect_err "^otapack: .*($1)"
}

# The URI.
refused_public 'no PKCS#11 URI' "$(uri token)"
refused_public 'no PKCS#11 URI' "$(uri token=%zz)"
refused_public 'attribute' "$(uri 'token=release;shape=round')"
refused 'type=' "$(uri 'token=release;object=ec;type=public')"
refused_public 'type=' "$(uri 'token=release;object=ec;type=cert')"
refused_public 'pin-source=FILE' "$(uri 'token=release;object=ec' "pin-value=$PIN")"
refused_public 'pin-source=FILE' "$(uri "token=release;pin-value=$PIN;object=ec")"
# Blanks in the middle of a name mean nothing to p11-kit.
refused_public 'pin-source=FILE' "$(uri 'token=release;object=ec' "pin- value=$PIN")"
refused_public 'pin-source=FILE' "$(uri 'token=release;object=ec' "p"$'\n'"in-value=$PIN")"

# The module.
refused_public 'cannot load .*/nofile\.so' 'pkcs11:object=ec?module-path=/nofile.so'
refused_public "cannot load .*$PWD/app\.bin" "pkcs11:object=ec?module-path=$PWD/app.bin"
refused_public "no PKCS#11 module 'nosuch'" 'pkcs11:object=ec?module-name=nosuch'
(
    SOFTHSM2_CONF=$PWD/nofile.conf
    refused_public 'module .* does not start|no token' "$(uri 'token=release;object=ec')"
)

# The token.
refused_public 'no such token; .*token=release' "$(uri 'token=absent;object=ec')"
refused_public 'no such token' "$(uri 'token=release;serial=0000;object=ec')"
mkdir no-tokens
sed 's/tokens$/no-tokens/' softhsm2.conf >no-tokens.conf
(
    SOFTHSM2_CONF=$PWD/no-tokens.conf
    refused_public 'no token at all' "$(uri 'object=ec')"
)

# The key.
refused_public 'no such private key; .*object=rsa' "$(uri 'token=release;object=absent')"
refused_public 'no such private key; ' "$(uri 'token=release;object=ec;id=%01')"
refused_public '2 (private|public) keys .*fit; .*id=%05;object=twin' \
    "$(uri 'token=release;object=twin')"
refused_public '[0-9] (private|public) keys .*fit; ' "$(uri 'token=release')"
refused_public 'RSA key of 1536 bits; .*3072' "$(uri 'token=release;object=odd')"
# One that Secure Boot does not know, though otapack does.
refused 'object=small: is no key that Secure Boot knows; .*3072' "$(uri 'token=release;object=small')"
expect_exit 0 otapack key public "$(uri 'token=release;object=small')"
same "$KEYS/rsa2048.pub.pem" out
expect_exit 2 otapack key digest "$(uri 'token=release;object=small')"
expect_one_line_err
expect_err 'object=small: is no key that Secure Boot knows; '
refused_public 'another curve.*; .*P-256' "$(uri 'token=release;object=p521')"
refused_public 'without its public one; .*--type pubkey' "$(uri 'token=release;object=lonely')"
new_token empty
refused_public 'has no private key' "$(uri 'token=empty')"
new_token twins
new_token twins
refused_public '2 tokens fit; .*serial=' "$(uri 'token=twins;object=ec')"

# The PIN, which is tried only once.
echo 9999 >wrong
echo 1 >too-short
: >empty
ec='token=release;object=ec'
refused 'PIN is wrong' "$(uri "$ec" pin-source=wrong)"
refuse_err 9999
refused 'PIN is wrong' "$(uri "$ec" pin-source=too-short)"
refused 'empty' "$(uri "$ec" pin-source=empty)"
refused 'nofile' "$(uri "$ec" pin-source=file:nofile)"
refused 'command' "$(uri "$ec" 'pin-source=|touch%20made/ran')"
refused 'command' "$(uri "$ec" 'pin-source=%7Ctouch%20made/ran')"
(
    export OTAPACK_PIN=9999
    refused 'PIN is wrong' "$(uri "$ec" '')"
    refuse_err 9999
)
if command -v setsid >/dev/null 2>&1; then # without a terminal to ask on
    expect_exit 2 setsid -w "$OTAPACK" sign app.bin --key "$(uri "$ec" '')" -o made/signed.bin
    expect_err "'release'.*; .*pin-source=FILE"
    folder_is made
fi

# The token is removed while otapack waits for the PIN.
cp -R tokens kept
mkfifo slow-pin
"$OTAPACK" sign app.bin --key "$(uri "$ec" pin-source=slow-pin)" -o made/signed.bin \
    >removed.out 2>removed.err &
waiting=$!
# Opening the pipe waits until otapack has opened it too.
timeout 60 sh -c 'exec >slow-pin; rm -rf tokens/*; echo "$1"' sh "$PIN" ||
    fail 'otapack did not ask for the PIN'
status=0
wait $waiting || status=$?
mv removed.out out
mv removed.err err
[ $status -eq 2 ] || fail "exit status $status instead of 2 where the token is removed"
no_out
expect_one_line_err
expect_err 'was removed.*; '
folder_is made
cp -R kept/. tokens
