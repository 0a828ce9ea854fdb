# SPDX-License-Identifier: Apache-2.0
# extract FILE PATH -o FILE: each part is, byte for byte, what went in; to standard output too. A
# part that is not there is status 2; an output that cannot be written leaves nothing.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
reference_build "$RCP" br.bin app.bin
part() { # part PATH EXPECTED
    drop part.bin
    expect_exit 0 otapack extract br.bin "$1" -o part.bin
    no_out
    same "$2" part.bin
    expect_exit 0 otapack extract br.bin "$1" -o -
    same "$2" out
}
part host app.bin
part firmware "$RCP/esp_ot_rcp.bin"
part bootloader "$RCP/bootloader/bootloader.bin"
part partition_table "$RCP/partition_table/partition-table.bin"
part version "$RCP/rcp_version"
rcp_part br.bin 1 >records
part flash_args records
cut_bytes br.bin 0 84 >table
cut_bytes br.bin 24 12 >entry
part 'table[2]' entry

# Deeper: a description, the flash argument of the firmware, a whole segment.
cut_bytes app.bin $AT_DESC 256 >desc
part host.desc desc
cut_bytes records 8 8 >record
part 'flash_args.records[1]' record
cut_bytes app.bin 24 $((8 + $(u32 app.bin 28))) >segment
part 'host.segments[0]' segment

# A merged image: a partition by its label holds the app.
merged=$FIXTURES/flash/good-merged-esp32h2.bin
expect_exit 0 otapack extract "$merged" bootloader -o part.bin
head -c "$(size_of "$RCP/bootloader/bootloader.bin")" part.bin >head.bin
same "$RCP/bootloader/bootloader.bin" head.bin

# From standard input, to standard output.
extract_stdin() { cat br.bin | "$OTAPACK" extract - host -o -; }
expect_exit 0 extract_stdin
same app.bin out

# What is not there.
for path in hots firmware.sgements 'segments[0]' 'firmware.segments[99]' nothing host..chip; do
    expect_exit 2 otapack extract br.bin "$path" -o none.bin
    expect_one_line_err
    no_file none.bin
done
expect_exit 2 otapack extract br.bin hots -o none.bin
expect_err 'hots.*host'

# Where it goes: a missing folder, a full disk, an older file.
expect_exit 2 otapack extract br.bin host -o missing/host.bin
expect_one_line_err
no_file missing
mkdir disk
echo 'an earlier file' >disk/host.bin
full() (
    trap '' XFSZ
    ulimit -f 1
    exec "$OTAPACK" "$@"
)
expect_exit 2 full extract br.bin host -o disk/host.bin
expect_one_line_err
folder_is disk host.bin
[ "$(<disk/host.bin)" = 'an earlier file' ] || fail 'the older file was damaged'
if [ -c /dev/full ]; then
    to_full() { "$OTAPACK" "$@" >/dev/full; }
    expect_exit 2 to_full extract br.bin host -o -
    expect_one_line_err
fi

# A damaged image gives up its parts all the same: that is what one looks for them for.
cp br.bin bad.bin
flip bad.bin -1
status=0
otapack extract bad.bin firmware -o part.bin >out 2>err || status=$?
case $status in 0 | 1) ;; *) fail "a damaged neighbour: status $status" ;; esac
same "$RCP/esp_ot_rcp.bin" part.bin
