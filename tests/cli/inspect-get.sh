# SPDX-License-Identifier: Apache-2.0
# --get by the program: values on stdout, as a shell takes them; a path that is not there.
# (tests/laws/law_get.c has more of them.)
. "$SOURCE/tests/cli-lib.sh"

expect_exit 0 otapack inspect --get host.chip "$(combined_fixture)" -g firmware.chip -g table_size
no_err
out_is 'esp32s3
esp32h2
84'
expect_exit 0 otapack inspect "$FIXTURES/flash/good-merged-esp32h2.bin" --get=boot_partition
out_is factory
[ "$("$OTAPACK" inspect - -g desc.secure_version <"$FIXTURES/br/demo_br.bin")" -eq 0 ] ||
    fail 'the secure version is another one'
expect_exit 2 otapack inspect "$(combined_fixture)" --get host.desc.versoin
no_out
expect_one_line_err
expect_err 'versoin.*version'
