# SPDX-License-Identifier: Apache-2.0
# Each recipe of packaging/examples/ builds what it says, in a project whose files are fixtures, and the
# file passes every check.
. "$SOURCE/tests/cli-lib.sh"

# project RECIPE OUTPUT ARGUMENT...: what the recipe makes; FILE=FIXTURE on stdin are the files of a project.
project() {
    local recipe=$1 output=$2 file fixture
    shift 2
    mkdir -p "$recipe/build"
    cp "$SOURCE/packaging/examples/$recipe.yaml" "$recipe"
    while IFS='=' read -r file fixture; do
        cp -R "$FIXTURES/$fixture" "$recipe/$file"
    done
    expect_exit 0 otapack build "$recipe/$recipe.yaml" "$@"
    expect_err '; [0-9]+ checks passed, 0 warnings$'
    expect_exit 0 otapack verify "$recipe/$output"
    tried+=" $recipe.yaml"
}
tried=

project border-router br-ota.bin <<END
build/border_router.bin=br/demo_br.bin
build/rcp=rcp_build
build/partition-table.bin=br/partition-table.bin
END
project matter-light light.ota -D VERSION_NUMBER=2 <<END
build/light.bin=esp_image/good-app-esp32.bin
build/partition-table.bin=br/partition-table.bin
END
project secure-boot signed.bin <<END
build/app.bin=br/demo_br.bin
secure_boot_signing_key.pem=keys/rsa3072-a.pem
END
project esp8266-arduino sketch.bin.signed <<END
build/sketch.bin=esp8266/good-arduino.bin
private.key=keys/rsa2048.pem
END
project merged-flash merged.bin <<END
build/bootloader.bin=esp_image/good-bootloader-esp32h2.bin
build/partition-table.bin=partition_table/good-rcp.bin
build/app.bin=esp_image/good-app-esp32h2.bin
END

# shellcheck disable=SC2086 # words
folder_is "$SOURCE/packaging/examples" $tried
