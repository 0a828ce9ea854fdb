# SPDX-License-Identifier: Apache-2.0
# Faults in `matter:` of a recipe: status 2, one line, FILE:LINE:COLUMN of the very key or value, and
# the key that was probably meant. Nothing is built.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
# wrong LINE:COLUMN REGEX, what follows `otapack: 1` and `app: app.bin` on stdin (line 3 on).
wrong() {
    { printf 'otapack: 1\napp: app.bin\n' && cat; } >recipe.yaml
    recipe_refused "$@"
}

# A key that is missing; at the place of `matter` or its value.
for missing in vendor_id product_id software_version; do
    for key in vendor_id product_id software_version; do
        [ "$key" = "$missing" ] || echo "  $key: 7"
    done >keys
    { echo 'matter:' && cat keys; } | wrong '[34]:[0-9]+' "\\b$missing\\b"
done
printf 'matter: {}\n' | wrong '3:[0-9]+' 'vendor_id'
printf 'matter:\n' | wrong '3:[0-9]+' 'matter'
printf 'matter: 1\n' | wrong '3:9' 'matter'
printf 'matter: [vendor_id]\n' | wrong '3:9' 'matter'

# A key nobody took.
known='{vendor_id: 1, product_id: 1, software_version: 2'
printf 'matter: %s, vendorid: 1}\n' "$known" | wrong '3:[0-9]+' 'vendorid.*vendor_id'
printf 'matter:\n  vendr_id: 1\n  product_id: 1\n  software_version: 2\n' |
    wrong '4:3' '(vendr_id.*)?vendor_id'
printf 'matter:\n  vendor_id: 1\n  product_id: 1\n  software_version: 2\n  min_version: 1\n' |
    wrong 7:3 'min_version'
printf 'matter:\n  vendor_id: 1\n  product_id: 1\n  software_version: 2\n  release_note_url: 1\n' |
    wrong 7:3 'release_note_url.*release_notes_url'
printf 'mater:\n  vendor_id: 1\n  product_id: 1\n  software_version: 2\n' | wrong 3:1 'mater.*matter'
# What is computed cannot be said.
for key in payload_size image_digest total_size header_size; do
    printf 'matter:\n  vendor_id: 1\n  product_id: 1\n  software_version: 2\n  %s: 1\n' "$key" |
        wrong 7:3 "$key"
done

# Numbers: none, out of range.
value() { # value KEY VALUE REGEX
    {
        printf 'matter:\n  %s: %s\n' "$1" "$2"
        for key in vendor_id product_id software_version; do
            [ "$key" = "$1" ] || echo "  $key: 7"
        done
    } | wrong "4:$((${#1} + 5))" "$3"
}
for key in vendor_id product_id; do
    value $key 65536 "$key|65535|0xffff|65536"
    value $key 0x10000 "$key|65535|0xffff|0x10000"
    value $key -1 "$key|-1"
    value $key one "$key|one"
    value $key 1.5 "$key|1\\.5"
    value $key '[1]' "$key"
    value $key 99999999999999999999999 "$key|9999"
done
for key in software_version min_applicable_software_version max_applicable_software_version; do
    value $key 4294967296 "$key|429496729[56]"
    value $key -1 "$key|-1"
    value $key '"1.0"' "$key|1\\.0"
done
value image_digest_type 0 'image_digest_type|sha256|12'
value image_digest_type 13 'image_digest_type|sha256|12'
value image_digest_type 300 'image_digest_type|sha256|12'
value image_digest_type sha265 'sha256'
value image_digest_type md5 'md5|sha256'
value image_digest_type SHA-256 'sha256'
value release_notes_url '{a: b}' 'release_notes_url'
value software_version_string '[1]' 'software_version_string'

# Twice; a name that is not there.
printf 'matter:\n  vendor_id: 1\n  product_id: 1\n  vendor_id: 1\n  software_version: 2\n' |
    wrong 6:3 'vendor_id'
printf 'matter: {vendor_id: 1}\nmatter: {vendor_id: 1}\n' | wrong 4:1 'matter'
value software_version_string '${app.desc.versoin}' 'app\.desc\.versoin.*version'

# --set: the same words, at its own place.
printf 'otapack: 1\napp: app.bin\n' >bare.yaml
for set in matter.vendor_id=65536 matter.vendorid=1 matter.software_version=x \
    matter.image_digest_type=sha257; do
    name=${set%%=*}
    case $set in matter.vendor_id=*) others='matter.product_id=1' ;; *) others=matter.vendor_id=1 ;; esac
    expect_exit 2 otapack build bare.yaml -o ota.bin --set "$set" --set "$others" \
        --set matter.product_id=1 --set matter.software_version=2 --set "$set"
    expect_one_line_err
    expect_err "$name|${name#matter.}|vendor_id|sha256"
    no_file ota.bin
done
expect_exit 2 otapack build bare.yaml -o ota.bin --set matter.vendor_id=1
expect_err 'product_id|software_version'
no_file ota.bin

# Without an app, there is no default for the version's text.
printf 'otapack: 1\nimage: "%s"\nmatter: {vendor_id: 1, product_id: 1, software_version: 2}\n' \
    "$FIXTURES/raw/gzip.bin" >image.yaml
expect_exit 2 otapack build image.yaml -o ota.bin
expect_one_line_err
expect_err '^otapack: image\.yaml:3:[0-9]+: .*software_version_string'
no_file ota.bin
