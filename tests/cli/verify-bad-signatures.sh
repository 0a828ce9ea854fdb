# SPDX-License-Identifier: Apache-2.0
# verify --key with the right key on every image with a faulty signature: exit status 1, whether the
# fault's own check rejects or only warns; 0 where --allow lets just this check pass and the signature
# itself is good; inspect never calls one of them valid.
. "$SOURCE/tests/sign-lib.sh"

key_digests rsa3072-a rsa3072-b rsa3072-c ecdsa-p256-a ecdsa-p256-b

# What the blocks of each file name: FILE DIGEST...
status=0
otapack inspect --json "$SIGNED"/bad-*.bin >all 2>err || status=$?
[ $status -eq 1 ] || fail "exit status $status"
jq -r "$JQ"'.files[] | "\(.file) \([.root | nodes | .fields.key_digest.value // empty] | unique |
    join(" "))"' all >named
declare -A NAMED IDS
while read -r file digests; do NAMED[$file]=$digests; done <named
for list in "$FIXTURES"/*CHECKS*.txt; do
    while read -r id file rest; do IDS[$file]=$id; done <"$list"
done

# keys_of FILE: sets keys, the ones that its blocks name, or that signed v1.
keys_of() {
    case $1 in
        *v1.bin) keys=ecdsa-p256-a ;;
        *p384*) keys=ecdsa-p384-a ;;
        *p192* | *-dropped.bin) keys=ecdsa-p192-a ;;
        *)
            keys=
            for named in ${NAMED[$1]-}; do
                for signer in "${!DIGESTS[@]}"; do
                    if [ "$named" = "${DIGESTS[$signer]}" ]; then keys+=" $signer"; fi
                done
            done
            ;;
    esac
}

wrong=0 count=0
for file in "$SIGNED"/bad-*.bin; do
    name=${file##*/}
    name=${name%.bin}
    id=${IDS[secure_boot/$name.bin]-}
    [ -n "$id" ] || fail "$name.bin is in neither list of checks"
    keys_of "$file"
    [ -n "$keys" ] || keys='rsa3072-a ecdsa-p256-a' # no block can be read
    for key in $keys; do
        count=$((count + 1))
        public=$KEYS/$key.pub.pem
        status=0
        otapack verify "$file" --key "$public" >out 2>err || status=$?
        wanted=1
        # A signature that the chip cannot verify, or does not look at, is none: the first of two
        # is looked at.
        case $name:$key in
            bad-sig-chip-blocks:rsa3072-a) wanted=0 ;;
            # Nor what ESP-IDF says of the scheme.
            bad-sig-insecure:* | bad-sig-dropped:ecdsa-p192-a) wanted=0 ;;
        esac
        if [ $status -ne $wanted ]; then
            echo "$name with $key: status $status instead of $wanted" >&2
            wrong=$((wrong + 1))
        fi
        has_line "\\[$id\\]\$" err || {
            echo "$name: does not name $id" >&2
            wrong=$((wrong + 1))
        }
        # --allow: the good signature counts; a bad one can never be made to.
        status=0
        otapack verify "$file" --key "$public" --allow "$id" >out 2>err || status=$?
        case $name in
            *-sig-fill* | *-sig-zeros* | *-sig-mixed | *-sig-chip*) wanted=0 ;;
            *-sig-insecure | *-sig-dropped) wanted=0 ;;
            *-sig-place-second | *-sig-block-magic | *-sig-block-version) wanted=0 ;;
            *-sig-block-first) wanted=0 ;;
            *-sig-crc | *-sig-key | *-sig-key-m | *-sig-p192*) wanted='[01]' ;;
            *) wanted=1 ;;
        esac
        # shellcheck disable=SC2254 # a pattern
        case $status in
            $wanted) ;;
            *)
                echo "$name with $key and --allow $id: status $status instead of $wanted" >&2
                wrong=$((wrong + 1))
                ;;
        esac
    done
    expect_exit 1 otapack verify "$file" --key "$KEYS/ecdsa-p256-c.pub.pem" --allow "$id" \
        --allow sig-chip
    otapack inspect "$file" >out 2>err || :
    has_no_line '(^|[^nN])[vV][aA][lL][iI][dD]|[gG][eE][nN][uU][iI][nN][eE]|[aA][uU][tT][hH][eE][nN][tT][iI][cC]' out ||
        fail "inspect calls $name valid"
done
[ $count -ge 25 ] || fail "only $count were tried"
[ $wrong -eq 0 ] || fail "$wrong of $count"

# What makes a signature no signature is never allowed away: no digest, no signature, no image.
for name in bad-sig-digest bad-sig-signature bad-sig-signature-pkcs1 bad-sig-signature-salt; do
    expect_exit 1 otapack verify "$SIGNED/$name.bin" --key "$KEYS/rsa3072-a.pub.pem" \
        --allow sig-digest --allow sig-signature --allow sig-crc --allow sig-key
done
