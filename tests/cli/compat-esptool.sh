# SPDX-License-Identifier: Apache-2.0
# compat esptool: merge_bin and image_info of esptool 4, merge-bin and image-info of esptool 5.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES"/manifest/{bootloader,table,app}.bin .
cp "$FIXTURES/manifest/good-flash-args.txt" flash_args
parts=(0x0 bootloader.bin 0x8000 table.bin 65536 app.bin)
esptool() { otapack compat esptool "$@"; }

printf 'otapack: 1\noutput: flash.bin\nflash:\n  parts:\n    - %s: %s\n    - %s: %s\n    - %s: %s\n' \
    "${parts[@]}" >flash.yaml
expect_exit 0 otapack build flash.yaml
expect_exit 0 esptool --chip esp32h2 merge_bin -o merged.bin "${parts[@]}"
out_is 'Wrote 0x10200 bytes to file merged.bin, ready to flash to offset 0x0'
same flash.bin merged.bin
expect_exit 0 esptool -p /dev/ttyUSB0 --baud=9600 --no-stub -c ESP32-H2 merge-bin --output merged.bin @flash_args
out_is "Wrote 0x10200 bytes to file 'merged.bin', ready to flash to offset 0x0."
same flash.bin merged.bin
expect_exit 0 otapack compat esptool.py --chip esp32h2 merge_bin -f uf2 -o merged.uf2 @flash_args
out_is 'Wrote 0x1400 bytes to file merged.uf2, ready to be flashed with any ESP USB Bridge'
same "$FIXTURES/uf2/good-merged.bin" merged.uf2
expect_exit 0 esptool --chip esp32h2 merge_bin --format=uf2 --md5-disable -o merged.uf2 "${parts[@]}"
same "$FIXTURES/uf2/good-no-md5.bin" merged.uf2
expect_exit 0 esptool --chip esp32h2 merge-bin -fhex --output merged.hex "${parts[@]}"
same "$FIXTURES/intel_hex/good-merged.bin" merged.hex
for option in --fill-flash-size --pad-to-size; do
    expect_exit 0 esptool --chip esp32h2 merge_bin $option 2MB -o merged.bin "${parts[@]}"
    [ "$(size_of merged.bin)" = $((2 << 20)) ] || fail 'it is to be padded'
done
expect_exit 0 esptool --chip esp32h2 merge_bin -t 0x8000 -o merged.bin 0x8000 table.bin 0x10000 app.bin
expect_err 'flash-layout'
[ "$(size_of merged.bin)" = $((0x8000 + 512)) ] || fail 'it begins at 0x8000'
expect_exit 0 esptool --chip esp32h2 merge_bin -fm qio -ff=24m -fs keep -o merged.bin "${parts[@]}"
expect_exit 0 otapack inspect merged.bin --get bootloader.spi_mode --get bootloader.spi_speed
out_is 'qio
24m'
expect_exit 0 otapack verify merged.bin
for info in image_info image-info; do
    expect_exit 0 esptool $info app.bin
    expect_out 'ESP32-H2 app'
done
expect_exit 0 esptool image_info --version 2 app.bin

refused() { # refused REGEX WORD...
    local regex=$1
    shift
    expect_exit 2 esptool "$@"
    expect_one_line_err
    expect_err "$regex"
    no_file out.bin
}
refused "--chip: 'auto' is no chip" merge_bin -o out.bin "${parts[@]}"
refused "--chip: 'esp32h9' is no chip" --chip esp32h9 merge_bin -o out.bin "${parts[@]}"
refused 'needs --output' --chip esp32h2 merge_bin "${parts[@]}"
refused 'pairs of ADDRESS FILE' --chip esp32h2 merge_bin -o out.bin 0x0 bootloader.bin 0x8000
refused "'app.bin' is no flash address" --chip esp32h2 merge_bin -o out.bin app.bin 0x10000
refused 'before --target-offset' --chip esp32h2 merge_bin -t 0x1000 -o out.bin "${parts[@]}"
refused 'no multiple of 4' --chip esp32h2 merge_bin -f uf2 --chunk-size 255 -o out.bin "${parts[@]}"
refused "flash frequency '80m' is none" --chip esp32h2 merge_bin -ff 80m -o out.bin "${parts[@]}"
cp "$FIXTURES/intel_hex/good-app.bin" app.hex
refused 'app.hex: is Intel HEX; give the .bin file it was made from' \
    --chip esp32h2 merge_bin -o out.bin 0x0 bootloader.bin 0x8000 table.bin 0x10000 app.hex
refused 'bootloader.bin: what goes to 0xfffffff0 reaches beyond 4 GiB' \
    --chip esp32h2 merge_bin -f uf2 -o out.bin 0xfffffff0 bootloader.bin
refused "'4QB' is no flash size" --chip esp32h2 merge_bin --fill-flash-size 4QB -o out.bin "${parts[@]}"
refused 'overlaps' --chip esp32h2 merge_bin -o out.bin 0x8000 table.bin 0x8100 app.bin
refused 'nothing: .*No such file' --chip esp32h2 merge_bin -o out.bin @nothing
refused 'needs to be told' --chip esp32h2
refused "does not know 'flash_id'" flash_id
refused 'is also an input' --chip esp32h2 merge_bin -o app.bin "${parts[@]}"
for format in raw uf2 hex; do
    expect_exit 1 esptool --chip esp32c3 merge_bin -f $format -o out.bin "${parts[@]}"
    no_file out.bin
done
expect_exit 1 esptool --chip esp32h2 merge_bin -o out.bin 0x0 app.bin 0x8000 table.bin 0x10000 app.bin
no_file out.bin
