# SPDX-License-Identifier: Apache-2.0
# The page of the MMU that esp-page-align goes by: what the app description says; where it says
# nothing, on chips whose page can be chosen, what ESP-IDF chose by the flash size in the header;
# else 64 KiB.
. "$SOURCE/tests/cli-lib.sh"

AT_CHIP=$AT_CHIP_ID AT_FLASH_SIZE=3 AT_PAGE=$((AT_DESC + 180))
cp "$FIXTURES/esp_image/good-app-esp32c6-idf53.bin" app.bin
[ "$(u8 app.bin $AT_PAGE)" -eq 0 ] || fail 'the fixture says its page size'

load_added() { # load_added FILE NUMBER: both mapped segments are linked that much higher
    at=24
    for mapped in 1 0 1 0; do
        if [ $mapped -eq 1 ]; then poke32 "$1" $at $(($(u32 "$1" $at) + $2)); fi
        at=$((at + 8 + $(u32 "$1" $((at + 4)))))
    done
    esp_rehash "$1"
}
cp app.bin by16k.bin
load_added by16k.bin 0x4000
cp app.bin by64k.bin
load_added by64k.bin 0x8000
cp app.bin by8k.bin
load_added by8k.bin 0x2000

aligned() {
    expect_exit 0 otapack verify "$1"
    no_err
}
refused() {
    expect_exit 1 otapack verify "$1"
    only_check esp-page-align
}
each() { # each NIBBLE VERDICTS: for the images linked for pages of 8, 16, 32 and 64 KiB
    nibble=$1
    shift
    for image in by8k by16k app by64k; do
        esp_header $image.bin $AT_FLASH_SIZE $((nibble << 4))
        "$1" $image.bin
        shift
    done
}
each 0 refused aligned aligned aligned # 1 MB: 16 KiB
each 1 refused refused aligned aligned # 2 MB: 32 KiB
each 2 refused refused refused aligned # 4 MB: 64 KiB
each 4 refused refused refused aligned

# What the description says goes first.
for image in by16k app by64k; do esp_data $image.bin $AT_PAGE 15; done
each 0 refused refused aligned aligned
each 2 refused refused aligned aligned
for image in by16k app by64k; do esp_data $image.bin $AT_PAGE 16; done
each 0 refused refused refused aligned
each 1 refused refused refused aligned

# Chips whose page can be chosen, and two whose page cannot; these map 0x42000000 from flash, and not
# the image's RAM.
for image in by16k app by64k; do esp_data $image.bin $AT_PAGE 0; done
for chip in 12 13 16 20 25 28; do # C2 C6 H2 C61 H21 H4
    for image in by16k app by64k; do
        esp_header $image.bin $AT_CHIP $chip 0
        esp_header $image.bin $AT_FLASH_SIZE 0x10
    done
    refused by16k.bin
    aligned app.bin
    aligned by64k.bin
done
for chip in 5 9; do # C3 S3
    for image in by16k app by64k; do
        esp_header $image.bin $AT_CHIP $chip 0
        esp_header $image.bin $AT_FLASH_SIZE 0x10
    done
    refused by16k.bin
    refused app.bin
    aligned by64k.bin
done
