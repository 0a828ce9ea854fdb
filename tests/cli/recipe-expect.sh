# SPDX-License-Identifier: Apache-2.0
# `expect:` in a recipe: an expectation that does not hold is status 1 and no file; one that cannot
# be read is status 2, at its place.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
esp_text app.bin $AT_VERSION 1.10
recipe() { # recipe EXPECTATION...
    {
        printf 'otapack: 1\noutput: ota.bin\napp: app.bin\nrcp: {build_dir: "%s"}\nexpect:\n' "$RCP"
        for line; do printf "  - '%s'\n" "$line"; done
    } >recipe.yaml
}
recipe 'host.chip = esp32s3' 'firmware.chip = esp32h2' 'host.desc.version > 1.9'
expect_exit 0 otapack build recipe.yaml
[ -f ota.bin ] || fail 'no ota.bin'

echo 'an earlier image' >ota.bin
recipe 'host.chip = esp32s3' 'host.desc.version >= 1.11' 'firmware.chip = esp32c6'
expect_exit 1 otapack build recipe.yaml
[ "$(err_lines 'host\.desc\.version')" -eq 1 ] || fail 'one line for the version'
[ "$(err_lines 'firmware\.chip')" -eq 1 ] || fail 'one line for the chip'
[ "$(err_lines 'host\.chip')" -eq 0 ] || fail 'no line for what holds'
expect_err '1\.10'
[ "$(<ota.bin)" = 'an earlier image' ] || fail 'the older target was damaged'
folder_is . app.bin ota.bin recipe.yaml out err

recipe 'host.chip = esp32s3' 'host.chip =='
expect_exit 2 otapack build recipe.yaml
expect_err '^otapack: recipe\.yaml:7:[0-9]+: '
