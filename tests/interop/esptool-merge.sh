# SPDX-License-Identifier: Apache-2.0
# Espressif's esptool merges the same bytes as compat esptool, whatever the options: raw, UF2 and
# Intel HEX, with the settings of the flash changed, at addresses of all kinds.
. "$SOURCE/tests/cli-lib.sh"

if command -v esptool >/dev/null; then
    esptool=esptool
elif command -v esptool.py >/dev/null; then
    esptool=esptool.py
else
    skip 'esptool is not installed'
fi
if ! "$esptool" merge_bin --help 2>&1 | grep -q hex; then
    skip 'this esptool does not merge to Intel HEX'
fi

cp "$FIXTURES"/manifest/{bootloader,table,app}.bin .
cp "$FIXTURES/manifest/good-flash-args.txt" flash_args
parts=(0x0 bootloader.bin 0x8000 table.bin 0x10000 app.bin)
compared=0
both() {
    drop theirs
    drop ours
    "$esptool" --chip esp32h2 merge_bin -o theirs "$@" >text 2>&1 || fail "esptool refuses: $*"
    expect_exit 0 otapack compat esptool --chip esp32h2 merge_bin -o ours "$@"
    cmp -s theirs ours || fail "other bytes than esptool's: $*"
    compared=$((compared + 1))
}
for format in raw uf2 hex; do
    both -f $format "${parts[@]}"
    both -f $format @flash_args
    both -f $format -fm qio -ff 24m -fs 2MB "${parts[@]}"
    both -f $format 0x8000 table.bin 0x9001 app.bin
done
both -f uf2 --md5-disable "${parts[@]}"
both -f uf2 --chunk-size 256 "${parts[@]}"
both -f uf2 --chunk-size 256 --md5-disable "${parts[@]}"
both --fill-flash-size 2MB "${parts[@]}"
both -t 0x8000 0x8000 table.bin 0x10000 app.bin
both -f hex 0x8000 table.bin 0x9000 app.bin
both -f hex 0xfff8 table.bin 0x1fffd app.bin
echo "$compared files the same as esptool's"
