# SPDX-License-Identifier: Apache-2.0
# A host's partition table without a partition called rcp_fw: nobody can say whether the RCP part
# fits, and that is said.
. "$SOURCE/tests/cli-lib.sh"

image=$COMBINED
table() { # table LABEL: of the partition for the RCP's files
    {
        pt_entry 1 2 0x9000 0x6000 nvs
        pt_entry 1 0 0xf000 0x2000 otadata
        pt_entry 0 0x10 0x20000 0x200000 ota_0
        pt_entry 0 0x11 0x220000 0x200000 ota_1
        pt_entry 1 0x82 0x420000 0xa0000 "$1"
    } | pt_finish table.bin
}
warned() {
    expect_exit 0 otapack "$@" --partition-table table.bin
    expect_err '^otapack: .*warning: .*rcp_fw.*\[host-storage-update\]$'
    [ "$(err_lines 'host-storage')" -eq 1 ] || fail 'more than one line about the storage'
}

host_firmware host.bin
for label in rcp_image rcp RCP_FW rcp_fw2; do
    table "$label"
    warned verify "$image"
    warned build --rcp-build-dir "$RCP" --br-firmware host.bin --target-file ota.bin
    warned build --rcp-build-dir "$RCP" --target-file rcp.bin
done
expect_exit 0 otapack inspect --json "$image" --partition-table table.bin
look '.files[0] | .verdict == "warn" and (.root | failing == ["host-storage-update"])' out \
    >/dev/null || fail 'the JSON does not say host-storage-update'

table rcp_fw
expect_exit 0 otapack verify "$image" --partition-table table.bin
no_err
# Without an RCP part there is nothing to store.
table spiffs
expect_exit 0 otapack verify host.bin --partition-table table.bin
no_err
# Nor is it said without a partition table.
expect_exit 0 otapack verify "$image"
no_err
