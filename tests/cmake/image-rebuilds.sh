# SPDX-License-Identifier: Apache-2.0
# An image is made again when anything changes that went into it, and else not. A check that fails
# fails the build, says why, and leaves the image of before.
. "$SOURCE/tests/cmake-lib.sh"

text_to partitions.csv <<'END'
otadata, data, ota,   0xd000,   0x2000,
ota_0,   app,  ota_0, 0x10000,  0x200000,
ota_1,   app,  ota_1, 0x210000, 0x200000,
rcp_fw,  data, spiffs, 0x410000, 0x100000,
END
cp "$FIXTURES/keys/rsa3072-a.pem" key.pem
chmod 600 key.pem
touch by-hand
project . 3.25 <<'END'
set(VERSION_TEXT 1.4.2 CACHE STRING "")
otapack_image(ota RECIPE br.yaml PARTITION_TABLE partitions.csv KEYS key.pem
    DEFINES RCP=rcp VERSION=${VERSION_TEXT} DEPENDS by-hand)
END

for generator in "${generators[@]}"; do
    br_files .
    text_to br.yaml <<'END'
otapack: 1
app: br/demo_br.bin
rcp: {build_dir: '${RCP}'}
expect: ['host.desc.version = ${VERSION}']
END
    build=build-${generator% *}
    ota=$build/ota.bin
    configure "$generator" . "$build"
    builds 1 "$build"
    expect_exit 0 otapack verify "$ota" --quiet --key "$FIXTURES/keys/rsa3072-a.pub.pem"
    builds 0 "$build"

    for input in br.yaml br/demo_br.bin rcp/flash_args rcp/bootloader/bootloader.bin partitions.csv \
        key.pem by-hand otapack-noted; do
        renew "$input" "$ota"
        builds 1 "$build"
    done
    builds 0 "$build"

    # Another argument, and a file that the recipe needs no more.
    configure "$generator" . "$build" -DVERSION_TEXT=1.4.3
    build_fails "$build"
    expect_out '^otapack: .*br\.yaml:4:10: expected host\.desc\.version = 1\.4\.3, but it is 1\.4\.2; '
    configure "$generator" . "$build" -DVERSION_TEXT=1.4.2
    builds 1 "$build"
    mv br/demo_br.bin app.bin
    text_to br.yaml <<<'{otapack: 1, app: app.bin, expect: ["desc.version = ${VERSION}"]}'
    renew br.yaml "$ota"
    builds 1 "$build"
    builds 0 "$build"

    # A check fails, until it is mended.
    cp "$ota" before
    cp app.bin good
    flip app.bin -1
    renew app.bin "$ota"
    for _ in once again; do
        build_fails "$build"
        expect_out '^otapack: .*ota\.bin: .+; .+ \[esp-hash\]$'
        same "$ota" before
    done
    cp good app.bin
    renew app.bin "$ota"
    builds 1 "$build"
done
