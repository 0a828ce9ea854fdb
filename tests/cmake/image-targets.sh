# SPDX-License-Identifier: Apache-2.0
# An image of what the same build makes, in this folder and in others: after it, and again in the very
# build that makes it again; and something that is made of the image.
. "$SOURCE/tests/cmake-lib.sh"

copy_folder "$FIXTURES/br" br
copy_folder "$FIXTURES/esp_image" esp_image
mkdir app image
text_to image/app.yaml <<<'{otapack: 1, app: "${APP}"}'
text_to app/CMakeLists.txt <<'END'
add_custom_command(OUTPUT app.bin COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/source app.bin
    DEPENDS ${CMAKE_SOURCE_DIR}/source)
add_custom_target(app DEPENDS app.bin)
END
text_to image/CMakeLists.txt <<'END'
otapack_image(ota RECIPE app.yaml DEFINES APP=${CMAKE_BINARY_DIR}/app/app.bin DEPENDS app)
add_custom_command(OUTPUT made.yaml COMMAND ${CMAKE_COMMAND} -E copy
    ${CMAKE_CURRENT_SOURCE_DIR}/app.yaml made.yaml DEPENDS app.yaml)
otapack_image(two RECIPE ${CMAKE_CURRENT_BINARY_DIR}/made.yaml DEFINES APP=${CMAKE_BINARY_DIR}/image/ota.bin
    DEPENDS ota ota.bin)
get_target_property(image two OTAPACK_IMAGE)
add_custom_command(OUTPUT flashed COMMAND ${CMAKE_COMMAND} -E copy ${image} flashed DEPENDS two ${image})
add_custom_target(flash ALL DEPENDS flashed)
END
project . 3.16 <<'END'
add_subdirectory(image)
add_subdirectory(app)
END

for generator in "${generators[@]}"; do
    build=build-${generator% *}
    cp br/demo_br.bin source
    configure "$generator" . "$build"
    builds 2 "$build"
    same "$build/image/flashed" br/demo_br.bin
    builds 0 "$build"

    cp esp_image/good-app-esp32.bin source
    renew source "$build/image/flashed"
    builds 2 "$build"
    same "$build/image/flashed" esp_image/good-app-esp32.bin
    builds 0 "$build"

    renew image/app.yaml "$build/image/flashed"
    builds 2 "$build"
    builds 0 "$build"
done
