# SPDX-License-Identifier: Apache-2.0
# Keys in a token sign updates for an ESP8266 too: RSA of each size, in both schemes, with the bytes
# that openssl gives; and no others.
. "$SOURCE/tests/softhsm-lib.sh"

new_token release
sketch=$FIXTURES/esp8266/good-arduino.bin
cp "$KEYS/rsa2048.pem" rsa2048.pem
cp "$KEYS/rsa3072-a.pem" rsa3072.pem
cp "$SOURCE/tests/rsa4096.pem" rsa4096.pem
openssl genrsa -out rsa1024.pem 1024 2>/dev/null
openssl dgst -sha256 -binary -out digest.bin "$sketch"

# signs SCHEME BITS: what the token signs is what openssl signed: signature.bin.
signs() {
    {
        cat "$sketch" signature.bin
        u32le $(($2 / 8))
    } >expected.bin
    expect_exit 0 otapack sign "$sketch" --scheme "$1" -q -o signed.bin \
        --key "$(uri "token=release;object=rsa$2")"
    no_err
    same expected.bin signed.bin
}
id=1
for bits in 1024 2048 3072 4096; do
    import_key release 0$id rsa$bits rsa$bits.pem
    id=$((id + 1))
    openssl dgst -sha256 -sign rsa$bits.pem -out signature.bin "$sketch"
    signs esp8266-rsa $bits
    openssl pkeyutl -sign -inkey rsa$bits.pem -in digest.bin -out signature.bin
    signs esp8266-rsa-legacy $bits
    openssl pkey -in rsa$bits.pem -pubout -out public.pem
    expect_exit 0 otapack key public "$(uri "token=release;object=rsa$bits")"
    same public.pem out
done

import_key release 09 ec "$KEYS/ecdsa-p256-a.pem"
expect_exit 2 otapack sign "$sketch" --scheme esp8266-rsa -o new.bin \
    --key "$(uri 'token=release;object=ec')"
expect_one_line_err
expect_err 'object=ec.*: is an ECDSA.*; .*RSA'
no_file new.bin
