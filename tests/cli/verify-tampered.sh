# SPDX-License-Identifier: Apache-2.0
# Signed files as an attacker leaves them, by the program itself: from a file and through a pipe it
# says the same, and no yes. The law that tries thousands is tests/laws/law_tamper*.c.
. "$SOURCE/tests/cli-lib.sh"

KEYS=$FIXTURES/keys

# no KEY: the answer for t.bin is no, also where nothing in it is what is signed; the same both ways.
no() {
    expect_exit 1 otapack verify t.bin --key "$KEYS/$1.pub.pem"
    sed 's/t\.bin/standard input/' err >by-file
    # shellcheck disable=SC2002 # a pipe, which cannot be read twice, is what this is about
    cat t.bin | expect_exit 1 otapack verify - --key "$KEYS/$1.pub.pem"
    same by-file err
}

while read -r key file; do
    signed=$FIXTURES/$file size=$(size_of "$FIXTURES/$file")
    cp "$signed" t.bin
    expect_exit 0 otapack verify t.bin --key "$KEYS/$key.pub.pem"
    expect_exit 0 otapack verify - --key "$KEYS/$key.pub.pem" <t.bin

    # Signed bytes that are others; a byte before it; a part left out; cut.
    flip t.bin $((size / 3))
    no "$key"
    printf '\0' | cat - "$signed" >t.bin
    no "$key"
    {
        cut_bytes "$signed" 0 64
        cut_bytes "$signed" 80 $((size - 80))
    } >t.bin
    no "$key"
    cut_bytes "$signed" 0 $((size - 1)) >t.bin
    no "$key"
    cut_bytes "$signed" 0 40 >t.bin
    no "$key"
done <<END
rsa3072-a secure_boot/good-rsa3072.bin
ecdsa-p256-a secure_boot/good-v1.bin
rsa3072-a rcp_image/good-with-signed-host.bin
ecdsa-p256-a matter/good-signed.bin
rsa3072-a signed_data/good-rsa3072.bin
rsa2048 esp8266/good-signed.bin
rsa2048 esp8266/good-gzip-signed.bin
END

# The host of one good container in another: its signature is the one that counts.
rcp_part "$FIXTURES/rcp_image/good-with-signed-host.bin" 5 >host.bin
flip host.bin 100
for i in 0 1 2 3 4; do rcp_part "$FIXTURES/rcp_image/good-with-host.bin" $i >$i.part; done
rcp_combine t.bin 0 0.part 1 1.part 2 2.part 3 3.part 4 4.part 5 host.bin
no rsa3072-a
