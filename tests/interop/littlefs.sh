# SPDX-License-Identifier: Apache-2.0
# LittleFS as littlefs itself has it, compiled from $LITTLEFS_SOURCE: it mounts, reads and changes what
# a recipe makes, and otapack lists and takes out of its images what it put there.
. "$SOURCE/tests/cli-lib.sh"

[ -f "${LITTLEFS_SOURCE-}/lfs.c" ] || skip 'LITTLEFS_SOURCE does not name the folder of littlefs'
need cc jq
cc -O1 -DLFS_NO_DEBUG -DLFS_NO_WARN -I"$LITTLEFS_SOURCE" -o judge "$SOURCE/tests/interop/littlefs/judge.c" \
    "$LITTLEFS_SOURCE/lfs.c" "$LITTLEFS_SOURCE/lfs_util.c"

# ---- what a recipe makes -------------------------------------------------------------------------

files=$FIXTURES/hosted
cp "$files/table.bin" .
otapack extract "$files/flash.bin" bootloader -o bootloader.bin >out
otapack extract "$files/flash.bin" factory -o host.bin >out
made() { # made FIRMWARE NAME
    cat >flash.yaml <<END
otapack: 1
hosted:
  host:
    flash:
      parts: [0x0: bootloader.bin, 0x8000: table.bin, 0x10000: host.bin]
  firmware: $1
  partition: slave_fw
  littlefs: $2
END
    expect_exit 0 otapack build flash.yaml -o flash.bin --allow sig-signature --allow sig-place
    cut_bytes flash.bin 0x9000 0x7000 >volume
    ./judge volume list >list
    file_is list "$2 $(size_of "$1")"
    ./judge volume read "$2" read
    same "$1" read
    ./judge volume remove "$2"
    ./judge volume list >list
    [ ! -s list ] || fail 'the file is still there'
    expect_exit 0 otapack verify volume # which littlefs has written anew
}
cp "$files/firmware.bin" "$files/signed.bin" .
made firmware.bin network_adapter.bin
made signed.bin a.bin
made firmware.bin 123456789012345678901234567890123456789012345678901234567890123

# ---- what littlefs makes -------------------------------------------------------------------------

for count in 0 5 40 90; do
    ./judge theirs fill $count
    ./judge theirs list >list
    expect_exit 0 otapack verify theirs
    otapack inspect theirs --json | jq -r \
        '.files[0].root.parts.files // [] | .[] | "\(.fields.name.value) \(.fields.size.value)"' >ours
    grep -v '/$' list >names || true
    same names ours
    i=0
    while read -r name size; do
        if [ "$size" -gt 0 ]; then
            ./judge theirs read "$name" read
            otapack extract theirs "files[$i].content" -o cut >out
            same read cut
        fi
        i=$((i + 1))
    done <names
    [ "$i" -ge $((count * 3 / 4)) ] || fail "only $i files of $count"
done
