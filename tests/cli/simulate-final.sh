# SPDX-License-Identifier: Apache-2.0
# Another bootloader, another partition table: what a person would try first.
# tests/laws/law_simulate_final.c has each step, law_smallest_final.c each border.
. "$SOURCE/tests/cli-lib.sh"

boot=$FIXTURES/field/boot-esp32c3.bin
table=$FIXTURES/final/device.bin

# A bootloader is no update by itself, nor is a table.
expect_exit 2 otapack verify "$boot" -p "$table"
expect_err 'give --final, or leave it out$'
expect_exit 2 otapack verify "$table" -p "$table"
expect_err 'give --final, or leave it out$'
expect_exit 1 otapack simulate "$boot" -p "$table"

expect_exit 0 otapack verify "$boot" -p "$table" --final bootloader
no_err
expect_exit 0 otapack simulate - -p "$table" --final bootloader <"$boot"
no_err
expect_out '^ +power cut: nothing boots: the ROM finds no whole bootloader$'
expect_out '^taken: boots ota_0 again, with the new bootloader; a power cut'

expect_exit 1 otapack verify "$FIXTURES/final/bad-final-apps.bin" -p "$table" \
    --final partition-table
expect_err '\[final-apps\]$'
expect_exit 1 otapack simulate "$FIXTURES/final/bad-final-apps-first.bin" -p "$table" \
    --final partition-table --json
look '.verdict == "broken" and (.boots | not) and .final == "partition_table"' out >/dev/null ||
    fail 'the app that ran is elsewhere'
expect_exit 1 otapack verify "$boot" --final partition-table
expect_err '\[slot-content\]$'
