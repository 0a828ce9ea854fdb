# SPDX-License-Identifier: Apache-2.0
# compat image_builder_tool: that script's options, the same bytes under the name that it gives, the
# same text; what no device could take is refused, and nothing is written then.
. "$SOURCE/tests/cli-lib.sh"

app=$FIXTURES/esp_image/good-app-esp32h2.bin
tool() { otapack compat image_builder_tool "$@"; }
name=131B-0001-01040200-ota-file.zigbee

expect_exit 0 tool -m 0x131B -i 1 -v 0x01040200 -g demo --tag 0 "$app"
out_is "File size: 1598 bytes
Generated OTA file: $name"
no_err
same "$FIXTURES/zigbee/good-app.bin" $name
expect_exit 0 otapack compat path/to/image_builder_tool.py --manuf-id=4891 --image-type 0x1 -v17_039_872 \
    --header-string demo --security-credentials 2 --upgrade-dest 11:22:33:44:55:66:77:88 --min-hw 1 \
    --max-hw-ver 3 --ta 0x0000 "$app"
same "$FIXTURES/zigbee/good-optional-fields.bin" $name

# Several elements, and a length.
printf 'vendor' >vendor.bin
expect_exit 0 tool -m 0x131B -i 1 -v 1 -s 0 -r 0 -d 0 --tag 0xf000 3 vendor.bin --tag 0 "$app"
expect_err 'warning: .*\[zigbee-element-alone\]$'
expect_exit 0 otapack extract 131B-0001-00000001-ota-file.zigbee 'manufacturer[0]' -o taken
file_is taken ven || fail 'the length was not kept'

# Without an image it only warns, as the script has nothing to say.
expect_exit 0 tool -m 0x131B -i 1 -v 2
expect_err 'warning: .*\[zigbee-image\]$'
expect_out 'File size: 56 bytes'

# A bundle is no image of a Zigbee device; what a delta patch makes, otapack can judge.
expect_exit 0 tool -m 0x131B -i 1 -v 2 --tag 0 "$FIXTURES/matter_bundle/good-app.bin"
expect_exit 1 otapack verify 131B-0001-00000002-ota-file.zigbee
expect_err 'no device can be updated with this image: Matter bundle, .*\[slot-content\]$'
for patch in "$FIXTURES"/delta/good-*; do
    expect_exit 0 tool -m 0x131B -i 1 -v 2 --tag 0 "$patch"
    refuse_err '\[zigbee-payload\]$'
done

drop ./*.zigbee
refused() { # refused STATUS REGEX ARGUMENT...
    expect_exit "$1" tool "${@:3}"
    no_out
    expect_one_line_err
    expect_err "$2"
    folder_is . out err vendor.bin taken
}
set -- -m 0x131B -i 1 -v 2
refused 2 'header_string has 33 bytes' "$@" -g 123456789012345678901234567890123 --tag 0 "$app"
refused 2 'not printable ASCII' "$@" -g 'Küche' --tag 0 "$app"
refused 2 'no EUI64' "$@" --upgrade-dest 11223344556677 --tag 0 "$app"
refused 2 'no EUI64' "$@" --upgrade-dest zz22334455667788 --tag 0 "$app"
refused 2 'missing.bin' "$@" --tag 0 missing.bin
refused 2 'not 1 words' "$@" --tag 0
refused 2 'not 4 words' "$@" --tag 0 1 2 "$app"
refused 2 'needs a value|not 0 words' "$@" --tag
refused 2 "'0x10000' is above 0xffff" "$@" --tag 0x10000 "$app"
refused 2 'manufacturer: 65536 is above' -m 0x10000 -i 0 -v 0 --tag 0 "$app"
refused 2 'file_version: 4294967296 is above' -m 1 -i 0 -v 0x100000000 --tag 0 "$app"
refused 2 "'-1' is no number from 0 up" -m 1 -i 0 -v -1 --tag 0 "$app"
refused 2 'needs --manuf-id' -i 0 -v 0 --tag 0 "$app"
refused 2 'security_credential_version: 256' "$@" --security-credentials 256 --tag 0 "$app"
refused 2 "'abc' is no number" -m abc -i 0 -v 0 --tag 0 "$app"
refused 2 '--min-hw-ver goes with --max-hw-ver' "$@" --min-hw-ver 1 --tag 0 "$app"
refused 2 'no EUI64' "$@" --upgrade-dest '' --tag 0 "$app"
refused 2 "'--' belongs to no option" "$@" -- --tag 0 "$app"
refused 2 "'--' belongs to no option" "$@" --tag 0 "$app" --
refused 2 "'stray' belongs to no option" "$@" stray --tag 0 "$app"
refused 2 "no option|unknown" "$@" --nonsense 1 --tag 0 "$app"
refused 1 'is not what Zigbee files begin with' "$@" -d 0x1BEEF11E --tag 0 "$app"
refused 1 'length is 32, but only 6 bytes' "$@" --tag 0 "$app" --tag 0xf000 32 vendor.bin
expect_exit 1 tool "$@" --tag 0 1000 "$app"
expect_err '\[esp-'
