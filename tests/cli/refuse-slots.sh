# SPDX-License-Identifier: Apache-2.0
# build refuses a part that is not what its slot says, and parts made for different chips.
. "$SOURCE/tests/cli-lib.sh"

host_firmware host.bin
boot=rcp/bootloader/bootloader.bin table=rcp/partition_table/partition-table.bin
app=rcp/esp_ot_rcp.bin
refused() { refuse "$1" "$2" --rcp-build-dir rcp --br-firmware host.bin; }

copy_rcp rcp
cp "$RCP/esp_ot_rcp.bin" $boot
refused slot-content 'bootloader'
copy_rcp rcp
cp "$RCP/bootloader/bootloader.bin" $app
refused slot-content 'firmware'
copy_rcp rcp
cp "$RCP/bootloader/bootloader.bin" $table
refused slot-content 'partition_table'
copy_rcp rcp
cp "$RCP/partition_table/partition-table.bin" $app
refused slot-content 'firmware'

# The host's slot: a bootloader, and a whole combined image (built already) are not an app.
copy_rcp rcp
cp host.bin good-host.bin
cp "$RCP/bootloader/bootloader.bin" host.bin
refused slot-content 'host'
cp "$COMBINED" host.bin
refused slot-content 'host'

# A web page instead of firmware: said for what it is.
printf '<!DOCTYPE html>\n<html><body>404 Not Found</body></html>\n' >host.bin
rm -rf target
expect_exit 1 otapack build --rcp-build-dir rcp --br-firmware host.bin --target-file ota.bin
expect_err 'host.*HTML|HTML.*host'
no_file ota.bin
: >host.bin
expect_exit 1 otapack build --rcp-build-dir rcp --br-firmware host.bin --target-file ota.bin
expect_err 'host.*empty|empty.*host'
no_file ota.bin
cp good-host.bin host.bin

# Different chips: the same image with another chip ID, hash made right again. (The H2 and the C6
# have one memory map and one bootloader address.)
copy_rcp rcp
[ "$(u16 $app $AT_CHIP_ID)" -eq 16 ] || fail 'the fixtures'\'' RCP is not an ESP32-H2'
esp_header $app $AT_CHIP_ID 13 0
reference_build rcp expected.bin host.bin
refused chip-match 'firmware|bootloader'
only_check chip-match
expect_err 'esp32h2'
expect_err 'esp32c6'
allow chip-match expected.bin --rcp-build-dir rcp --br-firmware host.bin
copy_rcp rcp
esp_header $boot $AT_CHIP_ID 13 0
refused chip-match 'firmware|bootloader'
