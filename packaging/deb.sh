#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages otapack and otapack-dev, with their source package, on Debian 12 or 13:
#   packaging/deb.sh FOLDER
#
# What goes in is the working tree, without what git ignores and without FOLDER. The same tree gives the same bytes,
# whichever folder it is in. The project's address is that of firmware-pack.sh.
set -euo pipefail

[[ $# == 1 ]] || {
    echo 'usage: deb.sh FOLDER' >&2
    exit 2
}
mkdir -p "$1"
to=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-deb.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
source=$scratch/otapack-$version

# sources: the names of the files that go in, each with a NUL behind it.
sources() {
    local written=${to#"$PWD"/} not=() # FOLDER has an earlier run's packages in it
    [[ $written == "$to" ]] || not=(":(exclude,literal)$written")
    if [[ -e .git ]]; then
        git -c safe.directory='*' ls-files -z --cached --others --exclude-standard -- "${not[@]}"
    else
        find . \( -path ./build -o -path "./$written" \) -prune -o -type f -print0
    fi
}

umask 022
mkdir "$source"
sources | tar --create --null --files-from=- --mode=go=rX,u+rw,a-s | tar --extract --directory="$source"
mv "$source/packaging/debian" "$source/debian"

# ccache gives files other names in what debuggers read, and so other bytes.
export CCACHE_DISABLE=1
cd "$source"
dpkg-buildpackage --no-sign >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    exit 2
}
mv "$scratch"/otapack*_* "$to"
