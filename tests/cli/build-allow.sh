# SPDX-License-Identifier: Apache-2.0
# --allow takes exactly one known check each time: an unknown ID is status 2 with the nearest one,
# checks without which the bytes mean nothing cannot be allowed, and nothing allows all.
. "$SOURCE/tests/cli-lib.sh"

copy_rcp rcp
echo >>rcp/rcp_version
reference_build rcp expected.bin

expect_exit 2 otapack build --rcp-build-dir rcp --target-file x.bin --allow rcp-version-mach
expect_one_line_err
expect_err 'rcp-version-mach.*rcp-version-match'
for id in all '*' '' rcp rcp-version-match,esp-hash RCP-VERSION-MATCH; do
    expect_exit 2 otapack build --rcp-build-dir rcp --target-file x.bin --allow "$id"
    expect_one_line_err
done
for id in known-format esp-header pt-entries rcp-table rcp-bounds rcp-flash-args; do
    expect_exit 2 otapack build --rcp-build-dir rcp --target-file x.bin --allow "$id"
    expect_one_line_err
    expect_err "$id"
done
no_file x.bin

# Allowing something else does not help.
expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin --allow esp-hash
expect_err '\[rcp-version-match\]$'
no_file x.bin

# Two checks, each named.
sed 's/^0x8000 /0x8800 /' "$RCP/flash_args" >rcp/flash_args
reference_build rcp expected.bin
expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin --allow rcp-version-match
expect_err '\[rcp-flash-align\]$'
expect_exit 0 otapack build --rcp-build-dir rcp --target-file x.bin --allow rcp-version-match \
    --allow=rcp-flash-align
expect_err 'warning: .*\[rcp-version-match\]$'
expect_err 'warning: .*\[rcp-flash-align\]$'
same expected.bin x.bin

# In a recipe: the same list, the same rules.
recipe() {
    text_to recipe.yaml <<END
otapack: 1
output: y.bin
rcp: {build_dir: rcp}
allow: [$1]
END
}
recipe 'rcp-version-match, rcp-flash-align'
expect_exit 0 otapack build recipe.yaml
expect_err 'warning: .*\[rcp-version-match\]$'
same expected.bin y.bin
rm y.bin
recipe rcp-version-mach
expect_exit 2 otapack build recipe.yaml
expect_err 'recipe\.yaml:4:[0-9]+: .*rcp-version-match'
recipe rcp-table
expect_exit 2 otapack build recipe.yaml
expect_err 'recipe\.yaml:4:[0-9]+: .*rcp-table'
recipe rcp-version-match
expect_exit 1 otapack build recipe.yaml
expect_exit 0 otapack build recipe.yaml --allow rcp-flash-align
same expected.bin y.bin
