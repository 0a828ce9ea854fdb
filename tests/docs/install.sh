# SPDX-License-Identifier: Apache-2.0
# cmake --install puts what people look for where they look for it: nothing less, and nothing more.
. "$SOURCE/tests/cli-lib.sh"

need cmake
build=${OTAPACK%/*}
[ -f "$build/cmake_install.cmake" ] || skip 'the program is not in a build folder'
expect_exit 0 cmake --install "$build" --prefix "$PWD/prefix"
cd prefix

# installed FOLDER FILE...: exactly these files are there, under the names that they have in the source.
installed() {
    local folder=$1 file names=()
    shift
    for file; do
        same "$folder/${file##*/}" "$file"
        names+=("${file##*/}")
    done
    folder_is "$folder" "${names[@]}"
}
share=share/doc/otapack
installed include/otapack "$SOURCE"/include/otapack/*.h
for section in 1 3 5 7; do installed share/man/man$section "$SOURCE"/man/*.$section; done
installed $share/examples "$SOURCE"/packaging/examples/*
same share/bash-completion/completions/otapack "$SOURCE/packaging/completion/otapack.bash"
installed share/zsh/site-functions "$SOURCE/packaging/completion/_otapack"
installed share/fish/vendor_completions.d "$SOURCE/packaging/completion/otapack.fish"
for file in "$SOURCE/LICENSE" "$SOURCE"/include/otapack/*.SPEC.md; do
    same "$share/${file##*/}" "$file"
done
folder_is share/otapack otapack-diff.schema.json otapack-inspect.schema.json otapack-policy.schema.json \
    otapack-recipe.schema.json otapack-sign.schema.json otapack-verify.schema.json
last_command='bin/otapack --version'
bin/otapack --version | grep -q '^otapack [0-9]' || fail 'the program does not run'
