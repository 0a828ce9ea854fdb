# SPDX-License-Identifier: Apache-2.0
# The seal of a radio's firmware in its host's app: built, refused, kept right by sign and edit, asked for.
. "$SOURCE/tests/cli-lib.sh"

need openssl
files=$FIXTURES/rcp_seal
cp "$files/host.bin" "$files/good-sealed.bin" .
for key in rsa3072-a rsa3072-b ecdsa-p256-a; do
    install -m 600 "$FIXTURES/keys/$key.pem" $key.pem
    cp "$FIXTURES/keys/$key.pub.pem" .
done

recipe() { # recipe HOST SEAL [MORE]
    printf 'otapack: 1\napp: %s\nrcp:\n  build_dir: %s/rcp_build\n  seal: %s\n%s' \
        "$1" "$FIXTURES" "$2" "${3-}" >recipe.yaml
}
signed='sign:
  keys: [rsa3072-a.pem]
'
is_sealed() { expect_exit 0 otapack verify -q "$1" --require-seal --key "${2:-rsa3072-a.pub.pem}"; }

# ---- build ---------------------------------------------------------------------------------------

recipe host.bin true
expect_exit 0 otapack build recipe.yaml -o sealed.bin
same good-sealed.bin sealed.bin
recipe "$files/host-fields.bin" true
expect_exit 0 otapack build recipe.yaml -o fields.bin
same "$files/good-sealed-fields.bin" fields.bin
recipe host.bin true "$signed"
expect_exit 0 otapack build recipe.yaml -o signed.bin
is_sealed signed.bin
recipe host.bin required "$signed"
expect_exit 0 otapack build recipe.yaml -o signed.bin
is_sealed signed.bin
recipe host.bin false
expect_exit 0 otapack build recipe.yaml -o empty.bin
expect_err '\[rcp-seal-empty\]$'
expect_exit 1 otapack verify empty.bin --require-seal
expect_err '\[rcp-seal-required\]$'

recipe host.bin required
recipe_says() { # recipe_says STATUS REGEX
    expect_exit "$1" otapack build recipe.yaml -o none.bin
    expect_err "$2"
    no_file none.bin
}
recipe_says 1 'nobody signs the app, .*; add sign: to the recipe, or write seal: true$'
recipe "$FIXTURES/br/demo_br.bin" true
recipe_says 1 'demo_br\.bin: has no place for a seal; .*#include "otapack/rcp_seal\.h" and OTAPACK_RCP_SEAL\(\);'
recipe host.bin maybe
recipe_says 2 "seal.*maybe|maybe.*seal"
printf 'otapack: 1\nrcp:\n  build_dir: %s/rcp_build\n  seal: true\n' "$FIXTURES" >recipe.yaml
recipe_says 2 'a seal lies in the host.s app, and there is none; add app:, or leave seal out$'
# Who has signed the host already has signed the seal that it had.
expect_exit 0 otapack sign host.bin --key rsa3072-a.pem -o host-signed.bin
recipe host-signed.bin true
recipe_says 1 'host-signed\.bin: the app is signed, and its seal would be another one'
recipe host-signed.bin true "$signed  existing: replace
"
expect_exit 0 otapack build recipe.yaml -o replaced.bin
is_sealed replaced.bin
# A seal hides no damage.
cp host.bin damaged.bin
flip damaged.bin 2000 1
recipe damaged.bin true
recipe_says 1 'damaged\.bin: .*\[esp-checksum\]$'
# The seal of another image is made anew, and one that fits stays, signed or not.
otapack extract signed.bin host -o from-signed.bin >out
recipe from-signed.bin true
expect_exit 0 otapack build recipe.yaml -o again.bin
same signed.bin again.bin
otapack extract sealed.bin host -o from-sealed.bin >out
recipe from-sealed.bin true "$signed"
expect_exit 0 otapack build recipe.yaml -o anew.bin
is_sealed anew.bin
# Without seal: in the recipe, such a host is not for another image.
otapack extract sealed.bin version -o version.txt >out
printf 'otapack: 1\napp: from-signed.bin\nrcp:\n  build_dir: %s/rcp_build\n  flash_args:\n    - firmware: 0x10000\n    - bootloader: 0x0\n    - partition_table: 0x8000\n' \
    "$FIXTURES" >recipe.yaml
recipe_says 1 'the host.s seal does not hold: .*\[rcp-seal\]$'

# ---- in a Matter image, and back to a recipe ------------------------------------------------------

matter='matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 7}
'
recipe host.bin required "$signed$matter"
expect_exit 0 otapack build recipe.yaml -o light.ota
is_sealed light.ota
expect_exit 0 otapack edit light.ota --set software_version=8 -o newer.ota
is_sealed newer.ota
expect_exit 0 otapack sign light.ota --replace --key rsa3072-b.pem -o other.ota
is_sealed other.ota rsa3072-b.pub.pem
expect_exit 0 otapack extract signed.bin --recipe parts
expect_exit 0 otapack build parts/recipe.yaml
same signed.bin parts/rebuilt.bin
has_line '^  seal: true$' parts/recipe.yaml || fail 'the recipe says nothing of the seal'

# ---- sign ----------------------------------------------------------------------------------------

expect_exit 0 otapack sign good-sealed.bin --key rsa3072-a.pem -o once.bin
is_sealed once.bin
expect_exit 0 otapack sign once.bin --append --key rsa3072-b.pem -o twice.bin
is_sealed twice.bin rsa3072-b.pub.pem
expect_exit 0 otapack sign once.bin --remove 0 -o none-left.bin
same good-sealed.bin none-left.bin
# The firmware of the radio is under the seal: it is signed as long as nobody has signed the host.
expect_exit 0 otapack sign good-sealed.bin --part firmware --key rsa3072-a.pem -o radio.bin
expect_exit 0 otapack verify -q radio.bin --require-seal
expect_exit 1 otapack sign once.bin --part firmware --key rsa3072-a.pem -o none.bin
expect_err 'the app is signed, and its seal would be another one, .*otapack sign --remove'
expect_exit 1 otapack sign "$files/bad-rcp-seal.bin" --key rsa3072-a.pem -o none.bin
expect_err 'not signed: the host.s seal does not hold: .*\[rcp-seal\]$'
no_file none.bin
# Elsewhere: what has to be signed has the seal in it that the signed image will have.
expect_exit 0 otapack sign good-sealed.bin --digest-only --public-key rsa3072-a.pub.pem -o data.bin
openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sign rsa3072-a.pem \
    -out signature.bin data.bin
expect_exit 0 otapack sign good-sealed.bin --signature signature.bin --public-key rsa3072-a.pub.pem \
    -o elsewhere.bin
is_sealed elsewhere.bin

# ---- what is said --------------------------------------------------------------------------------

expect_exit 0 otapack inspect signed.bin --get sealed
out_is yes
expect_exit 0 otapack inspect "$FIXTURES/rcp_image/good-rcp-only.bin"
expect_out '^  sealed +no: there is no host in it$'
expect_exit 0 otapack verify signed.bin -e 'sealed = yes' --json --key rsa3072-a.pub.pem
look '.files[0].signed | .uncovered == [] and ([.sealed[].size] | add) == 5125' out >jq ||
    fail 'what is sealed is another span'
expect_exit 1 otapack verify host.bin --require-seal
expect_err 'there is no other processor.s firmware in it, so there is nothing to be sealed; .*\[rcp-seal-required\]$'
expect_exit 0 otapack verify "$FIXTURES/rcp_image/good-with-host.bin" --require-seal --allow rcp-seal-required

# ---- under no signature that is asked for ---------------------------------------------------------

# Anybody can make a seal: with a key, the host that has it must be what is signed.
expect_exit 0 otapack sign host.bin --key rsa3072-a.pem -o app.bin
for id in rcp 0x100; do
    printf 'otapack: 1\nmatter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2, images: [
        {id: application, file: app.bin}, {id: %s, version: 3, file: good-sealed.bin}]}\n' $id >bundle.yaml
    expect_exit 0 otapack build -q bundle.yaml -o bundle.ota
    expect_exit 1 otapack verify -q bundle.ota --key rsa3072-a.pub.pem --require-seal
    expect_err 'vouches for other processors. firmware in payload; '
    expect_err 'payload: sealed: no: the application.s seal is empty; .*\[rcp-seal-required\]$'
done
expect_exit 1 otapack verify -q radio.bin --part firmware --key rsa3072-a.pub.pem --require-seal
expect_err 'no signature that is asked for vouches'
# Elsewhere, too, nothing is signed that a seal does not fit.
expect_exit 1 otapack sign "$files/bad-rcp-seal.bin" --digest-only --public-key rsa3072-a.pub.pem
expect_err '\[rcp-seal\]$'
cp signed.bin flipped.bin
flip flipped.bin 0x1000 1
expect_exit 1 otapack sign flipped.bin --part firmware --digest-only --public-key rsa3072-a.pub.pem
expect_err '\[rcp-seal\]$'

# ---- in the flash of a border router -------------------------------------------------------------

# What it has stored of a combined image is held against the seal of the app that it runs.
pt_table router.bin 1 0x82 0x9000 0x4000 rcp_fw 0 0 0x10000 0x10000 factory
otapack extract "$FIXTURES/hosted/flash.bin" bootloader -o bootloader.bin >out
otapack extract good-sealed.bin host -o runs.bin >out
cut_bytes good-sealed.bin 0 5125 >stored.bin
router() { # router APP STORED
    printf 'otapack: 1\nflash:\n  parts: [0x0: bootloader.bin, 0x8000: router.bin, 0x9000: %s, 0x10000: %s]\n' \
        "$2" "$1" >router.yaml
}
router runs.bin stored.bin
expect_exit 0 otapack build -q router.yaml -o router.flash
expect_exit 0 otapack verify -q router.flash --require-seal
expect_exit 0 otapack inspect router.flash --get rcp_fw.sealed
out_is yes
cp stored.bin changed.bin
flip changed.bin 90 1
router runs.bin changed.bin
expect_exit 1 otapack build -q router.yaml -o none.bin
expect_err "rcp_fw: the host's seal does not hold: it is not the SHA-256 of what comes before the host; .*\[rcp-seal\]$"
router host.bin stored.bin
expect_exit 0 otapack build -q router.yaml -o router.flash
expect_exit 1 otapack verify -q router.flash --require-seal
expect_err "rcp_fw: sealed: no: the host's seal is empty; "
expect_exit 0 otapack sign runs.bin --key rsa3072-a.pem -o runs-signed.bin --allow rcp-seal
router runs-signed.bin stored.bin
expect_exit 0 otapack build -q router.yaml -o router.flash
expect_exit 0 otapack verify -q router.flash --part factory --key rsa3072-a.pub.pem --require-seal

# ---- what is no host -----------------------------------------------------------------------------

no_host() { # no_host FILE REGEX
    recipe "$1" true
    recipe_says 1 "$2"
}
cp host.bin no-desc.bin
poke no-desc.bin 32 0
esp_rehash no-desc.bin
no_host no-desc.bin 'no-desc\.bin: is no app with a description as it is laid out, .*and no delta, encrypt or compress around it$'
no_host "$FIXTURES/rcp_build/bootloader/bootloader.bin" 'bootloader\.bin: .*\[slot-content\]$'
no_host good-sealed.bin 'good-sealed\.bin: .* otapack extract good-sealed\.bin host writes \[slot-content\]$'
printf 'otapack: 1\napp: {app: host.bin, sign: {keys: [rsa3072-a.pem]}}\nrcp: {build_dir: %s/rcp_build, seal: required}\n' \
    "$FIXTURES" >recipe.yaml
expect_exit 0 otapack build recipe.yaml -o nested.bin
is_sealed nested.bin
expect_exit 1 otapack verify "$FIXTURES/esp_encrypted_img/good-rsa.bin" --require-seal
expect_err 'what it comes with is not known; that needs --decrypt-key; '
# What nobody has signed, no seal covers.
expect_exit 1 otapack verify good-sealed.bin --key rsa3072-a.pub.pem --json
look '.files[0].signed | .sealed == [] and (.uncovered | length) > 0' out >jq || fail 'sealed without a signature'

# An app by itself: empty, and as an image had it, there is nothing to say.
for app in host host-fields host-sealed; do
    expect_exit 0 otapack verify "$FIXTURES/rcp_seal/$app.bin"
    no_err
done
expect_exit 0 otapack verify "$FIXTURES/rcp_seal/bad-rcp-seal-known.bin"
expect_one_line_err 'the version of the seal in it is 0x2, which no firmware knows; .*\[rcp-seal-known\]$'
