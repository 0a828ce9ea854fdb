# SPDX-License-Identifier: Apache-2.0
# sign --digest-only --json: a service that is told no more than this document makes a signature that
# --signature takes, for every scheme. Here openssl stands for it, which reads the digest alone.
. "$SOURCE/tests/sign-lib.sh"
need jq

# of_request FILTER: that, of the last document. The same line by line as the text has it.
of_request() { jq -r "$1" request.json; }

# service KEY: signs what request.json says into signature.bin.
service() {
    local padding options=()
    padding=$(of_request .algorithm.padding)
    of_request .digest.base64 | base64 -d >digest.bin
    case $padding in
        pss) options=(-pkeyopt rsa_padding_mode:pss
            -pkeyopt "rsa_pss_saltlen:$(of_request .algorithm.salt_length)"
            -pkeyopt "rsa_mgf1_md:$(of_request '.algorithm.mgf | ltrimstr("mgf1-")')") ;;
        *) options=() ;;
    esac
    if [ "$(of_request .algorithm.digest_info)" != false ]; then
        options+=(-pkeyopt "digest:$(of_request .algorithm.hash)")
    fi
    openssl pkeyutl -sign -inkey "$KEYS/$1.pem" -in digest.bin -out signature.bin "${options[@]}"
}

# elsewhere KEY FILE OPTION...: signs FILE so, and verifies it.
elsewhere() {
    local key=$1 file=$2
    shift 2
    drop signed.bin
    expect_exit 0 otapack sign "$file" "$@" --digest-only --public-key "$KEYS/$key.pub.pem" --json
    no_err
    cp out request.json
    service "$key"
    expect_exit 0 otapack sign "$file" "$@" --signature signature.bin \
        --public-key "$KEYS/$key.pub.pem" -o signed.bin
    expect_exit 0 otapack verify signed.bin --key "$KEYS/$key.pub.pem"
}

# says FILTER TEXT
says() { [ "$(of_request "$1")" = "$2" ] || fail "$1 is not $2: $(<request.json)"; }

key_digests rsa3072-a ecdsa-p192-a ecdsa-p256-a ecdsa-p384-a
for scheme in $SCHEMES; do
    drop app.bin
    unsigned "good-$scheme.bin" app.bin
    padded app.bin >padded.bin
    elsewhere "$scheme-a" app.bin
    hash=$(hash_of_key "$scheme")
    digest=$("${hash}sum" padded.bin)
    says '"\(.otapack) \(.file) \(.scheme) \(.key)"' "1 app.bin secure-boot-v2 $scheme"
    says .key_digest "${DIGESTS[$scheme-a]}"
    says .digest.hex "${digest%% *}"
    says .algorithm.hash "$hash"
    says '"\(.size) \(.padding)"' \
        "$(size_of padded.bin) $(($(size_of padded.bin) - $(size_of app.bin)))"
    says 'has("part") or has("data")' false
done
says '.algorithm | has("padding") or has("mgf") or has("salt_length")' false # of ECDSA

# What the text says is the same.
unsigned good-rsa3072.bin rsa.bin
elsewhere rsa3072-a rsa.bin
expect_exit 0 otapack sign rsa.bin --digest-only --public-key "$KEYS/rsa3072-a.pub.pem"
of_request '"scheme: \(.scheme)", "key_digest: \(.key_digest)", "algorithm: \(.algorithm.text)",
    "salt_length: \(.algorithm.salt_length)", "digest: \(.digest.hex)", "size: \(.size)",
    "padding: \(.padding)"' >lines
grep -v '^key: ' out | head -7 >text
same text lines

unsigned good-v1.bin v1.bin
elsewhere ecdsa-p256-a v1.bin --scheme secure-boot-v1
says '"\(.scheme) \(.padding) \(has("key_digest"))"' 'secure-boot-v1 0 false'
elsewhere ecdsa-p256-a "$FIXTURES/raw/html.bin" --scheme secure-boot-v2-data
says .scheme secure-boot-v2-data
elsewhere rsa2048 "$FIXTURES/esp8266/good-arduino.bin"
says '.algorithm | "\(.padding) \(.digest_info) \(has("mgf"))"' 'pkcs1-v1.5 true false'
elsewhere rsa2048 "$FIXTURES/esp8266/good-arduino.bin" --scheme esp8266-rsa-legacy
says '"\(.scheme) \(.algorithm.digest_info) \(has("key_digest"))"' 'esp8266-rsa-legacy false false'

# A part, and the data in a file.
expect_exit 0 otapack sign "$FIXTURES/rcp_image/good-with-host.bin" --part firmware --digest-only \
    --json --public-key "$KEYS/rsa3072-a.pub.pem" -o data.bin
cp out request.json
says '"\(.part) \(.data)"' 'firmware data.bin'
says .digest.hex "$(sha256_of data.bin)"
says .size "$(size_of data.bin)"

# For nothing else.
expect_exit 2 otapack sign app.bin --json --key "$KEYS/rsa3072-a.pem" -o signed.bin
expect_one_line_err
expect_err '--json .*--digest-only.*; .'
expect_exit 2 otapack sign nothing.bin --digest-only --json --public-key "$KEYS/rsa3072-a.pub.pem"
expect_one_line_err
no_out
