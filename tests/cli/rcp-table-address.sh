# SPDX-License-Identifier: Apache-2.0
# Where the RCP's partition table is flashed to: behind the bootloader, and at least 0x1000 below
# every partition that it lists; entries for the bootloader and the table itself do not count.
. "$SOURCE/tests/cli-lib.sh"

table=partition_table/partition-table.bin boot=bootloader/bootloader.bin
at() { # at ADDRESS: the table is flashed there
    flash_at rcp 0x8000 "$1"
    reference_build rcp expected.bin
}
passes() {
    expect_exit 0 otapack build --rcp-build-dir rcp --target-file ota.bin
    same expected.bin ota.bin
}
refused() {
    refuse rcp-table-address 'partition_table|partition table' --rcp-build-dir rcp
    only_check rcp-table-address
    allow rcp-table-address expected.bin --rcp-build-dir rcp
}
lists() { # lists OFFSET [ENTRY]: the first partition but for these entries begins there
    lists_at=$1
    shift
    pt_table rcp/$table "$@" 1 2 "$lists_at" 0x1000 nvs 0 0 0x20000 0x100000 factory
    text=$(<rcp/flash_args)
    printf '%s\n' "${text/$'\n'0x10000 /$'\n'0x20000 }" >rcp/flash_args
    reference_build rcp expected.bin
}

copy_rcp rcp
at 0x7000
passes
at 0x1000
passes
at 0x9000
refused
expect_err '0x9000, not below partition [a-z_0-9]*:'
at 0xa000 # above a partition
refused
at 0xe000 # amid one
refused

copy_rcp rcp
at 0xb000
lists 0xc000
passes
lists 0xb000
refused
lists 0x4000 # a partition below the table
refused
copy_rcp rcp
lists 0x8000 # a partition on the table
refused

# A project's own types count like data.
copy_rcp rcp
lists 0x9000 0x40 0 0x4000 0x1000 own
refused
copy_rcp rcp
lists 0x9000 0x40 0 0xa000 0x1000 own
passes

# ESP-IDF 5.5 lists bootloader and table too.
copy_rcp rcp
lists 0x9000 2 0 0x0 0x8000 bootloader 3 0 0x8000 0x1000 partition_table
passes

# The bootloader may reach up to the table.
copy_rcp rcp
esp_grow rcp/$boot $((0x8000 - $(size_of rcp/$boot)))
at 0x8000
passes
esp_grow rcp/$boot 16
refuse rcp-flash-overlap 'bootloader' --rcp-build-dir rcp
only_check rcp-flash-overlap # which says it well enough

# Below the bootloader, on a chip that has room there.
expect_exit 1 otapack verify "$FIXTURES/rcp_image/bad-rcp-table-address-below.bin"
only_check rcp-table-address
expect_err ', not behind the bootloader:'
