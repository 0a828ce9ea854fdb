#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two releases of the commit that is checked out, made in two folders, have the same bytes, and hold
# what they are to hold:
#
#     release.sh [FOLDER]
#
# FOLDER, which must not be there, is where one of them stays.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/otapack-two-releases.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "release: $1" >&2
    exit 1
}

# At another time, with other rights for new files, and in another depth of folders.
mkdir -p "$scratch/a" "$scratch/elsewhere/deep/b"
TMPDIR=$scratch/a "$tree/packaging/release.sh" "$scratch/a/out"
(umask 077 && TMPDIR=$scratch/elsewhere/deep/b TZ=Asia/Kolkata "$tree/packaging/release.sh" \
    "$scratch/elsewhere/deep/b/out")
diff -r "$scratch/a/out" "$scratch/elsewhere/deep/b/out" || fail 'two releases differ'

cd "$scratch/a/out"
sha256sum --quiet -c SHA256SUMS
for kind in .tar.gz -x86_64-linux.tar.gz -aarch64-linux.tar.gz -x86_64-windows.zip .html; do
    files=(otapack-*[0-9]"$kind")
    [[ -f ${files[0]} && ${#files[@]} == 1 ]] || fail "there is not one file *$kind"
    grep -qF "  ${files[0]}" SHA256SUMS || fail "SHA256SUMS lacks ${files[0]}"
done
tar -xzf otapack-*-x86_64-linux.tar.gz -C "$scratch"
program=$(echo "$scratch"/otapack-*-x86_64-linux/otapack)
"$program" --version >/dev/null || fail 'the static program does not run'
! grep -aq "$scratch" "$program" || fail 'it says where it was built'
if [[ -n ${1-} ]]; then
    cp -R "$scratch/a/out" "$1"
fi
du -ch -- *
