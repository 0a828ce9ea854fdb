# SPDX-License-Identifier: Apache-2.0
# key generate: each type, in a file that only its owner can read whatever the umask; never over a
# file, nor through a link; openssl reads it, and it signs.
. "$SOURCE/tests/sign-lib.sh"

# openssl_check FILE: openssl says that the private key is sound.
openssl_check() {
    openssl pkey -in "$1" -check -noout >openssl.log 2>&1 || fail "openssl refuses $1"
}

for type in $SCHEMES; do
    for mask in 000 022 077 777; do
        case $type:$mask in rsa3072:0*) continue ;; esac # RSA takes its time; usual.pem has another one
        drop new.pem
        (
            umask $mask
            otapack key generate new.pem --type "$type"
        ) >out 2>err || fail "key generate --type $type with umask $mask"
        mode=$(stat -c %a new.pem)
        [ "$mode" = 600 ] || [ "$mask:$mode" = 777:0 ] || fail "mode $mode with umask $mask"
        chmod 600 new.pem
        no_out
        openssl_check new.pem
    done
    unsigned "good-$type.bin" app.bin
    openssl pkey -in new.pem -pubout -out new.pub.pem
    expect_exit 0 otapack sign app.bin --key new.pem -o signed.bin
    refuse_err 'warning: .*\[(sig-([a-ce-hj-z]|digest)|esp|app)' # P-192 and P-384 are advised against
    expect_exit 0 otapack verify signed.bin --key new.pub.pem
    mv new.pem "$type.pem"
done
openssl pkey -in rsa3072.pem -noout -text 2>/dev/null >text
grep -q '3072 bit' text || fail 'not an RSA key of 3072 bits'
grep -q '65537' text || fail 'not the usual exponent'
for curve in p192:prime192v1 p256:prime256v1 p384:secp384r1; do
    openssl ec -in "ecdsa-${curve%:*}.pem" -noout -text 2>/dev/null | grep -q "${curve#*:}" ||
        fail "ecdsa-${curve%:*}.pem is of another curve"
done

# RSA of other sizes, for an ESP8266.
for bits in 1024 2048 4096; do
    expect_exit 0 otapack key generate rsa$bits.pem --type rsa$bits
    no_out
    expect_err "rsa$bits\\.pem.*RSA-$bits"
    [ "$(stat -c %a rsa$bits.pem)" = 600 ] || fail "rsa$bits.pem: others can read it"
    openssl_check rsa$bits.pem
    openssl pkey -in rsa$bits.pem -noout -text >text
    grep -q "$bits bit" text || fail "not an RSA key of $bits bits"
    grep -q '65537' text || fail 'not the usual exponent'
    openssl pkey -in rsa$bits.pem -pubout -out expected.pem
    expect_exit 0 otapack key public rsa$bits.pem
    same expected.pem out
done

# What is usual; -q; no two are the same.
expect_exit 0 otapack key generate usual.pem
no_out
expect_err 'usual\.pem.*RSA-3072'
grep -q 'BEGIN RSA PRIVATE KEY' usual.pem || fail 'not PKCS#1'
refuse_err 'MII'
expect_exit 0 otapack key generate quiet.pem -t ecdsa-p256 -q
no_out
no_err
! cmp -s quiet.pem ecdsa-p256.pem || fail 'the same key twice'
[ "$(stat -c %a usual.pem)" = 600 ] || fail "mode $(stat -c %a usual.pem)"

# Never over anything that is there.
cp quiet.pem before.pem
cp before.pem kept.pem
ln -s kept.pem link.pem
ln -s missing.pem dangling.pem
mkdir folder
mkfifo pipe
: >empty.pem
for name in kept.pem link.pem dangling.pem folder pipe empty.pem /dev/null; do
    expect_exit 2 otapack key generate "$name" --type ecdsa-p256
    no_out
    expect_one_line_err
    expect_err "$name.*; ."
done
same before.pem kept.pem
no_file missing.pem
folder_is folder
[ ! -s empty.pem ] || fail 'empty.pem was written to'
[ -L link.pem ] && [ -L dangling.pem ] && [ -p pipe ] || fail 'a link or a pipe was replaced'

expect_exit 2 otapack key generate missing/new.pem --type ecdsa-p256
expect_one_line_err
no_file missing
expect_exit 2 otapack key generate
expect_exit 2 otapack key generate one.pem two.pem
no_file one.pem
for type in rsa512 rsa8192 rsa-2048 rsa ecdsa-p521 ecdsa-p-256 ed25519 ''; do
    expect_exit 2 otapack key generate new2.pem --type "$type"
    expect_one_line_err
    expect_err '; .'
    no_file new2.pem
done
expect_exit 2 otapack key generate new2.pem --type ecdsa-p265
expect_err "ecdsa-p256"
# A disk that is full leaves no half a key.
(
    ulimit -f 0
    trap '' XFSZ
    expect_exit 2 sh -c 'otapack=$OTAPACK; "$otapack" key generate folder/full.pem -t ecdsa-p256 -q 2>&1 | cat; exit 2'
)
folder_is folder
# Not to standard output either, where a log would keep it.
mkdir out-folder
cd out-folder
status=0
"$OTAPACK" key generate - --type ecdsa-p256 >../out 2>../err </dev/null || status=$?
cd ..
refuse_out 'PRIVATE'
