# SPDX-License-Identifier: Apache-2.0
# Part of another project, by add_subdirectory or FetchContent, otapack brings its targets and
# otapack_image, and leaves that project's build as it is.
. "$SOURCE/tests/cmake-lib.sh"

br_files .
ln -s "$OTAPACK" otapack

# parent LANGUAGE HOW...: a project with names of its own that otapack has too.
parent() {
    text_to CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.16)
project(product VERSION 7.1 LANGUAGES $1)
$2
foreach(name fixtures unit laws fuzzers resources)
    add_custom_target(\${name})
endforeach()
otapack_image(ota RECIPE br.yaml)
if(NOT TARGET otapack::headers)
    message(FATAL_ERROR "there is no otapack::headers")
endif()
if(NOT PROJECT_VERSION STREQUAL 7.1 OR CMAKE_C_STANDARD OR CMAKE_POSITION_INDEPENDENT_CODE)
    message(FATAL_ERROR "the project is not what it was")
endif()
install(FILES br.yaml DESTINATION .)
END
}

# as_it_was BUILD: nothing of otapack's is in the cache but by its name, is tested, or is installed.
as_it_was() {
    if grep -E '^(CMAKE_BUILD_TYPE:[A-Z]*=.|BUILD_|[A-Z0-9_]*_(LIBRARY|INCLUDE_DIR|LAUNCHER):)' \
        "$1/CMakeCache.txt" | grep -v '^OTAPACK_' >foreign; then
        fail "$1: this is in the cache: $(<foreign)"
    fi
    expect_exit 0 cmake --install "$1" --prefix "$PWD/put $1"
    folder_is "put $1" br.yaml
    no_file "$1/CTestTestfile.cmake"
    no_file "$1/compile_commands.json"
}

parent NONE "add_subdirectory(\"$SOURCE\" otapack)"
for generator in "${generators[@]}"; do
    build="added ${generator% *}"
    configure "$generator" . "$build"
    builds 1 "$build"
    builds 0 "$build"
    as_it_was "$build"
done

parent NONE "include(FetchContent)
FetchContent_Declare(otapack SOURCE_DIR \"$SOURCE\")
FetchContent_MakeAvailable(otapack)"
configure "${generators[0]}" . fetched
builds 1 fetched
as_it_was fetched

# With the program, if asked: it is then what makes the image, and is built before.
command -v ninja >/dev/null || skip 'ninja is not installed: the program is not asked for'
parent C "set(OTAPACK_PROGRAM ON)
add_subdirectory(\"$SOURCE\" otapack)"
expect_exit 0 cmake -G Ninja -S . -B whole
as_it_was whole
expect_exit 0 ninja -C whole -t commands ota
expect_out '/whole/otapack/otapack build .*/br\.yaml '
expect_out ' -o otapack/otapack '
refuse_out ' -o .*(/tests/|fixtures)'
last=$(tail -n 1 out)
case $last in
    *' build '*br.yaml*) ;;
    *) fail "the image should be made last, after the program: $last" ;;
esac
