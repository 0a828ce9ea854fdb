#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes what Homebrew and Arch Linux build a release from: distributions.sh TARBALL FOLDER
#
#   FOLDER/otapack.rb   the formula
#   FOLDER/PKGBUILD
#
# TARBALL is the release's, otapack-VERSION.tar.gz, whose digest goes in. The project's address is
# HOMEPAGE_URL in CMakeLists.txt, or OTAPACK_URL.
set -eu

[ $# -eq 2 ] || {
    echo 'usage: distributions.sh TARBALL FOLDER' >&2
    exit 2
}
source=$(cd "$(dirname "$0")/.." && pwd)
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\).*/\1/p' "$source/CMakeLists.txt")
: "${OTAPACK_URL=$(sed -n 's/.*HOMEPAGE_URL "\(.*\)".*/\1/p' "$source/CMakeLists.txt")}"
[ -n "$OTAPACK_URL" ] || {
    echo 'distributions.sh: the project has no address yet; set OTAPACK_URL' >&2
    exit 2
}
digest=$(sha256sum "$1")
mkdir -p "$2"
for template in homebrew/otapack.rb arch/PKGBUILD; do
    sed "s|@VERSION@|$version|g; s|@URL@|$OTAPACK_URL|g; s|@SHA256@|${digest%% *}|g" \
        "$source/packaging/$template.in" >"$2/${template#*/}"
done
