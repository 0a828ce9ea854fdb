# SPDX-License-Identifier: Apache-2.0
# delta: patches that make the one app of the other, by the word of a decoder of our own too, and what
# is no pair of apps is refused.
. "$SOURCE/tests/cli-lib.sh"
need python3 jq
APPS=$FIXTURES/esp_image
if ! otapack delta "$APPS/good-app-esp32c6.bin" "$APPS/good-app-esp32c6.bin" -q -o try.patch 2>err; then
    expect_one_line_err 'libdivsufsort'
    skip 'built without libdivsufsort'
fi

# goes_round BASE NEW: there is a patch, and two decoders make NEW of it.
goes_round() {
    drop a.patch new.bin
    expect_exit 0 otapack delta "$1" "$2" -o a.patch --quiet
    no_out
    no_err
    python3 "$SOURCE/tests/delta.py" apply "$1" a.patch new.bin
    same new.bin "$2"
    expect_exit 0 otapack verify a.patch --base "$1" --new "$2"
}

cp "$APPS/good-app-esp32c6.bin" base.bin
goes_round base.bin base.bin
goes_round "$FIXTURES/secure_boot/good-rsa3072.bin" "$FIXTURES/secure_boot/good-rsa3072-x3.bin"

# The same bytes each time; and - is standard input and output.
expect_exit 0 otapack delta base.bin base.bin -o b.patch -q
expect_exit 0 otapack delta base.bin base.bin -o a.patch -q
same a.patch b.patch
otapack delta base.bin - -o - -q <base.bin >c.patch
same a.patch c.patch

# What is said.
expect_exit 0 otapack delta base.bin base.bin -o a.patch
expect_err 'a.patch: a patch of 82 bytes, 16.0 % of the 512 bytes of base.bin, for devices that run base.bin'
expect_err 'note: base and new app are this one file'
expect_exit 0 otapack delta base.bin base.bin -o a.patch --json -q
[ "$(jq -r '"\(.base.size) \(.new.size) \(.patch.size) \(.better)"' out)" = '512 512 82 patch' ] ||
    fail 'the JSON says something else'

# Another chip, no app, no output, two standard inputs, a file that is not there.
drop a.patch
expect_exit 1 otapack delta base.bin "$APPS/good-app-esp32h2.bin" -o a.patch
expect_err 'delta-chip'
no_file a.patch
expect_exit 1 otapack delta base.bin "$FIXTURES/partition_table/good-host.bin" -o a.patch
expect_err 'delta-content'
# One that is wrapped is named.
expect_exit 1 otapack delta base.bin "$FIXTURES/matter/good-app.bin" -o a.patch
expect_err 'what it makes: Matter OTA image.*takes out one that is wrapped \[delta-content\]$'
no_file a.patch
# The base is what runs.
expect_exit 0 otapack delta base.bin base.bin -q -o a.patch
expect_exit 0 otapack verify a.patch --base base.bin
expect_err 'note: .*runs already.*\[running-version\]$'
cp base.bin runs.bin
esp_text runs.bin $AT_PROJECT other
expect_exit 0 otapack verify a.patch --base base.bin --running base.bin
# A device that runs another app has no use for the patch, whatever its base is.
expect_exit 1 otapack verify a.patch --base base.bin --running runs.bin
expect_err 'the app that runs on the device is another one than the base; .*\[delta-base\]$'
expect_err 'note: .*that of the app that runs "other".*\[running-project\]$'
drop a.patch
expect_exit 1 otapack delta "$FIXTURES/partition_table/good-host.bin" base.bin -o a.patch
expect_one_line_err 'a patch is for the app that runs'
expect_exit 1 otapack delta "$APPS/bad-esp-hash.bin" base.bin -o a.patch
expect_one_line_err 'does not fit'
expect_exit 1 otapack delta base.bin "$APPS/bad-esp-hash.bin" -o a.patch
expect_err 'esp-hash'
expect_exit 2 otapack delta base.bin base.bin
expect_one_line_err 'give -o PATCH'
expect_exit 2 otapack delta - - -o a.patch
expect_one_line_err 'only one of the two'
expect_exit 2 otapack delta base.bin base.bin -o - --json
expect_one_line_err '--json'
expect_exit 2 otapack delta base.bin nothing.bin -o a.patch
expect_one_line_err 'nothing.bin: '
expect_exit 2 otapack delta base.bin base.bin -o base.bin
expect_err 'base.bin: is also an input'
no_file a.patch

# Hardly anything is the same.
vectors
have=$OTAPACK_VECTORS/delta
[ -f "$have/table.tsv" ] || skip 'no patches of the reference tool'
expect_exit 0 otapack delta "$have/base-esp32h2.bin" "$have/new-esp32h2-all-other.bin" -o a.patch
expect_err '95.1 % of the'

# Never larger than the tool's, and smaller on average: of what is packed, which is all behind the
# header of 64 bytes, that has one size in both. A pair of apps counts once, however many patches the
# tool made of it. In hundredths of a percent.
declare -A seen=()
header=64 saved=0 rows=0
while IFS=$'\t' read -r patch base new _ _ size _; do
    [ -f "$have/$base" ] && [ -f "$have/$new" ] && [ -z "${seen[$base $new]-}" ] || continue
    seen[$base $new]=1
    drop a.patch
    expect_exit 0 otapack delta "$have/$base" "$have/$new" -o a.patch -q --allow delta-chip
    python3 "$SOURCE/tests/delta.py" apply "$have/$base" a.patch new.bin
    same new.bin "$have/$new"
    ours=$(size_of a.patch)
    [ "$ours" -le "$size" ] || fail "$patch: has $size bytes, and ours $ours"
    saved=$((saved + 10000 * (size - ours) / (size - header))) rows=$((rows + 1))
done <"$have/table.tsv"
[ "$rows" -ge 8 ] || fail "only $rows patches were compared"
[ "$((saved / rows))" -ge 200 ] ||
    fail "behind their headers, patches are smaller by $((saved / rows)) hundredths of a percent on average"
