# SPDX-License-Identifier: Apache-2.0
# compat ota_image_tool change_header: the bytes that the script writes, for each option. With another
# algorithm it writes the old digest under the new name; ours writes the right one.
. "$SOURCE/tests/matter-lib.sh"

change() { otapack compat ota_image_tool change_header "$@"; }
demo_matter ota.bin min=0 url=https://example.com/
cp ota.bin original.bin
changed() { # changed "OPTIONS" MAKE-ARGUMENT...
    options=$1
    shift
    matter make expected.bin app.bin "$@"
    drop new.bin
    # shellcheck disable=SC2086 # one argument per word
    expect_exit 0 change $options ota.bin new.bin
    no_out
    same expected.bin new.bin
    same original.bin ota.bin
}
u=url=https://example.com/
changed '' min=0 $u
changed '-v 5' min=0 $u vendor_id=5
changed '--product-id=0xFFFF' min=0 $u product_id=65535
changed '-vn 0x10000' min=0 $u software_version=65536
changed '-vs other' min=0 $u software_version_string=other
changed '--version-str=other' min=0 $u software_version_string=other
changed '-mi 1' min=1 $u
changed '-ma 1' min=0 max=1 $u
changed '-rn https://example.com/other' min=0 url=https://example.com/other
changed '-v 1 -p 2 -vn 9 -vs 9 -mi 3 -ma 8 -rn https://x -da sha512' vendor_id=1 product_id=2 \
    software_version=9 software_version_string=9 min=3 max=8 url=https://x type=8
for type in sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512; do
    if lacks "$type"; then continue; fi
    changed "-da $type" min=0 $u "type=$type"
    expect_exit 0 otapack inspect --json new.bin
    has_check pass matter-digest
done
printf '%s\n' change_header -v 5 ota.bin new.bin >all.args
matter make expected.bin app.bin min=0 $u vendor_id=5
expect_exit 0 otapack compat ota_image_tool @all.args
same expected.bin new.bin
expect_exit 0 change ota.bin new.bin -v 5
same expected.bin new.bin

# A truncated digest keeps its type, and is made anew.
demo_matter ota.bin type=4
cp ota.bin original.bin
changed '-v 5' type=4 vendor_id=5

# Over an older file; never over the image itself while it is read.
echo older >new.bin
expect_exit 0 change -v 5 ota.bin new.bin
same expected.bin new.bin
status=0
change -v 5 ota.bin ota.bin >out 2>err || status=$?
case $status in
    0) same expected.bin ota.bin ;;
    2) same original.bin ota.bin ;;
    *) fail "status $status" ;;
esac
cp original.bin ota.bin

# Headers that the script writes and no device takes.
for options in '-v 0' '-mi 7' '-v 65536' '-vn 4294967296'; do
    drop new.bin
    status=0
    # shellcheck disable=SC2086 # two arguments
    change $options ota.bin new.bin >out 2>err || status=$?
    case $status in 1 | 2) ;; *) fail "$options: exit status $status" ;; esac
    expect_err '^otapack: .'
    no_file new.bin
done
expect_exit 2 change -da md5 ota.bin new.bin
expect_exit 2 change ota.bin
expect_exit 2 change -v 5 nofile.bin new.bin
for file in app.bin "$FIXTURES/raw/empty.bin"; do
    expect_exit 1 change -v 5 "$file" new.bin
    no_file new.bin
done
