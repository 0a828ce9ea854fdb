# SPDX-License-Identifier: Apache-2.0
# build refuses a broken checksum, a broken hash, a damaged header in any image, naming the part.
. "$SOURCE/tests/cli-lib.sh"

fresh() {
    copy_rcp rcp
    host_firmware host.bin
}
# Nothing on a device looks at a bootloader's hash, but for Secure Boot: a warning.
hash_is_wrong() {
    if [ "$part" = bootloader ]; then
        expect_exit 0 otapack build --rcp-build-dir rcp --br-firmware host.bin --target-file x.bin
        expect_err 'warning: bootloader: .*\[esp-hash\]$'
        rm x.bin
    else
        refused esp-hash "$part"
        only_check esp-hash
    fi
}
refused() { refuse "$1" "$2" --rcp-build-dir rcp --br-firmware host.bin; }

for part in bootloader firmware host; do
    case $part in
        bootloader) file=rcp/bootloader/bootloader.bin ;;
        firmware) file=rcp/esp_ot_rcp.bin ;;
        host) file=host.bin ;;
    esac

    # The checksum byte, the hash made right again: the checksum alone is wrong.
    fresh
    esp_walk "$file"
    flip "$file" "$esp_checksum_at" 0x55
    esp_rehash "$file"
    reference_build rcp expected.bin host.bin
    refused esp-checksum "$part"
    only_check esp-checksum
    allow esp-checksum expected.bin --rcp-build-dir rcp --br-firmware host.bin

    # The last byte of the hash.
    fresh
    flip "$file" -1
    reference_build rcp expected.bin host.bin
    hash_is_wrong
    [ "$part" = bootloader ] ||
        allow esp-hash expected.bin --rcp-build-dir rcp --br-firmware host.bin

    # A byte of data: neither is right, and allowing one is not allowing the other.
    fresh
    esp_walk "$file"
    flip "$file" $((esp_data_end - 1)) 0x80
    refused esp-checksum "$part"
    expect_err '\[esp-hash\]$'
    expect_exit 1 otapack build --rcp-build-dir rcp --br-firmware host.bin --allow esp-hash \
        --target-file x.bin
    expect_err '\[esp-checksum\]$'
    no_file x.bin

    # The flash size in the header, changed after the build as some tools do: the hash tells.
    fresh
    flip "$file" 3 0x10
    hash_is_wrong

    # Cut short: the last 40 bytes are missing. That cannot be allowed.
    fresh
    truncate -s -40 "$file"
    refused esp-header "$part"
    expect_exit 2 otapack build --rcp-build-dir rcp --br-firmware host.bin --allow esp-header \
        --target-file x.bin
    no_file x.bin
done

# More of the catalogue, one each: an app without its description, a segment at an impossible
# address, a chip revision range that holds nothing.
fresh
esp_data rcp/esp_ot_rcp.bin $AT_DESC 0 0 0 0
refused app-desc 'firmware'
fresh
esp_data host.bin $AT_DESC 0 0 0 0 # an ESP32-S3, whose bootloader does not look
expect_exit 0 otapack build --rcp-build-dir rcp --br-firmware host.bin --target-file x.bin
expect_err 'warning: host: .*\[app-desc\]$'
rm x.bin
fresh
esp_header host.bin 15 200 0 99 0
refused esp-revision 'host'
fresh
flip host.bin 25 0x10 # load address of segment 0
esp_rehash host.bin
refused esp-page-align 'host'
