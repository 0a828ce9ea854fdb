# SPDX-License-Identifier: Apache-2.0
# build refuses flash_args that the container cannot hold: a fourth entry, an unknown file, a part
# twice, an address that is no 32-bit number, a line that is neither, nothing at all. None of it can
# be allowed.
. "$SOURCE/tests/cli-lib.sh"

# with_args LINE...: a folder whose flash_args has these lines after the options.
with_args() {
    copy_rcp rcp
    {
        echo '--flash_mode dio --flash_freq 48m --flash_size 4MB'
        for line; do printf '%s\n' "$line"; done
    } >rcp/flash_args
}
boot='0x0 bootloader/bootloader.bin'
app='0x10000 esp_ot_rcp.bin'
table='0x8000 partition_table/partition-table.bin'
refused() { refuse rcp-flash-args "$1" --rcp-build-dir rcp; }

with_args "$boot" "$app" "$table" '0xf000 ota_data_initial.bin'
refused 'ota_data_initial\.bin'
with_args "$boot" '0x10000 other_firmware.bin' "$table"
refused 'other_firmware\.bin'
with_args "$boot" "$app" "$table" '0x200000 esp_ot_rcp.bin'
refused 'firmware|esp_ot_rcp'
with_args "$boot" '0x1000 bootloader/bootloader.bin' "$app" "$table"
refused 'bootloader'
with_args "$boot" '0xzz esp_ot_rcp.bin' "$table"
refused '0xzz'
with_args "$boot" '0x10000x esp_ot_rcp.bin' "$table"
refused '0x10000x'
with_args "$boot" '-65536 esp_ot_rcp.bin' "$table"
refused '-65536'
with_args "$boot" '0x100010000 esp_ot_rcp.bin' "$table"
refused '0x100010000'
with_args "$boot" '99999999999999999999999999 esp_ot_rcp.bin' "$table"
refused '99999999'
with_args "$boot" 'esp_ot_rcp.bin' "$table"
refused 'esp_ot_rcp\.bin'
with_args "$boot" "$app extra" "$table"
refused 'extra|esp_ot_rcp'
with_args
refused 'flash_args'
: >rcp/flash_args
refused 'flash_args'

# A file without the line of options, which the reference takes for granted and skips: either it is
# refused, or no entry is lost.
printf '%s\n' "$boot" "$app" "$table" >rcp/flash_args
status=0
otapack build --rcp-build-dir rcp --target-file no-options.bin >out 2>err || status=$?
case $status in
    0)
        reference_build "$RCP" expected.bin
        same expected.bin no-options.bin
        ;;
    1) expect_err '\[rcp-flash-args\]$' ;;
    *) fail "no line of options: status $status" ;;
esac

# The line is named.
with_args "$boot" '0xzz esp_ot_rcp.bin' "$table"
expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin
expect_err 'flash_args:3(:[0-9]+)?: '

# It cannot be allowed: the bytes would be wrong, not the device.
with_args "$boot" "$app" "$table" '0xf000 ota_data_initial.bin'
expect_exit 2 otapack build --rcp-build-dir rcp --allow rcp-flash-args --target-file x.bin
expect_err 'rcp-flash-args'
no_file x.bin

# Decimal addresses, other spacing, blank lines and CRLF are what the reference takes, too.
with_args '0 bootloader/bootloader.bin' '65536   esp_ot_rcp.bin' '0X8000	partition_table/partition-table.bin'
reference_build "$RCP" expected.bin
expect_exit 0 otapack build --rcp-build-dir rcp --target-file ok.bin
same expected.bin ok.bin

# A part that is there and not flashed is a warning, and what is written says so: two records.
with_args "$boot" "$app"
expect_exit 0 otapack build --rcp-build-dir rcp --target-file two.bin
expect_err 'warning: .*\[rcp-flash-missing\]$'
[ "$(u32 two.bin $(($(rcp_entry two.bin 1) + 4)))" -eq 16 ] || fail 'two records are 16 bytes'

# The fixtures' own texts: good ones are one image, in the order of their lines.
for text in "$FIXTURES"/flash_args/good*.txt; do
    copy_rcp rcp
    cp "$text" rcp/flash_args
    tr -d '\r' <"$text" >args
    [ -z "$(tail -c 1 args)" ] || echo >>args
    cp -R rcp clean
    cp args clean/flash_args
    reference_build clean expected.bin
    rm -r clean
    expect_exit 0 otapack build --rcp-build-dir rcp --target-file ok.bin
    same expected.bin ok.bin
done
for name in fourth-entry unknown-file duplicate bad-address bad-address-negative \
    bad-address-too-large no-path third-word options-only empty; do
    copy_rcp rcp
    cp "$FIXTURES/flash_args/$name.txt" rcp/flash_args
    refused .
done
