# SPDX-License-Identifier: Apache-2.0
# publish: what each target is given, and that it is right: digests by other programs, the rest by
# what the fixtures are known to be.
. "$SOURCE/tests/cli-lib.sh"
need jq openssl

cp "$FIXTURES/matter/good-signed.bin" light.ota
cp "$FIXTURES/esp_image/good-app-esp32h2.bin" h2.bin
cp "$FIXTURES/zigbee/good-optional-fields.bin" lamp.zigbee
sha256=$(sha256_of light.ota)
md5=$(openssl dgst -md5 -r light.ota) md5=${md5%% *}
size=$(size_of light.ota)

# is FILE FILTER: jq says true.
is() {
    jq -e --arg sha256 "$sha256" --arg md5 "$md5" --argjson size "$size" "$2" "$1" >/dev/null ||
        fail "$1: not so: $2"
}
published() { # published TARGET ARGUMENT...: into the folder TARGET
    expect_exit 0 otapack publish --to "$1" -o "$1" "${@:2}"
    no_err
}

# ---- A web server -------------------------------------------------------------------------------

published folder light.ota h2.bin
folder_is folder "light-$sha256.ota" "h2-$(sha256_of h2.bin).bin" SHA256SUMS latest.json
out_is "folder/light-$sha256.ota
folder/h2-$(sha256_of h2.bin).bin
folder/SHA256SUMS
folder/latest.json"
same light.ota "folder/light-$sha256.ota"
(cd folder && sha256sum --check --strict --quiet SHA256SUMS) || fail 'SHA256SUMS is wrong'
is folder/latest.json '.files[0] == {"name": "light.ota", "path": "light-\($sha256).ota", "size": $size,
    "sha256": $sha256, "product": "demo_app", "version": "1.4.2", "chip": "ESP32-C6"}'
is folder/latest.json '.files | length == 2 and .[1].chip == "ESP32-H2"'

# Once more, and then a newer file: the older ones stay, and the pointer goes on.
state folder >before
published folder light.ota h2.bin -q
no_out
state folder >after
same before after
otapack edit light.ota --set software_version=9 -o newer.ota -q
mv newer.ota light.ota
published folder light.ota
folder_is folder "light-$sha256.ota" "light-$(sha256_of light.ota).ota" \
    "h2-$(sha256_of h2.bin).bin" SHA256SUMS latest.json
cp "$FIXTURES/matter/good-signed.bin" light.ota

# ---- Manifests ----------------------------------------------------------------------------------

published esp-web-tools "$FIXTURES/flash/good-merged-esp32-from-0x1000.bin" \
    "$FIXTURES/flash/good-merged-esp32h2.bin" "$FIXTURES/esp8266/good-arduino.bin" \
    --name lamp --release 2
is esp-web-tools/manifest.json '.name == "lamp" and .version == "2" and
    .new_install_prompt_erase == true and (.builds | map([.chipFamily, .parts[0].path,
    .parts[0].offset])) == [["ESP32", "good-merged-esp32-from-0x1000.bin", 4096],
    ["ESP32-H2", "good-merged-esp32h2.bin", 0], ["ESP8266", "good-arduino.bin", 0]]'
same "$FIXTURES/esp8266/good-arduino.bin" esp-web-tools/good-arduino.bin

published esphome h2.bin
md5=$(openssl dgst -md5 -r h2.bin) md5=${md5%% *}
is esphome/manifest.json '. == {"name": "esp_ot_rcp", "version": "1.4.2", "builds": [{"chipFamily":
    "ESP32-H2", "ota": {"path": "h2.bin", "md5": $md5}}]}'
md5=$(openssl dgst -md5 -r light.ota) md5=${md5%% *}

# An ESP8266 takes a sketch as ArduinoOTA does, also compressed and signed, and no boot loader's image.
for name in good-arduino good-gzip good-signed good-gzip-signed; do
    published esphome "$FIXTURES/esp8266/$name.bin" --name lamp --release 2
    is esphome/manifest.json ".builds | map([.chipFamily, .ota.path, .ota.md5]) ==
        [[\"ESP8266\", \"$name.bin\", \"$(md5sum <"$FIXTURES/esp8266/$name.bin" | cut -d' ' -f1)\"]]"
done
for name in esp8266/good-signed-littlefs esp8266/good-v2 esp8266/good-user2; do
    expect_exit 1 otapack publish "$FIXTURES/$name.bin" --to esphome -o none --name lamp --release 2
    expect_err 'only apps and sketches are published so'
done

published zigbee-index lamp.zigbee --url https://example.com/zigbee/ --field modelId=lamp \
    --field releaseNotes=Dims. --field minFileVersion=0x01000000 --field maxFileVersion=0x01040100 \
    --field manufacturerName=A --field manufacturerName=B
is zigbee-index/index.json "length == 1 and .[0] == {\"fileName\": \"lamp.zigbee\",
    \"fileVersion\": $(u32 lamp.zigbee 14), \"fileSize\": $(size_of lamp.zigbee),
    \"imageType\": $(u16 lamp.zigbee 12), \"manufacturerCode\": $(u16 lamp.zigbee 10),
    \"url\": \"https://example.com/zigbee/lamp.zigbee\", \"otaHeaderString\": \"demo\",
    \"hardwareVersionMin\": 1, \"hardwareVersionMax\": 3, \"minFileVersion\": 16777216,
    \"maxFileVersion\": 17039616, \"modelId\": \"lamp\", \"manufacturerName\": [\"A\", \"B\"],
    \"releaseNotes\": \"Dims.\",
    \"sha512\": \"$(sha512sum <lamp.zigbee | cut -d' ' -f1)\"}"

# ---- Matter -------------------------------------------------------------------------------------

sum=$(hex_bytes "$sha256" | base64 -w 0)
published matter-server light.ota
folder_is matter-server light.ota light.ota.json
is matter-server/light.ota.json ".modelVersion == {vid: 65521, pid: 32768, softwareVersion: 2,
    softwareVersionString: \"1.4.2\", softwareVersionValid: true, otaFileSize: (\$size | tostring),
    otaChecksum: \"$sum\", otaChecksumType: 1, minApplicableSoftwareVersion: 0,
    maxApplicableSoftwareVersion: 1, cdVersionNumber: 1, otaUrl: \"file:///light.ota\"}"
published matter-server "$FIXTURES/matter/good-sha512.bin" --cd-version-number 7
is matter-server/good-sha512.bin.json '.modelVersion | .cdVersionNumber == 7 and .otaChecksumType == 8'

# The command is one for a shell, which gives each word as it is.
dcld() { printf '%s\n' "$@"; }
url="https://example.com/it's/light.ota?a=1&b=2"
expect_exit 0 otapack publish light.ota --to dcl --url "$url" --cd-version-number 3
no_err
DCL_KEY=mine
eval "$(<out)" >words
[ "$(<words)" = "tx
model
add-model-version
--vid=65521
--pid=32768
--softwareVersion=2
--softwareVersionString=1.4.2
--cdVersionNumber=3
--softwareVersionValid=true
--otaURL=$url
--otaFileSize=$size
--otaChecksum=$sum
--otaChecksumType=1
--minApplicableSoftwareVersion=0
--maxApplicableSoftwareVersion=1
--from=mine" ] || fail "dcld gets other words: $(<words)"

# What the ledger has is not told again; what it does not have yet is.
otapack inspect --format dcl light.ota --url "$url" --cd-version-number 3 >entry.json
updates() { # updates FILTER WORDS ARGUMENT...: by what the filter makes of the ledger's entry
    jq "$1" entry.json >ledger.json
    expect_exit 0 otapack publish light.ota --to dcl --url "$url" --cd-version-number 3 --ledger ledger.json "${@:3}"
    no_err
    eval "$(<out)" | grep -v -E '^--(vid|pid|softwareVersion)=' | tr '\n' ' ' >words
    [ "$(<words)" = "tx model update-model-version $2 --from=mine " ] || fail "dcld gets other words: $(<words)"
}
limits='--minApplicableSoftwareVersion=0 --maxApplicableSoftwareVersion=1'
updates '{modelVersion: (.otaFileSize |= tostring | .firmwareInformation = "i")}' \
    "--softwareVersionValid=true $limits" --firmware-info i
updates '.softwareVersionValid = false' "--softwareVersionValid=false $limits"
updates '.otaUrl = "" | .otaFileSize = "0" | del(.otaChecksum) | .otaChecksumType = 0' \
    "--softwareVersionValid=true --otaURL=$url --otaFileSize=$size --otaChecksum=$sum --otaChecksumType=1 $limits"
expect_exit 0 otapack publish light.ota --to dcl --url "$url" --cd-version-number 0 --firmware-info 'a b'
has_line "--firmwareInformation='a b'" out || fail 'the ledger is not told firmwareInformation'

otapack inspect --format ota-provider light.ota >inspected
expect_exit 0 otapack publish light.ota --to ota-provider
same inspected out

# ---- Clouds -------------------------------------------------------------------------------------

published hawkbit light.ota
folder_is hawkbit light.ota light.ota.json publish.sh
is hawkbit/light.ota.json '.[0] | .name == "demo_app" and .version == "1.4.2" and .type == "os"'
has_line "^upload light.ota $md5 $sha256$" hawkbit/publish.sh || fail 'hawkbit/publish.sh: no step'

published thingsboard light.ota --id 784f394c-42b6-435a-983c-b7beff2784f9
is thingsboard/light.ota.json '. == {deviceProfileId: {id: "784f394c-42b6-435a-983c-b7beff2784f9",
    entityType: "DEVICE_PROFILE"}, type: "FIRMWARE", title: "demo_app", version: "1.4.2",
    tag: "demo_app 1.4.2"}'

published rainmaker h2.bin --id job --url https://example.com/
md5=$(openssl dgst -md5 -r h2.bin) md5=${md5%% *}
is rainmaker/h2.bin.json ". == {ota_job_id: \"job\", url: \"https://example.com/h2.bin\",
    file_md5: \$md5, fw_version: \"1.4.2\", filesize: $(size_of h2.bin)}"

# The signature is openssl's, of either kind.
for kind in ecdsa-p256-a:ECDSA rsa2048:RSA; do
    openssl dgst -sha256 -sign "$FIXTURES/keys/${kind%:*}.pem" -out light.sig light.ota
    published aws-iot light.ota --url s3://bucket/a/light.ota --signature light.sig \
        --signature-key "$FIXTURES/keys/${kind%:*}.pub.pem" --certificate code.crt
    is aws-iot/files.json ".[0] == {fileName: \"light.ota\", fileVersion: \"1.4.2\",
        fileLocation: {s3Location: {bucket: \"bucket\", key: \"a/light.ota\"}}, codeSigning:
        {customCodeSigning: {signature: {inlineDocument: \"$(base64 -w 0 light.sig)\"},
        certificateChain: {certificateName: \"code.crt\"}, hashAlgorithm: \"SHA256\",
        signatureAlgorithm: \"${kind#*:}\"}}}"
done
aws() { printf '%s\n' "$*" >>"$asked"; }
export -f aws
asked=$PWD/asked bash aws-iot/publish.sh update thing role
file_is asked 's3 cp light.ota s3://bucket/a/light.ota
iot create-ota-update --ota-update-id update --targets thing --role-arn role --files file://files.json' ||
    fail "aws is asked otherwise: $(<asked)"

# ---- A registry ---------------------------------------------------------------------------------

printf '{"bomFormat": "CycloneDX"}' >light.cdx.json
printf '{"payloadType": "application/vnd.in-toto+json"}' >light.att.json
published oci light.ota h2.bin light.ota --name lamp --attach light.cdx.json --attach light.att.json
is oci/oci-layout '.imageLayoutVersion == "1.0.0"'
for blob in oci/blobs/sha256/*; do
    [ "$(sha256_of "$blob")" = "${blob##*/}" ] || fail "$blob is another blob"
done
# every descriptor names a blob of that size
grep -lE '^\{' oci/blobs/sha256/* >texts
mapfile -t texts <texts
jq -r '.. | objects | select(has("digest")) | "\(.digest) \(.size)"' oci/index.json "${texts[@]}" \
    >descriptors
while read -r digest bytes; do
    [ "$(size_of "oci/blobs/sha256/${digest#sha256:}")" = "$bytes" ] || fail "$digest: not $bytes bytes"
done <descriptors
count_lines descriptors
[ "$count" -ge 10 ] || fail "only $count descriptors"
artifact=$(jq -r '.manifests[0].digest' oci/index.json)
is "oci/blobs/sha256/${artifact#sha256:}" '.artifactType == "application/vnd.otapack.firmware" and
    .config.mediaType == "application/vnd.oci.empty.v1+json" and .config.size == 2 and
    (.layers | map(.mediaType)) == ["application/vnd.otapack.matter",
    "application/vnd.otapack.esp-image", "application/vnd.otapack.matter"] and
    .layers[0].digest == "sha256:\($sha256)" and
    .layers[1].annotations["org.opencontainers.image.title"] == "h2.bin" and
    .annotations["org.opencontainers.image.version"] == "1.4.2"'
is oci/index.json '.manifests[0].annotations["org.opencontainers.image.ref.name"] == "1.4.2" and
    .manifests[1].annotations["org.opencontainers.image.ref.name"] ==
    (.manifests[0].digest | sub(":"; "-"))'
attached=$(jq -r '.manifests[1].digest' oci/index.json)
jq -r '.manifests[].digest' "oci/blobs/sha256/${attached#sha256:}" >manifests
mapfile -t manifests <manifests
for n in 0 1; do
    is "oci/blobs/sha256/${manifests[n]#sha256:}" ".subject.digest == \"$artifact\" and .artifactType ==
        [\"application/vnd.cyclonedx+json\", \"application/vnd.dsse.envelope.v1+json\"][$n]"
done
