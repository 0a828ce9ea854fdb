# SPDX-License-Identifier: Apache-2.0
# inspect --format dcl and ota-provider print nothing for anyone when one file is no Matter image or
# fails a check; a URL that fits nothing, or an option without its format, is a mistake.
. "$SOURCE/tests/matter-lib.sh"

demo_matter good.bin software_version=7
demo_matter bad.bin vendor_id=0
refused() { # refused STATUS REGEX ARGUMENT...: for both formats
    refused_status=$1 refused_regex=$2
    shift 2
    for format in dcl ota-provider; do
        expect_exit "$refused_status" otapack inspect --format $format "$@"
        no_out
        expect_err "^otapack: .*$refused_regex"
    done
}
refused 1 'bad\.bin.*; .+ \[matter-ids\]$' bad.bin
refused 1 'bad\.bin.*\[matter-ids\]$' good.bin bad.bin
refused 1 'bad\.bin.*\[matter-ids\]$' bad.bin good.bin
refused 1 'app\.bin' app.bin
refused 1 'app\.bin' good.bin app.bin good.bin
refused 1 'gzip\.bin' "$FIXTURES/raw/gzip.bin"
refused 1 'empty\.bin' "$FIXTURES/raw/empty.bin"
refused 2 'nofile\.bin' nofile.bin
refused 2 'nofile\.bin' good.bin nofile.bin
cp good.bin damaged.bin
poke damaged.bin 900 $(($(u8 good.bin 900) ^ 1))
refused 1 '\[matter-digest\]$' damaged.bin
head -c 900 good.bin >damaged.bin
refused 1 '\[matter-bounds\]$' damaged.bin
demo_matter damaged.bin 8=2408ff
refused 1 '\[matter-digest-type\]$' damaged.bin
demo_matter damaged.bin vendor_id=-
refused 1 '\[matter-header\]$' damaged.bin
demo_matter other.bin software_version_string=other
refused 1 '\[matter-version-match\]$' other.bin
for format in dcl ota-provider; do
    expect_exit 0 otapack inspect -F $format other.bin --allow matter-version-match
    jq . out >/dev/null || fail 'no JSON'
    expect_exit 0 otapack inspect -F $format good.bin other.bin -a matter-version-match
    expect_exit 1 otapack inspect -F $format bad.bin other.bin -a matter-version-match
    no_out
done
# Warnings do not stand in the way.
demo_matter warned.bin url=http://example.com/ type=sha256_32
for format in dcl ota-provider; do
    expect_exit 0 otapack inspect -F $format warned.bin
    jq . out >/dev/null || fail 'no JSON'
done
# The ledger takes no http://, and is not told.
expect_exit 0 otapack inspect -F dcl warned.bin
jq -e 'has("releaseNotesUrl") | not' out >/dev/null || fail 'a URL that the ledger refuses'
expect_err 'release_notes_url is left out'
for url in http://a/ example.com/ 'https://a/b c' "https://a/$(printf %0260d 0)"; do
    expect_exit 2 otapack inspect -F dcl good.bin --url "$url"
    expect_err 'the ledger takes only https://'
    no_out
done
# No version is below 0.
demo_matter zero.bin software_version=0
refused 1 'zero\.bin' zero.bin

# URLs: as many as files, or a single one that ends in /; not for standard input, which has no name.
refused 2 'url' good.bin warned.bin --url https://a/1
refused 2 'url' good.bin --url https://a/1 --url https://a/2
refused 2 'url' good.bin warned.bin zero.bin --url https://a/1 --url https://a/2
refused 2 'url' good.bin --url ''
refused 2 'cd-version-number' good.bin --cd-version-number x
refused 2 'cd-version-number' good.bin --cd-version-number -1
refused 2 'cd-version-number' good.bin --cd-version-number 99999999999999
refused 2 '(get|format)' good.bin --get vendor_id
refused 2 '(json|format)' good.bin --json
refused 2 'no file|FILE|file'
expect_exit 2 otapack inspect good.bin --url https://a/1
expect_err 'url'
expect_exit 2 otapack inspect good.bin --json --url https://a/1
expect_exit 2 otapack inspect good.bin --cd-version-number 1
expect_err 'cd-version-number'
expect_exit 2 otapack inspect good.bin --format xml
expect_err 'xml.*(dcl|ota-provider)|(dcl|ota-provider)'
expect_exit 2 otapack inspect good.bin --format dlc
expect_err 'dlc.*dcl'
expect_exit 2 otapack inspect good.bin --format
no_out
