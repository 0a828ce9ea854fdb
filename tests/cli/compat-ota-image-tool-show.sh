# SPDX-License-Identifier: Apache-2.0
# compat ota_image_tool show prints, byte for byte, what that script prints. It looks at the header only.
. "$SOURCE/tests/matter-lib.sh"

show() { otapack compat ota_image_tool show "$@"; }
printf 'payload\n' >payload.bin
matter make ota.bin payload.bin
text_to expected <<'END'
Magic: 1beef11e
Total Size: 84
Header Size: 60
Header TLV:
  [0] Vendor Id: 65521 (0xfff1)
  [1] Product Id: 32768 (0x8000)
  [2] Version: 2 (0x2)
  [3] Version String: 2.0
  [4] Payload Size: 8 (0x8)
  [8] Digest Type: 1 (0x1)
  [9] Digest: d4e4877bac978b7952f0d544fc52ebff5411d351d129f1f056fa43f11da9af2b
END
expect_exit 0 show ota.bin
no_err
same expected out

matter make all.bin payload.bin vendor_id=1 product_id=65535 software_version=4294967295 min=0 \
    max=4294967294 url=https://example.com/ type=sha3_224 'software_version_string=a "b" ü'
text_to expected <<END
Magic: 1beef11e
Total Size: $(size_of all.bin)
Header Size: $(($(size_of all.bin) - 24))
Header TLV:
  [0] Vendor Id: 1 (0x1)
  [1] Product Id: 65535 (0xffff)
  [2] Version: 4294967295 (0xffffffff)
  [3] Version String: a "b" ü
  [4] Payload Size: 8 (0x8)
  [5] Min Version: 0 (0x0)
  [6] Max Version: 4294967294 (0xfffffffe)
  [7] Release Notes Url: https://example.com/
  [8] Digest Type: 9 (0x9)
  [9] Digest: $(matter digest sha3_224 payload.bin)
END
expect_exit 0 show all.bin
same expected out

# Not judged: the payload, its digest, what is wrong for a device but readable.
cut_bytes all.bin 0 $(($(size_of all.bin) - 8)) >header.bin
expect_exit 0 show header.bin
same expected out
matter make wrong.bin payload.bin vendor_id=0 min=9 max=3 total_size=7 digest=0011 url=x wide=8
sed -n '1p' expected >wrong.expected
cat >>wrong.expected <<END
Total Size: 7
Header Size: $(($(size_of wrong.bin) - 24))
Header TLV:
  [0] Vendor Id: 0 (0x0)
  [1] Product Id: 32768 (0x8000)
  [2] Version: 2 (0x2)
  [3] Version String: 2.0
  [4] Payload Size: 8 (0x8)
  [5] Min Version: 9 (0x9)
  [6] Max Version: 3 (0x3)
  [7] Release Notes Url: x
  [8] Digest Type: 1 (0x1)
  [9] Digest: 0011
END
status=0
show wrong.bin >out 2>err || status=$?
same wrong.expected out
[ "$status" -le 1 ] || fail "status $status"
expect_exit 0 show --help

# No image at all: the script stumbles, with status 1.
for file in payload.bin "$FIXTURES/raw/empty.bin" "$FIXTURES/br/demo_br.bin"; do
    expect_exit 1 show "$file"
    expect_err '^otapack: .'
done
for length in 10 16 40; do
    head -c $length ota.bin >cut.bin
    expect_exit 1 show cut.bin
    expect_err '^otapack: .'
done
expect_exit 2 show nofile.bin
expect_err 'nofile\.bin'
