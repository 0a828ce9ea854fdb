# SPDX-License-Identifier: Apache-2.0
# What is wrong with a call of otapack_image is said in one line when CMake runs.
. "$SOURCE/tests/cmake-lib.sh"

touch recipe.yaml
# refused LINE ARGUMENT...: CMake says LINE of otapack_image(ARGUMENT...).
refused() {
    project . 3.16 <<<"otapack_image(${*:2})"
    rm -rf build
    expect_exit 1 cmake -G "${generators[0]}" -S . -B build -DOTAPACK_EXECUTABLE="$OTAPACK"
    # CMake breaks lines where it likes.
    said=$(tr -s ' \n' ' ' <err)
    case $said in
        *" $1 "*) ;;
        *) fail "CMake should say: $1" ;;
    esac
}

refused 'otapack_image(ota): there is no RECIPE; give one: RECIPE recipe.yaml' ota
refused 'otapack_image(ota): RECIPE has no value; give a file' ota RECIPE OUTPUT ota.bin
refused 'otapack_image(ota): OUTPUT has no value; give a file' ota RECIPE recipe.yaml OUTPUT
refused "otapack_image(ota): 'RECIPIE' is no argument; there are RECIPE, OUTPUT, DEFINES, SET, KEYS, PARTITION_TABLE, OPTIONS, DEPENDS" \
    ota RECIPIE recipe.yaml
refused "otapack_image(ota): 'more.yaml' is no argument; there are RECIPE, OUTPUT, DEFINES, SET, KEYS, PARTITION_TABLE, OPTIONS, DEPENDS" \
    ota RECIPE recipe.yaml more.yaml
refused 'otapack_image(ota): there is a target ota already; choose another name' \
    'ota RECIPE recipe.yaml)' $'\n' 'otapack_image(ota RECIPE recipe.yaml'

# What an older CMake cannot do.
refused 'otapack_image(ota): a generator expression in OUTPUT needs CMake 3.21; give a file' \
    'first RECIPE recipe.yaml)' $'\n' 'set(CMAKE_VERSION 3.20.5)' $'\n' \
    'otapack_image(ota RECIPE recipe.yaml OUTPUT $<CONFIG>/ota.bin'

# Without the program.
project . 3.16 <<<'otapack_image(ota RECIPE recipe.yaml)'
rm -rf build
mkdir bin
for program in cmake make ninja; do
    if path=$(command -v "$program"); then ln -s "$path" bin; fi
done
expect_exit 1 env PATH="$PWD/bin" cmake -G "${generators[0]}" -S . -B build \
    -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF
expect_err 'otapack_image: the program otapack is not there; install it and have it'
ln -s "$OTAPACK" bin/otapack
expect_exit 0 env PATH="$PWD/bin" cmake -G "${generators[0]}" -S . -B build \
    -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF
