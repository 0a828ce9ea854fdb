# SPDX-License-Identifier: Apache-2.0
# otapack_image in old projects and new ones (CMP0116 came between), with what makes them here, in
# folders with spaces in their names and below those; files with odd characters in theirs; relative
# paths from where they should be.
. "$SOURCE/tests/cmake-lib.sh"

br_files 'my project/the light'
mv 'my project/the light/rcp' 'my project/the light/rcp (é) + 1,2'
cp "$FIXTURES/keys/rsa3072-a.pem" 'my project/the light/it @ home, old.pem'
chmod 600 'my project/the light/it @ home, old.pem'
text_to 'my project/the light/CMakeLists.txt' <<'END'
otapack_image(ota RECIPE br.yaml OUTPUT "for it/br ota é.bin" KEYS "it @ home, old.pem"
    SET "rcp.build_dir=rcp (é) + 1,2" "allow=[sig-chip]")
otapack_image(plain RECIPE ../plain.yaml DEFINES "APP=the light/br/demo_br.bin" "UNUSED=a;\"b\" $c"
    OPTIONS --allow app-dirty)
get_target_property(image ota OTAPACK_IMAGE)
install(FILES "${image}" DESTINATION firmware)
END
text_to 'my project/plain.yaml' <<<'{otapack: 1, app: "${APP}"}'
light="$PWD/my project/the light"
cp 'my project/the light/br/demo_br.bin' app.bin

# tried GENERATOR VERSION
tried() {
    project 'my project' "$2" <<<'add_subdirectory("the light")'
    build="my build ${1% *} $2"
    configure "$1" 'my project' "$build" -DCMAKE_INSTALL_PREFIX="$PWD/put $build"
    builds 2 "$build"
    same "$build/the light/plain.bin" app.bin
    builds 0 "$build"
    renew "$light/rcp (é) + 1,2/rcp_version" "$build/the light/for it/br ota é.bin"
    builds 1 "$build"
    renew "$light/it @ home, old.pem" "$build/the light/for it/br ota é.bin"
    builds 1 "$build"
    builds 0 "$build"
}

for generator in "${generators[@]}"; do
    for version in 3.16 3.25; do
        tried "$generator" "$version"
    done
    expect_exit 0 cmake --install "$build"
    folder_is "put $build/firmware" 'br ota é.bin'
done
