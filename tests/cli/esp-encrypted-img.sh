# SPDX-License-Identifier: Apache-2.0
# Pre-encrypted images: inspect, verify with the right key, another one and none, extract, build; in a
# Matter image; what Espressif's tool wrote.
. "$SOURCE/tests/cli-lib.sh"

keys=$FIXTURES/keys
files=$FIXTURES/esp_encrypted_img
for key in rsa3072-a rsa3072-b ecdsa-p256-a ecdsa-p256-b; do
    cp "$keys/$key.pem" .
    chmod 600 "$key.pem"
done

# ---- with and without the key --------------------------------------------------------------------

expect_exit 0 otapack inspect "$files/good-rsa.bin"
expect_out 'RSA-3072, 300 bytes inside$'
expect_out 'content .* not read: needs --decrypt-key'
expect_out '^not checked: 3 checks that need --decrypt-key'
expect_exit 0 otapack inspect -v "$files/good-rsa.bin"
expect_out '^not checked: encrypted-key, encrypted-tag, encrypted-unsigned need --decrypt-key'
expect_exit 0 otapack verify "$files/good-rsa.bin"
expect_exit 0 otapack verify "$files/good-rsa.bin" --decrypt-key rsa3072-a.pem
no_err
expect_exit 1 otapack verify "$files/good-rsa.bin" --decrypt-key rsa3072-b.pem
expect_err 'rsa3072-b\.pem.*\[encrypted-key\]$'
expect_exit 1 otapack verify "$files/good-rsa.bin" --decrypt-key ecdsa-p256-a.pem
expect_err 'is a key of .*\[encrypted-key\]$'
expect_exit 1 otapack verify "$files/good-ecies.bin" --decrypt-key ecdsa-p256-b.pem
expect_err '\[encrypted-tag\]$'
expect_exit 0 otapack inspect "$files/good-signed.bin" --decrypt-key ecdsa-p256-a.pem \
    --get content.desc.project_name
out_is demo_app

# ---- the key itself ------------------------------------------------------------------------------

for verb in inspect verify; do
    expect_exit 2 otapack "$verb" "$files/good-rsa.bin" --decrypt-key none.pem
    expect_one_line_err
    expect_exit 2 otapack "$verb" "$files/good-rsa.bin" --decrypt-key "$keys/rsa3072-a.pub.pem"
    expect_one_line_err
done
expect_exit 2 otapack verify "$FIXTURES/esp_image/good-app-esp32h2.bin" --decrypt-key rsa3072-a.pem
expect_err 'no check can use --decrypt-key; leave it out$'
cp "$keys/ecdsa-p256-a.encrypted.pem" locked.pem
chmod 600 locked.pem
expect_exit 0 otapack verify "$files/good-ecies.bin" --decrypt-key locked.pem \
    --passphrase-file "$keys/passphrase.txt"
expect_exit 2 otapack verify "$files/good-ecies.bin" --decrypt-key locked.pem \
    --passphrase-file "$keys/rsa2048.pub.pem"

for verb in inspect extract; do
    expect_exit 2 otapack "$verb" "$files/good-ecies.bin" --decrypt-key locked.pem </dev/null
    expect_err 'give --passphrase-file \(in a recipe, passphrase_file\) or set OTAPACK_PASSPHRASE$'
    expect_exit 0 otapack "$verb" "$files/good-ecies.bin" --decrypt-key locked.pem \
        --passphrase-file "$keys/passphrase.txt"
done
expect_exit 0 otapack inspect "$FIXTURES/secure_boot/good-ecdsa-p256.bin" --key locked.pem \
    --passphrase-file "$keys/passphrase.txt"
expect_out '^ +key=locked\.pem$'

# A key, or its passphrase, is not written over.
for secret in ecdsa-p256-a.pem locked.pem pass; do
    cp "$keys/passphrase.txt" pass
    cp "$secret" before
    lock=ecdsa-p256-a.pem
    [ $secret = ecdsa-p256-a.pem ] || lock=locked.pem
    expect_exit 2 otapack extract "$files/good-ecies.bin" content -o $secret --decrypt-key $lock \
        --passphrase-file pass
    expect_err "$secret: is also an input; "
    same $secret before
done
mkdir over
cp ecdsa-p256-a.pem over/encrypted.bin
expect_exit 2 otapack extract "$files/good-ecies.bin" -o over --decrypt-key over/encrypted.bin
expect_err 'over/encrypted\.bin: is also an input; '
same ecdsa-p256-a.pem over/encrypted.bin

# ---- what stays closed ---------------------------------------------------------------------------

expect_exit 2 otapack extract "$files/good-signed.bin" content -o none.bin
expect_err 'content was not read; give --decrypt-key$'
no_file none.bin
expect_exit 2 otapack inspect "$files/good-signed.bin" --get content.desc.version
expect_err 'content was not read; verify, inspect and extract read it with --decrypt-key$'
expect_exit 2 otapack verify "$files/good-signed.bin" -e 'content.desc.version = 1.4.2'
expect_err 'content was not read'
expect_exit 0 otapack verify "$files/good-signed.bin" -e 'content.desc.version = 1.4.2' \
    --decrypt-key ecdsa-p256-a.pem
expect_exit 1 otapack verify "$files/good-signed.bin" -e 'content.none' --decrypt-key ecdsa-p256-a.pem

expect_exit 2 otapack verify "$files/good-signed.bin" --chip esp32c6
expect_err 'of which no check can use --chip; give --decrypt-key, or leave it out$'
expect_exit 1 otapack verify "$files/good-signed.bin" --chip esp32c3 --decrypt-key ecdsa-p256-a.pem
expect_err '^otapack: .*: content: .*\[device-chip\]$'

# More than otapack decrypts is no verdict on the file; without the key, nothing is in the way.
cp "$files/good-rsa.bin" large.bin
truncate -s $(((128 << 20) + 513)) large.bin
poke32 large.bin 404 $(((128 << 20) + 1))
expect_exit 0 otapack verify large.bin
expect_exit 2 otapack verify large.bin --decrypt-key rsa3072-a.pem
expect_one_line_err
expect_err 'large\.bin: what is encrypted: has more than the 128 MiB'
rm large.bin

# ---- whose signature is inside -------------------------------------------------------------------

signed=$files/good-signed.bin
for options in "--key $keys/rsa3072-a.pub.pem" --require-signed; do
    # shellcheck disable=SC2086
    expect_exit 2 otapack verify "$signed" $options
    expect_err 'what is signed in it is encrypted; verify it with --decrypt-key, or sign it before '
    # shellcheck disable=SC2086
    expect_exit 0 otapack verify "$signed" $options --decrypt-key ecdsa-p256-a.pem
    # shellcheck disable=SC2086
    expect_exit 0 otapack verify "$signed" $options --part content --decrypt-key ecdsa-p256-a.pem
done
expect_exit 0 otapack verify "$signed" --key "$keys/rsa3072-a.pub.pem" --decrypt-key ecdsa-p256-a.pem
expect_out ': content: signatures\[0\]: rsa3072, .*, by .*rsa3072-a\.pub\.pem$'
expect_exit 0 otapack verify "$signed" --decrypt-key ecdsa-p256-a.pem
expect_out '; --key tells whose signature it has$'
expect_exit 1 otapack verify "$signed" --key "$keys/rsa3072-b.pub.pem" --decrypt-key ecdsa-p256-a.pem
expect_err 'content: there is no good signature by '
expect_exit 1 otapack verify "$files/bad-encrypted-unsigned.bin" --require-signed \
    --decrypt-key ecdsa-p256-a.pem
expect_err 'content: is not signed, or not where devices look; '
expect_exit 2 otapack verify "$files/good-rsa.bin" --require-signed --decrypt-key rsa3072-a.pem
expect_err 'which is no app, '
expect_exit 0 otapack verify --json "$signed" --require-signed --decrypt-key ecdsa-p256-a.pem
expect_out '"part": "content"'
expect_out '"uncovered": \[\]'
expect_exit 2 otapack sign "$signed" --key rsa3072-a.pem --part content -o none.bin
no_file none.bin

# ---- built, taken apart, decrypted again ---------------------------------------------------------

app=$FIXTURES/secure_boot/good-rsa3072.bin
cp "$app" app.bin
for key in rsa3072-a ecdsa-p256-a; do
    text_to recipe.yaml <<END
otapack: 1
output: $key.enc
image: app.bin
encrypt: {key: $keys/$key.pub.pem}
END
    expect_exit 0 otapack build recipe.yaml --depfile deps
    has_line "$key\\.pub\\.pem" deps || fail 'the key is no dependency'
    has_line 'app\.bin' deps || fail 'the app is no dependency'
    cp "$key.enc" first.enc
    expect_exit 0 otapack build recipe.yaml
    ! cmp -s first.enc "$key.enc" || fail 'two builds are the same'
    expect_exit 0 otapack verify "$key.enc" --decrypt-key "$key.pem"
    expect_exit 0 otapack extract "$key.enc" content -o content.bin --decrypt-key "$key.pem"
    same content.bin app.bin
    drop recipe/recipe.yaml recipe/image.bin
    expect_exit 0 otapack extract "$key.enc" --recipe recipe
    has_line '^image: image\.bin$' recipe/recipe.yaml || fail 'the recipe has no image'
    same recipe/image.bin "$key.enc"
done

# A slot is for what is inside, and what is damaged is not encrypted.
text_to app.yaml <<END
otapack: 1
output: app.enc
app: app.bin
encrypt: {key: $keys/rsa3072-a.pub.pem}
matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2}
END
expect_exit 0 otapack build app.yaml
expect_exit 0 otapack verify app.enc --decrypt-key rsa3072-a.pem
expect_exit 0 otapack verify app.enc --decrypt-key rsa3072-a.pem --key "$keys/rsa3072-a.pub.pem"
expect_out 'payload\.content: signatures\[0\]'
expect_exit 0 otapack inspect app.enc
expect_out 'pre-encrypted image'
expect_exit 0 otapack inspect app.enc --decrypt-key rsa3072-a.pem --get payload.content.chip
expect_exit 0 otapack extract app.enc payload.content -o content.bin --decrypt-key rsa3072-a.pem
same content.bin app.bin
flip app.bin 200
expect_exit 1 otapack build app.yaml -o damaged.enc
expect_err '\[esp-checksum\]$'
no_file damaged.enc

for bad in rsa2048 ecdsa-p384-a; do
    text_to bad.yaml <<END
otapack: 1
output: bad.enc
image: $app
encrypt: {key: $keys/$bad.pub.pem}
END
    expect_exit 2 otapack build bad.yaml
    expect_err 'is no key that devices decrypt updates with'
    no_file bad.enc
done
text_to bad.yaml <<END
otapack: 1
output: bad.enc
image: $app
encrypt: {}
END
expect_exit 2 otapack build bad.yaml
expect_err 'encrypt has no key;'

# What a device does not look for in what it decrypts; and a recipe's expectations are of the whole.
never() { # never REGEX CONTENT
    printf 'otapack: 1\noutput: bad.enc\n%s\nencrypt: {key: %s}\n' "$2" "$keys/rsa3072-a.pub.pem" >bad.yaml
    expect_exit 2 otapack build bad.yaml
    expect_one_line_err
    expect_err "$1"
    no_file bad.enc
}
never 'is encrypted already; ' "image: $files/good-ecies.bin"
never 'is encrypted already; ' "image: {app: $app, encrypt: {key: $keys/rsa3072-a.pub.pem}}"
never 'is a Matter image, ' "image: $FIXTURES/matter/good-app.bin"
sketch=$FIXTURES/esp8266/good-arduino.bin
for content in "esp8266: {image: $sketch}" "image: $sketch" "image: {esp8266: {image: $sketch}}" \
    "esp8266: {image: $sketch, compress: true}"; do
    never 'is for an ESP8266, which cannot decrypt it; ' "$content"
done
text_to bad.yaml <<END
otapack: 1
output: bad.enc
image: $app
encrypt: {key: $keys/rsa3072-a.pub.pem}
expect: [content.desc.version = 1.4.2]
END
expect_exit 2 otapack build bad.yaml
expect_err 'content was not read; '
no_file bad.enc

# ---- what Espressif's tool wrote -----------------------------------------------------------------

have_vectors || exit 0
vectors=$VECTORS/encrypted
[ -d "$vectors" ] || exit 0
for plain in app-signed-small:signed odd:odd; do
    for scheme in rsa:rsa_priv_key.pem ecies:ec_priv.pem ecies-hmac:device_hmac_key.bin; do
        cp "$vectors/${scheme#*:}" device.key
        chmod 600 device.key
        file=$vectors/${plain#*:}-${scheme%:*}.enc
        expect_exit 0 otapack verify "$file" --decrypt-key device.key
        expect_exit 0 otapack extract "$file" content -o content.bin --decrypt-key device.key
        same content.bin "$vectors/${plain%:*}.bin"
    done
done
