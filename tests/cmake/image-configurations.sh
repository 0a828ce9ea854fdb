# SPDX-License-Identifier: Apache-2.0
# A build with several configurations: a file for each where OUTPUT says so, else one for all; what
# differs between them is made again where it has to be.
. "$SOURCE/tests/cmake-lib.sh"

need ninja
copy_folder "$FIXTURES/br" br
copy_folder "$FIXTURES/esp_image" esp_image
text_to app.yaml <<<'{otapack: 1, app: "${APP}"}'
project . 3.16 <<'END'
set(app $<IF:$<CONFIG:Debug>,esp_image/good-app-esp32.bin,br/demo_br.bin>)
otapack_image(each RECIPE app.yaml OUTPUT $<CONFIG>/each.bin DEFINES APP=${app})
otapack_image(one RECIPE app.yaml DEFINES APP=${app})
END
configure 'Ninja Multi-Config' . build -DCMAKE_CONFIGURATION_TYPES='Debug;Release'

# configuration NAME RUNS APP
configuration() {
    : >ran.log
    expect_exit 0 cmake --build build --config "$1"
    count_lines ran.log
    [ "$count" = "$2" ] || fail "$1: otapack ran $count times instead of $2"
    same "build/$1/each.bin" "$3"
    same build/one.bin "$3"
}
configuration Debug 2 esp_image/good-app-esp32.bin
configuration Debug 0 esp_image/good-app-esp32.bin
configuration Release 2 br/demo_br.bin
configuration Release 0 br/demo_br.bin
renew br/demo_br.bin build/one.bin
configuration Release 2 br/demo_br.bin
configuration Debug 1 esp_image/good-app-esp32.bin
