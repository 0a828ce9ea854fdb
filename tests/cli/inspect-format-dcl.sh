# SPDX-License-Identifier: Apache-2.0
# inspect --format dcl: what the ledger's entry of a software version needs, for one image and many,
# computed here once more.
. "$SOURCE/tests/matter-lib.sh"

demo_matter ota.bin vendor_id=0xFFF1 product_id=0x8005 software_version=7 min=1 max=5 \
    url=https://example.com/notes
entry() { # entry FILE TYPE-FOR-THE-LEDGER JQ-UPDATE: what is expected, with the values of ota.bin
    jq -n --arg sum "$(matter digest "$2" "$1" base64)" --argjson size "$(size_of "$1")" \
        --argjson type "$2" '{vid: 65521, pid: 32773, softwareVersion: 7,
        softwareVersionString: "2.0", softwareVersionValid: true, otaFileSize: $size,
        otaChecksum: $sum, otaChecksumType: $type, minApplicableSoftwareVersion: 1,
        maxApplicableSoftwareVersion: 5, releaseNotesUrl: "https://example.com/notes"} | '"$3"
}
prints() { # prints ARGUMENT...: of inspect; the entries expected are in ./expected
    expect_exit 0 otapack inspect "$@"
    no_err
    jq -S . out >found || fail 'no JSON'
    jq -S . expected >wanted
    same wanted found
}
entry ota.bin 1 . >expected
prints ota.bin --format dcl
prints -F dcl ota.bin
prints --format=dcl ota.bin
entry ota.bin 1 '.otaUrl = "https://example.com/ota.bin"' >expected
prints -F dcl ota.bin --url https://example.com/ota.bin
prints -F dcl ota.bin --url https://example.com/
entry ota.bin 1 '.cdVersionNumber = 3' >expected
prints -F dcl ota.bin --cd-version-number 3
prints -F dcl ota.bin --cd-version-number 0x3

# The header's limits are optional: from 0 to the version before.
demo_matter plain.bin vendor_id=0xFFF1 product_id=0x8005 software_version=7
entry plain.bin 1 '.minApplicableSoftwareVersion = 0 | .maxApplicableSoftwareVersion = 6 |
    del(.releaseNotesUrl)' >expected
prints -F dcl plain.bin

# The checksum's type is the header's where the ledger takes it.
number=0
for name in $TYPES; do
    number=$((number + 1))
    demo_matter type.bin vendor_id=0xFFF1 product_id=0x8005 software_version=7 min=1 max=5 \
        url=https://example.com/notes "type=$name"
    case $number in 1 | 7 | 8 | 10 | 11 | 12) ledger=$number ;; *) ledger=1 ;; esac
    entry type.bin $ledger . >expected
    expect_exit 0 otapack inspect -F dcl type.bin
    jq -S . out >found
    jq -S . expected >wanted
    same wanted found
done

# Several: one entry behind the other, in order; a URL for each, or a folder for all.
demo_matter second.bin vendor_id=1 product_id=2 software_version=9
mkdir sub
cp second.bin sub/third.bin
{
    entry ota.bin 1 '.otaUrl = "https://a/1"'
    entry second.bin 1 '.vid = 1 | .pid = 2 | .softwareVersion = 9 | .minApplicableSoftwareVersion = 0 |
        .maxApplicableSoftwareVersion = 8 | del(.releaseNotesUrl) | .otaUrl = "https://b/2"'
    entry second.bin 1 '.vid = 1 | .pid = 2 | .softwareVersion = 9 | .minApplicableSoftwareVersion = 0 |
        .maxApplicableSoftwareVersion = 8 | del(.releaseNotesUrl) | .otaUrl = "https://c/3"'
} >expected
prints -F dcl ota.bin second.bin sub/third.bin --url https://a/1 --url https://b/2 --url https://c/3
sed -i 's!https://a/1!https://d/ota.bin!; s!https://b/2!https://d/second.bin!' expected
sed -i 's!https://c/3!https://d/third.bin!' expected
prints -F dcl ota.bin second.bin sub/third.bin --url https://d/

# Text that JSON must escape; numbers at their ends; standard input.
demo_matter ota.bin vendor_id=0xFFF1 product_id=0x8005 software_version=4294967295 \
    'software_version_string=a "b" \ ü' max=4294967294
entry ota.bin 1 '.softwareVersion = 4294967295 | .softwareVersionString = "a \"b\" \\ ü" |
    .minApplicableSoftwareVersion = 0 | .maxApplicableSoftwareVersion = 4294967294 |
    del(.releaseNotesUrl)' >expected
expect_exit 0 otapack inspect -F dcl -a matter-version-match ota.bin
jq -S . out >found
jq -S . expected >wanted
same wanted found
expect_exit 0 otapack inspect -F dcl -a matter-version-match - <ota.bin
jq -S . out >found
same wanted found
demo_matter zero.bin software_version=1 max=0
expect_exit 0 otapack inspect -F dcl zero.bin
[ "$(jq .maxApplicableSoftwareVersion out)" = 0 ] || fail 'max of version 1'

# --format text and json are what there was before.
expect_exit 0 otapack inspect plain.bin
mv out text
expect_exit 0 otapack inspect plain.bin --format text
same text out
expect_exit 0 otapack inspect plain.bin --json
mv out json
expect_exit 0 otapack inspect plain.bin -F json
same json out
