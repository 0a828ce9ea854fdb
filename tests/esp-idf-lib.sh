# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # its variables are for those who read it in; cmake-lib.sh's
# For tests/cmake/esp-idf-*.sh: projects of ESP-IDF's kind, built by a stand-in of its build system.
. "$SOURCE/tests/cmake-lib.sh"

export IDF_PATH=$SOURCE/tests/cmake/esp-idf STAND_IN_SIGNER=$OTAPACK STAND_IN_PYTHON=
export CMAKE_BUILD_PARALLEL_LEVEL=2
for python in python3 /usr/bin/python3; do
    if "$python" -c 'import kconfiglib' 2>/dev/null; then
        STAND_IN_PYTHON=$python
        break
    fi
done
[ -n "$STAND_IN_PYTHON" ] || skip 'python3-kconfiglib is not installed'

component=$SOURCE/packaging/esp-idf

# idf_project FOLDER OPTION...: a project with these lines in its sdkconfig.
idf_project() {
    copy_folder "$IDF_PATH/project" "$1"
    chmod -R u+w "$1"
    cp "$FIXTURES/esp_image/good-app-esp32s3.bin" "$1/main/app.bin"
    cp "$FIXTURES/br/partition-table.bin" "$1/partitions.bin"
    options "$@"
}

# options FOLDER OPTION...: its sdkconfig has these lines now.
options() {
    { [ $# -eq 1 ] || printf 'CONFIG_%s\n' "${@:2}"; } >"$1/sdkconfig"
}
