# SPDX-License-Identifier: Apache-2.0
# The CMake snippets of README.md and of otapack-build(1) build the image that they say. (When it is
# made again is for tests/cmake.)
. "$SOURCE/tests/cli-lib.sh"

need cmake
[ -f "${OTAPACK%/*}/otapack-config.cmake" ] || skip "${OTAPACK%/*} is no build tree"
copy_folder "$FIXTURES" work
cd work
sed -n '/^# border-router.yaml$/,/^```$/p' "$SOURCE/README.md" | sed '/^```/d' >border-router.yaml

# snippet_builds IMAGE: stdin is the snippet; the image is right.
snippet_builds() {
    {
        printf 'cmake_minimum_required(VERSION 3.25)\nproject(product NONE)\n'
        printf 'add_custom_target(demo_br)\n'
        cat
    } >CMakeLists.txt
    has_line '^otapack_image\(' CMakeLists.txt || fail 'there is no snippet with otapack_image'
    rm -rf build
    mkdir build
    cp br/demo_br.bin build
    expect_exit 0 cmake -S . -B build -DCMAKE_PREFIX_PATH="${OTAPACK%/*}"
    expect_exit 0 cmake --build build
    same "build/$1" rcp_image/good-with-host.bin
}

sed -n '/^```cmake$/,/^```$/p' "$SOURCE/README.md" | sed '/^```/d' | snippet_builds br-ota.bin

sed -i "s|^app:.*|app: \${APP}|" border-router.yaml
sed -n '/^\.Sh CMAKE$/,/^\.Ed$/p' "$SOURCE/man/otapack-build.1" | sed '/^find_package/,/^\.Ed$/!d; /^\.Ed$/d' |
    snippet_builds br-ota.bin
