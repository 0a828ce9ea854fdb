# SPDX-License-Identifier: Apache-2.0
# A device reads the app description from segment 0. When that is shorter than the description's
# 256 bytes, there is none, even when the magic number stands in its place.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/esp_image/good-app-esp32s3.bin" good.bin
load=$(u32 good.bin 24)

# app LENGTH: an app.bin of one segment with that much of the description and text behind it.
app() {
    {
        cut_bytes good.bin 0 24
        u32le "$load" "$1"
        cut_bytes good.bin 32 "$1"
        head -c $((15 - (32 + $1) % 16)) /dev/zero
        bytes $((0xef ^ $(xor_of good.bin 32 "$1")))
    } >app.bin
    poke app.bin 1 1
    hex_bytes "$(sha256_of app.bin)" >digest
    cat digest >>app.bin
}

for length in 256 260 272; do
    app $length
    expect_exit 0 otapack verify app.bin
    no_err
done
for length in 4 8 80 112 252; do
    app $length
    expect_exit 1 otapack verify app.bin
    expect_err '\[app-desc\]$'
    only_check app-desc
done

# The description goes on behind the header of segment 1: all its fields are in their places.
expect_exit 1 otapack verify "$FIXTURES/esp_image/bad-app-desc-cut.bin"
only_check app-desc
expect_exit 0 otapack verify "$FIXTURES/esp_image/bad-app-desc-cut.bin" --allow app-desc
