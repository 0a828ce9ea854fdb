# SPDX-License-Identifier: Apache-2.0
# `matter:` wraps whatever the rest of the recipe gives: an app, a border router's combined image, an
# RCP image, any one image, a merged image. --set adds and replaces; names in paths; `expect`.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
reference_build "$RCP" rcp.expected
reference_build "$RCP" br.expected app.bin
wrapped() { # wrapped PAYLOAD: ota.bin is it in an image; the recipe, without `matter`, on stdin
    {
        cat
        printf 'output: ota.bin\nmatter:\n  vendor_id: 0xFFF1\n  product_id: 0x8000\n'
        printf '  software_version: 2\n  software_version_string: "2.0"\n'
    } >recipe.yaml
    matter make expected.bin "$1"
    rm -f ota.bin
    expect_exit 0 otapack build recipe.yaml
    no_out
    same expected.bin ota.bin
}

printf 'otapack: 1\napp: app.bin\n' | wrapped app.bin
no_findings
printf 'otapack: 1\nimage: app.bin\n' | wrapped app.bin
no_findings
printf 'otapack: 1\napp: app.bin\nrcp: {build_dir: "%s"}\n' "$RCP" | wrapped br.expected
no_findings
printf 'otapack: 1\nimage: br.expected\n' | wrapped br.expected
no_findings
printf 'otapack: 1\nrcp: {build_dir: "%s"}\n' "$RCP" | wrapped rcp.expected

# What otapack does not know, or a device does not take as an update, it wraps with a warning.
printf 'a text\n' >text.txt
for file in text.txt "$FIXTURES/raw/gzip.bin" "$FIXTURES/raw/one-byte.bin"; do
    printf 'otapack: 1\nimage: "%s"\n' "$file" | wrapped "$file"
    expect_err 'warning: .*\[matter-payload\]$'
done
cat >flash.yaml <<END
otapack: 1
flash:
  parts:
    - 0x0: $RCP/bootloader/bootloader.bin
    - 0x8000: $RCP/partition_table/partition-table.bin
    - 0x10000: $RCP/esp_ot_rcp.bin
END
expect_exit 0 otapack build flash.yaml -o merged.bin
wrapped merged.bin <flash.yaml
expect_err 'warning: .*\[matter-payload\]$'

# All fields; in another order, in flow style.
cat >all.yaml <<'END'
matter: {release_notes_url: "https://example.com/2.0", image_digest_type: sha3_512,
  max_applicable_software_version: 0x11, min_applicable_software_version: 1, product_id: 1,
  software_version_string: "2.0", software_version: 1000000, vendor_id: 65535}
otapack: 1
app: app.bin
output: all.bin
END
expect_exit 0 otapack build all.yaml
no_findings
matter make expected.bin app.bin vendor_id=65535 product_id=1 software_version=1000000 min=1 max=17 \
    url=https://example.com/2.0 type=sha3_512
same expected.bin all.bin

# --set: for a recipe without `matter`, and over the values of one.
printf 'otapack: 1\napp: app.bin\noutput: set.bin\n' >bare.yaml
expect_exit 0 otapack build bare.yaml --set matter.vendor_id=0x1234 --set matter.product_id=0x5678 \
    --set matter.software_version=9
matter make expected.bin app.bin vendor_id=0x1234 product_id=0x5678 software_version=9
same expected.bin set.bin
expect_exit 0 otapack build all.yaml --set matter.software_version=2000000 \
    --set matter.image_digest_type=1 --set matter.release_notes_url=https://example.com/x -o set.bin
matter make expected.bin app.bin vendor_id=65535 product_id=1 software_version=2000000 min=1 max=17 \
    url=https://example.com/x
same expected.bin set.bin

# Paths: the app's version names the output and is in the URL; `expect` begins with payload.
cat >names.yaml <<'END'
otapack: 1
app: app.bin
output: light-${app.desc.version}.ota
matter:
  vendor_id: 0xFFF1
  product_id: 0x8000
  software_version: 2
  software_version_string: ${app.desc.version}
  release_notes_url: https://example.com/${app.desc.version}
expect:
  - payload.desc.version = 2.0
  - payload.chip = esp32s3
  - software_version = 2
END
expect_exit 0 otapack build names.yaml
matter make expected.bin app.bin url=https://example.com/2.0
same expected.bin light-2.0.ota
rm light-2.0.ota
sed 's/payload.chip = esp32s3/payload.chip = esp32/' names.yaml >not.yaml
expect_exit 1 otapack build not.yaml
expect_err 'payload\.chip'
no_file light-2.0.ota

# The inputs are in the depfile, and are never written over.
expect_exit 0 otapack build names.yaml --depfile deps.d
grep -q 'app\.bin' deps.d || fail 'the depfile does not name the app'
expect_exit 2 otapack build names.yaml -o app.bin
