#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Debian 12's sources of the libraries, and musl for both processors, whatever system this runs on
# and without a change to its own package lists:
#
#     sources.sh FOLDER [musl]
#
# FOLDER/NAME is then a library's source, FOLDER/musl-ARCH what musl-dev has; with the word "musl"
# only that, and the list of all there is, as FOLDER/versions. Wants apt-get and
# dpkg-dev; apt checks all signatures. With OTAPACK_CACHE=FOLDER what was fetched is kept there.
set -euo pipefail

[[ $# == 1 || ${2-} == musl ]] || { echo "usage: sources.sh FOLDER [musl]" >&2; exit 2; }
mkdir -p "$1"
to=$(cd "$1" && pwd)
sources=(mbedtls jansson libyaml zlib nettle xz-utils libdivsufsort)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# fetch FOLDER: the packages as they are in the archive.
fetch() {
    local apt=$1/apt
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    cat >"$apt/debian.list" <<EOF
deb [signed-by=$keyring] http://deb.debian.org/debian bookworm main
deb-src [signed-by=$keyring] http://deb.debian.org/debian bookworm main
deb-src [signed-by=$keyring] http://deb.debian.org/debian-security bookworm-security main
EOF
    cat >"$apt/apt.conf" <<EOF
Dir::Etc::SourceList "$apt/debian.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Architectures { "amd64"; "arm64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
EOF
    (
        cd "$1"
        export APT_CONFIG=$apt/apt.conf
        apt-get -qq update
        apt-get -qq source --download-only "${sources[@]}"
        apt-get -qq download musl-dev:amd64 musl-dev:arm64
    ) >"$1/log" 2>&1 || { cat "$1/log" >&2; return 1; }
    rm -r "$apt" "$1/log"
}

unpack_libraries() {
    local name
    for name in "${sources[@]}"; do
        dpkg-source --no-copy -x "$1/$name"_*.dsc "$to/$name" >/dev/null 2>&1
    done
}

# Its compiler is told where it is here.
unpack_musl() {
    local arch
    for arch in amd64 arm64; do
        dpkg-deb -x "$1"/musl-dev_*_$arch.deb "$to/musl-$arch"
        sed -i "s|/usr/|$to/musl-$arch/usr/|g" \
            "$to/musl-$arch"/usr/lib/*-linux-musl/musl-gcc.specs
    done
}

kept=${OTAPACK_CACHE:+$OTAPACK_CACHE/portable-sources-$(cksum <<<"${sources[*]}" | cut -d' ' -f1)}
kept=${kept:-$to/archives}
if [[ ! -d $kept ]]; then
    mkdir -p "$kept.$$"
    fetch "$kept.$$"
    mv -T "$kept.$$" "$kept"
fi
(cd "$kept" && ls ./*.dsc ./*.deb) >"$to/versions"
[[ -d $to/musl-amd64 ]] || unpack_musl "$kept"
[[ ${2-} == musl ]] || unpack_libraries "$kept"
