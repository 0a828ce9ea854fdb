# SPDX-License-Identifier: Apache-2.0
# Keys in each form that openssl writes: PKCS#1, SEC1, PKCS#8, with EC parameters before them, and
# encrypted ones with the passphrase from a file or the environment; a warning of keys that others
# can read.
. "$SOURCE/tests/sign-lib.sh"

unsigned good-ecdsa-p256.bin app.bin
cp "$SIGNED/good-ecdsa-p256.bin" expected.bin
pass=$(<"$KEYS/passphrase.txt")

signs=0
# signs NAME ARGUMENT...: with this key the fixture comes out, without a word of the passphrase.
signs() {
    signs_key=$1
    shift
    [ -f "$signs_key.pem" ] || take_key "$signs_key"
    signs=$((signs + 1))
    expect_exit 0 otapack sign app.bin --key "$signs_key.pem" "$@" -o signed.$signs
    refuse_err 'warning: '
    refuse_err "$pass"
    same expected.bin signed.$signs
}
signs ecdsa-p256-a
signs ecdsa-p256-a.params
signs ecdsa-p256-a.pkcs8
encrypted='ecdsa-p256-a.encrypted ecdsa-p256-a.encrypted-aes128 ecdsa-p256-a.encrypted-des3
    ecdsa-p256-a.encrypted-sec1'
printf '%s\n' "$pass" >pass
printf '%s' "$pass" >pass-without-newline
printf '%s\r\nanother line\n' "$pass" >pass-of-windows
printf 'wrong\n' >wrong
for key in $encrypted; do
    for file in pass pass-without-newline pass-of-windows; do
        signs "$key" --passphrase-file $file
    done
    signs "$key" --passphrase-file wrong --passphrase-file pass
    export OTAPACK_PASSPHRASE="$pass"
    signs "$key"
    unset OTAPACK_PASSPHRASE
    # The file comes first; a key that is not encrypted asks for none.
    export OTAPACK_PASSPHRASE=wrong
    signs "$key" --passphrase-file pass
    signs ecdsa-p256-a
    unset OTAPACK_PASSPHRASE
done
signs ecdsa-p256-a --passphrase-file pass
cat pass | signs ecdsa-p256-a.encrypted --passphrase-file -

unsigned good-rsa3072.bin app.bin
for key in rsa3072-a rsa3072-a.pkcs8; do
    take_key $key
    expect_exit 0 otapack sign app.bin --key $key.pem -o signed.bin
    signed_by signed.bin app.bin rsa3072-a
done
for key in rsa3072-a.encrypted rsa3072-a.encrypted-pkcs1; do
    take_key $key
    expect_exit 0 otapack sign app.bin --key $key.pem --passphrase-file pass -o signed.bin
    signed_by signed.bin app.bin rsa3072-a
done

# Two encrypted keys with passphrases of their own: each is tried.
unsigned good-ecdsa-p256.bin app.bin
openssl pkcs8 -topk8 -in "$KEYS/ecdsa-p256-b.pem" -passout pass:other -out b.pem
chmod 600 b.pem
echo other >other
for order in 'pass other' 'other pass'; do
    expect_exit 0 otapack sign app.bin --key ecdsa-p256-a.encrypted.pem --key b.pem \
        --passphrase-file "${order% *}" --passphrase-file "${order#* }" -o signed.bin
    same "$SIGNED/good-ecdsa-p256-x2.bin" signed.bin
done

# Other forms that openssl writes: the curve before the key, a text around it, CRLF, HMACs, ciphers.
{
    echo 'Bag Attributes'
    echo '    friendlyName: release'
    cat "$KEYS/ecdsa-p256-a.pkcs8.pem"
} >around.pem
sed 's/$/\r/' "$KEYS/ecdsa-p256-a.pem" >crlf.pem
for prf in hmacWithSHA1 hmacWithSHA256 hmacWithSHA384 hmacWithSHA512; do
    for cipher in aes-128-cbc aes-192-cbc aes-256-cbc; do
        openssl pkcs8 -topk8 -in "$KEYS/ecdsa-p256-a.pem" -passout file:pass -v2 $cipher \
            -v2prf $prf -iter 1000 -out "e-$prf-$cipher.pem"
    done
done
openssl ec -in "$KEYS/ecdsa-p256-a.pem" -aes128 -passout file:pass -out e-sec1.pem 2>/dev/null
openssl pkey -in "$KEYS/ecdsa-p256-a.pem" -outform DER -out key.der
chmod 600 ./*.pem key.der
for key in around.pem crlf.pem e-*.pem; do
    expect_exit 0 otapack sign app.bin --key "$key" --passphrase-file pass -o signed.bin
    same expected.bin signed.bin
done

# A key on standard input, as from a vault; the image is a file.
expect_exit 0 otapack sign app.bin --key - -o signed.bin <ecdsa-p256-a.pem
same expected.bin signed.bin

# Keys that others can read.
take_key ecdsa-p256-a
for mode in 600:0 400:0 700:0 640:1 644:1 604:1 660:1; do
    chmod "${mode%:*}" ecdsa-p256-a.pem
    expect_exit 0 otapack sign app.bin --key ecdsa-p256-a.pem -o signed.bin
    [ "$(err_lines '^otapack: ecdsa-p256-a\.pem: warning: .*; chmod 600')" -eq "${mode#*:}" ] ||
        fail "with mode ${mode%:*} there should be ${mode#*:} warnings"
    expect_exit 0 otapack sign app.bin --key ecdsa-p256-a.pem --quiet -o signed.bin
    no_err
done
chmod 644 ecdsa-p256-a.encrypted.pem
expect_exit 0 otapack verify signed.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
refuse_err 'warning: '
