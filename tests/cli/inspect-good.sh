# SPDX-License-Identifier: Apache-2.0
# A good fixture of each format, and a bad one: exit status, text and JSON of the program. (What holds
# of each fixture is in tests/laws: law_images.c, law_checks.c, law_json.c.)
. "$SOURCE/tests/cli-lib.sh"

set --
for name in matter/good-rcp rcp_image/good-with-host esp_image/good-app-esp32s3 \
    partition_table/good-host ota_data/good-slot-1 flash/good-merged-esp32h2; do
    set -- "$@" "$FIXTURES/$name.bin"
done
expect_exit 0 otapack inspect --json "$@"
no_err
look '[.files[] | .root.format] == ["matter","rcp_image","esp_image","partition_table","ota_data",
    "flash"] and all(.files[]; .verdict == "pass" and (.root | failing) == [])' out >/dev/null ||
    fail 'not all checks passed'
mv out first
expect_exit 0 otapack inspect -j "$@"
same first out

expect_exit 0 otapack inspect "$@"
no_err
! grep -q "$(printf '\033')" out || fail 'escape sequences, and no terminal'

bad=$FIXTURES/esp_image/bad-esp-hash.bin
expect_exit 1 otapack inspect --json "$bad"
look '.files[0] | .verdict == "fail" and (.root | failing) == ["esp-hash"]' out >/dev/null ||
    fail 'not esp-hash alone'
expect_exit 1 otapack inspect "$bad"
expect_out 'FAIL esp-hash: '
expect_exit 1 otapack verify "$bad"
only_check esp-hash
# A warning is no failure.
expect_exit 0 otapack verify "$FIXTURES/esp_image/bad-esp-no-hash.bin"
expect_err '^otapack: .*warning: .*; .* \[esp-no-hash\]$'

# Colour where it is asked for, not otherwise.
expect_exit 0 otapack inspect --color=always "$(combined_fixture)"
grep -q "$(printf '\033')" out || fail '--color=always gives no colour'
expect_exit 0 otapack inspect --color=never "$(combined_fixture)"
! grep -q "$(printf '\033')" out || fail '--color=never gives colour'
expect_exit 2 otapack inspect --color=sometimes "$(combined_fixture)"
expect_one_line_err
