# SPDX-License-Identifier: Apache-2.0
# The RCP's firmware must go where its bootloader looks without OTA data: to the factory partition,
# or to the first OTA slot, by its subtype, when there is no factory. Another app partition is
# refused, whatever order the table has.
. "$SOURCE/tests/cli-lib.sh"

table=partition_table/partition-table.bin
moved() { # moved ADDRESS ENTRY: with these app partitions
    moved_to=$1
    shift
    copy_rcp rcp
    pt_table rcp/$table 1 2 0x9000 0x5000 nvs 1 0 0xe000 0x2000 otadata "$@"
    flash_at rcp 0x10000 "$moved_to"
    reference_build rcp expected.bin
}
passes() {
    moved "$@"
    expect_exit 0 otapack build --rcp-build-dir rcp --target-file ota.bin
    same expected.bin ota.bin
}
refused() {
    moved "$@"
    refuse rcp-firmware-address 'firmware' --rcp-build-dir rcp
    only_check rcp-firmware-address
    allow rcp-firmware-address expected.bin --rcp-build-dir rcp
}

set -- 0 0x10 0x10000 0x100000 ota_0 0 0x11 0x110000 0x100000 ota_1
passes 0x10000 "$@"
refused 0x110000 "$@"

# Labels say nothing, neither does the order.
set -- 0 0x11 0x10000 0x100000 ota_0 0 0x10 0x110000 0x100000 ota_1
passes 0x110000 "$@"
refused 0x10000 "$@"

set -- 0 0x10 0x10000 0x100000 ota_0 0 0 0x110000 0x100000 factory 0 0x11 0x210000 0x100000 ota_1
passes 0x110000 "$@"
refused 0x10000 "$@"
refused 0x210000 "$@"

# A test app is only booted while a button is pressed.
refused 0x10000 0 0x20 0x10000 0x100000 test

# Whether the firmware fits is asked of the partition that boots.
moved 0x110000 0 0x11 0x10000 0x100000 ota_1 0 0x10 0x110000 0x1000 ota_0
esp_grow rcp/esp_ot_rcp.bin 4096
refuse rcp-firmware-size 'firmware' --rcp-build-dir rcp
only_check rcp-firmware-size
