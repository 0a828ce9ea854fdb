# SPDX-License-Identifier: Apache-2.0
# Matter images as a shell makes and sends them: built to the bytes that Python writes, with each
# type of digest; looked into, verified, taken apart, built again; refused.
# tests/laws/law_matter_*.c have each field, check, header and mistake.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
cat >recipe.yaml <<'END'
otapack: 1
output: ota.bin
app: app.bin
matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2}
END

# Python is started once, and writes an image for each type.
set --
for type in $TYPES; do set -- "$@" "$type.bin" app.bin "type=$type" --; done
matter make "$@" all.bin app.bin min=0 max=1 url=https://example.com/ type=sha384 -- \
    other.bin app.bin software_version_string=3
for type in $TYPES; do
    if lacks "$type"; then continue; fi
    expect_exit 0 otapack build recipe.yaml --set "matter.image_digest_type=$type"
    no_out
    same "$type.bin" ota.bin
done

# Through a file and a pipe.
expect_exit 0 otapack inspect - --get payload.desc.version <all.bin
out_is 2.0
mkfifo pipe
cat all.bin >pipe &
expect_exit 0 otapack verify - <pipe
wait
expect_exit 0 otapack extract all.bin payload -o -
same app.bin out
expect_exit 0 otapack extract all.bin --recipe taken
expect_exit 0 otapack build taken/recipe.yaml -o again.bin
same all.bin again.bin

# Refused: nothing is written, and an older file stays as it is.
refuse matter-version-match '2\.0' recipe.yaml --set matter.software_version_string=3
only_check matter-version-match
allow matter-version-match other.bin recipe.yaml --set matter.software_version_string=3
expect_exit 1 otapack verify other.bin
remedy matter-version-match
expect_exit 0 otapack verify other.bin --allow matter-version-match
printf 'otapack: 1\napp: app.bin\nmatter: {vendor_id: 65536}\n' >recipe.yaml
rm ota.bin
recipe_refused 3:21 '65536 is above 0xffff'
