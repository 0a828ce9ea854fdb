# SPDX-License-Identifier: Apache-2.0
# software_version_string is the application's version: by default, and when it is not, build refuses,
# for an app and for a border router's combined image.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 3.1.4
reference_build "$RCP" br.bin app.bin
recipe() { # recipe LINE...
    printf '%s\n' 'otapack: 1' 'app: app.bin' 'matter:' '  vendor_id: 0xFFF1' '  product_id: 0x8000' \
        '  software_version: 2' "$@" >recipe.yaml
}
recipe
expect_exit 0 otapack build recipe.yaml -o ota.bin
no_findings
matter make expected.bin app.bin software_version_string=3.1.4
same expected.bin ota.bin
expect_exit 0 otapack build recipe.yaml -o ota.bin --set "rcp.build_dir=$RCP"
matter make expected.bin br.bin software_version_string=3.1.4
same expected.bin ota.bin
no_findings

for version in 3.1 3.1.40 v3.1.4 '3.1.4 '; do
    recipe "  software_version_string: \"$version\""
    matter make expected.bin app.bin "software_version_string=$version"
    refuse matter-version-match '3\.1\.4' recipe.yaml
    only_check matter-version-match
    allow matter-version-match expected.bin recipe.yaml
    matter make expected.bin br.bin "software_version_string=$version"
    refuse matter-version-match '3\.1\.4' recipe.yaml --set "rcp.build_dir=$RCP"
    allow matter-version-match expected.bin recipe.yaml --set "rcp.build_dir=$RCP"

    expect_exit 1 otapack inspect --json expected.bin
    only_failing matter-version-match
    expect_exit 0 otapack inspect expected.bin --allow matter-version-match
    expect_out 'matter-version-match'
    expect_exit 1 otapack verify expected.bin
    expect_exit 0 otapack verify expected.bin --allow matter-version-match
done

# A version that fills its 32 bytes, and one that is longer in the header than it can be in the app.
demo_app app.bin 0123456789012345678901234567890
recipe
expect_exit 0 otapack build recipe.yaml -o ota.bin
matter make expected.bin app.bin software_version_string=0123456789012345678901234567890
same expected.bin ota.bin
recipe '  software_version_string: "01234567890123456789012345678901"'
expect_exit 1 otapack build recipe.yaml -o no.bin
expect_err '\[matter-version-match\]$'
no_file no.bin

# What has no application has nothing to be compared with.
echo 'no application' >text.bin
matter make text.ota text.bin software_version_string=whatever
expect_exit 0 otapack inspect --json text.ota
look '[.files[].root | nodes | .checks[].id] | index("matter-version-match") | not' out >/dev/null ||
    fail 'a version of nothing was compared'
