# SPDX-License-Identifier: Apache-2.0
# inspect of a Matter image: the header's fields with their places, the payload as what it is, and
# paths through to its innermost parts.
. "$SOURCE/tests/matter-lib.sh"

demo_matter ota.bin vendor_id=0xFFF1 product_id=0x8005 software_version=70000 min=3 max=69999 \
    url=https://example.com/notes type=sha512
is() { # is VALUE PATH [FILE]
    expect_exit 0 otapack inspect "${3-ota.bin}" --get "$2"
    out_is "$1"
    no_err
}
is 0xfff1 vendor_id
is 0x8005 product_id
is 70000 software_version
is 2.0 software_version_string
is 3 min_applicable_software_version
is 69999 max_applicable_software_version
is https://example.com/notes release_notes_url
is sha512 image_digest_type
is "$(matter digest sha512 app.bin)" image_digest
is "$(size_of app.bin)" payload_size
is "$(size_of ota.bin)" total_size
is $(($(size_of ota.bin) - $(size_of app.bin) - 16)) header_size
is 2.0 payload.desc.version
is esp32s3 payload.chip
is app payload.type
expect_exit 2 otapack inspect ota.bin --get vendorid
expect_err 'vendor_id'
expect_exit 2 otapack inspect ota.bin --get payload.desc.versoin
expect_err 'payload\.desc.*version'

# JSON: types; every field's place; one behind the other without a gap up to the payload.
expect_exit 0 otapack inspect --json ota.bin
look '.files[0] | .verdict == "pass" and (.root | .format == "matter" and .offset == 0 and
    .fields.vendor_id.text == "0xfff1" and .fields.vendor_id.value == 65521 and
    .fields.product_id.value == 32773 and .fields.software_version.value == 70000 and
    .fields.software_version_string.value == "2.0" and .fields.image_digest_type.text == "sha512" and
    .fields.release_notes_url.value == "https://example.com/notes")' out >/dev/null ||
    fail 'the fields of the header'
jq -r '.files[0].root.fields | keys_unsorted | join(" ")' out >keys
names='magic total_size header_size structure vendor_id product_id software_version
    software_version_string payload_size min_applicable_software_version
    max_applicable_software_version release_notes_url image_digest_type image_digest end'
# shellcheck disable=SC2086 # blanks between them
[ "$(cat keys)" = "$(echo $names)" ] || fail "the fields are $(cat keys)"
jq -r 'reduce .files[0].root.fields[] as $f (0; if . == $f.offset then . + $f.size else
    error("a gap before \($f.offset)") end)' out >end ||
    fail 'the fields do not lie one behind the other'
[ "$(cat end)" = "$(jq -r '.files[0].root.parts.payload.offset' out)" ] || fail 'a gap before the payload'
[ "$(jq -r '.files[0].root.parts.payload.size' out)" = "$(size_of app.bin)" ] || fail 'size of the payload'
[ "$(jq -r '.files[0].root.parts | keys | join(" ")' out)" = payload ] || fail 'other parts'

# Text for people.
expect_exit 0 otapack inspect ota.bin
for line in 'vendor_id.*0xfff1' 'software_version_string.*2\.0' 'release_notes_url.*https://example' \
    'image_digest_type.*sha512' 'payload'; do expect_out "$line"; done

# Without what is optional; with what is unknown, and something behind.
demo_matter plain.bin
expect_exit 0 otapack inspect --json plain.bin
look '.files[0].root.fields | has("min_applicable_software_version") or
    has("max_applicable_software_version") or has("release_notes_url") or has("unknown") or
    has("rest") | not' out >/dev/null || fail 'fields that are not there'
demo_matter more.bin extra=240a07 behind=00112233 trailing=aabb
expect_exit 1 otapack inspect --json more.bin
[ "$(jq -r '.files[0].root.fields.unknown.value' out)" = 240a07 ] || fail 'unknown'
[ "$(jq -r '.files[0].root.fields.rest.value' out)" = 00112233 ] || fail 'rest'
jq -r '.files[0].root.parts.trailing | "\(.offset) \(.size)"' out >trailing
[ "$(cat trailing)" = "$(($(size_of more.bin) - 2)) 2" ] || fail 'trailing'
only_failing matter-elements matter-trailing

# Devices cut a text at its first 0x1f.
demo_matter separated.bin text=322e301f4142 url_text=68747470733a2f2f611f6263
expect_exit 0 otapack inspect separated.bin --get software_version_string -a matter-version-string
out_is 2.0
expect_exit 0 otapack inspect separated.bin --get release_notes_url -a matter-release-notes
out_is https://a
# Control characters do not reach the terminal.
demo_matter control.bin text=1b5b33316d url_text=68747470733a2f2f1b5b33316d0d0a
expect_exit 1 otapack inspect control.bin
! grep -q "$(printf '\033')" out err || fail 'an escape character came through'
expect_exit 1 otapack inspect --json control.bin
jq . out >/dev/null || fail 'no JSON'

# A border router's image, and one of an RCP alone, in it; a payload of another kind.
reference_build "$RCP" br.bin app.bin
matter make br.ota br.bin
expect_exit 0 otapack inspect br.ota
is 2.0 payload.host.desc.version br.ota
is esp32h2 payload.firmware.chip br.ota
is "$(cat "$RCP/rcp_version")" payload.version.text br.ota
reference_build "$RCP" rcp.bin
matter make rcp.ota rcp.bin
expect_exit 0 otapack inspect rcp.ota
is esp32h2 payload.firmware.chip rcp.ota
echo text >text.bin
matter make text.ota text.bin
expect_exit 0 otapack inspect --json text.ota
only_failing matter-payload
[ "$(jq -r '.files[0].root.parts.payload.format' out)" = raw ] || fail 'a text is not raw'
: >empty.bin
matter make empty.ota empty.bin
status=0
otapack inspect --json empty.ota >out 2>err || status=$?
[ "$status" -le 1 ] || fail 'no payload: exit status 2'
# A Matter image in a Matter image, sixty times over, is read without harm.
cp text.ota nested.ota
for level in $(seq 60); do
    matter make outer.ota nested.ota
    mv outer.ota nested.ota
done
status=0
otapack inspect --json nested.ota >out 2>err || status=$?
[ "$status" -le 2 ] || fail "nested: status $status"
[ "$level" -eq 60 ]

# From standard input.
expect_exit 0 otapack inspect - --get vendor_id <ota.bin
out_is 0xfff1
