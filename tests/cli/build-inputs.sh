# SPDX-License-Identifier: Apache-2.0
# What build reads: a missing, unreadable or empty input, a folder in a file's place. Each is named,
# in one line, with the right status; nothing is written.
. "$SOURCE/tests/cli-lib.sh"

host_firmware host.bin
for input in rcp_version flash_args bootloader/bootloader.bin \
    partition_table/partition-table.bin esp_ot_rcp.bin; do
    copy_rcp rcp
    rm "rcp/$input"
    expect_exit 2 otapack build --rcp-build-dir rcp --target-file x.bin
    expect_one_line_err
    expect_err "rcp/$input: "
    mkdir "rcp/$input"
    expect_exit 2 otapack build --rcp-build-dir rcp --target-file x.bin
    expect_one_line_err
    expect_err "rcp/$input: "
    rmdir "rcp/$input"
    : >"rcp/$input"
    expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin
    expect_err '\[[a-z]+(-[a-z]+)+\]$'
    printf '\351' >"rcp/$input"
    expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin
    expect_err '\[[a-z]+(-[a-z]+)+\]$'
    no_file x.bin
done

expect_exit 2 otapack build --rcp-build-dir nowhere --target-file x.bin
expect_one_line_err
expect_err 'nowhere'
expect_exit 2 otapack build --rcp-build-dir host.bin --target-file x.bin
expect_one_line_err
expect_exit 2 otapack build --rcp-build-dir "$RCP" --br-firmware nohost.bin --target-file x.bin
expect_one_line_err
expect_err 'nohost\.bin'
expect_exit 2 otapack build --rcp-build-dir "$RCP" --br-firmware . --target-file x.bin
expect_one_line_err
if [ -e /proc/self/mem ]; then
    expect_exit 2 otapack build --rcp-build-dir "$RCP" --br-firmware /proc/self/mem \
        --target-file x.bin
    expect_one_line_err
fi
no_file x.bin

# Wrong use: both ways at once, neither, a part of one.
text_to recipe.yaml <<END
otapack: 1
rcp: {build_dir: "$RCP"}
END
for arguments in '' '--target-file x.bin' "--rcp-build-dir $RCP" '--br-firmware host.bin' \
    "recipe.yaml --rcp-build-dir $RCP --target-file x.bin" 'recipe.yaml recipe.yaml -o x.bin' \
    'recipe.yaml --br-firmware host.bin -o x.bin'; do
    # shellcheck disable=SC2086 # words, on purpose
    expect_exit 2 otapack build $arguments
    expect_err '^otapack: .'
    no_file x.bin
done

# A recipe without `output:` needs -o, and takes it.
expect_exit 2 otapack build recipe.yaml
expect_err 'output'
expect_exit 0 otapack build recipe.yaml -o x.bin
[ -f x.bin ] || fail 'no x.bin'
