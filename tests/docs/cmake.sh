# SPDX-License-Identifier: Apache-2.0
# The CMake snippet of README.md builds the image, does nothing when nothing changed, and builds it
# again when a file changed that only the recipe names.
. "$SOURCE/tests/cli-lib.sh"

need cmake
cp -R "$FIXTURES" work
chmod -R u+w work
mkdir bin
ln -s "$OTAPACK" bin/otapack
PATH=$PWD/bin:$PATH
cd work
{
    printf 'cmake_minimum_required(VERSION 3.25)\nproject(product NONE)\n'
    sed -n '/^```cmake$/,/^```$/p' "$SOURCE/README.md" | sed '/^```/d'
} >CMakeLists.txt
grep -q DEPFILE CMakeLists.txt || fail 'README.md has no CMake snippet with a DEPFILE'
sed -n '/^# border-router.yaml$/,/^```$/p' "$SOURCE/README.md" | sed '/^```/d' >border-router.yaml

expect_exit 0 cmake -S . -B build
expect_exit 0 cmake --build build
same build/br-ota.bin rcp_image/good-with-host.bin

# A new file each time it is built: its inode says whether it was.
built=$(stat -c %i build/br-ota.bin)
expect_exit 0 cmake --build build
[ "$(stat -c %i build/br-ota.bin)" = "$built" ] || fail 'it was built again, though nothing changed'
for input in rcp_build/rcp_version br/demo_br.bin br/partition-table.bin border-router.yaml; do
    built=$(stat -c %i build/br-ota.bin)
    ln build/br-ota.bin keep # so that the inode is not given out again
    touch "$input"
    expect_exit 0 cmake --build build
    [ "$(stat -c %i build/br-ota.bin)" != "$built" ] || fail "it was not built again when $input changed"
    rm keep
done

# A failed check fails the build.
echo >>rcp_build/rcp_version
if cmake --build build >out 2>err; then fail 'a failed check should fail the build'; fi
grep -q 'rcp-version-match' out err || fail 'the message should be seen'
