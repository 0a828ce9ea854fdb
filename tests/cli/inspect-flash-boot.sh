# SPDX-License-Identifier: Apache-2.0
# OTA data in a merged flash image: it is read as such wherever the partition table says that it is
# there, and not only when it is tidy; and which partition it boots goes by the slots' subtypes.
. "$SOURCE/tests/cli-lib.sh"

boot=$RCP/bootloader/bootloader.bin app=$RCP/esp_ot_rcp.bin
merged() { # merged OTA-DATA, the app partitions on stdin: flash.bin, with apps in three places
    {
        pt_entry 1 2 0x9000 0x4000 nvs
        pt_entry 1 0 0xe000 0x2000 otadata
        cat
    } | pt_finish table.bin
    fill $((0x40000)) >flash.bin
    dd if="$boot" of=flash.bin conv=notrunc status=none
    dd if=table.bin of=flash.bin bs=4096 seek=8 conv=notrunc status=none
    dd if="$1" of=flash.bin bs=4096 seek=14 conv=notrunc status=none
    for sector in 16 32 48; do
        dd if="$app" of=flash.bin bs=4096 seek=$sector conv=notrunc status=none
    done
}
boots() {
    expect_exit 0 otapack inspect flash.bin --get boot_partition
    out_is "$1"
}
tidy() {
    pt_entry 0 0x10 0x10000 0x10000 one
    pt_entry 0 0x11 0x20000 0x10000 two
}
turned() { # the second slot first
    pt_entry 0 0x11 0x10000 0x10000 two
    pt_entry 0 0x10 0x20000 0x10000 one
}
with_factory() {
    turned
    pt_entry 0 0 0x30000 0x10000 plant
}

# The fixtures' sectors: sequence 1, sequence 2.
cut_bytes "$FIXTURES/ota_data/good-slot-1.bin" 0 4096 >seq1
cut_bytes "$FIXTURES/ota_data/good-slot-1.bin" 4096 4096 >seq2
[ "$(u32 seq1 0)-$(u32 seq2 0)" = 1-2 ] || fail 'the sequences of the fixture'
fill 4096 >erased
cat erased erased >none
cat seq1 erased >first
cat erased seq2 >second
cat seq2 seq1 >both

for slots in tidy turned with_factory; do
    for data in first:one second:two both:two; do
        $slots | merged "${data%:*}"
        expect_exit 0 otapack verify flash.bin
        no_err
        boots "${data#*:}"
        expect_exit 0 otapack inspect flash.bin --get otadata.entries
    done
done
tidy | merged none
boots one
turned | merged none
boots one
with_factory | merged none
boots plant
expect_exit 0 otapack verify flash.bin # erased as a whole: there is nothing to warn of
no_err

opened() {
    otapack inspect --json flash.bin >out 2>err || fail 'inspect'
    look '.files[0].root.parts.otadata.format == "ota_data"' out >/dev/null ||
        fail 'the OTA data is not opened'
}
stray() { # stray FILE OFFSET
    cp "$1" stray.bin
    poke stray.bin "$2" 0
    tidy | merged stray.bin
    opened
}
stray both 64
boots two
stray both 4095
stray both 4200
boots two
stray first 8191
boots one
stray none 4000 # nothing but a stray byte: neither entry is used
boots one

# A wrong CRC is said, stray bytes or not; the bootloader passes over that entry.
poke second 4124 0 0 0 0
tidy | merged second
expect_exit 0 otapack verify flash.bin
expect_err 'warning: .*\[ota-data-crc\]$'
boots one
poke second 5000 1
tidy | merged second
expect_exit 0 otapack verify flash.bin
expect_err 'warning: .*\[ota-data-crc\]$'
opened

# Noise.
tr '\377' Z <none >noise
tidy | merged noise
opened
expect_exit 0 otapack verify flash.bin
expect_err '\[ota-data-crc\]$'
