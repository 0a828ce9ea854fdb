# SPDX-License-Identifier: Apache-2.0
# What comes through a pipe is taken apart by the device's parser while it arrives; the tree and every
# verdict are those of the file, and so is the exit status.
. "$SOURCE/tests/cli-lib.sh"
many_runs

# as_a_file_does FILE: inspect says of a pipe, whole or in odd pieces, what it says of the file.
as_a_file_does() {
    expected=0
    "$OTAPACK" inspect --json - <"$1" >file.json 2>file.err || expected=$?
    status=0
    cat "$1" | "$OTAPACK" inspect --json - >pipe.json 2>pipe.err || status=$?
    [ "$status" = "$expected" ] || fail "$1: exit $status from a pipe, $expected from the file"
    cmp -s file.json pipe.json || fail "$1: another tree from a pipe"
    cmp -s file.err pipe.err || fail "$1: other messages from a pipe"
}

count=0
for file in "$FIXTURES"/*/*.bin; do
    as_a_file_does "$file"
    count=$((count + 1))
done
[ "$count" -gt 200 ] || fail "only $count fixtures"
if [ -n "${OTAPACK_VECTORS-}" ]; then
    for file in "$OTAPACK_VECTORS"/*/*.bin "$OTAPACK_VECTORS"/*/*/*.bin; do
        as_a_file_does "$file"
    done
fi

# In pieces of one byte, and of a size that fits nothing.
for size in 1 77; do
    for file in rcp_image/good-with-signed-host.bin matter/good-rcp.bin matter/bad-matter-digest.bin; do
        expected=0
        "$OTAPACK" inspect --json - <"$FIXTURES/$file" >file.json || expected=$?
        status=0
        dd if="$FIXTURES/$file" bs="$size" status=none | "$OTAPACK" inspect --json - >pipe.json ||
            status=$?
        [ "$status" = "$expected" ] || fail "$file in pieces of $size: exit $status"
        cmp -s file.json pipe.json || fail "$file in pieces of $size: another tree"
    done
done

# A bit that flips anywhere in an image is seen from a pipe as from a file.
cp "$FIXTURES/rcp_image/good-with-host.bin" image.bin
size=$(size_of image.bin)
at=100
while [ "$at" -lt "$size" ]; do
    byte=$(cut_bytes image.bin "$at" 1 | od -An -tu1 | tr -d ' ')
    cp image.bin flipped.bin
    poke flipped.bin "$at" $((byte ^ 16))
    as_a_file_does flipped.bin
    at=$((at + 1531))
done
