# SPDX-License-Identifier: Apache-2.0
# What firmware takes from a registry is complete: the manifests of ESP-IDF, PlatformIO and Arduino,
# the folders that are packed, and the headers in them, which compile with nothing else in the way.
. "$SOURCE/tests/cli-lib.sh"
need python3 tar gzip
cc=${CC:-cc}
need "$cc"

# ---- Packing ------------------------------------------------------------------------------------

OTAPACK_URL=https://example.com/otapack SOURCE_DATE_EPOCH=1700000000
export OTAPACK_URL SOURCE_DATE_EPOCH
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' "$SOURCE/CMakeLists.txt")

expect_exit 0 "$SOURCE/packaging/firmware-pack.sh" pack
no_out
no_err
folder_is pack esp-idf arduino "otapack-esp-idf-$version.tar.gz" "otapack-arduino-$version.tar.gz"

# The same again, elsewhere and over what is there, whatever the umask: the same bytes.
mkdir -p "other place"
for umask in 077 022; do
    (umask $umask && expect_exit 0 "$SOURCE/packaging/firmware-pack.sh" "other place")
    for archive in esp-idf arduino; do
        same "pack/otapack-$archive-$version.tar.gz" "other place/otapack-$archive-$version.tar.gz"
    done
done
for archive in esp-idf arduino; do
    mkdir -p "unpacked/$archive"
    tar -C "unpacked/$archive" -xzf "pack/otapack-$archive-$version.tar.gz"
    diff -r "unpacked/$archive" "pack/$archive" || fail "$archive: the archive has something else"
done

# Without an address it says so, and otherwise works.
(
    unset OTAPACK_URL
    OTAPACK_URL='' expect_exit 0 "$SOURCE/packaging/firmware-pack.sh" without
    expect_err 'OTAPACK_URL'
    ! grep -rq '^url\|"homepage"' without/*/otapack/idf_component.yml \
        without/*/otapack/library.* || fail 'there is an address'
)
expect_exit 2 "$SOURCE/packaging/firmware-pack.sh"

# Exactly the headers, and the licence.
for headers in pack/esp-idf/otapack/include pack/arduino/otapack/src; do
    # shellcheck disable=SC2046 # names without spaces
    folder_is "$headers/otapack" $(cd "$SOURCE/include/otapack" && ls -- *.h)
    for header in "$SOURCE"/include/otapack/*.h; do
        same "$header" "$headers/otapack/${header##*/}"
    done
done
folder_is pack/esp-idf/otapack CMakeLists.txt Kconfig LICENSE README.md app.yaml cmake examples \
    idf_component.yml images.cmake include project_include.cmake
# shellcheck disable=SC2046 # names without spaces
folder_is pack/esp-idf/otapack/include otapack $(cd "$SOURCE/packaging/esp-idf/otapack/include" && ls)
folder_is pack/arduino/otapack LICENSE README.md examples hooks library.json library.properties src
folder_is pack/arduino/otapack/src otapack otapack.h
same "$SOURCE/LICENSE" pack/esp-idf/otapack/LICENSE
same "$SOURCE/LICENSE" pack/arduino/otapack/LICENSE
folder_is pack/esp-idf/otapack/cmake otapack-inputs.cmake otapack.cmake

# ---- Manifests ----------------------------------------------------------------------------------

cat >manifests.py <<'EOF'
import json
import os
import re
import sys

VERSION, URL = sys.argv[1:]


def yaml_of(path):
    """By PyYAML where it is, else top-level scalars and one level below them."""
    text = open(path).read()
    try:
        import yaml
        return yaml.safe_load(text)
    except ImportError:
        pass
    top, key = {}, None
    for line in text.splitlines():
        m = re.fullmatch(r'( *)([\w/]+):\s*"?([^"]*)"?', line)
        if m and not m[1]:
            key, top[m[2]] = m[2], m[3] or {}
        elif m and isinstance(top[key], dict) and len(m[1]) == 2:
            top[key][m[2]] = m[3]
        else:
            assert re.match(r'\s*(#|- |\S+: )|$', line) or m, (path, line)
    return top


def properties_of(path):
    lines = open(path).read().splitlines()
    assert all(re.fullmatch(r'[a-z]+=\S.*', line) for line in lines), lines
    return dict(line.split('=', 1) for line in lines)


def expect(manifest, **fields):
    for name, value in fields.items():
        assert manifest.get(name) == value, (name, manifest.get(name), value)


component = yaml_of('pack/esp-idf/otapack/idf_component.yml')
expect(component, version=VERSION, license='Apache-2.0', url=URL, repository=URL + '.git')
assert component['description']
assert component['dependencies']['idf'] == '>=5.0'
example = yaml_of('pack/esp-idf/otapack/examples/border_router_ota/main/idf_component.yml')
assert {'idf', 'otapack/otapack', 'espressif/esp_rcp_update'} <= set(example['dependencies'])
# What comes from the registry has a namespace there.
assert {name for name in example['dependencies'] if '/' not in name} == {
    'idf', 'protocol_examples_common'}

library = json.load(open('pack/arduino/otapack/library.json'))
expect(library, name='otapack', version=VERSION, license='Apache-2.0', homepage=URL,
       repository={'type': 'git', 'url': URL + '.git'})
assert library['description'] and library['keywords'] and library['headers'][0] == 'otapack.h'

# By the repository's own address, PlatformIO reads the one at its top, and compiles what is in srcDir.
top = os.environ['SOURCE']
whole = json.load(open(f'{top}/library.json'))
build = whole.pop('build')
assert whole == {name: library[name] for name in library.keys() - {'build', 'homepage', 'repository'}}
assert os.path.isfile(f'{top}/{build["includeDir"]}/otapack/otapack.h')
assert os.listdir(f'{top}/{build["srcDir"]}') == ['otapack.h']

sketches = properties_of('pack/arduino/otapack/library.properties')
expect(sketches, name='otapack', version=VERSION, url=URL, includes='otapack.h')
for name in 'author', 'maintainer', 'sentence', 'paragraph', 'architectures':
    assert sketches[name], name
assert sketches['category'] in {
    'Display', 'Communication', 'Signal Input/Output', 'Sensors', 'Device Control', 'Timing',
    'Data Storage', 'Data Processing', 'Other'}

# Partitions follow one another within 8 MiB; an app begins at 64 KiB.
end = 0x9000
for line in open('pack/esp-idf/otapack/examples/border_router_ota/partitions.csv'):
    if not line.startswith('#'):
        name, kind, subtype, at, size = [word.strip() for word in line.split(',')]
        at, size = int(at, 0), int(size, 0)
        assert at >= end and at % 4096 == 0 and size % 4096 == 0, name
        assert kind != 'app' or at % 65536 == 0, name
        end = at + size
assert end <= 8 << 20
EOF
expect_exit 0 python3 manifests.py "$version" "$OTAPACK_URL"
no_err

# The example takes the component that it lies in, and of the registry this version.
for main in pack/esp-idf/otapack/examples/*/main "$SOURCE"/packaging/esp-idf/otapack/examples/*/main; do
    override=$(sed -n 's/^ *override_path: *//p' "$main/idf_component.yml")
    [ -n "$override" ] || continue
    grep -qx "version: \"$version\"" "$main/$override/idf_component.yml" || fail "$override is not it"
    grep -qx "  *version: \"^$version\"" "$main/idf_component.yml" || fail "$main: another version"
done

# ---- Compiling ----------------------------------------------------------------------------------

cxx=
for compiler in g++ clang++ c++; do
    if command -v "$compiler" >/dev/null 2>&1; then
        cxx=$compiler
        break
    fi
done

printf '#include <otapack/otapack.h>\n#include <otapack/stream.h>\nint main(void) { return 0; }\n' >slashed.c
printf '#include <otapack.h>\nint main(void) { return OTAPACK_OK; }\n' >plain.c
warnings='-pedantic -Wall -Wextra -Werror'
compiles() {
    # shellcheck disable=SC2086 # several options
    {
        expect_exit 0 "$cc" -std=c99 $warnings "$@" -o alone
        [ -z "$cxx" ] || expect_exit 0 "$cxx" -x c++ -std=c++11 $warnings "$@" -o alone
    }
}
compiles -Ipack/esp-idf/otapack/include slashed.c
compiles -Ipack/arduino/otapack/src slashed.c
compiles -Ipack/arduino/otapack/src plain.c
compiles "-I$SOURCE/include" "-I$SOURCE/packaging/arduino/src" plain.c
idf=pack/esp-idf/otapack
for file in "$idf"/examples/border_router_ota/main/*.c; do
    expect_exit 0 "$cc" -std=gnu11 -Wall -Wextra -Werror -I$idf/include \
        "-I$SOURCE/tests/firmware/esp-idf-stand-ins" "-I$SOURCE/tests/firmware/esp-idf-psa" \
        -c "$file" -o example.o
done

# ---- The sketch ---------------------------------------------------------------------------------

[ -n "$cxx" ] || exit 0
arduino=$SOURCE/tests/firmware/arduino-stand-ins
# shellcheck disable=SC2086 # several options
expect_exit 0 "$cxx" -std=c++11 $warnings "-I$arduino" -Ipack/arduino/otapack/src \
    -x c++ pack/arduino/otapack/examples/AppUpdate/AppUpdate.ino "$arduino/device.cpp" -o sketch

# send FILE: over the serial port.
send() {
    rm -f slot
    { size_of "$1" && cat "$1"; } >serial
    expect_exit 0 ./sketch <serial
}
not_updated() {
    send "$1"
    expect_out "$2"
    expect_out 'not updated'
    no_file slot
}

app=$FIXTURES/esp_image/good-app-esp32c6.bin
send "$app"
expect_out '^demo_app 1\.4\.2$'
expect_out '^restarts$'
same "$app" slot
matter=$FIXTURES/matter/good-app.bin
send "$matter"
expect_out '^restarts$'
cut_bytes "$matter" $((16 + $(u32 "$matter" 12))) 1000000 | cmp -s - slot || fail 'not the payload'

not_updated "$FIXTURES/esp_image/good-app-esp32h2.bin" 'another chip'
not_updated "$FIXTURES/rcp_image/good-with-host.bin" 'event at 0'
head -c 300 "$app" >short.bin
not_updated short.bin .
cp "$app" damaged.bin
chmod u+w damaged.bin
poke damaged.bin 300 $(($(u8 damaged.bin 300) ^ 1))
not_updated damaged.bin 'checksum at'
