# SPDX-License-Identifier: Apache-2.0
# packaging/completion/otapack.bash is what its generator writes, and completes verbs, options, IDs of
# checks, words and files.
. "$SOURCE/tests/cli-lib.sh"

completion=$SOURCE/packaging/completion/otapack.bash
sh "$SOURCE/packaging/completion/generate.sh" "$OTAPACK" >generated
same generated "$completion"

: >image.bin
mkdir folder
# shellcheck source=/dev/null
. "$completion"

# completes WORD... : EXPECTED...: the last WORD is completed to exactly these. As bash does it, an
# equals sign is a word of its own.
completes() {
    COMP_WORDS=()
    while [ "$1" != : ]; do
        COMP_WORDS+=("$1")
        shift
    done
    shift
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    last_command="completing: ${COMP_WORDS[*]}"
    # In an interactive shell nothing ends at the first command that fails.
    set +eu
    _otapack
    set -eu
    is_permutation "$@" || fail "completed to: ${COMPREPLY[*]}"
}

# is_permutation WORD...: COMPREPLY has these, each as often, in any order.
is_permutation() {
    local word
    declare -A left=()
    for word; do left[$word]=$((${left[$word]-0} + 1)); done
    for word in "${COMPREPLY[@]}"; do
        [ "${left[$word]-0}" -gt 0 ] || return 1
        left[$word]=$((left[$word] - 1))
    done
    [ ${#COMPREPLY[@]} -eq $# ]
}

need jq
"$OTAPACK" help --json >help.json
# shellcheck disable=SC2046 # words
completes otapack '' : $(jq -r '.verbs[].name' help.json)
completes otapack v : verify
completes otapack --v : --version
completes otapack build --b : --br-firmware
completes otapack build -q --target : --target-file
completes otapack inspect --j : --json
completes otapack extract --r : --recipe
completes otapack verify --e : --expect
completes otapack verify --allow rcp-version : rcp-version-match rcp-version-text
completes otapack verify --allow = rcp-version-m : rcp-version-match
completes otapack verify -a pt-m : pt-md5
completes otapack inspect --color = : auto always never
completes otapack inspect image.bin --color n : never
completes otapack inspect im : image.bin
completes otapack inspect --partition-table im : image.bin
completes otapack inspect -p f : folder
completes otapack build --rcp-build-dir '' : folder
completes otapack help ch : checks
completes otapack help ver : verify
completes otapack help --j : --json
completes otapack compat cr : create_ota_image
completes otapack compat create_ota_image.py --rcp : --rcp-build-dir
completes otapack compat ota : ota_image_tool
completes otapack compat ota_image_tool cr : create
completes otapack compat ota_image_tool create --vers : --version --version-str
completes otapack compat ota_image_tool create --digest-algorithm sha3_2 : sha3_224 sha3_256
completes otapack inspect --format = o : ota-provider
completes otapack compat esps : espsecure
completes otapack compat espsecure sign : sign_data signature_info_v2
completes otapack key g : generate
completes otapack key generate --t : --type
completes otapack key generate --type ecdsa-p2 : ecdsa-p256
completes otapack sign im : image.bin
completes otapack sign --key im : image.bin
completes otapack sign --scheme = secure-boot-v1 : secure-boot-v1
completes otapack sign --scheme esp8266-rsa- : esp8266-rsa-legacy
completes otapack compat espsecure generate_signing_key --scheme rsa : rsa3072
completes otapack compat espsecure generate_flash_encryption_key --keylen 5 : 512
completes otapack verify --flash-mode q : qio qout
completes otapack compat signing --mode h : header
completes otapack compat signing --bin im : image.bin
completes otapack inspect --flash-size = 4 : 4MB
completes otapack verify --layout 4m : 4m 4m1m 4m2m 4m3m
completes otapack key public --format a : arduino-header
completes otapack key generate --type rsa2 : rsa2048
completes otapack verify --free-space '' :
completes otapack simulate --chip esp32c : esp32c2 esp32c3 esp32c5 esp32c6 esp32c61
completes otapack simulate -c esp32p : esp32p4
completes otapack simulate --chunk im :
completes otapack build -s im :
completes otapack simulate -s im :
completes otapack compat signing -s im : image.bin
completes otapack verify --trust '' : first-block
completes otapack edit light.ota --unset rel : release_notes_url
completes otapack inspect --nothing-like-it :

# Every layout that the program knows, every chip.
for name in layout chip; do
    choices=$(jq -r --arg name $name '.verbs[] | select(.name == "verify").options[]
        | select(.name == $name).choices[]' help.json)
    [ -n "$choices" ] || fail "--$name has no choices"
    # shellcheck disable=SC2086 # words
    completes otapack verify --$name '' : $choices
done

# Every long option of every verb.
jq -r '.verbs[] | select(.options != []) | [.name, (.options[] | "--" + .name)] | join(" ")' \
    help.json >options
while read -r verb options; do
    # shellcheck disable=SC2086 # words
    completes otapack "$verb" -- : $options --help
done <options
[ "$(wc -w <options)" -ge 50 ] || fail 'hardly any options were found'
