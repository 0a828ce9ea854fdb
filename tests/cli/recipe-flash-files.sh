# SPDX-License-Identifier: Apache-2.0
# flash: of a recipe takes a build's list of files, and makes UF2 and Intel HEX; what it makes is
# taken apart and built again.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES"/manifest/{bootloader,table,app}.bin .
cp "$FIXTURES/manifest/good-flasher-args.json" flasher_args.json
cp "$FIXTURES/manifest/good-flash-args.txt" flash_args
recipe() { printf 'otapack: 1\noutput: built\nflash:\n%s\n' "$1" >recipe.yaml; }
parts='  parts:
    - 0x0: bootloader.bin
    - 0x8000: table.bin
    - 0x10000: app.bin'

recipe "$parts"
expect_exit 0 otapack build recipe.yaml -o by-hand.bin
for list in flasher_args.json flash_args; do
    recipe "  args: $list"
    expect_exit 0 otapack build recipe.yaml -o by-build.bin
    same by-hand.bin by-build.bin
done
for format in uf2 hex; do
    recipe "  format: $format
  args: flasher_args.json"
    expect_exit 0 otapack build recipe.yaml -o "flash.$format"
    expect_exit 0 otapack verify "flash.$format"
    expect_exit 0 otapack extract "flash.$format" content -o content.bin
    same by-hand.bin content.bin
    expect_exit 0 otapack extract "flash.$format" --recipe "$format"
    same app.bin "$format/regions-2.bin"
    expect_exit 0 otapack build "$format/recipe.yaml" -o again
    same "flash.$format" again
done
recipe "  format: uf2
  chunk_size: 256
  no_md5: true
$parts"
expect_exit 0 otapack build recipe.yaml -o small.uf2
expect_err 'uf2-stride'
[ "$(size_of small.uf2)" = $((512 * (2 + 12 + 2))) ] || fail 'blocks of 256 bytes'
expect_exit 0 otapack extract small.uf2 --recipe small
expect_exit 0 otapack build small/recipe.yaml -o again
same small.uf2 again

refused() { # refused REGEX KEYS
    recipe "$2"
    expect_exit 2 otapack build recipe.yaml
    expect_one_line_err
    expect_err "$1"
    no_file built
}
refused "'elf' is not known; write bin, uf2, hex" "  format: elf
$parts"
refused 'size and offset are for format: bin' "  format: uf2
  size: 4MB
$parts"
refused 'family, chunk_size and no_md5 are for format: uf2' "  family: esp32
$parts"
refused 'leaves no room for the MD5' "  format: uf2
  chunk_size: 476
$parts"
refused 'a block without bytes cannot be' "  format: uf2
  chunk_size: 0
$parts"
refused "'esp33' is no chip with a UF2 family; did you mean 'esp32'" "  format: uf2
  family: esp33
$parts"
refused 'args: nothing.json' '  args: nothing.json'
refused 'args: app.bin: says not what goes where' '  args: app.bin'
refused 'flash has no parts' '  format: uf2'
refused 'no part says which chip it is for' '  format: uf2
  parts:
    - 0x8000: table.bin'
for format in uf2 hex; do
    recipe "$parts"
    sed "s/^output: built/output: built.$format/" recipe.yaml >named.yaml
    expect_exit 2 otapack build named.yaml
    expect_one_line_err
    expect_err "named.yaml: output ends in .$format; write format: $format, or another name"
    no_file "built.$format"
done
drop app.bin
refused 'app.bin.*No such file' '  args: flasher_args.json'
