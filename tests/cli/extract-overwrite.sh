# SPDX-License-Identifier: Apache-2.0
# extract never writes over the file that it reads, and --recipe FOLDER writes over nothing: when
# any of its files is there, status 2, and none is written.
. "$SOURCE/tests/cli-lib.sh"

cp "$COMBINED" good.bin
cp good.bin image.bin
refused() { # refused ARGUMENT...
    expect_exit 2 otapack extract "$@"
    expect_one_line_err
    same good.bin image.bin
}
ln image.bin hard.bin
ln -s image.bin soft.bin
mkdir sub
for name in image.bin ./image.bin sub/../image.bin "$PWD/image.bin" hard.bin soft.bin; do
    refused image.bin firmware -o "$name"
    refused image.bin host -o "$name"
    refused "$name" version -o image.bin
    refused image.bin -o "$name"
done
[ -L soft.bin ] || fail 'the link was replaced'
folder_is . good.bin image.bin hard.bin soft.bin sub out err

# The image lies where its own part would go.
expect_exit 0 otapack extract good.bin -o parts
find parts -type f | sort >names
while read -r name; do
    rm -rf parts
    mkdir -p "${name%/*}"
    cp good.bin "$name"
    expect_exit 2 otapack extract "$name" -o parts
    same good.bin "$name"
done <names

# A symbolic link to nowhere.
ln -s nowhere dangling
expect_exit 2 otapack extract image.bin firmware -o dangling
expect_one_line_err
no_file nowhere
[ -L dangling ] || fail 'the link was replaced'

# --recipe: each of its files in the way once.
for image in good.bin "$FIXTURES/flash/good-merged-esp32h2.bin" \
    "$FIXTURES/esp_image/good-app-esp32.bin"; do
    rm -rf taken
    expect_exit 0 otapack extract "$image" --recipe taken
    (cd taken && find . -type f | sort) >names
    count_lines names
    [ $count -ge 2 ] || fail "only $(<names)"
    expect_exit 2 otapack extract "$image" --recipe taken
    while read -r name; do
        rm -rf taken
        place=taken/$name
        mkdir -p "${place%/*}"
        echo mine >"taken/$name"
        expect_exit 2 otapack extract "$image" --recipe taken
        expect_one_line_err
        file=${name##*/}
        expect_err "${file//./\\.}"
        [ "$(<"taken/$name")" = mine ] || fail "$name was written over"
        (cd taken && find . -type f) >there
        [ "$(<there)" = "$name" ] || fail "written all the same: $(<there)"
        # The image itself in that place, read from there.
        cp "$image" "taken/$name"
        expect_exit 2 otapack extract "taken/$name" --recipe taken
        same "$image" "taken/$name"
        # And a link to nowhere.
        rm "taken/$name"
        ln -s nowhere "taken/$name"
        expect_exit 2 otapack extract "$image" --recipe taken
        [ -L "taken/$name" ] || fail 'the link was replaced'
        [ ! -e taken/nowhere ] || fail 'written through the link'
    done <names
done

# Other files in the folder are in nobody's way.
rm -rf taken
mkdir taken
echo mine >taken/notes.txt
expect_exit 0 otapack extract good.bin --recipe taken
[ "$(<taken/notes.txt)" = mine ] || fail 'another file was touched'
