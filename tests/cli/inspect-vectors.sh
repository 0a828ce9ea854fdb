# SPDX-License-Identifier: Apache-2.0
# Real firmware of a border router: as it is, in a combined image, and as a serial flasher would write
# it, the same image at its places. (tests/laws/law_real.c has the other files.)
. "$SOURCE/tests/cli-lib.sh"
vectors

get() { # get VALUES FILE PATH...
    values=$1
    shift
    expect_exit 0 otapack inspect "$@"
    out_is "$values"
}
thread=$VECTORS/thread-br
get 'esp_ot_br
6110ced-dirty' "$thread/br/esp_ot_br.bin" -g desc.project_name -g desc.version
get 'ota_1
7' "$thread/br/partition-table.bin" -g 'partitions[4].label' -g entry_count

reference_build "$thread/rcp_build" br.bin "$thread/br/esp_ot_br.bin"
get 'esp_ot_br
esp_ot_rcp
v5.4.1-dirty' br.bin -g host.desc.project_name -g firmware.desc.project_name \
    -g bootloader.desc.idf_ver
expect_exit 0 otapack verify br.bin -q -e 'host.chip = esp32s3' -e 'firmware.desc.idf_ver >= v5.4' \
    -e 'version.text ~ 4c2820d377' --partition-table "$thread/br/partition-table.bin"
fill 2097152 >merged.bin
dd if="$thread/br/bootloader.bin" of=merged.bin conv=notrunc status=none
dd if="$thread/br/partition-table.bin" of=merged.bin bs=4096 seek=8 conv=notrunc status=none
dd if="$thread/br/ota_data_initial.bin" of=merged.bin bs=4096 seek=15 conv=notrunc status=none
dd if="$thread/br/esp_ot_br.bin" of=merged.bin bs=4096 seek=32 conv=notrunc status=none
get 'esp_ot_br
bootloader' merged.bin -g ota_0.desc.project_name -g bootloader.type
expect_exit 0 otapack inspect --json merged.bin
look '.files[0].root | .format == "flash" and .parts.otadata.format == "ota_data" and
    .parts.ota_0.offset == 131072 and .parts.partition_table.fields.entry_count.value == 7' out \
    >/dev/null || fail 'the merged image'
