# SPDX-License-Identifier: Apache-2.0
# Real firmware: every unsigned image passes (warnings aside); other people's formats are named.
. "$SOURCE/tests/cli-lib.sh"
vectors

for file in "$VECTORS"/esp8266/sketch.* "$VECTORS"/esp-image/*.bin "$VECTORS"/matter/*.bin "$VECTORS"/thread-br/br/*.bin \
    "$VECTORS"/thread-br/rcp_build/*.bin "$VECTORS"/thread-br/rcp_build/*/*.bin; do
    expect_exit 0 otapack inspect --json "$file"
    expect_exit 0 otapack inspect "$file"
done
get() { # get VALUE FILE PATH
    expect_exit 0 otapack inspect "$2" --get "$3"
    out_is "$1"
}
thread=$VECTORS/thread-br
get esp_ot_br "$thread/br/esp_ot_br.bin" desc.project_name
get 6110ced-dirty "$thread/br/esp_ot_br.bin" desc.version
get ota_1 "$thread/br/partition-table.bin" 'partitions[4].label'
get 7 "$thread/br/partition-table.bin" entry_count
expect_exit 0 otapack inspect --json "$thread/br/esp_ot_br.bin"
look '.files[0] | .verdict == "warn" and (.root | failing) == ["app-dirty"]' out >/dev/null ||
    fail 'the border router is a dirty build, and nothing else'

# Signed images are images: nothing but a signature follows.
for file in "$VECTORS"/secure-boot/signed_v2*.bin; do
    expect_exit 0 otapack inspect --json "$file"
    look '.files[0].root | failing | index("esp-trailing") == null' out >/dev/null ||
        fail "$file: the signature sector is not trailing bytes"
    look '.files[0].root.parts.signatures[0] | .size == 1216 and .offset == 233472' out \
        >/dev/null || fail "$file: no signature"
done

# A combined image, and what a serial flasher would write: the same image at its places.
reference_build "$thread/rcp_build" br.bin "$thread/br/esp_ot_br.bin"
get esp_ot_br br.bin host.desc.project_name
get esp_ot_rcp br.bin firmware.desc.project_name
get v5.4.1-dirty br.bin bootloader.desc.idf_ver
expect_exit 0 otapack verify br.bin -q -e 'host.chip = esp32s3' -e 'firmware.desc.idf_ver >= v5.4' \
    -e 'version.text ~ 4c2820d377' --partition-table "$thread/br/partition-table.bin"
fill 2097152 >merged.bin
dd if="$thread/br/bootloader.bin" of=merged.bin conv=notrunc status=none
dd if="$thread/br/partition-table.bin" of=merged.bin bs=4096 seek=8 conv=notrunc status=none
dd if="$thread/br/ota_data_initial.bin" of=merged.bin bs=4096 seek=15 conv=notrunc status=none
dd if="$thread/br/esp_ot_br.bin" of=merged.bin bs=4096 seek=32 conv=notrunc status=none
get esp_ot_br merged.bin ota_0.desc.project_name
get bootloader merged.bin bootloader.type
expect_exit 0 otapack inspect --json merged.bin
look '.files[0].root | .format == "flash" and .parts.otadata.format == "ota_data" and
    .parts.ota_0.offset == 131072 and .parts.partition_table.fields.entry_count.value == 7' out \
    >/dev/null || fail 'the merged image'

kind() { # kind REGEX FILE
    expect_exit 1 otapack inspect --json "$VECTORS/$2"
    jq -r '.files[0].root | .format + ": " + .fields.kind.value' out >kind
    grep -Eiq "^raw: .*($1)" kind || fail "$2 is said to be '$(cat kind)', not $1"
}
kind ELF esp8266/app.elf
