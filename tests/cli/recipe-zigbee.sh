# SPDX-License-Identifier: Apache-2.0
# zigbee: in a recipe; what is in such a file extracted, edited and signed; the rule of a policy that
# its file version follows from the app's.
. "$SOURCE/tests/cli-lib.sh"

cp "$FIXTURES/esp_image/good-app-esp32h2.bin" app.bin
recipe() { # recipe LAYERS: what follows is of zigbee
    { printf 'otapack: 1\noutput: made.zigbee\n%s\nzigbee:\n  manufacturer: 0x131B\n  image_type: 1\n' "$1" && cat; } >r.yaml
}
recipe 'app: app.bin' <<'.'
  file_version: 0x01040200
  header_string: demo
.
expect_exit 0 otapack build r.yaml
same "$FIXTURES/zigbee/good-app.bin" made.zigbee
recipe 'app: app.bin' <<'.'
  version_from: major.minor.patch.0
  header_string: demo
  security_credential_version: 2
  destination: 11:22:33:44:55:66:77:88
  min_hardware_version: 1
  max_hardware_version: 3
.
expect_exit 0 otapack build r.yaml
same "$FIXTURES/zigbee/good-optional-fields.bin" made.zigbee

# Elements in their order, the image among them, and made itself.
printf 'vendor' >vendor.bin
recipe "image: {app: app.bin}" <<'.'
  file_version: 1
  elements:
    - {tag: 0xf000, length: 3, data: vendor.bin}
    - tag: image
    - {tag: image, data: {app: app.bin}}
.
expect_exit 0 otapack build r.yaml -a zigbee-images
expect_exit 0 otapack inspect made.zigbee --get 'elements[2].tag' --get 'manufacturer[0].kind'
expect_exit 0 otapack extract made.zigbee 'duplicate[0]' -o again.bin
same app.bin again.bin

# A tag may be a number, 0 like any other.
recipe '' <<'.'
  file_version: 1
  elements: [{tag: 0, data: app.bin}]
.
expect_exit 0 otapack build r.yaml
expect_exit 0 otapack extract made.zigbee image -o again.bin
same app.bin again.bin
no_err

# What cannot be so.
refused() { # refused STATUS REGEX: the recipe above
    drop made.zigbee
    expect_exit "$1" otapack build r.yaml
    expect_err "$2"
    no_file made.zigbee
}
bad() { # bad STATUS REGEX LINE...: lines behind those that every file has
    local status=$1 regex=$2
    shift 2
    printf '  %s\n' "$@" | recipe 'app: app.bin'
    refused "$status" "$regex"
}
bad 2 'zigbee has no file_version, which every Zigbee header needs' 'stack_version: 2'
bad 2 'zigbee has no max_hardware_version, which goes with' 'file_version: 1' 'min_hardware_version: 1'
bad 2 'file_version is 0x00000001, but version_from makes 0x01040200' 'file_version: 1' 'version_from: major.minor.patch.0'
bad 2 "'major.minor' does not say how" 'version_from: major.minor'
bad 2 "'1.4.2' is no number; .*version_from" 'file_version: 1.4.2'
bad 2 'is above 0xffffffff' 'file_version: 0x100000000'
bad 2 'has 33 bytes' 'file_version: 1' "header_string: $(printf 'a%.0s' {1..33})"
bad 2 'no EUI64' 'file_version: 1' 'destination: 1122'
bad 1 '\[zigbee-hardware\]$' 'file_version: 1' 'min_hardware_version: 2' 'max_hardware_version: 1'
bad 2 'this element has no tag' 'file_version: 1' 'elements: [{data: vendor.bin}]'
bad 2 'this element has no data' 'file_version: 1' 'elements: [{tag: picture}]'
bad 2 'this element has no data' 'file_version: 1' 'elements: [{tag: image}, {tag: 0}]'
bad 1 'length is 7, but only 6 bytes' 'file_version: 1' 'elements: [{tag: 0xf000, length: 7, data: vendor.bin}]'
bad 2 'write tag and data of each' 'file_version: 1' 'elements: [picture]'
bad 2 "tag 'pictur' is not known; did you mean 'picture'" 'file_version: 1' 'elements: [{tag: pictur, data: vendor.bin}]'
bad 2 "tag 'xyzzy' is not known; write image, .*certificate_cs2 or a number" 'file_version: 1' 'elements: [{tag: xyzzy, data: vendor.bin}]'
recipe '' <<'.'
  file_version: 1
.
refused 2 'says nothing to build'

# The app inside is signed, and sizes follow.
expect_exit 0 otapack sign "$FIXTURES/zigbee/good-hardware.bin" --key "$FIXTURES/keys/ecdsa-p256-a.pem" -o signed.zigbee
expect_exit 0 otapack verify signed.zigbee --key "$FIXTURES/keys/ecdsa-p256-a.pub.pem"
expect_exit 0 otapack inspect signed.zigbee --get total_size
out_is "$(size_of signed.zigbee)"
for file in trailing bare; do
    expect_exit 1 otapack sign "$FIXTURES/zigbee/bad-zigbee-$file.bin" --key "$FIXTURES/keys/ecdsa-p256-a.pem" -o no
    expect_err "not changed: .*\\[zigbee-$file\\]$"
    no_file no
done

# edit: other values, the same elements.
edit() { expect_exit "$1" otapack edit "${@:2}"; }
edit 0 "$FIXTURES/zigbee/good-optional-fields.bin" --unset destination --unset min_hardware_version \
    -u security_credential_version -o plain.zigbee
same "$FIXTURES/zigbee/good-app.bin" plain.zigbee
edit 0 plain.zigbee --set zigbee.file_version=0x01040300 --set min_hardware_version=0x102 \
    -s max_hardware_version=0x102
expect_exit 0 otapack inspect plain.zigbee --get file_version --get max_hardware_version
expect_out '0x1040300'
edit 0 plain.zigbee --set file_version=0x01040200 -o again.zigbee
same "$FIXTURES/zigbee/good-hardware.bin" again.zigbee
edit 2 plain.zigbee --set total_size=1 -o no
expect_err 'total_size follows from the other fields'
edit 2 plain.zigbee --set min_hardware=1 -o no
expect_err "did you mean 'min_hardware_version'"
edit 2 plain.zigbee --unset manufacturer -o no
expect_err 'every Zigbee header has manufacturer'
edit 2 "$FIXTURES/zigbee/good-app.bin" --set min_hardware_version=1 -o no
expect_err 'max_hardware_version goes with'
edit 2 "$FIXTURES/zigbee/good-hardware.bin" --set max_hardware_version=2 --unset min_hardware_version -o no
expect_err 'with min_hardware_version goes max_hardware_version, which is set'
edit 2 "$FIXTURES/zigbee/good-hardware.bin" --set max_hardware_version=2 --unset max_hardware_version -o no
expect_err 'max_hardware_version is set as well'
# What a header is not, a new one would hide.
for file in fields fields-shorter header-room; do
    edit 1 "$FIXTURES/zigbee/bad-zigbee-$file.bin" --set file_version=9 -o no
    expect_err "not changed: .*\\[zigbee-${file%-shorter}\\]$"
done
edit 1 "$FIXTURES/zigbee/bad-zigbee-header-cut.bin" -o no
expect_err '\[zigbee-header\]$'
no_file no
edit 2 plain.zigbee --set header_string=$'a\tb' -o no
expect_err 'header_string has a character that is not printable ASCII; '

# A header for which no client has room is not made again, whatever is allowed.
expect_exit 1 otapack sign "$FIXTURES/zigbee/bad-zigbee-header-room.bin" -a zigbee-header-room \
    --key "$FIXTURES/keys/ecdsa-p256-a.pem" -o no
expect_err 'not changed: .*\[zigbee-header-room\]$'
no_file no

# What others made of the whole file does not fit what becomes of it.
head -c 80 /dev/zero >cs2.bin
head -c 16 /dev/zero >code.bin
recipe 'app: app.bin' <<'.'
  file_version: 1
  elements:
    - tag: image
    - {tag: signature_cs2, data: cs2.bin}
    - {tag: integrity_code, data: code.bin}
.
expect_exit 0 otapack build r.yaml -q
edit 0 made.zigbee --set file_version=2 -o other.zigbee
expect_err 'made.zigbee: warning: its signature_cs2 was made of the file as it was, and does not fit any more; '
expect_err 'its integrity_code was made'
expect_exit 0 otapack sign made.zigbee --key "$FIXTURES/keys/ecdsa-p256-a.pem" -o other.zigbee
expect_err 'its signature_cs2 was made'
edit 0 made.zigbee --set file_version=2 -q -o other.zigbee
no_err
edit 0 made.zigbee --set file_version=1 -o other.zigbee
same made.zigbee other.zigbee
refuse_err 'was made of'

# What is no firmware, up to image type 0xfffe, may be anything; 0xffff is firmware of any type.
cp "$FIXTURES/zigbee/good-other.bin" other.zigbee
poke other.zigbee 12 0xfe 0xff
expect_exit 0 otapack verify other.zigbee
no_err
poke other.zigbee 12 0xff 0xff
expect_exit 0 otapack verify other.zigbee
expect_err '\[zigbee-payload\]$'

# The policy's rule.
printf 'otapack: 1\nrules:\n  zigbee_version: major.minor.patch.0\n' >p.yaml
expect_exit 0 otapack verify "$FIXTURES/zigbee/good-app.bin" app.bin --policy p.yaml
expect_exit 1 otapack verify plain.zigbee --policy p.yaml
expect_err "file_version is 0x01040300, and major.minor.patch.0 of the app's version '1.4.2' is 0x01040200"
expect_exit 1 otapack verify "$FIXTURES/zigbee/bad-zigbee-payload.bin" --policy p.yaml
expect_err 'no app that says its version'
printf 'otapack: 1\nrules:\n  zigbee_version: newer\n' >p.yaml
expect_exit 2 otapack verify app.bin --policy p.yaml
expect_err "p.yaml:3:.*'newer' does not say how"
