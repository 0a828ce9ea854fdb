# SPDX-License-Identifier: Apache-2.0
# inspect --format dcl and ota-provider, by the program: an entry, two candidates, nothing when one
# file is no good. (tests/laws: law_format_dcl.c, law_format_provider.c, law_format_errors.c.)
. "$SOURCE/tests/cli-lib.sh"

ota=$FIXTURES/matter/good-rcp.bin
expect_exit 0 otapack inspect -F dcl "$ota" --url https://example.com/
no_err
sum=$(sha256sum <"$ota" | cut -d' ' -f1)
jq -e --arg sum "$(hex_bytes "$sum" | base64 -w 0)" --argjson size "$(size_of "$ota")" \
    '.vid == 65521 and .pid == 32768 and .softwareVersion == 2 and .otaFileSize == $size and
    .otaChecksum == $sum and .otaChecksumType == 1 and
    .otaUrl == "https://example.com/good-rcp.bin"' out >/dev/null || fail 'another entry'

expect_exit 0 otapack inspect -F ota-provider "$ota" "$FIXTURES/matter/good-signed.bin"
no_err
jq -e --arg ota "$ota" '.deviceSoftwareVersionModel | length == 2 and .[0].otaURL == $ota and
    .[1].vendorId == 65521' out >/dev/null || fail 'other candidates'

for format in dcl ota-provider; do
    expect_exit 1 otapack inspect -F $format "$ota" "$FIXTURES/matter/bad-matter-digest.bin"
    no_out
    expect_err '^otapack: .*bad-matter-digest\.bin.*; .+ \[matter-digest\]$'
done
expect_exit 2 otapack inspect -F dcl "$ota" --url http://a/
no_out
expect_err 'the ledger takes only https://'
