# SPDX-License-Identifier: Apache-2.0
# --get prints one value: of a field, at any depth, several in the order asked for; a path that is
# not there is status 2 and says what was probably meant.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
esp_text app.bin $AT_VERSION 7.8.9
esp_data app.bin $AT_SECURE_VERSION 5 0 0 0
reference_build "$RCP" br.bin app.bin
is() { # is VALUE ARGUMENT...
    value=$1
    shift
    expect_exit 0 otapack inspect "$@"
    out_is "$value"
    no_err
}

is 7.8.9 app.bin --get desc.version
is 7.8.9 app.bin -g desc.version
is 7.8.9 --get=desc.version app.bin
is esp32s3 app.bin --get chip
is app app.bin --get type
is 5 app.bin --get desc.secure_version
is 7.8.9 br.bin --get host.desc.version
is esp32h2 br.bin --get firmware.chip
is bootloader br.bin --get bootloader.type
is "$(cat "$RCP/rcp_version")" br.bin --get version.text
is 84 br.bin --get table_size
is factory br.bin --get 'partition_table.partitions[2].label'
is factory "$FIXTURES/flash/good-merged-esp32h2.bin" --get boot_partition
is 7.8.9 - --get desc.version <app.bin
is 'esp32s3
7.8.9
esp32h2' br.bin --get host.chip --get host.desc.version -g firmware.chip

# Numbers are numbers, decimal or hexadecimal, with nothing behind them.
expect_exit 0 otapack inspect app.bin --get 'segments[0].load_addr'
[ $(($(cat out))) -eq "$(u32 app.bin 24)" ] || fail 'segments[0].load_addr'
expect_exit 0 otapack inspect br.bin --get 'flash_args.records[1].address'
[ $(($(cat out))) -eq "$((0x10000))" ] || fail 'flash_args.records[1].address'
expect_exit 0 otapack inspect app.bin --get hash
out_is "$(tail -c 32 app.bin | od -An -v -tx1 | tr -d ' \n')"

# What is not there.
missing() { # missing PATH HINT
    expect_exit 2 otapack inspect br.bin --get "$1"
    no_out
    expect_one_line_err
    expect_err "$2"
}
missing host.desc.versoin 'versoin.*version'
missing hots.desc.version 'hots.*host'
missing host.dsc.version 'dsc.*desc'
missing 'firmware.segments[9].load_addr' 'segments\[9\]'
missing 'host[0].chip' 'host\[0\]'
missing version.text.more 'text'
missing host. '.'
missing host..chip '.'
missing 'firmware.segments[' '.'
missing 'firmware.segments[x].load_addr' '.'
missing 'firmware.segments[99999999999999999999].load_addr' '.'
missing .host '.'
expect_exit 2 otapack inspect br.bin --get host.chip --get host.chp
expect_err 'chp.*chip'

# A corrupt image: the value where it is there, and the status of the image.
poke app.bin $(($(size_of app.bin) - 1)) $(($(u8 app.bin $(($(size_of app.bin) - 1))) ^ 1))
expect_exit 1 otapack inspect app.bin --get desc.version
out_is 7.8.9
