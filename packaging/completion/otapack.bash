# SPDX-License-Identifier: Apache-2.0
# Completion of otapack for bash. Written by packaging/completion/generate.sh; do not edit.

# _otapack_reply COMPGEN-OPTION...: what compgen finds. No process substitution: it wants /dev/fd.
_otapack_reply() {
    local found
    COMPREPLY=()
    if found=$(compgen "$@"); then mapfile -t COMPREPLY <<<"$found"; fi
}
_otapack_words() { _otapack_reply -W "$1" -- "$2"; }
_otapack_files() {
    _otapack_reply "$1" -- "$2"
    compopt -o filenames 2>/dev/null || true
}

# _otapack_value VERB:OPTION WORD: completes the value of an option; false if it has none.
_otapack_value() {
    case $1 in
    *:--address|*:--auth|*:--bind|*:--block|*:--cd-version-number|*:--certificate|*:--chip-revision|*:--chunk|*:--chunk-size|*:--csv|*:--define|*:--expect|*:--field|*:--file-id|*:--file-version|*:--fill-flash-size|*:--firmware-info|*:--flash-crypt-conf|*:--flash-freq|*:--flash-offset|*:--free-space|*:--get|*:--header-string|*:--header-version|*:--host|*:--host-ip|*:--host-port|*:--id|*:--idf|*:--image-type|*:--ip|*:--jobs|*:--key-digest|*:--manuf-id|*:--max-hw-ver|*:--max-version|*:--min-hw-ver|*:--min-version|*:--name|*:--order|*:--pad-to-size|*:--part|*:--port|*:--product-id|*:--release|*:--release-notes|*:--remove|*:--require|*:--require-key|*:--retry|*:--run|*:--running-version|*:--secure-version|*:--security-credentials|*:--set|*:--sketch-size|*:--spi-connection|*:--stack-version|*:--staging|*:--tag|*:--target-offset|*:--timeout|*:--upgrade-dest|*:--url|*:--vendor-id|*:--version-str|*:-D|*:-H|*:-I|*:-P|*:-e|*:-g|*:-i|*:-j|*:-n|build:-s|edit:-s|esp32_multi_ota_tool:--version|esp_delta_ota_patch_gen:--chip|espota:-a|espota:-p|espota:-t|espsecure:-a|esptool:--chip|esptool:--flash-size|esptool:--version|esptool:-t|esptool:-v|image_builder_tool:-d|image_builder_tool:-m|image_builder_tool:-r|image_builder_tool:-s|image_builder_tool:-v|ota_image_tool:--version|publish:-r|publish:-u|simulate:-r|simulate:-s) COMPREPLY=() ;;
    *:--rcp-build-dir|*:--recipe|extract:-r|publish:--output|publish:-o) _otapack_files -d "$2" ;;
    *:--allow-module|*:--attach|*:--auth-file|*:--base|*:--base-binary|*:--baseline|*:--bin|*:--br-firmware|*:--coprocessor|*:--decrypt-key|*:--depfile|*:--device|*:--file|*:--hsm-config|*:--key|*:--keyfile|*:--keys|*:--ledger|*:--legacy|*:--new|*:--new-binary|*:--ota-data|*:--out|*:--partition-table|*:--passphrase-file|*:--patch-file-name|*:--policy|*:--privatekey|*:--pub-key|*:--public-key|*:--publickey|*:--running|*:--signature|*:--signature-key|*:--target-file|*:--tls-cert|*:--tls-key|*:--updates|*:-b|*:-k|build:--output|build:-o|build:-p|delta:--output|delta:-d|delta:-o|delta:-p|diff:-d|diff:-p|edit:--output|edit:-o|edit:-p|espota:-f|espsecure:--output|espsecure:-o|esptool:--output|esptool:-o|extract:--output|extract:-o|init:--output|init:-o|inspect:-d|inspect:-p|key:--output|key:-o|publish:-d|publish:-p|push:-d|push:-p|serve:-d|serve:-p|sign:--output|sign:-d|sign:-o|sign:-p|signing:-l|signing:-o|signing:-p|signing:-s|simulate:-d|simulate:-p|verify:-d|verify:-p) _otapack_files -f "$2" ;;
    espsecure:--version|espsecure:-v) _otapack_words "1 2" "$2" ;;
    *:--keylen|espsecure:-l) _otapack_words "128 192 256 512" "$2" ;;
    delta:--flash-size|diff:--flash-size|inspect:--flash-size|push:--flash-size|sign:--flash-size|simulate:--flash-size|verify:--flash-size) _otapack_words "512KB 1MB 2MB 4MB 8MB 16MB" "$2" ;;
    *:--layout) _otapack_words "512k 512k32 512k64 512k128 1m 1m64 1m128 1m144 1m160 1m192 1m256 1m512 2m 2m64 2m128 2m256 2m512 2m1m 4m 4m1m 4m2m 4m3m 8m6m 8m7m 16m14m 16m15m" "$2" ;;
    *:--allow|build:-a|delta:-a|diff:-a|edit:-a|inspect:-a|publish:-a|serve:-a|sign:-a|verify:-a) _otapack_words "app-desc app-own app-text app-dirty app-elf-hash app-secure-version app-revision app-segment bootloader-secure-version compressed-header compressed-crc compressed-type compressed-length compressed-md5 compressed-xz compressed-dictionary compressed-memory compressed-content compressed-app-header compressed-trailing app-compressed delta-header delta-kind delta-compression delta-whole delta-data delta-trailing delta-unread delta-large delta-base delta-reach delta-content delta-chip delta-new device-revision device-chip device-flash-size device-flash-mode device-signature esp8266-header esp8266-checksum esp8266-place esp8266-settings esp8266-sketch-checksum esp8266-hash esp8266-no-hash esp8266-length esp8266-crc esp8266-v2-crc esp8266-no-crc esp8266-trailing esp8266-cut esp8266-md5 esp8266-slot esp8266-rom esp8266-flash-size esp8266-flash-mode esp8266-free-space esp8266-copy esp8266-sig-length esp8266-sig-align esp8266-signature esp8266-sig-content esp8266-sig-legacy esp8266-sig-legacy-gzip esp8266-sig-inside encrypted-header encrypted-data encrypted-trailing encrypted-point encrypted-key encrypted-tag encrypted-first-read encrypted-unsigned esp-header esp-checksum esp-hash esp-no-hash esp-chip-id esp-page-align esp-segment-size esp-load esp-mapped esp-entry esp-revision esp-trailing known-format slot-content final-idf final-address final-place final-staging final-secure-boot-v1 final-over final-apps final-slots final-otadata final-data final-encrypted final-updates flash-bootloader-address flash-layout flash-overlap flash-app-place flash-stray-app flash-app-size flash-slot flash-bootloader-slot flash-no-app esp8266-fs-space esp8266-fs-format esp8266-fs-count fs-size fs-trailing gzip-header gzip-data gzip-crc gzip-length gzip-trailing gzip-content host-slot host-table host-update host-update-again host-storage host-storage-update hosted-project hosted-version hosted-mode hosted-signature hosted-file-name hosted-offer hex-record hex-checksum hex-end hex-overlap hex-content littlefs-superblock littlefs-files manifest-form manifest-file manifest-outside manifest-twice manifest-digest manifest-size manifest-chip manifest-version manifest-place manifest-matter manifest-stale matter-header matter-ids matter-version-zero matter-version-string matter-release-notes matter-release-notes-https matter-range matter-size matter-bounds matter-trailing matter-digest-type matter-digest matter-digest-short matter-elements matter-payload matter-host matter-version-match bundle-header bundle-fields bundle-bounds bundle-contiguous bundle-trailing bundle-application bundle-sha256 bundle-duplicate bundle-version bundle-rcp bundle-rcp-host ota-data-crc ota-data-state chip-match revision-match idf-order pt-entries pt-md5 pt-no-md5 pt-overlap pt-align pt-labels pt-csv pt-data-align pt-app-size pt-nvs-size pt-otadata-small pt-otadata-size pt-otadata-twice pt-otadata-readonly pt-coredump-readonly pt-large pt-flash-size rcp-table rcp-bounds rcp-contiguous rcp-duplicate rcp-tags rcp-parts rcp-flash-args rcp-flash-align rcp-flash-overlap rcp-flash-size rcp-table-address rcp-firmware-flashed rcp-flash-missing rcp-version-text rcp-version-match rcp-bootloader-address rcp-firmware-address rcp-firmware-size rcp-host-last rcp-trailing rcp-idf rcp-seal rcp-seal-empty rcp-seal-required rcp-seal-known running-project running-version running-secure-version sig-place sig-fill sig-block sig-crc sig-digest sig-key sig-signature sig-zeros sig-p192 sig-mixed sig-chip sig-insecure sig-dropped data-scheme data-trailing uf2-block uf2-total uf2-order uf2-stride uf2-overlap uf2-md5 uf2-family uf2-content zigbee-header zigbee-header-room zigbee-fields zigbee-header-version zigbee-size zigbee-trailing zigbee-element-size zigbee-bare zigbee-element-empty zigbee-element-alone zigbee-element-tag zigbee-element-length zigbee-image zigbee-images zigbee-double zigbee-payload zigbee-partition zigbee-hardware zigbee-wild-card zlib-data zlib-adler zlib-content" "$2" ;;
    *:--color) _otapack_words "auto always never" "$2" ;;
    *:--final) _otapack_words "bootloader partition-table" "$2" ;;
    *:--log) _otapack_words "common json none" "$2" ;;
    *:-c|delta:--chip|diff:--chip|inspect:--chip|push:--chip|sign:--chip|simulate:--chip|verify:--chip) _otapack_words "esp32 esp32s2 esp32c3 esp32s3 esp32c2 esp32c6 esp32h2 esp32p4 esp32c61 esp32c5 esp32h21 esp32h4 esp32e22 esp32s31" "$2" ;;
    *:--trust) _otapack_words "first-block" "$2" ;;
    *:--to|publish:-t) _otapack_words "folder esp-web-tools esphome matter-server matterjs-server dcl ota-provider zigbee-index hosted hawkbit thingsboard aws-iot rainmaker oci" "$2" ;;
    esptool:--flash-mode) _otapack_words "keep qio qout dio dout" "$2" ;;
    *:--unset|edit:-u) _otapack_words "min_applicable_software_version max_applicable_software_version release_notes_url header_string security_credential_version destination min_hardware_version max_hardware_version" "$2" ;;
    key:--format|key:-F) _otapack_words "pem raw arduino-header hex" "$2" ;;
    delta:--flash-mode|diff:--flash-mode|inspect:--flash-mode|push:--flash-mode|sign:--flash-mode|simulate:--flash-mode|verify:--flash-mode) _otapack_words "qio qout dio dout" "$2" ;;
    esptool:--format|esptool:-f) _otapack_words "raw uf2 hex" "$2" ;;
    *:--type|key:-t) _otapack_words "rsa3072 ecdsa-p192 ecdsa-p256 ecdsa-p384 rsa1024 rsa2048 rsa4096" "$2" ;;
    espsecure:--scheme|espsecure:-s) _otapack_words "rsa3072 ecdsa192 ecdsa256 ecdsa384" "$2" ;;
    sign:--scheme) _otapack_words "secure-boot-v2 secure-boot-v1 secure-boot-v2-data esp8266-rsa esp8266-rsa-legacy" "$2" ;;
    *:--digest-algorithm) _otapack_words "sha256 sha256_128 sha256_120 sha256_96 sha256_64 sha256_32 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512" "$2" ;;
    *:--warnings|*:-W) _otapack_words "show fail" "$2" ;;
    *:--mode|signing:-m) _otapack_words "sign header" "$2" ;;
    inspect:--format|inspect:-F) _otapack_words "text json html env dcl ota-provider" "$2" ;;
    diff:--format|diff:-F) _otapack_words "text json markdown html" "$2" ;;
    verify:--format|verify:-F) _otapack_words "text json sarif junit github" "$2" ;;
    *:--secure-boot) _otapack_words "v1 v2 none" "$2" ;;
    *) return 1 ;;
    esac
}

_otapack_options() {
    case $1 in
    init) echo "--output --schema --help" ;;
    build) echo "--output --set --define --allow-module --rcp-build-dir --br-firmware --target-file --partition-table --csv --allow --depfile --quiet --help" ;;
    inspect) echo "--brief --verbose --json --format --url --cd-version-number --get --partition-table --csv --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --running --final --flash-offset --free-space --layout --sketch-size --key --keys --require-seal --coprocessor --decrypt-key --passphrase-file --base --new --allow --color --help" ;;
    extract) echo "--output --recipe --flash-offset --csv --decrypt-key --passphrase-file --base --help" ;;
    edit) echo "--set --unset --output --partition-table --csv --allow --quiet --help" ;;
    sign) echo "--key --output --scheme --part --append --replace --block --remove --order --passphrase-file --digest-only --json --signature --public-key --partition-table --csv --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --free-space --layout --sketch-size --allow --quiet --help" ;;
    delta) echo "--output --json --partition-table --csv --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --allow --quiet --help" ;;
    verify) echo "--expect --key --key-digest --keys --require-key --require --trust --require-signed --part --require-seal --coprocessor --policy --baseline --partition-table --csv --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --running --final --flash-offset --free-space --layout --sketch-size --decrypt-key --passphrase-file --base --new --allow --warnings --format --json --jobs --quiet --help" ;;
    diff) echo "--json --format --exact --key --keys --partition-table --csv --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --running --flash-offset --free-space --layout --sketch-size --decrypt-key --passphrase-file --allow --help" ;;
    publish) echo "--to --output --url --name --release --cd-version-number --firmware-info --ledger --id --signature --signature-key --certificate --field --attach --policy --baseline --key --key-digest --keys --require-key --require --trust --require-signed --part --partition-table --csv --device --decrypt-key --passphrase-file --allow --run --quiet --help" ;;
    simulate) echo "--partition-table --csv --ota-data --rollback --running-version --secure-version --require-seal --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --running --final --staging --chunk --json --help" ;;
    push) echo "--host --port --auth-file --no-md5 --host-ip --host-port --filesystem --timeout --retry --partition-table --csv --device --chip --chip-revision --flash-size --flash-mode --idf --secure-boot --running --free-space --layout --sketch-size --allow --quiet --help" ;;
    serve) echo "--port --bind --tls-cert --tls-key --updates --policy --baseline --key --key-digest --keys --require-key --require --trust --require-signed --part --partition-table --csv --device --allow --log --once --timeout --quiet --help" ;;
    help) echo "--json --help" ;;
    key) echo "--format --output --passphrase-file --quiet --type --help" ;;
    create_ota_image) echo "--br-firmware --rcp-build-dir --target-file --help" ;;
    ota_image_tool) echo "--digest-algorithm --max-version --min-version --product-id --release-notes --vendor-id --version --version-str --help" ;;
    esp32_multi_ota_tool) echo "--digest-algorithm --max-version --min-version --product-id --release-notes --vendor-id --version --version-str --help" ;;
    image_builder_tool) echo "--file-id --file-version --header-string --header-version --image-type --manuf-id --max-hw-ver --min-hw-ver --security-credentials --stack-version --tag --upgrade-dest --help" ;;
    espsecure) echo "--address --aes-xts --append-signatures --flash-crypt-conf --hsm --hsm-config --keyfile --keylen --output --pub-key --scheme --signature --skip-padding --version --help" ;;
    esptool) echo "--chip --chunk-size --fill-flash-size --flash-freq --flash-mode --flash-size --format --md5-disable --output --pad-to-size --spi-connection --target-offset --version --help" ;;
    signing) echo "--bin --legacy --mode --out --privatekey --publickey --help" ;;
    esp_enc_img_gen) echo "--generate-ecc-key --generate-rsa-key --help" ;;
    esp_delta_ota_patch_gen) echo "--base-binary --chip --new-binary --patch-file-name --help" ;;
    espota) echo "--auth --debug --file --host-ip --host-port --ip --md5-target --port --progress --spiffs --timeout --help" ;;
    compat) echo "--help" ;;
    *) echo "--help --version" ;;
    esac
}

_otapack_subcommands() {
    case $1 in
    key) echo "generate public digest" ;;
    ota_image_tool) echo "create create-multi show extract change_header" ;;
    esp32_multi_ota_tool) echo "create create-multi show extract change_header" ;;
    espsecure) echo "sign_data verify_signature signature_info_v2 generate_signing_key extract_public_key digest_sbv2_public_key digest_rsa_public_key encrypt_flash_data decrypt_flash_data generate_flash_encryption_key digest_private_key" ;;
    esptool) echo "merge_bin merge-bin image_info image-info" ;;
    esac
}

_otapack() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local verb=${COMP_WORDS[1]} at=2
    COMPREPLY=()
    # --option=VALUE comes as three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)) && [[ $word != -* ]]; then
        _otapack_words "init build inspect extract edit sign delta verify diff publish simulate push serve key compat help" "$word"
        return
    fi
    if [[ $verb == compat ]] && ((COMP_CWORD > 2)); then
        verb=${COMP_WORDS[2]%.py} at=3
    fi
    if ((COMP_CWORD > 1)) && _otapack_value "$verb:$before" "$word"; then
        return
    elif ((COMP_CWORD == 1)); then
        _otapack_words "--help --version" "$word"
    elif [[ $word == -* ]]; then
        _otapack_words "$(_otapack_options "$verb")" "$word"
    elif [[ $verb == help ]]; then
        _otapack_words "init build inspect extract edit sign delta verify diff publish simulate push serve key compat help checks formats" "$word"
    elif [[ $verb == compat ]]; then
        _otapack_words "create_ota_image ota_image_tool esp32_multi_ota_tool image_builder_tool espsecure esptool signing esp_enc_img_gen esp_delta_ota_patch_gen espota" "$word"
    elif ((COMP_CWORD == at)) && [[ -n $(_otapack_subcommands "$verb") ]]; then
        _otapack_words "$(_otapack_subcommands "$verb")" "$word"
    else
        _otapack_files -f "$word"
    fi
}

complete -F _otapack otapack
