# SPDX-License-Identifier: Apache-2.0
# What an ESP-IDF project's options lack fails the build, in one line that says what to do: the app and
# menuconfig are not hindered, and once it is mended the next build goes on.
. "$SOURCE/tests/esp-idf-lib.sh"

generator=${generators[-1]}
idf_project device
configure "$generator" device device/build -DEXTRA_COMPONENT_DIRS="$component"

# Without an option there is no image; its app can be looked at.
builds 0 device/build
no_file device/build/device-ota.bin
expect_exit 0 cmake --build device/build --target otapack-inspect
expect_out 'device/build/device\.bin: .*ESP32-S3 app'
expect_exit 0 cmake --build device/build --target otapack-verify
expect_out 'device/build/device\.bin: ESP32-S3 app, ok'

# lacks REGEX OPTION...: with these options, the build fails with this line.
lacks() {
    options device "${@:2}"
    build_fails device/build
    expect_out "^otapack: $1"
    no_file device/build/device-ota.bin
    same device/main/app.bin device/build/device.bin
}
where=' \(menuconfig: Component config, OTA image\)$'
lacks "sdkconfig: it does not say where the RCP was built; set OTAPACK_RCP_BUILD_DIR$where" OTAPACK_RCP=y
lacks "sdkconfig: it has no key to sign with; set OTAPACK_SIGN_KEY$where" OTAPACK_SIGN=y
lacks "sdkconfig: it has no key to encrypt for; set OTAPACK_ENCRYPT_KEY$where" OTAPACK_ENCRYPT=y
lacks 'sdkconfig: two want to write the OTA image; turn CHIP_OTA_IMAGE_BUILD off$' \
    OTAPACK_MATTER=y CHIP_OTA_IMAGE_BUILD=y
sed '/PROJECT_VER_NUMBER/d' device/CMakeLists.txt >lists
cp lists device/CMakeLists.txt
lacks "sdkconfig: it has no Matter version number; set PROJECT_VER_NUMBER in CMakeLists.txt, or .+$where" \
    OTAPACK_MATTER=y
rm -r device/components/chip
lacks "sdkconfig: it has no Matter vendor ID; set OTAPACK_MATTER_VENDOR_ID$where" OTAPACK_MATTER=y
options device OTAPACK_MATTER=y OTAPACK_MATTER_VENDOR_ID=0xFFF2 OTAPACK_MATTER_PRODUCT_ID=0x8001 \
    OTAPACK_MATTER_VERSION_NUMBER=5
builds 1 device/build
expect_exit 0 otapack inspect device/build/device-ota.bin --get vendor_id --get product_id \
    --get software_version
out_is $'0xfff2\n0x8001\n5'

# The device is another one; the table is too small, which the project allows.
options device 'OTAPACK_DEVICE="light.yaml"' 'OTAPACK_ALLOW="host-slot, app-dirty"'
text_to device/light.yaml <<<'{otapack: 1, chip: esp32c6}'
verify_fails() {
    last_command='cmake --build device/build --target otapack-verify'
    if cmake --build device/build --target otapack-verify >out 2>&1; then fail 'it should fail'; fi
    expect_out "$1"
}
verify_fails '^otapack: .+ \[device-chip\]$'
cp "$FIXTURES/br/demo_br.bin" device/main/app.bin
cp "$FIXTURES/partition_table/bad-for-host-slot.bin" device/partitions.bin
text_to device/light.yaml <<<'{otapack: 1, chip: esp32s3}'
expect_exit 0 cmake --build device/build --target otapack-verify
options device 'OTAPACK_DEVICE="light.yaml"' OTAPACK_RCP=y "OTAPACK_RCP_BUILD_DIR=\"$RCP\"" \
    'OTAPACK_ALLOW="host-slot"'
builds 1 device/build
sed /ALLOW/d device/sdkconfig >sdkconfig
cp sdkconfig device/sdkconfig
build_fails device/build
expect_out '\[host-slot\]$'
echo CONFIG_OTAPACK_PARTITION_TABLE=n >>device/sdkconfig
builds 1 device/build

# ---- The program --------------------------------------------------------------------------------

mkdir bin
program=$OTAPACK
unset OTAPACK
idf_project bare OTAPACK_MATTER=y
look() {
    expect_exit 0 cmake -G "$generator" -S bare -B bare/build -DEXTRA_COMPONENT_DIRS="$component"
}
OTAPACK=$PWD/nowhere look
build_fails bare/build
expect_out "^otapack: there is no program $PWD/nowhere; install otapack, or set OTAPACK to where it is\$"
no_file bare/build/device-ota.bin
OTAPACK=$program look
expect_exit 0 cmake --build bare/build
expect_exit 0 "$program" verify --quiet bare/build/device-ota.bin

# Without the variable it is looked for in PATH; once it is installed, the next build finds it.
if [ -z "$(type -P otapack)" ]; then
    rm -r bare/build
    look
    build_fails bare/build
    expect_out '^otapack: there is no program otapack; install otapack, or set OTAPACK to where it is$'
fi
ln -s "$program" bin/otapack
PATH=$PWD/bin:$PATH
expect_exit 0 cmake --build bare/build
expect_exit 0 "$program" verify --quiet bare/build/device-ota.bin

# When it has moved, CMake finds it where it is now.
mkdir elsewhere
mv bin/otapack elsewhere
PATH=$PWD/elsewhere:$PATH
look
rm bare/build/device-ota.bin
expect_exit 0 cmake --build bare/build
expect_exit 0 "$program" verify --quiet bare/build/device-ota.bin
