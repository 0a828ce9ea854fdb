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

# _otapack_value OPTION WORD: completes the value of an option; false if it has none.
_otapack_value() {
    case $1 in
    --allow|-a) _otapack_words "known-format slot-content esp-header esp-checksum esp-hash esp-no-hash esp-chip-id esp-page-align esp-revision esp-trailing app-desc app-text app-dirty app-elf-hash app-secure-version sig-place sig-fill sig-block sig-crc sig-digest sig-key sig-signature sig-zeros sig-p192 sig-mixed sig-chip pt-entries pt-md5 pt-no-md5 pt-overlap pt-align pt-labels pt-flash-size ota-data-crc ota-data-state rcp-table rcp-bounds rcp-contiguous rcp-duplicate rcp-tags rcp-parts rcp-flash-args rcp-flash-align rcp-flash-overlap rcp-flash-size rcp-table-address rcp-flash-missing rcp-version-text rcp-version-match rcp-bootloader-address rcp-firmware-address rcp-firmware-size rcp-host-last rcp-trailing rcp-idf chip-match idf-order flash-bootloader-address flash-no-app host-slot host-storage host-storage-update matter-header matter-ids matter-version-zero matter-version-string matter-release-notes matter-release-notes-https matter-range matter-size matter-bounds matter-trailing matter-digest-type matter-digest matter-digest-short matter-elements matter-payload matter-version-match" "$2" ;;
    --color) _otapack_words "auto always never" "$2" ;;
    --rcp-build-dir|--recipe|-r) _otapack_files -d "$2" ;;
    --br-firmware|--depfile|--hsm-config|--keyfile|--ota-data|--output|--partition-table|--passphrase-file|--pub-key|--signature|--target-file|-k|-o|-p) _otapack_files -f "$2" ;;
    --format|-F) _otapack_words "text json dcl ota-provider" "$2" ;;
    --digest-algorithm) _otapack_words "sha256 sha256_128 sha256_120 sha256_96 sha256_64 sha256_32 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512" "$2" ;;
    --unset|-u) _otapack_words "min_applicable_software_version max_applicable_software_version release_notes_url" "$2" ;;
    --type|-t) _otapack_words "ecdsa-p192 ecdsa-p256 ecdsa-p384 rsa3072" "$2" ;;
    --scheme) _otapack_words "secure-boot-v2 secure-boot-v1" "$2" ;;
    --trust) _otapack_words "first-block" "$2" ;;
    --key|--public-key|-k) _otapack_files -f "$2" ;;
    --block|--cd-version-number|--define|--expect|--get|--key-digest|--max-version|--min-version|--order|--part|--product-id|--release-notes|--remove|--require|--running-version|--secure-version|--set|--url|--vendor-id|--version|--version-str|-D|-e|-g|-r|-s|-v) COMPREPLY=() ;;
    *) return 1 ;;
    esac
}

_otapack_options() {
    case $1 in
    build) echo "--output --set --define --rcp-build-dir --br-firmware --target-file --partition-table --allow --depfile --quiet --help" ;;
    inspect) echo "--json --format --url --cd-version-number --get --partition-table --allow --color --help" ;;
    extract) echo "--output --recipe --help" ;;
    edit) echo "--set --unset --output --partition-table --allow --quiet --help" ;;
    sign) echo "--key --output --scheme --part --append --replace --block --remove --order --passphrase-file --digest-only --signature --public-key --partition-table --allow --quiet --help" ;;
    verify) echo "--expect --key --key-digest --require --trust --require-signed --part --passphrase-file --partition-table --allow --quiet --help" ;;
    simulate) echo "--partition-table --ota-data --running-version --secure-version --chip --chunk --json --help" ;;
    help) echo "--help" ;;
    key) echo "--format --output --passphrase-file --quiet --type --help" ;;
    create_ota_image) echo "--br-firmware --rcp-build-dir --target-file --help" ;;
    ota_image_tool) echo "--digest-algorithm --max-version --min-version --product-id --release-notes --vendor-id --version --version-str --help" ;;
    espsecure) echo "--append-signatures --hsm --hsm-config --keyfile --output --pub-key --scheme --signature --skip-padding --version --help" ;;
    compat) echo "--help" ;;
    *) echo "--help --version" ;;
    esac
}

_otapack_subcommands() {
    case $1 in
    key) echo "generate public digest" ;;
    ota_image_tool) echo "create show extract change_header" ;;
    espsecure) echo "sign_data verify_signature signature_info_v2 generate_signing_key extract_public_key digest_sbv2_public_key digest_rsa_public_key" ;;
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
        _otapack_words "build inspect extract edit sign verify simulate key compat help" "$word"
        return
    fi
    if [[ $verb == compat ]] && ((COMP_CWORD > 2)); then
        verb=${COMP_WORDS[2]%.py} at=3
    fi
    if ((COMP_CWORD > 1)) && _otapack_value "$before" "$word"; then
        return
    elif ((COMP_CWORD == 1)); then
        _otapack_words "--help --version" "$word"
    elif [[ $word == -* ]]; then
        _otapack_words "$(_otapack_options "$verb")" "$word"
    elif [[ $verb == help ]]; then
        _otapack_words "build inspect extract edit sign verify simulate key compat help checks formats" "$word"
    elif [[ $verb == compat ]]; then
        _otapack_words "create_ota_image ota_image_tool espsecure" "$word"
    elif ((COMP_CWORD == at)) && [[ -n $(_otapack_subcommands "$verb") ]]; then
        _otapack_words "$(_otapack_subcommands "$verb")" "$word"
    else
        _otapack_files -f "$word"
    fi
}

complete -F _otapack otapack
