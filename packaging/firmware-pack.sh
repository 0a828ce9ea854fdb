#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts together what firmware takes from a registry: firmware-pack.sh FOLDER
#
#   FOLDER/esp-idf/otapack   the ESP-IDF component
#   FOLDER/arduino/otapack   the library for PlatformIO and Arduino
#   FOLDER/otapack-esp-idf-VERSION.tar.gz, FOLDER/otapack-arduino-VERSION.tar.gz
#
# The same sources give the same bytes: the time of every file is SOURCE_DATE_EPOCH, or that of the
# commit. The project's address is HOMEPAGE_URL in CMakeLists.txt, or OTAPACK_URL; Arduino's Library
# Manager wants one.
set -eu
export LC_ALL=C

[ $# -eq 1 ] || {
    echo 'usage: firmware-pack.sh FOLDER' >&2
    exit 2
}
source=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
to=$(cd "$1" && pwd)
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")
: "${OTAPACK_URL=$(sed -n 's/.*HOMEPAGE_URL "\(.*\)".*/\1/p' "$source/CMakeLists.txt")}"
[ -n "$OTAPACK_URL" ] ||
    echo 'firmware-pack.sh: without an address: set OTAPACK_URL before you publish this' >&2
if [ -z "${SOURCE_DATE_EPOCH-}" ]; then
    SOURCE_DATE_EPOCH=$(git -C "$source" log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=0
fi

# copy FROM: the folder from packaging/, with the licence; its headers go to $2.
copy() {
    rm -rf "${to:?}/$1"
    mkdir -p "$to/$1"
    cp -R "$source/packaging/$1" "$to/$1.new"
    if [ -d "$to/$1.new/otapack" ]; then
        mv "$to/$1.new/otapack" "$to/$1/otapack"
        rm -r "$to/$1.new"
    else
        mv "$to/$1.new" "$to/$1/otapack"
    fi
    cp "$source/LICENSE" "$to/$1/otapack"
    mkdir -p "$to/$1/otapack/$2/otapack"
    cp "$source"/include/otapack/*.h "$to/$1/otapack/$2/otapack"
}

# edit FILE SCRIPT: by sed, where sed has no -i.
edit() {
    sed "$2" "$1" >"$1.new"
    mv "$1.new" "$1"
}

# archive FOLDER: one file of it.
archive() {
    find "$to/$1/otapack" -type d -exec chmod 755 {} +
    find "$to/$1/otapack" -type f -exec chmod 644 {} +
    tar -C "$to/$1" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
        "--mtime=@$SOURCE_DATE_EPOCH" -cf "$to/otapack-$1-$version.tar" otapack
    gzip -9nf "$to/otapack-$1-$version.tar"
}

copy esp-idf include
mkdir "$to/esp-idf/otapack/cmake"
cp "$source/packaging/cmake/otapack.cmake" "$source/packaging/cmake/otapack-inputs.cmake" \
    "$to/esp-idf/otapack/cmake"
copy arduino src
if [ -n "$OTAPACK_URL" ]; then
    edit "$to/esp-idf/otapack/idf_component.yml" "/^license:/a\\
url: \"$OTAPACK_URL\"\\
repository: \"$OTAPACK_URL.git\""
    edit "$to/arduino/otapack/library.properties" "/^category=/a\\
url=$OTAPACK_URL"
    edit "$to/arduino/otapack/library.json" "/^  \"license\":/a\\
\\  \"homepage\": \"$OTAPACK_URL\",\\
\\  \"repository\": {\"type\": \"git\", \"url\": \"$OTAPACK_URL.git\"},"
fi
archive esp-idf
archive arduino
