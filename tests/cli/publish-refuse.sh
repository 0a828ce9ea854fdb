# SPDX-License-Identifier: Apache-2.0
# publish: what fails is not published, and nothing is half-written; options that are missing, that
# do nothing or that fit nothing are said in one line.
. "$SOURCE/tests/cli-lib.sh"
need openssl jq

cp "$FIXTURES/matter/good-signed.bin" light.ota
cp "$FIXTURES/matter/bad-matter-digest.bin" bad.ota
cp "$FIXTURES/esp_image/good-app-esp32h2.bin" h2.bin
cp "$FIXTURES/zigbee/good-picture.bin" lamp.zigbee
cp "$FIXTURES/esp8266/good-arduino.bin" sketch.bin
key=$FIXTURES/keys/ecdsa-p256-a

# refused STATUS PATTERN ARGUMENT...: the last line says so, and there is neither output nor folder, nor
# what would have become one.
refused() {
    expect_exit "$1" otapack publish "${@:3}"
    no_out
    no_file to
    for left in .otapack-*; do no_file "$left"; done
    tail -n 1 err | grep -Eq "^otapack: .*$2" || fail "the last line does not say: $2"
}

# ---- Files --------------------------------------------------------------------------------------

refused 1 'bad.ota: not published: 1 check failed' bad.ota --to folder -o to
refused 1 'bad.ota: not published: 1 check failed' light.ota bad.ota --to folder -o to
refused 1 'bad.ota: not published: 1 check failed' light.ota bad.ota --to dcl --url https://a/ \
    --cd-version-number 1
refused 1 'bad.ota: not published' light.ota bad.ota --to oci -o to
expect_exit 0 otapack publish bad.ota --to folder -o allowed --allow matter-digest
refused 2 'nothing.ota: cannot open' light.ota nothing.ota --to folder -o to
refused 1 'h2.bin: .*only Matter OTA images are published so' h2.bin --to matter-server -o to
refused 1 'h2.bin: .*only Zigbee OTA files' h2.bin --to zigbee-index -o to --url https://a/
refused 1 'h2.bin: .*only whole flash images' h2.bin --to esp-web-tools -o to
refused 1 'light.ota: .*only apps and sketches are' light.ota --to esphome -o to
refused 1 'sketch.bin: .*only apps of the ESP32' sketch.bin --to rainmaker -o to --id 1 --url https://a/
refused 1 'software_version is 0' "$FIXTURES/matter/bad-matter-version-zero.bin" --to matter-server -o to

# A list is no file of those that it names, for whomever: it would be there without them.
cp "$FIXTURES"/manifest/{bootloader.bin,table.bin,app.bin,light.ota,good-web.json,good-sums.txt} .
for list in good-web.json good-sums.txt; do
    refused 1 "$list: .*; a list is not published: give the images" "$list" --to folder -o to
    refused 1 "$list: .*; a list is not published" h2.bin "$list" --to hawkbit -o to
    refused 1 "$list: .*; a list is not published" "$list" --to oci -o to --name lamp --release 1
    refused 1 "$list: .*; only apps and sketches are" "$list" --to esphome -o to
done
cp "$FIXTURES/matter/good-signed.bin" light.ota

# Whose signature it has is asked as verify asks it.
expect_exit 0 otapack publish light.ota --to folder -o signed --key "$key.pub.pem" --require-signed
refused 1 'light.ota: not published: it is not signed as asked' light.ota --to folder -o to \
    --key "$FIXTURES/keys/ecdsa-p256-b.pub.pem"
refused 1 'h2.bin: not published: it is not signed as asked' h2.bin --to folder -o to --require-signed
printf 'otapack: 1\nchip: esp32s3\n' >device.yaml
refused 1 'not published' h2.bin --to folder -o to --device device.yaml
printf 'otapack: 1\nchip: esp32h2\n' >device.yaml
expect_exit 0 otapack publish h2.bin --to folder -o for-h2 --device device.yaml
refused 2 'of which no check can use --device' h2.bin lamp.zigbee --to folder -o to --device device.yaml

# ---- Options ------------------------------------------------------------------------------------

refused 2 'needs to be told for whom: --to TARGET' light.ota
refused 2 '--to floder is not known; .*folder' light.ota --to floder -o to
refused 2 'writes a folder; name it with -o DIR' light.ota --to folder
refused 2 'prints, and writes no folder; leave out -o' light.ota --to ota-provider -o to
refused 2 '--to dcl needs --url' light.ota --to dcl
refused 2 '--to dcl needs --cd-version-number' light.ota --to dcl --url https://a/
refused 2 'docker://registry.example/light: is a URL, and a folder is written' light.ota --to oci \
    -o docker://registry.example/light
refused 2 '--to folder has no use for --url; leave it out' light.ota --to folder -o to --url https://a/
refused 2 '--to thingsboard needs --id' light.ota --to thingsboard -o to
refused 2 'takes one file at a time' h2.bin h2.bin --to rainmaker -o to --id 1 --url https://a/
for url in http://a/ ftp://a/ 'https://a b/' "https://$(printf 'a%.0s' {1..250})/"; do
    refused 2 'the ledger takes only https://' light.ota --to dcl --url "$url" --cd-version-number 1
done
for url in https://? https:///a https://:443/a https://a:b@c https://a@c; do
    refused 2 'with a host, without blanks, a name or a password' light.ota --to dcl --url "$url/x" \
        --cd-version-number 1
    refused 2 'with a host, .* without a name or password' lamp.zigbee --to zigbee-index -o to --url "$url/x"
done
refused 2 'write a number from 0 to 65535' light.ota --to dcl --url https://a/ --cd-version-number 65536
refused 2 'at most 512 bytes of UTF-8' light.ota --to dcl --url https://a/ --cd-version-number 1 \
    --firmware-info "$(printf '%513s' x)"
refused 2 'at most 512 bytes of UTF-8' light.ota --to dcl --url https://a/ --cd-version-number 1 \
    --firmware-info $'\xff'
refused 2 '--to matter-server has no use for --ledger' light.ota --to matter-server -o to --ledger device.yaml
refused 2 'write an https:// or http:// URL' lamp.zigbee --to zigbee-index -o to --url ftp://a/
index() { refused 2 "$1" lamp.zigbee --to zigbee-index -o to --url https://a/ --field "$2" "${@:3}"; }
index "--field minFileVersion: '0x100000000' is no number up to" minFileVersion=0x100000000
index "no 'modelID' to be given; did you mean 'modelId'" modelID=lamp
index 'write KEY=VALUE' modelId
index 'minFileVersion is above maxFileVersion' minFileVersion=3 --field maxFileVersion=2
refused 1 'its header says 1,598 bytes, and the file has 1,599' "$FIXTURES/zigbee/bad-zigbee-trailing.bin" \
    --to zigbee-index -o to --url https://a/
index 'modelId is given twice' modelId=a --field modelId=b
refused 2 'has no name to publish' - --to dcl --url https://a/ --cd-version-number 1
refused 2 '--cd-version-number x: write a number from 0 to 65535' light.ota --to matter-server -o to --cd-version-number x
refused 2 'does not say its name; give --name' lamp.zigbee --to hawkbit -o to
refused 2 'does not say its version; give --release' sketch.bin --to hawkbit -o to --name lamp
refused 2 'its name is esp_ot_rcp, that of the files before it demo_app' light.ota h2.bin --to oci -o to
refused 2 'is a second file for ESP32-H2' h2.bin "$FIXTURES/esp_image/good-app-esp32h2.bin" --to esphome -o to
refused 2 "the version '1.4.2\+1' cannot be a tag" h2.bin --to oci -o to --release 1.4.2+1
refused 2 'is no SBOM .* and no attestation' h2.bin --to oci -o to --attach device.yaml

# ---- What the ledger has ------------------------------------------------------------------------

otapack inspect --format dcl light.ota --url https://a/light.ota --cd-version-number 1 >entry.json
ledger() { # ledger STATUS PATTERN FILTER ARGUMENT...: by an entry that is otherwise
    jq "$3" entry.json >other.json
    refused "$1" "$2" light.ota --to dcl --url https://a/ --cd-version-number 1 --ledger other.json "${@:4}"
}
ledger 1 'otaUrl would be https://a/light.ota, and the ledger has https://b/' '.otaUrl = "https://b/"'
ledger 1 'otaFileSize would be 8271, and the ledger has 8270 ' '.otaFileSize = "8270"'
ledger 1 'otaChecksum would be BPs.*, and the ledger has AAAA ' '.otaChecksum = "AAAA"'
ledger 1 'otaChecksumType would be 1, and the ledger has 8 ' '.otaChecksumType = 8'
ledger 1 'cdVersionNumber would be 1, and the ledger has none ' '.cdVersionNumber = 0'
ledger 1 'softwareVersionString would be 1.4.2, and .* has 1.4 ' '.softwareVersionString = "1.4"'
ledger 1 'firmwareInformation would be new, and the ledger has none ' . --firmware-info new
ledger 2 'other.json: is the entry of pid 1, and light.ota has 32768' '.pid = 1'
ledger 2 'is the entry of softwareVersion 9, ' '{modelVersion: (.softwareVersion = 9)}'
ledger 2 'is no entry of a software version' '{}'
ledger 2 'is no entry of a software version' '[.]'
refused 2 'nothing.json: cannot open' light.ota --to dcl --url https://a/ --cd-version-number 1 --ledger nothing.json

# ---- Names --------------------------------------------------------------------------------------

# shellcheck disable=SC2016 # for another shell
for name in 'my light.ota' "it's.ota" '$(id).ota' .hidden -dash 'a;b' $'a\nb' ümlaut.ota $'\xff.ota'; do
    cp light.ota "./$name"
    refused 2 'servers take names of letters, digits' "./$name" --to hawkbit -o to
done
refused 2 'standard input has no name to publish; write it to a file' - --to folder -o to <light.ota
mkdir other
cp light.ota other/LIGHT.ota
refused 2 'is the name of two files' light.ota other/LIGHT.ota --to hawkbit -o to
cp sketch.bin other/manifest.json
refused 2 'manifest.json: is the name of two files' other/manifest.json --to esphome -o to --name a --release 1

# What an app calls itself goes into JSON, and not into a script.
cp h2.bin evil.bin
# shellcheck disable=SC2016 # for another shell
esp_text evil.bin $AT_PROJECT '"; $(touch pwned) `id` %s'$'\033[1m'
expect_exit 0 otapack publish evil.bin --to hawkbit -o evil --allow app-text
grep -q 'touch pwned' evil/evil.bin.json || fail 'the name is not in the JSON'
has_no_line pwned evil/publish.sh || fail 'the name is in the script'
has_no_line $'\033' evil/evil.bin.json || fail 'a terminal would act on the JSON'

# ---- AWS ----------------------------------------------------------------------------------------

openssl dgst -sha256 -sign "$key.pem" -out light.sig light.ota
aws() { refused "$1" "$2" "$3" --to aws-iot -o to --signature "$4" --signature-key "$5" --certificate c --url "$6"; }
aws 1 'light.sig: is not a signature of h2.bin' h2.bin light.sig "$key.pub.pem" s3://b/k
aws 1 'light.sig: is not a signature of light.ota' light.ota light.sig "$FIXTURES/keys/ecdsa-p256-b.pub.pem" s3://b/k
aws 1 'is not a signature' light.ota light.sig "$FIXTURES/keys/rsa2048.pub.pem" s3://b/k
aws 2 'light.ota: is no signature' light.ota light.ota "$key.pub.pem" s3://b/k
aws 2 "code signatures are RSA or P-256" light.ota light.sig "$FIXTURES/keys/ecdsa-p384-a.pub.pem" s3://b/k
for url in https://b/k s3://b s3:///k 's3://b/$(id)' "s3://b/it's"; do
    aws 2 'write s3://BUCKET/KEY' light.ota light.sig "$key.pub.pem" "$url"
done

# ---- The folder ---------------------------------------------------------------------------------

# One that is there keeps what it has, whatever fails; a layout is never written over.
expect_exit 0 otapack publish light.ota --to hawkbit -o there
state there >before
expect_exit 1 otapack publish h2.bin bad.ota --to hawkbit -o there
expect_exit 2 otapack publish there/light.ota h2.bin light.ota --to hawkbit -o there
state there >after
same before after
mkdir layout
expect_exit 2 otapack publish light.ota --to oci -o layout
expect_err 'layout: is there already; name another folder'
folder_is layout
: >file
expect_exit 2 otapack publish light.ota --to folder -o file
[ ! -s file ] || fail 'a file was written over'

# The same bytes, wherever and whenever.
expect_exit 0 otapack publish light.ota h2.bin --name a --to oci -o one
expect_exit 0 otapack publish light.ota h2.bin --name a --to oci -o two
inside one "$CLI_BYTES" state . >before
inside two "$CLI_BYTES" state . >after
same before after
