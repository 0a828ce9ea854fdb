# SPDX-License-Identifier: Apache-2.0
# Updates for an ESP8266 as a shell makes and sends them, with the judgement of gzip and openssl:
# built, compressed, signed, verified, unpacked. tests/laws/law_esp8266_*.c have each limit, field
# and mistake, law_compat_signing.c those of signing.py.
. "$SOURCE/tests/cli-lib.sh"
need gzip openssl

KEY=rsa2048.pem PUB=$FIXTURES/keys/rsa2048.pub.pem
for key in rsa2048 rsa2048-b; do cp "$FIXTURES/keys/$key.pem" .; done
chmod 600 ./*.pem
cp "$FIXTURES/esp8266/good-arduino.bin" sketch.ino.bin

# ---- What gzip writes ---------------------------------------------------------------------------

for level in 1 6 9; do
    gzip -$level -n -c sketch.ino.bin >$level-n.gz
    gzip -$level -N -c sketch.ino.bin >$level-N.gz
done
expect_exit 0 otapack inspect --json ./*.gz
look '[.files[].root | failing == [] and .format == "gzip" and
    .parts.content.format == "esp8266_arduino"] | length == 6 and all' out >/dev/null || fail 'gzip'
for file in ./*.gz; do
    expect_exit 0 otapack extract "$file" content -o -
    same sketch.ino.bin out
done

# ---- What gunzip and openssl say of what was built ----------------------------------------------

cat >recipe.yaml <<END
otapack: 1
esp8266: {image: sketch.ino.bin, compress: true}
sign: {keys: [$KEY]}
END
expect_exit 0 otapack build recipe.yaml -o out.signed
refuse_err 'warning: '
size=$(($(size_of out.signed) - 260))
[ "$(u32 out.signed $((size + 256)))" -eq 256 ] || fail 'another length at the end'
head -c $size out.signed >covered.gz
cut_bytes out.signed $size 256 >signature.bin
gunzip -c <covered.gz | cmp - sketch.ino.bin || fail 'gunzip unpacks something else'
openssl dgst -sha256 -verify "$PUB" -signature signature.bin covered.gz >/dev/null ||
    fail 'openssl refuses the signature'
expect_exit 0 otapack verify out.signed --key "$PUB"
expect_exit 1 otapack verify out.signed --key rsa2048-b.pem
expect_err '\[esp8266-signature\]$'

# no_larger IMAGE: than gzip -9 makes it, and the same bytes.
no_larger() {
    printf 'otapack: 1\nesp8266: {image: "%s", compress: true}\n' "$1" >small.yaml
    expect_exit 0 otapack build small.yaml -o small.gz
    gunzip -c <small.gz | cmp - "$1" || fail "gunzip unpacks $1 to something else"
    [ "$(size_of small.gz)" -le "$(gzip -9nc "$1" | wc -c)" ] || fail 'larger than gzip -9 makes it'
}
no_larger sketch.ino.bin

# ---- What openssl signs, by either tool ---------------------------------------------------------

signed_by_openssl() { # signed_by_openssl BYTES: expected.signed
    openssl dgst -sha256 -sign $KEY -out signature.bin "$1"
    { cat "$1" signature.bin; u32le 256; } >expected.signed
}
signed_by_openssl sketch.ino.bin
expect_exit 0 otapack sign sketch.ino.bin --key $KEY -o out.signed
same expected.signed out.signed
expect_exit 0 otapack sign sketch.ino.bin --signature signature.bin --public-key "$PUB" \
    -o out.signed
same expected.signed out.signed
expect_exit 0 otapack compat signing.py --mode sign --privatekey $KEY --bin sketch.ino.bin \
    --out out.signed --legacy out.legacy
same expected.signed out.signed
openssl dgst -sha256 -binary -out digest.bin sketch.ino.bin
openssl pkeyutl -sign -inkey $KEY -in digest.bin -out signature.bin
{ cat sketch.ino.bin signature.bin; u32le 256; } >expected.legacy
same expected.legacy out.legacy
signed_by_openssl 6-N.gz
expect_exit 0 otapack sign 6-N.gz --key $KEY -o out.signed
same expected.signed out.signed
openssl pkey -in $KEY -aes256 -passout 'pass:correct horse' -out encrypted.pem
chmod 600 encrypted.pem
expect_exit 0 otapack sign 6-N.gz --key encrypted.pem --passphrase-file \
    "$FIXTURES/keys/passphrase.txt" -o out.signed
same expected.signed out.signed
expect_exit 0 otapack compat signing.py --mode header --publickey "$PUB" --out made/core/signing.h
expect_err '^Enabling binary signing$'
[ "$(wc -l <made/core/signing.h)" -eq $(($(size_of "$PUB") + 4)) ] ||
    fail 'not a line for each byte'

# ---- A file system ------------------------------------------------------------------------------

for image in littlefs/good-v2.0.bin spiffs/good-plain.bin; do
    signed_by_openssl "$FIXTURES/$image"
    expect_exit 2 otapack sign "$FIXTURES/$image" --key $KEY -o fs.signed
    expect_err '--scheme esp8266-rsa for an ESP8266'
    expect_exit 0 otapack sign "$FIXTURES/$image" --scheme esp8266-rsa --key $KEY -o fs.signed
    same expected.signed fs.signed
    expect_exit 0 otapack compat signing.py --mode sign --privatekey $KEY --bin "$FIXTURES/$image" \
        --out fs.signed
    same expected.signed fs.signed
    expect_exit 0 otapack verify fs.signed --key "$PUB"
    expect_exit 1 otapack verify fs.signed --key rsa2048-b.pem
done

# ---- Sent to a device ---------------------------------------------------------------------------

device='--flash-size 4MB --flash-mode dio --layout 4m2m --sketch-size 300000'
# shellcheck disable=SC2086 # options are words
expect_exit 0 otapack verify - $device <out.signed
for space in 4095 4096; do
    # shellcheck disable=SC2086
    expect_exit $((4096 - space)) otapack verify 6-N.gz $device --free-space $space
done
expect_exit 2 otapack verify 6-N.gz --flash-size big
expect_one_line_err

have_vectors || exit 0
no_larger "$VECTORS/esp8266/sketch.bin"
