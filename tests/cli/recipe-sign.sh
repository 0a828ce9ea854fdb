# SPDX-License-Identifier: Apache-2.0
# `sign:` in a recipe signs the app before it goes into the container: alone, with an RCP, in a Matter
# image; the bytes are those of `otapack sign` and then build. What is wrong in the key is told with its
# place, and nothing is written.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/keys/ecdsa-p256-a.pem" a.pem
cp "$FIXTURES/keys/ecdsa-p256-b.pem" b.pem
cp "$FIXTURES/keys/ecdsa-p256-a.encrypted.pem" encrypted.pem
cp "$FIXTURES/keys/passphrase.txt" .
chmod 600 ./*.pem
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" app.bin
app_size=$(size_of app.bin)

recipe() { # recipe LINES...: of the map sign
    {
        printf 'otapack: 1\napp: app.bin\nsign:\n'
        printf '  %s\n' "$@"
    } >recipe.yaml
}

# Alone: what sign makes.
recipe 'scheme: secure-boot-v2' 'keys: [a.pem, b.pem]'
expect_exit 0 otapack build recipe.yaml -o alone.bin --depfile alone.d
expect_exit 0 otapack sign app.bin --key a.pem --key b.pem -o signed.bin
same signed.bin alone.bin
for input in recipe.yaml app.bin a.pem b.pem; do
    grep -q "[ :]$input" alone.d || fail "the depfile does not name $input: $(<alone.d)"
done
[ "$(size_of app.bin)" = "$app_size" ] || fail 'the input was changed'

# The scheme is v2 where none is said. v1, for an ESP32.
recipe 'keys: [a.pem]'
expect_exit 0 otapack build recipe.yaml -o v2.bin
expect_exit 0 otapack verify v2.bin --key "$FIXTURES/keys/ecdsa-p256-a.pub.pem"
recipe 'scheme: secure-boot-v1' 'keys: [a.pem]'
expect_exit 0 otapack build recipe.yaml -o v1.bin --set app="$FIXTURES/esp_image/good-app-esp32.bin"
expect_exit 0 otapack sign "$FIXTURES/esp_image/good-app-esp32.bin" --scheme secure-boot-v1 \
    --key a.pem -o signed-v1.bin
same signed-v1.bin v1.bin

# Inside: the host of a combined image, the payload of a Matter image, and both around each other. The
# same as from an app that was signed before.
text_to br.yaml <<END
otapack: 1
output: br.ota
app: $FIXTURES/br/demo_br.bin
rcp:
  build_dir: $RCP
matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 3}
END
cp "$FIXTURES/keys/rsa3072-a.pem" rsa.pem
chmod 600 rsa.pem
expect_exit 0 otapack sign "$FIXTURES/br/demo_br.bin" --key a.pem -o host.bin
for wrapped in yes no; do
    [ "$wrapped" = yes ] || sed -i '/^matter/d' br.yaml
    expect_exit 0 otapack build br.yaml --set 'sign.keys=[a.pem]' -o signed.ota
    expect_exit 0 otapack build br.yaml --set app=host.bin -o expected.ota
    same expected.ota signed.ota
    expect_exit 0 otapack build br.yaml --set 'sign.keys=[rsa.pem]' -o rsa.ota
    expect_exit 0 otapack verify rsa.ota --key "$FIXTURES/keys/rsa3072-a.pub.pem"
    expect_exit 1 otapack verify rsa.ota --key "$FIXTURES/keys/rsa3072-b.pub.pem"
done

# An app that is signed already.
cp app.bin unsigned.bin
otapack sign app.bin --key a.pem -q
recipe 'keys: [b.pem]'
expect_exit 1 otapack build recipe.yaml -o none.bin
expect_err '^otapack: app\.bin: is signed already; .*existing: append'
no_file none.bin
recipe 'keys: [b.pem]' 'existing: append'
expect_exit 0 otapack build recipe.yaml -o both.bin
same alone.bin both.bin
recipe 'keys: [b.pem]' 'existing: replace'
expect_exit 0 otapack build recipe.yaml -o replaced.bin
expect_exit 0 otapack sign unsigned.bin --key b.pem -o expected.bin
same expected.bin replaced.bin
cp unsigned.bin app.bin

# Encrypted keys; paths are relative to the recipe.
recipe 'keys: [encrypted.pem]' 'passphrase_file: passphrase.txt'
mkdir elsewhere
cd elsewhere
expect_exit 0 otapack build ../recipe.yaml -o ../decrypted.bin
cd ..
same v2.bin decrypted.bin
sed -i '/passphrase_file/d' recipe.yaml
OTAPACK_PASSPHRASE='correct horse' expect_exit 0 otapack build recipe.yaml -o environment.bin
same v2.bin environment.bin

# What is wrong.
refused_sign() { # refused_sign LINE:COLUMN REGEX LINES...
    refused_at=$1 refused_regex=$2
    shift 2
    recipe "$@"
    recipe_refused "$refused_at" "$refused_regex"
}
refused_sign 4:11 "scheme 'secure-boot-v3' is not known; write .*secure-boot-v1" \
    'scheme: secure-boot-v3' 'keys: [a.pem]'
refused_sign 5:13 "existing 'maybe' is not known" 'keys: [a.pem]' 'existing: maybe'
refused_sign 4:10 'keys: nothing\.pem: cannot open' 'keys: [nothing.pem]'
refused_sign 4:3 'sign has no keys' 'keys: []'
refused_sign 4:9 'keys must be a list' 'keys: a.pem'
refused_sign 4:3 "no key 'key' here; did you mean 'keys'" 'key: [a.pem]'
refused_sign 5:20 'passphrase_file: nothing\.txt: cannot open' 'keys: [encrypted.pem]' \
    'passphrase_file: nothing.txt'
cp "$FIXTURES/keys/rsa2048.pem" other.pem
chmod 600 other.pem
recipe 'keys: [a.pem, other.pem]'
recipe_refused 4:17 'other\.pem: is no key that Secure Boot knows'
echo wrong >wrong.txt
recipe 'keys: [encrypted.pem]' 'passphrase_file: wrong.txt'
recipe_refused 4:10 'encrypted\.pem: cannot be decrypted'

# sign is for the app, or for what is said to be data.
printf 'otapack: 1\nimage: app.bin\nsign: {keys: [a.pem]}\n' >recipe.yaml
recipe_refused 3:7 'sign signs no image as it is'
printf 'otapack: 1\nrcp: {build_dir: "%s"}\nsign: {keys: [a.pem]}\n' "$RCP" >recipe.yaml
recipe_refused 3:7 'sign signs the app'

# A key as the target stays what it is.
recipe 'keys: [a.pem]'
expect_exit 2 otapack build recipe.yaml -o a.pem
expect_err 'also an input'
same "$FIXTURES/keys/ecdsa-p256-a.pem" a.pem
