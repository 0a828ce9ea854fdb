#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# All files of a release, from the commit that is checked out:
#
#     release.sh FOLDER [REVISION]
#
#   otapack-VERSION.tar.gz                   the source, as git archive has it
#   otapack-VERSION-x86_64-linux.tar.gz      a static program, with manual and licence
#   otapack-VERSION-aarch64-linux.tar.gz
#   otapack-VERSION-x86_64-windows.zip
#   otapack-VERSION.html                     a page with the program in it
#   SHA256SUMS                               of these, and of whatever packaging/deb.sh adds
#
# The same commit gives the same bytes, whenever and in whichever folder; times in the archives are
# those of the commit, or SOURCE_DATE_EPOCH. packaging/portable/build.sh and packaging/web/build.sh say
# what they want. What is not committed is not in it.
set -euo pipefail
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

[[ $# == 1 || $# == 2 ]] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
to=$(cd "$1" && pwd)
revision=${2:-HEAD}
work=$(mktemp -d "${TMPDIR:-/tmp}/otapack-release.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

[[ -z $(ls -A "$to") ]] || { echo "release.sh: $1: is not empty; name a new folder" >&2; exit 2; }
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct "$revision")}

# The source as it is in the archive is what all else is built from.
git -C "$here" archive --prefix=source/ "$revision" |
    tar -x --no-same-permissions --no-same-owner -C "$work"
source=$work/source
version=$(sed -n 's/^project(otapack VERSION \([0-9.]*\) .*/\1/p' "$source/CMakeLists.txt")
[[ -n $version ]] || { echo "release.sh: CMakeLists.txt has no version" >&2; exit 2; }

# pack_tar NAME FOLDER: FOLDER, whose name is that of what it becomes.
pack_tar() {
    tar -C "${2%/*}" --sort=name --owner=0 --group=0 --numeric-owner --format=ustar \
        --mtime="@$SOURCE_DATE_EPOCH" -cf - "${2##*/}" | gzip -9n >"$to/$1"
}

# zip notes the time of a file by itself, in local time, which is UTC here.
pack_zip() {
    find "$2" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "${2%/*}" && find "${2##*/}" -type f | sort | zip -q -X -9 "$to/$1" -@)
}

# What goes beside each program.
add_texts() {
    cp "$source/LICENSE" "$source/README.md" "$source/CHANGELOG.md" "$1"
}

name=otapack-$version
cp -R "$source" "$work/$name"
pack_tar "$name.tar.gz" "$work/$name"

"$source/packaging/portable/build.sh" "$work/binaries"
for target in x86_64-linux aarch64-linux; do
    folder=$work/$name-$target
    mkdir -p "$folder/share/man"
    cp "$work/binaries/$target/otapack" "$folder"
    add_texts "$folder"
    for page in "$source"/man/*.[1-9]; do
        mkdir -p "$folder/share/man/man${page##*.}"
        cp "$page" "$folder/share/man/man${page##*.}"
    done
    pack_tar "$name-$target.tar.gz" "$folder"
done
folder=$work/$name-x86_64-windows
mkdir "$folder"
cp "$work/binaries/x86_64-windows/otapack.exe" "$folder"
add_texts "$folder"
pack_zip "$name-x86_64-windows.zip" "$folder"

"$source/packaging/web/build.sh" "$work/web"
install -m 644 "$work/web/otapack.html" "$to/$name.html"

if [[ -x $source/packaging/deb.sh ]]; then
    "$source/packaging/deb.sh" "$to"
fi
cd "$to"
find . -maxdepth 1 -type f -printf '%P\n' | sort | xargs sha256sum >"$work/sums"
install -m 644 "$work/sums" SHA256SUMS
