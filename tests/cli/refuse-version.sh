# SPDX-License-Identifier: Apache-2.0
# build refuses an rcp_version that the running RCP will never report: the border router would
# flash its radio again at every boot. A trailing newline is enough, and is named as such.
. "$SOURCE/tests/cli-lib.sh"

refused() { # refused ID PART
    refuse "$1" "$2" --rcp-build-dir rcp
}

copy_rcp rcp
echo >>rcp/rcp_version
reference_build rcp expected.bin
refused rcp-version-match 'version'
only_check rcp-version-match
expect_err 'newline.*every boot|every boot.*newline'
allow rcp-version-match expected.bin --rcp-build-dir rcp
expect_err 'every boot'

copy_rcp rcp
printf '\r\n' >>rcp/rcp_version
refused rcp-version-match 'version'
copy_rcp rcp
printf ' ' >>rcp/rcp_version
refused rcp-version-match 'version'

# Another text; the first half of the right one; the right one without its first character.
copy_rcp rcp
printf 'openthread-esp32/0000000000; esp32h2;  2031-01-01 00:00:00 UTC' >rcp/rcp_version
reference_build rcp expected.bin
refused rcp-version-match 'version'
only_check rcp-version-match
allow rcp-version-match expected.bin --rcp-build-dir rcp
copy_rcp rcp
head -c 30 "$RCP/rcp_version" >rcp/rcp_version
refused rcp-version-match 'version'

# No text, too much of it.
copy_rcp rcp
: >rcp/rcp_version
refused rcp-version-text 'version'
copy_rcp rcp
head -c 100 /dev/zero | tr '\0' v >rcp/rcp_version
refused rcp-version-text 'version'
expect_err '99|100'

# A text of many megabytes is refused as soon as any.
head -c 4000000 /dev/zero | tr '\0' v >rcp/rcp_version
refused rcp-version-text 'version'

# Control characters of the text do not reach the terminal.
printf 'open\033[31mthread' >rcp/rcp_version
expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin
! grep -q "$(printf '\033')" err || fail 'an escape character came through'
