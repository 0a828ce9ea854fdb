# SPDX-License-Identifier: Apache-2.0
# simulate: wrong use, and files that cannot be read: status 2, one line, and what to do.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
cp "$FIXTURES/br/partition-table.bin" table.bin
{ pt_entry 0 0x10 0x20000 0x100000 ota_0; pt_entry 0 0x11 0x120000 0x100000 ota_1; } |
    pt_finish no-data.bin
fill 8193 >long.bin
fill 8192 >initial.bin
for file in good-arduino good-v2 good-gzip good-signed; do
    expect_exit 2 otapack simulate "$FIXTURES/esp8266/$file.bin" -p "$FIXTURES/br/partition-table.bin"
    expect_one_line_err
    expect_err 'ESP8266'
done

# usage MESSAGE ARGUMENT...: exactly this on standard error.
usage() {
    printf 'otapack: %s\n' "$1" >expected
    shift
    expect_exit 2 otapack simulate "$@"
    no_out
    same expected err
}
usage 'there is no device without a partition table; give its partition-table.bin with --partition-table' \
    app.bin
usage 'simulate needs a file; see otapack simulate --help'
usage 'simulate needs a file; see otapack simulate --help' -p table.bin
usage "simulate does not know what to do with 'more.bin'; see otapack simulate --help" \
    app.bin more.bin -p table.bin
usage '--partition-table needs a value: FILE' app.bin -p
usage 'none.bin: cannot open: No such file or directory; check the path' app.bin -p none.bin
usage 'none.bin: cannot open: No such file or directory; check the path' none.bin -p table.bin
usage '.: is a folder; name a file in it' . -p table.bin
usage "app.bin: is no sound partition table; give the partition-table.bin of the host's build (otapack inspect says what is wrong)" \
    app.bin -p app.bin
usage '--chip esp32s4 is not known; did you mean esp32s2?' app.bin -p table.bin --chip esp32s4
usage '--chip avr is not known; write one of esp32, esp32s2, esp32c3, esp32s3, esp32c2, esp32c6, esp32h2, esp32p4, esp32c61, esp32c5, esp32h21, esp32h4, esp32e22, esp32s31' \
    app.bin -p table.bin --chip avr
usage '--chip ESP32-S3 is not known; did you mean esp32s3?' app.bin -p table.bin --chip ESP32-S3
usage '--chip  is not known; write one of esp32, esp32s2, esp32c3, esp32s3, esp32c2, esp32c6, esp32h2, esp32p4, esp32c61, esp32c5, esp32h21, esp32h4, esp32e22, esp32s31' \
    app.bin -p table.bin --chip ''
usage '--chunk 0: write a number of bytes from 1 to 16M' app.bin -p table.bin --chunk 0
usage '--chunk 17M: write a number of bytes from 1 to 16M' app.bin -p table.bin --chunk 17M
usage '--chunk -1: write a number of bytes from 1 to 16M' app.bin -p table.bin --chunk=-1
usage '--chunk 1k: write a number of bytes from 1 to 16M' app.bin -p table.bin --chunk 1k
usage '--chunk : write a number of bytes from 1 to 16M' app.bin -p table.bin --chunk ''
usage '--secure-version 33: write the number that is in the eFuses, 0 to 32' \
    app.bin -p table.bin --secure-version 33
usage '--secure-version v1: write the number that is in the eFuses, 0 to 32' \
    app.bin -p table.bin --secure-version v1
usage '--secure-version -1: write the number that is in the eFuses, 0 to 32' \
    app.bin -p table.bin --secure-version=-1
usage "app.bin: has 4,544 bytes, and OTA data has 8 KiB; read 0x2000 bytes at 0xf000 from the device's flash" \
    app.bin -p table.bin --ota-data app.bin
usage 'none.bin: cannot open: No such file or directory; check the path' \
    app.bin -p table.bin --ota-data none.bin
usage "long.bin: has 8,193 bytes, and OTA data has 8 KiB; read 0x2000 bytes at 0xf000 from the device's flash" \
    app.bin -p table.bin --ota-data long.bin
usage '--ota-data initial.bin: the partition table has no otadata partition; leave the option out, or give the table of this device' \
    app.bin -p no-data.bin --ota-data initial.bin
usage 'simulate has no option --jsno; did you mean --json?' app.bin -p table.bin --jsno
usage '--json takes no value' app.bin -p table.bin --json=yes
usage 'simulate has no option --running-verison; did you mean --running-version?' \
    app.bin -p table.bin --running-verison 1
usage '--c could be --chip or --chunk; write more of it' app.bin -p table.bin --c esp32

# Abbreviations.
expect_exit 0 otapack simulate app.bin --part table.bin --chi esp32s3 --running 1 --ota \
    "$FIXTURES/ota_data/good-initial.bin" --sec 0 --chu 1
expect_exit 0 otapack simulate -ptable.bin -cesp32s3 -r1 -s0 -- app.bin

# Help.
expect_exit 0 otapack simulate --help
no_err
awk 'length > 80 { exit 1 }' out || fail '--help has more than 80 columns'
for option in --partition-table --ota-data --running-version --secure-version --chip --chunk --json; do
    grep -Fq -- "$option" out || fail "--help does not say $option"
done

# Every chip there is.
for chip in esp32 esp32s2 esp32c3 esp32s3 esp32c2 esp32c6 esp32h2 esp32p4 esp32c61 esp32c5; do
    status=0
    otapack simulate app.bin -p table.bin --chip $chip >out 2>err || status=$?
    last_command="otapack simulate app.bin -p table.bin --chip $chip"
    [ "$status-$chip" = 0-esp32s3 ] || [ "$status" -eq 1 ] || fail "status $status"
    no_err
done
