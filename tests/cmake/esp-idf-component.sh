# SPDX-License-Identifier: Apache-2.0
# However an ESP-IDF project gets the component, it gets all of it: headers, options, the image.
. "$SOURCE/tests/esp-idf-lib.sh"
need tar gzip

generator=${generators[-1]}

# whole PROJECT NAME ARGUMENT...: the component, under this name, gives all that it has.
whole() {
    configure "$generator" "$1" "$1/build" "${@:3}"
    builds 1 "$1/build"
    expect_exit 0 otapack inspect "$1/build/device-ota.bin" --get software_version
    out_is 2
    IFS=';' read -r -a includes <"$1/build/$2.includes"
    for header in otapack/otapack.h otapack_esp/hashes.h; do
        for folder in "${includes[@]}" ''; do
            [ ! -f "$folder/$header" ] || break
        done
        [ -n "$folder" ] || fail "$1: $header is not in ${includes[*]}"
    done
}

idf_project folder OTAPACK_MATTER=y
whole folder otapack -DEXTRA_COMPONENT_DIRS="$SOURCE/packaging/esp-idf"
idf_project repository OTAPACK_MATTER=y
ln -s "$SOURCE" otapack
whole repository otapack -DEXTRA_COMPONENT_DIRS="$PWD/otapack"

# By its git address: what the manifest at the top does not leave out is copied.
excluded=(--exclude=./.git --exclude='./build*')
while IFS= read -r line; do
    if [[ $line =~ ^\ +-\ \"(.+)/\*\*/\*\"$ ]]; then excluded+=(--exclude="./${BASH_REMATCH[1]}"); fi
done <"$SOURCE/idf_component.yml"
[ ${#excluded[@]} -gt 2 ] || fail 'idf_component.yml leaves nothing out'
idf_project git OTAPACK_MATTER=y
mkdir -p git/managed_components/otapack
tar -C "$SOURCE" "${excluded[@]}" -cf - . | tar -C git/managed_components/otapack -xf -
whole git otapack

# As a part of a component it is what it is in any CMake project.
idf_project inside
printf 'add_subdirectory("%s" otapack)\n' "$SOURCE" >>inside/main/CMakeLists.txt
expect_exit 0 cmake -G "$generator" -S inside -B inside/build

# A folder of it alone lacks the headers, and says so.
idf_project part OTAPACK_MATTER=y
mkdir part/managed_components
copy_folder "$SOURCE/packaging/esp-idf/otapack" part/managed_components/otapack
expect_exit 1 cmake -G "$generator" -S part -B part/build
expect_err 'otapack: the headers are not here:'

# From the registry, with the namespace in its name.
idf_project packed OTAPACK_MATTER=y
mkdir packed/managed_components
OTAPACK_URL='' SOURCE_DATE_EPOCH=1700000000 expect_exit 0 "$SOURCE/packaging/firmware-pack.sh" pack
cp -R pack/esp-idf/otapack packed/managed_components/somebody__otapack
whole packed somebody__otapack

# One version, one description, one set of requirements, wherever a manifest is.
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' "$SOURCE/CMakeLists.txt")
for field in version description license '  idf'; do
    expect_exit 0 grep -h "^$field: " "$SOURCE/idf_component.yml" \
        "$SOURCE/packaging/esp-idf/otapack/idf_component.yml"
    mapfile -t lines <out
    if [ "${#lines[@]}" != 2 ] || [ "${lines[0]}" != "${lines[1]}" ]; then fail "$field differs"; fi
    [ "$field" != version ] || [ "${lines[0]}" = "version: \"$version\"" ] || fail 'another version'
done
