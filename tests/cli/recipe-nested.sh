# SPDX-License-Identifier: Apache-2.0
# Where a recipe names the file of a part, a map may say what that is made of: the same bytes come out as
# with the file that otapack would have written. What is wrong inside is told with its place.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/keys/ecdsa-p256-a.pem" k.pem
chmod 600 k.pem
copy_rcp rcp
cp "$FIXTURES/esp_image/good-app-esp32c6.bin" host.bin
expect_exit 0 otapack sign rcp/esp_ot_rcp.bin --key k.pem -o signed.bin

# same_as FROM TO: recipe.yaml, and the recipe with TO in the place of FROM, make the same.
same_as() {
    expect_exit 0 otapack build recipe.yaml -o nested.bin --depfile nested.d
    text=$(<recipe.yaml)
    printf '%s\n' "${text//"$1"/"$2"}" >plain.yaml
    expect_exit 0 otapack build plain.yaml -o plain.bin
    same plain.bin nested.bin
}

# A signed part of an RCP image, in a recipe and by --set; the key is an input.
signed='{app: rcp/esp_ot_rcp.bin, sign: {keys: [k.pem]}}'
text_to recipe.yaml <<END
otapack: 1
app: host.bin
rcp:
  build_dir: rcp
  firmware: $signed
expect: ['firmware.desc.version = \${rcp.firmware.desc.version}']
END
same_as "$signed" signed.bin
for input in recipe.yaml host.bin rcp/esp_ot_rcp.bin rcp/flash_args k.pem; do
    grep -q "[ :]$input" nested.d || fail "the depfile does not name $input: $(<nested.d)"
done
expect_exit 0 otapack build plain.yaml -o set.bin --set "rcp.firmware=$signed"
same nested.bin set.bin
for target in k.pem rcp/esp_ot_rcp.bin rcp/flash_args; do
    cp "$target" kept
    expect_exit 2 otapack build recipe.yaml -o $target
    expect_err 'is also an input'
    same kept $target
done

# A part of a flash image, alone, and in an RCP image that is a part itself.
text_to recipe.yaml <<END
otapack: 1
flash:
  parts:
    - 0x10000: $signed
    - 0x0: {image: rcp/bootloader/bootloader.bin}
    - 0x8000: rcp/partition_table/partition-table.bin
END
same_as "$signed" signed.bin
printf 'otapack: 1\nrcp: {build_dir: rcp, firmware: %s}\n' "$signed" >inner.yaml
expect_exit 0 otapack build inner.yaml -o inner.bin
inner="{rcp: {build_dir: rcp, firmware: $signed}}"
text_to recipe.yaml <<END
otapack: 1
flash:
  parts:
    - 0x0: rcp/bootloader/bootloader.bin
    - 0x8000: rcp/partition_table/partition-table.bin
    - 0x10000: rcp/esp_ot_rcp.bin
    - 0x3f0000: $inner
END
same_as "$inner" inner.bin

# An ESP8266's parts, and a Matter image of an app that stands deeper: its version is found.
cp "$FIXTURES/esp8266/good-arduino.bin" sketch.bin
text_to recipe.yaml <<'END'
otapack: 1
esp8266: {image: {image: sketch.bin}, flash_mode: dout}
END
same_as '{image: sketch.bin}' sketch.bin
head -c 4096 sketch.bin >eboot.bin
tail -c +4097 sketch.bin >app.bin
text_to recipe.yaml <<'END'
otapack: 1
esp8266: {eboot: {image: eboot.bin}, sketch: {image: app.bin}, flash_size: 512KB}
END
same_as '{image: app.bin}' app.bin
text_to recipe.yaml <<'END'
otapack: 1
app: {app: host.bin, sign: {keys: [k.pem]}}
matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2}
END
same_as '{app: host.bin, sign: {keys: [k.pem]}}' 'host.bin
sign: {keys: [k.pem]}'

# What is wrong, and where.
wrong() { # wrong LINE:COLUMN REGEX VALUE: of app
    printf 'otapack: 1\napp: %s\n' "$3" >recipe.yaml
    recipe_refused "$1" "$2"
}
wrong 2:12 'app: nofile\.bin: cannot open' '{app: nofile.bin}'
wrong 2:6 'app must be a value, but is a map of keys' '{file: host.bin}'
wrong 2:22 "no key 'imag' here; did you mean 'image'" '{app: host.bin, imag: x}'
wrong 2:22 "no key 'xyzzy' here; the keys are app, image, sign, " '{app: host.bin, xyzzy: 1}'
wrong 2:22 'image cannot stand beside app' '{app: host.bin, image: x}'
wrong 2:30 'image cannot stand beside rcp' '{rcp: {build_dir: rcp}, image: host.bin}'
wrong 2:6 'says nothing to build; give one of app \(with or without rcp\), rcp, ' \
    '{matter: {vendor_id: 1}}'
wrong 2:13 'sign signs the app' '{sign: {keys: [k.pem]}}'
wrong 2:13 'sign has no keys' '{sign: {existing: append}, app: host.bin}'
wrong 2:54 'is nested more than 8 deep; ' \
    '{app: {app: {app: {app: {app: {app: {app: {app: {app: host.bin}}}}}}}}}'
printf 'otapack: 1\nrcp: {build_dir: {app: host.bin}}\n' >recipe.yaml
recipe_refused 2:18 'build_dir must be a value'
printf 'otapack: 1\nflash: {parts: [0x0: {file: host.bin}]}\n' >recipe.yaml
recipe_refused 2:17 'write one pair a line'

# What the device would not start is refused as it is with a file.
printf 'otapack: 1\napp: {app: host.bin, rcp: {build_dir: rcp}}\n' >recipe.yaml
expect_exit 1 otapack build recipe.yaml -o out.bin
expect_err '\[slot-content\]'
no_file out.bin

# Eight deep is not too deep.
printf 'otapack: 1\napp: %s\n' '{app: {app: {app: {app: {app: {app: {app: {app: host.bin}}}}}}}}' >recipe.yaml
expect_exit 0 otapack build recipe.yaml -o out.bin
same host.bin out.bin

# What judges the whole is said of the whole.
printf 'otapack: 1\nimage: {esp8266: {image: e.bin, device: {free_space: 1}}}\n' >recipe.yaml
recipe_refused 2:41 'device is what the whole must fit'

# A part that is made is in memory: there are not many.
{
    printf 'otapack: 1\nflash:\n  parts:\n'
    for i in {1..65}; do printf '    - 0x%x000: {image: host.bin}\n' "$i"; done
} >recipe.yaml
recipe_refused 68:16 'makes at most 64 parts itself'

# What is made of one thing is judged as that: a flash image by its own offset, an app as one.
cp "$FIXTURES/esp_image/good-bootloader-esp32.bin" boot.bin
cp "$FIXTURES/esp_image/good-app-esp32.bin" app32.bin
printf '%s\n' 'nvs,data,nvs,0x9000,0x5000,' 'otadata,data,ota,0xe000,0x2000,' \
    'app0,app,ota_0,0x10000,0x140000,' 'app1,app,ota_1,0x150000,0x140000,' >table.csv
for offset in 0x1000 0x2000 0x8000; do
    parts='0x8000: table.csv, 0x10000: app32.bin'
    [ $offset = 0x8000 ] || parts="$offset: boot.bin, $parts"
    status=1
    [ $offset != 0x1000 ] || status=0
    flash="flash: {offset: $offset, parts: [$parts]}"
    for image in "$flash" "image: {$flash}" "image: {image: {$flash}}"; do
        printf 'otapack: 1\n%s\n' "$image" >recipe.yaml
        expect_exit $status otapack build recipe.yaml -o out.bin
        [ "$image" != "$flash" ] || cp err flash.said
        same flash.said err
    done
done
expect_err '\[flash-layout\]$'
printf 'otapack: 1\nimage: {app: boot.bin}\n' >recipe.yaml
expect_exit 1 otapack build recipe.yaml -o out.bin
expect_err '\[slot-content\]$'

# A table is made of its text, also where that is named as an image.
text_to recipe.yaml <<'END'
otapack: 1
flash: {parts: [0x1000: boot.bin, 0x8000: {image: {image: table.csv}}, 0x10000: app32.bin]}
END
same_as '{image: {image: table.csv}}' table.csv

# ${} asks for inputs beside it, in what the recipe is made of, and around it.
ids='vendor_id: 0xFFF1, product_id: 0x8000, software_version: 2'
matter="matter: {$ids, software_version_string: '\${app.desc.version}'}"
encrypt="encrypt: {key: $FIXTURES/keys/rsa3072-a.pub.pem}"
for image in "image: {app: host.bin, sign: {keys: [k.pem]}}, $matter" \
    "image: {app: host.bin, $matter}" "app: {image: host.bin}, $matter" \
    "app: host.bin, $encrypt, $matter" "image: {app: host.bin, $encrypt}, $matter"; do
    printf '{otapack: 1, %s}\n' "$image" >recipe.yaml
    expect_exit 0 otapack build recipe.yaml -o out.bin
    expect_exit 0 otapack inspect out.bin
    expect_out 'software_version_string=1\.4\.2'
done
text_to recipe.yaml <<END
{otapack: 1, flash: {parts: [0x1000: boot.bin, 0x8000: table.csv, 0x10000: app32.bin,
  0x300000: {app: host.bin, $matter}]}}
END
expect_exit 0 otapack build recipe.yaml -o out.bin
printf 'otapack: 1\nflash: {parts: [0x0: {app: host.bin}]}\n%s\n' "$matter" >recipe.yaml
recipe_refused 3:95 'the recipe has no such input here or around it; app, image, '
