# SPDX-License-Identifier: Apache-2.0
# An ESP-IDF project gets its OTA image by options: with the first build from nothing, again whenever
# anything changed that goes into it, and else not.
. "$SOURCE/tests/esp-idf-lib.sh"

# matter NUMBER OPTION...: the image is what the Matter SDK's tool would make of the app.
matter() {
    expect_exit 0 otapack compat ota_image_tool create -v 0xFFF1 -p 0x8000 -vn "$1" -vs 1.4.2 \
        -da sha256 "${@:2}" "$light/main/app.bin" expected
    same expected "$image"
}

# again FILE NEW: with this in its place the build makes the image again, and the next one does not.
again() {
    cp "$2" "$1.new"
    mv "$1.new" "$1"
    renew "$1" "$image"
    builds 1 "$build"
    builds 0 "$build"
}

# light GENERATOR STAND-IN: a Matter device.
light() {
    light="light $2 ${1% *}" build="light $2 ${1% *}/build" image="light $2 ${1% *}/build/device-ota.bin"
    idf_project "$light" OTAPACK_MATTER=y
    configure "$1" "$light" "$build" -DSTAND_IN="$2" -DEXTRA_COMPONENT_DIRS="$component"
    builds 1 "$build"
    matter 2
    builds 0 "$build"
    again "$light/main/app.bin" "$FIXTURES/br/demo_br.bin"
    matter 2
}

# An option, a number in CMakeLists.txt: CMake runs by itself.
options_change() {
    options "$light" OTAPACK_MATTER=y OTAPACK_MATTER_MAX_VERSION=1 \
        'OTAPACK_MATTER_RELEASE_NOTES="https://example.com/a\"b\\"'
    builds 1 "$build"
    matter 2 -ma 1 -rn 'https://example.com/a"b\'
    builds 0 "$build"
}
numbers_change() {
    options "$light" OTAPACK_MATTER=y OTAPACK_MATTER_VERSION_NUMBER=7 OTAPACK_MATTER_MIN_VERSION=3
    builds 1 "$build"
    matter 7 -mi 3
    options "$light" OTAPACK_MATTER=y
    sed 's/\(PROJECT_VER_NUMBER\) 2/\1 3/' "$light/CMakeLists.txt" >lists
    cp lists "$light/CMakeLists.txt"
    builds 1 "$build"
    matter 3
    options "$light" OTAPACK_MATTER=y APP_PROJECT_VER_FROM_CONFIG=y 'APP_PROJECT_VER="1.4.2"' \
        DEVICE_SOFTWARE_VERSION_NUMBER=9
    builds 1 "$build"
    matter 9
}

# A table into which the app does not fit; the image of before stays.
table_changes() {
    ln -f "$image" before
    cp "$FIXTURES/partition_table/bad-for-host-slot.bin" "$light/partitions.bin"
    renew "$light/partitions.bin" "$image"
    build_fails "$build"
    expect_out '^otapack: .+; .+ \[host-slot\]$'
    [ "$image" -ef before ] || fail 'the image of before is gone'
    cp "$FIXTURES/br/partition-table.bin" "$light/partitions.bin"
    renew "$light/partitions.bin" "$build/partition_table/partition-table.bin"
    builds 1 "$build"
    builds 0 "$build"
}

# A recipe of the project's own, which the options that go with one help.
recipe_changes() {
    text_to "$light/ota.yaml" <<'END'
otapack: 1
app: ${APP}
expect: ['desc.version = ${PROJECT_VER}']
END
    options "$light" 'OTAPACK_RECIPE="ota.yaml"' OTAPACK_MATTER=y
    builds 1 "$build"
    same "$light/main/app.bin" "$image"
    cp "$light/ota.yaml" ota.yaml
    echo '# ${PROJECT_NAME} ${PROJECT_VER_NUMBER}' >>ota.yaml
    again "$light/ota.yaml" ota.yaml
}

cleaned() {
    expect_exit 0 cmake --build "$build" --target clean
    no_file "$image"
    no_file "$build/device.bin"
    builds 1 "$build"
    builds 0 "$build"
}

for generator in "${generators[@]}"; do
    light "$generator" 5.0
    options_change
    table_changes
    cleaned
done
numbers_change
recipe_changes
light "$generator" 6.1
light "$generator" v2

# ---- A border router, whose RCP has a build of its own ------------------------------------------

copy_folder "$RCP" rcp
chmod -R u+w rcp
idf_project br OTAPACK_RCP=y 'OTAPACK_RCP_BUILD_DIR="../rcp"'
build=br/build image=br/build/device-ota.bin
configure "$generator" br "$build" -DEXTRA_COMPONENT_DIRS="$component"
builds 1 "$build"
reference_build rcp expected br/main/app.bin
same expected "$image"
for file in rcp/flash_args rcp/bootloader/bootloader.bin br/main/app.bin; do
    again "$file" "$file"
done
rcp_folder "$FIXTURES/rcp_image/bad-idf-order.bin" other
again rcp/esp_ot_rcp.bin other/esp_ot_rcp.bin
reference_build rcp expected br/main/app.bin
same expected "$image"
# esp_rcp_update's option says it too; with a Matter header.
options br OTAPACK_RCP=y AUTO_UPDATE_RCP=y "RCP_SRC_DIR=\"$PWD/rcp\"" OTAPACK_MATTER=y
builds 1 "$build"
expect_exit 0 otapack inspect "$image" --get payload.firmware.chip --get vendor_id
out_is $'esp32h2\n0xfff1'

# Sealed in the app, which is then signed or not.
cp "$FIXTURES/br/sealed_br.bin" br/main/app.bin
options br OTAPACK_RCP=y 'OTAPACK_RCP_BUILD_DIR="../rcp"' OTAPACK_RCP_SEAL=y
builds 1 "$build"
expect_exit 0 otapack verify -q "$image" --require-seal
install -m 600 "$FIXTURES/keys/rsa3072-a.pem" key.pem
options br OTAPACK_RCP=y 'OTAPACK_RCP_BUILD_DIR="../rcp"' OTAPACK_RCP_SEAL=y OTAPACK_SIGN=y \
    'OTAPACK_SIGN_KEY="../key.pem"'
builds 1 "$build"
expect_exit 0 otapack verify -q "$image" --require-seal --key "$FIXTURES/keys/rsa3072-a.pub.pem"

# ---- Signed, encrypted --------------------------------------------------------------------------

copy_folder "$FIXTURES/keys" keys
chmod 600 keys/*.pem
idf_project signed OTAPACK_SIGN=y 'OTAPACK_SIGN_KEY="../keys/rsa3072-a.pem"'
build=signed/build image=signed/build/device-ota.bin
configure "$generator" signed "$build" -DEXTRA_COMPONENT_DIRS="$component"
builds 1 "$build"
expect_exit 0 otapack verify --quiet "$image" --key keys/rsa3072-a.pub.pem
same signed/main/app.bin "$build/device.bin"
expect_exit 0 cmake --build "$build" --target otapack-verify
expect_out 'by .*keys/rsa3072-a\.pem'
again keys/rsa3072-a.pem keys/rsa3072-b.pem
expect_exit 0 otapack verify --quiet "$image" --key keys/rsa3072-b.pub.pem
options signed OTAPACK_ENCRYPT=y 'OTAPACK_ENCRYPT_KEY="../keys/ecdsa-p256-a.pub.pem"'
builds 1 "$build"
expect_exit 0 otapack inspect "$image" --decrypt-key keys/ecdsa-p256-a.pem --get content.desc.version
out_is 1.4.2
expect_exit 0 cmake --build "$build" --target otapack-verify
expect_out 'pre-encrypted image, ok'

# A key in a token goes through whole: its URI has semicolons.
options signed OTAPACK_SIGN=y 'OTAPACK_SIGN_KEY="pkcs11:token=none;object=release?pin-source=/dev/null"'
build_fails "$build"
expect_out '^otapack: .*(pkcs11:token=none;object=release|built without p11-kit)'

# Secure Boot v1.
cp "$FIXTURES/esp_image/good-app-esp32.bin" signed/main/app.bin
options signed OTAPACK_SIGN=y 'OTAPACK_SIGN_KEY="../keys/ecdsa-p256-a.pem"' SECURE_SIGNED_APPS=y \
    SECURE_SIGNED_APPS_ECDSA_SCHEME=y SECURE_BOOT_BUILD_SIGNED_BINARIES=n
builds 1 "$build"
expect_exit 0 cmake --build "$build" --target otapack-verify
expect_out 'ecdsa-p256, by .*keys/ecdsa-p256-a\.pem'

# ESP-IDF signs in a rule behind that of the app.
cp "$FIXTURES/esp_image/good-app-esp32s3.bin" signed/main/app.bin
options signed SECURE_SIGNED_APPS=y 'SECURE_BOOT_SIGNING_KEY="../keys/rsa3072-c.pem"' OTAPACK_MATTER=y
builds 1 "$build"
expect_exit 0 otapack verify --quiet "$image" --key keys/rsa3072-c.pub.pem
again signed/main/app.bin "$FIXTURES/esp_image/good-app-esp32c6.bin"
expect_exit 0 cmake --build "$build" --target otapack-verify
expect_out 'by .*keys/rsa3072-c\.pem'
