# SPDX-License-Identifier: Apache-2.0
# packaging/completion/otapack.bash is what its generator writes, and completes verbs, options, IDs of
# checks, words and files.
. "$SOURCE/tests/cli-lib.sh"

completion=$SOURCE/packaging/completion/otapack.bash
sh "$SOURCE/packaging/completion/generate.sh" "$OTAPACK" >generated
same generated "$completion"

need bash
: >image.bin
mkdir folder

# completes WORD... : EXPECTED...: the last WORD is completed to exactly these. As bash does it, an
# equals sign is a word of its own.
completes() {
    words='' count=-1
    while [ "$1" != : ]; do
        words="$words '$1'"
        count=$((count + 1))
        shift
    done
    shift
    expected=$(for word; do echo "$word"; done | sort)
    last_command="completing:$words"
    got=$(bash -c ". '$completion'; COMP_WORDS=($words); COMP_CWORD=$count; _otapack
        printf '%s\n' \"\${COMPREPLY[@]}\"" | sort)
    [ "$got" = "$expected" ] || fail "completed to: $got"
}

# shellcheck disable=SC2046 # words
completes otapack '' : $("$OTAPACK" help | sed -n 's/^  \([a-z]*\)   *[a-z].*/\1/p')
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
completes otapack compat cr : create_ota_image
completes otapack compat create_ota_image.py --rcp : --rcp-build-dir
completes otapack compat ota : ota_image_tool
completes otapack compat ota_image_tool cr : create
completes otapack compat ota_image_tool create --vers : --version --version-str
completes otapack compat ota_image_tool create --digest-algorithm sha3_2 : sha3_224 sha3_256
completes otapack inspect --format = o : ota-provider
completes otapack compat es : espsecure
completes otapack compat espsecure sign : sign_data signature_info_v2
completes otapack key g : generate
completes otapack key generate --t : --type
completes otapack key generate --type ecdsa-p2 : ecdsa-p256
completes otapack sign im : image.bin
completes otapack sign --key im : image.bin
completes otapack sign --scheme = secure-boot-v1 : secure-boot-v1
completes otapack verify --trust '' : first-block
completes otapack edit light.ota --unset rel : release_notes_url
completes otapack inspect --nothing-like-it :

# Every long option of every verb.
for verb in $("$OTAPACK" help | sed -n 's/^  \([a-z]*\)   *[a-z].*/\1/p'); do
    options=$("$OTAPACK" "$verb" --help | sed -n '/^Examples/q; s/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p')
    for option in $options; do
        # shellcheck disable=SC2046 # words: it, and those that it is the beginning of
        completes otapack "$verb" "$option" : $(printf '%s\n' $options | grep -e "^$option")
    done
done
