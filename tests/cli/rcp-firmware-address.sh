# SPDX-License-Identifier: Apache-2.0
# The RCP's firmware must go where its bootloader looks without OTA data: to the factory partition,
# or to the first OTA slot, by its subtype, when there is no factory. Another app partition is
# refused, whatever order the table has.
. "$SOURCE/tests/cli-lib.sh"

table=partition_table/partition-table.bin
moved() { # moved ADDRESS, the app partitions on stdin
    copy_rcp rcp
    {
        pt_entry 1 2 0x9000 0x5000 nvs
        pt_entry 1 0 0xe000 0x2000 otadata
        cat
    } | pt_finish rcp/$table
    sed "s|^0x10000 |$1 |" "$RCP/flash_args" >rcp/flash_args
    reference_build rcp expected.bin
}
passes() {
    moved "$1"
    expect_exit 0 otapack build --rcp-build-dir rcp --target-file ota.bin
    same expected.bin ota.bin
}
refused() {
    moved "$1"
    refuse rcp-firmware-address 'firmware' --rcp-build-dir rcp
    only_check rcp-firmware-address
    allow rcp-firmware-address expected.bin --rcp-build-dir rcp
}

slots() {
    pt_entry 0 0x10 0x10000 0x100000 ota_0
    pt_entry 0 0x11 0x110000 0x100000 ota_1
}
slots | passes 0x10000
slots | refused 0x110000

swapped() { # labels say nothing, neither does the order
    pt_entry 0 0x11 0x10000 0x100000 ota_0
    pt_entry 0 0x10 0x110000 0x100000 ota_1
}
swapped | passes 0x110000
swapped | refused 0x10000

with_factory() {
    pt_entry 0 0x10 0x10000 0x100000 ota_0
    pt_entry 0 0 0x110000 0x100000 factory
    pt_entry 0 0x11 0x210000 0x100000 ota_1
}
with_factory | passes 0x110000
with_factory | refused 0x10000
with_factory | refused 0x210000

# A test app is only booted while a button is pressed.
pt_entry 0 0x20 0x10000 0x100000 test | refused 0x10000

# Whether the firmware fits is asked of the partition that boots.
{
    pt_entry 0 0x11 0x10000 0x100000 ota_1
    pt_entry 0 0x10 0x110000 0x1000 ota_0
} | moved 0x110000
esp_grow rcp/esp_ot_rcp.bin 4096
refuse rcp-firmware-size 'firmware' --rcp-build-dir rcp
only_check rcp-firmware-size
