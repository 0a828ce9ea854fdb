# SPDX-License-Identifier: Apache-2.0
# build from create_ota_image.py's flags: the bytes, with and without the host firmware, equal those
# of an independent builder and of the fixtures; forms of writing the options; what is printed.
. "$SOURCE/tests/cli-lib.sh"

host_firmware host.bin
reference_build "$RCP" rcp.expected
reference_build "$RCP" br.expected host.bin

expect_exit 0 otapack build --rcp-build-dir "$RCP" --target-file rcp.bin
no_out
[ "$(wc -l <err)" -eq 1 ] || fail 'one line of summary should be on stderr'
expect_err 'rcp\.bin'
same rcp.expected rcp.bin

expect_exit 0 otapack build --rcp-build-dir "$RCP" --br-firmware host.bin --target-file br.bin
same br.expected br.bin

# The fixtures were made by their own generator, and some good image is exactly this build.
grep_same() {
    for fixture in "$FIXTURES"/rcp_image/good-*.bin; do
        if cmp -s "$1" "$fixture"; then return 0; fi
    done
    fail "$1 is none of the good fixtures"
}
grep_same rcp.bin
grep_same br.bin

# -q: not a word.
expect_exit 0 otapack build -q --rcp-build-dir "$RCP" --target-file quiet.bin
no_out
no_err
same rcp.expected quiet.bin

# --opt=value, abbreviations, another order, a slash at the end.
expect_exit 0 otapack build --target-file=a.bin --br-firmware=host.bin "--rcp-build-dir=$RCP"
same br.expected a.bin
expect_exit 0 otapack build --br host.bin --rcp "$RCP" --target b.bin
same br.expected b.bin
expect_exit 0 otapack build --target=c.bin --rcp-build "$RCP/"
same rcp.expected c.bin

# Relative folders, and a folder with a space in its name.
copy_rcp 'rcp build'
expect_exit 0 otapack build --rcp-build-dir 'rcp build' --target-file d.bin
same rcp.expected d.bin

# The same inputs give the same bytes, whenever and in whatever zone; an existing target is replaced.
echo 'something else' >again.bin
expect_exit 0 env TZ=Asia/Tokyo SOURCE_DATE_EPOCH=1 "$OTAPACK" build --rcp-build-dir "$RCP" \
    --br-firmware host.bin --target-file again.bin
same br.bin again.bin
