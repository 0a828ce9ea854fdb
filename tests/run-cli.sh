#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one test script: run-cli.sh OTAPACK SOURCE SCRIPT
#
# The script runs as `sh -eu SCRIPT` in an empty scratch folder, which goes away whatever happens,
# with these in its environment:
#   OTAPACK          the program under test
#   SOURCE           the source tree
#   FIXTURES         its fixtures
#   OTAPACK_VECTORS  real firmware, where there is any (set by the caller, or found beside SOURCE)
# Its exit status is the result; 77 says that it was skipped.
set -u

absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}
OTAPACK=$(absolute "$1")
SOURCE=$(absolute "$2")
script=$(absolute "$3")
FIXTURES=$SOURCE/fixtures
: "${OTAPACK_VECTORS:=$SOURCE/../shared/vectors}"
if [ -f "$OTAPACK_VECTORS/expected.json" ]; then
    OTAPACK_VECTORS=$(cd "$OTAPACK_VECTORS" && pwd)
    export OTAPACK_VECTORS
else
    unset OTAPACK_VECTORS
fi
export OTAPACK SOURCE FIXTURES

scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-test.XXXXXX") || exit 2
# Tests make folders that nobody may write into; rm needs them writable.
remove() {
    cd / || exit 2
    chmod -R u+rwX "$scratch" 2>/dev/null
    rm -rf "$scratch"
}
trap remove EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

cd "$scratch" || exit 2
sh -eu "$script" </dev/null
