# SPDX-License-Identifier: Apache-2.0
# --depfile: one rule, the target and every input that was read, special characters escaped; make
# remakes the target when any one of them changes, and only then. No depfile when the build fails.
. "$SOURCE/tests/cli-lib.sh"

copy_rcp 'rcp build#1'
host_firmware 'host $app.bin'
cp "$FIXTURES/partition_table/good-host.bin" host-table.bin
find . -type f -exec touch -d '2001-01-01 00:00' {} +

expect_exit 0 otapack build --rcp-build-dir 'rcp build#1' --br-firmware 'host $app.bin' \
    --partition-table host-table.bin --target-file 'out file.bin' --depfile deps.d
tr '\n' ' ' <deps.d | sed 's/\\  *//g' >flat
grep -Fq 'out\ file.bin:' deps.d || fail 'the target is not named, with its space escaped'
for input in rcp_version flash_args bootloader/bootloader.bin \
    partition_table/partition-table.bin esp_ot_rcp.bin; do
    grep -Fq "rcp\\ build\\#1/$input" deps.d || fail "deps.d does not name $input"
done
grep -Fq 'host\ $$app.bin' deps.d || fail 'deps.d does not name the host firmware, escaped'
grep -Fq 'host-table.bin' deps.d || fail 'deps.d does not name the partition table'
sed -n 1p deps.d | grep -q '^out\\ file.bin:' || fail 'the rule does not begin with its target'

# From a recipe: the recipe is an input too.
text_to recipe.yaml <<END
otapack: 1
output: out2.bin
rcp: {build_dir: "rcp build#1"}
END
expect_exit 0 otapack build recipe.yaml --depfile deps2.d
grep -q '^out2\.bin:' deps2.d || fail 'the recipe'\''s depfile has another target'
grep -Fq 'recipe.yaml' deps2.d || fail 'the recipe is an input'
grep -Fq 'esp_ot_rcp.bin' deps2.d || fail 'the firmware is an input'

# A failed build leaves neither file; a depfile that cannot be written is an error.
echo 'x' >>'rcp build#1/rcp_version'
expect_exit 1 otapack build --rcp-build-dir 'rcp build#1' --target-file bad.bin --depfile bad.d
no_file bad.bin
no_file bad.d
expect_exit 2 otapack build --rcp-build-dir "$RCP" --target-file bad.bin --depfile missing/bad.d
expect_one_line_err
no_file missing

if ! command -v make >/dev/null 2>&1; then
    echo 'make is not installed: its reading of the file is not tested'
    exit 0
fi
text_to Makefile <<'END'
include deps.d
out\ file.bin: ; @echo REMAKE
END
cp "$RCP/rcp_version" 'rcp build#1/rcp_version' # without the newline again
touch -d '2001-01-01 00:00' 'rcp build#1/rcp_version'
make_says() { make -s 'out file.bin' 2>&1; }
touch -d '2002-01-01 00:00' 'out file.bin'
case $(make_says) in *REMAKE* | *rror*) fail "make: $(make_says)" ;; esac
for input in 'rcp build#1/rcp_version' 'rcp build#1/flash_args' \
    'rcp build#1/bootloader/bootloader.bin' 'rcp build#1/partition_table/partition-table.bin' \
    'rcp build#1/esp_ot_rcp.bin' 'host $app.bin' host-table.bin; do
    touch -d '2003-01-01 00:00' "$input"
    [ "$(make_says)" = REMAKE ] || fail "make does not see that $input changed: $(make_says)"
    touch -d '2001-01-01 00:00' "$input"
done
