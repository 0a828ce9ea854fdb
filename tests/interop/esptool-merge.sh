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

# Of 5 the commands have hyphens. From 4.8 on settings are changed beside a SHA-256, from 4.9 on an
# Intel HEX file among the files is its runs.
version=$("$esptool" version 2>&1)
merge=merge_bin settings=1 runs=1
case $version in
*v4.7*) settings=0 runs=0 ;;
*v4.8*) runs=0 ;;
*v5.*) merge=merge-bin ;;
esac

cp "$FIXTURES"/manifest/{bootloader,table,app}.bin .
cp "$FIXTURES/manifest/good-flash-args.txt" flash_args
cp "$FIXTURES/intel_hex/good-app.bin" app.hex
printf x >byte.bin
parts=(0x0 bootloader.bin 0x8000 table.bin 0x10000 app.bin)
compared=0
both() {
    drop theirs
    drop ours
    "$esptool" --chip esp32h2 $merge -o theirs "$@" >text 2>&1 || fail "esptool refuses: $*"
    expect_exit 0 otapack compat esptool --chip esp32h2 $merge -o ours "$@"
    cmp -s theirs ours || fail "other bytes than esptool's: $*"
    compared=$((compared + 1))
}
for format in raw uf2 hex; do
    both -f $format "${parts[@]}"
    both -f $format @flash_args
    [ $settings = 0 ] || both -f $format -fm qio -ff 24m -fs 2MB "${parts[@]}"
    both -f $format 0x8000 table.bin 0x9001 app.bin
    both -f $format 0x8000 table.bin 0x7ff0000 byte.bin
    both -f $format 0x0 bootloader.bin 0x8000 table.bin 0x10000 app.hex
    [ $runs = 1 ] || [ $format = raw ] || continue
    both -f $format 0x0 "$FIXTURES/intel_hex/good-merged.bin"
    [ $settings = 0 ] || both -f $format -fm qio 0x0 "$FIXTURES/intel_hex/good-merged.bin"
    both -f $format 0x8000 table.bin 0xf000 app.hex
done
both -f uf2 --md5-disable "${parts[@]}"
both -f uf2 --chunk-size 256 "${parts[@]}"
both -f uf2 --chunk-size 256 --md5-disable "${parts[@]}"
both --fill-flash-size 2MB "${parts[@]}"
both -t 0x8000 0x8000 table.bin 0x10000 app.bin
both -f hex 0x8000 table.bin 0x9000 app.bin
both -f hex 0xfff8 table.bin 0x1fffd app.bin
echo "$compared files the same as esptool's"
