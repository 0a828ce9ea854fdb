# SPDX-License-Identifier: Apache-2.0
# What flash_args flashes must end within the flash size of the bootloader's header.
. "$SOURCE/tests/cli-lib.sh"

# without_table ADDRESS FIRMWARE BOOTLOADER: a combined image that flashes these two only, as the
# partition table has its own word about addresses. Writes image.bin.
without_table() {
    u32le 2 0 4 "$1" >records
    rcp_combine image.bin 0 "$RCP/rcp_version" 1 records 2 "$3" 4 "$2"
}
passes() {
    without_table "$@"
    expect_exit 0 otapack verify image.bin
    no_err
}
refused() {
    without_table "$@"
    expect_exit 1 otapack verify image.bin
    expect_err '\[rcp-flash-size\]$'
    only_check rcp-flash-size
    expect_exit 0 otapack verify image.bin --allow rcp-flash-size
}

cp "$RCP/bootloader/bootloader.bin" boot.bin
cp "$RCP/esp_ot_rcp.bin" app.bin
[ $(($(u8 boot.bin 3) >> 4)) -eq 2 ] || fail 'the bootloader is not for 4 MB'
passes 0x3ff000 app.bin boot.bin
refused 0x400000 app.bin boot.bin
refused 0xfffff000 app.bin boot.bin # and the sum does not wrap around
esp_grow app.bin $((0x1000 - $(size_of app.bin)))
passes 0x3ff000 app.bin boot.bin
esp_grow app.bin 16
refused 0x3ff000 app.bin boot.bin

# Other sizes in the header: 1 MB to 128 MB.
cp "$RCP/esp_ot_rcp.bin" app.bin
for nibble in 0 1 3 7; do
    esp_header boot.bin 3 $((nibble << 4 | 15))
    passes $(((0x100000 << nibble) - 0x1000)) app.bin boot.bin
    refused $((0x100000 << nibble)) app.bin boot.bin
done
# A size that nobody knows says nothing about the flash.
esp_header boot.bin 3 0xff
without_table 0x400000 app.bin boot.bin
otapack inspect --json image.bin >out 2>err || :
look '.files[0].root | failing | index("rcp-flash-size") == null' out >/dev/null ||
    fail 'an unknown flash size was judged'

# Built from a folder, with a table: the partition and the firmware in it end too far up.
copy_rcp rcp
esp_header rcp/bootloader/bootloader.bin 3 0x0f
flash_at rcp 0x10000 0x100000
pt_table rcp/partition_table/partition-table.bin 1 2 0x9000 0x6000 nvs \
    0 0 0x100000 0x100000 factory
refuse rcp-flash-size 'firmware' --rcp-build-dir rcp
expect_err '\[pt-flash-size\]$'
