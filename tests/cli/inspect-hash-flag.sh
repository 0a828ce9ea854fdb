# SPDX-License-Identifier: Apache-2.0
# Header values as a device takes them: any non-zero hash_appended means that a hash is there; a
# lowest eFuse revision of 65535 is not set; a bootloader's highest revision is not asked for.
. "$SOURCE/tests/cli-lib.sh"

for value in 2 128 255; do
    cp "$RCP/esp_ot_rcp.bin" app.bin
    esp_walk app.bin
    poke app.bin $AT_HASH_APPENDED $value
    hex_bytes "$(head -c $((esp_checksum_at + 1)) app.bin | sha256sum | cut -d' ' -f1)" |
        overwrite app.bin $((esp_checksum_at + 1))
    expect_exit 0 otapack verify app.bin
    no_err
    expect_exit 0 otapack inspect app.bin --get image_length
    out_is "$(size_of app.bin)"

    # The hash is looked at, and must be there.
    cp app.bin wrong.bin
    poke wrong.bin $((esp_checksum_at + 5)) $(($(u8 app.bin $((esp_checksum_at + 5))) ^ 1))
    expect_exit 1 otapack verify wrong.bin
    only_check esp-hash
    head -c $((esp_checksum_at + 1)) app.bin >cut.bin
    expect_exit 1 otapack verify cut.bin
    only_check esp-header
done

# eFuse block revisions: lowest at 176, highest at 178 of the description.
AT_MIN_EFUSE=$((AT_DESC + 176))
cp "$RCP/esp_ot_rcp.bin" app.bin
[ "$(u16 app.bin $((AT_MIN_EFUSE + 2)))" -lt 65535 ] || fail 'the fixture has no highest revision'
esp_data app.bin $AT_MIN_EFUSE 255 255
expect_exit 0 otapack verify app.bin
no_err
esp_data app.bin $AT_MIN_EFUSE 254 255
expect_exit 1 otapack verify app.bin
only_check esp-revision

# Chip revisions: lowest at 15, highest at 17 of the header.
for image in esp_ot_rcp.bin bootloader/bootloader.bin; do
    cp "$RCP/$image" image.bin
    esp_header image.bin 15 44 1 43 1
    case $image in
        esp*)
            expect_exit 1 otapack verify image.bin
            only_check esp-revision
            ;;
        *)
            expect_exit 0 otapack verify image.bin
            no_err
            ;;
    esac
done
