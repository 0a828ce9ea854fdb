#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one test script: run-cli.sh OTAPACK SOURCE SCRIPT
#
# The script runs as `bash -eu SCRIPT` in an empty scratch folder, which goes away whatever happens,
# with these in its environment:
#   OTAPACK          the program under test
#   CLI_BYTES        tests/cli-bytes/, compiled; taken from the folder tests beside the program
#   SOURCE           the source tree
#   FIXTURES         its fixtures
#   OTAPACK_VECTORS  real firmware, where there is any (set by the caller, or found beside SOURCE)
# Its exit status is the result; 77 says that it was skipped.
set -u

# absolute VARIABLE PATH
absolute() {
    case $2 in
    /*) eval "$1=\$2" ;;
    *) eval "$1=\$PWD/\$2" ;;
    esac
}
absolute OTAPACK "$1"
absolute SOURCE "$2"
absolute script "$3"
absolute CLI_BYTES "${CLI_BYTES:-${OTAPACK%/*}/tests/cli-bytes}"
if [ ! -x "$CLI_BYTES" ]; then
    echo "$CLI_BYTES is not there: cmake --build . --target cli-bytes, or set CLI_BYTES" >&2
    exit 2
fi
FIXTURES=$SOURCE/fixtures
: "${OTAPACK_VECTORS:=$SOURCE/../shared/vectors}"
if [ -f "$OTAPACK_VECTORS/expected.json" ]; then
    OTAPACK_VECTORS=$(cd "$OTAPACK_VECTORS" && pwd)
    export OTAPACK_VECTORS
else
    unset OTAPACK_VECTORS
fi
export OTAPACK CLI_BYTES SOURCE FIXTURES

scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-test.XXXXXX") || exit 2
# Tests make folders that nobody may write into; rm needs them writable.
remove() {
    cd / || exit 2
    rm -rf "$scratch" 2>/dev/null && return
    chmod -R u+rwX "$scratch" 2>/dev/null
    rm -rf "$scratch"
}
trap remove EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

cd "$scratch" || exit 2
# shellcheck disable=SC2154 # absolute sets it
# As in sh, set -e holds in $(...) too.
bash -O inherit_errexit -eu "$script" </dev/null
