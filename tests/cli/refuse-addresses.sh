# SPDX-License-Identifier: Apache-2.0
# build refuses what would be flashed to the wrong place: overlap, misalignment, the bootloader or
# the firmware at another address than the chip or the partition table gives, a firmware larger than
# its partition. Each can be allowed by name, alone, and the bytes are then as asked for.
. "$SOURCE/tests/cli-lib.sh"

# moved NAME ADDRESS: a folder in which that file is flashed to another address.
moved() {
    copy_rcp rcp
    moved=
    while read -r address path; do
        case $path in *"$1") address=$2 moved=1 ;; esac
        printf '%s %s\n' "$address" "$path"
    done <"$RCP/flash_args" >rcp/flash_args
    [ -n "$moved" ] || fail 'flash_args did not change'
    reference_build rcp expected.bin
}
refused() { # refused ID PART
    refuse "$1" "$2" --rcp-build-dir rcp
    only_check "$1"
    allow "$1" expected.bin --rcp-build-dir rcp
}

moved partition-table.bin 0x7800
refused rcp-flash-align 'partition_table'
moved partition-table.bin 0x0
refused rcp-flash-overlap 'partition_table|bootloader'
moved bootloader.bin 0x1000
refused rcp-bootloader-address 'bootloader'
expect_err '0x1000'
moved esp_ot_rcp.bin 0x20000
refused rcp-firmware-address 'firmware'
expect_err '0x20000'
moved esp_ot_rcp.bin 0x9000 # a partition begins there, but not one for an app
refused rcp-firmware-address 'firmware'

# Overlap by one byte: the end of one against the start of the next.
copy_rcp rcp
esp_grow rcp/bootloader/bootloader.bin $((0x8000 - $(size_of rcp/bootloader/bootloader.bin) + 16))
reference_build rcp expected.bin
refused rcp-flash-overlap 'bootloader|partition_table'
copy_rcp rcp
esp_grow rcp/bootloader/bootloader.bin $((0x8000 - $(size_of rcp/bootloader/bootloader.bin)))
expect_exit 0 otapack build --rcp-build-dir rcp --target-file fits.bin

# A firmware of 16 bytes more than its partition, and one that fills it.
copy_rcp rcp
table=rcp/partition_table/partition-table.bin
poke32 $table $(($(pt_app $table) + 8)) 0x10000
pt_remake $table
esp_grow rcp/esp_ot_rcp.bin $((0x10000 - $(size_of rcp/esp_ot_rcp.bin) + 16))
reference_build rcp expected.bin
refused rcp-firmware-size 'firmware'
cp "$RCP/esp_ot_rcp.bin" rcp/esp_ot_rcp.bin
esp_grow rcp/esp_ot_rcp.bin $((0x10000 - $(size_of rcp/esp_ot_rcp.bin)))
reference_build rcp expected.bin
expect_exit 0 otapack build --rcp-build-dir rcp --target-file fits.bin
same expected.bin fits.bin

# The partition table itself: a broken MD5 is refused.
copy_rcp rcp
poke $table $(($(pt_app $table) + 8)) 0xf0
refuse pt-md5 'partition_table' --rcp-build-dir rcp
