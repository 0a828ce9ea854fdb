# SPDX-License-Identifier: Apache-2.0
# sign and verify of ESP8266 updates: what openssl and signing.py make and verify, the old format,
# signatures made elsewhere, keys that are not the one; each mistake that people make is told in a line
# that says what to do.
. "$SOURCE/tests/sign-lib.sh"

GOOD=$FIXTURES/esp8266
A=$KEYS/rsa2048.pub.pem B=$KEYS/rsa2048-b.pub.pem
take_key rsa2048 rsa2048-b rsa3072-a ecdsa-p256-a
cp "$GOOD/good-arduino.bin" sketch.bin
cp "$GOOD/good-gzip.bin" sketch.gz
cp "$GOOD/good-v2.bin" v2.bin
cp "$GOOD/good-v1.bin" v1.bin

# trailer SIGNATURE: with its length, to stdout.
trailer() {
    cat "$1"
    u32le "$(size_of "$1")"
}
made_by() { # made_by FILE COVERED KEY [legacy]: FILE is COVERED and what openssl signs it with
    if [ "${4-}" = legacy ]; then
        openssl dgst -sha256 -binary "$2" >made.digest
        openssl pkeyutl -sign -inkey "$3" -in made.digest -out made.sig
    else
        openssl dgst -sha256 -sign "$3" -out made.sig "$2"
    fi
    { cat "$2"; trailer made.sig; } >made.bin
    same made.bin "$1"
}

# ---- Signing ------------------------------------------------------------------------------------

expect_exit 2 otapack sign v2.bin --key rsa2048.pem -o signed.bin
expect_err 'v2.bin: .*no .*ESP8266 update' # the Arduino core takes no first byte of 0xEA
for file in sketch.bin sketch.gz v1.bin; do
    cp $file before.bin
    expect_exit 0 otapack sign $file --scheme esp8266-rsa --key rsa2048.pem -o signed.bin
    made_by signed.bin $file rsa2048.pem
    same before.bin $file
    expect_exit 0 otapack verify signed.bin --key "$A"
    expect_out ': ok'
    # The scheme is known from what is signed.
    expect_exit 0 otapack sign $file --key rsa2048.pem -o again.bin
    same signed.bin again.bin
done
expect_exit 0 otapack sign sketch.bin --scheme esp8266-rsa-legacy --key rsa2048.pem -o legacy.bin
made_by legacy.bin sketch.bin rsa2048.pem legacy
same "$GOOD/good-signed-legacy.bin" legacy.bin
expect_exit 0 otapack sign sketch.bin --key rsa3072-a.pem -o signed.bin
made_by signed.bin sketch.bin rsa3072-a.pem
# Other sizes of RSA, which the core takes too.
for bits in 1024 4096; do
    openssl genrsa -out $bits.pem $bits 2>/dev/null
    chmod 600 $bits.pem
    openssl pkey -in $bits.pem -pubout -out $bits.pub.pem
    status=0
    otapack sign sketch.bin --key $bits.pem -o $bits.bin >out 2>err || status=$?
    if [ "$status" -eq 0 ]; then
        made_by $bits.bin sketch.bin $bits.pem
        expect_exit 0 otapack verify $bits.bin --key $bits.pub.pem
    else
        expect_one_line_err
        expect_err '; .'
    fi
done
# In place.
cp sketch.bin inplace.bin
expect_exit 0 otapack sign inplace.bin --key rsa2048.pem
same "$GOOD/good-signed.bin" inplace.bin
# Encrypted.
openssl pkey -in rsa2048.pem -aes256 -passout 'pass:correct horse' -out encrypted.pem
chmod 600 encrypted.pem
expect_exit 0 otapack sign sketch.bin --key encrypted.pem --passphrase-file \
    "$KEYS/passphrase.txt" -o signed.bin
same "$GOOD/good-signed.bin" signed.bin

# Signed already: --replace takes the signature's place; without it nothing happens.
refuse_sign 1 'signed already.*--replace' "$GOOD/good-signed.bin" --key rsa2048-b.pem
refuse_sign 1 'signed already.*--replace' "$GOOD/good-gzip-signed.bin" --key rsa2048-b.pem
expect_exit 0 otapack sign "$GOOD/good-signed.bin" --replace --key rsa2048-b.pem -o signed.bin
made_by signed.bin sketch.bin rsa2048-b.pem
expect_exit 0 otapack sign "$GOOD/good-signed.bin" --replace --key rsa3072-a.pem -o signed.bin
made_by signed.bin sketch.bin rsa3072-a.pem
expect_exit 0 otapack sign signed.bin --replace --scheme esp8266-rsa-legacy --key rsa2048.pem -o \
    again.bin
same legacy.bin again.bin
expect_exit 0 otapack sign "$GOOD/good-gzip-signed.bin" --replace --key rsa2048.pem -o signed.bin
same "$GOOD/good-gzip-signed.bin" signed.bin

# ---- Verifying ----------------------------------------------------------------------------------

for file in good-signed good-gzip-signed good-signed-v1; do
    for key in "$A" rsa2048.pem; do
        expect_exit 0 otapack verify "$GOOD/$file.bin" --key "$key"
        expect_out "signature.*by $key"
        expect_out ': ok'
    done
    for key in "$B" "$KEYS/rsa3072-a.pub.pem"; do
        expect_exit 1 otapack verify "$GOOD/$file.bin" --key "$key"
        expect_err '^otapack: .+; .+ \[esp8266-signature\]$'
        refuse_out ': ok'
    done
    # One of several.
    expect_exit 0 otapack verify "$GOOD/$file.bin" --key "$B" --key "$A" --require 1
    expect_exit 1 otapack verify "$GOOD/$file.bin" --key "$B" --key "$A"
    expect_exit 1 otapack verify "$GOOD/$file.bin" --key "$B" --key "$KEYS/rsa3072-a.pub.pem" \
        --require 1
    expect_exit 2 otapack verify "$GOOD/$file.bin" --require-signed
    expect_err 'nothing without the key; add --key'
done
expect_exit 0 otapack verify "$GOOD/good-signed-legacy.bin" --key "$A"
expect_err 'warning: .+; .+ \[esp8266-sig-legacy\]$'
expect_exit 1 otapack verify "$GOOD/bad-esp8266-sig-legacy-gzip.bin" --key "$A"
expect_err '\[esp8266-sig-legacy-gzip\]$'
expect_exit 1 otapack verify "$GOOD/bad-esp8266-sig-content.bin" --key "$A"
expect_err '\[esp8266-sig-content\]$'
for file in good-arduino good-gzip good-v1; do
    for options in "--key $A" --require-signed; do
        # shellcheck disable=SC2086
        expect_exit 1 otapack verify "$GOOD/$file.bin" $options
        expect_one_line_err
        expect_err "$file\\.bin: .*not signed"
    done
done
# The same key under two names is one.
expect_exit 0 otapack verify "$GOOD/good-signed.bin" --key "$A" --key rsa2048.pem

# by_openssl FILE SIGNED: signed with all that is in it, whatever that is.
by_openssl() {
    openssl dgst -sha256 -sign rsa2048.pem -out by_openssl.sig "$1"
    { cat "$1" by_openssl.sig; u32le 256; } >"$2"
}
# What fills the last sector is signed along, if it is there, and no part of the signature.
{ cat "$GOOD/good-arduino.bin"; fill $((8192 - 4368)); } >filled.bin
by_openssl filled.bin filled.signed
expect_exit 0 otapack verify filled.signed
expect_exit 0 otapack verify filled.signed --key "$A"
expect_exit 0 otapack sign filled.bin --key rsa2048.pem -o dropped.signed
same "$GOOD/good-signed.bin" dropped.signed
# Other bytes that are signed along are what they are without a signature.
{ cat "$GOOD/good-arduino.bin"; bytes 1 2 3 4; } >more.bin
by_openssl more.bin more.signed
expect_exit 1 otapack verify more.signed --key "$A"
expect_err '\[esp8266-trailing\]$'
refuse_err 'sig-length'
# Behind gzip's end, eboot reads the length of what it unpacks to from them.
{ cat "$GOOD/good-gzip.bin"; fill 16; } >more.bin
by_openssl more.bin more.signed
expect_exit 1 otapack verify more.signed --key "$A" --allow esp8266-sig-length
expect_err '\[gzip-trailing\]$'

# A signature inside of what is compressed is none.
expect_exit 1 otapack verify "$GOOD/bad-esp8266-sig-inside.bin" --key "$A"
expect_err 'not signed|\[esp8266-sig-inside\]'
# One bit anywhere.
for at in 2 100 4095 4367 4368 4500 4623; do
    cp "$GOOD/good-signed.bin" bad.bin
    poke bad.bin $at $(($(u8 bad.bin $at) ^ 16))
    expect_exit 1 otapack verify bad.bin --key "$A"
    expect_err '^otapack: bad\.bin: .+; .'
    refuse_out ': ok'
done
# A key of another kind cannot be the one.
expect_exit 2 otapack verify "$GOOD/good-signed.bin" --key "$KEYS/ecdsa-p256-a.pub.pem"
expect_one_line_err
expect_err 'ecdsa-p256-a\.pub\.pem: .*RSA.*; .'
expect_exit 2 otapack verify "$GOOD/good-signed.bin" --key missing.pem
expect_one_line_err

# ---- Signatures made elsewhere ------------------------------------------------------------------

for file in sketch.bin sketch.gz; do
    expect_exit 0 otapack sign $file --digest-only --public-key "$A" -o data.bin
    same $file data.bin
    expect_out "^digest: $(sha256_of $file)\$"
    expect_out "^size: $(size_of $file)\$"
    expect_out 'openssl dgst -sha256 -sign'
    refuse_out 'pss'
    openssl dgst -sha256 -sign "$KEYS/rsa2048.pem" -out signature.bin data.bin
    expect_exit 0 otapack sign $file --signature signature.bin --public-key "$A" -o signed.bin
    made_by signed.bin $file rsa2048.pem
done
same "$GOOD/good-gzip-signed.bin" signed.bin
# What has to be signed of a signed one is the same.
expect_exit 0 otapack sign "$GOOD/good-signed.bin" --digest-only --public-key "$B"
expect_out "^digest: $(sha256_of sketch.bin)\$"
openssl dgst -sha256 -sign "$KEYS/rsa2048-b.pem" -out signature.bin sketch.bin
refuse_sign 1 '--replace' "$GOOD/good-signed.bin" --signature signature.bin --public-key "$B"
expect_exit 0 otapack sign "$GOOD/good-signed.bin" --replace --signature signature.bin \
    --public-key "$B" -o signed.bin
made_by signed.bin sketch.bin rsa2048-b.pem
# The old format: the bare digest.
expect_exit 0 otapack sign sketch.bin --scheme esp8266-rsa-legacy --digest-only --public-key "$A"
expect_out "^digest: $(sha256_of sketch.bin)\$"
openssl dgst -sha256 -binary sketch.bin >digest.bin
openssl pkeyutl -sign -inkey "$KEYS/rsa2048.pem" -in digest.bin -out bare.sig
expect_exit 0 otapack sign sketch.bin --scheme esp8266-rsa-legacy --signature bare.sig \
    --public-key "$A" -o signed.bin
same legacy.bin signed.bin

# ---- Mistakes -----------------------------------------------------------------------------------

mistake() { # mistake REGEX FILE [OPTIONS...]: signature.bin is not for this, and it is said why
    mistake_words=$1 mistake_file=$2
    shift 2
    refuse_sign 1 "$mistake_words" "$mistake_file" --signature signature.bin --public-key "$A" "$@"
    expect_err '^otapack: .*signature\.bin'
}
sign_with() { # sign_with KEY OPTIONS...
    sign_with_key=$1
    shift
    openssl dgst -sha256 -sign "$KEYS/$sign_with_key.pem" -out signature.bin "$@"
}
gunzip -c sketch.gz >unpacked.bin
sign_with rsa2048 unpacked.bin
mistake 'unpack|uncompressed|compress' sketch.gz
sign_with rsa2048 sketch.gz
mistake 'another key|other bytes' sketch.bin
sign_with rsa2048-b sketch.bin
mistake 'another key' sketch.bin
sign_with rsa2048 digest.bin
mistake 'digest of the digest' sketch.bin
sign_with rsa2048 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 sketch.bin
mistake 'PSS|PKCS#1' sketch.bin
cp bare.sig signature.bin
mistake 'legacy|bare|DigestInfo' sketch.bin
sign_with rsa2048 sketch.bin
mistake 'DigestInfo|esp8266-rsa([^-]|$)' sketch.bin --scheme esp8266-rsa-legacy
openssl dgst -sha512 -sign "$KEYS/rsa2048.pem" -out signature.bin sketch.bin
mistake 'SHA-512|another key|other bytes' sketch.bin
# Signed and then padded, or with the length of signing.py behind it.
sign_with rsa3072-a sketch.bin
refuse_sign 2 'signature\.bin.*256' sketch.bin --signature signature.bin --public-key "$A"
sign_with rsa2048 sketch.bin
trailer signature.bin >long.sig
refuse_sign 2 'long\.sig.*(256|length)' sketch.bin --signature long.sig --public-key "$A"
: >empty.sig
refuse_sign 2 'empty\.sig.*256' sketch.bin --signature empty.sig --public-key "$A"
openssl base64 -in signature.bin -out text.sig
refuse_sign 2 'text\.sig' sketch.bin --signature text.sig --public-key "$A"

refuse_sign 2 'ecdsa-p256-a\.pem.*RSA' sketch.bin --key ecdsa-p256-a.pem
refuse_sign 2 'ecdsa-p256-a\.pub\.pem.*RSA' sketch.bin --signature signature.bin --public-key \
    "$KEYS/ecdsa-p256-a.pub.pem"
refuse_sign 2 'one' sketch.bin --key rsa2048.pem --key rsa2048-b.pem
refuse_sign 2 '.' sketch.bin --key rsa2048.pem --scheme secure-boot-v2
refuse_sign 2 '.' "$FIXTURES/esp_image/good-app-esp32c6.bin" --key rsa2048.pem --scheme esp8266-rsa
refuse_sign 2 '.' "$FIXTURES/esp_image/good-app-esp32c6.bin" --key rsa2048.pem
refuse_sign 2 '.' sketch.bin --append --key rsa2048.pem --scheme esp8266-rsa
refuse_sign 2 '.' "$GOOD/good-signed.bin" --order 0 --scheme esp8266-rsa
refuse_sign 2 'missing\.pem' sketch.bin --key missing.pem
refuse_sign 1 'legacy' sketch.gz --scheme esp8266-rsa-legacy --key rsa2048.pem
# What would not pass is not signed: the checks of build are made first.
for bad in esp8266-checksum esp8266-crc gzip-crc gzip-length gzip-trailing gzip-content; do
    refuse_sign 1 "\\[$bad\\]" "$GOOD/bad-$bad.bin" --key rsa2048.pem
done
for bad in gzip-data gzip-header esp8266-header; do
    refuse_sign 1 'cannot be signed' "$GOOD/bad-$bad.bin" --key rsa2048.pem
done
refuse_sign 1 '\[esp8266-flash-size\]' sketch.bin --key rsa2048.pem --flash-size 1MB
refuse_sign 1 '\[esp8266-free-space\]' sketch.bin --key rsa2048.pem --free-space 8191
# Of an odd number of bytes: signed, with a warning.
for name in a ab; do # of which one at least is odd
    cp sketch.bin $name
    gzip -cN $name >odd.gz
    [ $(($(size_of odd.gz) % 4)) -eq 0 ] || break
done
expect_exit 0 otapack sign odd.gz --key rsa2048.pem -o odd.signed
expect_err 'warning: .+; .+ \[esp8266-sig-align\]$'
made_by odd.signed odd.gz rsa2048.pem
# The key is not the output.
cp rsa2048.pem kept.pem
expect_exit 2 otapack sign sketch.bin --key rsa2048.pem -o rsa2048.pem
same kept.pem rsa2048.pem

# ---- Real files ---------------------------------------------------------------------------------

have_vectors || exit 0
REAL=$VECTORS/esp8266
cp "$REAL/arduino_private.key" private.key
chmod 600 private.key
expect_exit 0 otapack sign "$REAL/sketch.bin" --scheme esp8266-rsa --key private.key -o signed.bin
same "$REAL/sketch.bin.signed" signed.bin
expect_exit 0 otapack sign "$REAL/sketch.bin" --scheme esp8266-rsa-legacy --key private.key -o \
    signed.bin
same "$REAL/sketch.bin.legacy_sig" signed.bin
expect_exit 0 otapack sign "$REAL/sketch.bin.gz" --key private.key -o signed.bin
expect_err '\[esp8266-sig-align\]$'
same "$REAL/sketch.bin.gz.signed" signed.bin
for name in sketch.bin.signed sketch.bin.gz.signed sketch.bin.legacy_sig; do
    expect_exit 0 otapack verify "$REAL/$name" --key "$REAL/arduino_public.key"
    expect_exit 1 otapack verify "$REAL/$name" --key "$A"
    expect_err '\[esp8266-signature\]$'
done
expect_exit 1 otapack verify "$REAL/sketch.bin" --key "$REAL/arduino_public.key"
expect_err 'not signed'
