# SPDX-License-Identifier: Apache-2.0
# --decrypt-key with a key in a token (SoftHSM): what is inside is judged, and another key is the answer
# no. A token that fails says nothing of the file: exit status 2, one line, and no verdict.
. "$SOURCE/tests/softhsm-lib.sh"

with_shim
new_token release
import_key release 01 rsa "$KEYS/rsa3072-a.pem"
import_key release 03 other "$KEYS/rsa3072-b.pem"
import_key release 05 signs "$KEYS/ecdsa-p256-a.pem"
import_derive release 02 ec "$KEYS/ecdsa-p256-a.pem"
files=$FIXTURES/esp_encrypted_img
key() { uri "token=release;object=$1"; }

for kind in rsa ec; do
    file=$files/good-${kind/ec/ecies}.bin
    expect_exit 0 otapack verify "$file" --decrypt-key "$(key $kind)"
    no_err
    expect_exit 0 otapack inspect -v "$file" --decrypt-key "$(key $kind)"
    expect_out '^ +.*encrypted-tag encrypted-first-read'
    refuse_out "$PIN"
    expect_exit 0 otapack extract "$file" content -o content.bin --decrypt-key "$(key $kind)"
    [ "$(size_of content.bin)" = 300 ] || fail 'the content'
    rm content.bin
done
expect_exit 1 otapack verify "$files/good-rsa.bin" --decrypt-key "$(key other)"
# A token of OpenSSL 3.2 gives bytes by chance rather than an error, which now and then have the right length.
expect_err '\[encrypted-(key|tag)\]$'

# cannot TEXT OBJECT FILE: each verb says it in one line, with the file, and says nothing else.
cannot() {
    for verb in inspect verify extract; do
        expect_exit 2 otapack "$verb" "$3" --decrypt-key "$(key "$2")"
        no_out
        expect_one_line_err
        expect_err "^otapack: $3: pkcs11:.*: cannot decrypt: .*$1.*; ."
        refuse_err '\[encrypted-'
        refuse_err "$PIN"
    done
    no_file "${3##*/}.parts"
    expect_exit 2 otapack verify --json "$3" --decrypt-key "$(key "$2")"
    expect_out '"verdict": "error"'
    expect_exit 2 otapack inspect --json "$3" --decrypt-key "$(key "$2")"
    expect_out '"error": ".*cannot decrypt'
}
for trouble in removed:'was removed' error:'PKCS#11 error 0x80000007'; do
    SHIM=${trouble%%:*}
    cannot "${trouble#*:}" rsa "$files/good-rsa.bin"
    cannot "${trouble#*:}" ec "$files/good-ecies.bin"
done
SHIM=secret
cannot 'keeps the secret of ECDH to itself' ec "$files/good-ecies.bin"
SHIM=none
cannot 'must not do that' signs "$files/good-ecies.bin"

# The other files are judged all the same; what is not encrypted needs no token.
SHIM=error
expect_exit 2 otapack verify "$files/good-rsa.bin" "$files/bad-encrypted-data.bin" \
    --decrypt-key "$(key rsa)"
expect_err '\[encrypted-data\]$'
expect_exit 2 otapack inspect "$FIXTURES/esp_image/good-app-esp32h2.bin" --decrypt-key "$(key rsa)"
expect_err 'no check can use --decrypt-key; leave it out$'
