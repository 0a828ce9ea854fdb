# SPDX-License-Identifier: Apache-2.0
# delta in a recipe: the same bytes as by the verb, by itself and inside other layers; what comes of it
# is judged on its base.
. "$SOURCE/tests/cli-lib.sh"
cp "$FIXTURES/secure_boot/good-rsa3072.bin" base.bin
cp "$FIXTURES/secure_boot/good-rsa3072-x3.bin" new.bin
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" other.bin
if ! otapack delta base.bin new.bin -q -o verb.patch 2>err; then
    expect_one_line_err 'libdivsufsort'
    skip 'built without libdivsufsort'
fi

text_to recipe.yaml <<'EOF'
otapack: 1
output: out.patch
app: new.bin
delta: {base: base.bin}
EOF
expect_exit 0 otapack build recipe.yaml -q --depfile out.d
no_err
same out.patch verb.patch
has_line 'base.bin' out.d || fail 'the base is no input'

text_to recipe.yaml <<'EOF'
otapack: 1
output: out.ota
app: new.bin
delta: {base: base.bin}
matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2, software_version_string: "1.4.2"}
EOF
expect_exit 0 otapack build recipe.yaml -q
expect_exit 0 otapack extract out.ota payload -o payload.patch
same payload.patch verb.patch
expect_exit 2 otapack simulate out.ota -p "$FIXTURES/final/device.bin"
expect_err ': is a delta patch in a Matter image, which simulate does not know; '
expect_exit 0 otapack verify out.ota --base base.bin

text_to recipe.yaml <<'EOF'
otapack: 1
output: out.bin
app: new.bin
delta: {base: other.bin}
EOF
expect_exit 1 otapack build recipe.yaml
expect_err 'delta-chip'
no_file out.bin

text_to recipe.yaml <<'EOF'
otapack: 1
output: out.bin
app: new.bin
delta: {}
EOF
expect_exit 2 otapack build recipe.yaml
expect_one_line_err 'delta has no base'
