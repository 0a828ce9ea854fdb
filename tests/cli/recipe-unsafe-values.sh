# SPDX-License-Identifier: Apache-2.0
# A value from an image in a recipe must not lead elsewhere: ${app.desc.version} and the like are
# refused when they hold a slash or a control character. What the user says by -D may.
. "$SOURCE/tests/cli-lib.sh"

mkdir work out.d
host_firmware good.bin
refused() { # refused TEXT: as the version, then as the project's name
    for field in version:$AT_VERSION project_name:$AT_PROJECT; do
        cp good.bin work/app.bin
        esp_text work/app.bin "${field#*:}" "$1"
        printf 'otapack: 1\noutput: ../out.d/x-${app.desc.%s}.bin\napp: app.bin\n' \
            "${field%:*}" >work/recipe.yaml
        expect_exit 2 otapack build work/recipe.yaml
        no_out
        expect_one_line_err
        expect_err "^otapack: .*recipe\\.yaml:2:9: .*app\\.desc\\.${field%:*}"
        folder_is out.d
        folder_is work app.bin recipe.yaml
    done
}
refused '../../pwn'
refused '/etc/pwn'
refused '1.4/2'
refused '1.4.2/'
refused "$(printf '1.4\n2')"
refused "$(printf '1.4\0332')"
refused "$(printf '1.4\1772')"
refused "$(printf '\0011.4.2')"

# In the middle of a path to read, too, and from the RCP's firmware.
copy_rcp work/rcp
esp_text work/rcp/esp_ot_rcp.bin $AT_VERSION ../v1
printf 'otapack: 1\noutput: ../out.d/${rcp.firmware.desc.version}.bin\nrcp: {build_dir: rcp}\n' \
    >work/recipe.yaml
expect_exit 2 otapack build work/recipe.yaml
expect_one_line_err
expect_err 'rcp\.firmware\.desc\.version'
folder_is out.d

# Two dots without a slash are a name like another; so are blanks.
cp good.bin work/app.bin
printf 'otapack: 1\noutput: ../out.d/x-${app.desc.version}.bin\napp: app.bin\n' >work/recipe.yaml
for version in .. '1.4 2' 1.4.2+7; do
    esp_text work/app.bin $AT_VERSION "$version"
    expect_exit 0 otapack build work/recipe.yaml
    same work/app.bin "out.d/x-$version.bin"
done
printf 'otapack: 1\noutput: ${WHERE}.bin\napp: app.bin\n' >work/recipe.yaml
expect_exit 0 otapack build work/recipe.yaml -D WHERE=../out.d/said
same work/app.bin out.d/said.bin
