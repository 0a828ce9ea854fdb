# SPDX-License-Identifier: Apache-2.0
# The seal of a Matter bundle in its application: built, refused, kept right by sign and edit, asked for.
. "$SOURCE/tests/cli-lib.sh"

files=$FIXTURES/rcp_seal
cp "$files/host.bin" app.bin
for key in rsa3072-a rsa3072-b; do
    install -m 600 "$FIXTURES/keys/$key.pem" $key.pem
    cp "$FIXTURES/keys/$key.pub.pem" .
done
otapack extract "$files/good-bundle.bin" rcp -o radio.bin >out
otapack extract "$files/good-bundle.bin" 'image[1]' -o other.bin >out

bundle() { # bundle APP SEAL [MORE]
    printf 'otapack: 1\nmatter_bundle:\n  - {id: rcp, version: 7, file: radio.bin}
  - {id: 0x100, version: 7, file: other.bin}
  - {id: application, version: 2, file: %s, seal: %s}\n%s' "$1" "$2" "${3-}" >bundle.yaml
}
matter() { # matter APP-MAP
    printf 'otapack: 1\nmatter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 7, images: [
        {id: rcp, version: 3, file: radio.bin}, {id: application, %s}]}\n' "$1" >matter.yaml
}
is_sealed() { expect_exit 0 otapack verify -q "$1" --require-seal --key "${2:-rsa3072-a.pub.pem}"; }
says() { # says STATUS RECIPE REGEX
    expect_exit "$1" otapack build "$2" -o none.bin
    expect_err "$3"
    no_file none.bin
}

# ---- build ---------------------------------------------------------------------------------------

bundle app.bin true
expect_exit 0 otapack build bundle.yaml -o sealed.bin
same "$files/good-bundle.bin" sealed.bin
matter 'seal: required, app: app.bin, sign: {keys: [rsa3072-a.pem]}'
expect_exit 0 otapack build matter.yaml -o signed.ota
is_sealed signed.ota
# However the application is put together.
matter 'seal: required, app: {app: app.bin, sign: {keys: [rsa3072-a.pem]}}'
expect_exit 0 otapack build matter.yaml -o again.ota
is_sealed again.ota
bundle app.bin false
expect_exit 0 otapack build bundle.yaml -o empty.bin
expect_err 'the application has a place for a seal, and it is empty; .*\[rcp-seal-empty\]$'
expect_exit 1 otapack verify empty.bin --require-seal
expect_err "sealed: no: the application's seal is empty; .*\[rcp-seal-required\]$"

bundle app.bin required
says 1 bundle.yaml 'nobody signs the app, .*; add sign: to the recipe, or write seal: true$'
bundle "$FIXTURES/br/demo_br.bin" true
says 1 bundle.yaml 'demo_br\.bin: has no place for a seal; '
bundle app.bin maybe
says 2 bundle.yaml 'seal.*maybe|maybe.*seal'
sed 's/file: radio\.bin/&, seal: true/' bundle.yaml >wrong.yaml
says 2 wrong.yaml 'a seal lies in the application, and this is another image; write it there$'
expect_exit 0 otapack sign app.bin --key rsa3072-a.pem -o app-signed.bin
bundle app-signed.bin true
says 1 bundle.yaml 'app-signed\.bin: the app is signed, and its seal would be another one'
bundle other.bin true
says 1 bundle.yaml 'other\.bin: is no app with a description'
cp app.bin damaged.bin
flip damaged.bin 2000 1
bundle damaged.bin true
says 1 bundle.yaml 'damaged\.bin: .*\[esp-checksum\]$'

# ---- back to a recipe ----------------------------------------------------------------------------

expect_exit 0 otapack extract signed.ota --recipe parts
has_line '{id: application, version: 7, file: .*, seal: true}$' parts/recipe.yaml ||
    fail 'the recipe says nothing of the seal'
expect_exit 0 otapack build parts/recipe.yaml
same signed.ota parts/rebuilt.bin

# ---- edit ----------------------------------------------------------------------------------------

matter 'seal: true, file: app.bin'
expect_exit 0 otapack build matter.yaml -o light.ota
expect_exit 0 otapack edit light.ota --set software_version=8 -o newer.ota
expect_exit 0 otapack verify -q newer.ota --require-seal
expect_exit 0 otapack inspect newer.ota --get 'payload.table[1].version'
out_is 8
# The version of the application is sealed: who has signed it has signed that.
expect_exit 1 otapack edit signed.ota --set software_version=8 -o none.ota
expect_err 'signed\.ota: the app is signed, and its seal would be another one'
no_file none.ota
expect_exit 1 otapack edit "$files/bad-rcp-seal-bundle-size.bin" --set software_version=8 -o none.ota
expect_err "not edited: the application's seal does not hold: .*\[rcp-seal\]$"

# ---- sign ----------------------------------------------------------------------------------------

expect_exit 0 otapack sign light.ota --key rsa3072-a.pem -o once.ota
is_sealed once.ota
expect_exit 0 otapack sign once.ota --append --key rsa3072-b.pem -o twice.ota
is_sealed twice.ota rsa3072-b.pub.pem
expect_exit 0 otapack sign once.ota --remove 0 -o none-left.ota
same light.ota none-left.ota
# The firmware of the radio is under the seal: it is signed as long as nobody has signed the app.
expect_exit 0 otapack sign light.ota --part payload.rcp.firmware --key rsa3072-a.pem -o radio.ota
expect_exit 0 otapack verify -q radio.ota --require-seal
expect_exit 1 otapack sign once.ota --part payload.rcp.firmware --key rsa3072-a.pem -o none.ota
expect_err 'the app is signed, and its seal would be another one, '
no_file none.ota
need openssl
expect_exit 0 otapack sign light.ota --digest-only --public-key rsa3072-a.pub.pem -o data.bin
openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -sign rsa3072-a.pem \
    -out signature.bin data.bin
expect_exit 0 otapack sign light.ota --signature signature.bin --public-key rsa3072-a.pub.pem -o elsewhere.ota
is_sealed elsewhere.ota

# ---- what is said --------------------------------------------------------------------------------

expect_exit 0 otapack inspect signed.ota --get payload.sealed
out_is yes
expect_exit 0 otapack inspect -b signed.ota
expect_out '^  sealed +yes$'
[ "$(grep -c '^  sealed' out)" = 1 ] || fail 'sealed is said of what lies in a sealed bundle, too'
expect_exit 0 otapack verify signed.ota --json --key rsa3072-a.pub.pem
look '.files[0].signed | ([.uncovered[].part] == [""]) and ([.sealed[].size] | add) == (104 + 5113)' out >jq ||
    fail 'what is sealed is another span'
# One of nothing but the application, if it has a seal: a device looks at that.
matter 'seal: true, file: app.bin'
sed -i 's/{id: rcp[^}]*}, //' matter.yaml
expect_exit 0 otapack build matter.yaml -o one.ota
expect_exit 0 otapack verify -q one.ota --require-seal
expect_exit 0 otapack edit one.ota --set software_version=8 -o one-newer.ota
expect_exit 0 otapack verify -q one-newer.ota --require-seal
expect_exit 0 otapack sign one.ota --key rsa3072-a.pem -o one-signed.ota
is_sealed one-signed.ota
expect_exit 0 otapack extract one-newer.ota payload.application -o one-app.bin
printf 'otapack: 1\nmatter_bundle: [{id: 1, version: 9, file: one-app.bin}]\n' >one.yaml
expect_exit 1 otapack build one.yaml -o none.bin
expect_err "it is not the SHA-256 of the bundle's table; .*\[rcp-seal\]$"
# The seal of something else is none, and is not refused.
otapack extract "$files/good-sealed.bin" host -o host.bin >out
printf 'otapack: 1\nmatter_bundle: [{id: rcp, version: 7, file: radio.bin}, {id: 1, version: 9, file: host.bin}]\n' \
    >other.yaml
expect_exit 0 otapack build other.yaml -o other-kind.bin
expect_err 'the application has the seal of a combined image, and none of a Matter bundle; .*\[rcp-seal-empty\]$'
expect_exit 1 otapack verify other-kind.bin --require-seal
expect_err 'sealed: no: it is the seal of a combined image, not of a Matter bundle; '
# A bundle of nothing but the application has nothing to be sealed.
expect_exit 1 otapack verify "$FIXTURES/matter_bundle/good-app.bin" --require-seal
expect_err 'so there is nothing to be sealed; '
# The table is the sealed one, an image is not.
cp sealed.bin swapped.bin
flip swapped.bin $((152 + 5113)) 1
expect_exit 1 otapack inspect swapped.bin --get sealed
out_is 'no: the image of table[1] is another one'
# Another image, with the digest of it in the table: only the seal tells.
cp sealed.bin swapped.bin
flip swapped.bin $((152 + 5113)) 1
cut_bytes swapped.bin $((152 + 5113)) 301 >image.bin
hex_bytes "$(sha256_of image.bin)" >digest.bin
overwrite swapped.bin $((8 + 48 + 16)) <digest.bin
expect_exit 1 otapack verify swapped.bin
expect_err "the application's seal does not hold: it is not the SHA-256 of the bundle's table; .*\[rcp-seal\]$"
refuse_err '\[bundle-sha256\]'
