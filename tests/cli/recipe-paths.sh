# SPDX-License-Identifier: Apache-2.0
# Paths in a recipe are relative to the recipe, wherever otapack runs; -o is relative to where it
# runs; absolute paths are taken as they are.
. "$SOURCE/tests/cli-lib.sh"

mkdir -p project/keep elsewhere
copy_rcp project/rcp
host_firmware project/app.bin
reference_build project/rcp expected.bin project/app.bin
text_to project/recipe.yaml <<'END'
otapack: 1
output: keep/ota.bin
app: app.bin
rcp: {build_dir: rcp}
END
here=$(pwd)

expect_exit 0 otapack build project/recipe.yaml
same expected.bin project/keep/ota.bin
rm project/keep/ota.bin
expect_exit 0 env -C elsewhere "$OTAPACK" build ../project/recipe.yaml
same expected.bin project/keep/ota.bin
folder_is elsewhere
rm project/keep/ota.bin
expect_exit 0 env -C project "$OTAPACK" build recipe.yaml
same expected.bin project/keep/ota.bin
rm project/keep/ota.bin
expect_exit 0 env -C elsewhere "$OTAPACK" build "$here/project/recipe.yaml" -o mine.bin
same expected.bin elsewhere/mine.bin
no_file project/keep/ota.bin

sed "s|app: app.bin|app: $here/project/app.bin|" project/recipe.yaml >elsewhere/absolute.yaml
expect_exit 2 otapack build elsewhere/absolute.yaml
expect_err '^otapack: elsewhere/absolute\.yaml:4:'
sed -i "s|build_dir: rcp|build_dir: $here/project/rcp|; s|keep/ota.bin|ota.bin|" \
    elsewhere/absolute.yaml
expect_exit 0 otapack build elsewhere/absolute.yaml
same expected.bin elsewhere/ota.bin

# The recipe on standard input: relative to where otapack runs.
expect_exit 0 env -C project "$OTAPACK" build - <project/recipe.yaml
same expected.bin project/keep/ota.bin

# An output folder that is missing is not made.
sed -i 's|keep/ota.bin|new/ota.bin|' project/recipe.yaml
expect_exit 2 otapack build project/recipe.yaml
expect_one_line_err
no_file project/new
