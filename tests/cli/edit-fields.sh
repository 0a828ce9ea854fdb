# SPDX-License-Identifier: Apache-2.0
# edit: each field of a Matter header, in place and to another file; sizes and digest follow. What
# comes out is, byte for byte, what another program writes.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
start='min=1 max=1 url=https://example.com/'
# shellcheck disable=SC2086 # one argument per word
demo_matter start.bin $start
edited() { # edited "EDIT-ARGUMENTS" MAKE-ARGUMENT...: start.bin edited is this
    arguments=$1
    shift
    # shellcheck disable=SC2086 # one argument per word
    {
        matter make expected.bin app.bin "$@"
        cp start.bin in-place.bin
        drop other.bin
        expect_exit 0 otapack edit in-place.bin $arguments
        no_out
        same expected.bin in-place.bin
        expect_exit 0 otapack edit start.bin $arguments -o other.bin
        no_out
        same expected.bin other.bin
        expect_exit 0 otapack edit - $arguments -o - <start.bin
        same expected.bin out
    }
}
# shellcheck disable=SC2086
{
    edited '--set vendor_id=1' $start vendor_id=1
    edited '--set=product_id=0xffff' $start product_id=0xffff
    edited '--set software_version=256' $start software_version=256
    edited '--set software_version=4294967295' $start software_version=0xffffffff
    edited '--set min_applicable_software_version=0' $start min=0
    edited '--set software_version=9 --set max_applicable_software_version=8' $start software_version=9 max=8
    edited '--set release_notes_url=https://example.com/a/longer/one' min=1 max=1 \
        url=https://example.com/a/longer/one
    lacks sha3_384 || edited '--set image_digest_type=sha3_384' $start type=sha3_384
    edited '--set image_digest_type=8' $start type=8
    edited '--set image_digest_type=sha256_64 -q' $start type=5
    edited '--unset release_notes_url' min=1 max=1
    edited '--unset min_applicable_software_version' max=1 url=https://example.com/
    edited '--unset max_applicable_software_version' min=1 url=https://example.com/
    edited '--unset min_applicable_software_version --unset max_applicable_software_version
        --unset release_notes_url'
    edited '--unset min_applicable_software_version --set vendor_id=0x131b --set product_id=2
        --set software_version=65536 --set image_digest_type=sha512' vendor_id=0x131b product_id=2 \
        software_version=65536 max=1 type=8 url=https://example.com/
    edited '--set software_version_string=other -a matter-version-match' $start \
        software_version_string=other
}
# A field that was not there.
demo_matter start.bin
edited '--set release_notes_url=https://x/' url=https://x/
edited '--set max_applicable_software_version=0' max=0
# To the value it had: the same file.
edited '--set vendor_id=0xFFF1'
expect_exit 0 otapack edit start.bin --unset release_notes_url -o same.bin
same start.bin same.bin
# A value with blanks and signs, as given.
expect_exit 0 otapack edit start.bin --set 'software_version_string=a = b: "c" #d' -o other.bin \
    -a matter-version-match
matter make expected.bin app.bin 'software_version_string=a = b: "c" #d'
same expected.bin other.bin

# A combined image, and a text, as payload.
reference_build "$RCP" br.bin app.bin
matter make br.ota br.bin
expect_exit 0 otapack edit br.ota --set vendor_id=0x1234
matter make expected.bin br.bin vendor_id=0x1234
same expected.bin br.ota
echo text >text.bin
matter make text.ota text.bin
expect_exit 0 otapack edit text.ota --set software_version=3 -q
matter make expected.bin text.bin software_version=3
same expected.bin text.ota

# What a header does not need to have goes away: wide numbers, unknown elements, a rest.
for odd in wide=8 extra=240a07 behind=0000; do
    demo_matter odd.bin "$odd"
    expect_exit 0 otapack edit odd.bin --set vendor_id=7
    matter make expected.bin app.bin vendor_id=7
    same expected.bin odd.bin
done
# Faults that the edit repairs do not stand in its way.
demo_matter wrong.bin vendor_id=0
expect_exit 0 otapack edit wrong.bin --set vendor_id=7
same expected.bin wrong.bin
demo_matter wrong.bin total_size=7
expect_exit 0 otapack edit wrong.bin --set vendor_id=7
same expected.bin wrong.bin
demo_matter wrong.bin min=5
expect_exit 0 otapack edit wrong.bin --set vendor_id=7 --unset min_applicable_software_version
same expected.bin wrong.bin
folder_is . app.bin start.bin in-place.bin expected.bin other.bin same.bin out err br.bin br.ota \
    text.bin text.ota odd.bin wrong.bin

# Without a field, the header is redone: in its own way, and what a check named is mended.
expect_exit 0 otapack edit "$FIXTURES/matter/good-wide-encodings.bin" -o redone.bin
expect_exit 0 otapack extract redone.bin --recipe again
for fixture in bad-matter-size bad-matter-elements; do
    expect_exit 0 otapack edit "$FIXTURES/matter/$fixture.bin" -o redone.bin
    expect_exit 0 otapack verify redone.bin
    same "$FIXTURES/matter/good-app.bin" redone.bin
done
for id in matter-digest matter-trailing; do
    expect_exit 1 otapack edit "$FIXTURES/matter/bad-$id.bin" -o no.bin
    expect_exit 0 otapack edit "$FIXTURES/matter/bad-$id.bin" --allow $id -o redone.bin
    expect_err "warning: .*\\[$id\\]$"
    same "$FIXTURES/matter/good-app.bin" redone.bin
done
