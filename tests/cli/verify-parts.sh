# SPDX-License-Identifier: Apache-2.0
# verify --key on what is inside other images: the application of a combined image and of a Matter
# image, another part by --part; what the words say of where.
. "$SOURCE/tests/sign-lib.sh"

combined=$FIXTURES/rcp_image/good-with-signed-host.bin
matter=$FIXTURES/matter/good-signed.bin
RSA=$KEYS/rsa3072-a.pub.pem EC=$KEYS/ecdsa-p256-a.pub.pem OTHER=$KEYS/rsa3072-b.pub.pem

expect_exit 0 otapack verify "$combined" --key "$RSA"
expect_out "good-with-signed-host\\.bin.*host.*signatures\\[0\\].*by $RSA"
expect_exit 0 otapack verify "$combined" --key "$RSA" --part host
expect_exit 0 otapack verify "$combined" --require-signed
expect_exit 0 otapack verify "$combined" --key-digest "$(key_digest rsa3072-a)" --trust first-block
expect_exit 1 otapack verify "$combined" --key "$OTHER"
expect_err 'good-with-signed-host\.bin: host: .'
expect_exit 1 otapack verify "$combined" --key "$RSA" --part firmware
expect_err 'firmware: is not signed'
expect_exit 1 otapack verify "$combined" --require-signed --part bootloader
expect_err 'bootloader: is not signed'

expect_exit 0 otapack verify "$matter" --key "$EC"
expect_out "payload.*signatures\\[0\\].*by $EC"
expect_exit 0 otapack verify "$matter" --key "$EC" --part payload
expect_exit 1 otapack verify "$matter" --key "$RSA"
expect_err 'payload: .'

# The application is not signed: what the other parts have does not count.
take_key rsa3072-a
plain=$COMBINED
expect_exit 0 otapack sign "$plain" --part firmware --key rsa3072-a.pem -o firmware.bin
expect_exit 1 otapack verify firmware.bin --key "$RSA"
expect_err 'host: is not signed'
expect_exit 0 otapack verify firmware.bin --key "$RSA" --part firmware
expect_exit 1 otapack verify firmware.bin --require-signed
expect_exit 0 otapack verify firmware.bin --require-signed --part firmware
# A flash image has no application; its parts have names.
flash=$(find "$FIXTURES/flash" -name 'good-*' | sort | head -n 1)
expect_exit 2 otapack verify "$flash" --key "$RSA"
expect_err '--part'
expect_exit 2 otapack verify "$FIXTURES/rcp_image/good-rcp-only.bin" --key "$RSA"
expect_err '--part'
expect_exit 1 otapack verify "$FIXTURES/rcp_image/good-rcp-only.bin" --key "$RSA" --part firmware

# Parts that there are not, or that are no image.
for part in nowhere partition_table version host.chip 'host[' host.desc ''; do
    expect_exit 2 otapack verify "$combined" --key "$RSA" --part "$part"
    expect_one_line_err
done
expect_exit 2 otapack verify "$combined" --part host
expect_one_line_err
expect_err '--key'
# One file has the part, the other not.
expect_exit 2 otapack verify "$combined" "$SIGNED/good-rsa3072.bin" --key "$RSA" --part host

# A fault of another part is told as ever, and the status is 1.
cp "$combined" damaged.bin
chmod u+w damaged.bin
at=$(u32 damaged.bin $(($(rcp_entry damaged.bin 4) + 8)))
flip damaged.bin $((at + 300))
expect_exit 1 otapack verify damaged.bin --key "$RSA"
expect_err '\[esp-(hash|checksum)\]$'
expect_out "signatures\\[0\\].*by $RSA"
# A bit of the host's padding, which is signed.
cp "$combined" damaged.bin
chmod u+w damaged.bin
at=$(u32 damaged.bin $(($(rcp_entry damaged.bin 5) + 8)))
size=$(u32 damaged.bin $(($(rcp_entry damaged.bin 5) + 4)))
poke damaged.bin $((at + size - SECTOR - 1)) 254
expect_exit 1 otapack verify damaged.bin --key "$RSA"
expect_err 'sig-digest'
