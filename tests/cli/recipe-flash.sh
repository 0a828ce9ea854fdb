# SPDX-License-Identifier: Apache-2.0
# A merged flash image from a recipe: parts at their addresses, 0xFF between, padded to `size`; what
# does not fit or belong together is refused.
. "$SOURCE/tests/cli-lib.sh"

boot=$RCP/bootloader/bootloader.bin app=$RCP/esp_ot_rcp.bin
table=$RCP/partition_table/partition-table.bin
fill 1048576 >expected.bin
dd if="$boot" of=expected.bin conv=notrunc status=none
dd if="$table" of=expected.bin bs=4096 seek=8 conv=notrunc status=none
dd if="$app" of=expected.bin bs=4096 seek=16 conv=notrunc status=none
head -c $((0x10000 + $(size_of "$app"))) expected.bin >short.bin

recipe() { # recipe SIZE-LINE, the parts on stdin
    {
        printf 'otapack: 1\noutput: flash.bin\nflash:\n'
        [ -z "$1" ] || printf '  size: %s\n' "$1"
        printf '  parts:\n'
        cat
    } >recipe.yaml
    drop flash.bin
}
parts() {
    printf '    - %s: %s\n' 0x0 "$boot" 0x8000 "$table" 0x10000 "$app"
}

parts | recipe 1048576
expect_exit 0 otapack build recipe.yaml
same expected.bin flash.bin
parts | recipe 0x100000
expect_exit 0 otapack build recipe.yaml
same expected.bin flash.bin
parts | recipe ''
expect_exit 0 otapack build recipe.yaml
same short.bin flash.bin
expect_exit 0 otapack inspect flash.bin
{
    printf '    - 65536: %s\n' "$app"
    printf '    - 0: %s\n    - 32768: %s\n' "$boot" "$table"
} | recipe ''
expect_exit 0 otapack build recipe.yaml
same short.bin flash.bin

# The device's own table is one, whatever the recipe builds.
parts | recipe ''
printf 'partition_table: %s\n' "$table" >>recipe.yaml
expect_exit 0 otapack build recipe.yaml
same short.bin flash.bin

# Too small a size, overlapping parts, an address twice: status 1 or 2, said where, nothing written.
refused() {
    status=0
    otapack build recipe.yaml >out 2>err || status=$?
    case $status in 1 | 2) ;; *) fail "$1: exit status $status" ;; esac
    expect_err '^otapack: .'
    no_file flash.bin
}
parts | recipe 0x10010
refused 'a size that is too small'
{
    parts
    printf '    - 0x10010: %s\n' "$boot"
} | recipe ''
refused 'overlapping parts'
{
    parts
    printf '    - 0x8000: %s\n' "$table"
} | recipe ''
refused 'an address twice'
printf '    - 0xfffffff0: %s\n' "$boot" | recipe ''
refused 'a part that ends above 4 GiB'
printf '    []\n' | recipe 4096
refused 'no parts'

# The parts are checked: another chip's app.
cp "$app" c6.bin
esp_header c6.bin $AT_CHIP_ID 13 0
{
    printf '    - %s: %s\n' 0x0 "$boot" 0x8000 "$table"
    printf '    - 0x10000: c6.bin\n'
} | recipe ''
expect_exit 1 otapack build recipe.yaml
expect_err '\[chip-match\]$'
no_file flash.bin
