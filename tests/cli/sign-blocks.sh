# SPDX-License-Identifier: Apache-2.0
# Up to three signatures: several keys at once, --append, --replace with and without --block,
# --remove, --order, by index and by key digest; never a silent second signature; the unsigned image
# comes back byte for byte.
. "$SOURCE/tests/sign-lib.sh"

take_key ecdsa-p256-a ecdsa-p256-b ecdsa-p256-c ecdsa-p384-a
A=ecdsa-p256-a B=ecdsa-p256-b C=ecdsa-p256-c
unsigned good-ecdsa-p256.bin app.bin
key_digests $A $B $C
a=${DIGESTS[$A]} b=${DIGESTS[$B]} c=${DIGESTS[$C]}

# makes FILE KEY...: app.bin signed with these keys, ECDSA being the same each time.
makes() {
    made=$1
    shift
    made_keys=
    for key; do made_keys="$made_keys --key $key.pem"; done
    # shellcheck disable=SC2086 # options are words
    expect_exit 0 otapack sign app.bin $made_keys -o "$made"
}
makes a.bin $A
makes b.bin $B
makes c.bin $C
makes ab.bin $A $B
makes ba.bin $B $A
makes bc.bin $B $C
makes ac.bin $A $C
makes abc.bin $A $B $C
makes cab.bin $C $A $B
signed_by ab.bin app.bin $A $B
signed_by abc.bin app.bin $A $B $C
signed_by cab.bin app.bin $C $A $B
same "$SIGNED/good-ecdsa-p256-x2.bin" ab.bin

results=0
# gives FILE INPUT ARGUMENT...: signing INPUT so gives the bytes of FILE, with -o and in place.
gives() {
    gives_expected=$1 gives_input=$2
    shift 2
    results=$((results + 1))
    expect_exit 0 otapack sign "$gives_input" "$@" -o result.$results
    no_out
    refuse_err 'warning: '
    same "$gives_expected" result.$results
    cp "$gives_input" result.bin
    expect_exit 0 otapack sign result.bin "$@"
    same "$gives_expected" result.bin
}

gives ab.bin a.bin --append --key $B.pem
gives abc.bin ab.bin --append --key $C.pem
gives abc.bin a.bin --append --key $B.pem --key $C.pem
gives c.bin ab.bin --replace --key $C.pem
gives ba.bin abc.bin --replace --key $B.pem --key $A.pem
gives ac.bin ab.bin --replace --block 1 --key $C.pem
gives ac.bin ab.bin --replace --block "$b" --key $C.pem
gives cab.bin bc.bin --replace --key $C.pem --key $A.pem --key $B.pem
gives bc.bin ac.bin --replace --block 0 --key $B.pem
gives bc.bin abc.bin --remove 0
gives ab.bin abc.bin --remove "$c"
gives b.bin abc.bin --remove 0 --remove 2
gives b.bin abc.bin --remove "$c" --remove "$a"
gives ba.bin ab.bin --order 1,0
gives ba.bin ab.bin --order "$b,$a"
gives cab.bin abc.bin --order 2,0,1
gives abc.bin abc.bin --order 0,1,2
gives ac.bin ab.bin --remove 1 --append --key $C.pem
gives cab.bin ab.bin --append --key $C.pem --order 2,0,1

# The first digits of a digest are enough, in capitals too; not so few that they could be anything.
upper=${b:0:16}
upper=${upper^^}
gives ac.bin abc.bin --remove "$upper"
refuse_sign 1 'block' abc.bin --remove "${b:0:4}"

# All removed: the unsigned image.
gives app.bin a.bin --remove 0
gives app.bin abc.bin --remove 0 --remove 1 --remove 2
gives app.bin abc.bin --remove "$a" --remove "$b" --remove "$c"
for scheme in $SCHEMES; do
    unsigned "good-$scheme.bin" plain.bin
    expect_exit 0 otapack sign "$SIGNED/good-$scheme.bin" --remove 0 -o result.bin
    same plain.bin result.bin
done

# What stays keeps its bytes, an RSA signature's too, and the salt in it.
cp "$SIGNED/good-rsa3072-x3.bin" rsa.bin
expect_exit 0 otapack sign rsa.bin --order 2,0,1 -o result.bin
for pair in 0:2 1:0 2:1; do
    block result.bin "${pair%:*}" >one
    block rsa.bin "${pair#*:}" >other
    same other one
done
expect_exit 0 otapack sign result.bin --order 1,2,0
same rsa.bin result.bin

# Never a silent second signature; what is there stays unless something is said.
refuse_sign 1 '--append.*--replace' a.bin --key $B.pem
refuse_sign 1 '--append' a.bin --key $A.pem
refuse_sign 1 '--append' "$SIGNED/good-v1.bin" --key $A.pem --scheme secure-boot-v1
refuse_sign 1 'three|3' abc.bin --append --key $A.pem
expect_exit 1 otapack sign a.bin --key $B.pem
makes fresh.bin $A
same fresh.bin a.bin

# A key signs once.
refuse_sign 1 'signed|already|twice' a.bin --append --key $A.pem
refuse_sign 1 'signed|already|twice' ab.bin --replace --block 1 --key $A.pem

# What does not go together, and blocks that are not there.
refuse_sign 2 'exclude|--replace' a.bin --append --replace --key $B.pem
refuse_sign 2 '--replace' a.bin --block 0 --key $B.pem
refuse_sign 2 '--key' a.bin --append
refuse_sign 2 '--key' a.bin --replace
refuse_sign 2 '--key' a.bin
refuse_sign 1 "'1'" a.bin --remove 1
refuse_sign 1 "'3'" abc.bin --remove 3
refuse_sign 1 "'x'" a.bin --remove x
refuse_sign 1 'block' a.bin --replace --block 1 --key $B.pem
refuse_sign 1 'block' a.bin --remove "$b"
refuse_sign 1 'sign' app.bin --remove 0
refuse_sign 1 'sign' app.bin --order 0
refuse_sign 1 'sign' app.bin --append --key $A.pem
refuse_sign 2 'order' abc.bin --order 0,1
refuse_sign 2 'twice|once' ab.bin --order 0,0
refuse_sign 2 'twice|once' ab.bin --order "0,$a"
refuse_sign 1 'block' ab.bin --order 0,1,2
refuse_sign 2 'order' ab.bin --order ''

# A block gives way to a new one by the same key.
gives ab.bin ab.bin --replace --block 1 --key $B.pem

# One block is replaced by one key.
refuse_sign 2 'one key' ab.bin --replace --block 0 --key $A.pem --key $B.pem
