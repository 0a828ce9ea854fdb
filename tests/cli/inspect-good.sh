# SPDX-License-Identifier: Apache-2.0
# Every good fixture: status 0, all checks pass, the format its folder names, and the text on stdout
# fits 80 columns and has no escape sequences when it does not go to a terminal.
. "$SOURCE/tests/cli-lib.sh"

count=0
for stem in matter rcp_image esp_image partition_table ota_data flash; do
    for file in "$FIXTURES/$stem"/good-*.bin; do
        [ -f "$file" ] || fail "no good fixtures in $stem"
        expect_exit 0 otapack inspect --json "$file"
        look ".files[0].root.format == \"$stem\"" out >/dev/null || fail "$file: not a $stem"
        look '.files[0] | .verdict == "pass" and (.root | failing) == []' out >/dev/null ||
            fail "$file: not all checks passed"
        look ".files[0].size == $(size_of "$file") and .files[0].root.offset == 0 and
            .files[0].root.size == .files[0].size" out >/dev/null || fail "$file: the size"
        look '[.files[0].root | nodes | .checks[]] | length > 0' out >/dev/null ||
            fail "$file: no check was made"

        rm -f image.bin
        cp "$file" image.bin # a short name: only the tool's own words are measured
        expect_exit 0 otapack inspect image.bin
        no_err
        [ -s out ] || fail "$file: nothing was printed"
        ! grep -q "$(printf '\033')" out || fail "$file: escape sequences"
        # A digest is one word, to be copied whole.
        awk 'length > 80 && NF > 1 { exit 1 }' out || fail "$file: more than 80 columns"
        count=$((count + 1))
    done
done
[ "$count" -ge 10 ] || fail "only $count good fixtures"

# Colour where it is asked for, not otherwise.
expect_exit 0 otapack inspect --color=always "$(combined_fixture)"
grep -q "$(printf '\033')" out || fail '--color=always gives no colour'
expect_exit 0 otapack inspect --color=never "$(combined_fixture)"
! grep -q "$(printf '\033')" out || fail '--color=never gives colour'
expect_exit 2 otapack inspect --color=sometimes "$(combined_fixture)"
expect_one_line_err
