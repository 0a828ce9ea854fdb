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
# Two in one sector do not overlap.
expect_exit 0 esptool --chip esp32h2 merge_bin -t 0x8000 -o merged.bin 0x8000 table.bin 0x8c00 app.bin
cat table.bin app.bin >expected.bin
same expected.bin merged.bin

# Intel HEX among the files: its runs are parts, and go where it says.
cp "$FIXTURES/intel_hex/good-app.bin" app.hex
for word in merge_bin merge-bin; do
    expect_exit 0 esptool --chip esp32h2 $word -o merged.bin 0x0 bootloader.bin 0x8000 table.bin 0x0 app.hex
    same flash.bin merged.bin
    expect_exit 0 esptool --chip esp32h2 $word -f uf2 -o merged.uf2 0x40 merged.hex
    same "$FIXTURES/uf2/good-merged.bin" merged.uf2
done
# In any order, and runs that touch are one.
{ sed -n '1p;20,$p' app.hex | grep -v '^:00000001' && sed -n '1,19p' app.hex && echo ':00000001FF'; } >turned.hex
expect_exit 0 esptool --chip esp32h2 merge-bin -f uf2 -o merged.uf2 0x0 turned.hex
expect_exit 0 esptool --chip esp32h2 merge-bin -f uf2 -o expected.uf2 0x10000 app.bin
same expected.uf2 merged.uf2

# What lies far apart, and more parts than a person would write.
printf x >byte.bin
for format in uf2 hex; do
    expect_exit 0 esptool --chip esp32h2 merge_bin -f $format -o far.$format 0x8000 table.bin 0x7ff0000 byte.bin
    many=()
    for ((i = 0; i < 70; i++)); do
        many+=($((0x100000 + 16 * i)) byte.bin)
    done
    expect_exit 0 esptool --chip esp32h2 merge_bin -f $format -o many.$format 0x8000 table.bin "${many[@]}"
done
expect_exit 0 otapack inspect far.uf2 --get 'runs[1].address'
out_is 0x7ff0000
expect_exit 0 otapack extract far.hex 'regions[1]' -o taken.bin
same byte.bin taken.bin
expect_exit 0 otapack inspect many.hex --get 'runs[70].address'
out_is 0x100450

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
refused '--format UF2 is not known; write raw, uf2 or hex' --chip esp32h2 merge_bin -f UF2 -o out.bin "${parts[@]}"
refused 'needs --output' --chip esp32h2 merge_bin "${parts[@]}"
refused 'pairs of ADDRESS FILE' --chip esp32h2 merge_bin -o out.bin 0x0 bootloader.bin 0x8000
refused "'app.bin' is no flash address" --chip esp32h2 merge_bin -o out.bin app.bin 0x10000
refused 'before --target-offset' --chip esp32h2 merge_bin -t 0x1000 -o out.bin "${parts[@]}"
refused 'no multiple of 4' --chip esp32h2 merge_bin -f uf2 --chunk-size 255 -o out.bin "${parts[@]}"
refused "--flash-freq: '80m' is none that the ESP32-H2 has; write one of 24m, " --chip esp32h2 merge_bin -ff 80m -o out.bin "${parts[@]}"
refused 'out.bin: the parts reach from 0x8000 to 0x8010001, more than the 128 MiB of flash .*; make two' \
    --chip esp32h2 merge_bin -f hex -o out.bin 0x8000 table.bin 0x8010000 byte.bin
for check in checksum end overlap record; do
    expect_exit 1 esptool --chip esp32h2 merge-bin -o out.bin 0x10000 "$FIXTURES/intel_hex/bad-hex-$check.bin"
    expect_err "\\[hex-$check\\]\$"
    no_file out.bin
done
refused 'bootloader.bin: what goes to 0xfffffff0 reaches beyond 4 GiB' \
    --chip esp32h2 merge_bin -f uf2 -o out.bin 0xfffffff0 bootloader.bin
refused "--fill-flash-size: '4QB' is no flash size" --chip esp32h2 merge_bin --fill-flash-size 4QB -o out.bin "${parts[@]}"
refused 'overlaps' --chip esp32h2 merge_bin -o out.bin 0x8000 table.bin 0x8100 app.bin
refused 'nothing: .*No such file' --chip esp32h2 merge_bin -o out.bin @nothing
# A file of arguments is divided as a shell divides lines.
cp bootloader.bin 'boot loader.bin'
cp app.bin "it's.bin"
cat >words <<'END'
--chip esp32h2 merge_bin
-o "quoted .bin" 0x0 'boot loader.bin'
0x8000 ta"ble".bin 0x10000 it\'s.bin
END
expect_exit 0 esptool @words
expect_exit 0 esptool --chip esp32h2 merge_bin -o merged.bin 0x0 bootloader.bin 0x8000 table.bin 0x10000 app.bin
same merged.bin 'quoted .bin'
printf '%s\n' merge_bin '-o "out.bin' >words
refused '^otapack: words:2: the line ends inside of a word; close its quotation mark' --chip esp32h2 @words
# Help is of the command that stands before it, and of the script where none does.
for help in --help -h; do
    expect_exit 0 esptool --chip esp32 merge_bin $help
    expect_out '^usage: otapack compat esptool --chip CHIP merge_bin '
    expect_exit 0 esptool --port x image-info $help
    expect_out '^usage: otapack compat esptool image-info '
    expect_exit 0 esptool --chip esp32 $help
    expect_out '^usage: otapack compat esptool \[--chip CHIP\] '
done
refused 'needs to be told' --chip esp32h2
refused "does not know 'flash_id'" flash_id
refused 'is also an input' --chip esp32h2 merge_bin -o app.bin "${parts[@]}"
for format in raw uf2 hex; do
    expect_exit 1 esptool --chip esp32c3 merge_bin -f $format -o out.bin "${parts[@]}"
    no_file out.bin
done
expect_exit 1 esptool --chip esp32h2 merge_bin -o out.bin 0x0 app.bin 0x8000 table.bin 0x10000 app.bin
no_file out.bin
