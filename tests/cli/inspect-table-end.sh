# SPDX-License-Identifier: Apache-2.0
# A partition table ends with FF FF FF FF: a device takes an entry with an erased magic number but
# another type for damage, and so for no table at all.
. "$SOURCE/tests/cli-lib.sh"

for table in good-rcp good-host; do
    cp "$FIXTURES/partition_table/$table.bin" table.bin
    end=0
    while [ "$(u16 table.bin $end)" -ne 65535 ]; do end=$((end + 32)); done
    for at in 2 3; do
        for value in 0 1 254; do
            cp "$FIXTURES/partition_table/$table.bin" table.bin
            poke table.bin $((end + at)) $value
            expect_exit 1 otapack verify table.bin
            expect_err '\[pt-entries\]$'
            only_check pt-entries
            expect_exit 2 otapack verify table.bin --allow pt-entries
        done
    done
    # What stands behind these four bytes is not read by anybody.
    cp "$FIXTURES/partition_table/$table.bin" table.bin
    poke table.bin $((end + 4)) 0
    expect_exit 0 otapack verify table.bin
done

# The same in a build, and in a merged image, which is still known for one.
copy_rcp rcp
poke rcp/partition_table/partition-table.bin 130 1 2
expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin
expect_err 'partition_table.*\[pt-entries\]$'
no_file x.bin
cp "$FIXTURES/flash/good-merged-esp32h2.bin" flash.bin
poke flash.bin $((0x8000 + 130)) 1 2
expect_exit 1 otapack verify flash.bin
expect_err '\[pt-entries\]$'
