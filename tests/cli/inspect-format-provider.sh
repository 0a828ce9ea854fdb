# SPDX-License-Identifier: Apache-2.0
# inspect --format ota-provider: the candidate file of the SDK's provider app, for one image and many.
. "$SOURCE/tests/matter-lib.sh"

demo_matter ota.bin vendor_id=0xFFF1 product_id=0x8005 software_version=7 min=1 max=5
demo_matter second.bin vendor_id=1 product_id=2 software_version=4294967295
one='{vendorId: 65521, productId: 32773, softwareVersion: 7, softwareVersionString: "2.0",
    cDVersionNumber: 0, softwareVersionValid: true, minApplicableSoftwareVersion: 1,
    maxApplicableSoftwareVersion: 5, otaURL: "ota.bin"}'
two='{vendorId: 1, productId: 2, softwareVersion: 4294967295, softwareVersionString: "2.0",
    cDVersionNumber: 0, softwareVersionValid: true, minApplicableSoftwareVersion: 0,
    maxApplicableSoftwareVersion: 4294967294, otaURL: "second.bin"}'
prints() { # prints JQ-PROGRAM ARGUMENT...
    jq -nS "{deviceSoftwareVersionModel: $1}" >wanted
    shift
    expect_exit 0 otapack inspect "$@"
    no_err
    jq -S . out >found || fail 'no JSON'
    same wanted found
}
prints "[$one]" ota.bin --format ota-provider
prints "[$one | .otaURL = \"$PWD/ota.bin\"]" -F ota-provider "$PWD/ota.bin"
prints "[$one | .otaURL = \"bdx://x/1\"]" -F ota-provider ota.bin --url bdx://x/1
prints "[$one | .otaURL = \"/srv/ota.bin\"]" -F ota-provider ota.bin --url /srv/
prints "[$one | .cDVersionNumber = 18]" -F ota-provider ota.bin --cd-version-number 18
prints "[$one, $two]" -F ota-provider ota.bin second.bin
prints "[$two, $one]" -F ota-provider second.bin ota.bin
prints "[($one | .otaURL = \"a\"), ($two | .otaURL = \"b\")]" -F ota-provider \
    ota.bin second.bin --url a --url b
prints "[($one | .otaURL = \"x/ota.bin\"), ($two | .otaURL = \"x/second.bin\")]" \
    -F ota-provider ota.bin second.bin --url x/

# Keys in the order that the SDK's own examples have; one object, not one for each image.
jq -r '.deviceSoftwareVersionModel[0] | keys_unsorted | join(" ")' out >keys
names='vendorId productId softwareVersion softwareVersionString cDVersionNumber
    softwareVersionValid minApplicableSoftwareVersion maxApplicableSoftwareVersion otaURL'
# shellcheck disable=SC2086 # blanks between them
[ "$(cat keys)" = "$(echo $names)" ] || fail "keys: $(cat keys)"

# Many, and in one run what it is in many.
set --
for number in $(seq 40); do
    demo_matter "many-$number.bin" "software_version=$number"
    set -- "$@" "many-$number.bin"
done
expect_exit 0 otapack inspect -F ota-provider "$@"
jq -r '.deviceSoftwareVersionModel[].softwareVersion' out >versions
seq 40 >wanted
same wanted versions

# What the app has room for: 63 bytes of version, 511 of URL.
long=$(head -c 520 /dev/zero | tr '\0' v)
demo_matter text.bin "software_version_string=$(printf %.63s "$long")"
expect_exit 0 otapack inspect -F ota-provider -a matter-version-match text.bin
demo_matter text.bin "software_version_string=$(printf %.64s "$long")"
expect_exit 1 otapack inspect -F ota-provider -a matter-version-match text.bin
no_out
expect_err '^otapack: .*63'
expect_exit 0 otapack inspect -F dcl -a matter-version-match text.bin
url=$(printf %.511s "$long")
prints "[$one | .otaURL = \"$url\"]" -F ota-provider ota.bin --url "$url"
status=0
otapack inspect -F ota-provider ota.bin --url "${url}x" >out 2>err || status=$?
case $status in 1 | 2) ;; *) fail "a URL of 512 bytes: status $status" ;; esac
no_out
expect_err '^otapack: .*511'
