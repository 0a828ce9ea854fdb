# SPDX-License-Identifier: Apache-2.0
# build -q is silent while it succeeds, warnings included; errors are still said. And no text from
# an image, in whatever field, sends escape sequences to the terminal.
. "$SOURCE/tests/cli-lib.sh"

host_firmware app.bin
esp_text app.bin $AT_VERSION 1.4.2-dirty
printf 'otapack: 1\noutput: ota.bin\napp: app.bin\n' >recipe.yaml

expect_exit 0 otapack build recipe.yaml
expect_err 'warning: .*\[app-dirty\]$'
rm ota.bin
for quiet in -q --quiet; do
    expect_exit 0 otapack build recipe.yaml $quiet
    no_out
    no_err
    same app.bin ota.bin
    rm ota.bin
done
expect_exit 0 otapack build --rcp-build-dir "$RCP" --br-firmware app.bin --target-file br.bin -q
no_out
no_err

# What is allowed is a warning then; what is not is still said.
copy_rcp rcp
echo >>rcp/rcp_version
expect_exit 0 otapack build --rcp-build-dir rcp --target-file x.bin --allow rcp-version-match -q
no_err
rm x.bin
expect_exit 1 otapack build --rcp-build-dir rcp --target-file x.bin -q
expect_err '\[rcp-version-match\]$'
expect_exit 2 otapack build none.yaml -q
expect_one_line_err
no_file x.bin

# Escapes: each text of the description, and the RCP's version.
escape=$'\033'
clean() {
    "$@" >out 2>err || [ $? -le 1 ] || fail "$*: status"
    last_command=$*
    has_no_line "$escape" err || fail 'an escape character is on stderr'
    has_no_line $'\007' err || fail 'a bell is on stderr'
    has_no_line $'\233' err || fail 'a control sequence introducer is on stderr'
}
evil=$'a\033[31mRED\007\233m-dirty'
for at in $AT_VERSION $AT_PROJECT $AT_IDF; do
    host_firmware app.bin
    esp_text app.bin "$at" "$evil"
    clean "$OTAPACK" build recipe.yaml
    clean "$OTAPACK" build --rcp-build-dir "$RCP" --br-firmware app.bin --target-file br.bin
    clean "$OTAPACK" compat create_ota_image --rcp-build-dir "$RCP" --br-firmware app.bin \
        --target-file br.bin
    clean "$OTAPACK" verify app.bin br.bin -e 'desc.project_name = x' -e 'desc.version > 1' \
        -e 'desc.idf_ver > 9'
    clean "$OTAPACK" inspect app.bin --color never
    has_no_line "$escape" out || fail 'an escape character is on stdout'
    rm -rf parts
    clean "$OTAPACK" extract app.bin -o parts
    copy_rcp rcp
    esp_text rcp/esp_ot_rcp.bin "$at" "$evil"
    clean "$OTAPACK" build --rcp-build-dir rcp --target-file rcp.bin
done
