# SPDX-License-Identifier: Apache-2.0
# key digest: what eFuses have of a key, in hexadecimal and raw, of a private and of a public key;
# the same that inspect shows of a block, and that espsecure computes.
. "$SOURCE/tests/sign-lib.sh"

key_digests rsa3072-a ecdsa-p192-a ecdsa-p256-a ecdsa-p384-a
for scheme in $SCHEMES; do
    expected=${DIGESTS[$scheme-a]}
    hex_bytes "$expected" >expected.bin
    for key in "$KEYS/$scheme-a.pem" "$KEYS/$scheme-a.pub.pem"; do
        expect_exit 0 otapack key digest "$key" -q
        no_err
        out_is "$expected"
        count_lines out
        [ $count -eq 1 ] || fail 'not one line'
        expect_exit 0 otapack key digest "$key" -q --format hex -o digest.txt
        no_out
        [ "$(<digest.txt)" = "$expected" ] || fail 'another digest in the file'
        expect_exit 0 otapack key digest "$key" -q -F raw
        same expected.bin out
        expect_exit 0 otapack key digest "$key" -q -F raw -o digest.bin
        same expected.bin digest.bin
    done
    [ "$("$OTAPACK" inspect "$SIGNED/good-$scheme.bin" --get 'signatures[0].key_digest')" = \
        "$expected" ] || fail "inspect shows another digest of $scheme"
done
expect_exit 0 otapack key digest "$KEYS/ecdsa-p256-a.pub.bin"
out_is "${DIGESTS[ecdsa-p256-a]}"
expect_exit 0 otapack key digest "$KEYS/ecdsa-p256-a.encrypted.pem" -q \
    --passphrase-file "$KEYS/passphrase.txt"
out_is "${DIGESTS[ecdsa-p256-a]}"
OTAPACK_PASSPHRASE=$(<"$KEYS/passphrase.txt") expect_exit 0 \
    otapack key digest "$KEYS/rsa3072-a.encrypted.pem" -q
out_is "${DIGESTS[rsa3072-a]}"

for key in rsa2048.pub ecdsa-p521 ed25519 corrupt no-key; do
    expect_exit 2 otapack key digest "$KEYS/$key.pem" -o new.txt
    expect_one_line_err
    expect_err "$key\\.pem: .+; ."
    no_file new.txt
done
expect_exit 2 otapack key digest missing.pem
expect_one_line_err
expect_exit 2 otapack key digest "$KEYS/ecdsa-p256-a.pub.pem" --format pem
expect_one_line_err
no_out
expect_exit 2 sh -c '"$OTAPACK" key digest "$FIXTURES/keys/ecdsa-p256-a.pub.pem" >/dev/full'

have_vectors || exit 0
real=$VECTORS/secure-boot
for key in rsa3072 ec_p192 ec_p256 ec_p384; do
    for form in pem pub.pem; do
        expect_exit 0 otapack key digest "$real/keys/${key}_1.$form" -q --format raw
        same "$real/digest_$key.bin" out
    done
    [ "$(secure_boot key-digest "$real/keys/${key}_1.pub.pem")" = \
        "$(od -An -v -tx1 "$real/digest_$key.bin" | tr -d ' \n')" ] ||
        fail "secure_boot.py is wrong about $key"
done
